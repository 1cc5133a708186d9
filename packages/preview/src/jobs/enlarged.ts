import type { SharpenOptions } from 'sharp';
import type { RenderResult } from '../contract.ts';
import type { Sides } from '../geometry/sizes.ts';
import { fromRaster, type Raster } from '../media/raster.ts';
import { writeStill } from '../media/still-file.ts';
import { encodingLike } from '../picture-form/picture-form.ts';
import { BadInput } from './bad-input.ts';
import { commentFor } from './film.ts';
import type { JobInput } from './job.ts';

/** The picture never lies in memory whole, but somebody waits for it: two minutes for this many. */
const MAX_PIXELS = 500_000_000;
/** What the formats can say. A PNG may have longer sides, but decoders refuse them. */
const MAX_SIDE_PX = 65_500;

/** The sides as they are. @throws {BadInput} where `param` asks for more than can be made. */
export function toMakeable({ widthPx, heightPx }: Sides, param: string): Sides {
  if (widthPx * heightPx <= MAX_PIXELS && Math.max(widthPx, heightPx) <= MAX_SIDE_PX) return { widthPx, heightPx };
  const most = `at most ${MAX_PIXELS / 1e6} million, and ${MAX_SIDE_PX} along a side, can be made`;
  throw new BadInput(`${param} makes ${widthPx}x${heightPx} pixels of this picture; ${most}.`);
}

/** Enlarges a picture, sharpens what that made soft, and writes it in the format it came in. */
export async function writeEnlarged(
  { request }: JobInput,
  p: { raster: Raster; sides: Sides; sharpen: SharpenOptions },
): Promise<RenderResult> {
  const picture = fromRaster(p.raster)
    .resize(p.sides.widthPx, p.sides.heightPx, { fit: 'fill', kernel: 'lanczos3' })
    .sharpen(p.sharpen);
  const file = await writeStill(picture, {
    outputDir: request.outputDir,
    name: 'preview',
    sides: p.sides,
    encoding: encodingLike(p.raster.format),
    hasAlpha: p.raster.channels === 4,
    comment: commentFor(request.endpoint),
  });
  return { files: [file] };
}
