import { at, family, perCall, type Row } from '../family.ts';
import { oneOf, optional, say } from '../params.ts';
import { JPG_PNG, JPG_PNG_WEBP } from './shared.ts';
import {
  editPrompt,
  MORE_RATIOS,
  picturePrompt,
  pictureRatio,
  pictureResolution,
  pictureSize,
  sourceImages,
} from './shared-pictures.ts';

// Limits and prices: the platform's public model registry, revision of 2026-05-07 and, of what was withdrawn before, the
// last revision that had it.

const quality = oneOf(
  say('How much work goes into the picture; high costs several times low.', '出图质量，high 的价格是 low 的数倍。'),
  ['low', 'medium', 'high'],
  { default: 'medium' },
);
const resolution = (standard: string) => pictureResolution(['1k', '2k', '4k'], { default: standard });

// 1.5 on the official route.
const size = pictureSize(['1024*1024', '1024*1536', '1536*1024'], { default: '1024*1024' });
const background = (options: { readonly default?: string } = {}) =>
  optional(
    oneOf(
      say('What lies behind the subject; transparent leaves it out.', '主体背后的背景，transparent 为透明。'),
      ['auto', 'transparent', 'opaque'],
      options,
    ),
  );
const inputFidelity = oneOf(
  say(
    'How closely to keep the details of the given pictures, faces above all.',
    '对所给图片细节（尤其人脸）的还原程度。',
  ),
  ['low', 'high'],
);
const bySize = (square: number, oblong: number) => ({ '1024*1024': square, '1024*1536': oblong, '1536*1024': oblong });
const QUALITY_AND_SIZE = ['quality', 'size'];
const low = bySize(0.06, 0.08);
const medium = bySize(0.21, 0.32);
const high = bySize(0.84, 1.26);

// 2 on the official route.
const prompt20k = { maxChars: 20000 };
const ratio2 = pictureRatio(MORE_RATIOS, '16:9');
const price2 = perCall(['quality', 'resolution'], {
  low: { '1k': 0.29, '2k': 0.328, '4k': 0.378 },
  medium: { '1k': 0.586, '2k': 0.926, '4k': 1.373 },
  high: { '1k': 1.581, '2k': 2.948, '4k': 4.738 },
});

