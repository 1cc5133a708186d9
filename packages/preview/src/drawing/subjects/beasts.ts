import { Path2D } from '@napi-rs/canvas';
import type { Model } from './model.ts';
import { ball, limb, outline } from './shape.ts';

/** The measures of a four-legged animal from the side, in its height at the shoulder. */
type Beast = {
  readonly length: number;
  /** Radii at chest, belly and rump. */
  readonly chest: number;
  readonly belly: number;
  readonly rump: number;
  /** From the withers to the head: length and direction in degrees above the horizon. */
  readonly neck: number;
  readonly rise: number;
  readonly neckRadius: number;
  readonly head: number;
  readonly muzzle: number;
  /** Degrees below the horizon in which the face points. */
  readonly nod: number;
  readonly ear: number;
  readonly leg: number;
  readonly tail: 'brush' | 'thin' | 'hair' | 'stub';
};

const turn = (degrees: number): readonly [number, number] => [
  Math.cos((degrees * Math.PI) / 180),
  -Math.sin((degrees * Math.PI) / 180),
];

function beast(p: Beast): Path2D {
  const path = new Path2D();
  const half = p.length / 2;
  const backY = -1;
  limb(
    path,
    [half * 0.82, backY + p.chest, p.chest],
    [0, backY + p.chest * 0.98, p.belly],
    [-half * 0.82, backY + p.rump * 1.02, p.rump],
  );
  const [dx, dy] = turn(p.rise);
  const shoulder = [half * 0.88, backY + p.chest * 0.7] as const;
  const head = [shoulder[0] + dx * p.neck, shoulder[1] + dy * p.neck] as const;
  limb(path, [shoulder[0], shoulder[1], p.chest * 0.72], [head[0], head[1], p.neckRadius]);
  const [fx, fy] = turn(-p.nod);
  limb(path, [head[0], head[1], p.head], [head[0] + fx * p.muzzle, head[1] + fy * p.muzzle, p.head * 0.46]);
  for (const back of [0, 0.05]) {
    const x = head[0] - p.head * (0.35 + back * 4);
    const y = head[1] - p.head * 0.7;
    outline(
      [
        [x - p.ear * 0.25, y, true],
        [x - p.ear * (0.2 + back), y - p.ear, true],
        [x + p.ear * 0.32, y + p.head * 0.1, true],
      ],
      path,
    );
  }
  legs(path, p, half, backY);
  tail(path, p.tail, -half - p.rump * 0.55, backY + p.rump * 0.6);
  return path;
}

function legs(path: Path2D, p: Beast, half: number, backY: number): void {
  const thick = p.leg;
  for (const [x, bend, swing] of [
    [half * 0.78, 0.02, 0.09],
    [half * 0.6, 0.03, -0.08],
  ] as const) {
    limb(
      path,
      [x, backY + p.chest * 1.3, thick * 1.35],
      [x + bend + swing * 0.35, -0.42, thick * 0.9],
      [x + swing, -0.05, thick * 0.62],
    );
    limb(path, [x + swing, -0.045, thick * 0.62], [x + swing + thick * 0.7, -0.025, thick * 0.5]);
  }
  for (const [x, swing] of [
    [-half * 0.86, 0.08],
    [-half * 0.66, -0.09],
  ] as const) {
    limb(
      path,
      [x, backY + p.rump * 1.2, thick * 1.8],
      [x + 0.05 + swing * 0.3, -0.5, thick * 1.05],
      [x - 0.05 + swing, -0.3, thick * 0.68],
      [x + swing * 0.9, -0.05, thick * 0.58],
    );
    limb(path, [x + swing * 0.9, -0.045, thick * 0.58], [x + swing * 0.9 + thick * 0.7, -0.025, thick * 0.5]);
  }
}

function tail(path: Path2D, kind: Beast['tail'], x: number, y: number): void {
  if (kind === 'brush')
    outline(
      [
        [x + 0.05, y],
        [x - 0.16, y + 0.1],
        [x - 0.36, y + 0.33],
        [x - 0.4, y + 0.44, true],
        [x - 0.2, y + 0.36],
        [x - 0.02, y + 0.16],
      ],
      path,
    );
  if (kind === 'hair')
    outline(
      [
        [x + 0.05, y - 0.02],
        [x - 0.1, y + 0.04],
        [x - 0.17, y + 0.3],
        [x - 0.2, y + 0.58, true],
        [x - 0.08, y + 0.42],
        [x, y + 0.15],
      ],
      path,
    );
  if (kind === 'thin') limb(path, [x + 0.04, y, 0.035], [x - 0.1, y - 0.1, 0.028], [x - 0.14, y - 0.26, 0.02]);
  if (kind === 'stub') ball(path, x, y, 0.06);
}

