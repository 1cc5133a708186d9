import { type Canvas, createCanvas, type SKRSContext2D } from '@napi-rs/canvas';
import type { Rgb } from '../storyboard/plan.ts';
import { createRandom } from '../storyboard/random.ts';
import { createSmall, layTile, lumaOf, type Pixels } from './small.ts';

/** Redraws what a frame shows. */
export type Look = (ctx: SKRSContext2D) => void;

/** How a drawing by hand is made from a picture. */
export type DrawnStyle = {
  /** Of the copy that is worked on: fine lines need a larger one. */
  readonly side?: number;
  /** Small pixels over which colour runs together. */
  readonly soften: number;
  /** Steps of brightness; 0 for none. */
  readonly levels: number;
  readonly saturation: number;
  /** Times the brightness. */
  readonly lift?: number;
  readonly shadow?: Rgb;
  readonly light?: Rgb;
  /** How far colours go towards `shadow` and `light`, 0 to 1. */
  readonly tint?: number;
  /** Outlines where brightness changes by more than `from`. */
  readonly line?: { readonly from: number; readonly gain: number; readonly colour: Rgb };
  /** Relief: lit from the upper left. */
  readonly relief?: number;
  /** The layers of brightness lie above each other like sheets and cast shadows of this many small pixels. */
  readonly sheets?: number;
  /** Skin, sand and wood become this colour. */
  readonly warm?: Rgb;
  readonly texture?: { readonly kind: 'paper' | 'dots' | 'scan' | 'thumb'; readonly alpha: number };
};

/** A drawing made of flat tones, outlines, relief or cut sheets. */
export function createDrawn(style: DrawnStyle, fineness = 1): Look {
  const small = createSmall((style.side ?? 480) * fineness);
  const tones = toTones(style);
  let texture: Canvas | undefined;
  return (ctx) => {
    const line = style.line === undefined ? undefined : traceLines(small.read(ctx, 1.6), style.line);
    const pixels = small.read(ctx, style.soften);
    const luma = lumaOf(pixels);
    const dark = style.sheets === undefined ? line : castShadows(style, luma, pixels);
    paint(style, { pixels, luma, tones, dark });
    small.lay(ctx, pixels, true);
    if (style.texture === undefined) return;
    texture ??= paintTexture(style.texture.kind, ctx.canvas.width);
    layTile(ctx, texture, style.texture.kind === 'paper' ? 'hard-light' : 'multiply', style.texture.alpha);
  };
}

/** For each brightness the one that is painted, and the colour that tints it. */
type Tones = { readonly bright: Float32Array; readonly tint: readonly [Float32Array, Float32Array, Float32Array] };

function toTones(style: DrawnStyle): Tones {
  const bright = Float32Array.from({ length: 256 }, (_, at) =>
    Math.min(255, stepOf(at, style.levels) * (style.lift ?? 1)),
  );
  const tintOf = (channel: 0 | 1 | 2): Float32Array =>
    bright.map((value) => {
      const share = value / 255;
      return (style.shadow?.[channel] ?? 0) * (1 - share) + (style.light?.[channel] ?? 255) * share;
    });
  return { bright, tint: [tintOf(0), tintOf(1), tintOf(2)] };
}

type Painting = { pixels: Pixels; luma: Float32Array; tones: Tones; dark: Float32Array | undefined };

function paint(style: DrawnStyle, { pixels, luma, tones, dark }: Painting): void {
  const { w, h, data } = pixels;
  const tint = style.tint ?? 0;
  const relief = style.relief ?? 0;
  const { saturation, warm } = style;
  const [lineR, lineG, lineB] = style.line?.colour ?? [0, 0, 0];
  const [tintR, tintG, tintB] = tones.tint;
  for (let pixel = 0, at = 0; pixel < w * h; pixel += 1, at += 4) {
    const own = luma[pixel] ?? 0;
    const tone = own & 255;
    const wanted = tones.bright[tone] ?? 0;
    let r = wanted + ((data[at] ?? 0) - own) * saturation;
    let g = wanted + ((data[at + 1] ?? 0) - own) * saturation;
    let b = wanted + ((data[at + 2] ?? 0) - own) * saturation;
    if (warm !== undefined && isSkin(data[at] ?? 0, data[at + 1] ?? 0, data[at + 2] ?? 0)) {
      const share = 0.34 + 0.0019 * wanted;
      r = r * 0.25 + warm[0] * share;
      g = g * 0.25 + warm[1] * share;
      b = b * 0.25 + warm[2] * share;
    }
    // Nothing is lit at the frame's own edges, where there is no neighbour to be lit from.
    const lit = relief === 0 ? 0 : relief * ((luma[pixel + w + 1] ?? own) - (luma[pixel - w - 1] ?? own));
    r += ((tintR[tone] ?? 0) - r) * tint - lit;
    g += ((tintG[tone] ?? 0) - g) * tint - lit;
    b += ((tintB[tone] ?? 0) - b) * tint - lit;
    const line = dark === undefined ? 0 : (dark[pixel] ?? 0);
    data[at] = r + (lineR - r) * line;
    data[at + 1] = g + (lineG - g) * line;
    data[at + 2] = b + (lineB - b) * line;
  }
}

