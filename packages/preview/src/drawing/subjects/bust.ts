import type { Model } from './model.ts';
import { outline, type Point } from './shape.ts';

/** Head and shoulders from the side, looking right. */
export const PROFILE: readonly Point[] = [
  [-0.64, 0.35, true],
  [-0.62, 0],
  [-0.58, -0.16],
  [-0.42, -0.25],
  [-0.22, -0.3],
  [-0.15, -0.37],
  [-0.165, -0.46],
  [-0.215, -0.58],
  [-0.215, -0.72],
  [-0.15, -0.85],
  [-0.035, -0.915],
  [0.085, -0.895],
  [0.16, -0.825],
  [0.185, -0.735],
  [0.19, -0.69],
  [0.18, -0.665],
  [0.21, -0.615],
  [0.24, -0.572, true],
  [0.226, -0.555],
  [0.192, -0.548],
  [0.196, -0.522],
  [0.208, -0.503],
  [0.187, -0.49],
  [0.199, -0.47],
  [0.184, -0.448],
  [0.192, -0.42],
  [0.178, -0.388],
  [0.135, -0.37],
  [0.07, -0.365],
  [0.05, -0.335],
  [0.065, -0.27],
  [0.15, -0.21],
  [0.32, -0.165],
  [0.44, -0.09],
  [0.5, 0],
  [0.52, 0.35, true],
];
const BEARD: readonly Point[] = [
  [0.19, -0.47],
  [0.2, -0.4],
  [0.165, -0.315],
  [0.09, -0.29],
  [0.04, -0.35],
  [0.06, -0.47],
  [0.12, -0.52],
];
const BUN: readonly Point[] = [
  [-0.2, -0.78],
  [-0.29, -0.82],
  [-0.33, -0.74],
  [-0.28, -0.66],
  [-0.2, -0.66],
];
const LONG_HAIR: readonly Point[] = [
  [0.1, -0.9],
  [-0.06, -0.945],
  [-0.2, -0.87],
  [-0.27, -0.68],
  [-0.3, -0.45],
  [-0.34, -0.22],
  [-0.2, -0.2],
  [-0.12, -0.36],
  [-0.06, -0.56],
  [0.06, -0.72],
];

export const bust = (kind: 'person' | 'elder' | 'child'): Model => ({
  height: 1,
  reach: 0.66,
  stand: 'floor',
  cut: true,
  shape: (random) => {
    const path = outline(PROFILE);
    if (kind === 'elder') outline(random.chance(0.6) ? BEARD : BUN, path);
    else if (random.chance(0.5)) outline(LONG_HAIR, path);
    return path;
  },
  sway: { x: 0.002, y: 0.003, seconds: 4 },
});
