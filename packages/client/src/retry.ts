import { ReelayError } from './error.ts';

const BASE_MS = 500;
const MAX_MS = 8_000;
/** A server that asks for more is not waited for: the caller is told how long it would have been. */
const MAX_RETRY_AFTER_MS = 60_000;

type Failed = {
  readonly error: unknown;
  /** Doing it twice is doing it once. */
  readonly isRepeatable: boolean;
  /** How many tries failed so far, from 1. */
  readonly failures: number;
  /** How many more there are at most. */
  readonly retries: number;
  /** 0 to 1. */
  readonly random: number;
};

/** How long to wait before the next try, or undefined: give up. */
export function pauseBefore({ error, isRepeatable, failures, retries, random }: Failed): number | undefined {
  if (failures > retries || !(error instanceof ReelayError) || !error.retryable) return undefined;
  // What was refused for its number did nothing, so whatever it is may be asked again.
  if (!isRepeatable && error.status !== 429) return undefined;
  const ms = Math.max(backoffMs(failures, random), error.retryAfterMs ?? 0);
  return ms > MAX_RETRY_AFTER_MS ? undefined : ms;
}

/** Doubling, of which a random half, so that clients that failed together do not come back together. */
export function backoffMs(failures: number, random: number): number {
  const ms = Math.min(MAX_MS, BASE_MS * 2 ** Math.min(10, failures - 1));
  return Math.round(ms / 2 + (ms / 2) * random);
}
