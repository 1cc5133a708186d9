import type { SKRSContext2D } from '@napi-rs/canvas';
import { css, mix } from '../../storyboard/colour.ts';
import type { Rgb } from '../../storyboard/plan.ts';
import { lerp } from '../noise.ts';
import { createSheet, fullBox, glow, type Kit, type Layer, lay, pixels, type Setting, toLayer } from '../sheet.ts';
import { rays } from './rays.ts';
import { plank } from './rooms.ts';

type Spot = { readonly x: number; readonly y: number };

/** A dark room of brick, a furnace mouth on one side, a cold window on the other, shelves of finished work between. */
export function workshop(kit: Kit): Setting {
  const { w, h, random, unit } = kit;
  const side = random.chance(0.5) ? 1 : -1;
  const furnace = { x: w / 2 + side * Math.min(w * 0.33, unit * 0.4), y: h * 0.56 };
  const high = { x: w / 2 - side * Math.min(w * 0.34, unit * 0.42), y: h * 0.2 };
  const layers = [
    walls(kit, furnace, high),
    rays(kit, { x: high.x, y: high.y - h * 0.24, strength: 0.16 }),
    breath(kit, furnace),
  ];
  return {
    layers,
    shelf: { layer: plank(kit, furnace, h * 0.8), y: h * 0.84 },
    front: [tools(kit, side)],
    floorY: h * 1.02,
    lightX: furnace.x,
    lightY: furnace.y,
  };
}

function walls(kit: Kit, furnace: Spot, high: Spot): Layer {
  const { palette, noise, unit, random } = kit;
  // The bench hides the rest.
  const box = { ...fullBox(kit), h: kit.marginY + kit.h * 0.9 };
  const sheet = createSheet(box, kit.density);
  const cool: Rgb = mix([70, 110, 140], palette.sky, 0.4);
  lay(
    sheet.ctx,
    pixels(box, 200, (x, y, out) => {
      const [u, v] = [x / (unit * 0.062), y / (unit * 0.026)];
      const row = Math.floor(v);
      const across = u + (row % 2) * 0.5;
      const mortar = Math.min(Math.abs(across - Math.round(across)) * 2.2, Math.abs(v - Math.round(v)));
      const brick =
        (0.72 + 0.5 * noise.at(Math.floor(across) * 3.1, row * 5.3)) *
        (mortar < 0.09 ? 0.62 : 1) *
        (0.75 + 0.5 * noise.cloud((x / unit) * 8, (y / unit) * 8, 3));
      const warm = 1.15 * Math.exp((-Math.hypot(x - furnace.x, y - furnace.y) / unit) * 3.1);
      const cold = 0.4 * Math.exp((-Math.hypot(x - high.x, y - high.y) / unit) * 4.2);
      for (let channel = 0; channel < 3; channel++) {
        const index = channel as 0 | 1 | 2; // The loop runs over the three parts of a colour.
        const wall = lerp(palette.zenith[index], palette.sky[index], 0.6);
        out[channel] = Math.min(
          255,
          (wall * 0.9 +
            palette.horizon[index] * warm * 1.25 +
            palette.light[index] * warm * warm * 0.3 +
            cool[index] * cold) *
            brick,
        );
      }
      out[3] = 1;
    }),
    box,
  );
  coldWindow(kit, sheet.ctx, high);
  for (const row of [0.3, 0.46])
    shelf(kit, sheet.ctx, (furnace.x + high.x) / 2 + unit * random.between(-0.03, 0.03), kit.h * row, furnace);
  hood(kit, sheet.ctx, furnace);
  return toLayer(sheet, 0.3);
}

function hood(kit: Kit, ctx: SKRSContext2D, { x, y }: Spot): void {
  const { palette, unit, h } = kit;
  const radius = unit * 0.115;
  ctx.fillStyle = css(mix(palette.shade, palette.ground, 0.35));
  ctx.beginPath();
  ctx.moveTo(x - radius * 1.9, h);
  ctx.lineTo(x - radius * 1.75, y - radius * 1.3);
  ctx.quadraticCurveTo(x, y - radius * 2.6, x + radius * 1.75, y - radius * 1.3);
  ctx.lineTo(x + radius * 1.9, h);
  ctx.fill();
  ctx.fillRect(x - radius * 0.55, -kit.marginY, radius * 1.1, y - radius * 1.6 + kit.marginY);
  glow(ctx, { x, y, radius: radius * 3.4, colour: palette.accent, alpha: 0.6 });
  // The mouth: white in its depth, red at the rim.
  const fire = ctx.createRadialGradient(x, y + radius * 0.25, 0, x, y, radius * 1.05);
  fire.addColorStop(0, css(mix(palette.light, [255, 252, 230], 0.8)));
  fire.addColorStop(0.45, css(palette.light));
  fire.addColorStop(0.85, css(palette.accent));
  fire.addColorStop(1, css(mix(palette.accent, palette.shade, 0.55)));
  ctx.fillStyle = fire;
  ctx.beginPath();
  ctx.arc(x, y, radius, Math.PI, 0);
  ctx.lineTo(x + radius, y + radius * 0.8);
  ctx.lineTo(x - radius, y + radius * 0.8);
  ctx.closePath();
  ctx.fill();
  ctx.lineWidth = radius * 0.16;
  ctx.strokeStyle = css(mix(palette.shade, palette.accent, 0.3));
  ctx.stroke();
  const floor = ctx.createLinearGradient(0, y + radius * 0.8, 0, h);
  floor.addColorStop(0, css(palette.accent, 0.5));
  floor.addColorStop(1, css(palette.accent, 0));
  ctx.fillStyle = floor;
  ctx.fillRect(x - radius * 0.9, y + radius * 0.8, radius * 1.8, h * 0.2);
}