/** The middle of its step, with a short slope between two so that edges do not crawl. */
function stepOf(bright: number, levels: number): number {
  if (levels === 0) return bright;
  const place = (bright / 256) * levels;
  const step = Math.floor(place);
  const within = place - step;
  const slope = within < 0.12 ? 0.5 + within / 0.24 : within > 0.88 ? 1 + (within - 0.88) / 0.24 : 1;
  return ((step + slope - 0.5) / levels) * 255;
}

/** How much of an outline lies on each pixel, 0 to 1. */
function traceLines(pixels: Pixels, line: NonNullable<DrawnStyle['line']>): Float32Array {
  const { w, h } = pixels;
  const luma = lumaOf(pixels);
  const lines = new Float32Array(w * h);
  for (let y = 1; y < h - 1; y += 1) {
    for (let at = y * w + 1; at < y * w + w - 1; at += 1) {
      const across = (luma[at + 1] ?? 0) - (luma[at - 1] ?? 0);
      const along = (luma[at + w] ?? 0) - (luma[at - w] ?? 0);
      const strength = (Math.sqrt(across * across + along * along) - line.from) * line.gain;
      if (strength > 0) lines[at] = Math.min(1, strength);
    }
  }
  return lines;
}

const SHEET_SHADOW = 0.42;

/** Where a lighter sheet, up and to the left, throws its shadow on a darker one. */
function castShadows(style: DrawnStyle, luma: Float32Array, { w, h }: Pixels): Float32Array {
  const away = style.sheets ?? 0;
  const shadows = new Float32Array(w * h);
  const step = 256 / style.levels;
  for (let y = away; y < h; y += 1) {
    for (let at = y * w + away; at < (y + 1) * w; at += 1) {
      const above = Math.floor((luma[at - away * w - away] ?? 0) / step);
      if (above > Math.floor((luma[at] ?? 0) / step)) shadows[at] = SHEET_SHADOW;
    }
  }
  return shadows;
}

const isSkin = (r: number, g: number, b: number): boolean => r > 70 && r > g * 1.04 && g > b * 1.02 && r - b > 22;

function paintTexture(kind: 'paper' | 'dots' | 'scan' | 'thumb', width: number): Canvas {
  const unit = Math.max(3, Math.round(width / 210));
  if (kind === 'paper') return paintPaper();
  const side = kind === 'thumb' ? unit * 10 : kind === 'scan' ? Math.max(2, Math.round(unit / 2)) : unit;
  const tile = createCanvas(side, side);
  const ctx = tile.getContext('2d');
  ctx.fillStyle = '#ffffff';
  ctx.fillRect(0, 0, side, side);
  if (kind === 'scan') {
    ctx.fillStyle = 'rgba(0, 0, 20, 0.7)';
    ctx.fillRect(0, 0, side, Math.max(1, side / 2));
  } else if (kind === 'dots') {
    ctx.fillStyle = 'rgba(20, 10, 30, 0.75)';
    ctx.beginPath();
    ctx.arc(side / 2, side / 2, side * 0.26, 0, 7);
    ctx.fill();
  } else {
    ctx.strokeStyle = 'rgba(60, 40, 30, 0.25)';
    ctx.lineWidth = Math.max(1, unit * 0.4);
    for (let ring = 1; ring < 6; ring += 1) {
      ctx.beginPath();
      ctx.ellipse(side * 0.5, side * 0.5, ring * side * 0.09, ring * side * 0.07, 0.6, 0, 7);
      ctx.stroke();
    }
  }
  return tile;
}

const PAPER_SIDE = 192;

function paintPaper(): Canvas {
  const tile = createCanvas(PAPER_SIDE, PAPER_SIDE);
  const ctx = tile.getContext('2d');
  const image = ctx.createImageData(PAPER_SIDE, PAPER_SIDE);
  const random = createRandom(0x9a9e);
  for (let at = 0; at < image.data.length; at += 4) {
    const grain = 112 + 34 * random.next() * random.next();
    image.data.fill(grain, at, at + 3);
    image.data[at + 3] = 255;
  }
  ctx.putImageData(image, 0, 0);
  return tile;
}
