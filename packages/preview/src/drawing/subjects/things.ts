import type { Path2D } from '@napi-rs/canvas';
import { css, mix } from '../../storyboard/colour.ts';
import type { Rgb } from '../../storyboard/plan.ts';
import { glow } from '../sheet.ts';
import type { Brush, Model } from './model.ts';
import { outline, type Point } from './shape.ts';

/** Round things: dark towards the sides, a long highlight towards the light. */
function turned({ ctx, palette, lightSide }: Brush, half: readonly Point[], colour: Rgb, alpha = 1): Path2D {
  const mirrored = [...half].reverse().map(([x, y, corner]): Point => [-x, y, corner ?? false]);
  const path = outline([...half, ...mirrored]);
  const reach = Math.max(...half.map(([x]) => x));
  const gradient = ctx.createLinearGradient(-reach * lightSide, 0, reach * lightSide, 0);
  gradient.addColorStop(0, css(mix(colour, palette.shade, 0.8), alpha));
  gradient.addColorStop(0.5, css(mix(colour, palette.shade, 0.25), alpha));
  gradient.addColorStop(0.8, css(mix(colour, palette.light, 0.55), alpha));
  gradient.addColorStop(1, css(mix(colour, palette.shade, 0.35), alpha));
  ctx.fillStyle = gradient;
  ctx.fill(path);
  return path;
}

const VASE: readonly Point[] = [
  [0.12, -1, true],
  [0.085, -0.9],
  [0.08, -0.8],
  [0.2, -0.62],
  [0.27, -0.42],
  [0.22, -0.18],
  [0.13, -0.03],
  [0.14, 0, true],
];

export const vase: Model = {
  height: 0.46,
  reach: 0.8,
  stand: 'shelf',
  detail: (brush) => {
    const { ctx, palette, molten, lightSide } = brush;
    if (!molten) {
      turned(brush, VASE, mix(palette.accent, palette.haze, 0.25));
      glow(ctx, { x: lightSide * 0.12, y: -0.48, radius: 0.14, colour: [255, 255, 255], alpha: 0.75, squash: 2.2 });
      return;
    }
    // Glass that still glows: hottest below, clearing towards the lip.
    glow(ctx, { x: 0, y: -0.4, radius: 0.8, colour: palette.accent, alpha: 0.7 });
    const path = turned(brush, VASE, palette.accent, 0.85);
    const heat = ctx.createLinearGradient(0, -1, 0, 0);
    heat.addColorStop(0, css(mix(palette.accent, palette.horizon, 0.4), 0.35));
    heat.addColorStop(0.5, css(palette.light, 0.85));
    heat.addColorStop(0.85, css(mix(palette.light, [255, 252, 225], 0.75), 0.98));
    heat.addColorStop(1, css(palette.light, 0.9));
    ctx.fillStyle = heat;
    ctx.fill(path);
    ctx.strokeStyle = css(mix(palette.accent, palette.shade, 0.2), 0.7);
    ctx.lineWidth = 0.012;
    ctx.stroke(path);
    glow(ctx, { x: lightSide * 0.11, y: -0.5, radius: 0.12, colour: [255, 255, 245], alpha: 0.9, squash: 2.4 });
  },
};

export const bottle: Model = {
  height: 0.5,
  reach: 0.7,
  stand: 'shelf',
  detail: (brush) => {
    const { ctx, palette, lightSide } = brush;
    glow(ctx, { x: 0, y: -0.4, radius: 0.6, colour: palette.accent, alpha: 0.3 });
    turned(
      brush,
      [
        [0.07, -1, true],
        [0.07, -0.8, true],
        [0.045, -0.78, true],
        [0.045, -0.7, true],
        [0.2, -0.62],
        [0.235, -0.5],
        [0.235, -0.04, true],
        [0.2, 0, true],
      ],
      mix(palette.accent, palette.light, 0.25),
      0.92,
    );
    turned(
      brush,
      [
        [0.075, -1, true],
        [0.075, -0.79, true],
      ],
      mix(palette.light, palette.ground, 0.4),
    );
    ctx.fillStyle = css(mix(palette.light, [255, 255, 255], 0.5), 0.85);
    ctx.fillRect(-0.14, -0.4, 0.28, 0.2);
    ctx.fillStyle = css(palette.shade, 0.75);
    for (const [y, w] of [
      [-0.345, 0.16],
      [-0.31, 0.1],
      [-0.26, 0.12],
    ] as const)
      ctx.fillRect(-w / 2, y, w, 0.012);
    ctx.fillStyle = css([255, 255, 255], 0.55);
    ctx.fillRect(lightSide * 0.17 - 0.012, -0.56, 0.024, 0.5);
  },
};

