import { type ErrorCode, GatewayError } from '../contract/errors.ts';
import { UpstreamError } from '../providers/fault.ts';
import type { Lesson } from './ending.ts';

/** What an error of `submit` says about the job.
 *  - `not_accepted`: nothing was accepted; the same submit may work later.
 *  - `refused`: nothing was accepted, and never will be.
 *  - `unknown`: the upstream may have the job. */
export type Verdict =
  | { readonly is: 'not_accepted' | 'refused'; readonly code: ErrorCode; readonly message: string }
  | { readonly is: 'unknown' };

/** Codes in which a provider says that it looked at the job and will not take it. */
const REFUSALS: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  'invalid_input',
  'body_too_large',
  'media_unusable',
  'generation_failed',
  'content_refused',
  'real_person_refused',
  'no_channel',
]);
const PASSING: ReadonlySet<ErrorCode> = new Set<ErrorCode>(['provider_unavailable', 'rate_limited']);

/** Whatever a provider did not expressly say, a bug included, leaves the fate unknown: nothing may then be repeated. */
export function toVerdict(error: unknown): Verdict {
  if (!(error instanceof GatewayError)) return { is: 'unknown' };
  const { code, message } = error;
  if (PASSING.has(code)) return { is: 'not_accepted', code, message };
  return REFUSALS.has(code) ? { is: 'refused', code, message } : { is: 'unknown' };
}

/** What a channel's health learns from an error of `submit`. */
export function lessonOf(error: unknown): Lesson | undefined {
  if (!(error instanceof UpstreamError)) return undefined;
  return { is: error.fault, message: error.message, retryAfterMs: error.retryAfterMs };
}
