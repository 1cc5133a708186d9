import { createRandom } from '../storyboard/random.ts';

/** Smooth chance over the plane: the raw material of clouds, rock, haze and water. */
export type Noise = {
  /** 0 to 1 at any point; features are about one unit wide. */
  at(x: number, y: number): number;
  /** Several sizes of features on top of each other, 0 to 1. */
  cloud(x: number, y: number, octaves: number): number;
};

const SIDE = 256;
const MASK = SIDE - 1;

/** A lattice of random heights with smooth blends between. Repeats every 256 units. */
export function createNoise(seed: number): Noise {
  const random = createRandom(seed);
  const lattice = new Float32Array(SIDE * SIDE);
  for (let index = 0; index < lattice.length; index++) lattice[index] = random.next();
  const height = (column: number, line: number): number => lattice[(line & MASK) * SIDE + (column & MASK)] ?? 0;
  const at = (x: number, y: number): number => {
    const column = Math.floor(x);
    const line = Math.floor(y);
    const right = x - column;
    const down = y - line;
    const easeX = right * right * (3 - 2 * right);
    const easeY = down * down * (3 - 2 * down);
    const top = height(column, line) + (height(column + 1, line) - height(column, line)) * easeX;
    const low = height(column, line + 1) + (height(column + 1, line + 1) - height(column, line + 1)) * easeX;
    return top + (low - top) * easeY;
  };
  const cloud = (x: number, y: number, octaves: number): number => {
    let sum = 0;
    let share = 0.5;
    let reach = 1;
    let total = 0;
    for (let octave = 0; octave < octaves; octave++) {
      sum += share * at(x * reach + octave * 37.3, y * reach + octave * 17.9);
      total += share;
      share *= 0.5;
      reach *= 2.03;
    }
    return sum / total;
  };
  return { at, cloud };
}

export const clamp = (value: number, low = 0, high = 1): number => Math.min(high, Math.max(low, value));

/** 0 below `low`, 1 above `high`, an even curve between. */
export function smoothstep(low: number, high: number, value: number): number {
  const share = clamp((value - low) / (high - low));
  return share * share * (3 - 2 * share);
}

export const lerp = (one: number, other: number, share: number): number => one + (other - one) * share;
