import { at, family, NOT_SENT, perCall, type Row } from '../family.ts';
import { flag, integer, optional, say } from '../params.ts';
import type { Constraint } from '../types.ts';
import { JPG_PNG, JPG_PNG_WEBP, JPG_PNG_WEBP_BMP, MAX_SEED, promptRewriting } from './shared.ts';
import {
  customSides,
  editPrompt,
  HOW_MANY_PICTURES,
  lora,
  outputFormat,
  PICTURE_FORMATS,
  pictureHeight,
  pictureNegativePrompt,
  picturePrompt,
  pictureRatio,
  pictureSeed,
  pictureSize,
  pictureWidth,
  RATIOS,
  sourceImage,
  sourceImages,
} from './shared-pictures.ts';

// Limits and prices: 2.5 and 2.7 from the platform's public model registry, revision of 2026-05-07; the open weights
// (2.2) from the platform's parameter tables, read 2026-06-18.

const customSide = { default: 1024, min: 256, max: 1536, step: 1 };
const customSize = {
  customWidth: optional(pictureWidth(customSide)),
  customHeight: optional(pictureHeight(customSide)),
};
const customRules = customSides('customWidth', 'customHeight');
const format = outputFormat(PICTURE_FORMATS, 'png');

const wan22: readonly Row[] = [
  {
    id: 'rhart-video/wan-2.2/text-to-image-lora',
    name: 'wan-2.2/text-to-image-lora',
    task: 'text-to-image',
    en: 'Draws stills with the open Wan 2.2 video weights and a LoRA. For frames that later Wan clips start from.',
    zh: '用 Wan 2.2 开源视频权重搭配 LoRA 出静帧，适合作为后续 Wan 视频的首帧。',
    params: {
      prompt: picturePrompt(),
      aspectRatio: pictureRatio([...RATIOS, 'custom'], '1:1'),
      ...customSize,
      ...lora(0),
      outputFormat: format,
    },
    rules: customRules,
    price: perCall(0.06),
    example: {
      prompt: 'Film still: a lighthouse keeper at breakfast, grey morning light through salt-stained glass.',
      aspectRatio: '16:9',
      lora: 'analog-film.safetensors',
      lora_strength: 0.6,
      outputFormat: 'jpeg',
    },
  },
  {
    id: 'rhart-video/wan-2.2/image-to-image',
    name: 'wan-2.2/image-to-image',
    task: 'image-to-image',
    en: 'Draws a picture anew with the open Wan 2.2 weights, close to the original. For the look of a film frame.',
    zh: '用 Wan 2.2 开源权重按提示词重绘图片并贴近原图，适合电影剧照质感。',
    params: {
      imageUrl: sourceImage({ accept: JPG_PNG, maxMegabytes: 10 }),
      prompt: editPrompt(),
      aspectRatio: pictureRatio([...RATIOS, 'custom', 'auto'], '1:1'),
      ...customSize,
      outputFormat: format,
    },
    rules: customRules,
    price: perCall(0.08),
    example: {
      imageUrl: at('kitchen-snapshot.jpg'),
      prompt: 'The same kitchen as a scene of a seventies film, warm tungsten light, fine grain.',
      aspectRatio: 'auto',
      outputFormat: 'webp(lossy)',
    },
  },
];

const count = integer(HOW_MANY_PICTURES, { default: 1, min: 1, max: 4, step: 1 });
const everywhere25 = {
  negativePrompt: optional(pictureNegativePrompt({ maxChars: 500 })),
  promptExtend: optional(promptRewriting(true)),
};
/** The list prints the price of one picture, for a call that does not ask for more. */
const eachPicture = perCall(['n'], { [NOT_SENT]: 0.13 });

const LARGEST = 4096;
const side = (max: number) => ({ default: 1024, min: 512, max, step: 1 });
const sides = (max: number) => ({
  width: optional(pictureWidth(side(max))),
  height: optional(pictureHeight(side(max))),
});
const fromText27 = {
  prompt: picturePrompt({ maxChars: 5000 }),
  thinkingMode: optional(
    flag(
      say(
        'Whether the model thinks before it draws: slower, and truer to the prompt.',
        '是否先思考再绘制：更慢，但更贴合提示词。',
      ),
      { default: true },
    ),
  ),
};
const edit27 = {
  imageUrls: sourceImages({ minItems: 1, maxItems: 9, accept: JPG_PNG_WEBP, maxMegabytes: 10 }),
  prompt: editPrompt({ maxChars: 2048 }),
  ...sides(LARGEST),
};
const proLimits: readonly Constraint[] = [
  { rule: 'pixel-product', params: ['width', 'height'], min: 768 * 768, max: 4096 * 4096 },
  { rule: 'aspect-range', params: ['width', 'height'], min: 1 / 8, max: 8 },
];
const price27 = perCall(0.189);
const price27Pro = perCall(0.473);

