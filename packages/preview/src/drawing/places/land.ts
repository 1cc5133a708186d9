import type { SKRSContext2D } from '@napi-rs/canvas';
import { css, mix, scale } from '../../storyboard/colour.ts';
import type { Place, Rgb } from '../../storyboard/plan.ts';
import { lerp } from '../noise.ts';
import { bandBox, createSheet, glow, type Kit, type Layer, type Setting, type Sheet, toLayer } from '../sheet.ts';
import { extentOf, type Outline, outlineOf, type RidgeOptions, ridge } from './ridge.ts';
import { sky, sunOf } from './sky.ts';
import { cottages, tufts } from './village.ts';

type Range = Pick<RidgeOptions, 'rock' | 'peaks'> & { readonly rise: number; readonly footY: number };
type Land = { readonly horizon: number; readonly ranges: readonly Range[]; readonly snow: number };

// From far to near; heights are parts of the frame.
const LANDS: Partial<Record<Place, Land>> = {
  mountains: {
    horizon: 0.6,
    snow: 0.3,
    ranges: [
      { rock: 1, peaks: 2.2, rise: 0.38, footY: 0.64 },
      { rock: 1, peaks: 1.7, rise: 0.25, footY: 0.73 },
      { rock: 0.3, peaks: 2.6, rise: 0.16, footY: 0.85 },
      { rock: 0, peaks: 1.6, rise: 0.12, footY: 0.98 },
    ],
  },
  hills: {
    horizon: 0.58,
    snow: 0,
    ranges: [
      { rock: 0.6, peaks: 3, rise: 0.12, footY: 0.6 },
      { rock: 0, peaks: 2.4, rise: 0.13, footY: 0.68 },
      { rock: 0, peaks: 2, rise: 0.14, footY: 0.8 },
      { rock: 0, peaks: 1.4, rise: 0.13, footY: 0.95 },
    ],
  },
  field: {
    horizon: 0.56,
    snow: 0,
    ranges: [
      { rock: 0, peaks: 3, rise: 0.07, footY: 0.58 },
      { rock: 0, peaks: 2, rise: 0.06, footY: 0.66 },
      { rock: 0, peaks: 1.2, rise: 0.06, footY: 0.82 },
    ],
  },
  desert: {
    horizon: 0.56,
    snow: 0,
    ranges: [
      { rock: 0.75, peaks: 2, rise: 0.13, footY: 0.58 },
      { rock: 0, peaks: 1.6, rise: 0.16, footY: 0.7 },
      { rock: 0, peaks: 1.3, rise: 0.17, footY: 0.84 },
      { rock: 0, peaks: 1, rise: 0.14, footY: 0.98 },
    ],
  },
};

/** Mountains, hills, fields, deserts, villages: ranges behind each other, each nearer one darker and clearer. */
export function land(kit: Kit): Setting {
  const { place } = kit.scene;
  const { horizon, ranges, snow } = LANDS[place] ?? LANDS.hills ?? { horizon: 0.6, ranges: [], snow: 0 };
  const { h, palette, scene } = kit;
  const sun = sunOf(kit, horizon * h);
  const layers: Layer[] = [sky(kit, horizon * h, sun)];
  const sized = ranges.map((range) => ({ ...range, rise: range.rise * h, footY: range.footY * h }));
  const outlines = sized.map((range) => outlineOf(kit, range));
  for (const [index, range] of sized.entries()) {
    const outline = outlines[index];
    const next = outlines[index + 1];
    if (outline === undefined) continue;
    const near = (index + 1) / ranges.length;
    const colour = mix(mix(palette.haze, palette.ground, near ** 1.3 * 0.95), palette.shade, near * near * 0.5);
    const wooded =
      index === ranges.length - 2 &&
      (place === 'mountains' || place === 'hills' || place === 'village' || place === 'field');
    const trees = wooded || place === 'village' ? 0.075 * kit.unit : 0;
    const options: RidgeOptions = {
      ...range,
      // The next range hides what is further down, whatever the camera does.
      bottomY: next === undefined ? h + kit.marginY : Math.min(h + kit.marginY, extentOf(kit, next).low + 0.035 * h),
      colour,
      foot: mix(palette.haze, colour, next === undefined ? 0.85 : 0.25 * near),
      snow: scene.snowy ? (range.rock > 0.5 ? 0.62 : 1.2) : range.rock === 1 ? snow : 0,
      lightX: sun.x,
      veil: next === undefined ? 0 : 0.5 * (1 - near) ** 0.8,
    };
    const sheet = ridge(kit, options, outline, trees);
    if (place === 'village' && index > 0) cottages(kit, sheet, outline, near, colour);
    if (index === ranges.length - 1 && place === 'field') tufts(kit, sheet, outline);
    if (wooded) treeLine(kit, sheet, outline, trees, colour);
    layers.push(toLayer(sheet, lerp(0.08, 1, near ** 1.6)));
  }
  const nearest = outlines.at(-1);
  const floorY = Math.min(h * 0.93, (nearest === undefined ? h * 0.88 : nearest(kit.w * 0.5)) + h * 0.045);
  return { layers, front: [grass(kit, floorY)], floorY, lightX: sun.x, lightY: sun.y };
}

