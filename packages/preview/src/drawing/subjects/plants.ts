import { Path2D } from '@napi-rs/canvas';
import { css, mix } from '../../storyboard/colour.ts';
import { glow } from '../sheet.ts';
import type { Model } from './model.ts';
import { limb } from './shape.ts';

export const tree: Model = {
  height: 1.5,
  reach: 0.62,
  stand: 'floor',
  detail: ({ ctx, palette, random, lightSide }) => {
    const path = new Path2D();
    limb(path, [0.015, 0.02, 0.05], [0, -0.3, 0.032], [0.02, -0.55, 0.022]);
    for (const [x, y] of [
      [-0.2, -0.6],
      [0.22, -0.62],
      [-0.1, -0.75],
      [0.12, -0.78],
    ] as const)
      limb(path, [0, -0.36, 0.022], [x, y, 0.009]);
    ctx.fillStyle = css(palette.shade);
    ctx.fill(path);
    const leaf = mix(palette.ground, palette.accent, 0.12);
    for (let index = 0; index < 420; index++) {
      const turn = random.between(0, Math.PI * 2);
      const away = Math.sqrt(random.next());
      const [x, y] = [Math.cos(turn) * 0.42 * away, -0.68 + Math.sin(turn) * 0.3 * away];
      const facing = Math.min(1, Math.max(0, 0.5 + x * lightSide * 0.9 - (y + 0.68) * 1.1 + random.between(-0.2, 0.2)));
      ctx.fillStyle = css(mix(mix(leaf, palette.shade, 0.75), mix(leaf, palette.light, 0.55), facing * facing), 0.9);
      ctx.beginPath();
      ctx.ellipse(x, y, random.between(0.02, 0.045), random.between(0.014, 0.03), random.between(0, 3), 0, Math.PI * 2);
      ctx.fill();
    }
  },
  sway: { x: 0.004, y: 0, seconds: 5 },
};

export const flowers: Model = {
  height: 0.5,
  reach: 0.9,
  stand: 'shelf',
  detail: ({ ctx, palette, random }) => {
    ctx.lineCap = 'round';
    for (let stem = 0; stem < 9; stem++) {
      const [x, y] = [random.between(-0.42, 0.42), -random.between(0.5, 0.92)];
      ctx.strokeStyle = css(mix([50, 86, 44], palette.shade, 0.4));
      ctx.lineWidth = 0.018;
      ctx.beginPath();
      ctx.moveTo(x * 0.15, 0);
      ctx.quadraticCurveTo(x * 0.4, y * 0.5, x, y);
      ctx.stroke();
      const colour = mix(
        random.pick([
          palette.accent,
          mix(palette.accent, [255, 240, 245], 0.5),
          mix(palette.accent, [240, 90, 120], 0.5),
        ]),
        palette.light,
        random.between(0, 0.25),
      );
      for (let petal = 0; petal < 9; petal++) {
        const turn = (petal / 9) * Math.PI * 2 + stem;
        ctx.fillStyle = css(mix(colour, palette.shade, 0.35 * (petal % 2)), 0.92);
        ctx.beginPath();
        ctx.ellipse(x + Math.cos(turn) * 0.062, y + Math.sin(turn) * 0.05, 0.066, 0.034, turn, 0, Math.PI * 2);
        ctx.fill();
      }
      glow(ctx, { x, y, radius: 0.055, colour: mix(palette.light, [255, 220, 110], 0.6), alpha: 0.95 });
    }
  },
  sway: { x: 0.008, y: 0, seconds: 4 },
};
