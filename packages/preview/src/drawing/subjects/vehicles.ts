import { Path2D } from '@napi-rs/canvas';
import { css, mix } from '../../storyboard/colour.ts';
import { glow } from '../sheet.ts';
import type { Brush, Model } from './model.ts';
import { ball, box, limb, outline } from './shape.ts';

/** A beam and the lamp it comes from, pointing right. */
function headlight({ ctx, palette, dark }: Brush, x: number, y: number, reach: number): void {
  if (dark) {
    const gradient = ctx.createLinearGradient(x, 0, x + reach, 0);
    gradient.addColorStop(0, css(mix(palette.light, [255, 250, 230], 0.6), 0.55));
    gradient.addColorStop(1, css(palette.light, 0));
    ctx.fillStyle = gradient;
    ctx.beginPath();
    ctx.moveTo(x, y - 0.03);
    ctx.lineTo(x + reach, y - 0.2);
    ctx.lineTo(x + reach, y + 0.42);
    ctx.lineTo(x, y + 0.04);
    ctx.fill();
  }
  glow(ctx, { x, y, radius: dark ? 0.34 : 0.14, colour: mix(palette.light, [255, 250, 235], 0.7), alpha: 0.95 });
}

function glass({ ctx, palette, dark }: Brush, path: Path2D): void {
  const gradient = ctx.createLinearGradient(0, -1, 0, -0.5);
  gradient.addColorStop(0, css(mix(palette.sky, palette.light, dark ? 0.1 : 0.5)));
  gradient.addColorStop(1, css(mix(palette.horizon, palette.shade, 0.35)));
  ctx.fillStyle = gradient;
  ctx.fill(path);
}

function wheel({ ctx, palette }: Brush, x: number, radius: number): void {
  ctx.fillStyle = css(mix(palette.shade, [0, 0, 0], 0.5));
  ctx.beginPath();
  ctx.arc(x, -radius, radius, 0, Math.PI * 2);
  ctx.fill();
  ctx.strokeStyle = css(mix(palette.haze, palette.light, 0.5), 0.75);
  ctx.lineWidth = radius * 0.09;
  ctx.beginPath();
  ctx.arc(x, -radius, radius * 0.62, 0, Math.PI * 2);
  for (let spoke = 0; spoke < 5; spoke++) {
    const turn = (spoke / 5) * Math.PI * 2;
    ctx.moveTo(x, -radius);
    ctx.lineTo(x + Math.cos(turn) * radius * 0.6, -radius + Math.sin(turn) * radius * 0.6);
  }
  ctx.stroke();
}

export const car: Model = {
  height: 0.62,
  reach: 2.6,
  stand: 'floor',
  shape: () =>
    outline([
      [-1.52, -0.2, true],
      [-1.56, -0.48],
      [-1.46, -0.66],
      [-1.05, -0.7],
      [-0.72, -0.94],
      [-0.3, -1.0],
      [0.2, -0.98],
      [0.68, -0.7],
      [1.25, -0.6],
      [1.5, -0.48],
      [1.54, -0.22, true],
      [1.3, -0.16],
      [-1.3, -0.16],
    ]),
  detail: (brush) => {
    const { ctx, palette, dark } = brush;
    const side = new Path2D();
    outline(
      [
        [-0.92, -0.68, true],
        [-0.66, -0.87],
        [-0.3, -0.92],
        [-0.14, -0.925, true],
        [-0.14, -0.66, true],
      ],
      side,
    );
    outline(
      [
        [-0.08, -0.925, true],
        [0.18, -0.9],
        [0.54, -0.68, true],
        [-0.08, -0.66, true],
      ],
      side,
    );
    glass(brush, side);
    ctx.strokeStyle = css(palette.light, 0.5);
    ctx.lineWidth = 0.014;
    ctx.beginPath();
    ctx.moveTo(-1.48, -0.56);
    ctx.bezierCurveTo(-0.6, -0.63, 0.5, -0.6, 1.42, -0.5);
    ctx.stroke();
    wheel(brush, -0.92, 0.24);
    wheel(brush, 0.95, 0.24);
    if (dark) glow(ctx, { x: -1.52, y: -0.5, radius: 0.3, colour: [255, 40, 40], alpha: 0.9 });
    headlight(brush, 1.48, -0.44, 1.1);
  },
  sway: { x: 0.02, y: 0.008, seconds: 1.3 },
};

