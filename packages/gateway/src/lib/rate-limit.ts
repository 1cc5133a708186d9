/** Of this many, those that rest longest are forgotten first. */
const MAX_KEYS = 10_000;

/** Lets each key do something so often a minute: all at once after a rest, or evenly.
 *  @returns how long a key has to wait before it may do it again, in milliseconds; 0 when it may now, which counts. */
export function createRateLimit(p: { perMinute: number; nowMs: () => number }): (key: string) => number {
  const intervalMs = 60_000 / p.perMinute;
  /** When a key that does it evenly would have done it all: ahead of now by as much as it was faster. */
  const aheadMs = new Map<string, number>();
  return (key) => {
    const nowMs = p.nowMs();
    const next = Math.max(aheadMs.get(key) ?? 0, nowMs) + intervalMs;
    const waitMs = Math.ceil(next - nowMs - 60_000);
    if (waitMs > 0) return waitMs;
    aheadMs.delete(key);
    aheadMs.set(key, next);
    const [oldest] = aheadMs.keys();
    if (aheadMs.size > MAX_KEYS && oldest !== undefined) aheadMs.delete(oldest);
    return 0;
  };
}
