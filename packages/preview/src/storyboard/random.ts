/** Chance that repeats: the same seed gives the same numbers on every machine. */
export type Random = {
  /** At least 0, below 1. */
  next(): number;
  between(low: number, high: number): number;
  /** A whole number from 0 to `count - 1`. */
  below(count: number): number;
  pick<T>(from: readonly [T, ...T[]]): T;
  chance(probability: number): boolean;
};

/** Mulberry32 (public domain, Tommy Ettinger): 32 bits of state are plenty for where a tree stands. */
export function createRandom(seed: number): Random {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
  const below = (count: number): number => Math.floor(next() * count);
  return {
    next,
    between: (low, high) => low + (high - low) * next(),
    below,
    pick: (from) => from[below(from.length)] ?? from[0],
    chance: (probability) => next() < probability,
  };
}

/** A seed from a number and words (FNV-1a), so that parts of one plan vary independently. */
export function mixSeed(seed: number, words: string): number {
  let hash = (0x811c9dc5 ^ (Math.trunc(seed) >>> 0)) >>> 0;
  // Seeds beyond 32 bits keep their upper half.
  hash = Math.imul(hash ^ (Math.trunc(seed / 4_294_967_296) >>> 0), 0x01000193) >>> 0;
  for (let index = 0; index < words.length; index++) hash = Math.imul(hash ^ words.charCodeAt(index), 0x01000193) >>> 0;
  return hash >>> 0;
}
