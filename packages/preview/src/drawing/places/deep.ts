import type { SKRSContext2D } from '@napi-rs/canvas';
import { css, mix } from '../../storyboard/colour.ts';
import type { Rgb } from '../../storyboard/plan.ts';
import { lerp, smoothstep } from '../noise.ts';
import {
  bandBox,
  createSheet,
  fullBox,
  glow,
  type Kit,
  type Layer,
  lay,
  pixels,
  type Setting,
  toLayer,
} from '../sheet.ts';
import { rays } from './rays.ts';

/** Under water: light from the surface, reefs behind each other, weed and coral. */
export function underwater(kit: Kit): Setting {
  const { w, h, random } = kit;
  const light = { x: w * random.between(0.35, 0.65), y: -h * 0.18 };
  const layers: Layer[] = [blue(kit, light), rays(kit, { ...light, strength: 0.55 })];
  for (const near of [0.3, 0.62, 1]) layers.push(reef(kit, near));
  return { layers, front: [], floorY: h * 0.62, lightX: light.x, lightY: 0 };
}

function blue(kit: Kit, light: { x: number; y: number }): Layer {
  const { palette, unit, noise, h, marginY } = kit;
  const box = fullBox(kit);
  const sheet = createSheet(box, kit.density);
  lay(
    sheet.ctx,
    pixels(box, 130, (x, y, out) => {
      const t = (y + marginY) / (h + marginY);
      const far = Math.hypot((x - light.x) / unit, ((y - light.y) / unit) * 1.25);
      const shine = Math.exp(-far * 2.3);
      const net = 1 - Math.abs(2 * noise.cloud((x / unit) * 7, (y / unit) * 16, 2) - 1);
      const caustic = net ** 5 * smoothstep(0.32, 0, t) * 0.7;
      for (let channel = 0; channel < 3; channel++) {
        const index = channel as 0 | 1 | 2; // The loop runs over the three parts of a colour.
        const water = lerp(
          lerp(palette.zenith[index], palette.sky[index], smoothstep(0, 0.45, t)),
          palette.horizon[index],
          smoothstep(0.35, 1, t),
        );
        out[channel] = Math.min(255, lerp(water, palette.light[index], Math.min(1, shine + caustic)));
      }
      out[3] = 1;
    }),
    box,
  );
  return toLayer(sheet, 0, { smooth: false });
}

/** A bank of rock with what grows on it. */
function reef(kit: Kit, near: number): Layer {
  const { w, h, marginX, marginY, random, unit, palette, noise } = kit;
  const rise = h * lerp(0.1, 0.17, near);
  const foot = h * lerp(0.82, 1.0, near);
  const bottom = near === 1 ? h + marginY : Math.min(h + marginY, foot + h * 0.015);
  const tallest = unit * lerp(0.06, 0.17, near);
  const shift = near * 70;
  // Deepest in the middle, where the subject is.
  const edge = (x: number): number =>
    foot - rise * (0.15 + 1.2 * noise.cloud((x / unit) * 2.2 + shift, 4, 3) * (0.35 + 1.3 * Math.abs(x / w - 0.5)));
  const sheet = createSheet(bandBox(kit, foot - rise * 1.2 - tallest, bottom), kit.density);
  const { ctx, box } = sheet;
  const colour = mix(mix(palette.haze, palette.ground, near), palette.shade, near * 0.6);
  for (let index = 0; index < 30; index++) {
    const x = random.between(-marginX, w + marginX);
    const tint: Rgb = random.pick([
      palette.accent,
      mix(palette.accent, [190, 90, 220], 0.6),
      mix(palette.accent, [255, 210, 110], 0.55),
      mix(palette.light, palette.ground, 0.4),
    ]);
    const grown = mix(mix(colour, tint, 0.3 + 0.4 * near * random.next()), palette.haze, 0.55 * (1 - near));
    growth(kit, ctx, {
      x,
      y: edge(x) + unit * 0.012,
      size: tallest * random.between(0.35, 1),
      colour: grown,
      lit: mix(grown, palette.light, 0.3),
    });
  }
  ctx.fillStyle = css(colour);
  ctx.beginPath();
  ctx.moveTo(box.x, bottom);
  for (let x = box.x; x <= box.x + box.w; x += unit * 0.006) ctx.lineTo(x, edge(x));
  ctx.lineTo(box.x + box.w, bottom);
  ctx.fill();
  ctx.globalCompositeOperation = 'source-atop';
  lay(
    ctx,
    pixels(box, 150, (x, y, out) => {
      const lump = noise.cloud((x / unit) * 16 + shift, (y / unit) * 16, 3);
      const lit = smoothstep(0.5, 0.72, lump) * smoothstep(unit * 0.12, 0, y - edge(x));
      out.set(palette.light);
      out[3] = lit * 0.28;
    }),
    box,
  );
  const gradient = ctx.createLinearGradient(0, foot - rise * 0.2, 0, bottom);
  gradient.addColorStop(0, css(near === 1 ? palette.shade : palette.haze, 0));
  gradient.addColorStop(
    1,
    css(near === 1 ? palette.shade : mix(palette.haze, palette.horizon, 0.5), near === 1 ? 0.75 : 0.85),
  );
  ctx.fillStyle = gradient;
  ctx.fillRect(box.x, box.y, box.w, box.h);
  ctx.globalCompositeOperation = 'source-over';
  return toLayer(sheet, near, { sway: { x: unit * 0.003 * near, y: 0, seconds: 5, phase: near } });
}

