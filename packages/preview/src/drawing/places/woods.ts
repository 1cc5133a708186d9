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
import { grass } from './land.ts';
import { rays } from './rays.ts';

/** Trunks behind trunks in lit haze, leaves closing the top. */
export function forest(kit: Kit): Setting {
  const { w, h, random, scene } = kit;
  const light = { x: w * random.between(0.35, 0.65), y: h * 0.3 };
  const layers: Layer[] = [distance(kit, light)];
  for (const near of [0.45, 0.72]) layers.push(...trunks(kit, near, near < 0.5 ? 5 : 3));
  layers.push(ground(kit));
  if (scene.hour !== 'night' || scene.lights.includes('moon'))
    layers.push(rays(kit, { ...light, y: -h * 0.1, strength: 0.5 }));
  const front = [...trunks(kit, 1.2, 2), canopy(kit), grass(kit, h * 0.92)];
  return { layers, front, floorY: h * 0.88, lightX: light.x, lightY: light.y };
}

/** The haze, with the farthest trees drowned in it. */
function distance(kit: Kit, light: { x: number; y: number }): Layer {
  const { palette, h, unit, noise, random, marginX, w, scene } = kit;
  const box = fullBox(kit);
  const sheet = createSheet(box, kit.density);
  const { ctx } = sheet;
  const night = scene.hour === 'night' || scene.hour === 'dusk';
  const green: Rgb = mix(palette.haze, [92, 140, 96], night ? 0.12 : 0.35);
  const bright = mix(palette.light, palette.horizon, 0.4);
  lay(
    ctx,
    pixels(box, 120, (x, y, out) => {
      const far = Math.hypot((x - light.x) / unit, ((y - light.y) / unit) * 0.8);
      const shine = Math.exp(-far * 3.2) * (night ? 0.5 : 0.95);
      const leaf = noise.cloud((x / unit) * 9, (y / unit) * 9, 3);
      const dim = 0.42 + 0.35 * smoothstep(0.3, 0.7, leaf) + 0.2 * smoothstep(h * 0.2, h * 0.6, y);
      for (let channel = 0; channel < 3; channel++) {
        const index = channel as 0 | 1 | 2; // The loop runs over the three parts of a colour.
        out[channel] = lerp(green[index] * dim, bright[index], Math.min(1, shine * (0.55 + 0.6 * leaf)));
      }
      out[3] = 1;
    }),
    box,
  );
  for (let index = 0; index < 26; index++) {
    const x = random.between(-marginX, w + marginX);
    const near = random.between(0.05, 0.3);
    const shine = Math.exp(-Math.abs(x - light.x) / (unit * 0.2));
    trunk(
      kit,
      ctx,
      x,
      unit * lerp(0.006, 0.022, near),
      mix(mix(green, palette.shade, 0.25 + near), bright, shine * 0.5),
      h * 0.8,
    );
  }
  return toLayer(sheet, 0.06, { smooth: false });
}

/** Each near trunk is a layer of its own: together they cover little of the frame, in one layer all of it. */
function trunks(kit: Kit, near: number, count: number): readonly Layer[] {
  const { w, h, marginX, marginY, random, unit, palette } = kit;
  const colour = mix(mix(palette.haze, palette.ground, near), palette.shade, Math.min(0.97, near * 0.95));
  return Array.from({ length: count }, (_, index) => {
    const aside = near > 1 ? (index % 2 === 0 ? -0.04 : 1.03) : (index + random.between(0.15, 0.85)) / count;
    const x = lerp(-marginX * 0.6, w + marginX * 0.6, aside);
    const width = unit * lerp(0.012, 0.075, near ** 1.5) * random.between(0.75, 1.25);
    const box = { x: x - width * 1.15, y: -marginY, w: width * 2.3, h: h + 2 * marginY };
    const sheet = createSheet(box, kit.density);
    trunk(kit, sheet.ctx, x, width, colour, h * lerp(0.72, 1.08, near));
    return toLayer(sheet, near);
  });
}

