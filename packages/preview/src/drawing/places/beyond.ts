import type { SKRSContext2D } from '@napi-rs/canvas';
import { css, hsl, mix } from '../../storyboard/colour.ts';
import type { Rgb } from '../../storyboard/plan.ts';
import { clamp, lerp, smoothstep } from '../noise.ts';
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
import { sky, sunOf } from './sky.ts';

/** Stars, gas lit from within, and a world with its night side. */
export function space(kit: Kit): Setting {
  const { w, h, random, scene, unit } = kit;
  const light = { x: w * random.between(0.1, 0.3), y: h * random.between(0.12, 0.3) };
  const named = scene.subjects.some(({ kind }) => kind === 'planet' || kind === 'moon');
  const radius = unit * (named ? 0.34 : 0.26);
  const layers = [
    deepSky(kit, light),
    planet(kit, { x: w * random.between(0.6, 0.8), y: h * (named ? 0.56 : 0.72), radius, light }),
  ];
  return { layers, front: [], floorY: h * 0.66, lightX: light.x, lightY: light.y };
}

function deepSky(kit: Kit, light: { x: number; y: number }): Layer {
  const { palette, unit, noise, random, w, h, marginX, marginY } = kit;
  const box = fullBox(kit);
  const sheet = createSheet(box, kit.density);
  const shift = random.between(0, 90);
  const warm: Rgb = mix(palette.accent, [255, 120, 160], 0.45);
  const turn = random.between(0.3, 1.1);
  lay(
    sheet.ctx,
    pixels(box, 170, (x, y, out) => {
      const [u, v] = [x / unit, y / unit];
      const warp = noise.cloud(u * 2 + shift, v * 2, 3) - 0.5;
      const band = Math.exp(
        -((((u - w / unit / 2) * Math.sin(turn) + (v - h / unit / 2) * Math.cos(turn)) * 2.2 + warp * 1.5) ** 2) * 2.2,
      );
      const gas = noise.cloud(u * 3.2 + warp * 2.4 + shift, v * 3.2 - warp * 2, 5);
      const dust = noise.cloud(u * 6 - warp * 3, v * 6 + shift, 4);
      const glowing = band * smoothstep(0.35, 0.85, gas) * (0.35 + 0.9 * smoothstep(0.35, 0.6, dust));
      const near = Math.exp(-Math.hypot(x - light.x, y - light.y) / unit / 0.16);
      for (let channel = 0; channel < 3; channel++) {
        const index = channel as 0 | 1 | 2; // The loop runs over the three parts of a colour.
        const base = lerp(palette.zenith[index], palette.sky[index], band * 0.8);
        const tint = lerp(palette.accent[index], warm[index], smoothstep(0.35, 0.65, noise.at(u * 3, v * 3 + 40)));
        out[channel] = Math.min(255, base + tint * glowing * 0.95 + palette.light[index] * near * 0.85);
      }
      out[3] = 1;
    }),
    box,
  );
  for (let index = 0; index < 650; index++) {
    const [x, y] = [random.between(-marginX, w + marginX), random.between(-marginY, h + marginY)];
    const bright = random.next() ** 4;
    const radius = unit * (0.0006 + 0.0015 * bright);
    sheet.ctx.fillStyle = css(hsl(random.pick([30, 210, 220, 50]), 0.5, 0.85), 0.25 + 0.75 * bright);
    sheet.ctx.fillRect(x - radius, y - radius, radius * 2, radius * 2);
    if (bright > 0.8) glow(sheet.ctx, { x, y, radius: radius * 9, colour: [214, 226, 255], alpha: 0.55 });
  }
  return toLayer(sheet, 0.02, { smooth: false });
}

type World = {
  readonly x: number;
  readonly y: number;
  readonly radius: number;
  readonly light: { x: number; y: number };
};