const official: readonly Row[] = [
  {
    id: 'rhart-image-g-1.5-official/text-to-image',
    name: 'gpt-image-1.5/text-to-image-official-stable',
    altNames: ['gpt-image-1.5-official/text-to-image'],
    task: 'text-to-image',
    en: 'Draws with GPT Image 1.5 in three fixed sizes. Choose it for cut-out pictures with a transparent background.',
    zh: '用 GPT Image 1.5 以三种固定尺寸绘图，适合需要透明背景的抠图素材。',
    params: { prompt: picturePrompt(), size, quality, background: background() },
    price: perCall(QUALITY_AND_SIZE, { low, medium, high }),
    example: {
      prompt: 'Sticker of an otter juggling three limes, thick white outline.',
      quality: 'low',
      background: 'transparent',
    },
  },
  {
    id: 'rhart-image-g-1.5-official/image-to-image',
    name: 'gpt-image-1.5/image-to-image-official-stable',
    altNames: ['gpt-image-1.5-official/image-to-image'],
    task: 'image-to-image',
    en: 'Edits or combines up to ten pictures with GPT Image 1.5; high fidelity keeps faces and logos as they are.',
    zh: '用 GPT Image 1.5 编辑或组合至多十张图片，高还原度可保持人脸与标志不变。',
    params: {
      prompt: editPrompt(),
      imageUrls: sourceImages({ minItems: 1, maxItems: 10, accept: JPG_PNG, maxMegabytes: 50 }),
      size,
      quality,
      inputFidelity: optional(inputFidelity),
      background: background({ default: 'auto' }),
    },
    // Prices are also printed for a size "auto" that the service has ceased to offer.
    price: perCall(QUALITY_AND_SIZE, {
      low: { ...low, auto: 0.06 },
      medium: { ...medium, auto: 0.21 },
      high: { ...high, auto: 0.84 },
    }),
    example: {
      prompt: 'Dress the person in a navy suit for a passport photograph, plain light background.',
      imageUrls: [at('holiday-portrait.jpg')],
      size: '1024*1536',
      quality: 'low',
      inputFidelity: 'high',
    },
  },
  {
    id: 'rhart-image-g-2-official/text-to-image',
    name: 'gpt-image-2/text-to-image-official-stable',
    task: 'text-to-image',
    en: 'Draws with GPT Image 2, up to 4k in ten shapes. For layouts, comics and any prompt with many conditions.',
    zh: '用 GPT Image 2 绘图，十种比例、最高 4k，适合版式、漫画与条件繁多的提示词。',
    params: { prompt: picturePrompt(prompt20k), aspectRatio: ratio2, resolution: resolution('2k'), quality },
    price: price2,
    example: {
      prompt: 'Four-panel comic: a robot waters a plastic plant, waits, reads the label, is embarrassed.',
      aspectRatio: '4:3',
      resolution: '1k',
      quality: 'low',
    },
  },
  {
    id: 'rhart-image-g-2-official/image-to-image',
    name: 'gpt-image-2/image-to-image-official-stable',
    task: 'image-to-image',
    en: 'Edits or combines up to ten pictures with GPT Image 2, up to 4k. For campaigns made from existing material.',
    zh: '用 GPT Image 2 编辑或组合至多十张图片，最高 4k，适合基于现有素材的整套物料。',
    params: {
      prompt: editPrompt(prompt20k),
      imageUrls: sourceImages({ minItems: 1, maxItems: 10, accept: JPG_PNG_WEBP, maxMegabytes: 10 }),
      aspectRatio: optional(ratio2),
      resolution: resolution('2k'),
      quality,
    },
    price: price2,
    example: {
      prompt:
        'Make a wide banner: the soap of the first picture on the pebbles of the second, room for text on the left.',
      imageUrls: [at('lavender-soap.webp'), at('pebbles.jpg')],
      aspectRatio: '21:9',
      resolution: '1k',
      quality: 'medium',
    },
  },
];

const ratio15 = pictureRatio(['auto', '1:1', '3:2', '2:3'], '2:3');
const free = pictureRatio(['empty', ...MORE_RATIOS], 'empty');
const edit15 = {
  prompt: editPrompt({ maxChars: 800 }),
  imageUrls: sourceImages({ minItems: 1, maxItems: 2, accept: JPG_PNG, maxMegabytes: 10 }),
  aspectRatio: ratio15,
};
const lowPrice2 = { aspectRatio: optional(free), resolution: optional(resolution('1k')) };
const TO_TEXT_2 = ['rhart-image-g-2/text-to-image'];
const TO_EDIT_2 = ['rhart-image-g-2/image-to-image'];

