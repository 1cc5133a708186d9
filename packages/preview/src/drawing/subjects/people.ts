import { Path2D } from '@napi-rs/canvas';
import { css, mix } from '../../storyboard/colour.ts';
import type { Random } from '../../storyboard/random.ts';
import { glow } from '../sheet.ts';
import { bust } from './bust.ts';
import { body, coat, DANCE, dressed, type Pose, RUN, STAND, WALK } from './figure.ts';
import type { Model } from './model.ts';
import { ball, box, limb, outline } from './shape.ts';

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
