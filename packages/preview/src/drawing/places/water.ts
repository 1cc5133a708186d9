import { css, luma, mix, scale } from '../../storyboard/colour.ts';
import type { Rgb } from '../../storyboard/plan.ts';
import { clamp, lerp, smoothstep } from '../noise.ts';
import {
  type Box,
  bandBox,
  createSheet,
  type Kit,
  type Layer,
  lay,
  pixels,
  type Setting,
  type Sheet,
  toLayer,
} from '../sheet.ts';
import { fir, grass } from './land.ts';
import { palm } from './palm.ts';
import { outlineOf, ridge } from './ridge.ts';
import { type Sun, sky, sunOf } from './sky.ts';

/** Sea, beach and lake: water under a sky, mirroring its light. */
export function water(kit: Kit): Setting {
  const { h, scene } = kit;
  const horizonY = h * (scene.place === 'lake' ? 0.54 : 0.56);
  const sun = sunOf(kit, horizonY);
  const layers: Layer[] = [sky(kit, horizonY, sun)];
  if (scene.place === 'lake') layers.push(...shores(kit, horizonY, sun));
  else if (kit.random.chance(0.6)) layers.push(headland(kit, horizonY, sun));
  const nearY = h * (scene.place === 'beach' ? 0.8 : 0.74);
  layers.push(surface(kit, { top: horizonY, bottom: nearY + h * 0.05, sun, depth: 0.3, near: 0 }));
  const shore = scene.place === 'beach' ? sand(kit, nearY) : undefined;
  if (shore === undefined) layers.push(surface(kit, { top: nearY, bottom: h + kit.marginY, sun, depth: 0.9, near: 1 }));
  else layers.push(shore);
  layers.push(glitter(kit, sun, horizonY, shore === undefined ? h : nearY));
  if (scene.place === 'lake') layers.push(bank(kit, sun));
  const front = scene.place === 'lake' ? [grass(kit, h * 0.9)] : scene.place === 'beach' ? [palm(kit)] : [];
  return {
    layers,
    front,
    floorY: h * (scene.place === 'beach' ? 0.88 : scene.place === 'lake' ? 0.92 : 0.8),
    lightX: sun.x,
    lightY: sun.y,
  };
}

/** The near shore of a lake. */
function bank(kit: Kit, sun: Sun): Layer {
  const { h, palette } = kit;
  const options = { footY: h * 0.99, rise: h * 0.12, rock: 0, peaks: 1.3 };
  const grown = mix([88, 110, 62], palette.ground, kit.scene.snowy ? 1 : 0.45);
  const colour = mix(scale(grown, 0.35 + 0.5 * (luma(palette.horizon) / 255)), palette.shade, 0.35);
  const outline = outlineOf(kit, options);
  const sheet = ridge(
    kit,
    {
      ...options,
      bottomY: h + kit.marginY,
      colour,
      foot: palette.shade,
      snow: kit.scene.snowy ? 1.2 : 0,
      lightX: sun.x,
      veil: 0,
    },
    outline,
  );
  return toLayer(sheet, 1);
}

type Surface = {
  readonly top: number;
  readonly bottom: number;
  readonly sun: Sun;
  readonly depth: number;
  readonly near: number;
};

/** Water from a height down: the sky mirrored, broken by waves that grow towards the camera. */
function surface(kit: Kit, p: Surface): Layer {
  const { palette, noise, unit, scene, w } = kit;
  const box = bandBox(kit, p.near === 0 ? p.top : p.top - unit * 0.012, p.bottom);
  const sheet = createSheet(box, kit.density);
  const rough = scene.weather.includes('storm') ? 1.7 : scene.place === 'lake' ? 0.55 : 1;
  const shift = kit.random.between(0, 100);
  const deep = mix(palette.ground, palette.zenith, 0.35);
  const horizonY = kit.h * 0.55;
  const paint = (x: number, y: number, out: Float32Array): void => {
    const near = clamp((y - horizonY) / (kit.h - horizonY));
    const size = 0.012 + 0.16 * near;
    const wave = noise.cloud((x - w / 2) / (unit * size * 2.2) + shift, y / unit / (size * 0.22) + shift, 3) - 0.5;
    const mirror = clamp(0.62 - 0.5 * near + wave * rough * 1.25);
    const path =
      Math.exp(-(((x - p.sun.x) / (unit * (0.05 + 0.25 * near))) ** 2)) * smoothstep(0.02, 0.2, wave + 0.1) * 0.75;
    for (let channel = 0; channel < 3; channel++) {
      const index = channel as 0 | 1 | 2; // The loop runs over the three parts of a colour.
      const seen = lerp(palette.horizon[index], palette.sky[index], clamp(near * 1.6));
      const body = lerp(deep[index], palette.shade[index], near * 0.45);
      out[channel] = Math.min(255, lerp(lerp(body, seen, mirror), palette.light[index], path));
    }
    out[3] = 1;
  };
  lay(sheet.ctx, pixels(box, 200, paint), box);
  if (p.near === 1) softTop(sheet, unit * 0.03);
  else horizonHaze(kit, sheet, p.top);
  crests(kit, sheet, rough);
  return toLayer(sheet, p.depth, p.near === 1 ? { sway: { x: 0, y: unit * 0.004 * rough, seconds: 4, phase: 0 } } : {});
}