const lowPrice: readonly Row[] = [
  {
    id: 'rhart-image-g-2/text-to-image',
    name: 'gpt-image-2.0/text-to-image-channel-low-price',
    task: 'text-to-image',
    en: 'GPT Image 2 on the low-price route: one price for every size, and the shape may be left to the model.',
    zh: 'GPT Image 2 低价文生图通道：各尺寸同价，比例可交由模型决定。',
    params: { prompt: picturePrompt(prompt20k), ...lowPrice2 },
    price: perCall(0.1),
    example: {
      prompt: 'Blueprint of a treehouse with a rope bridge, white lines on blue, dimensions in metres.',
      aspectRatio: '5:4',
    },
  },
  {
    id: 'rhart-image-g-2/image-to-image',
    name: 'gpt-image-2.0/edit-channel-low-price',
    task: 'image-to-image',
    en: 'Edits or combines up to ten pictures with GPT Image 2 on the low-price route, one price up to 4k.',
    zh: 'GPT Image 2 低价修图通道，可编辑或组合至多十张图片，最高 4k 同价。',
    params: {
      prompt: editPrompt(prompt20k),
      imageUrls: sourceImages({ minItems: 1, maxItems: 10, accept: JPG_PNG, maxMegabytes: 10 }),
      ...lowPrice2,
    },
    price: perCall(0.1),
    example: {
      prompt: 'Turn this child’s drawing into a plush toy photographed on a bed.',
      imageUrls: [at('crayon-dragon.jpg')],
      aspectRatio: '1:1',
    },
  },
  {
    id: 'rhart-image-g-1.5/text-to-image',
    name: 'gpt-image-1.5/text-to-image-channel-low-price',
    altNames: ['gpt-image-1.5/text-to-image'],
    task: 'text-to-image',
    status: 'deprecated',
    replacedBy: TO_TEXT_2,
    en: 'Former low-price route to GPT Image 1.5 from text. Kept for old clients; new work takes GPT Image 2.',
    zh: '旧的 GPT Image 1.5 低价文生图路径，仅为旧客户端保留，新项目请用 GPT Image 2。',
    params: { prompt: picturePrompt({ maxChars: 800 }), aspectRatio: ratio15 },
    example: { prompt: 'A brass telescope on a balcony under the Milky Way.', aspectRatio: '2:3' },
  },
  {
    id: 'rhart-image-g-1.5/edit',
    name: 'gpt-image-1.5/edit-channel-low-price',
    altNames: ['gpt-image-1.5/edit'],
    task: 'image-to-image',
    status: 'deprecated',
    replacedBy: TO_EDIT_2,
    en: 'Former low-price route to edits with GPT Image 1.5, two pictures at most. New work takes GPT Image 2.',
    zh: '旧的 GPT Image 1.5 低价修图路径，最多两张图片，新项目请用 GPT Image 2。',
    params: edit15,
    example: {
      prompt: 'Add a red kite to the sky.',
      imageUrls: [at('beach-dunes.jpg')],
      aspectRatio: 'auto',
    },
  },
  {
    id: 'rhart-image-g-1.5/text-to-image-[Deprecated]',
    name: 'gpt-image-1.5/text-to-image-channel-low-price-[Deprecated]',
    task: 'text-to-image',
    status: 'deprecated',
    replacedBy: TO_TEXT_2,
    en: 'The withdrawn GPT Image 1.5 text route under the name it was retired with. Its requests are still understood.',
    zh: '已下线的 GPT Image 1.5 文生图，沿用退役时的路径名，请求仍可识别。',
    params: { prompt: picturePrompt(), aspectRatio: ratio15 },
    price: perCall(0.03),
    example: { prompt: 'A quiet chess café, two kings left on the board.', aspectRatio: '3:2' },
  },
  {
    id: 'rhart-image-g-1.5/edit-[Deprecated]',
    name: 'gpt-image-1.5/edit-channel-low-price-[Deprecated]',
    task: 'image-to-image',
    status: 'deprecated',
    replacedBy: TO_EDIT_2,
    en: 'The withdrawn GPT Image 1.5 edit route under the name it was retired with. Its requests are still understood.',
    zh: '已下线的 GPT Image 1.5 修图，沿用退役时的路径名，请求仍可识别。',
    params: edit15,
    price: perCall(0.03),
    example: {
      prompt: 'Change the season to late autumn.',
      imageUrls: [at('birch-avenue.png')],
      aspectRatio: '3:2',
    },
  },
];

const openai = { family: 'gpt-image', vendor: 'openai', output: 'image', pricesAsOf: '2026-04-29' } as const;
export const gptImage = [
  ...family({ ...openai, channel: 'official-stable' }, official),
  ...family({ ...openai, channel: 'channel-low-price' }, lowPrice),
];
