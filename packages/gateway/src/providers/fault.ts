import { type ErrorCode, GatewayError } from '../contract/errors.ts';

/** Every way in which an upstream says no. `accepted` tells what a submit that ends like this has left behind.
 *  `scope` is what the channel room makes of it: nothing, a pause of the channel, the channel out of use until its owner
 *  looks, or this one route out of use. */
export const FAULTS = {
  /** Our key, account, region or permission. */
  auth: { code: 'provider_unavailable', accepted: 'no', scope: 'channel-off' },
  /** Our balance or plan at the upstream. */
  quota: { code: 'provider_unavailable', accepted: 'no', scope: 'channel-off' },
  /** Too many requests or jobs: later. */
  rate: { code: 'rate_limited', accepted: 'no', scope: 'channel-pause' },
  /** An upstream in trouble that took nothing. */
  busy: { code: 'provider_unavailable', accepted: 'no', scope: 'channel-failure' },
  /** The model or the path does not exist there (any more). */
  model_gone: { code: 'provider_unavailable', accepted: 'no', scope: 'route-off' },
  invalid: { code: 'invalid_input', accepted: 'refused', scope: 'none' },
  media: { code: 'media_unusable', accepted: 'refused', scope: 'none' },
  moderation: { code: 'content_refused', accepted: 'refused', scope: 'none' },
  real_person: { code: 'real_person_refused', accepted: 'refused', scope: 'none' },
  /** Canceled there: by us, or by its owner at the vendor's own page. */
  canceled: { code: 'canceled', accepted: 'refused', scope: 'none' },
  /** The upstream took the job and could not make it. */
  failed: { code: 'generation_failed', accepted: 'refused', scope: 'channel-failure' },
  timeout: { code: 'timed_out', accepted: 'refused', scope: 'channel-failure' },
  /** No answer, or none that can be read: the upstream may have the job. */
  unknown: { code: 'outcome_unknown', accepted: 'unknown', scope: 'channel-failure' },
} as const satisfies Record<
  string,
  {
    code: ErrorCode;
    accepted: 'no' | 'refused' | 'unknown';
    scope: 'none' | 'channel-pause' | 'channel-off' | 'channel-failure' | 'route-off';
  }
>;
export type Fault = keyof typeof FAULTS;

/** What an upstream said instead of an answer. The message is shown to callers: it holds the vendor's own words, never a
 *  credential or an address with a signature. */
export class UpstreamError extends GatewayError {
  readonly fault: Fault;
  /** After which the upstream wants to be asked again, where it said so. */
  readonly retryAfterMs: number | undefined;
  constructor(fault: Fault, message: string, options: { cause?: unknown; retryAfterMs?: number | undefined } = {}) {
    super(FAULTS[fault].code, message, { cause: options.cause });
    this.fault = fault;
    this.retryAfterMs = options.retryAfterMs;
  }
}
