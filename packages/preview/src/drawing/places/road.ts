import type { SKRSContext2D } from '@napi-rs/canvas';
import { css, mix } from '../../storyboard/colour.ts';
import type { Rgb } from '../../storyboard/plan.ts';
import { bandBox, createSheet, glow, type Kit, type Layer, lay, pixels, toLayer } from '../sheet.ts';
import { isDark } from './city.ts';
import type { Lane } from './street.ts';

/** Something bright on the walls, for the road to mirror. */
export type StreetLight = { readonly x: number; readonly s: number; readonly colour: Rgb; readonly strength: number };

/** The road between the walls; a wet one is a broken mirror of the lights above it. */
export function road(kit: Kit, lane: Lane, lights: readonly StreetLight[]): Layer {
  const { h, palette, unit, scene } = kit;
  const box = bandBox(kit, lane.horizonY, h + kit.marginY);
  const sheet = createSheet(box, kit.density);
  const { ctx } = sheet;
  const dark = isDark(kit);
  const wet = scene.wet || (dark && scene.lights.includes('neon'));
  const gradient = ctx.createLinearGradient(0, lane.horizonY, 0, h);
  gradient.addColorStop(0, css(mix(palette.haze, dark ? palette.accent : palette.light, 0.3)));
  gradient.addColorStop(0.2, css(mix(palette.ground, palette.haze, 0.5)));
  gradient.addColorStop(1, css(mix(palette.ground, palette.shade, dark ? 0.7 : 0.35)));
  ctx.fillStyle = gradient;
  ctx.fillRect(box.x, box.y, box.w, box.h);
  pavements(kit, ctx, lane);
  ctx.globalCompositeOperation = 'lighter';
  for (const light of lights) mirror(kit, ctx, lane, light, wet ? 1 : 0.4);
  glow(ctx, {
    x: lane.vanishX,
    y: lane.horizonY + h * 0.02,
    radius: unit * 0.32,
    colour: dark ? mix(palette.accent, palette.light, 0.4) : palette.light,
    alpha: wet ? 0.6 : 0.3,
    squash: 1.2,
  });
  ctx.globalCompositeOperation = 'source-over';
  markings(kit, ctx, lane);
  if (wet) ripples(kit, ctx, box, lane);
  return toLayer(sheet, 0.5, { smooth: false });
}

function pavements(kit: Kit, ctx: SKRSContext2D, lane: Lane): void {
  const { palette } = kit;
  for (const side of [-1, 1]) {
    for (const [inner, outer, colour] of [
      [0.72, 4, mix(palette.ground, palette.haze, 0.25)],
      [0.7, 0.72, mix(palette.ground, palette.light, 0.3)],
    ] as const) {
      ctx.fillStyle = css(colour, 0.5);
      ctx.beginPath();
      ctx.moveTo(lane.vanishX, lane.horizonY);
      ctx.lineTo(lane.vanishX + side * lane.half * inner * 2.2, lane.horizonY + lane.drop * 2.2);
      ctx.lineTo(lane.vanishX + side * lane.half * outer * 2.2, lane.horizonY + lane.drop * 2.2);
      ctx.fill();
    }
  }
}

/** The image of a light: a streak towards the camera, longest for near lights. */
function mirror(kit: Kit, ctx: SKRSContext2D, lane: Lane, light: StreetLight, share: number): void {
  const { unit, random } = kit;
  const kerbY = lane.horizonY + light.s * lane.drop;
  const length = unit * (0.1 + 0.32 * Math.min(1, light.s));
  for (let part = 0; part < 3; part++) {
    ctx.save();
    ctx.translate(light.x + unit * random.between(-0.02, 0.02) * light.s, kerbY + length * random.between(0.25, 0.7));
    ctx.scale(random.between(0.1, 0.22), 1);
    glow(ctx, {
      x: 0,
      y: 0,
      radius: length * random.between(0.6, 1),
      colour: light.colour,
      alpha: 0.36 * share * light.strength,
    });
    ctx.restore();
  }
}

function markings(kit: Kit, ctx: SKRSContext2D, lane: Lane): void {
  ctx.fillStyle = css(mix(kit.palette.haze, kit.palette.light, 0.6), 0.38);
  for (let dash = 0; dash < 9; dash++) {
    const [far, near] = [1 / (0.55 + (9 - dash) * 0.75), 1 / (0.55 + (9 - dash) * 0.75 - 0.36)];
    const half = lane.half * 0.018;
    ctx.beginPath();
    ctx.moveTo(lane.vanishX - half * far, lane.horizonY + lane.drop * far);
    ctx.lineTo(lane.vanishX + half * far, lane.horizonY + lane.drop * far);
    ctx.lineTo(lane.vanishX + half * near, lane.horizonY + lane.drop * near);
    ctx.lineTo(lane.vanishX - half * near, lane.horizonY + lane.drop * near);
    ctx.fill();
  }
}

/** Still water between the stones breaks the mirror into flat pieces. */
function ripples(kit: Kit, ctx: SKRSContext2D, box: { x: number; y: number; w: number; h: number }, lane: Lane): void {
  const { noise, unit, palette } = kit;
  const rough = pixels(box, 220, (x, y, out) => {
    const near = (y - lane.horizonY) / (kit.h - lane.horizonY) + 0.05;
    const value = noise.cloud((x - lane.vanishX) / (unit * 0.09 * near), 3 / near + y / (unit * 0.03), 2);
    const bright = value > 0.5;
    for (let channel = 0; channel < 3; channel++) {
      const index = channel as 0 | 1 | 2; // The loop runs over the three parts of a colour.
      out[channel] = bright ? palette.horizon[index] : palette.shade[index];
    }
    out[3] = Math.abs(value - 0.5) * (bright ? 0.5 : 1.5);
  });
  lay(ctx, rough, box);
}
