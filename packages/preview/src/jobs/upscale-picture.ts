import type { SharpenOptions } from 'sharp';
import { toFlag, toNumber } from '../geometry.ts';
import { BadMedia } from '../media/bad-media.ts';
import { addTexture, blendWithin, type Raster, readRaster, toTreated } from '../media/raster.ts';
import { findSkin, findSubject } from '../retouch/masks.ts';
import { toMakeable, writeEnlarged } from './enlarged.ts';
import type { Job, JobInput } from './job.ts';

type Treatment = {
  readonly endpoints: RegExp;
  /** Smooths grains of this size away first. */
  readonly medianPx?: number;
  /** After enlarging to twice the size: `m1` on even areas, `m2` on edges. */
  readonly sharpen: SharpenOptions;
};

/** What the models of the line are for, done by filters. The first row that matches counts. */
const TREATMENTS: readonly Treatment[] = [
  { endpoints: /high-fidelity/, sharpen: { sigma: 0.6, m1: 0.1, m2: 0.6 } },
  { endpoints: /low-resolution/, medianPx: 3, sharpen: { sigma: 1.3, m1: 0.5, m2: 1.5 } },
  { endpoints: /cgi/, medianPx: 3, sharpen: { sigma: 0.8, m1: 0, m2: 2.2 } },
  { endpoints: /text-refine/, sharpen: { sigma: 1, m1: 0, m2: 3 } },
];
const STANDARD: Treatment = { endpoints: /^/, sharpen: { sigma: 0.8, m1: 0.3, m2: 1 } };

const SUBJECT_SHARPEN: SharpenOptions = { sigma: 1, m1: 0.2, m2: 1.2 };

/** The given picture, enlarged by the asked factor and sharpened as its endpoint's model would be used for. */
export const upscalePicture: Job = async (input) => {
  const { request, roles } = input;
  const [given] = roles.pictures;
  if (given === undefined) throw new BadMedia('There is no picture to enlarge.');
  const treatment = TREATMENTS.find(({ endpoints }) => endpoints.test(request.endpoint)) ?? STANDARD;
  const source = await readRaster(given.path, treatment.medianPx);
  const factor = Number.parseInt(String(request.input.scale), 10);
  const sides = toMakeable({ widthPx: source.widthPx * factor, heightPx: source.heightPx * factor }, 'scale');
  const raster = await workOnFaces(await workOnSubject(source, request), request);
  input.onProgress(0.3);
  const { sigma, ...gains } = treatment.sharpen;
  return writeEnlarged(input, { raster, sides, sharpen: { ...gains, sigma: (sigma * factor) / 2 } });
};

/** Sharpens the middle of the picture, where its subject is, or what lies around it. */
async function workOnSubject(raster: Raster, { input }: JobInput['request']): Promise<Raster> {
  const part = input.subjectDetection;
  if (part !== 'Foreground' && part !== 'Background') return raster;
  const sharper = await toTreated(raster, (picture) => picture.sharpen(SUBJECT_SHARPEN));
  return blendWithin(raster, sharper, await findSubject(raster, part));
}

/** Coded steps of new texture at full creativity. */
const CREATIVE_STEPS = 26;

/** Sharpens what has the colour of skin and what lies in it; with creativity it gets a texture of its own. */
async function workOnFaces(raster: Raster, { input, seed }: JobInput['request']): Promise<Raster> {
  const strength = toNumber(input.faceEnhancementStrength) ?? 0;
  const creativity = toNumber(input.faceEnhancementCreativity) ?? 0;
  if (toFlag(input.faceEnhancement) !== true || strength + creativity === 0) return raster;
  const skin = await findSkin(raster);
  if (skin === undefined) return raster;
  const sharper = await toTreated(raster, (picture) => picture.sharpen({ sigma: 1.2, m1: 0.1, m2: 2 * strength }));
  const textured = creativity === 0 ? sharper : await addTexture(sharper, { seed, steps: CREATIVE_STEPS * creativity });
  return blendWithin(raster, textured, skin);
}
