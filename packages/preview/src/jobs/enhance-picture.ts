import type { Input } from '@reelay/catalog';
import type { Sides } from '../geometry/sizes.ts';
import { toNumber } from '../geometry.ts';
import { BadMedia } from '../media/bad-media.ts';
import { addTexture, readRaster, toTreated } from '../media/raster.ts';
import { toMakeable, writeEnlarged } from './enlarged.ts';
import type { Job } from './job.ts';

/** Grains and blocks of compression are about this large. */
const MEDIAN_PX = 3;
/** Of a row without a parameter for it. */
const USUAL_TEXTURE = 2;
/** Coded steps of new texture, of 255: for each level of it, and for each level of creativity. */
const [TEXTURE_STEPS, CREATIVE_STEPS] = [2, 6];

/** The given picture with its noise smoothed, its local contrast raised and its edges sharpened, in the asked size. */
export const enhancePicture: Job = async (input) => {
  const { request, roles } = input;
  const [given] = roles.pictures;
  if (given === undefined) throw new BadMedia('There is no picture to enhance.');
  const source = await readRaster(given.path, MEDIAN_PX);
  const sides = toMakeable(toEnhancedSides(source, request.input), 'upscale');
  input.onProgress(0.3);
  const texture = toNumber(request.input.textureLevel) ?? USUAL_TEXTURE;
  const steps = TEXTURE_STEPS * texture + CREATIVE_STEPS * (toNumber(request.input.creativityLevel) ?? 0);
  // A wide radius with a small gain raises the difference between neighbouring areas, which reads as depth.
  const clear = await toTreated(source, (picture) => picture.sharpen({ sigma: 5, m1: 0.22, m2: 0.22 }));
  return writeEnlarged(input, {
    raster: await addTexture(clear, { seed: request.seed, steps }),
    sides,
    sharpen: { sigma: Math.max(0.8, sides.widthPx / source.widthPx / 2), m1: 0.1, m2: 0.4 * texture },
  });
};

/** The source's sides times `upscale`, made smaller where a side is longer than allowed. Below 1 there is no limit. */
export function toEnhancedSides({ widthPx, heightPx }: Sides, input: Input): Sides {
  const factor = toNumber(input.upscale) ?? 1;
  const [width, height] = [widthPx * factor, heightPx * factor];
  const limit = (name: string, side: number): number => {
    const most = toNumber(input[name]) ?? -1;
    return most < 1 ? 1 : Math.min(1, most / side);
  };
  const smaller = Math.min(
    limit('shortEdgeSize', Math.min(width, height)),
    limit('longEdgeSize', Math.max(width, height)),
  );
  return { widthPx: Math.max(1, Math.round(width * smaller)), heightPx: Math.max(1, Math.round(height * smaller)) };
}
