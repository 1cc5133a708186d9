import { at, family, perCall, type Row } from '../family.ts';
import { integer, oneOf, optional, say, text } from '../params.ts';
import type { Words } from '../types.ts';
import { JPG_PNG } from './shared.ts';
import { ENLARGEMENT, pictureSeed, sourceImage } from './shared-pictures.ts';

// Limits and prices: the platform's public model registry, revision of 2026-05-07.

const limit = (about: Words) =>
  optional(integer(about, { default: -1, specialValues: { '-1': 'no-limit' }, min: -1, max: 16384, step: 1 }));
const upscale = (options: { readonly default?: number } = {}) => integer(ENLARGEMENT, { ...options, min: 1, step: 1 });
const restore = {
  imageUrl: sourceImage({ accept: JPG_PNG, maxMegabytes: 10 }),
  prompt: optional(
    text(
      say('What the picture shows, where the details are hard to make out.', '图片内容描述，帮助还原难以辨认的细节。'),
      {
        maxChars: 8192,
      },
    ),
  ),
  shortEdgeSize: limit(
    say('Longest allowed shorter side in pixels; -1 sets no limit.', '短边上限（像素），-1 表示不限。'),
  ),
  longEdgeSize: limit(
    say('Longest allowed longer side in pixels; -1 sets no limit.', '长边上限（像素），-1 表示不限。'),
  ),
  seed: optional(pictureSeed()),
};
const numbers = (first: number, last: number) => Array.from({ length: last - first + 1 }, (_, i) => String(first + i));

const rows: readonly Row[] = [
  {
    id: 'image-enhance/hypir-balance',
    name: 'hypir-balance',
    task: 'image-enhance',
    en: 'Restores soft, noisy or badly compressed pictures and stays close to what is there.',
    zh: '修复模糊、噪点或压缩严重的图片，忠于原图内容。',
    params: { ...restore, upscale: upscale({ default: 1 }) },
    price: perCall(1),
    example: { imageUrl: at('scanned-postcard.jpg'), upscale: 2 },
  },
  {
    id: 'image-enhance/hypir-ultra',
    name: 'hypir-ultra',
    task: 'image-enhance',
    en: 'Restores pictures with new texture of its own, as much as you allow. For old photographs and tiny originals.',
    zh: '以可控强度补充新纹理来修复图片，适合老照片与极小的原图。',
    params: {
      ...restore,
      textureLevel: optional(
        oneOf(say('How much fine texture to add.', '补充细节纹理的程度。'), numbers(1, 7), { default: '3' }),
      ),
      creativityLevel: optional(
        oneOf(say('How freely to invent what cannot be seen.', '对看不清的部分自由发挥的程度。'), numbers(0, 4)),
      ),
      upscale: optional(upscale()),
    },
    price: perCall(0.1),
    example: {
      imageUrl: at('grandparents-1952.jpg'),
      prompt: 'An elderly couple on a park bench, wool coats, bare trees.',
      textureLevel: '4',
      upscale: 2,
      longEdgeSize: 2048,
    },
  },
];

export const hypir = family({ family: 'hypir', vendor: 'hypir', output: 'image', pricesAsOf: '2026-04-29' }, rows);
