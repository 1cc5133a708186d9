import { type Canvas, createCanvas, type SKRSContext2D } from '@napi-rs/canvas';
import { css } from '../storyboard/colour.ts';
import type { Palette, Rgb, Scene } from '../storyboard/plan.ts';
import type { Random } from '../storyboard/random.ts';
import type { Noise } from './noise.ts';

export type Box = { readonly x: number; readonly y: number; readonly w: number; readonly h: number };

/** A painted canvas at its place in the frame. Boxes are in frame pixels with the camera at rest. */
export type Layer = Box & {
  readonly canvas: Canvas;
  /** 0: infinitely far, does not move with the camera; 1: where the subject stands; above: in front of it. */
  readonly depth: number;
  /** False: sampled without smoothing, several times faster; for soft layers, where nobody can tell. */
  readonly smooth: boolean;
  /** Moved by whole pixels while the camera does not change sizes: for what is dark or soft, and large. */
  readonly snap: boolean;
  readonly blend: 'source-over' | 'lighter';
  readonly alpha: number;
  /** How the light in it lives: amount 0 to 1 of `alpha`, and how often a second. */
  readonly flicker?: { readonly amount: number; readonly hz: number; readonly phase: number };
  /** Frame pixels a second, as clouds go. */
  readonly driftX?: number;
  /** Frame pixels, up and down or to and fro, once every `seconds`. */
  readonly sway?: { readonly x: number; readonly y: number; readonly seconds: number; readonly phase: number };
};

/** What every painter of places is given. */
export type Kit = {
  readonly w: number;
  readonly h: number;
  /** A size that means the same in tall and wide frames: the side of a square of the frame's area. */
  readonly unit: number;
  readonly scene: Scene;
  readonly palette: Palette;
  readonly random: Random;
  readonly noise: Noise;
  /** Canvas pixels per frame pixel: 1, below that for frames too large to paint in full. */
  readonly density: number;
  /** How far the layers reach beyond the frame on each side, for the camera to travel. */
  readonly marginX: number;
  readonly marginY: number;
};

/** Where things can stand, for subjects and the air. */
export type Setting = {
  readonly layers: readonly Layer[];
  /** A table or plinth that small things stand on, and people stand behind. */
  readonly shelf?: { readonly layer: Layer; readonly y: number };
  /** Painted after the subject: things between it and the camera. */
  readonly front: readonly Layer[];
  /** Frame height at which feet stand. */
  readonly floorY: number;
  /** Where the main light comes from, in frame pixels. */
  readonly lightX: number;
  readonly lightY: number;
};

export type Sheet = { readonly canvas: Canvas; readonly ctx: SKRSContext2D; readonly box: Box };

/** An empty canvas for this part of the frame; its context takes frame coordinates. At full density the part is widened
 *  to whole pixels, so that the layer can be placed without being resampled.
 *  @param density canvas pixels per frame pixel; soft things need few. */
export function createSheet(part: Box, density: number): Sheet {
  const box = density === 1 ? toWholePixels(part) : part;
  const canvas = createCanvas(Math.max(1, Math.ceil(box.w * density)), Math.max(1, Math.ceil(box.h * density)));
  const ctx = canvas.getContext('2d');
  ctx.scale(canvas.width / box.w, canvas.height / box.h);
  ctx.translate(-box.x, -box.y);
  return { canvas, ctx, box };
}

function toWholePixels({ x, y, w, h }: Box): Box {
  const [left, top] = [Math.floor(x), Math.floor(y)];
  return { x: left, y: top, w: Math.max(1, Math.ceil(x + w) - left), h: Math.max(1, Math.ceil(y + h) - top) };
}

/** Alpha, of 255, below which the rim of a glow is not missed. */
const FAINT = 5;

/** The part of a sheet that is painted: what is empty costs as much to place, at each frame, as what is not. */
export function crop({ canvas, ctx, box }: Sheet): Sheet {
  const { width, height } = canvas;
  const { data } = ctx.getImageData(0, 0, width, height);
  let [left, top, right, bottom] = [width, height, -1, -1];
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      if ((data[(y * width + x) * 4 + 3] ?? 0) < FAINT) continue;
      if (x < left) left = x;
      if (x > right) right = x;
      if (y < top) top = y;
      bottom = y;
    }
  }
  if (right < 0) return { canvas, ctx, box };
  // One empty pixel around it keeps the edges smooth when the layer is enlarged.
  const [x, y] = [Math.max(0, left - 1), Math.max(0, top - 1)];
  const [w, h] = [Math.min(width, right + 2) - x, Math.min(height, bottom + 2) - y];
  const part = createCanvas(w, h);
  const into = part.getContext('2d');
  into.drawImage(canvas, -x, -y);
  const [perX, perY] = [box.w / width, box.h / height];
  return { canvas: part, ctx: into, box: { x: box.x + x * perX, y: box.y + y * perY, w: w * perX, h: h * perY } };
}

export type LayerOptions = Partial<Omit<Layer, keyof Box | 'canvas' | 'depth'>>;

