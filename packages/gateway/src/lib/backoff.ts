/** How long to wait before the next try: doubling from `baseMs` to `maxMs`, of which a random half, so that those who
 *  failed together do not come back together.
 *  @param failures how many tries failed so far, from 1.
 *  @param random 0 to 1. */
export function backoffMs(p: { failures: number; baseMs: number; maxMs: number; random: number }): number {
  // Beyond 2^30 the power alone would leave the range in which a maximum can be applied exactly.
  const doublings = Math.min(30, Math.max(0, p.failures - 1));
  const ms = Math.min(p.maxMs, p.baseMs * 2 ** doublings);
  return Math.round(ms / 2 + (ms / 2) * p.random);
}
