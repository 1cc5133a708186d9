import type { Currency } from '../contract/key.ts';

/** Turns prices of the catalog into the currency of an account. */
export type Exchange = (price: { micros: number; currency: string }, to: Currency) => number;

const MILLION = 1_000_000n;

/** One rate, by configuration: what one US dollar costs in yuan, in millionths. Rounds up, so that no price becomes
 *  nothing. */
export function createExchange({ cnyMicrosPerUsd }: { cnyMicrosPerUsd: number }): Exchange {
  const rate = BigInt(cnyMicrosPerUsd);
  const divide = (a: bigint, b: bigint): number => Number((a + b - 1n) / b);
  return ({ micros, currency }, to) => {
    if (currency === to) return micros;
    const amount = BigInt(micros);
    return to === 'USD' ? divide(amount * MILLION, rate) : divide(amount * rate, MILLION);
  };
}
