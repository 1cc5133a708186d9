import { Path2D } from '@napi-rs/canvas';
import { css, mix } from '../../storyboard/colour.ts';
import { glow } from '../sheet.ts';
import type { Brush, Model } from './model.ts';
import { ball, limb, outline, type Point } from './shape.ts';

const FISH: readonly Point[] = [
  [0.62, -0.5, true],
  [0.4, -0.74],
  [0.05, -0.86],
  [-0.3, -0.68],
  [-0.48, -0.56],
  [-0.72, -0.8, true],
  [-0.64, -0.5],
  [-0.72, -0.2, true],
  [-0.48, -0.44],
  [-0.3, -0.32],
  [0.05, -0.16],
  [0.4, -0.27],
];

/** A shoal: one in front, others behind it in the haze. */
export const fish: Model = {
  height: 0.5,
  reach: 3,
  stand: 'air',
  detail: (brush) => {
    const { random } = brush;
    for (let index = 0; index < 16; index++) {
      const near = index / 15;
      const size = 0.14 + 0.26 * near * random.between(0.7, 1) + (index === 15 ? 0.4 : 0);
      const [x, y] = index === 15 ? [0.1, -0.5] : [random.between(-2.6, 2.6), random.between(-1.25, 0.35)];
      swimmer(brush, x, y, size, near);
    }
  },
  sway: { x: 0.45, y: 0.08, seconds: 7 },
};

function swimmer({ ctx, palette, random }: Brush, x: number, y: number, size: number, near: number): void {
  ctx.save();
  ctx.translate(x, y);
  ctx.scale(size, size);
  ctx.rotate(random.between(-0.16, 0.16));
  ctx.translate(0, 0.5);
  const path = outline(FISH);
  const colour = mix(
    random.pick([palette.accent, mix(palette.accent, [255, 214, 90], 0.6), mix(palette.light, palette.accent, 0.3)]),
    palette.haze,
    0.65 * (1 - near),
  );
  const gradient = ctx.createLinearGradient(0, -0.9, 0, -0.1);
  gradient.addColorStop(0, css(mix(colour, palette.light, 0.45)));
  gradient.addColorStop(0.45, css(colour));
  gradient.addColorStop(1, css(mix(colour, palette.shade, 0.55)));
  ctx.fillStyle = gradient;
  ctx.fill(path);
  ctx.save();
  ctx.clip(path);
  ctx.fillStyle = css(mix(palette.light, [255, 255, 255], 0.4), 0.5 * near);
  for (const stripe of [0.24, -0.12]) ctx.fillRect(stripe, -1, 0.09, 1);
  ctx.restore();
  ctx.fillStyle = css(palette.shade, 0.9);
  ctx.beginPath();
  ctx.arc(0.42, -0.56, 0.045, 0, Math.PI * 2);
  ctx.fill();
  ctx.restore();
}

const WHALE: readonly Point[] = [
  [1.05, -0.5],
  [0.98, -0.68],
  [0.7, -0.84],
  [0.25, -0.9],
  [-0.25, -0.78],
  [-0.7, -0.6],
  [-0.98, -0.56],
  [-1.28, -0.82, true],
  [-1.2, -0.52],
  [-1.34, -0.3, true],
  [-0.98, -0.44],
  [-0.6, -0.36],
  [-0.1, -0.2],
  [0.45, -0.14],
  [0.85, -0.24],
];
export const whale: Model = {
  height: 0.85,
  reach: 1.5,
  stand: 'air',
  shape: () => {
    const path = outline(WHALE);
    outline(
      [
        [0.35, -0.22],
        [0.2, 0.02],
        [-0.06, 0.12, true],
        [0.02, -0.1],
        [0.1, -0.26],
      ],
      path,
    );
    return path;
  },
  detail: ({ ctx, palette }) => {
    ctx.strokeStyle = css(palette.haze, 0.5);
    ctx.lineWidth = 0.012;
    for (let fold = 0; fold < 5; fold++) {
      ctx.beginPath();
      ctx.moveTo(1.0 - fold * 0.03, -0.4 + fold * 0.035);
      ctx.quadraticCurveTo(0.6, -0.25 + fold * 0.025, 0.15 - fold * 0.03, -0.24 + fold * 0.02);
      ctx.stroke();
    }
    ctx.fillStyle = css(palette.light, 0.8);
    ctx.beginPath();
    ctx.arc(0.78, -0.52, 0.014, 0, Math.PI * 2);
    ctx.fill();
  },
  sway: { x: 0.08, y: 0.06, seconds: 7 },
};