export const train: Model = {
  height: 1,
  reach: 4.3,
  stand: 'floor',
  shape: () => {
    const path = new Path2D();
    outline(
      [
        [-4.2, -0.12, true],
        [-4.2, -0.98, true],
        [2.3, -1, true],
        [2.9, -0.95],
        [3.5, -0.66],
        [3.75, -0.35],
        [3.7, -0.14, true],
      ],
      path,
    );
    for (let bogie = 0; bogie < 7; bogie++) box(path, -4.1 + bogie * 1.12, -0.15, 0.95, 0.11);
    return path;
  },
  detail: (brush) => {
    const { ctx, palette, dark } = brush;
    ctx.fillStyle = css(mix(palette.shade, palette.ground, 0.25));
    ctx.fillRect(-4.2, -0.16, 7.85, 0.17);
    for (let pane = 0; pane < 14; pane++) {
      const x = -4.05 + pane * 0.44;
      ctx.fillStyle = css(
        dark ? mix([255, 214, 150], palette.light, 0.3) : mix(palette.sky, palette.light, 0.4),
        dark ? 0.92 : 0.8,
      );
      ctx.fillRect(x, -0.8, 0.32, 0.28);
    }
    if (dark) glow(ctx, { x: -1, y: -0.6, radius: 3, colour: palette.light, alpha: 0.16, squash: 0.3 });
    ctx.fillStyle = css(palette.accent, 0.8);
    ctx.fillRect(-4.2, -0.4, 7.7, 0.05);
    glass(
      brush,
      outline([
        [2.5, -0.84, true],
        [2.86, -0.82],
        [3.28, -0.6, true],
        [2.5, -0.58, true],
      ]),
    );
    headlight(brush, 3.68, -0.3, 1);
  },
  sway: { x: 0.12, y: 0.004, seconds: 8 },
};

export const bicycle: Model = {
  height: 1.05,
  reach: 0.8,
  stand: 'floor',
  shape: () => {
    const path = new Path2D();
    ball(path, 0.1, -0.96, 0.048, 0.058);
    limb(path, [0.06, -0.86, 0.06], [-0.1, -0.6, 0.065]);
    limb(path, [0.06, -0.84, 0.032], [0.2, -0.72, 0.025], [0.34, -0.62, 0.02]);
    limb(path, [-0.1, -0.58, 0.05], [0.1, -0.44, 0.036], [0.02, -0.2, 0.022], [0.08, -0.18, 0.014]);
    limb(path, [-0.1, -0.58, 0.05], [0.06, -0.5, 0.036], [-0.08, -0.34, 0.022]);
    return path;
  },
  detail: (brush) => {
    const { ctx, palette } = brush;
    ctx.lineCap = 'round';
    ctx.strokeStyle = css(palette.shade);
    ctx.lineWidth = 0.018;
    ctx.beginPath();
    for (const x of [-0.36, 0.42]) {
      ctx.moveTo(x + 0.24, -0.24);
      ctx.arc(x, -0.24, 0.24, 0, Math.PI * 2);
    }
    ctx.moveTo(-0.36, -0.24);
    for (const [x, y] of [
      [-0.14, -0.5],
      [0.3, -0.54],
      [0.0, -0.24],
      [-0.36, -0.24],
      [0.0, -0.24],
      [-0.14, -0.54],
    ] as const)
      ctx.lineTo(x, y);
    ctx.moveTo(0.42, -0.24);
    ctx.lineTo(0.3, -0.62);
    ctx.lineTo(0.38, -0.64);
    ctx.stroke();
    ctx.strokeStyle = css(palette.light, 0.5);
    ctx.lineWidth = 0.005;
    ctx.stroke();
    headlight(brush, 0.36, -0.56, 0.5);
  },
  sway: { x: 0.02, y: 0.006, seconds: 1.1 },
};

export const boat: Model = {
  height: 1.25,
  reach: 0.7,
  stand: 'water',
  shape: () =>
    outline([
      [-0.46, -0.14, true],
      [0.0, -0.11],
      [0.56, -0.17, true],
      [0.42, 0.005],
      [0.3, 0.02, true],
      [-0.34, 0.02, true],
    ]),
  detail: ({ ctx, palette, lightSide, dark }) => {
    ctx.fillStyle = css(palette.shade);
    ctx.fillRect(0.0, -1, 0.014, 0.87);
    for (const [points, share] of [
      [
        [
          [-0.02, -0.95, true],
          [-0.2, -0.6],
          [-0.36, -0.2, true],
          [-0.02, -0.18, true],
        ],
        0.55,
      ],
      [
        [
          [0.03, -0.9, true],
          [0.22, -0.58],
          [0.46, -0.22, true],
          [0.03, -0.2, true],
        ],
        0.8,
      ],
    ] as const) {
      const gradient = ctx.createLinearGradient(-0.4 * lightSide, -0.9, 0.4 * lightSide, -0.2);
      gradient.addColorStop(0, css(mix(palette.shade, palette.haze, 0.5)));
      gradient.addColorStop(1, css(mix(palette.horizon, palette.light, share * (dark ? 0.4 : 1))));
      ctx.fillStyle = gradient;
      ctx.fill(outline(points));
    }
    if (dark) glow(ctx, { x: -0.3, y: -0.2, radius: 0.2, colour: [255, 190, 100], alpha: 0.95 });
    // Its broken image on the water.
    ctx.fillStyle = css(palette.shade, 0.32);
    for (let line = 0; line < 7; line++) {
      ctx.beginPath();
      ctx.ellipse(0.03 * (line % 2), 0.035 + line * 0.035, 0.42 - line * 0.045, 0.011, 0, 0, Math.PI * 2);
      ctx.fill();
    }
  },
  sway: { x: 0.012, y: 0.014, seconds: 4 },
};
