import type { Json } from '@reelay/catalog';
import { absent, withOther } from '../kit/body.ts';
import { isLoraPath } from '../kit/loras.ts';
import { FileUse } from '../kit/media.ts';
import { inWords, type ModelDraft, type ModelMapping, type ModelRule, to, toOr } from '../kit/model-body.ts';
import { GROK_SHAPES, megapixelOf, pixelsOf, sizeOf } from '../kit/shapes.ts';

/** Where a model takes a size: the size of about a million pixels in that shape; elsewhere the ratio as it is. */
const ratio: ModelRule = (value, draft) => {
  const { field, set, refuse, name } = draft;
  if (field('resolution_mode') !== undefined) return set('resolution_mode', value);
  if (field('image_size') === undefined) return to('aspect_ratio')(value, draft);
  if (value === 'custom') return customSize(draft);
  if (value === 'auto') return autoSize(draft);
  const size = megapixelOf(value);
  if (size === undefined) refuse(`${name} ${JSON.stringify(value)} is not offered there`);
  else set('image_size', size);
};

function customSize({ job, set }: ModelDraft): void {
  // Some endpoints of ours spell the height as the hosted platform does.
  const { customWidth: width = null, customHeight = null, customHight: height = customHeight } = job.input;
  set('image_size', { width, height });
}

/** As the given picture, which is also what happens where nothing is said. */
function autoSize({ field, set }: ModelDraft): void {
  const path = ['image_size', 'aspect_ratio'].find((one) => field(one)?.values?.includes('auto') === true);
  if (path !== undefined) set(path, 'auto');
}

/** `1024*1536`. */
const size: ModelRule = (value, { field, set, refuse, name }) => {
  const pixels = sizeOf(value);
  if (pixels === undefined) refuse(`${name} ${JSON.stringify(value)} is not offered there`);
  else set('image_size', field('image_size')?.sized === true ? pixels : `${pixels.width}x${pixels.height}`);
};

/** Both, unless a resolution overrides them. */
const sides: ModelRule = (_value, { job, set }) => {
  const { width = null, height = null, resolution = '' } = job.input;
  if (resolution === '' || resolution === null) set('image_size', { width, height });
};

/** How a file is packed is the model's choice. */
const FORMATS: Readonly<Record<string, Json>> = {
  'webp(lossless)': 'webp',
  'webp(lossy)': 'webp',
  'webp (lossless)': 'webp',
  'webp (lossy)': 'webp',
};

const LORAS = [
  ['lora', 'lora_strength'],
  ['lora1', 'lora1_strength_model'],
  ['lora2', 'lora2_strength_model'],
  ['lora3', 'lora3_strength_model'],
] as const;
/** All of them at once, for any of them. A strength of 0 leaves one out. */
export const loras: ModelRule = (value, { job, set, refuse, name }) => {
  const used = LORAS.flatMap(([file, strength]) => {
    const { [file]: path = '', [strength]: scale = 1 } = job.input;
    return path === '' || path === null || scale === 0 ? [] : [{ file, path, scale }];
  });
  if (used.some(({ file, path }) => file === name && !isLoraPath(path))) {
    refuse(`${name} ${JSON.stringify(value)} is the name of a file, and an address or owner/name is taken there`);
  } else if (used.length > 0) {
    set(
      'loras',
      used.map(({ path, scale }) => ({ path, scale })),
    );
  }
};
/** For the endpoints that have them. */
export const LORA_RULES: ModelMapping = Object.fromEntries(
  LORAS.flatMap(([file, strength]) => [
    [file, loras],
    [strength, withOther],
  ]),
);

const common: ModelMapping = {
  ...LORA_RULES,
  aspectRatio: ratio,
  customWidth: withOther,
  customHeight: withOther,
  customHight: withOther,
  size,
  width: sides,
  height: sides,
  outputFormat: inWords(FORMATS, to('output_format', 'image_format')),
  n: to('num_images'),
  imageNum: to('num_images'),
};

/** Pictures that are parameters of their own, in their order. */
const numberedPictures: ModelRule = (_value, { job, set }) =>
  set(
    'image_urls',
    ['imageUrl', 'imageUrl2', 'imageUrl3'].flatMap((name) => (job.media[name] ?? []).map((one) => new FileUse(one))),
  );

/** Sides from the ratio and the resolution together. */
const gptRatio: ModelRule = (value, draft) => {
  const { job, field, set, refuse, name } = draft;
  const fixed = { '1:1': '1024x1024', '3:2': '1536x1024', '2:3': '1024x1536' };
  if (field('image_size')?.sized !== true) return inWords(fixed, to('image_size'))(value, draft);
  const resolution = String(job.input.resolution ?? '1k').toLowerCase();
  const pixels = pixelsOf(value, resolution);
  if (pixels !== undefined) set('image_size', pixels);
  else if (value === 'empty' && resolution === '1k') set('image_size', 'auto');
  else refuse(`${name} ${JSON.stringify(value)} at ${resolution} is not offered there`);
};

/** What differs by family, for endpoints that make pictures. */
export const PICTURES: Readonly<Record<string, ModelMapping>> = {
  flux: common,
  'z-image': common,
  'nano-banana': common,
  'qwen-image': {
    ...common,
    imageUrl: numberedPictures,
    imageUrl2: numberedPictures,
    imageUrl3: numberedPictures,
  },
  seedream: {
    ...common,
    resolution: inWords({ '2k': 'auto_2K', '3k': 'auto_3K', '4k': 'auto_4K' }, to('image_size')),
    sequentialImageGeneration: (value, { job, set }) => {
      if (value === 'auto') set('max_images', job.input.maxImages ?? 1);
    },
    maxImages: withOther,
    toolsType: absent('web_search'),
  },
  'gpt-image': { ...common, aspectRatio: gptRatio, resolution: withOther },
  grok: { ...common, aspectRatio: inWords(GROK_SHAPES, to('aspect_ratio')), model: absent('g-4.2') },
  wan: { ...common, thinkingMode: toOr(absent(true), 'thinking_mode') },
  topaz: { ...common, scale: (value, { set }) => set('upscale_factor', Number.parseInt(String(value), 10)) },
};
