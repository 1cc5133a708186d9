import type { Footage } from '../media/footage.ts';

const RATES = [24, 25, 30];

/** The whole rate nearest to the footage's, so that its movement is kept; of 50 and 60 a second every other picture. */
export function footageRate(footage: Footage): number {
  const own = footage.fps ?? 24;
  const rate = own > 45 ? own / 2 : own;
  return RATES.reduce((best, candidate) => (Math.abs(candidate - rate) < Math.abs(best - rate) ? candidate : best));
}