type Growth = {
  readonly x: number;
  readonly y: number;
  readonly size: number;
  readonly colour: Rgb;
  readonly lit: Rgb;
};

/** Fan, tube, ball or weed. */
function growth({ random }: Kit, ctx: SKRSContext2D, p: Growth): void {
  const gradient = ctx.createLinearGradient(0, p.y - p.size, 0, p.y);
  gradient.addColorStop(0, css(p.lit));
  gradient.addColorStop(1, css(p.colour));
  ctx.fillStyle = gradient;
  ctx.strokeStyle = gradient;
  ctx.lineCap = 'round';
  switch (random.below(4)) {
    case 0:
      branch(ctx, p.x, p.y, -Math.PI / 2, p.size * 0.34, p.size * 0.075, 4, random.between(0.34, 0.55));
      break;
    case 1:
      for (let tube = 0; tube < 5; tube++) {
        const [x, height, width] = [
          p.x + p.size * 0.13 * (tube - 2),
          p.size * random.between(0.4, 0.95),
          p.size * 0.11,
        ];
        ctx.beginPath();
        ctx.roundRect(x - width / 2, p.y - height, width, height, width / 2);
        ctx.fill();
      }
      break;
    case 2:
      ctx.beginPath();
      ctx.ellipse(p.x, p.y - p.size * 0.16, p.size * 0.34, p.size * 0.3, 0, 0, Math.PI * 2);
      ctx.fill();
      glow(ctx, { x: p.x - p.size * 0.1, y: p.y - p.size * 0.3, radius: p.size * 0.22, colour: p.lit, alpha: 0.6 });
      break;
    default:
      for (let blade = 0; blade < 6; blade++) {
        const [x, bend] = [p.x + p.size * 0.06 * (blade - 2.5), p.size * random.between(-0.22, 0.22)];
        ctx.lineWidth = p.size * 0.04;
        ctx.beginPath();
        ctx.moveTo(x, p.y);
        ctx.bezierCurveTo(
          x + bend,
          p.y - p.size * 0.4,
          x - bend,
          p.y - p.size * 0.7,
          x + bend * 0.6,
          p.y - p.size * random.between(0.8, 1.2),
        );
        ctx.stroke();
      }
  }
}

function branch(
  ctx: SKRSContext2D,
  x: number,
  y: number,
  turn: number,
  length: number,
  width: number,
  left: number,
  spread: number,
): void {
  const [toX, toY] = [x + Math.cos(turn) * length, y + Math.sin(turn) * length];
  ctx.lineWidth = width;
  ctx.beginPath();
  ctx.moveTo(x, y);
  ctx.lineTo(toX, toY);
  ctx.stroke();
  if (left === 0) return;
  for (const side of [-1, 1])
    branch(ctx, toX, toY, turn + side * spread, length * 0.76, width * 0.74, left - 1, spread);
}
