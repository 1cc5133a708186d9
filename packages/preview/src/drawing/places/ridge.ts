import type { SKRSContext2D } from '@napi-rs/canvas';
import { luma, mix, scale } from '../../storyboard/colour.ts';
import type { Rgb } from '../../storyboard/plan.ts';
import { clamp, smoothstep } from '../noise.ts';
import { type Box, bandBox, createSheet, type Kit, lay, pixels, type Sheet, verticalFill } from '../sheet.ts';

export type RidgeOptions = {
  /** Frame height of the foot of the slopes, and how far the highest peak rises above it. */
  readonly footY: number;
  readonly rise: number;
  /** Frame height below which nearer layers hide this one for every camera. */
  readonly bottomY: number;
  /** 0: dunes and hills; 1: peaks of rock. */
  readonly rock: number;
  /** Features per frame width. */
  readonly peaks: number;
  readonly colour: Rgb;
  readonly foot: Rgb;
  /** The share of the rise that snow covers from above; 0 for none. */
  readonly snow: number;
  readonly lightX: number;
  /** How much of the air's colour lies over it: 0 near, 1 lost in the distance. */
  readonly veil: number;
};

export type Outline = (x: number) => number;

// The outline is asked for at every pixel of a slope; it is worked out once for each of these columns.
const COLUMNS = 720;

/** The upper edge of a range, as a frame height for each frame x. */
export function outlineOf(kit: Kit, p: Pick<RidgeOptions, 'footY' | 'rise' | 'rock' | 'peaks'>): Outline {
  const shift = kit.random.between(0, 220);
  const left = -kit.marginX;
  const width = kit.w + 2 * kit.marginX;
  const peaks = p.rock > 0.5 ? summits(kit, p.peaks) : [];
  const heights = Float32Array.from({ length: COLUMNS + 1 }, (_, column) => {
    const x = left + (column / COLUMNS) * width;
    return edgeAt(kit, p, (x / kit.w) * p.peaks + shift, shift) - p.rise * p.rock * summitAt(peaks, x);
  });
  return (x) => {
    const at = clamp((x - left) / width) * COLUMNS;
    const column = Math.floor(at);
    const here = heights[column] ?? p.footY;
    return here + ((heights[column + 1] ?? here) - here) * (at - column);
  };
}

function edgeAt(kit: Kit, p: Pick<RidgeOptions, 'footY' | 'rise' | 'rock'>, at: number, shift: number): number {
  const soft = clamp(0.5 + 1.7 * (kit.noise.cloud(at, shift, p.rock === 0 ? 2 : 4) - 0.5));
  if (p.rock === 0) return p.footY - p.rise * soft;
  // Folding noise at its middle makes sharp crests; finer folds ride on the coarse ones.
  let crest = 0;
  let share = 0.5;
  let reach = 1.6;
  for (let octave = 0; octave < 5; octave++) {
    crest += share * (1 - Math.abs(2 * kit.noise.at(at * reach + octave * 31, shift + octave * 7) - 1));
    share *= 0.5;
    reach *= 2.15;
  }
  return p.footY - p.rise * (soft * (1 - p.rock) + (0.12 + 0.34 * crest) * p.rock);
}

type Summit = { readonly x: number; readonly high: number; readonly half: number; readonly lean: number };

/** One peak that is seen first, lesser ones around it: without them a range is a wall. */
function summits(kit: Kit, count: number): readonly Summit[] {
  const { random, w } = kit;
  const first = random.between(0.28, 0.72);
  return Array.from({ length: count + 2 }, (_, index) => ({
    x: w * (index === 0 ? first : random.between(-0.1, 1.1)),
    high: index === 0 ? 0.72 : random.between(0.2, 0.46),
    half: kit.unit * (index === 0 ? random.between(0.34, 0.44) : random.between(0.2, 0.34)),
    lean: random.between(0.75, 1.3),
  }));
}

function summitAt(peaks: readonly Summit[], x: number): number {
  let top = 0;
  for (const { x: middle, high, half, lean } of peaks) {
    const away = Math.abs(x - middle) / (half * (x < middle ? lean : 1 / lean));
    // Steeper towards the top, running out slowly: the curve of a scree.
    if (away < 1) top = Math.max(top, high * (1 - away) ** 1.25);
  }
  return top;
}

/** The highest and the lowest point of an outline, as frame heights. */
export function extentOf(kit: Kit, outline: Outline): { readonly top: number; readonly low: number } {
  let [top, low] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (let x = -kit.marginX; x <= kit.w + kit.marginX; x += kit.unit * 0.008) {
    top = Math.min(top, outline(x));
    low = Math.max(low, outline(x));
  }
  return { top, low };
}

