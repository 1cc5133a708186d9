import { Path2D } from '@napi-rs/canvas';
import type { Random } from '../../storyboard/random.ts';
import { ball, box, type Joint, limb, outline } from './shape.ts';

export type Pose = {
  /** How far the upper body leans forward at the neck. */
  readonly lean: number;
  readonly nearArm: readonly [elbow: readonly [number, number], hand: readonly [number, number]];
  readonly farArm: readonly [elbow: readonly [number, number], hand: readonly [number, number]];
  readonly nearLeg: readonly [knee: readonly [number, number], ankle: readonly [number, number]];
  readonly farLeg: readonly [knee: readonly [number, number], ankle: readonly [number, number]];
};

export const STAND: Pose = {
  lean: 0.005,
  nearArm: [
    [-0.115, -0.655],
    [-0.105, -0.5],
  ],
  farArm: [
    [0.115, -0.655],
    [0.12, -0.505],
  ],
  nearLeg: [
    [-0.05, -0.27],
    [-0.058, -0.035],
  ],
  farLeg: [
    [0.05, -0.27],
    [0.065, -0.035],
  ],
};
export const WALK: Pose = {
  lean: 0.02,
  nearArm: [
    [-0.11, -0.66],
    [-0.07, -0.52],
  ],
  farArm: [
    [0.1, -0.66],
    [0.15, -0.53],
  ],
  nearLeg: [
    [-0.045, -0.27],
    [-0.13, -0.06],
  ],
  farLeg: [
    [0.085, -0.275],
    [0.1, -0.03],
  ],
};
export const RUN: Pose = {
  lean: 0.09,
  nearArm: [
    [-0.09, -0.7],
    [0.02, -0.62],
  ],
  farArm: [
    [0.17, -0.7],
    [0.24, -0.81],
  ],
  nearLeg: [
    [-0.09, -0.3],
    [-0.3, -0.25],
  ],
  farLeg: [
    [0.17, -0.38],
    [0.17, -0.12],
  ],
};
export const DANCE: Pose = {
  lean: -0.02,
  nearArm: [
    [-0.17, -0.88],
    [-0.22, -1.03],
  ],
  farArm: [
    [0.19, -0.84],
    [0.34, -0.9],
  ],
  nearLeg: [
    [0.0, -0.26],
    [0.0, -0.03],
  ],
  farLeg: [
    [0.2, -0.42],
    [0.05, -0.27],
  ],
};
/** Bent over something held in front: a pipe, a tool. */
export const WORK: Pose = {
  lean: 0.075,
  nearArm: [
    [0.02, -0.62],
    [0.17, -0.66],
  ],
  farArm: [
    [0.17, -0.68],
    [0.3, -0.7],
  ],
  nearLeg: [
    [-0.06, -0.27],
    [-0.09, -0.035],
  ],
  farLeg: [
    [0.06, -0.27],
    [0.08, -0.035],
  ],
};

export const joint = ([x, y]: readonly [number, number], radius: number): Joint => [x, y, radius];

/** A body from a pose: eight heads tall, shoulders wider than hips. */
export function body(pose: Pose): Path2D {
  const path = new Path2D();
  const { lean } = pose;
  const [headX, headY] = [lean * 1.35 + 0.008, -0.93];
  ball(path, headX, headY, 0.05, 0.064, 0.08);
  limb(path, [lean * 1.15, -0.885, 0.028], [lean, -0.83, 0.034]);
  outline(
    [
      [lean - 0.035, -0.845],
      [lean - 0.095, -0.815],
      [lean * 0.9 - 0.1, -0.75],
      [lean * 0.5 - 0.068, -0.62],
      [-0.082, -0.48],
      [0, -0.455],
      [0.082, -0.48],
      [lean * 0.5 + 0.068, -0.62],
      [lean * 0.9 + 0.1, -0.75],
      [lean + 0.095, -0.815],
      [lean + 0.035, -0.845],
    ],
    path,
  );
  limb(path, [lean - 0.082, -0.795, 0.036], joint(pose.nearArm[0], 0.027), joint(pose.nearArm[1], 0.019));
  limb(path, [lean + 0.082, -0.795, 0.036], joint(pose.farArm[0], 0.027), joint(pose.farArm[1], 0.019));
  for (const [side, [knee, ankle]] of [
    [-1, pose.nearLeg],
    [1, pose.farLeg],
  ] as const) {
    limb(path, [side * 0.038, -0.5, 0.055], joint(knee, 0.037), joint(ankle, 0.021));
    limb(path, joint(ankle, 0.021), [ankle[0] + 0.055, ankle[1] + 0.022, 0.013]);
  }
  return path;
}

/** What makes one person differ from the next: coat, dress, hat, hair, bag. */
export function dressed(pose: Pose, random: Random): Path2D {
  const path = body(pose);
  const { lean } = pose;
  const wear = random.below(3);
  if (wear === 0) coat(path, lean, -0.27, 0.125);
  if (wear === 1) coat(path, lean, -0.36, 0.15);
  const head = random.below(4);
  const x = lean * 1.35 + 0.008;
  if (head === 0) {
    box(path, x - 0.045, -1.005, 0.085, 0.06);
    ball(path, x, -0.952, 0.088, 0.013);
  }
  if (head === 1)
    outline(
      [
        [x + 0.03, -0.99],
        [x - 0.06, -0.98],
        [x - 0.085, -0.87],
        [x - 0.07, -0.78],
        [x - 0.03, -0.82],
        [x - 0.01, -0.92],
      ],
      path,
    );
  if (head === 2) ball(path, x - 0.045, -0.985, 0.028);
  return path;
}

export function coat(path: Path2D, lean: number, hem: number, half: number): void {
  outline(
    [
      [half * 1.02, hem, true],
      [half * 0.35, hem + 0.012],
      [-half * 0.5, hem + 0.008],
      [-half * 1.08, hem - 0.005, true],
      [-0.085, -0.56],
      [lean - 0.09, -0.78],
      [lean + 0.09, -0.78],
      [0.08, -0.56],
    ],
    path,
  );
}
