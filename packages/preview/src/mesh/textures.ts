import { type Canvas, createCanvas } from '@napi-rs/canvas';
import { drawMark, type Picture } from '../drawing/index.ts';
import { sharp } from '../media/sharp.ts';

/** The pictures that lie on a solid, as files. */
export type Textures = {
  readonly colour: Buffer;
  readonly mediaType: 'image/jpeg';
  /** Bumps, and what is rough or shines: of materials that follow light. */
  readonly surface?: { readonly normal: Buffer; readonly roughness: Buffer };
};

/** How far the colours of a cut-out reach over its edge, in pixels. */
const BLEED = 4;
const BACK_SHADE = 'rgba(20, 24, 32, 0.28)';

/** Front in the left half, back in the right one. Without a picture of the back it is the front, seen through, in shade.
 *  @param side of one half, in pixels. */
export function paintAtlas(p: { front: Canvas; back: Picture | undefined; side: number }): Canvas {
  const { front, side } = p;
  const atlas = createCanvas(side * 2, side);
  const ctx = atlas.getContext('2d');
  ctx.fillStyle = meanColour(front);
  ctx.fillRect(0, 0, side * 2, side);
  ctx.imageSmoothingQuality = 'high';
  const half = (picture: Picture, left: number, isMirrored: boolean): void => {
    ctx.save();
    ctx.beginPath();
    ctx.rect(left, 0, side, side);
    ctx.clip();
    ctx.translate(left + (isMirrored ? side : 0), 0);
    ctx.scale(isMirrored ? -1 : 1, 1);
    for (const [dx, dy] of [
      [-BLEED, 0],
      [BLEED, 0],
      [0, -BLEED],
      [0, BLEED],
      [0, 0],
    ] as const) {
      // biome-ignore format: a cross
      ctx.drawImage(picture, dx, dy, side, side);
    }
    ctx.restore();
  };
  half(front, 0, false);
  half(p.back ?? front, side, p.back === undefined);
  if (p.back === undefined) {
    ctx.fillStyle = BACK_SHADE;
    ctx.fillRect(side, 0, side, side);
  }
  return atlas;
}

/** Writes the pictures of a solid, marked as a preview. */
export async function writeTextures(atlas: Canvas, p: { hasSurface: boolean }): Promise<Textures> {
  drawMark(atlas.getContext('2d'), atlas.width, atlas.height);
  const colour = await toJpeg(atlas);
  if (!p.hasSurface) return { colour, mediaType: 'image/jpeg' };
  const { normal, roughness } = paintSurface(atlas);
  return {
    colour,
    mediaType: 'image/jpeg',
    surface: { normal: await toJpeg(normal), roughness: await toJpeg(roughness) },
  };
}

const toJpeg = (canvas: Canvas): Promise<Buffer> => {
  const { width, height } = canvas;
  const { data } = canvas.getContext('2d').getImageData(0, 0, width, height);
  return sharp(data, { raw: { width, height, channels: 4 } })
    .removeAlpha()
    .jpeg({ quality: 90 })
    .toBuffer();
};

const BUMP = 2;

/** Bright parts stand out and are smooth, dark ones lie deep and are rough. */
function paintSurface(colour: Canvas): { normal: Canvas; roughness: Canvas } {
  const { width, height } = colour;
  const { data } = colour.getContext('2d').getImageData(0, 0, width, height);
  const bright = (x: number, y: number): number => {
    const at = (Math.min(height - 1, Math.max(0, y)) * width + Math.min(width - 1, Math.max(0, x))) * 4;
    return ((data[at] ?? 0) * 0.3 + (data[at + 1] ?? 0) * 0.59 + (data[at + 2] ?? 0) * 0.11) / 255;
  };
  const [normal, roughness] = [createCanvas(width, height), createCanvas(width, height)];
  const [slopes, shine] = [normal, roughness].map((canvas) => canvas.getContext('2d').createImageData(width, height));
  if (slopes === undefined || shine === undefined) throw new Error('two canvases have two images');
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      const dx = (bright(x - 1, y) - bright(x + 1, y)) * BUMP;
      const dy = (bright(x, y + 1) - bright(x, y - 1)) * BUMP;
      const length = Math.hypot(dx, dy, 1);
      const at = (y * width + x) * 4;
      slopes.data.set([128 + (127 * dx) / length, 128 + (127 * dy) / length, 128 + 127 / length, 255], at);
      // glTF reads roughness from green and metal from blue.
      shine.data.set([0, 235 - bright(x, y) * 110, 12, 255], at);
    }
  }
  normal.getContext('2d').putImageData(slopes, 0, 0);
  roughness.getContext('2d').putImageData(shine, 0, 0);
  return { normal, roughness };
}

/** Of what is opaque. */
export function meanColour(canvas: Canvas): string {
  const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
  const sums = [0, 0, 0];
  let count = 0;
  for (let at = 0; at < data.length; at += 4) {
    if ((data[at + 3] ?? 0) < 128) continue;
    count += 1;
    for (let channel = 0; channel < 3; channel += 1) sums[channel] = (sums[channel] ?? 0) + (data[at + channel] ?? 0);
  }
  const mean = sums.map((sum) => Math.round(sum / Math.max(1, count)));
  return `rgb(${mean.join(', ')})`;
}