const walker = (height: number, reach: number, measures: Beast, more?: (path: Path2D) => void): Model => ({
  height,
  reach,
  top: 1.95,
  stand: 'floor',
  shape: () => {
    const path = beast(measures);
    more?.(path);
    return path;
  },
  sway: { x: 0.004, y: 0.006, seconds: 2.4 },
});

export const dog: Model = walker(0.42, 1.1, {
  length: 1.05,
  chest: 0.24,
  belly: 0.19,
  rump: 0.19,
  neck: 0.4,
  rise: 55,
  neckRadius: 0.14,
  head: 0.155,
  muzzle: 0.22,
  nod: 12,
  ear: 0.15,
  leg: 0.072,
  tail: 'thin',
});
export const fox: Model = walker(0.38, 1.35, {
  length: 1.2,
  chest: 0.19,
  belly: 0.155,
  rump: 0.165,
  neck: 0.36,
  rise: 42,
  neckRadius: 0.12,
  head: 0.135,
  muzzle: 0.24,
  nod: 14,
  ear: 0.2,
  leg: 0.055,
  tail: 'brush',
});
export const horse: Model = walker(
  0.92,
  1.1,
  {
    length: 1.05,
    chest: 0.2,
    belly: 0.185,
    rump: 0.19,
    neck: 0.52,
    rise: 52,
    neckRadius: 0.085,
    head: 0.085,
    muzzle: 0.24,
    nod: 38,
    ear: 0.085,
    leg: 0.055,
    tail: 'hair',
  },
  (path) =>
    outline(
      [
        [0.42, -1.0],
        [0.52, -1.28],
        [0.72, -1.5],
        [0.8, -1.42],
        [0.66, -1.26],
        [0.56, -1.0],
      ],
      path,
    ),
);
export const deer: Model = walker(
  0.7,
  1.1,
  {
    length: 0.95,
    chest: 0.18,
    belly: 0.15,
    rump: 0.165,
    neck: 0.48,
    rise: 62,
    neckRadius: 0.07,
    head: 0.085,
    muzzle: 0.18,
    nod: 18,
    ear: 0.1,
    leg: 0.042,
    tail: 'stub',
  },
  (path) => {
    const [x, y] = [0.63, -1.36];
    for (const side of [-0.04, 0.04]) {
      limb(path, [x + side * 0.3, y, 0.018], [x - 0.1 + side, y - 0.2, 0.015], [x - 0.02 + side * 2, y - 0.42, 0.008]);
      for (const [at, reach] of [
        [0.12, 0.12],
        [0.24, 0.13],
        [0.33, 0.1],
      ] as const)
        limb(path, [x - 0.07 + side, y - at, 0.012], [x + 0.02 + side * 2, y - at - reach, 0.006]);
    }
  },
);
export const bear: Model = walker(0.62, 1.15, {
  length: 1.2,
  chest: 0.34,
  belly: 0.33,
  rump: 0.33,
  neck: 0.3,
  rise: 8,
  neckRadius: 0.22,
  head: 0.2,
  muzzle: 0.22,
  nod: 18,
  ear: 0.09,
  leg: 0.12,
  tail: 'stub',
});
export const elephant: Model = walker(
  1.6,
  1.1,
  {
    length: 0.95,
    chest: 0.32,
    belly: 0.31,
    rump: 0.29,
    neck: 0.2,
    rise: 20,
    neckRadius: 0.2,
    head: 0.2,
    muzzle: 0.1,
    nod: 60,
    ear: 0.02,
    leg: 0.11,
    tail: 'hair',
  },
  (path) => {
    outline(
      [
        [0.6, -0.98],
        [0.42, -1.02],
        [0.32, -0.8],
        [0.4, -0.55],
        [0.56, -0.62],
        [0.64, -0.8],
      ],
      path,
    );
    limb(path, [0.74, -0.8, 0.11], [0.84, -0.55, 0.08], [0.86, -0.3, 0.06], [0.94, -0.14, 0.045], [1.02, -0.16, 0.035]);
    limb(path, [0.76, -0.68, 0.035], [0.93, -0.56, 0.022], [1.02, -0.6, 0.008]);
  },
);