function coldWindow(kit: Kit, ctx: SKRSContext2D, { x, y }: Spot): void {
  const { palette, unit } = kit;
  const [width, height] = [unit * 0.2, unit * 0.24];
  const pale: Rgb = mix([150, 190, 214], palette.sky, 0.35);
  glow(ctx, { x, y, radius: width * 1.5, colour: pale, alpha: 0.35 });
  const gradient = ctx.createLinearGradient(0, y - height / 2, 0, y + height / 2);
  gradient.addColorStop(0, css(pale));
  gradient.addColorStop(1, css(mix(pale, palette.shade, 0.5)));
  ctx.fillStyle = gradient;
  ctx.fillRect(x - width / 2, y - height / 2, width, height);
  ctx.fillStyle = css(palette.shade, 0.9);
  for (let bar = 0; bar <= 4; bar++)
    ctx.fillRect(x - width / 2 + (width * bar) / 4 - unit * 0.002, y - height / 2, unit * 0.004, height);
  for (let bar = 0; bar <= 4; bar++)
    ctx.fillRect(x - width / 2, y - height / 2 + (height * bar) / 4 - unit * 0.002, width, unit * 0.004);
}

/** Glass on a shelf: dark bodies with the furnace along one edge. */
function shelf(kit: Kit, ctx: SKRSContext2D, middle: number, y: number, furnace: Spot): void {
  const { palette, random, unit } = kit;
  const half = Math.min(kit.w * 0.2, unit * 0.19);
  const towards = furnace.x > middle ? 1 : -1;
  for (let x = middle - half * 0.9; x < middle + half * 0.9; ) {
    const [width, height] = [unit * random.between(0.02, 0.04), unit * random.between(0.05, 0.1)];
    const tint = random.pick([palette.accent, palette.horizon, mix([80, 140, 150], palette.horizon, 0.4)]);
    vessel(ctx, x, y, width * 0.5, height, css(mix(tint, palette.shade, 0.62), 0.96));
    ctx.save();
    ctx.clip();
    vessel(
      ctx,
      x - towards * width * 0.14,
      y + height * 0.03,
      width * 0.5,
      height,
      css(mix(palette.shade, tint, 0.22), 0.85),
    );
    ctx.restore();
    glow(ctx, {
      x: x + towards * width * 0.22,
      y: y - height * 0.4,
      radius: width * 0.3,
      colour: palette.light,
      alpha: 0.55,
      squash: 2,
    });
    x += width * random.between(1.25, 1.8);
  }
  ctx.fillStyle = css(mix(palette.shade, palette.ground, 0.5));
  ctx.fillRect(middle - half, y, half * 2, unit * 0.011);
  ctx.fillStyle = css(palette.light, 0.4);
  ctx.fillRect(middle - half, y, half * 2, Math.max(1, unit * 0.0016));
}

/** The outline of something turned on a wheel or blown at a pipe. */
function vessel(ctx: SKRSContext2D, x: number, footY: number, half: number, height: number, fill: string): void {
  ctx.fillStyle = fill;
  ctx.beginPath();
  ctx.moveTo(x - half * 0.5, footY);
  ctx.bezierCurveTo(
    x - half * 1.5,
    footY - height * 0.3,
    x - half * 1.1,
    footY - height * 0.62,
    x - half * 0.4,
    footY - height * 0.78,
  );
  ctx.lineTo(x - half * 0.55, footY - height);
  ctx.lineTo(x + half * 0.55, footY - height);
  ctx.lineTo(x + half * 0.4, footY - height * 0.78);
  ctx.bezierCurveTo(x + half * 1.1, footY - height * 0.62, x + half * 1.5, footY - height * 0.3, x + half * 0.5, footY);
  ctx.closePath();
  ctx.fill();
}

/** The fire's light, never still. */
function breath(kit: Kit, { x, y }: Spot): Layer {
  const { unit, palette, random } = kit;
  const radius = unit * 0.22;
  const sheet = createSheet({ x: x - radius, y: y - radius, w: radius * 2, h: radius * 2 }, kit.density * 0.4);
  glow(sheet.ctx, { x, y, radius, colour: mix(palette.accent, palette.light, 0.45), alpha: 0.6 });
  return toLayer(sheet, 0.3, { blend: 'lighter', flicker: { amount: 0.55, hz: 1.7, phase: random.next() } });
}

/** Tongs and ladles hanging in front, out of focus. */
function tools(kit: Kit, side: number): Layer {
  const { w, unit, random, palette, marginY } = kit;
  const middle = w / 2 - side * w * 0.4;
  const box = { x: middle - unit * 0.16, y: -marginY, w: unit * 0.32, h: unit * 0.42 + marginY };
  const sheet = createSheet(box, kit.density * 0.3);
  const { ctx } = sheet;
  ctx.lineCap = 'round';
  for (let index = 0; index < 5; index++) {
    const x = middle + unit * (index - 2) * 0.055;
    const length = unit * random.between(0.2, 0.38);
    ctx.strokeStyle = css(mix(palette.shade, palette.accent, 0.1));
    ctx.lineWidth = unit * 0.009;
    ctx.beginPath();
    ctx.moveTo(x, -marginY);
    ctx.lineTo(x + unit * 0.004, length);
    ctx.stroke();
    ctx.fillStyle = ctx.strokeStyle;
    ctx.beginPath();
    ctx.ellipse(x + unit * 0.004, length, unit * random.between(0.012, 0.024), unit * 0.026, 0, 0, Math.PI * 2);
    ctx.fill();
  }
  return toLayer(sheet, 1.45, { sway: { x: unit * 0.002, y: 0, seconds: 4, phase: 0 } });
}
