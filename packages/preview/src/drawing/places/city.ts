import type { SKRSContext2D } from '@napi-rs/canvas';
import { css, mix, scale } from '../../storyboard/colour.ts';
import type { Rgb } from '../../storyboard/plan.ts';
import { lerp } from '../noise.ts';
import { bandBox, createSheet, glow, type Kit, type Layer, type Setting, toLayer } from '../sheet.ts';
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

function tower(kit: Kit, ctx: SKRSContext2D, p: Block): void {
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

/** A street seen along its middle: walls run to one point, signs hang over the pavement, a wet road mirrors them. */
export function street(kit: Kit): Setting {
  const { w, h, palette, random } = kit;
  const horizonY = h * 0.58;
  const sun = sunOf(kit, horizonY);
  const vanishX = w * random.between(0.44, 0.56);
  const layers: Layer[] = [sky(kit, horizonY, sun), ending(kit, vanishX, horizonY)];
  layers.push(road(kit, vanishX, horizonY));
  for (const [index, far] of [0.2, 0.42, 0.85].entries()) {
    layers.push(walls(kit, { vanishX, horizonY, far, depth: [0.3, 0.58, 0.95][index] ?? 0.9, last: index === 2 }));
  }
  const light = isDark(kit) ? { x: vanishX, y: horizonY - h * 0.08 } : sun;
  return { layers, front: [], floorY: h * 0.9, lightX: light.x, lightY: light.y };
}

function ending(kit: Kit, vanishX: number, horizonY: number): Layer {
  const { palette, unit, h, random } = kit;
  const box = { x: vanishX - unit * 0.45, y: horizonY - h * 0.36, w: unit * 0.9, h: h * 0.4 };
  const sheet = createSheet(box, kit.density);
  const { ctx } = sheet;
  for (let index = 0; index < 11; index++) {
    const width = unit * random.between(0.05, 0.11);
    const x = vanishX + unit * random.between(-0.3, 0.24);
    const colour = mix(palette.haze, palette.shade, 0.1 + index * 0.03);
    tower(kit, ctx, {
      x,
      width,
      top: horizonY - h * random.between(0.06, 0.3),
      bottom: horizonY + h * 0.03,
      near: 0.3,
      colour,
    });
  }
  const glare = isDark(kit) ? mix(palette.accent, palette.light, 0.35) : palette.light;
  glow(ctx, { x: vanishX, y: horizonY, radius: unit * 0.4, colour: glare, alpha: 0.85, squash: 0.75 });
  return toLayer(sheet, 0.14);
}

type Walls = {
  readonly vanishX: number;
  readonly horizonY: number;
  readonly far: number;
  readonly depth: number;
  readonly last: boolean;
};

/** The houses on both sides at one distance. `far` is the half-width of the street there, in frame widths. */
function walls(kit: Kit, p: Walls): Layer {
  const { w, h, marginX, marginY, random, palette, unit } = kit;
  const kerbY = p.horizonY + (h * 0.98 - p.horizonY) * p.far;
  const box = bandBox(kit, -marginY, p.last ? h + marginY : kerbY + h * 0.02);
  const sheet = createSheet(box, kit.density);
  const { ctx } = sheet;
  const base = mix(mix(palette.haze, palette.ground, 0.35 + p.far * 0.5), palette.shade, 0.25 + p.far * 0.65);
  for (const side of [-1, 1] as const) {
    const inner = p.vanishX + side * p.far * w * 0.56;
    let x = inner;
    const limit = side < 0 ? -marginX : w + marginX;
    while (side < 0 ? x > limit : x < limit) {
      const width = unit * (0.1 + 0.3 * p.far) * random.between(0.7, 1.3);
      const top = p.horizonY - h * (0.2 + 0.62 * p.far) * random.between(0.72, 1.15);
      house(kit, ctx, { x: side < 0 ? x - width : x, width, top, bottom: kerbY, side, far: p.far, base });
      x += side * width;
    }
  }
  return toLayer(sheet, p.depth);
}

type House = {
  readonly x: number;
  readonly width: number;
  readonly top: number;
  readonly bottom: number;
  readonly side: -1 | 1;
  readonly far: number;
  readonly base: Rgb;
};

function house(kit: Kit, ctx: SKRSContext2D, p: House): void {
  const { random, palette, unit } = kit;
  const dark = isDark(kit);
  const gradient = ctx.createLinearGradient(p.x, 0, p.x + p.width, 0);
  const inner = mix(p.base, dark ? mix(palette.accent, palette.haze, 0.4) : palette.light, 0.22);
  gradient.addColorStop(p.side < 0 ? 1 : 0, css(inner));
  gradient.addColorStop(p.side < 0 ? 0.5 : 0.5, css(p.base));
  gradient.addColorStop(p.side < 0 ? 0 : 1, css(mix(p.base, palette.shade, 0.5)));
  ctx.fillStyle = gradient;
  ctx.fillRect(p.x, p.top, p.width, p.bottom - p.top);
  windows(kit, ctx, {
    x: p.x,
    y: p.top,
    w: p.width,
    h: (p.bottom - p.top) * 0.78,
    pitch: unit * (0.014 + 0.03 * p.far),
    bright: 0.75,
  });
  const shopTop = p.bottom - unit * (0.03 + 0.11 * p.far);
  if (dark) shop(kit, ctx, p, shopTop);
  if (random.chance(0.85)) sign(kit, ctx, p, shopTop);
}

/** A lit shop front, and its light on the ground before it. */
function shop(kit: Kit, ctx: SKRSContext2D, p: House, top: number): void {
  const { random, palette } = kit;
  const colour: Rgb = random.pick([mix([255, 196, 120], palette.light, 0.2), palette.accent, palette.light]);
  const height = p.bottom - top;
  const gradient = ctx.createLinearGradient(0, top, 0, p.bottom);
  gradient.addColorStop(0, css(colour, 0.75));
  gradient.addColorStop(0.8, css(colour, 0.25));
  gradient.addColorStop(1, css(colour, 0.05));
  ctx.fillStyle = gradient;
  ctx.fillRect(p.x + p.width * 0.08, top + height * 0.22, p.width * 0.84, height * 0.72);
  ctx.fillStyle = css(palette.shade, 0.8);
  for (let post = 0; post <= 4; post++)
    ctx.fillRect(
      p.x + p.width * (0.08 + post * 0.21) - 1,
      top + height * 0.2,
      Math.max(1, p.width * 0.012),
      height * 0.78,
    );
}

/** A hanging or standing sign; by night a tube with its halo. Strokes stand for writing nobody can read from here. */
function sign(kit: Kit, ctx: SKRSContext2D, p: House, shopTop: number): void {
  const { random, palette, unit } = kit;
  const dark = isDark(kit);
  const colour: Rgb = random.pick([
    palette.accent,
    palette.light,
    mix(palette.accent, [255, 220, 90], 0.75),
    mix(palette.light, [90, 255, 190], 0.6),
  ]);
  const tall = random.chance(0.6);
  const width = unit * (0.018 + 0.045 * p.far) * (tall ? 1 : 2.6);
  const height = width * (tall ? random.between(2.6, 4.6) : 0.42);
  const x = tall ? (p.side < 0 ? p.x + p.width - width * 0.35 : p.x - width * 0.65) : p.x + p.width * 0.5 - width / 2;
  const y = tall ? shopTop - height * random.between(1.1, 2.2) : shopTop - height;
  if (dark)
    glow(ctx, { x: x + width / 2, y: y + height / 2, radius: Math.max(width, height) * 1.15, colour, alpha: 0.42 });
  ctx.fillStyle = css(mix(palette.shade, colour, dark ? 0.16 : 0.4), 0.95);
  ctx.fillRect(x, y, width, height);
  ctx.strokeStyle = css(mix(colour, [255, 255, 255], 0.35), dark ? 0.95 : 0.5);
  ctx.lineWidth = Math.max(1, unit * (0.001 + 0.002 * p.far));
  ctx.strokeRect(x + width * 0.1, y + height * 0.04, width * 0.8, height * 0.92);
  const cells = tall ? 4 : 5;
  ctx.lineWidth *= 1.3;
  for (let cell = 0; cell < cells; cell++) {
    const size = tall ? Math.min(width * 0.5, height / (cells + 1)) : height * 0.5;
    const cx = tall ? x + width / 2 : x + (width * (cell + 0.75)) / (cells + 0.5);
    const cy = tall ? y + (height * (cell + 0.7)) / (cells + 0.4) : y + height / 2;
    glyph(kit, ctx, cx, cy, size);
  }
}

function glyph({ random }: Kit, ctx: SKRSContext2D, x: number, y: number, size: number): void {
  ctx.beginPath();
  for (let stroke = 0; stroke < 3; stroke++) {
    const flat = random.chance(0.5);
    const at = random.between(-0.4, 0.4) * size;
    ctx.moveTo(x + (flat ? -size * 0.42 : at), y + (flat ? at : -size * 0.42));
    ctx.lineTo(x + (flat ? size * 0.42 : at + size * 0.1), y + (flat ? at : size * 0.42));
  }
  ctx.stroke();
}

/** The road between the walls; a wet one is a broken mirror. */
function road(kit: Kit, vanishX: number, horizonY: number): Layer {
  const { h, w, marginY, marginX, palette, random, unit, scene } = kit;
  const sheet = createSheet(bandBox(kit, horizonY, h + marginY), kit.density);
  const { ctx } = sheet;
  const dark = isDark(kit);
  const gradient = ctx.createLinearGradient(0, horizonY, 0, h);
  gradient.addColorStop(0, css(mix(palette.haze, dark ? palette.accent : palette.light, 0.35)));
  gradient.addColorStop(0.25, css(mix(palette.ground, palette.haze, 0.4)));
  gradient.addColorStop(1, css(mix(palette.ground, palette.shade, 0.6)));
  ctx.fillStyle = gradient;
  ctx.fillRect(-marginX, horizonY, w + 2 * marginX, h + marginY - horizonY);
  const wet = scene.wet || (dark && scene.lights.includes('neon'));
  const colours: readonly [Rgb, ...Rgb[]] = dark
    ? [palette.accent, palette.light, [255, 190, 110], mix(palette.accent, palette.light, 0.5)]
    : [palette.light, palette.horizon];
  for (let index = 0; wet && index < 60; index++) {
    const near = random.next();
    const x = vanishX + (random.next() * 2 - 1) * w * (0.12 + 0.62 * near);
    const y = horizonY + (h - horizonY) * (0.05 + 0.85 * near * random.next());
    const radius = unit * (0.05 + 0.12 * near);
    ctx.save();
    ctx.translate(x, y);
    ctx.scale(0.16, 1);
    glow(ctx, { x: 0, y: 0, radius, colour: random.pick(colours), alpha: 0.42 });
    ctx.restore();
  }
  ctx.globalCompositeOperation = 'lighter';
  glow(ctx, {
    x: vanishX,
    y: horizonY + h * 0.03,
    radius: unit * 0.34,
    colour: dark ? mix(palette.accent, palette.light, 0.4) : palette.light,
    alpha: wet ? 0.6 : 0.35,
    squash: 1.25,
  });
  ctx.globalCompositeOperation = 'source-over';
  for (let line = 0; line < 8; line++) {
    const [near, far] = [((line + 0.45) / 8) ** 2.2, (line / 8) ** 2.2];
    const y = (share: number): number => horizonY + (h * 1.05 - horizonY) * share;
    const half = (share: number): number => w * 0.011 * share + 0.4;
    ctx.fillStyle = css(mix(palette.haze, palette.light, 0.5), 0.35);
    ctx.beginPath();
    ctx.moveTo(vanishX - half(far), y(far));
    ctx.lineTo(vanishX + half(far), y(far));
    ctx.lineTo(vanishX + half(near), y(near));
    ctx.lineTo(vanishX - half(near), y(near));
    ctx.fill();
  }
  return toLayer(sheet, 0.55);
}
