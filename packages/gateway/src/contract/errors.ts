/** Every error a caller can meet. Codes are API: add rows; never rename or reuse one. `v2` and `legacy` are the codes
 *  of the compatible surfaces (their tables: docs/errors.md). */
export const ERRORS = {
  invalid_input: { status: 400, retryable: false, v2: '1007', legacy: 301 },
  malformed_body: { status: 400, retryable: false, v2: '1007', legacy: 301 },
  body_too_large: { status: 413, retryable: false, v2: '1008', legacy: 809 },
  unauthorized: { status: 401, retryable: false, v2: '1002', legacy: 802 },
  // The key is good, but not for this.
  forbidden: { status: 403, retryable: false, v2: '1014', legacy: 802 },
  unknown_route: { status: 404, retryable: false, v2: '1001', legacy: 412 },
  method_not_allowed: { status: 405, retryable: false, v2: '1009', legacy: 412 },
  task_not_found: { status: 404, retryable: false, v2: '1004', legacy: 807 },
  file_not_found: { status: 404, retryable: false, v2: '1004', legacy: 807 },
  // A webhook event, a key, an account, an upload: anything that has no row of its own here.
  not_found: { status: 404, retryable: false, v2: '1004', legacy: 807 },
  webhook_not_found: { status: 404, retryable: false, v2: '1004', legacy: 1 },
  link_expired: { status: 403, retryable: false, v2: '1004', legacy: 807 },
  // A caller's file that could not be fetched or read.
  media_unusable: { status: 422, retryable: false, v2: '1013', legacy: 808 },
  generation_failed: { status: 502, retryable: false, v2: '1015', legacy: 805 },
  // The provider's rules, or ours, do not allow what was asked for, or what came of it.
  content_refused: { status: 422, retryable: false, v2: '1501', legacy: 805 },
  // The same for pictures that look like photographs of real people.
  real_person_refused: { status: 422, retryable: false, v2: '1505', legacy: 805 },
  timed_out: { status: 504, retryable: true, v2: '1006', legacy: 805 },
  // What is asked for does not fit what is there: another state, another offset, a name that is taken.
  conflict: { status: 409, retryable: false, v2: '1007', legacy: 301 },
  idempotency_conflict: { status: 409, retryable: false, v2: '1007', legacy: 301 },
  insufficient_funds: { status: 402, retryable: false, v2: '416', legacy: 416 },
  // Of the key, not of the account.
  budget_exceeded: { status: 402, retryable: false, v2: '416', legacy: 416 },
  queue_full: { status: 429, retryable: true, v2: '1520', legacy: 421 },
  // It has ended already, or its result is being fetched.
  cancel_not_allowed: { status: 409, retryable: false, v2: '817', legacy: 817 },
  canceled: { status: 409, retryable: false, v2: '805', legacy: 805 },
  no_channel: { status: 503, retryable: true, v2: '1010', legacy: 500 },
  provider_unavailable: { status: 502, retryable: true, v2: '1012', legacy: 500 },
  rate_limited: { status: 429, retryable: true, v2: '1003', legacy: 429 },
  // Of the list of models, which has a number of its own.
  list_rate_limited: { status: 429, retryable: true, v2: '1016', legacy: 429 },
  // The provider may have accepted, and billed, the job. Nothing may resubmit on this code.
  outcome_unknown: { status: 502, retryable: false, v2: '1012', legacy: 805 },
  // A precondition that the request itself names: a version of a protocol that we do not speak.
  version_unsupported: { status: 412, retryable: false, v2: '1007', legacy: 301 },
  // The bytes that arrived are not those that were sent; nothing of them was kept. 460 is the word of the tus protocol.
  checksum_mismatch: { status: 460, retryable: true, v2: '1005', legacy: 500 },
  // Our disk is full.
  storage_full: { status: 507, retryable: true, v2: '1005', legacy: 808 },
  internal: { status: 500, retryable: true, v2: '1005', legacy: 500 },
} as const;
export type ErrorCode = keyof typeof ERRORS;

/** `details` is for the caller, `cause` for the log, nothing is for both. */
export class GatewayError extends Error {
  override readonly name = 'GatewayError';
  readonly code: ErrorCode;
  readonly details: unknown;
  constructor(code: ErrorCode, message: string, options: { details?: unknown; cause?: unknown } = {}) {
    super(message, { cause: options.cause });
    this.code = code;
    this.details = options.details;
  }
  get retryable(): boolean {
    return ERRORS[this.code].retryable;
  }
}
