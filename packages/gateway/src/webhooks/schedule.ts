const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;

/** What is waited after each failed try but the last. Soon at first, for a receiver that restarts; then for as long as a
 *  broken one may take to be noticed and mended over a weekend: 75 hours and a half in all. */
const DELAYS_MS = [
  5 * SECOND_MS,
  5 * MINUTE_MS,
  30 * MINUTE_MS,
  2 * HOUR_MS,
  5 * HOUR_MS,
  10 * HOUR_MS,
  14 * HOUR_MS,
  20 * HOUR_MS,
  24 * HOUR_MS,
] as const;
export const MAX_TRIES = DELAYS_MS.length + 1;

/** What failed together does not come back together: each wait is up to a tenth shorter or longer. */
const JITTER = 0.1;
/** A receiver may ask for more patience than this, and does not get it. */
export const MAX_RETRY_AFTER_MS = 24 * HOUR_MS;

/** How long to wait after a failed try; undefined after the last.
 *  @param p.tries how many there were, this one included.
 *  @param p.random 0 to 1.
 *  @param p.retryAfterMs what the receiver asked for: waited at least, within a bound. */
export function delayAfter(p: {
  tries: number;
  random: number;
  retryAfterMs?: number | undefined;
}): number | undefined {
  const delayMs = DELAYS_MS[p.tries - 1];
  if (delayMs === undefined) return undefined;
  const ownMs = Math.round(delayMs * (1 - JITTER + 2 * JITTER * p.random));
  return Math.max(ownMs, Math.min(p.retryAfterMs ?? 0, MAX_RETRY_AFTER_MS));
}

const SECONDS = /^\d{1,15}$/;
/** RFC 9110 dates, the two obsolete forms too: all of them begin with a day's name. */
const DATE = /^(Mon|Tue|Wed|Thu|Fri|Sat|Sun)/i;

/** The header `Retry-After`, which is a number of seconds or a date. Undefined where it is neither. */
export function parseRetryAfter(value: string | undefined, nowMs: number): number | undefined {
  const text = value?.trim() ?? '';
  if (SECONDS.test(text)) return Number(text) * SECOND_MS;
  const atMs = DATE.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(atMs) ? undefined : Math.max(0, atMs - nowMs);
}