const later: readonly Row[] = [
  {
    id: 'alibaba/wan-2.5-preview/text-to-image',
    name: 'wan-2.5-preview/text-to-image',
    task: 'text-to-image',
    en: 'Draws up to four versions of a written picture with Wan 2.5. For photographs of people and first layouts.',
    zh: '用 Wan 2.5 按文字一次最多出四张图，适合人像摄影与初稿构图。',
    params: {
      ...everywhere25,
      prompt: picturePrompt({ maxChars: 2000 }),
      size: pictureSize(['1280*1280', '1104*1472', '1472*1104', '960*1696', '1696*960'], { default: '1280*1280' }),
      n: optional(count),
      seed: optional(pictureSeed({ min: 0, max: MAX_SEED })),
    },
    price: eachPicture,
    example: {
      prompt: 'Portrait of a beekeeper at the edge of a sunflower field, veil lifted, late afternoon.',
      negativePrompt: 'text, watermark',
      size: '1104*1472',
      n: 2,
    },
  },
  {
    id: 'alibaba/wan-2.5-preview/image-to-image',
    name: 'wan-2.5-preview/image-to-image',
    task: 'image-to-image',
    en: 'Edits or combines one to three pictures with Wan 2.5 and gives up to four versions to choose from.',
    zh: '用 Wan 2.5 编辑或融合一至三张图片，一次最多给出四个版本。',
    params: {
      ...everywhere25,
      prompt: editPrompt({ maxChars: 2000 }),
      imageUrls: sourceImages({ minItems: 1, maxItems: 3, accept: JPG_PNG_WEBP_BMP, maxMegabytes: 10 }),
      size: optional(
        pictureSize(
          [
            ...['1280*1280', '1024*1024', '800*1200', '1200*800', '960*1280'],
            ...['1280*960', '720*1280', '1280*720', '1344*576'],
          ],
          { default: '1280*1280' },
        ),
      ),
      n: count,
      seed: optional(pictureSeed({ min: -1, max: MAX_SEED })),
    },
    price: eachPicture,
    example: {
      prompt: 'Hang the painting of the second picture over the sofa of the first.',
      imageUrls: [at('living-room.jpg'), at('seascape-painting.bmp')],
      size: '1200*800',
      n: 1,
    },
  },
  {
    id: 'alibaba/wan-2.7/text-to-image',
    name: 'wan-2.7/text-to-image',
    altNames: ['Wan 2.7 Text-to-Image'],
    task: 'text-to-image',
    en: 'Draws at any size up to 4,096 pixels a side with Wan 2.7, which reasons about the prompt first.',
    zh: '用会先推理的 Wan 2.7 绘图，尺寸自定，边长最大 4096 像素。',
    params: { ...fromText27, ...sides(LARGEST) },
    price: price27,
    example: {
      prompt: 'Cutaway drawing of a tugboat: engine room, galley and wheelhouse, each with one sailor at work.',
      width: 1536,
      height: 864,
    },
  },
  {
    id: 'alibaba/wan-2.7/text-to-image-pro',
    name: 'wan-2.7/text-to-image-pro',
    altNames: ['Wan 2.7 Text-to-Image Pro'],
    task: 'text-to-image',
    en: 'Draws with Wan 2.7 Pro, as many as sixteen million pixels in shapes up to 8:1. For banners and wall prints.',
    zh: '用 Wan 2.7 Pro 绘图，最多约一千六百万像素、画幅最宽 8:1，适合横幅与大幅喷绘。',
    params: { ...fromText27, ...sides(8192) },
    rules: proLimits,
    price: price27Pro,
    example: {
      prompt: 'Panorama of a caravan crossing salt flats, every camel and its reflection sharp.',
      width: 2400,
      height: 600,
      thinkingMode: false,
    },
  },
  {
    id: 'alibaba/wan-2.7/image-edit',
    name: 'wan-2.7/image-edit',
    altNames: ['Wan 2.7 Image Edit'],
    task: 'image-to-image',
    en: 'Edits or merges up to nine pictures with Wan 2.7. For outfits, room plans and other work with many sources.',
    zh: '用 Wan 2.7 编辑或融合最多九张图片，适合换装搭配、家居布置等多素材场景。',
    params: edit27,
    price: price27,
    example: {
      imageUrls: [at('model-standing.jpg'), at('linen-shirt.webp'), at('straw-hat.png')],
      prompt: 'Dress the woman of picture 1 in the shirt of picture 2 and the hat of picture 3; keep her pose.',
      width: 768,
      height: 1024,
    },
  },
  {
    id: 'alibaba/wan-2.7/image-edit-pro',
    name: 'wan-2.7/image-edit-pro',
    altNames: ['Wan 2.7 Image Edit Pro'],
    task: 'image-to-image',
    en: 'Edits or merges up to nine pictures with Wan 2.7 Pro, truer to faces and small print. For retouching.',
    zh: '用 Wan 2.7 Pro 编辑或融合最多九张图片，人脸与小字更忠实，适合精修。',
    params: edit27,
    price: price27Pro,
    example: {
      imageUrls: [at('band-photo.jpg')],
      prompt: 'Remove the cables on the floor and give all four musicians open eyes.',
      width: 1536,
      height: 1024,
    },
  },
];

const alibaba = { family: 'wan', vendor: 'alibaba', output: 'image' } as const;
/** The rows of Wan that make pictures. */
export const wanPictures = [
  ...family({ ...alibaba, pricesAsOf: '2026-06-18' }, wan22),
  ...family({ ...alibaba, pricesAsOf: '2026-04-29' }, later),
];
