import { css, mix } from '../../storyboard/colour.ts';
import { glow } from '../sheet.ts';
import type { Model } from './model.ts';
import { outline } from './shape.ts';

export const plane: Model = {
  height: 0.45,
  reach: 1.9,
  stand: 'air',
  shape: () => {
    const path = outline([
      [1.6, -0.45],
      [1.35, -0.6],
      [0.6, -0.64],
      [-0.9, -0.62],
      [-1.28, -1.0, true],
      [-1.48, -1.0, true],
      [-1.4, -0.56],
      [-1.2, -0.46],
      [0.4, -0.32],
      [1.35, -0.34],
    ]);
    outline(
      [
        [0.3, -0.44, true],
        [-0.35, -0.05, true],
        [-0.58, -0.03, true],
        [-0.2, -0.46, true],
      ],
      path,
    );
    outline(
      [
        [-1.05, -0.52, true],
        [-1.5, -0.36, true],
        [-1.62, -0.37, true],
        [-1.35, -0.56, true],
      ],
      path,
    );
    path.roundRect(-0.22, -0.3, 0.42, 0.13, 0.06);
    return path;
  },
  detail: ({ ctx, palette }) => {
    ctx.fillStyle = css(palette.light, 0.75);
    for (let pane = 0; pane < 16; pane++) ctx.fillRect(-0.85 + pane * 0.12, -0.54, 0.045, 0.04);
    const trail = ctx.createLinearGradient(-1.4, 0, -1.9, 0);
    trail.addColorStop(0, css(palette.light, 0.45));
    trail.addColorStop(1, css(palette.light, 0));
    ctx.fillStyle = trail;
    ctx.fillRect(-1.9, -0.5, 0.5, 0.03);
  },
  sway: { x: 0.2, y: 0.05, seconds: 9 },
};

export const balloon: Model = {
  height: 1.15,
  reach: 0.55,
  stand: 'air',
  detail: ({ ctx, palette, lightSide, dark, random }) => {
    const stripes = [
      palette.accent,
      mix(palette.light, [255, 255, 255], 0.3),
      mix(palette.accent, palette.shade, 0.35),
      mix(palette.horizon, palette.accent, 0.3),
    ];
    const envelope = outline([
      [0, -1],
      [0.26, -0.93],
      [0.375, -0.73],
      [0.32, -0.5],
      [0.1, -0.25, true],
      [-0.1, -0.25, true],
      [-0.32, -0.5],
      [-0.375, -0.73],
      [-0.26, -0.93],
    ]);
    ctx.save();
    ctx.clip(envelope);
    const first = random.below(4);
    for (let gore = 0; gore < 9; gore++) {
      const from = Math.sin(((gore - 4.5) / 9) * Math.PI) * 0.39;
      const to = Math.sin(((gore - 3.5) / 9) * Math.PI) * 0.39;
      ctx.fillStyle = css(stripes[(gore + first) % 4] ?? palette.accent);
      ctx.fillRect(from, -1.02, to - from + 0.002, 0.8);
    }
    const shade = ctx.createLinearGradient(-0.38 * lightSide, 0, 0.38 * lightSide, 0);
    shade.addColorStop(0, css(palette.shade, 0.75));
    shade.addColorStop(0.65, css(palette.shade, 0.1));
    shade.addColorStop(1, css(palette.light, 0.4));
    ctx.fillStyle = shade;
    ctx.fillRect(-0.4, -1.02, 0.8, 0.8);
    ctx.restore();
    ctx.strokeStyle = css(palette.shade);
    ctx.lineWidth = 0.005;
    ctx.beginPath();
    for (const x of [-0.08, 0.08]) {
      ctx.moveTo(x, -0.25);
      ctx.lineTo(x * 0.65, -0.1);
    }
    ctx.stroke();
    ctx.fillStyle = css(mix(palette.shade, palette.ground, 0.3));
    ctx.fillRect(-0.06, -0.1, 0.12, 0.09);
    if (dark) glow(ctx, { x: 0, y: -0.35, radius: 0.4, colour: [255, 180, 90], alpha: 0.7 });
  },
  sway: { x: 0.04, y: 0.05, seconds: 8 },
};

export const spaceship: Model = {
  height: 0.55,
  reach: 2.3,
  stand: 'air',
  shape: () => {
    const path = outline([
      [1.6, -0.46, true],
      [0.9, -0.64],
      [0.2, -0.76],
      [-0.5, -0.74],
      [-1.1, -0.66],
      [-1.2, -0.5, true],
      [-1.1, -0.32],
      [-0.2, -0.26],
      [0.9, -0.34],
    ]);
    outline(
      [
        [0.1, -0.7, true],
        [-0.5, -1.0, true],
        [-1.05, -1.02, true],
        [-0.75, -0.66, true],
      ],
      path,
    );
    outline(
      [
        [0.1, -0.3, true],
        [-0.55, -0.02, true],
        [-1.15, 0.02, true],
        [-0.75, -0.34, true],
      ],
      path,
    );
    return path;
  },
  detail: ({ ctx, palette }) => {
    const flame = ctx.createLinearGradient(-1.15, 0, -2.2, 0);
    flame.addColorStop(0, css(mix(palette.light, [255, 255, 255], 0.6), 0.95));
    flame.addColorStop(0.25, css(palette.accent, 0.7));
    flame.addColorStop(1, css(palette.accent, 0));
    ctx.fillStyle = flame;
    for (const y of [-0.62, -0.42]) {
      ctx.beginPath();
      ctx.moveTo(-1.12, y - 0.07);
      ctx.quadraticCurveTo(-1.6, y, -2.2, y);
      ctx.quadraticCurveTo(-1.6, y + 0.02, -1.12, y + 0.07);
      ctx.fill();
      glow(ctx, { x: -1.16, y, radius: 0.3, colour: palette.accent, alpha: 0.9 });
    }
    ctx.fillStyle = css(palette.light, 0.85);
    for (let pane = 0; pane < 9; pane++) ctx.fillRect(-0.5 + pane * 0.14, -0.58 + pane * 0.006, 0.06, 0.022);
    glow(ctx, { x: 0.95, y: -0.52, radius: 0.2, colour: palette.light, alpha: 0.6 });
  },
  sway: { x: 0.1, y: 0.05, seconds: 7 },
};