/** Lets the layer's upper edge fade into the one behind it. */
function softTop({ ctx, box }: Sheet, height: number): void {
  ctx.globalCompositeOperation = 'destination-in';
  const gradient = ctx.createLinearGradient(0, box.y, 0, box.y + height);
  gradient.addColorStop(0, 'rgba(0,0,0,0)');
  gradient.addColorStop(1, 'rgba(0,0,0,1)');
  ctx.fillStyle = gradient;
  ctx.fillRect(box.x, box.y, box.w, box.h);
  ctx.globalCompositeOperation = 'source-over';
}

function horizonHaze(kit: Kit, { ctx, box }: Sheet, top: number): void {
  const gradient = ctx.createLinearGradient(0, top, 0, top + kit.unit * 0.07);
  gradient.addColorStop(0, css(mix(kit.palette.horizon, kit.palette.haze, 0.4), 0.85));
  gradient.addColorStop(1, css(kit.palette.haze, 0));
  ctx.fillStyle = gradient;
  ctx.fillRect(box.x, top, box.w, kit.unit * 0.07);
}

/** Single bright lines where waves catch the light. */
function crests(kit: Kit, { ctx, box }: Sheet, rough: number): void {
  const { random, unit, palette } = kit;
  const horizonY = kit.h * 0.55;
  for (let index = 0; index < 90; index++) {
    const y = random.between(box.y + unit * 0.02, box.y + box.h);
    const near = clamp((y - horizonY) / (kit.h - horizonY));
    const x = random.between(box.x, box.x + box.w);
    const length = unit * (0.008 + 0.1 * near) * random.between(0.5, 1.4);
    ctx.strokeStyle = css(mix(palette.light, palette.horizon, 0.5), random.between(0.06, 0.22) * Math.min(1.3, rough));
    ctx.lineWidth = unit * (0.0008 + 0.0022 * near);
    ctx.beginPath();
    ctx.moveTo(x - length, y);
    ctx.quadraticCurveTo(x, y - length * 0.08 * rough, x + length, y);
    ctx.stroke();
  }
}

/** The path of the sun on the water, glinting. */
function glitter(kit: Kit, sun: Sun, top: number, bottom: number): Layer {
  const { random, unit, palette } = kit;
  const half = unit * 0.24;
  const box: Box = { x: sun.x - half, y: top, w: half * 2, h: Math.max(1, bottom - top) };
  const sheet = createSheet(box, kit.density);
  for (let index = 0; index < 150; index++) {
    const near = random.next() ** 1.3;
    const y = top + near * box.h;
    const reach = half * (0.12 + 0.75 * near);
    const x = sun.x + reach * (random.next() + random.next() - 1);
    const size = unit * (0.0015 + 0.006 * near) * random.between(0.5, 1.5);
    sheet.ctx.fillStyle = css(
      mix(palette.light, [255, 255, 255], 0.4),
      random.between(0.25, 0.85) * (sun.isMoon ? 0.6 : 1),
    );
    sheet.ctx.beginPath();
    sheet.ctx.ellipse(x, y, size * 2.4, size * 0.34, 0, 0, Math.PI * 2);
    sheet.ctx.fill();
  }
  return toLayer(sheet, 0.25, {
    blend: 'lighter',
    flicker: { amount: 0.65, hz: 0.9, phase: random.next() },
    sway: { x: unit * 0.004, y: 0, seconds: 2.3, phase: 0 },
  });
}