export const turtle: Model = {
  height: 0.4,
  reach: 1,
  stand: 'air',
  shape: () => {
    const path = new Path2D();
    ball(path, 0, -0.5, 0.5, 0.27, -0.12);
    limb(path, [0.45, -0.56, 0.11], [0.66, -0.62, 0.12]);
    outline(
      [
        [0.3, -0.4],
        [0.36, -0.05],
        [0.16, 0.22, true],
        [0.12, -0.1],
        [0.1, -0.35],
      ],
      path,
    );
    outline(
      [
        [0.32, -0.62],
        [0.5, -0.9],
        [0.4, -1.08, true],
        [0.22, -0.86],
        [0.16, -0.66],
      ],
      path,
    );
    outline(
      [
        [-0.38, -0.4],
        [-0.66, -0.26],
        [-0.74, -0.12, true],
        [-0.5, -0.22],
        [-0.3, -0.32],
      ],
      path,
    );
    return path;
  },
  detail: ({ ctx, palette }) => {
    ctx.strokeStyle = css(palette.light, 0.3);
    ctx.lineWidth = 0.014;
    for (let plate = 0; plate < 5; plate++) {
      ctx.beginPath();
      ctx.ellipse(-0.3 + plate * 0.15, -0.55 - 0.1 * Math.sin((plate / 4) * Math.PI), 0.08, 0.1, -0.12, 0, Math.PI * 2);
      ctx.stroke();
    }
  },
  sway: { x: 0.1, y: 0.1, seconds: 5 },
};

export const jellyfish: Model = {
  height: 0.6,
  reach: 0.8,
  stand: 'air',
  detail: ({ ctx, palette, random }) => {
    glow(ctx, { x: 0, y: -0.72, radius: 0.75, colour: palette.accent, alpha: 0.55 });
    ctx.lineCap = 'round';
    for (let strand = 0; strand < 15; strand++) {
      const x = -0.28 + strand * 0.04;
      ctx.strokeStyle = css(mix(palette.light, palette.accent, random.next()), 0.55);
      ctx.lineWidth = strand % 3 === 0 ? 0.022 : 0.007;
      ctx.beginPath();
      ctx.moveTo(x, -0.62);
      ctx.bezierCurveTo(
        x + random.between(-0.12, 0.12),
        -0.4,
        x * 1.4 + random.between(-0.14, 0.14),
        -0.2,
        x * 1.5 + random.between(-0.1, 0.1),
        random.between(-0.05, 0.25),
      );
      ctx.stroke();
    }
    const dome = outline([
      [-0.36, -0.6, true],
      [-0.34, -0.82],
      [-0.18, -0.98],
      [0, -1.02],
      [0.18, -0.98],
      [0.34, -0.82],
      [0.36, -0.6, true],
      [0.18, -0.65],
      [0, -0.61],
      [-0.18, -0.65],
    ]);
    const gradient = ctx.createRadialGradient(0, -0.9, 0.05, 0, -0.75, 0.42);
    gradient.addColorStop(0, css(mix(palette.light, [255, 255, 255], 0.4), 0.95));
    gradient.addColorStop(0.5, css(palette.accent, 0.65));
    gradient.addColorStop(1, css(mix(palette.accent, palette.light, 0.4), 0.9));
    ctx.fillStyle = gradient;
    ctx.fill(dome);
  },
  sway: { x: 0.05, y: 0.13, seconds: 4 },
};
