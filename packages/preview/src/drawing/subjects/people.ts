import { Path2D } from '@napi-rs/canvas';
import { css, mix } from '../../storyboard/colour.ts';
import type { Random } from '../../storyboard/random.ts';
import { glow } from '../sheet.ts';
import type { Brush, Model } from './model.ts';
import { ball, box, type Joint, limb, outline, type Point } from './shape.ts';

type Pose = {
  /** How far the upper body leans forward at the neck. */
  readonly lean: number;
  readonly nearArm: readonly [elbow: readonly [number, number], hand: readonly [number, number]];
  readonly farArm: readonly [elbow: readonly [number, number], hand: readonly [number, number]];
  readonly nearLeg: readonly [knee: readonly [number, number], ankle: readonly [number, number]];
  readonly farLeg: readonly [knee: readonly [number, number], ankle: readonly [number, number]];
};

const STAND: Pose = {
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
const WALK: Pose = {
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
const RUN: Pose = {
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
const DANCE: Pose = {
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
const WORK: Pose = {
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

const joint = ([x, y]: readonly [number, number], radius: number): Joint => [x, y, radius];

/** A body from a pose: eight heads tall, shoulders wider than hips. */
function body(pose: Pose): Path2D {
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
function dressed(pose: Pose, random: Random): Path2D {
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

function coat(path: Path2D, lean: number, hem: number, half: number): void {
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

/** Head and shoulders from the side, looking right. */
const PROFILE: readonly Point[] = [
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

const bust = (kind: 'person' | 'elder' | 'child'): Model => ({
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

const standing = (pose: Pose, height: number, close: Model): Model => ({
  height,
  reach: 0.4,
  stand: 'floor',
  shape: (random) => dressed(pose, random),
  sway: { x: 0.0015, y: 0.002, seconds: 4 },
  close,
});

export const person: Model = standing(WALK, 1, bust('person'));
export const child: Model = {
  ...standing(STAND, 0.66, bust('child')),
  shape: () => {
    const path = body(STAND);
    // A child's head is larger beside its body.
    ball(path, 0.012, -0.94, 0.075, 0.085);
    coat(path, 0, -0.36, 0.13);
    return path;
  },
};
export const runner: Model = {
  ...standing(RUN, 1, bust('person')),
  shape: () => body(RUN),
  sway: { x: 0.01, y: 0.02, seconds: 0.7 },
};
export const dancer: Model = {
  ...standing(DANCE, 1, bust('person')),
  sway: { x: 0.02, y: 0.004, seconds: 3 },
  shape: () => {
    const path = body(DANCE);
    outline(
      [
        [0.2, -0.36, true],
        [0.08, -0.3],
        [-0.1, -0.32],
        [-0.2, -0.38, true],
        [-0.07, -0.58],
        [0.07, -0.58],
      ],
      path,
    );
    return path;
  },
};

/** Bent over the work, pipe at the lips, something glowing at its end. */
export const elder: Model = {
  height: 0.98,
  reach: 0.85,
  stand: 'floor',
  shape: (random) => {
    const path = body(WORK);
    coat(path, 0.06, -0.3, 0.12);
    if (random.chance(0.7))
      outline(
        [
          [0.14, -0.93],
          [0.16, -0.87],
          [0.13, -0.8],
          [0.09, -0.8],
          [0.08, -0.88],
        ],
        path,
      );
    ball(path, 0.075, -0.975, 0.055, 0.03, -0.2);
    return path;
  },
  detail: (brush) => {
    if (brush.molten) pipe(brush, 0.15, -0.905, 0.62, -0.56, 0.1);
  },
  sway: { x: 0.002, y: 0.002, seconds: 3.4 },
  close: {
    ...bust('elder'),
    detail: (brush) => {
      if (brush.molten) pipe(brush, 0.2, -0.5, 0.75, -0.28, 0.13);
    },
  },
};

/** A blowpipe with molten glass at its end. */
export function pipe(
  { ctx, palette }: Brush,
  fromX: number,
  fromY: number,
  toX: number,
  toY: number,
  size: number,
): void {
  ctx.lineCap = 'round';
  ctx.strokeStyle = css(mix(palette.shade, palette.light, 0.25));
  ctx.lineWidth = size * 0.13;
  ctx.beginPath();
  ctx.moveTo(fromX, fromY);
  ctx.lineTo(toX, toY);
  ctx.stroke();
  ctx.strokeStyle = css(palette.light, 0.85);
  ctx.lineWidth = size * 0.035;
  ctx.stroke();
  moltenGlass(ctx, palette, toX, toY, size);
}

export function moltenGlass(ctx: Brush['ctx'], palette: Brush['palette'], x: number, y: number, size: number): void {
  glow(ctx, { x, y, radius: size * 3.2, colour: palette.accent, alpha: 0.75 });
  const gradient = ctx.createRadialGradient(x - size * 0.15, y - size * 0.2, 0, x, y, size);
  gradient.addColorStop(0, css(mix(palette.light, [255, 255, 240], 0.85)));
  gradient.addColorStop(0.5, css(palette.light));
  gradient.addColorStop(0.85, css(palette.accent));
  gradient.addColorStop(1, css(mix(palette.accent, palette.shade, 0.25)));
  ctx.fillStyle = gradient;
  ctx.beginPath();
  ctx.ellipse(x, y, size * 0.95, size * 0.72, 0.45, 0, Math.PI * 2);
  ctx.fill();
  glow(ctx, { x: x - size * 0.3, y: y - size * 0.25, radius: size * 0.4, colour: [255, 255, 255], alpha: 0.8 });
}

const together =
  (count: number, gap: number, poses: readonly [Pose, ...Pose[]]) =>
  (random: Random): Path2D => {
    const path = new Path2D();
    for (let index = 0; index < count; index++) {
      const one = dressed(random.pick(poses), random);
      const size = random.between(0.88, 1);
      const side = random.chance(0.5) && count > 2 ? -1 : 1;
      path.addPath(one, {
        a: size * side,
        b: 0,
        c: 0,
        d: size,
        e: (index - (count - 1) / 2) * gap + random.between(-0.04, 0.04),
        f: 0,
      });
    }
    return path;
  };
export const couple: Model = { ...person, reach: 0.5, shape: together(2, 0.24, [STAND, WALK]), close: bust('person') };
export const crowd: Model = {
  ...person,
  height: 0.8,
  reach: 1.7,
  shape: together(11, 0.27, [STAND, WALK]),
  close: person,
};

export const face: Model = { ...bust('person'), height: 1.1 };

/** Two hands on a rod; what they make glows at its end. */
export const hands: Model = {
  height: 1.1,
  reach: 1.3,
  top: 1.2,
  stand: 'floor',
  cut: true,
  detail: (brush) => {
    const { ctx, palette } = brush;
    ctx.lineCap = 'round';
    ctx.save();
    ctx.translate(0, -0.52);
    ctx.rotate(-0.1);
    if (brush.molten) moltenGlass(ctx, palette, brush.lightSide * 0.7, 0, 0.17);
    ctx.strokeStyle = css(mix(palette.shade, palette.light, 0.3));
    ctx.lineWidth = 0.045;
    ctx.beginPath();
    ctx.moveTo(-brush.lightSide * 1.2, 0);
    ctx.lineTo(brush.lightSide * 0.6, 0);
    ctx.stroke();
    ctx.strokeStyle = css(palette.light, 0.6);
    ctx.lineWidth = 0.01;
    ctx.beginPath();
    ctx.moveTo(-brush.lightSide * 1.2, -0.014);
    ctx.lineTo(brush.lightSide * 0.6, -0.014);
    ctx.stroke();
    for (const [x, tilt] of [
      [-0.42, 0.28],
      [0.16, -0.2],
    ] as const)
      fist(brush, x, tilt);
    ctx.restore();
  },
  sway: { x: 0.01, y: 0.008, seconds: 2.6 },
};

/** A hand from its back, closed around the rod: sleeve, wrist, palm, four fingers and a thumb, each with a lit edge. */
function fist({ ctx, palette, lightSide }: Brush, x: number, tilt: number): void {
  const skin = mix(mix(palette.shade, [150, 92, 62], 0.5), palette.horizon, 0.18);
  const part = (joints: readonly Joint[], colour: typeof skin): void => {
    const path = new Path2D();
    limb(path, ...joints);
    ctx.fillStyle = css(mix(colour, palette.light, 0.75));
    ctx.fill(path);
    ctx.save();
    ctx.clip(path);
    ctx.translate(-lightSide * 0.014, 0.01);
    ctx.fillStyle = css(colour);
    ctx.fill(path);
    ctx.restore();
  };
  ctx.save();
  ctx.translate(x, 0);
  ctx.rotate(tilt);
  part(
    [
      [0, 0.17, 0.1],
      [0.02, 0.4, 0.125],
      [0.06, 1.1, 0.2],
    ],
    mix(palette.shade, palette.ground, 0.35),
  );
  part(
    [
      [-0.055, 0.055, 0.07],
      [0.055, 0.055, 0.07],
      [0, 0.17, 0.075],
    ],
    skin,
  );
  for (const [index, at] of [-0.1, -0.035, 0.03, 0.092].entries()) {
    part(
      [
        [at, 0.05, 0.034],
        [at + 0.004, -0.045, 0.032],
        [at + 0.008, -0.002 + index * 0.003, 0.026],
      ],
      mix(skin, palette.shade, 0.06 * index),
    );
  }
  part(
    [
      [-lightSide * 0.03, 0.1, 0.036],
      [lightSide * 0.06, 0.055, 0.03],
      [lightSide * 0.12, 0.02, 0.026],
    ],
    mix(skin, palette.light, 0.06),
  );
  ctx.restore();
}

export const robot: Model = {
  height: 1.15,
  reach: 0.35,
  stand: 'floor',
  shape: () => {
    const path = new Path2D();
    path.roundRect(-0.085, -0.98, 0.17, 0.14, 0.045);
    box(path, -0.03, -0.85, 0.06, 0.05);
    path.roundRect(-0.15, -0.82, 0.3, 0.3, 0.06);
    path.roundRect(-0.1, -0.54, 0.2, 0.1, 0.03);
    box(path, -0.005, -1.06, 0.01, 0.1);
    ball(path, 0, -1.06, 0.014);
    for (const side of [-1, 1]) {
      limb(path, [side * 0.18, -0.77, 0.052], [side * 0.215, -0.6, 0.034], [side * 0.205, -0.42, 0.04]);
      limb(path, [side * 0.07, -0.46, 0.05], [side * 0.085, -0.25, 0.04], [side * 0.085, -0.05, 0.05]);
      path.roundRect(side * 0.09 - 0.065, -0.055, 0.14, 0.055, 0.02);
    }
    return path;
  },
  detail: ({ ctx, palette }) => {
    for (const x of [-0.035, 0.035]) {
      glow(ctx, { x, y: -0.915, radius: 0.09, colour: palette.light, alpha: 0.9 });
      ctx.fillStyle = css(mix(palette.light, [255, 255, 255], 0.6));
      ctx.beginPath();
      ctx.arc(x, -0.915, 0.017, 0, Math.PI * 2);
      ctx.fill();
    }
    glow(ctx, { x: 0, y: -0.68, radius: 0.12, colour: palette.accent, alpha: 0.9 });
  },
};

export const umbrella: Model = {
  height: 1.2,
  reach: 0.5,
  stand: 'floor',
  shape: (random) => {
    const path = new Path2D();
    path.addPath(
      dressed(
        {
          ...WALK,
          farArm: [
            [0.12, -0.68],
            [0.1, -0.8],
          ],
        },
        random,
      ),
      { a: 0.84, b: 0, c: 0, d: 0.84, e: 0, f: 0 },
    );
    box(path, 0.08, -0.98, 0.012, 0.34);
    outline(
      [
        [-0.27, -0.83, true],
        [-0.2, -0.95],
        [0.085, -1.03],
        [0.37, -0.95],
        [0.44, -0.83, true],
        [0.36, -0.855],
        [0.265, -0.83, true],
        [0.17, -0.855],
        [0.085, -0.83, true],
        [0, -0.855],
        [-0.095, -0.83, true],
        [-0.185, -0.855],
      ],
      path,
    );
    return path;
  },
  sway: { x: 0.004, y: 0.003, seconds: 1.6 },
};
