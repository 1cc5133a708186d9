import { Path2D } from '@napi-rs/canvas';
import { css, mix } from '../../storyboard/colour.ts';
import { glow } from '../sheet.ts';
import type { Brush, Model } from './model.ts';
import { ball, limb, outline, type Point } from './shape.ts';

const CAT: readonly Point[] = [
  [-0.3, 0],
  [-0.37, -0.09],
  [-0.385, -0.24],
  [-0.33, -0.4],
  [-0.22, -0.53],
  [-0.13, -0.63],
  [-0.105, -0.72],
  [-0.115, -0.8],
  [-0.105, -1, true],
  [-0.03, -0.91],
  [0.05, -0.915],
  [0.125, -1, true],
  [0.145, -0.87],
  [0.165, -0.79],
  [0.15, -0.72],
  [0.1, -0.66],
  [0.115, -0.56],
  [0.155, -0.42],
  [0.15, -0.24],
  [0.16, -0.06],
  [0.21, -0.03],
  [0.2, 0, true],
];
export const cat: Model = {
  height: 0.3,
  reach: 0.85,
  stand: 'shelf',
  shape: () => {
    const path = outline(CAT);
    limb(path, [-0.3, -0.05, 0.055], [-0.5, -0.035, 0.05], [-0.66, -0.06, 0.045], [-0.72, -0.16, 0.038]);
    return path;
  },
  detail: (brush) => {
    whiskers(brush);
    eyes(
      brush,
      [
        [0.0, -0.79],
        [0.085, -0.785],
      ],
      0.02,
    );
  },
  sway: { x: 0.002, y: 0.003, seconds: 3 },
};

function whiskers({ ctx, palette }: Brush): void {
  ctx.strokeStyle = css(palette.light, 0.5);
  ctx.lineWidth = 0.004;
  ctx.beginPath();
  for (const [side, x] of [
    [-1, -0.02],
    [1, 0.12],
  ] as const) {
    for (const droop of [-0.03, 0, 0.03]) {
      ctx.moveTo(x, -0.725);
      ctx.quadraticCurveTo(x + side * 0.1, -0.73 + droop, x + side * 0.18, -0.715 + droop * 2.2);
    }
  }
  ctx.stroke();
}

function eyes({ ctx, palette }: Brush, at: readonly (readonly [number, number])[], size: number): void {
  for (const [x, y] of at) {
    glow(ctx, { x, y, radius: size * 3, colour: palette.light, alpha: 0.5 });
    ctx.fillStyle = css(mix(palette.light, palette.accent, 0.35), 0.9);
    ctx.beginPath();
    ctx.ellipse(x, y, size, size * 0.62, 0.1, 0, Math.PI * 2);
    ctx.fill();
    ctx.fillStyle = css(palette.shade);
    ctx.fillRect(x - size * 0.16, y - size * 0.6, size * 0.32, size * 1.2);
  }
}

export const rabbit: Model = {
  height: 0.28,
  reach: 0.7,
  stand: 'floor',
  shape: () => {
    const path = outline([
      [-0.4, 0],
      [-0.46, -0.16],
      [-0.38, -0.36],
      [-0.18, -0.48],
      [0.02, -0.46],
      [0.16, -0.5],
      [0.3, -0.48],
      [0.38, -0.38],
      [0.34, -0.29],
      [0.24, -0.25],
      [0.26, -0.1],
      [0.3, 0, true],
    ]);
    outline(
      [
        [0.14, -0.48],
        [0.02, -0.72],
        [0.02, -0.98],
        [0.12, -0.88],
        [0.2, -0.6],
        [0.22, -0.48],
      ],
      path,
    );
    outline(
      [
        [0.2, -0.48],
        [0.16, -0.74],
        [0.22, -1],
        [0.3, -0.84],
        [0.28, -0.6],
        [0.28, -0.47],
      ],
      path,
    );
    ball(path, -0.45, -0.14, 0.08);
    return path;
  },
  detail: (brush) => eyes(brush, [[0.27, -0.41]], 0.016),
};

const WING_SPAN: readonly Point[] = [
  [0, -0.5],
  [-0.12, -0.6],
  [-0.35, -0.82],
  [-0.62, -0.86],
  [-0.95, -0.7, true],
  [-0.66, -0.66],
  [-0.42, -0.52],
  [-0.2, -0.36],
  [-0.1, -0.3],
  [-0.1, -0.12, true],
  [0, -0.17],
  [0.1, -0.12, true],
  [0.1, -0.3],
  [0.2, -0.36],
  [0.42, -0.52],
  [0.66, -0.66],
  [0.95, -0.7, true],
  [0.62, -0.86],
  [0.35, -0.82],
  [0.12, -0.6],
];
export const bird: Model = {
  height: 0.4,
  reach: 1,
  stand: 'air',
  shape: () => {
    const path = outline(WING_SPAN);
    limb(path, [0, -0.3, 0.09], [0, -0.5, 0.075], [0.012, -0.6, 0.05]);
    return path;
  },
  sway: { x: 0.05, y: 0.08, seconds: 4 },
};

