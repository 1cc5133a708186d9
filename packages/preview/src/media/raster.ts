import { readFile } from 'node:fs/promises';
import type { Sharp } from 'sharp';
import { createRandom } from '../storyboard/random.ts';
import { BadMedia } from './bad-media.ts';
import { sharp } from './sharp.ts';

/** A picture as it lies in memory: rows from the top, red, green, blue and, with four channels, alpha. */
export type Raster = {
  readonly data: Buffer;
  readonly widthPx: number;
  readonly heightPx: number;
  readonly channels: 3 | 4;
  /** Of the file it was read from, as the library calls it: `jpeg`, `png`. */
  readonly format: string;
};

/** One byte a pixel: 255 where something is, 0 where it is not. */
export type Mask = { readonly bytes: Uint8Array; readonly widthPx: number; readonly heightPx: number };

/** Decoded, and worked on in three copies, this is 600 MB; a child may have 1 536. */
const MAX_PIXELS = 50_000_000;

/** Reads a picture, upright and in sRGB. `medianPx`: grains up to this size are smoothed away.
 *  @throws {BadMedia} for what is not a picture or too large. */
export async function readRaster(path: string, medianPx?: number): Promise<Raster> {
  try {
    const picture = sharp(await readFile(path), { limitInputPixels: MAX_PIXELS });
    const { format = 'png', hasAlpha } = await picture.metadata();
    const upright = picture.autoOrient().toColourspace('srgb');
    const smooth = medianPx === undefined ? upright : upright.median(medianPx);
    // Grey pictures, with and without alpha, become coloured ones of one hue.
    return await toRaster(hasAlpha ? smooth.ensureAlpha() : smooth.removeAlpha(), {
      format,
      channels: hasAlpha ? 4 : 3,
    });
  } catch (error) {
    const isLarge = error instanceof Error && /pixel limit/i.test(error.message);
    throw new BadMedia(
      isLarge
        ? `The picture has more than ${MAX_PIXELS / 1e6} million pixels, the most that is worked on here.`
        : 'The file cannot be read as a picture.',
      { cause: error },
    );
  }
}

async function toRaster(picture: Sharp, p: Pick<Raster, 'format' | 'channels'>): Promise<Raster> {
  const { data, info } = await picture.raw({ depth: 'uchar' }).toBuffer({ resolveWithObject: true });
  if (info.channels !== p.channels)
    throw new Error(`${info.channels} channels came out where ${p.channels} were meant`);
  return { ...p, data, widthPx: info.width, heightPx: info.height };
}

/** A pipeline that begins with a raster. */
export const fromRaster = ({ data, widthPx, heightPx, channels }: Raster): Sharp =>
  sharp(data, { raw: { width: widthPx, height: heightPx, channels } });

/** The raster after such a pipeline, with as many channels as before. */
export const toTreated = (raster: Raster, treat: (picture: Sharp) => Sharp): Promise<Raster> => {
  const treated = treat(fromRaster(raster));
  return toRaster(raster.channels === 3 ? treated.removeAlpha() : treated, raster);
};

/** Lays `over` on a raster where the mask is bright. Works in the raster's own memory: a copy may be 150 MB.
 *  @param mask is stretched over the picture, smoothly. */
export async function blendWithin(raster: Raster, over: Raster, mask: Mask): Promise<Raster> {
  const { widthPx: width, heightPx: height, channels, data } = raster;
  const shares = await sharp(mask.bytes, { raw: { width: mask.widthPx, height: mask.heightPx, channels: 1 } })
    .resize(width, height, { fit: 'fill', kernel: 'cubic' })
    .toColourspace('b-w')
    .raw()
    .toBuffer();
  for (let pixel = 0; pixel < shares.length; pixel += 1) {
    const share = (shares[pixel] ?? 0) / 255;
    if (share === 0) continue;
    for (let at = pixel * channels; at < pixel * channels + 3; at += 1) {
      const own = data[at] ?? 0;
      data[at] = own + ((over.data[at] ?? own) - own) * share;
    }
  }
  return raster;
}

const GRAIN_SIDE = 128;

/** Lays fine texture over a picture. `steps`: how far it goes from middle grey, of 255. */
export async function addTexture(raster: Raster, p: { seed: number; steps: number }): Promise<Raster> {
  const random = createRandom(p.seed);
  const side = { width: Math.min(GRAIN_SIDE, raster.widthPx), height: Math.min(GRAIN_SIDE, raster.heightPx) };
  const tile = Buffer.alloc(side.width * side.height * 3);
  for (let at = 0; at < tile.length; at += 3)
    tile.fill(128 + p.steps * (random.next() + random.next() - 1), at, at + 3);
  const layer = { input: tile, raw: { ...side, channels: 3 as const }, tile: true, blend: 'soft-light' as const };
  return toTreated(raster, (picture) => picture.composite([layer]));
}
