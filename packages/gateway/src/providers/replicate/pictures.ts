import type { Json } from '@reelay/catalog';
import { absent, withOther } from '../kit/body.ts';
import { isLoraPath } from '../kit/loras.ts';
import { FileUse } from '../kit/media.ts';
import { inWords, type ModelMapping, type ModelRule, to, toOr } from '../kit/model-body.ts';
import { GROK_SHAPES, megapixelOf, pixelsOf } from '../kit/shapes.ts';

/** The ratio as it is, or the sides that it has at a million pixels. */
const ratio: ModelRule = (value, draft) => {
  const { field, set, refuse, name } = draft;
  if (value === 'custom') return customSize(value, draft);
  if (field('aspect_ratio') !== undefined) return set('aspect_ratio', value === 'auto' ? 'match_input_image' : value);
  const size = megapixelOf(value);
  if (size === undefined) return refuse(`${name} ${JSON.stringify(value)} is not offered there`);
  set('width', size.width);
  set('height', size.height);
};

/** The model rounds to this. */
const STEP = 32;
const customSize: ModelRule = (_value, { job, field, set, refuse }) => {
  const { customWidth = 0, customHeight = 0, customHight = customHeight } = job.input;
  const sides = [Number(customWidth), Number(customHight)];
  if (field('aspect_ratio')?.values?.includes('custom') !== true)
    return refuse('aspectRatio "custom" is not offered there');
  if (job.input.imageUrl !== undefined) return refuse('aspectRatio "custom" is not offered there for a given picture');
  if (sides.some((side) => side % STEP !== 0)) return refuse(`the sides must be multiples of ${STEP} there`);
  set('aspect_ratio', 'custom');
  set('width', sides[0] ?? 0);
  set('height', sides[1] ?? 0);
};

/** How a file is packed is the model's choice. */
const FORMATS: Readonly<Record<string, Json>> = {
  'webp(lossless)': 'webp',
  'webp(lossy)': 'webp',
};
const format: ModelRule = (value, draft) => {
  const isJpg = value === 'jpeg' && draft.field('output_format')?.values?.includes('jpg') === true;
  inWords(FORMATS, to('output_format'))(isJpg ? 'jpg' : value, draft);
};

const lora: ModelRule = (value, { job, set, refuse, name }) => {
  const { lora_strength: strength = 1 } = job.input;
  // A strength of 0 leaves it out.
  if (strength === 0) return;
  if (!isLoraPath(value))
    return refuse(
      `${name} ${JSON.stringify(value)} is the name of a file, and an address or owner/name is taken there`,
    );
  set('lora_weights', value);
  set('lora_scale', strength);
};

/** Pictures that are parameters of their own, in their order. */
const numberedPictures: ModelRule = (_value, { job, set }) =>
  set(
    'image',
    ['imageUrl', 'imageUrl2', 'imageUrl3'].flatMap((name) => (job.media[name] ?? []).map((one) => new FileUse(one))),
  );

const common: ModelMapping = {
  aspectRatio: ratio,
  customWidth: withOther,
  customHeight: withOther,
  customHight: withOther,
  outputFormat: format,
  lora,
  lora_strength: withOther,
};

/** A free size where there is one; elsewhere the squares that the sizes mean. */
const SQUARES: Readonly<Record<number, string>> = { 1024: '1K', 2048: '2K', 3072: '3K', 4096: '4K' };
const dreamSides: ModelRule = (_value, { job, field, set, refuse }) => {
  const { width = 0, height = 0, resolution = '' } = job.input;
  if (resolution !== '' && resolution !== null) return;
  if (field('width') !== undefined) {
    set('size', 'custom');
    set('width', width);
    set('height', height);
  } else if (width === height && SQUARES[Number(width)] !== undefined) {
    set('size', SQUARES[Number(width)] ?? '');
    set('aspect_ratio', '1:1');
  } else refuse(`${String(width)} by ${String(height)} is not offered there`);
};

const gptRatio: ModelRule = (value, draft) => {
  const { job, field, set, refuse, name } = draft;
  const { resolution = '1k' } = job.input;
  const values = field('aspect_ratio')?.values ?? [];
  if (value === 'empty' && resolution === '1k') return set('aspect_ratio', 'auto');
  if (resolution === '1k' && values.includes(String(value))) return set('aspect_ratio', value);
  const pixels = pixelsOf(value, resolution);
  const size = `${pixels?.width}x${pixels?.height}`;
  if (values.includes(size)) set('aspect_ratio', size);
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
    imageNum: absent('1'),
    // The size of a picture cannot be chosen; this one is what its shape gives.
    size: inWords({ '1024*1024': '1:1' }, to('aspect_ratio')),
  },
  seedream: {
    ...common,
    resolution: to('size'),
    width: dreamSides,
    height: withOther,
    maxImages: (value, { job, set }) => {
      if (job.input.sequentialImageGeneration === 'auto') set('max_images', value);
    },
    toolsType: absent('web_search'),
  },
  'gpt-image': {
    ...common,
    aspectRatio: gptRatio,
    resolution: withOther,
    size: inWords({ '1024*1024': '1:1', '1536*1024': '3:2', '1024*1536': '2:3' }, to('aspect_ratio')),
  },
  grok: {
    ...common,
    aspectRatio: inWords(GROK_SHAPES, to('aspect_ratio')),
    model: absent('g-4.2'),
    outputFormat: absent('jpeg'),
  },
  wan: {
    ...common,
    width: (value, { job, set }) => set('size', `${String(value)}*${String(job.input.height)}`),
    height: withOther,
    thinkingMode: toOr(absent(true), 'thinking_mode'),
  },
  topaz: { ...common, scale: to('upscale_factor') },
};
