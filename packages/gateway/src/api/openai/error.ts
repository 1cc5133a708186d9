import type { Problem } from '@reelay/catalog';
import { ERRORS, type ErrorCode } from '../../contract/errors.ts';

/** How OpenAI calls an error: its status, its type and its code. What is not here has its own status, the type by the
 *  kind of status, and our own code. */
const WORDS: Readonly<Partial<Record<ErrorCode, readonly [number, string, string]>>> = {
  unauthorized: [401, 'invalid_request_error', 'invalid_api_key'],
  // Of all that may be missing, only models have no word of their own.
  not_found: [404, 'invalid_request_error', 'model_not_found'],
  unknown_route: [404, 'invalid_request_error', 'unknown_url'],
  content_refused: [400, 'image_generation_user_error', 'moderation_blocked'],
  real_person_refused: [400, 'image_generation_user_error', 'moderation_blocked'],
  media_unusable: [400, 'invalid_request_error', 'invalid_image_file'],
  insufficient_funds: [429, 'insufficient_quota', 'insufficient_quota'],
  budget_exceeded: [429, 'insufficient_quota', 'insufficient_quota'],
  rate_limited: [429, 'requests', 'rate_limit_exceeded'],
  queue_full: [429, 'requests', 'rate_limit_exceeded'],
};

/** After these nothing was made, so that a client may repeat the call by itself. The vendor's client repeats whatever
 *  ends with 409, 429 or 5xx, and a second task is a second bill. */
const REPEATABLE: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  'rate_limited',
  'queue_full',
  'no_channel',
  'provider_unavailable',
  'internal',
]);

export function toOpenAiError(p: { code: ErrorCode; message: string; problems: readonly Problem[] }) {
  const { code, message, problems } = p;
  const own = ERRORS[code].status;
  const [status, type, word] = WORDS[code] ?? [own, own >= 500 ? 'server_error' : 'invalid_request_error', code];
  const [first] = problems;
  const isUnknown = first?.message.includes('unknown parameter') === true;
  const said = code === 'invalid_input' ? (isUnknown ? 'unknown_parameter' : 'invalid_value') : word;
  return {
    status,
    headers: { 'x-should-retry': String(REPEATABLE.has(code)) },
    body: { error: { message, type, param: first?.field ?? null, code: said } },
  };
}