function planet(kit: Kit, p: World): Layer {
  const { noise, palette, random, unit } = kit;
  const air = p.radius * 0.16;
  const side = (p.radius + air) * 2;
  const box = { x: p.x - side / 2, y: p.y - side / 2, w: side, h: side };
  const sheet = createSheet(box, kit.density);
  const shift = random.between(0, 90);
  const banded = random.chance(0.5);
  const [one, other]: readonly [Rgb, Rgb] = [
    mix(palette.ground, palette.accent, 0.35),
    mix(palette.light, palette.haze, 0.45),
  ];
  const away = Math.hypot(p.light.x - p.x, p.light.y - p.y);
  const [lx, ly, lz] = [((p.light.x - p.x) / away) * 0.85, ((p.light.y - p.y) / away) * 0.85, 0.52];
  lay(
    sheet.ctx,
    pixels(box, 230, (x, y, out) => {
      const [u, v] = [(x - p.x) / p.radius, (y - p.y) / p.radius];
      const r = Math.hypot(u, v);
      const z = Math.sqrt(Math.max(0, 1 - r * r));
      const facing = u * lx + v * ly + z * lz;
      const day = smoothstep(-0.12, 0.75, facing);
      const stripe = banded
        ? noise.cloud(2 + u * 0.5, v * 5 + noise.cloud(u * 3, v * 3 + shift, 3) * 1.4 + shift, 3)
        : noise.cloud((u * 2.4) / (0.4 + z) + shift, (v * 2.4) / (0.4 + z), 5);
      const tone = smoothstep(0.35, 0.65, stripe);
      const rim = smoothstep(1 + air / p.radius, 1, r) * smoothstep(-0.35, 0.6, facing);
      const inside = smoothstep(1.006, 0.994, r);
      for (let channel = 0; channel < 3; channel++) {
        const index = channel as 0 | 1 | 2; // The loop runs over the three parts of a colour.
        const body =
          lerp(one[index], other[index], tone) * (0.03 + 1.05 * day) + palette.light[index] * 0.3 * (1 - z) ** 3 * day;
        out[channel] = Math.min(255, lerp(mix(palette.light, palette.accent, 0.4)[index], body, inside));
      }
      out[3] = Math.max(inside, rim ** 2.5 * 0.55);
    }),
    box,
  );
  if (banded) ring(sheet.ctx, p, palette.light);
  return toLayer(sheet, 0.2, { sway: { x: 0, y: unit * 0.002, seconds: 14, phase: 0 } });
}

function ring(ctx: SKRSContext2D, p: World, colour: Rgb): void {
  ctx.save();
  ctx.translate(p.x, p.y);
  ctx.rotate(-0.3);
  ctx.scale(1, 0.24);
  for (let band = 0; band < 8; band++) {
    ctx.strokeStyle = css(colour, [0.32, 0.14, 0.3, 0.2, 0.05, 0.24, 0.12, 0.08][band] ?? 0.1);
    ctx.lineWidth = p.radius * 0.026;
    ctx.beginPath();
    // The far half is hidden by the world.
    ctx.arc(0, 0, p.radius * (1.0 + band * 0.024 - 0.04), 0.02, Math.PI - 0.02);
    ctx.stroke();
  }
  ctx.restore();
}

/** Above the clouds. */
export function cloudland(kit: Kit): Setting {
  const { h } = kit;
  const sun = sunOf(kit, h * 0.7);
  const layers = [sky(kit, h * 0.78, sun)];
  for (const near of [0.3, 0.65, 1.1]) layers.push(bank(kit, near, sun));
  const back = layers.slice(0, 3);
  return { layers: back, front: layers.slice(3), floorY: h * 0.56, lightX: sun.x, lightY: sun.y };
}

function bank(kit: Kit, near: number, sun: { x: number; y: number }): Layer {
  const { h, marginY, unit, noise, palette, random } = kit;
  const top = h * lerp(0.5, 0.8, near / 1.1);
  const bottom = near > 1 ? h + marginY : Math.min(h + marginY, h * lerp(0.72, 1.05, near / 1.1));
  const box = bandBox(kit, top - unit * 0.1, bottom);
  const sheet = createSheet(box, kit.density * 0.6);
  const shift = random.between(0, 80);
  const size = unit * lerp(0.07, 0.22, near / 1.1);
  const bright = mix(mix(palette.light, [255, 255, 255], 0.3), palette.haze, 0.4 * (1 - near));
  const dark = mix(mix(palette.sky, palette.haze, 0.5), palette.shade, 0.14 * near);
  lay(
    sheet.ctx,
    pixels(box, 200, (x, y, out) => {
      const crown = top + (0.5 - noise.cloud(x / (size * 1.6) + shift, near * 9, 4)) * size * 2;
      const body = noise.cloud(x / (size * 0.55) + shift, y / (size * 0.5), 4);
      const inside = (y - crown) / size + (body - 0.5) * 1.3;
      const towards = clamp(0.5 + ((sun.x - x) / unit) * 0.25);
      const lit = clamp(1 - inside * 0.75) * (0.55 + 0.45 * towards) + (body - 0.5) * 0.9;
      for (let channel = 0; channel < 3; channel++) {
        const index = channel as 0 | 1 | 2; // The loop runs over the three parts of a colour.
        out[channel] = lerp(dark[index], bright[index], clamp(lit));
      }
      out[3] = smoothstep(0, 0.45, inside);
    }),
    box,
  );
  return toLayer(sheet, near, { driftX: unit * 0.004 * near });
}