export const cup: Model = {
  height: 0.26,
  reach: 1.1,
  stand: 'shelf',
  detail: (brush) => {
    const { ctx, palette } = brush;
    const china = mix(palette.light, [250, 246, 240], 0.55);
    ctx.strokeStyle = css(mix(china, palette.shade, 0.35));
    ctx.lineWidth = 0.07;
    ctx.beginPath();
    ctx.ellipse(0.42, -0.38, 0.15, 0.17, 0, -1.4, 1.6);
    ctx.stroke();
    ctx.fillStyle = css(mix(china, palette.shade, 0.3));
    ctx.beginPath();
    ctx.ellipse(0, -0.03, 0.62, 0.07, 0, 0, Math.PI * 2);
    ctx.fill();
    turned(
      brush,
      [
        [0.42, -0.64, true],
        [0.4, -0.36],
        [0.28, -0.09],
        [0.16, -0.04, true],
      ],
      china,
    );
    ctx.fillStyle = css(mix(china, palette.shade, 0.12));
    ctx.beginPath();
    ctx.ellipse(0, -0.64, 0.42, 0.075, 0, 0, Math.PI * 2);
    ctx.fill();
    ctx.fillStyle = css(mix([74, 42, 22], palette.shade, 0.2));
    ctx.beginPath();
    ctx.ellipse(0, -0.63, 0.37, 0.056, 0, 0, Math.PI * 2);
    ctx.fill();
    for (let puff = 0; puff < 9; puff++)
      glow(ctx, {
        x: 0.1 * Math.sin(puff * 1.1),
        y: -0.72 - puff * 0.11,
        radius: 0.1 + puff * 0.018,
        colour: [255, 255, 255],
        alpha: 0.26 - puff * 0.025,
      });
  },
};

export const fruit: Model = {
  height: 0.3,
  reach: 1.2,
  stand: 'shelf',
  detail: (brush) => {
    const { ctx, palette, lightSide } = brush;
    const kinds: readonly Rgb[] = [
      [214, 66, 48],
      [240, 160, 52],
      [226, 200, 74],
      [150, 176, 70],
      [190, 50, 70],
      [240, 140, 60],
    ];
    for (const [index, [x, y]] of (
      [
        [-0.42, -0.42],
        [0.02, -0.5],
        [0.42, -0.42],
        [-0.2, -0.72],
        [0.22, -0.74],
        [0, -0.95],
      ] as const
    ).entries()) {
      const colour = mix(kinds[index] ?? palette.accent, palette.accent, 0.2);
      const gradient = ctx.createRadialGradient(x + lightSide * 0.09, y - 0.1, 0.02, x, y, 0.25);
      gradient.addColorStop(0, css(mix(colour, palette.light, 0.75)));
      gradient.addColorStop(0.45, css(colour));
      gradient.addColorStop(1, css(mix(colour, palette.shade, 0.75)));
      ctx.fillStyle = gradient;
      ctx.beginPath();
      ctx.arc(x, y, 0.24, 0, Math.PI * 2);
      ctx.fill();
    }
    turned(
      brush,
      [
        [0.78, -0.4, true],
        [0.66, -0.16],
        [0.3, -0.02],
        [0.26, 0, true],
      ],
      mix(palette.haze, palette.ground, 0.4),
    );
  },
};

export const book: Model = {
  height: 0.2,
  reach: 1.7,
  stand: 'shelf',
  detail: ({ ctx, palette }) => {
    for (const side of [-1, 1]) {
      const page = outline([
        [0, -0.52, true],
        [side * 0.45, -0.72],
        [side * 1.1, -0.62, true],
        [side * 1.35, -0.06, true],
        [side * 0.5, -0.16],
        [0, 0.02, true],
      ]);
      const gradient = ctx.createLinearGradient(0, 0, side * 1.3, 0);
      gradient.addColorStop(0, css(mix([244, 236, 218], palette.shade, 0.45)));
      gradient.addColorStop(0.4, css(mix([250, 244, 230], palette.light, 0.4)));
      gradient.addColorStop(1, css(mix([244, 236, 218], palette.shade, 0.25)));
      ctx.fillStyle = gradient;
      ctx.fill(page);
      ctx.strokeStyle = css(palette.shade, 0.3);
      ctx.lineWidth = 0.018;
      for (let line = 0; line < 5; line++) {
        ctx.beginPath();
        ctx.moveTo(side * 0.18, -0.47 + line * 0.085);
        ctx.quadraticCurveTo(side * 0.55, -0.62 + line * 0.09, side * (1.0 + line * 0.03), -0.54 + line * 0.09);
        ctx.stroke();
      }
    }
    glow(ctx, { x: 0, y: -0.6, radius: 1, colour: palette.light, alpha: 0.3 });
  },
};

export const screen: Model = {
  height: 0.42,
  reach: 1,
  stand: 'shelf',
  detail: ({ ctx, palette }) => {
    glow(ctx, { x: 0, y: -0.55, radius: 1, colour: mix(palette.light, [150, 200, 255], 0.5), alpha: 0.45 });
    ctx.fillStyle = css(palette.shade);
    ctx.beginPath();
    ctx.roundRect(-0.74, -1, 1.48, 0.9, 0.035);
    ctx.fill();
    const gradient = ctx.createLinearGradient(-0.7, -1, 0.7, -0.1);
    gradient.addColorStop(0, css(mix(palette.light, [190, 222, 255], 0.5)));
    gradient.addColorStop(0.6, css(mix(palette.accent, palette.light, 0.35)));
    gradient.addColorStop(1, css(mix(palette.accent, palette.sky, 0.5)));
    ctx.fillStyle = gradient;
    ctx.fillRect(-0.7, -0.96, 1.4, 0.82);
    ctx.fillStyle = css(mix(palette.shade, palette.haze, 0.4));
    ctx.beginPath();
    ctx.moveTo(-0.78, -0.1);
    ctx.lineTo(0.78, -0.1);
    ctx.lineTo(0.94, 0);
    ctx.lineTo(-0.94, 0);
    ctx.fill();
  },
};
