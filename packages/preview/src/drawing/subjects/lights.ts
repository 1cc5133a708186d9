import { Path2D } from '@napi-rs/canvas';
import { css, mix } from '../../storyboard/colour.ts';
import type { Rgb } from '../../storyboard/plan.ts';
import { glow } from '../sheet.ts';
import type { Model } from './model.ts';
import { limb, outline } from './shape.ts';

export const lantern: Model = {
  height: 0.42,
  reach: 1.3,
  stand: 'shelf',
  detail: ({ ctx, palette }) => {
    const warm: Rgb = mix([255, 190, 96], palette.light, 0.3);
    glow(ctx, { x: 0, y: -0.42, radius: 1.25, colour: warm, alpha: 0.75 });
    const body = outline([
      [-0.16, -0.74, true],
      [-0.3, -0.55],
      [-0.3, -0.26],
      [-0.16, -0.08, true],
      [0.16, -0.08, true],
      [0.3, -0.26],
      [0.3, -0.55],
      [0.16, -0.74, true],
    ]);
    const gradient = ctx.createRadialGradient(0, -0.36, 0.02, 0, -0.4, 0.38);
    gradient.addColorStop(0, css([255, 250, 226]));
    gradient.addColorStop(0.45, css(warm));
    gradient.addColorStop(1, css(mix(palette.accent, [190, 40, 20], 0.4)));
    ctx.fillStyle = gradient;
    ctx.fill(body);
    ctx.strokeStyle = css(palette.shade, 0.45);
    ctx.lineWidth = 0.012;
    for (const bend of [-0.22, -0.08, 0.08, 0.22]) {
      ctx.beginPath();
      ctx.moveTo(bend * 0.5, -0.74);
      ctx.quadraticCurveTo(bend * 1.9, -0.4, bend * 0.5, -0.08);
      ctx.stroke();
    }
    ctx.fillStyle = css(palette.shade);
    ctx.fillRect(-0.17, -0.79, 0.34, 0.06);
    ctx.fillRect(-0.17, -0.08, 0.34, 0.06);
    ctx.fillRect(-0.008, -1, 0.016, 0.22);
  },
};

export const fire: Model = {
  height: 0.6,
  reach: 1.5,
  stand: 'floor',
  detail: ({ ctx, palette, random }) => {
    glow(ctx, { x: 0, y: -0.35, radius: 1.45, colour: mix(palette.accent, [255, 110, 30], 0.6), alpha: 0.75 });
    const path = new Path2D();
    limb(path, [-0.42, -0.03, 0.05], [0.36, -0.13, 0.045]);
    limb(path, [0.42, -0.03, 0.05], [-0.36, -0.13, 0.045]);
    ctx.fillStyle = css(mix(palette.shade, [60, 26, 12], 0.4));
    ctx.fill(path);
    for (const [colour, size, alpha] of [
      [[226, 62, 18], 1, 0.8],
      [[255, 132, 32], 0.78, 0.9],
      [[255, 206, 90], 0.54, 0.95],
      [[255, 250, 214], 0.3, 1],
    ] as const) {
      for (const x of [-0.17, 0, 0.16]) {
        const tall = size * (x === 0 ? 0.95 : 0.62) * random.between(0.85, 1.1);
        ctx.fillStyle = css(colour, alpha);
        ctx.fill(
          outline([
            [x, -0.06 - tall, true],
            [x - 0.06 * size, -0.06 - tall * 0.6],
            [x - 0.17 * size, -0.28 * size - 0.02],
            [x - 0.09 * size, -0.04],
            [x + 0.09 * size, -0.04],
            [x + 0.17 * size, -0.26 * size - 0.02],
            [x + 0.05 * size, -0.06 - tall * 0.55],
          ]),
        );
      }
    }
  },
};