export const birds: Model = {
  height: 0.5,
  reach: 1.4,
  stand: 'air',
  shape: (random) => {
    const path = new Path2D();
    for (let index = 0; index < 17; index++) {
      const rank = Math.ceil(index / 2);
      const side = index % 2 === 0 ? 1 : -1;
      const size = random.between(0.07, 0.11);
      const lift = random.between(0.5, 1);
      const wings: readonly Point[] = WING_SPAN.map(([x, y, corner]) => [x, y * lift, corner ?? false]);
      path.addPath(outline(wings), {
        a: size,
        b: side * 0.01,
        c: 0,
        d: size,
        e: 0.5 - rank * 0.21 + random.between(-0.05, 0.05),
        f: -0.5 + side * rank * 0.06 + random.between(-0.05, 0.05),
      });
    }
    return path;
  },
  sway: { x: 0.12, y: 0.03, seconds: 9 },
};

export const dragon: Model = {
  height: 0.95,
  reach: 1.6,
  stand: 'air',
  shape: () => {
    const path = new Path2D();
    limb(
      path,
      [0.95, -0.72, 0.035],
      [0.82, -0.78, 0.07],
      [0.62, -0.66, 0.06],
      [0.45, -0.5, 0.09],
      [0.15, -0.42, 0.14],
      [-0.15, -0.42, 0.11],
      [-0.5, -0.34, 0.07],
      [-0.85, -0.4, 0.045],
      [-1.15, -0.28, 0.025],
      [-1.4, -0.36, 0.008],
    );
    outline(
      [
        [0.86, -0.83, true],
        [0.7, -0.98, true],
        [0.76, -0.82, true],
      ],
      path,
    );
    outline(
      [
        [0.2, -0.5],
        [0.1, -0.9],
        [-0.15, -1.12, true],
        [-0.35, -1.02],
        [-0.85, -0.98, true],
        [-0.62, -0.82],
        [-0.66, -0.66, true],
        [-0.4, -0.66],
        [-0.32, -0.52, true],
        [-0.15, -0.52],
      ],
      path,
    );
    outline(
      [
        [0.35, -0.5],
        [0.5, -0.86],
        [0.72, -1.02, true],
        [0.86, -0.92],
        [1.2, -0.9, true],
        [1.0, -0.78],
        [0.98, -0.64, true],
        [0.78, -0.62],
        [0.62, -0.5],
      ],
      path,
    );
    limb(path, [0.3, -0.34, 0.06], [0.36, -0.18, 0.035], [0.46, -0.14, 0.02]);
    limb(path, [-0.1, -0.34, 0.07], [-0.18, -0.16, 0.04], [-0.06, -0.1, 0.02]);
    return path;
  },
  detail: (brush) => eyes(brush, [[0.86, -0.8]], 0.014),
  sway: { x: 0.06, y: 0.07, seconds: 5 },
};

export const butterfly: Model = {
  height: 0.3,
  reach: 0.75,
  stand: 'air',
  detail: ({ ctx, palette }) => {
    glow(ctx, { x: 0, y: -0.5, radius: 0.7, colour: palette.accent, alpha: 0.3 });
    for (const side of [-1, 1]) {
      for (const [x, y, w, h, lean] of [
        [0.3, -0.68, 0.33, 0.24, -0.5],
        [0.22, -0.3, 0.22, 0.19, 0.6],
      ] as const) {
        const gradient = ctx.createRadialGradient(0, -0.5, 0.05, side * x, y, w * 1.3);
        gradient.addColorStop(0, css(palette.light));
        gradient.addColorStop(0.55, css(palette.accent));
        gradient.addColorStop(1, css(mix(palette.accent, palette.shade, 0.7)));
        ctx.fillStyle = gradient;
        ctx.beginPath();
        ctx.ellipse(side * x, y, w, h, side * lean, 0, Math.PI * 2);
        ctx.fill();
      }
    }
    ctx.fillStyle = css(palette.shade);
    ctx.beginPath();
    ctx.ellipse(0, -0.5, 0.03, 0.26, 0, 0, Math.PI * 2);
    ctx.fill();
  },
  sway: { x: 0.5, y: 0.35, seconds: 2.8 },
};