/** One range of mountains, hills or dunes: a crisp edge, light on the slopes that face the sun, haze at the foot.
 *  @param above room for what grows on the crest, in frame pixels. */
export function ridge(kit: Kit, p: RidgeOptions, outline: Outline, above = 0): Sheet {
  const { top } = extentOf(kit, outline);
  const box = bandBox(kit, top - above - 2, p.bottomY);
  const sheet = createSheet(box, kit.density);
  const { ctx } = sheet;
  trace(ctx, box, outline, kit.unit * 0.003);
  const hazeY = p.footY - p.rise * 0.05;
  verticalFill(ctx, top, p.bottomY, [
    [0, p.colour],
    [clamp((hazeY - top) / (p.bottomY - top)), mix(p.colour, p.foot, 0.85)],
    [1, p.foot],
  ]);
  ctx.fill();
  ctx.globalCompositeOperation = 'source-atop';
  lay(ctx, pixels(box, 180, slopePixel(kit, p, outline)), box);
  ctx.globalCompositeOperation = 'source-over';
  return sheet;
}

function trace(ctx: SKRSContext2D, box: Box, outline: Outline, step: number): void {
  ctx.beginPath();
  ctx.moveTo(box.x, box.y + box.h);
  for (let x = box.x; x < box.x + box.w; x += step) ctx.lineTo(x, outline(x));
  ctx.lineTo(box.x + box.w, outline(box.x + box.w));
  ctx.lineTo(box.x + box.w, box.y + box.h);
  ctx.closePath();
}

/** Slopes run down and sideways from the crest: reading the outline's steepness along such a line, and folding noise
 *  across it, gives spurs and gullies with a lit and a shaded side. */
function slopePixel(kit: Kit, p: RidgeOptions, outline: Outline) {
  const { noise, unit, palette } = kit;
  const fine = (p.peaks * 7) / kit.w;
  // Open ground is seen at a flat angle: its patches are wide and low.
  const flat = fine * (p.rock > 0 ? 0.42 : 3.2);
  const toLight = p.lightX > kit.w / 2 ? 1 : -1;
  const lit = mix(p.colour, palette.light, 0.5 * (1 - p.veil * 0.6));
  const dark = mix(p.colour, palette.shade, 0.6 * (1 - p.veil * 0.7));
  const bright = luma(palette.horizon) / 255;
  const white: Rgb = mix(mix(scale([255, 255, 255], 0.45 + 0.55 * bright), palette.horizon, 0.3), palette.haze, p.veil);
  const shade: Rgb = mix(mix(palette.sky, scale([205, 215, 240], 0.3 + 0.7 * bright), 0.3), palette.haze, p.veil);
  const fade = p.rise * 1.05;
  return (x: number, y: number, out: Float32Array): void => {
    const below = y - outline(x);
    if (below < -unit * 0.02) {
      out[3] = 0;
      return;
    }
    const lean = noise.cloud(x * fine * 0.4, y * fine * 0.35, 2) - 0.5;
    const fold = noise.cloud((x + lean * unit * 0.25) * fine + (below / unit) * 1.2, y * flat, 4);
    const ahead = noise.cloud(
      (x + lean * unit * 0.25 + toLight * unit * 0.012) * fine + (below / unit) * 1.2,
      y * flat,
      4,
    );
    const facing = clamp(0.5 + (fold - ahead) * (p.rock > 0 ? 5.5 : 2.5));
    const strength = clamp(1 - below / fade) * (p.rock > 0 ? 0.75 : 0.5);
    const isSnow =
      p.snow === 0
        ? 0
        : smoothstep(p.snow + 0.1, p.snow - 0.1, below / p.rise + (fold - 0.5) * 0.9 * p.rock + lean * 0.3);
    for (let channel = 0; channel < 3; channel++) {
      const index = channel as 0 | 1 | 2; // The loop runs over the three parts of a colour.
      const ground = facing > 0.5 ? lit[index] : dark[index];
      const snow =
        shade[index] +
        (white[index] * (0.72 + 0.28 * facing) + palette.light[index] * 0.16 * facing * (1 - p.veil) - shade[index]) *
          smoothstep(0.25, 0.7, facing);
      out[channel] = Math.min(255, ground + (snow - ground) * isSnow);
    }
    out[3] = isSnow * 0.9 * clamp(strength * 1.6) + (1 - isSnow) * Math.abs(facing - 0.5) * 2 * strength;
  };
}