/** Firs along a crest, each one a little different. */
function treeLine(kit: Kit, sheet: Sheet, outline: Outline, height: number, colour: Rgb): void {
  const { w, marginX, random, unit, palette } = kit;
  const dark = mix(colour, palette.shade, 0.45);
  const pale: Rgb = kit.scene.snowy ? [214, 226, 240] : palette.haze;
  for (let x = -marginX; x < w + marginX; ) {
    const clump = kit.noise.at((x / unit) * 5, 9.5);
    if (clump > 0.4) {
      const size = height * (0.35 + 0.75 * clump * random.between(0.6, 1));
      const plant = kit.scene.place === 'field' ? bush : fir;
      plant(sheet.ctx, x, outline(x) + size * 0.18, size, mix(dark, pale, random.between(0, 0.16)), random.next());
    }
    x += unit * random.between(0.006, 0.022);
  }
}

/** A broad-leaved tree far away. */
function bush(ctx: SKRSContext2D, x: number, footY: number, size: number, colour: Rgb, lean: number): void {
  ctx.fillStyle = css(colour);
  for (const [dx, dy, radius] of [
    [0, 0.3, 0.3],
    [-0.22, 0.22, 0.22],
    [0.24, 0.24, 0.24],
    [0.05, 0.5, 0.22],
  ] as const) {
    ctx.beginPath();
    ctx.ellipse(x + (dx + lean * 0.1) * size, footY - dy * size, radius * size, radius * size * 0.9, 0, 0, Math.PI * 2);
    ctx.fill();
  }
}

export function fir(ctx: SKRSContext2D, x: number, footY: number, size: number, colour: Rgb, lean: number): void {
  ctx.fillStyle = css(colour);
  ctx.beginPath();
  ctx.moveTo(x + (lean - 0.5) * size * 0.05, footY - size);
  const tiers = 6;
  for (let tier = 1; tier <= tiers; tier++) {
    const y = footY - size + (size * 0.94 * tier) / tiers;
    const half = size * 0.2 * (tier / tiers) ** 0.8;
    ctx.lineTo(x + half * (0.85 + 0.3 * lean), y);
    ctx.lineTo(x + half * 0.55, y - size * 0.02);
  }
  ctx.lineTo(x + size * 0.02, footY);
  ctx.lineTo(x - size * 0.02, footY);
  for (let tier = tiers; tier >= 1; tier--) {
    const y = footY - size + (size * 0.94 * tier) / tiers;
    const half = size * 0.2 * (tier / tiers) ** 0.8;
    ctx.lineTo(x - half * 0.55, y - size * 0.02);
    ctx.lineTo(x - half * (1.15 - 0.3 * lean), y);
  }
  ctx.closePath();
  ctx.fill();
}

/** Blades and flowers at the lower edge, out of focus for being so near. */
export function grass(kit: Kit, floorY: number): Layer {
  const { w, h, marginX, marginY, random, unit, palette, scene } = kit;
  const top = Math.max(floorY, h * 0.86);
  const sheet = createSheet(bandBox(kit, top - unit * 0.1, h + marginY), kit.density * 0.5);
  const { ctx } = sheet;
  const bare = scene.place === 'desert' || scene.snowy;
  ctx.lineCap = 'round';
  for (let index = 0; index < (bare ? 46 : 240); index++) {
    const x = random.between(-marginX, w + marginX);
    const height = unit * random.between(0.03, bare ? 0.07 : 0.14) * (0.4 + 0.9 * kit.noise.at((x / unit) * 4, 4.4));
    const bend = unit * random.between(-0.03, 0.04);
    ctx.strokeStyle = css(mix(palette.shade, palette.ground, random.between(0, 0.35)), 0.95);
    ctx.lineWidth = unit * random.between(0.0016, 0.004);
    const foot = h + marginY * 0.4;
    ctx.beginPath();
    ctx.moveTo(x, foot);
    ctx.quadraticCurveTo(x, h - height * 0.4, x + bend, h - height);
    ctx.stroke();
  }
  if (scene.subjects.some(({ kind }) => kind === 'flowers')) blossoms(kit, ctx);
  return toLayer(sheet, 1.35, { sway: { x: unit * 0.004, y: 0, seconds: 4.5, phase: random.next() } });
}

function blossoms(kit: Kit, ctx: SKRSContext2D): void {
  const { w, h, marginX, random, unit, palette } = kit;
  for (let index = 0; index < 46; index++) {
    const x = random.between(-marginX, w + marginX);
    const y = h - unit * random.between(0.01, 0.13);
    const colour = mix(
      palette.accent,
      random.chance(0.3) ? palette.light : scale(palette.accent, 0.75),
      random.next() * 0.6,
    );
    const size = unit * random.between(0.008, 0.02);
    for (let petal = 0; petal < 5; petal++) {
      const turn = (petal / 5) * Math.PI * 2 + index;
      ctx.fillStyle = css(colour, 0.9);
      ctx.beginPath();
      ctx.ellipse(
        x + Math.cos(turn) * size * 0.5,
        y + Math.sin(turn) * size * 0.4,
        size * 0.52,
        size * 0.34,
        turn,
        0,
        Math.PI * 2,
      );
      ctx.fill();
    }
    glow(ctx, { x, y, radius: size * 0.6, colour: palette.light, alpha: 0.8 });
  }
}
