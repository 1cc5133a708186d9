import { Path2D } from '@napi-rs/canvas';
import { css, mix } from '../../storyboard/colour.ts';
import type { Model } from './model.ts';
import { box, outline } from './shape.ts';

export const guitar: Model = {
  height: 0.85,
  reach: 0.6,
  stand: 'shelf',
  detail: ({ ctx, palette, lightSide }) => {
    ctx.save();
    ctx.rotate(0.12);
    const body = outline([
      [0, -0.56],
      [0.13, -0.54],
      [0.15, -0.45],
      [0.115, -0.36],
      [0.2, -0.24],
      [0.21, -0.1],
      [0.1, 0],
      [-0.1, 0],
      [-0.21, -0.1],
      [-0.2, -0.24],
      [-0.115, -0.36],
      [-0.15, -0.45],
      [-0.13, -0.54],
    ]);
    const gradient = ctx.createLinearGradient(-0.2 * lightSide, 0, 0.2 * lightSide, -0.4);
    gradient.addColorStop(0, css(mix([98, 44, 16], palette.shade, 0.55)));
    gradient.addColorStop(1, css(mix([206, 124, 52], palette.light, 0.35)));
    ctx.fillStyle = gradient;
    ctx.fill(body);
    ctx.strokeStyle = css(palette.light, 0.55);
    ctx.lineWidth = 0.008;
    ctx.stroke(body);
    ctx.fillStyle = css(palette.shade);
    ctx.beginPath();
    ctx.arc(0, -0.36, 0.062, 0, Math.PI * 2);
    ctx.fill();
    ctx.fillRect(-0.085, -0.17, 0.17, 0.025);
    ctx.fillRect(-0.026, -0.92, 0.052, 0.52);
    ctx.fill(
      outline([
        [-0.04, -0.9, true],
        [-0.05, -1, true],
        [0.05, -1, true],
        [0.04, -0.9, true],
      ]),
    );
    ctx.strokeStyle = css(palette.light, 0.5);
    ctx.lineWidth = 0.003;
    ctx.beginPath();
    for (let string = -2; string <= 2; string++) {
      ctx.moveTo(string * 0.009, -0.98);
      ctx.lineTo(string * 0.012, -0.16);
    }
    ctx.stroke();
    ctx.restore();
  },
};

export const piano: Model = {
  height: 0.85,
  reach: 1.2,
  stand: 'floor',
  shape: () => {
    const path = new Path2D();
    outline(
      [
        [-0.8, -0.5, true],
        [-0.76, -0.62],
        [0.1, -0.64],
        [0.75, -0.6],
        [0.8, -0.46, true],
        [0.7, -0.4, true],
        [-0.78, -0.4, true],
      ],
      path,
    );
    outline(
      [
        [-0.5, -0.62, true],
        [-0.62, -1.0, true],
        [0.1, -0.98],
        [0.62, -0.78],
        [0.5, -0.6, true],
      ],
      path,
    );
    for (const x of [-0.6, 0.52, -0.1]) box(path, x, -0.42, 0.06, 0.42);
    return path;
  },
  detail: ({ ctx, palette }) => {
    ctx.fillStyle = css(mix(palette.light, [255, 255, 255], 0.5), 0.9);
    ctx.fillRect(-0.84, -0.48, 0.28, 0.03);
    ctx.strokeStyle = css(palette.light, 0.6);
    ctx.lineWidth = 0.008;
    ctx.beginPath();
    ctx.moveTo(-0.76, -0.6);
    ctx.lineTo(0.7, -0.58);
    ctx.stroke();
  },
};
