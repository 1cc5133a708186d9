import { createCanvas, ImageData, type SKRSContext2D } from '@napi-rs/canvas';
import type { Picture } from '../drawing/index.ts';
import { between } from '../media/between.ts';
import { findFlow } from '../media/flow.ts';
import { byteCountOf, type Planes, type Size, splitPlanes } from '../media/planes.ts';
import { drawCover } from './draw-picture.ts';

/** What flows is drawn with this many pixels: on the move nobody sees more, and a morph costs by the pixel. */
const FLOWING_PIXELS = 180_000;
/** The share of the way in which the sharp picture gives way to the flowing one, and comes back at the other end. */
const SHARP = 0.14;

/** One picture flows into the other: what both have in common moves from its place in the one to its place in the
 *  other, and what they have not goes over. */
export function createMorph(p: { first: Picture; last: Picture; size: Size }) {
  const factor = Math.min(1, Math.sqrt(FLOWING_PIXELS / (p.size.widthPx * p.size.heightPx)));
  const size = { widthPx: toEven(p.size.widthPx * factor), heightPx: toEven(p.size.heightPx * factor) };
  const [a, b] = [toPlanes(p.first, size), toPlanes(p.last, size)];
  const flow = findFlow(a, b);
  const flowing = createCanvas(size.widthPx, size.heightPx);
  return (context: SKRSContext2D, share: number): void => {
    const sharp = share < 0.5 ? p.first : p.last;
    const shown = Math.max(0, 1 - Math.min(share, 1 - share) / SHARP);
    if (shown < 1) {
      flowing.getContext('2d').putImageData(toImage(between(a, b, { flow, share })), 0, 0);
      drawCover(context, flowing);
    }
    context.globalAlpha = shown;
    if (shown > 0) drawCover(context, sharp);
    context.globalAlpha = 1;
  };
}

const toEven = (px: number): number => Math.max(2, Math.round(px / 2) * 2);

/** A picture, cut to cover the size, as planes; BT.709 in its full range, because it comes back to a canvas. */
function toPlanes(picture: Picture, size: Size): Planes {
  const canvas = createCanvas(size.widthPx, size.heightPx);
  const context = canvas.getContext('2d');
  drawCover(context, picture);
  const { data } = context.getImageData(0, 0, size.widthPx, size.heightPx);
  const planes: Planes = { ...size, bytes: new Uint8Array(byteCountOf(size)) };
  const { y, u, v } = splitPlanes(planes);
  for (let row = 0; row < size.heightPx; row += 1) {
    for (let column = 0; column < size.widthPx; column += 1) {
      const pixel = row * size.widthPx + column;
      const [r, g, bl] = [data[pixel * 4] ?? 0, data[pixel * 4 + 1] ?? 0, data[pixel * 4 + 2] ?? 0];
      const bright = 0.2126 * r + 0.7152 * g + 0.0722 * bl;
      y[pixel] = bright;
      if (row % 2 === 1 || column % 2 === 1) continue;
      const chroma = (row >> 1) * (size.widthPx >> 1) + (column >> 1);
      u[chroma] = 128 + (bl - bright) / 1.8556;
      v[chroma] = 128 + (r - bright) / 1.5748;
    }
  }
  return planes;
}

function toImage(planes: Planes): ImageData {
  const { widthPx, heightPx } = planes;
  const { y, u, v } = splitPlanes(planes);
  const data = new Uint8ClampedArray(widthPx * heightPx * 4);
  for (let row = 0; row < heightPx; row += 1) {
    const line = (row >> 1) * (widthPx >> 1);
    for (let column = 0; column < widthPx; column += 1) {
      const pixel = row * widthPx + column;
      const [bright, blue, red] = [
        y[pixel] ?? 0,
        (u[line + (column >> 1)] ?? 0) - 128,
        (v[line + (column >> 1)] ?? 0) - 128,
      ];
      const at = pixel * 4;
      data[at] = bright + 1.5748 * red;
      data[at + 1] = bright - 0.1873 * blue - 0.4681 * red;
      data[at + 2] = bright + 1.8556 * blue;
      data[at + 3] = 255;
    }
  }
  return new ImageData(data, widthPx, heightPx);
}
