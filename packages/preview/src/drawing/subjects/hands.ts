import { Path2D } from '@napi-rs/canvas';
import { css, mix } from '../../storyboard/colour.ts';
import { moltenGlass } from './glassblower.ts';
import type { Brush, Model } from './model.ts';
import { type Joint, limb } from './shape.ts';

/** Two hands on a rod; what they make glows at its end. */
export const hands: Model = {
  height: 1.1,
  reach: 1.3,
  top: 1.2,
  stand: 'floor',
  cut: true,
  detail: (brush) => {
    const { ctx, palette } = brush;
    ctx.lineCap = 'round';
    ctx.save();
    ctx.translate(0, -0.52);
    ctx.rotate(-0.1);
    if (brush.molten) moltenGlass(ctx, palette, brush.lightSide * 0.7, 0, 0.17);
    ctx.strokeStyle = css(mix(palette.shade, palette.light, 0.3));
    ctx.lineWidth = 0.045;
    ctx.beginPath();
    ctx.moveTo(-brush.lightSide * 1.2, 0);
    ctx.lineTo(brush.lightSide * 0.6, 0);
    ctx.stroke();
    ctx.strokeStyle = css(palette.light, 0.6);
    ctx.lineWidth = 0.01;
    ctx.beginPath();
    ctx.moveTo(-brush.lightSide * 1.2, -0.014);
    ctx.lineTo(brush.lightSide * 0.6, -0.014);
    ctx.stroke();
    for (const [x, tilt] of [
      [-0.42, 0.28],
      [0.16, -0.2],
    ] as const)
      fist(brush, x, tilt);
    ctx.restore();
  },
  sway: { x: 0.01, y: 0.008, seconds: 2.6 },
};

/** A hand from its back, closed around the rod: sleeve, wrist, palm, four fingers and a thumb, each with a lit edge. */
function fist({ ctx, palette, lightSide }: Brush, x: number, tilt: number): void {
  const skin = mix(mix(palette.shade, [150, 92, 62], 0.5), palette.horizon, 0.18);
  const part = (joints: readonly Joint[], colour: typeof skin): void => {
    const path = new Path2D();
    limb(path, ...joints);
    ctx.fillStyle = css(mix(colour, palette.light, 0.75));
    ctx.fill(path);
    ctx.save();
    ctx.clip(path);
    ctx.translate(-lightSide * 0.014, 0.01);
    ctx.fillStyle = css(colour);
    ctx.fill(path);
    ctx.restore();
  };
  ctx.save();
  ctx.translate(x, 0);
  ctx.rotate(tilt);
  part(
    [
      [0, 0.17, 0.1],
      [0.02, 0.4, 0.125],
      [0.06, 1.1, 0.2],
    ],
    mix(palette.shade, palette.ground, 0.35),
  );
  part(
    [
      [-0.055, 0.055, 0.07],
      [0.055, 0.055, 0.07],
      [0, 0.17, 0.075],
    ],
    skin,
  );
  for (const [index, at] of [-0.1, -0.035, 0.03, 0.092].entries()) {
    part(
      [
        [at, 0.05, 0.034],
        [at + 0.004, -0.045, 0.032],
        [at + 0.008, -0.002 + index * 0.003, 0.026],
      ],
      mix(skin, palette.shade, 0.06 * index),
    );
  }
  part(
    [
      [-lightSide * 0.03, 0.1, 0.036],
      [lightSide * 0.06, 0.055, 0.03],
      [lightSide * 0.12, 0.02, 0.026],
    ],
    mix(skin, palette.light, 0.06),
  );
  ctx.restore();
}