function trunk(kit: Kit, ctx: SKRSContext2D, x: number, width: number, colour: Rgb, footY: number): void {
  const { random, marginY, palette } = kit;
  const lean = width * random.between(-0.8, 0.8);
  const top = -marginY;
  const gradient = ctx.createLinearGradient(x - width / 2, 0, x + width / 2, 0);
  gradient.addColorStop(0, css(mix(colour, palette.light, 0.16)));
  gradient.addColorStop(0.35, css(colour));
  gradient.addColorStop(1, css(mix(colour, palette.shade, 0.55)));
  ctx.fillStyle = gradient;
  ctx.beginPath();
  ctx.moveTo(x - width * 0.85, footY);
  ctx.quadraticCurveTo(x - width * 0.45, footY - width * 2, x - width * 0.42 + lean, top);
  ctx.lineTo(x + width * 0.42 + lean, top);
  ctx.quadraticCurveTo(x + width * 0.45, footY - width * 2, x + width * 0.9, footY);
  ctx.fill();
  ctx.strokeStyle = css(colour);
  for (let branch = 0; branch < 3; branch++) {
    const y = lerp(top, footY, random.between(0.12, 0.6));
    const side = random.chance(0.5) ? 1 : -1;
    ctx.lineWidth = Math.max(1, width * random.between(0.08, 0.17));
    ctx.beginPath();
    ctx.moveTo(x + lean * 0.5, y);
    ctx.quadraticCurveTo(
      x + side * width * 0.7,
      y - width * 0.3,
      x + side * width * 1.1,
      y - width * random.between(0.7, 1.6),
    );
    ctx.stroke();
  }
}

function ground(kit: Kit): Layer {
  const { h, marginY, palette, unit, noise } = kit;
  const top = h * 0.7;
  const box = bandBox(kit, top, h + marginY);
  const sheet = createSheet(box, kit.density);
  const white = kit.scene.snowy;
  const floor: Rgb = white ? mix(palette.ground, palette.light, 0.15) : mix(palette.ground, [70, 96, 48], 0.35);
  lay(
    sheet.ctx,
    pixels(box, 170, (x, y, out) => {
      const near = (y - top) / (h - top);
      const edge = top + (noise.cloud((x / unit) * 3, 8, 2) - 0.3) * unit * 0.09;
      const patch = noise.cloud((x - kit.w / 2) / (unit * (0.05 + 0.1 * near)), y / (unit * (0.012 + 0.03 * near)), 3);
      for (let channel = 0; channel < 3; channel++) {
        const index = channel as 0 | 1 | 2; // The loop runs over the three parts of a colour.
        const lit = lerp(palette.haze[index], floor[index], Math.min(1, near * 1.7 + 0.2)) * (0.55 + 0.75 * patch);
        out[channel] = Math.min(
          255,
          lerp(lit, palette.shade[index], smoothstep(0.35, 1.25, near) * (white ? 0.5 : 0.8)),
        );
      }
      out[3] = smoothstep(-unit * 0.012, unit * 0.03, y - edge);
    }),
    box,
  );
  return toLayer(sheet, 0.8, { smooth: false });
}

/** Leaves hanging into the picture from above, dark against the light. */
function canopy(kit: Kit): Layer {
  const { w, h, marginX, marginY, random, unit, palette, noise } = kit;
  const sheet = createSheet(bandBox(kit, -marginY, h * 0.19), kit.density * 0.6);
  const { ctx } = sheet;
  for (let index = 0; index < 420; index++) {
    const x = random.between(-marginX, w + marginX);
    const reach = h * (0.01 + 0.2 * Math.abs(x / w - 0.5) + 0.1 * noise.at((x / unit) * 5, 2));
    const y = -marginY + (reach + marginY) * random.next();
    const size = unit * random.between(0.006, 0.016);
    ctx.fillStyle = css(mix(palette.shade, mix(palette.ground, [74, 110, 60], 0.4), random.next() * 0.5), 0.95);
    ctx.beginPath();
    ctx.ellipse(x, y, size, size * 0.5, random.between(0, 3.2), 0, Math.PI * 2);
    ctx.fill();
  }
  glow(ctx, { x: w * 0.5, y: 0, radius: unit * 0.2, colour: palette.light, alpha: 0.1 });
  return toLayer(sheet, 1.15, { sway: { x: unit * 0.004, y: unit * 0.001, seconds: 6, phase: random.next() } });
}
