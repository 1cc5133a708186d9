import { css, mix } from '../../storyboard/colour.ts';
import { glow } from '../sheet.ts';
import { bust } from './bust.ts';
import { body, coat, WORK } from './figure.ts';
import type { Brush, Model } from './model.ts';
import { ball, outline } from './shape.ts';

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