function headland(kit: Kit, horizonY: number, sun: Sun): Layer {
  const { palette, h } = kit;
  const options = { footY: horizonY + h * 0.012, rise: h * 0.12, rock: 0.7, peaks: 1.2 };
  const colour = mix(palette.haze, palette.ground, 0.45);
  const sheet = ridge(
    kit,
    { ...options, bottomY: horizonY + h * 0.012, colour, foot: palette.haze, snow: 0, lightX: sun.x, veil: 0.6 },
    outlineOf(kit, options),
  );
  // One end sinks into the sea.
  const { ctx, box } = sheet;
  const [from, to] = sun.x > kit.w / 2 ? [kit.w * 0.35, kit.w * 0.6] : [kit.w * 0.65, kit.w * 0.4];
  ctx.globalCompositeOperation = 'destination-in';
  const gradient = ctx.createLinearGradient(from, 0, to, 0);
  gradient.addColorStop(0, 'rgba(0,0,0,1)');
  gradient.addColorStop(1, 'rgba(0,0,0,0)');
  ctx.fillStyle = gradient;
  ctx.fillRect(box.x, box.y, box.w, box.h);
  return toLayer(sheet, 0.12);
}

/** Mountains around a lake, and their mirror image. */
function shores(kit: Kit, horizonY: number, sun: Sun): readonly Layer[] {
  const { palette, h, scene, unit, random, w, marginX } = kit;
  return [0, 1].map((nearness) => {
    const options = {
      footY: horizonY + h * 0.006,
      rise: h * (nearness === 0 ? 0.3 : 0.12),
      rock: nearness === 0 ? 1 : 0.3,
      peaks: nearness === 0 ? 2 : 3,
    };
    const colour: Rgb = mix(mix(palette.haze, palette.ground, 0.3 + 0.5 * nearness), palette.shade, 0.45 * nearness);
    const outline = outlineOf(kit, options);
    const trees = nearness === 1 ? unit * 0.06 : 0;
    const snow = scene.snowy ? 0.6 : nearness === 0 ? 0.25 : 0;
    const sheet = ridge(
      kit,
      {
        ...options,
        bottomY: horizonY + h * 0.01,
        colour,
        foot: mix(palette.haze, colour, 0.4),
        snow,
        lightX: sun.x,
        veil: nearness === 0 ? 0.5 : 0.15,
      },
      outline,
      trees,
    );
    for (let x = -marginX; nearness === 1 && x < w + marginX; x += unit * random.between(0.007, 0.02)) {
      fir(
        sheet.ctx,
        x,
        Math.min(horizonY + h * 0.008, outline(x) + unit * 0.02),
        trees * random.between(0.4, 0.95),
        mix(colour, palette.shade, 0.5),
        random.next(),
      );
    }
    return toLayer(sheet, 0.08 + 0.14 * nearness);
  });
}

function sand(kit: Kit, nearY: number): Layer {
  const { h, palette, unit, noise, marginY } = kit;
  const box = bandBox(kit, nearY - unit * 0.05, h + marginY);
  const sheet = createSheet(box, kit.density);
  const { ctx } = sheet;
  const edge = (x: number): number => nearY + (noise.cloud((x / unit) * 1.7, 5, 2) - 0.5) * unit * 0.09;
  const wash = (offset: number, colour: Rgb, alpha: number): void => {
    ctx.fillStyle = css(colour, alpha);
    ctx.beginPath();
    ctx.moveTo(box.x, box.y + box.h);
    for (let x = box.x; x <= box.x + box.w; x += unit * 0.01) ctx.lineTo(x, edge(x) + offset);
    ctx.lineTo(box.x + box.w, box.y + box.h);
    ctx.fill();
  };
  wash(0, mix(palette.light, [255, 255, 255], 0.5), 0.75);
  wash(unit * 0.008, scale(mix(palette.ground, palette.sky, 0.4), 0.8), 1);
  wash(unit * 0.05, palette.ground, 0.9);
  ctx.globalCompositeOperation = 'source-atop';
  lay(
    ctx,
    pixels(box, 160, (x, y, out) => {
      const grainy = noise.cloud((x / unit) * 9, (y / unit) * 34, 3);
      out.fill(grainy > 0.5 ? 255 : 0, 0, 3);
      out[3] = Math.abs(grainy - 0.5) * 0.5;
    }),
    box,
  );
  const gradient = ctx.createLinearGradient(0, nearY, 0, h);
  gradient.addColorStop(0, css(palette.shade, 0));
  gradient.addColorStop(1, css(palette.shade, 0.55));
  ctx.fillStyle = gradient;
  ctx.fillRect(box.x, box.y, box.w, box.h);
  return toLayer(sheet, 0.9);
}
