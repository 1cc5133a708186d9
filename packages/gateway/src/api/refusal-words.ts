import { ERRORS, type ErrorCode } from '../contract/errors.ts';

/** Vendor clients repeat a submit that was refused with HTTP 200 unless the message contains one of these words, in any
 *  case. So a permanent refusal must contain one, and a passing one must not. */
const STOP_WORDS =
  /violation|illegal|forbidden|nsfw|content policy|unauthorized|bad request|content verification failed|moderation|invalid parameter|parameter error|balance|insufficient|quota/i;
/** Upload clients look the other way round: they repeat only when they read one of these. */
const UPLOAD_RETRY_WORDS = /server|internal/i;

/** What is said when the text at hand must not be. */
const PLAIN: Record<ErrorCode, string> = {
  invalid_input: 'the request does not fit this endpoint',
  malformed_body: 'the body cannot be read',
  body_too_large: 'the body is too large',
  unauthorized: 'ApiKey verification failed',
  forbidden: 'Access denied: this key may not do that',
  unknown_route: 'no such path',
  method_not_allowed: 'this path takes another method',
  task_not_found: 'task not found or expired',
  file_not_found: 'file not found',
  not_found: 'not found',
  webhook_not_found: 'webhook event not exists',
  link_expired: 'the link has expired',
  media_unusable: 'the file could not be fetched or read',
  generation_failed: 'The generation failed',
  content_refused: 'The content was refused by moderation',
  real_person_refused: 'Photorealistic real people are not allowed',
  timed_out: 'The task did not end before its deadline',
  conflict: 'the request does not fit the present state',
  idempotency_conflict: 'this Idempotency-Key was used with another request',
  insufficient_funds: 'the balance is insufficient',
  budget_exceeded: 'the budget of this key is insufficient',
  queue_full: 'Too many tasks of this key are waiting',
  cancel_not_allowed: 'the task can no longer be cancelled',
  canceled: 'The task was cancelled',
  no_channel: 'Service unavailable: no channel can run this endpoint now',
  provider_unavailable: 'The upstream service could not be reached',
  rate_limited: 'Too many requests',
  list_rate_limited: 'Too many requests',
  outcome_unknown: 'The upstream service may have accepted the task before contact was lost',
  version_unsupported: 'this version of the protocol is not spoken here',
  checksum_mismatch: 'The bytes that arrived are not those that were sent',
  storage_full: 'The server has no room for this file',
  internal: 'Internal server error',
};

/** How a permanent refusal gets its word: at the front, or, where the message is a provider's own, behind it. */
const WITH_STOP_WORD: Partial<Record<ErrorCode, (message: string) => string>> = {
  invalid_input: (message) => `Invalid parameter: ${message}`,
  malformed_body: (message) => `Bad request: ${message}`,
  body_too_large: (message) => `Bad request: ${message}`,
  unauthorized: (message) => `Unauthorized: ${message}`,
  forbidden: (message) => `Forbidden: ${message}`,
  unknown_route: (message) => `Bad request: invalid URL: ${message}`,
  method_not_allowed: (message) => `Bad request: ${message}`,
  task_not_found: (message) => `Invalid parameter taskId: ${message}`,
  file_not_found: (message) => `Bad request: ${message}`,
  not_found: (message) => `Bad request: ${message}`,
  webhook_not_found: (message) => `Bad request: ${message}`,
  conflict: (message) => `Bad request: ${message}`,
  idempotency_conflict: (message) => `Bad request: ${message}`,
  insufficient_funds: (message) => `Insufficient balance: ${message}`,
  budget_exceeded: (message) => `Insufficient budget: ${message}`,
  version_unsupported: (message) => `Bad request: ${message}`,
  content_refused: (message) => `Content moderation: ${message}`,
  real_person_refused: (message) => `Content moderation: ${message}`,
  link_expired: (message) => `Forbidden: ${message}`,
  media_unusable: (message) => `Invalid parameter: ${message}`,
  cancel_not_allowed: (message) => `Forbidden: ${message}`,
};
const noRepeat = (message: string): string => `${message} (automatic resubmission is forbidden)`;

/** The text of an error on the compatible surfaces, worded so that clients which decide by words decide right. */
export function toWireMessage(code: ErrorCode, message: string): string {
  const text = message.trim() === '' ? PLAIN[code] : message;
  const stops = STOP_WORDS.test(text);
  if (ERRORS[code].retryable) return stops ? PLAIN[code] : text;
  return stops ? text : (WITH_STOP_WORD[code] ?? noRepeat)(text);
}

/** The same for uploads. */
export function toUploadMessage(code: ErrorCode, message: string): string {
  const text = toWireMessage(code, message);
  const repeats = UPLOAD_RETRY_WORDS.test(text);
  if (ERRORS[code].retryable) return repeats ? text : `${text} (server busy)`;
  return repeats ? toWireMessage(code, PLAIN[code]) : text;
}
