import { Path2D } from '@napi-rs/canvas';
import { css, mix } from '../../storyboard/colour.ts';
import { glow } from '../sheet.ts';
import type { Brush, Model } from './model.ts';
import { box, outline } from './shape.ts';

function litWindow({ ctx, palette, dark }: Brush, x: number, y: number, w: number, h: number): void {
  if (dark) glow(ctx, { x: x + w / 2, y: y + h / 2, radius: Math.max(w, h) * 2, colour: [255, 190, 100], alpha: 0.5 });
  ctx.fillStyle = css(dark ? [255, 208, 128] : mix(palette.light, palette.sky, 0.6), dark ? 0.95 : 0.55);
  ctx.fillRect(x, y, w, h);
}

export const house: Model = {
  height: 0.95,
  reach: 0.95,
  stand: 'floor',
  shape: () => {
    const path = new Path2D();
    box(path, -0.55, -0.5, 1.1, 0.5);
    outline(
      [
        [-0.7, -0.46, true],
        [-0.08, -0.95, true],
        [0.1, -0.95, true],
        [0.7, -0.46, true],
      ],
      path,
    );
    box(path, 0.28, -0.98, 0.13, 0.32);
    return path;
  },
  detail: (brush) => {
    const { ctx, palette } = brush;
    for (const x of [-0.4, 0.2]) {
      litWindow(brush, x, -0.37, 0.2, 0.18);
      ctx.fillStyle = css(palette.shade, 0.9);
      ctx.fillRect(x + 0.094, -0.37, 0.012, 0.18);
      ctx.fillRect(x, -0.286, 0.2, 0.012);
    }
    litWindow(brush, -0.07, -0.7, 0.14, 0.12);
    ctx.fillStyle = css(mix(palette.shade, palette.accent, 0.2));
    ctx.fillRect(-0.1, -0.27, 0.17, 0.27);
    for (let puff = 0; puff < 7; puff++) {
      glow(ctx, {
        x: 0.35 + puff * 0.05,
        y: -1.02 - puff * 0.085,
        radius: 0.05 + puff * 0.022,
        colour: palette.haze,
        alpha: 0.5 - puff * 0.06,
      });
    }
  },
};

export const castle: Model = {
  height: 1.5,
  reach: 0.8,
  stand: 'far',
  shape: () => {
    const path = new Path2D();
    for (const [x, w, top, roof] of [
      [-0.56, 0.16, -0.5, 0.2],
      [-0.3, 0.2, -0.66, 0.26],
      [-0.06, 0.14, -0.74, 0.26],
      [0.16, 0.2, -0.58, 0.24],
      [0.44, 0.15, -0.44, 0.2],
    ] as const) {
      box(path, x, top, w, -top);
      outline(
        [
          [x - 0.025, top, true],
          [x + w / 2, top - roof, true],
          [x + w + 0.025, top, true],
        ],
        path,
      );
    }
    box(path, -0.6, -0.3, 1.2, 0.32);
    for (let tooth = 0; tooth < 12; tooth++) box(path, -0.6 + tooth * 0.1, -0.345, 0.055, 0.05);
    outline(
      [
        [-0.8, 0.04, true],
        [-0.62, -0.12],
        [-0.3, -0.06],
        [0.3, -0.08],
        [0.62, -0.1],
        [0.8, 0.04, true],
      ],
      path,
    );
    return path;
  },
  detail: (brush) => {
    for (const [x, y] of [
      [-0.21, -0.5],
      [0.0, -0.6],
      [0.25, -0.44],
      [-0.48, -0.4],
      [0.5, -0.33],
      [-0.2, -0.36],
      [0.02, -0.42],
    ] as const)
      litWindow(brush, x, y, 0.025, 0.05);
  },
};

