import type { Clock } from '../../lib/clock.ts';
import { UpstreamError } from '../fault.ts';

/** @param untilMs the instant from which it is not used any more. */
export type Token = { readonly token: string; readonly untilMs: number };

export type Tokens = {
  /** @throws {UpstreamError} as any call. */
  get(signal: AbortSignal): Promise<string>;
  /** The upstream did not take it. */
  forget(): void;
};

/** Tokens that an upstream gives out for a while. One is asked for at a time, and kept for as long as it is good. */
export function createTokens(p: { ask: (signal: AbortSignal) => Promise<Token>; clock: Clock }): Tokens {
  let known: Token | undefined;
  const ask = async (signal: AbortSignal): Promise<string> => {
    known = await p.ask(signal);
    return known.token;
  };
  let asking: Promise<string> | undefined;
  return {
    async get(signal) {
      if (known !== undefined && p.clock.nowMs() < known.untilMs) return known.token;
      // Whoever asks first waits with a signal of his own; the others begin anew when he gives up.
      for (;;) {
        const isMine = asking === undefined;
        asking ??= ask(signal).finally(() => {
          asking = undefined;
        });
        try {
          return await asking;
        } catch (error) {
          if (isMine || signal.aborted || error instanceof UpstreamError) throw error;
        }
      }
    },
    forget: () => {
      known = undefined;
    },
  };
}
