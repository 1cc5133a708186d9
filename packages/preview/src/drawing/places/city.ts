import type { SKRSContext2D } from '@napi-rs/canvas';
import { css, mix, scale } from '../../storyboard/colour.ts';
import type { Rgb } from '../../storyboard/plan.ts';
import { lerp } from '../noise.ts';
import { bandBox, createSheet, type Kit, type Layer, type Setting, toLayer } from '../sheet.ts';
import { sky, sunOf } from './sky.ts';

export const isDark = ({ scene }: Kit): boolean => scene.hour === 'night' || scene.hour === 'dusk';

/** Towers behind towers, from above the roofs. */
export function skyline(kit: Kit): Setting {
  const { h, palette } = kit;
  const horizonY = h * 0.72;
  const sun = sunOf(kit, horizonY);
  const layers: Layer[] = [sky(kit, horizonY, sun)];
  const rows = 4;
  for (let row = 0; row < rows; row++) {
    const near = (row + 1) / rows;
    const colour = mix(mix(palette.haze, palette.ground, near * 0.8), palette.shade, near * near * 0.75);
    layers.push(
      towers(kit, {
        near,
        colour,
        footY: h * lerp(0.74, 1.02, near ** 1.7),
        tall: h * lerp(0.34, 0.46, near),
        last: row === rows - 1,
      }),
    );
  }
  return { layers, front: [], floorY: h * 0.9, lightX: sun.x, lightY: sun.y };
}

type Row = {
  readonly near: number;
  readonly colour: Rgb;
  readonly footY: number;
  readonly tall: number;
  readonly last: boolean;
};

function towers(kit: Kit, p: Row): Layer {
  const { w, h, marginX, marginY, random, unit, noise } = kit;
  const bottom = p.last ? h + marginY : Math.min(h + marginY, p.footY + h * 0.03);
  const blocks: { x: number; width: number; top: number }[] = [];
  for (let x = -marginX; x < w + marginX; ) {
    const width = unit * random.between(0.035, 0.085) * lerp(0.7, 1.5, p.near);
    const mass = noise.cloud((x / unit) * 2.4 + p.near * 40, p.near * 9, 2);
    const middle = p.last ? 0.25 + 0.5 * Math.abs(x / w - 0.5) : 1;
    blocks.push({ x, width, top: p.footY - p.tall * (0.12 + 1.1 * mass ** 1.6 * random.between(0.75, 1.15)) * middle });
    x += width * random.between(0.82, 1.05);
  }
  const top = Math.min(...blocks.map((block) => block.top)) - unit * 0.06;
  const sheet = createSheet(bandBox(kit, top, bottom), kit.density);
  for (const block of blocks) tower(kit, sheet.ctx, { ...block, bottom, near: p.near, colour: p.colour });
  if (!p.last) {
    // Streets shine up into the haze between the rows.
    const haze = sheet.ctx.createLinearGradient(0, bottom - p.tall * 0.8, 0, bottom);
    const veil = isDark(kit) ? mix(kit.palette.haze, kit.palette.accent, 0.25) : kit.palette.haze;
    haze.addColorStop(0, css(veil, 0));
    haze.addColorStop(1, css(veil, 0.75 * (1 - p.near * 0.6)));
    sheet.ctx.globalCompositeOperation = 'source-atop';
    sheet.ctx.fillStyle = haze;
    sheet.ctx.fillRect(-marginX, top, w + 2 * marginX, bottom - top);
  }
  return toLayer(sheet, lerp(0.06, 1, p.near ** 1.5));
}

type Block = {
  readonly x: number;
  readonly width: number;
  readonly top: number;
  readonly bottom: number;
  readonly near: number;
  readonly colour: Rgb;
};

export function tower(kit: Kit, ctx: SKRSContext2D, p: Block): void {
  const { random, palette, unit } = kit;
  const tone = random.between(-0.12, 0.12);
  const body = tone > 0 ? mix(p.colour, palette.haze, tone) : mix(p.colour, palette.shade, -tone);
  const gradient = ctx.createLinearGradient(p.x, 0, p.x + p.width, 0);
  gradient.addColorStop(0, css(mix(body, palette.light, isDark(kit) ? 0.04 : 0.16)));
  gradient.addColorStop(0.55, css(body));
  gradient.addColorStop(1, css(mix(body, palette.shade, 0.3)));
  ctx.fillStyle = gradient;
  const crown = random.below(4);
  ctx.fillRect(p.x, p.top, p.width, p.bottom - p.top);
  if (crown === 0) ctx.fillRect(p.x + p.width * 0.2, p.top - p.width * 0.35, p.width * 0.6, p.width * 0.4);
  if (crown === 1) {
    ctx.beginPath();
    ctx.moveTo(p.x, p.top + 1);
    ctx.lineTo(p.x + p.width, p.top - p.width * 0.5);
    ctx.lineTo(p.x + p.width, p.top + 1);
    ctx.fill();
  }
  if (crown === 2)
    ctx.fillRect(p.x + p.width * 0.48, p.top - p.width * 0.9, Math.max(1, p.width * 0.04), p.width * 0.9);
  windows(kit, ctx, {
    x: p.x,
    y: p.top,
    w: p.width,
    h: p.bottom - p.top,
    pitch: unit * lerp(0.006, 0.013, p.near),
    bright: lerp(0.35, 1, p.near),
  });
  if (isDark(kit) && kit.scene.lights.includes('neon') && random.chance(0.25)) {
    ctx.fillStyle = css(random.chance(0.5) ? palette.accent : palette.light, 0.8);
    ctx.fillRect(
      p.x + p.width * random.between(0.1, 0.8),
      p.top + p.width * 0.3,
      Math.max(1, unit * 0.003),
      p.width * random.between(0.8, 2.2),
    );
  }
}

export type Facade = {
  readonly x: number;
  readonly y: number;
  readonly w: number;
  readonly h: number;
  readonly pitch: number;
  readonly bright: number;
};

/** Windows on a wall: lit ones by night, darker glass by day. */
export function windows(kit: Kit, ctx: SKRSContext2D, p: Facade): void {
  const { random, palette } = kit;
  const dark = isDark(kit);
  const share = dark ? random.between(0.12, 0.5) : 0.5;
  const warm: Rgb = mix([255, 206, 130], palette.light, 0.2);
  const cool: Rgb = mix([190, 225, 255], palette.light, 0.3);
  const pitchY = p.pitch * 1.45;
  for (let y = p.y + pitchY; y < p.y + p.h - pitchY; y += pitchY) {
    for (let x = p.x + p.pitch * 0.6; x < p.x + p.w - p.pitch * 0.6; x += p.pitch) {
      if (!random.chance(share)) continue;
      const colour = dark ? (random.chance(0.75) ? warm : cool) : scale(palette.sky, 0.7);
      ctx.fillStyle = css(colour, p.bright * (dark ? random.between(0.25, 0.95) : 0.28));
      ctx.fillRect(x, y, p.pitch * 0.5, pitchY * 0.55);
    }
  }
}