export const tower: Model = {
  height: 1.5,
  reach: 1.1,
  stand: 'far',
  shape: () => {
    const path = new Path2D();
    outline(
      [
        [-0.12, 0, true],
        [-0.075, -0.76, true],
        [0.075, -0.76, true],
        [0.12, 0, true],
      ],
      path,
    );
    box(path, -0.1, -0.79, 0.2, 0.035);
    box(path, -0.055, -0.89, 0.11, 0.11);
    outline(
      [
        [-0.08, -0.88, true],
        [0, -1, true],
        [0.08, -0.88, true],
      ],
      path,
    );
    outline(
      [
        [-0.4, 0.06, true],
        [-0.26, -0.03],
        [0, -0.05],
        [0.26, -0.03],
        [0.42, 0.06, true],
      ],
      path,
    );
    return path;
  },
  detail: ({ ctx, palette, dark }) => {
    const white = mix(palette.light, palette.haze, dark ? 0.75 : 0.2);
    ctx.fillStyle = css(white, dark ? 0.3 : 0.7);
    for (const [low, high] of [
      [-0.1, -0.24],
      [-0.38, -0.52],
      [-0.64, -0.74],
    ] as const) {
      const half = (y: number): number => 0.12 + (0.045 * y) / 0.76;
      ctx.beginPath();
      ctx.moveTo(-half(low), low);
      ctx.lineTo(-half(high), high);
      ctx.lineTo(half(high), high);
      ctx.lineTo(half(low), low);
      ctx.fill();
    }
    for (const side of [-1, 1]) {
      const beam = ctx.createLinearGradient(0, 0, side * 1.1, 0);
      beam.addColorStop(0, css(palette.light, dark ? 0.7 : 0.3));
      beam.addColorStop(1, css(palette.light, 0));
      ctx.fillStyle = beam;
      ctx.beginPath();
      ctx.moveTo(0, -0.835);
      ctx.lineTo(side * 1.1, -0.96);
      ctx.lineTo(side * 1.1, -0.74);
      ctx.fill();
    }
    glow(ctx, { x: 0, y: -0.835, radius: 0.28, colour: mix(palette.light, [255, 240, 200], 0.5), alpha: 0.95 });
  },
};

export const bridge: Model = {
  height: 0.85,
  reach: 2.3,
  stand: 'far',
  shape: () => {
    const path = new Path2D();
    box(path, -2.3, -0.3, 4.6, 0.05);
    for (const x of [-0.95, 0.85]) {
      box(path, x, -1, 0.035, 1);
      box(path, x + 0.09, -1, 0.035, 1);
      for (const y of [-0.96, -0.72, -0.5]) box(path, x, y, 0.12, 0.03);
    }
    return path;
  },
  detail: ({ ctx, palette, dark }) => {
    ctx.strokeStyle = css(mix(palette.shade, palette.haze, 0.15));
    ctx.lineWidth = 0.014;
    const cable = (from: number, to: number, sag: number): void => {
      ctx.beginPath();
      ctx.moveTo(from, -0.97);
      ctx.quadraticCurveTo((from + to) / 2, sag, to, -0.97);
      ctx.stroke();
      ctx.lineWidth = 0.006;
      for (let hanger = 1; hanger < 16; hanger++) {
        const at = hanger / 16;
        const x = from + (to - from) * at;
        const y = (1 - at) ** 2 * -0.97 + 2 * at * (1 - at) * sag + at * at * -0.97;
        if (y > -0.31) continue;
        ctx.beginPath();
        ctx.moveTo(x, y);
        ctx.lineTo(x, -0.3);
        ctx.stroke();
      }
      ctx.lineWidth = 0.014;
    };
    cable(-0.89, 0.91, 0.28);
    cable(-2.7, -0.89, 0.28);
    cable(0.91, 2.7, 0.28);
    if (!dark) return;
    for (let lamp = 0; lamp < 24; lamp++)
      glow(ctx, { x: -2.25 + lamp * 0.195, y: -0.33, radius: 0.07, colour: [255, 200, 120], alpha: 0.95 });
  },
};