export const toLayer = ({ canvas, box }: Sheet, depth: number, options: LayerOptions = {}): Layer => ({
  smooth: true,
  snap: false,
  blend: 'source-over',
  alpha: 1,
  ...options,
  ...box,
  canvas,
  depth,
});

/** The whole frame with its margins. */
export const fullBox = ({ w, h, marginX, marginY }: Kit): Box => ({
  x: -marginX,
  y: -marginY,
  w: w + 2 * marginX,
  h: h + 2 * marginY,
});

/** A band across the whole width. */
export const bandBox = ({ w, marginX }: Kit, top: number, bottom: number): Box => ({
  x: -marginX,
  y: top,
  w: w + 2 * marginX,
  h: Math.max(1, bottom - top),
});

export type Stop = readonly [at: number, colour: Rgb, alpha?: number];

export function verticalFill(ctx: SKRSContext2D, top: number, bottom: number, stops: readonly Stop[]): void {
  const gradient = ctx.createLinearGradient(0, top, 0, bottom);
  for (const [at, colour, alpha] of stops) gradient.addColorStop(at, css(colour, alpha ?? 1));
  ctx.fillStyle = gradient;
}

/** Light falls off fast at first, then with a long tail; two stops would show a disc. */
const FALLOFF = [
  [0, 1],
  [0.12, 0.72],
  [0.28, 0.4],
  [0.5, 0.16],
  [0.75, 0.04],
  [1, 0],
] as const;
const GLOW_SIDE = 64;
/** Canvas pixels: a gradient costs three times as much for each pixel as an enlarged picture of it. */
const LARGE_GLOW = 56;

/** A soft round light. */
export function glow(
  ctx: SKRSContext2D,
  p: { x: number; y: number; radius: number; colour: Rgb; alpha: number; squash?: number },
): void {
  const { radius } = p;
  ctx.save();
  ctx.translate(p.x, p.y);
  ctx.scale(1, p.squash ?? 1);
  if (radius * Math.abs(ctx.getTransform().a) > LARGE_GLOW) {
    const picture = createCanvas(GLOW_SIDE, GLOW_SIDE);
    fillGlow(picture.getContext('2d'), GLOW_SIDE / 2, GLOW_SIDE / 2, p);
    ctx.imageSmoothingEnabled = true;
    ctx.imageSmoothingQuality = 'low';
    ctx.drawImage(picture, -radius, -radius, 2 * radius, 2 * radius);
  } else {
    fillGlow(ctx, 0, radius, p);
  }
  ctx.restore();
}

function fillGlow(ctx: SKRSContext2D, middle: number, radius: number, p: { colour: Rgb; alpha: number }): void {
  const gradient = ctx.createRadialGradient(middle, middle, 0, middle, middle, radius);
  for (const [at, share] of FALLOFF) gradient.addColorStop(at, css(p.colour, p.alpha * share));
  ctx.fillStyle = gradient;
  ctx.fillRect(middle - radius, middle - radius, 2 * radius, 2 * radius);
}

export type Pixel = (x: number, y: number, out: Float32Array) => void;

/** Paints pixel by pixel, for what has no outline: sky, cloud, haze, rock. `paint` gets frame coordinates and fills
 *  red, green, blue (0 to 255) and alpha (0 to 1). Done coarsely and enlarged smoothly. */
export function pixels(box: Box, columns: number, paint: Pixel): Canvas {
  const lines = Math.max(2, Math.round((columns * box.h) / box.w));
  const canvas = createCanvas(columns, lines);
  const ctx = canvas.getContext('2d');
  const image = ctx.createImageData(columns, lines);
  const out = new Float32Array(4);
  let index = 0;
  for (let line = 0; line < lines; line++) {
    const y = box.y + ((line + 0.5) / lines) * box.h;
    for (let column = 0; column < columns; column++) {
      paint(box.x + ((column + 0.5) / columns) * box.w, y, out);
      image.data[index++] = out[0] ?? 0;
      image.data[index++] = out[1] ?? 0;
      image.data[index++] = out[2] ?? 0;
      image.data[index++] = (out[3] ?? 0) * 255;
    }
  }
  ctx.putImageData(image, 0, 0);
  return canvas;
}

// Bicubic enlarging costs by the pixel made; after a factor of three nothing is left that bilinear would show.
const FIRST_ENLARGING = 3;

/** Lays a coarse painting over its box of a sheet, smoothly enlarged. */
export function lay(ctx: SKRSContext2D, canvas: Canvas, box: Box): void {
  const larger = createCanvas(canvas.width * FIRST_ENLARGING, canvas.height * FIRST_ENLARGING);
  const first = larger.getContext('2d');
  first.imageSmoothingQuality = 'high';
  first.drawImage(canvas, 0, 0, larger.width, larger.height);
  ctx.imageSmoothingEnabled = true;
  ctx.imageSmoothingQuality = 'low';
  ctx.drawImage(larger, box.x, box.y, box.w, box.h);
}
