export type Random = () => number;

/** Numbers from 0 to 1 that the seed decides (mulberry32). */
export function createRandom(seed: number): Random {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** So many of the given characters. */
export const pick = (random: Random, characters: string, count: number): string =>
  Array.from({ length: count }, () => characters[Math.floor(random() * characters.length)]).join('');

export const digits = (random: Random, count: number): string =>
  pick(random, '123456789', 1) + pick(random, '0123456789', count - 1);

export const hex = (random: Random, count: number): string => pick(random, '0123456789abcdef', count);

export const uuid = (random: Random): string =>
  [hex(random, 8), hex(random, 4), `4${hex(random, 3)}`, `a${hex(random, 3)}`, hex(random, 12)].join('-');

/** Below 2^63, far above 2^53, and odd, so that a reader who takes it for a double gets another number. */
export const bigId = (random: Random): string => `8${pick(random, '0123456789', 17)}7`;
