import type { Clock } from '../../lib/clock.ts';
import { UpstreamError } from '../fault.ts';

/** No upstream promises its keys for longer. */
const KEEP_MS = 24 * 3_600_000;
/** A signature that fits nothing may have been made with a new key, or by somebody who wants us to ask for ever. */
const ASK_AGAIN_MS = 5 * 60_000;

/** Checks callbacks with a secret, or with public keys, that the upstream tells. They are asked for once and kept.
 *  @returns `hint` where they cannot be had: then nobody can tell, and asking for the job does no harm. */
export function createSecretCheck<T>({ ask, clock }: { ask: (signal: AbortSignal) => Promise<T>; clock: Clock }) {
  let known: { readonly secret: T; readonly atMs: number } | undefined;
  const askNow = async (signal: AbortSignal): Promise<T> => {
    known = { secret: await ask(signal), atMs: clock.nowMs() };
    return known.secret;
  };
  const isOlderThan = (ms: number): boolean => known === undefined || clock.nowMs() - known.atMs > ms;

  return async (fits: (secret: T) => boolean, signal: AbortSignal): Promise<'genuine' | 'hint' | 'forged'> => {
    try {
      const secret = known === undefined || isOlderThan(KEEP_MS) ? await askNow(signal) : known.secret;
      if (fits(secret)) return 'genuine';
      return isOlderThan(ASK_AGAIN_MS) && fits(await askNow(signal)) ? 'genuine' : 'forged';
    } catch (error) {
      if (!(error instanceof UpstreamError)) throw error;
      return 'hint';
    }
  };
}