/** No thing, only mood: folded colour, ribbons of light, discs out of focus. */
export function abstract(kit: Kit): Setting {
  const { w, h, random } = kit;
  const light = { x: w * random.between(0.25, 0.75), y: h * random.between(0.2, 0.4) };
  const layers = [folds(kit, light), rays(kit, { x: light.x, y: -h * 0.1, strength: 0.28 })];
  for (let index = 0; index < 2; index++) layers.push(ribbon(kit, index));
  for (let index = 0; index < 7; index++) layers.push(bokeh(kit, index));
  return { layers, front: [], floorY: h * 0.75, lightX: light.x, lightY: light.y };
}

function folds(kit: Kit, light: { x: number; y: number }): Layer {
  const { palette, noise, unit, random } = kit;
  const box = fullBox(kit);
  const sheet = createSheet(box, kit.density);
  const shift = random.between(0, 90);
  lay(
    sheet.ctx,
    pixels(box, 170, (x, y, out) => {
      const [u, v] = [(x / unit) * 1.3, (y / unit) * 1.3];
      const a = noise.cloud(u + shift, v, 3);
      const b = noise.cloud(u + 3 * a, v + shift + 2 * a, 3);
      const c = noise.cloud(u * 1.4 + 3.4 * b, v * 1.4 + 2.6 * a + shift, 4);
      const crease = (1 - Math.abs(2 * c - 1)) ** 4;
      const shine = Math.exp((-Math.hypot(x - light.x, y - light.y) / unit) * 2.4);
      for (let channel = 0; channel < 3; channel++) {
        const index = channel as 0 | 1 | 2; // The loop runs over the three parts of a colour.
        let value = lerp(
          lerp(palette.zenith[index], palette.sky[index], smoothstep(0.25, 0.6, b)),
          palette.horizon[index],
          smoothstep(0.45, 0.78, c) * 0.85,
        );
        value = lerp(value, palette.accent[index], crease * 0.4 * smoothstep(0.4, 0.7, a));
        out[channel] = Math.min(255, value * 0.9 + palette.light[index] * shine * 0.5);
      }
      out[3] = 1;
    }),
    box,
  );
  return toLayer(sheet, 0.1, { smooth: false });
}

/** A veil swinging across the frame, bright along one edge. */
function ribbon(kit: Kit, index: number): Layer {
  const { w, h, marginX, random, unit, palette, noise } = kit;
  const middle = h * (0.36 + 0.26 * index);
  const height = unit * 0.13;
  const box = bandBox(kit, middle - height, middle + height);
  const sheet = createSheet(box, kit.density * 0.7);
  const colour = random.pick([palette.accent, palette.horizon, palette.light]);
  const shift = random.between(0, 60);
  for (let strand = 0; strand < 34; strand++) {
    const at = strand / 34;
    sheet.ctx.strokeStyle = css(mix(colour, palette.light, 1 - at), 0.26 * (1 - at) ** 1.5 + 0.03);
    sheet.ctx.lineWidth = unit * 0.0024;
    sheet.ctx.beginPath();
    for (let x = -marginX; x <= w + marginX; x += unit * 0.03) {
      const wave = noise.cloud((x / unit) * 1.3 + shift, at * 1.1 + index * 5, 2) - 0.5;
      const y = middle + wave * height * 1.6 + (at - 0.5) * height * (0.25 + 0.75 * noise.at((x / unit) * 1.7, shift));
      if (x === -marginX) sheet.ctx.moveTo(x, y);
      else sheet.ctx.lineTo(x, y);
    }
    sheet.ctx.stroke();
  }
  const sway = { x: unit * 0.012, y: unit * 0.01, seconds: 7 + index * 2, phase: index / 3 };
  return toLayer(sheet, 0.35 + 0.25 * index, { sway });
}

/** A point of light far out of focus. */
export function bokeh(kit: Kit, index: number): Layer {
  const { w, h, random, unit, palette } = kit;
  const radius = unit * random.between(0.02, 0.075);
  const [x, y] = [w * random.next(), h * random.next()];
  const sheet = createSheet({ x: x - radius, y: y - radius, w: radius * 2, h: radius * 2 }, kit.density * 0.5);
  const colour = random.pick([palette.accent, palette.light, palette.horizon]);
  const gradient = sheet.ctx.createRadialGradient(x, y, 0, x, y, radius);
  gradient.addColorStop(0, css(colour, 0.16));
  gradient.addColorStop(0.82, css(colour, 0.26));
  gradient.addColorStop(0.93, css(mix(colour, [255, 255, 255], 0.3), 0.34));
  gradient.addColorStop(1, css(colour, 0));
  sheet.ctx.fillStyle = gradient;
  sheet.ctx.fillRect(x - radius, y - radius, radius * 2, radius * 2);
  const sway = { x: unit * 0.01, y: unit * 0.014, seconds: 6 + index, phase: index / 7 };
  return toLayer(sheet, random.between(0.5, 1.5), {
    blend: 'lighter',
    sway,
    flicker: { amount: 0.5, hz: 0.22, phase: random.next() },
  });
}
