import { fromRaster, type Mask, type Raster } from '../media/raster.ts';

const SIDE = 256;
/** Skin that fills less than this of a picture is none. */
const LEAST_SKIN = 0.004;

/** Where a picture has the colour of skin; undefined: nowhere. */
export async function findSkin(raster: Raster): Promise<Mask | undefined> {
  const mask = await mapSmall(raster, ([red, green, blue]) => (isSkin(red, green, blue) ? 255 : 0));
  const share = mask.bytes.reduce((sum, value) => sum + value, 0) / (255 * mask.bytes.length);
  return share < LEAST_SKIN ? undefined : mask;
}

/** Ranges of hue and brightness into which skin of all shades falls (Kovac et al. 2003, widened for dark skin). */
const isSkin = (red: number, green: number, blue: number): boolean =>
  red > 60 && red > green && green > blue * 0.92 && red - blue > 16 && red - green > 6 && red - green < 90;

/** Where the subject of most pictures is: the middle, or all but it. */
export function findSubject(raster: Raster, part: 'Foreground' | 'Background'): Promise<Mask> {
  return mapSmall(raster, (_colour, x, y) => {
    const away = Math.hypot(x - 0.5, y - 0.5) / 0.5;
    const middle = Math.min(1, Math.max(0, (1 - away) / 0.5));
    return 255 * (part === 'Foreground' ? middle : 1 - middle);
  });
}

/** @param valueAt gets red, green, blue and the place as shares of the sides. */
async function mapSmall(
  raster: Raster,
  valueAt: (colour: [number, number, number], x: number, y: number) => number,
): Promise<Mask> {
  const { data, info } = await fromRaster(raster)
    .removeAlpha()
    .resize(SIDE, SIDE, { fit: 'inside', withoutEnlargement: true })
    .raw()
    .toBuffer({ resolveWithObject: true });
  const bytes = new Uint8Array(info.width * info.height);
  for (let pixel = 0; pixel < bytes.length; pixel += 1) {
    const at = pixel * info.channels;
    const [x, y] = [(pixel % info.width) + 0.5, Math.floor(pixel / info.width) + 0.5];
    const colour: [number, number, number] = [data[at] ?? 0, data[at + 1] ?? 0, data[at + 2] ?? 0];
    bytes[pixel] = valueAt(colour, x / info.width, y / info.height);
  }
  return { bytes, widthPx: info.width, heightPx: info.height };
}
