import { type Canvas, createCanvas, type SKRSContext2D } from '@napi-rs/canvas';
import type { Picture } from '../drawing/index.ts';

const SIDE = 320;
/** Coded steps, over all channels, within which a pixel counts as part of the background. */
const LEAST_TOLERANCE = 34;
/** Edges of which less than this have one colour do not show what is background. */
const LEAST_EVEN = 0.7;
/** Less background than this is none; more means that the subject was taken for one. */
const [LEAST_GONE, MOST_GONE] = [0.06, 0.94];

/** A picture without its background: what lies around it in the colour of its edges is taken away. Where nothing does,
 *  an oval of it, with a soft edge. */
export function cutOut(picture: Picture): Canvas {
  const canvas = createCanvas(picture.width, picture.height);
  const ctx = canvas.getContext('2d');
  ctx.drawImage(picture, 0, 0);
  ctx.globalCompositeOperation = 'destination-in';
  ctx.imageSmoothingQuality = 'high';
  ctx.drawImage(maskOf(picture), 0, 0, canvas.width, canvas.height);
  ctx.globalCompositeOperation = 'source-over';
  return canvas;
}

/** Lets a canvas fade away around an oval in its middle. */
export function keepOval(ctx: SKRSContext2D): void {
  const { width, height } = ctx.canvas;
  ctx.globalCompositeOperation = 'destination-in';
  ctx.drawImage(paintOval(width, height), 0, 0);
  ctx.globalCompositeOperation = 'source-over';
}

function maskOf(picture: Picture): Canvas {
  const scale = Math.min(1, SIDE / Math.max(picture.width, picture.height));
  const [w, h] = [Math.max(2, Math.round(picture.width * scale)), Math.max(2, Math.round(picture.height * scale))];
  const small = createCanvas(w, h);
  const ctx = small.getContext('2d');
  ctx.imageSmoothingQuality = 'high';
  ctx.drawImage(picture, 0, 0, w, h);
  const image = ctx.getImageData(0, 0, w, h);
  const gone = floodFromEdges(image.data, w, h);
  if (gone === undefined) return paintOval(w, h);
  const share = gone.reduce((sum, one) => sum + one, 0) / gone.length;
  if (share < LEAST_GONE || share > MOST_GONE) return paintOval(w, h);
  for (let pixel = 0; pixel < gone.length; pixel += 1) image.data[pixel * 4 + 3] = keptAt(gone, pixel, w, h) * 255;
  ctx.putImageData(image, 0, 0);
  return small;
}

/** 1 for each pixel that can be reached from an edge through the colour of the edges; undefined where they have none in
 *  common. */
function floodFromEdges(data: Uint8ClampedArray, w: number, h: number): Uint8Array | undefined {
  const edges = [
    ...Array.from({ length: w }, (_, x) => [x, (h - 1) * w + x]).flat(),
    ...Array.from({ length: h }, (_, y) => [y * w, y * w + w - 1]).flat(),
  ];
  const middle = (channel: number): number => {
    const sorted = edges.map((pixel) => data[pixel * 4 + channel] ?? 0).sort((a, b) => a - b);
    return sorted[sorted.length >> 1] ?? 0;
  };
  const [red, green, blue] = [middle(0), middle(1), middle(2)];
  const isBackground = (pixel: number): boolean => {
    const at = pixel * 4;
    const away =
      Math.abs((data[at] ?? 0) - red) + Math.abs((data[at + 1] ?? 0) - green) + Math.abs((data[at + 2] ?? 0) - blue);
    return away <= LEAST_TOLERANCE || (data[at + 3] ?? 255) < 128;
  };
  const open = edges.filter(isBackground);
  if (open.length < LEAST_EVEN * edges.length) return undefined;
  const gone = new Uint8Array(w * h);
  for (const pixel of open) gone[pixel] = 1;
  for (let pixel = open.pop(); pixel !== undefined; pixel = open.pop()) {
    const x = pixel % w;
    const around = [x > 0 ? pixel - 1 : -1, x < w - 1 ? pixel + 1 : -1, pixel - w, pixel + w];
    for (const next of around) {
      if (next < 0 || next >= gone.length || gone[next] === 1 || !isBackground(next)) continue;
      gone[next] = 1;
      open.push(next);
    }
  }
  return gone;
}

/** The mean of nine pixels, so that the edge is soft. */
function keptAt(gone: Uint8Array, pixel: number, w: number, h: number): number {
  const [x, y] = [pixel % w, Math.floor(pixel / w)];
  let [kept, count] = [0, 0];
  for (let dy = Math.max(0, y - 1); dy <= Math.min(h - 1, y + 1); dy += 1) {
    for (let dx = Math.max(0, x - 1); dx <= Math.min(w - 1, x + 1); dx += 1) {
      kept += 1 - (gone[dy * w + dx] ?? 0);
      count += 1;
    }
  }
  return kept / count;
}

function paintOval(w: number, h: number): Canvas {
  const canvas = createCanvas(w, h);
  const ctx = canvas.getContext('2d');
  ctx.scale(w, h);
  const fade = ctx.createRadialGradient(0.5, 0.5, 0.36, 0.5, 0.5, 0.5);
  fade.addColorStop(0, 'rgba(0, 0, 0, 1)');
  fade.addColorStop(1, 'rgba(0, 0, 0, 0)');
  ctx.fillStyle = fade;
  ctx.fillRect(0, 0, 1, 1);
  return canvas;
}
