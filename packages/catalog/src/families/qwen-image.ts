import { at, family, perCall, perImage, type Row } from '../family.ts';
import { image, oneOf, optional, say } from '../params.ts';
import { JPG_PNG, promptRewriting } from './shared.ts';
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
  pictureSize,
  pictureWidth,
  RATIOS,
  sourceImage,
  sourceImages,
} from './shared-pictures.ts';

// Limits and prices: 2.0 from the platform's public model registry, revision of 2026-05-07; the open weights (2511, 2512)
// from the platform's parameter tables, read 2026-06-18.

const SIZES = [
  ...['1024*1024', '1536*1536', '768*1152', '1024*1536', '1152*768', '1536*1024', '960*1280', '1080*1440'],
  ...['1280*960', '1440*1080', '720*1280', '1080*1920', '1280*720', '1920*1080', '1344*576', '2048*872'],
];
const pixels = { minPixels: 512 * 512, maxPixels: 2048 * 2048 };
const prompt800 = { maxChars: 800 };
const everywhere = {
  negativePrompt: optional(pictureNegativePrompt({ maxChars: 500 })),
  imageNum: optional(oneOf(HOW_MANY_PICTURES, ['1', '2', '3', '4', '5', '6'], { default: '1' })),
};
const fromText = {
  ...everywhere,
  prompt: picturePrompt(prompt800),
  size: optional(pictureSize(SIZES, { ...pixels, default: '1024*1024' })),
  promptExtend: optional(promptRewriting(true)),
};
const edit = {
  ...everywhere,
  imageUrls: sourceImages({
    minItems: 1,
    maxItems: 3,
    accept: ['jpg', 'jpeg', 'png', 'bmp', 'tiff', 'webp', 'gif'],
    maxMegabytes: 10,
    recommendedMinSidePx: 384,
    recommendedMaxSidePx: 3072,
  }),
  prompt: editPrompt(prompt800),
  size: optional(pictureSize(SIZES, pixels)),
};

const qwen2: readonly Row[] = [
  {
    id: 'alibaba/qwen-image-2.0/text-to-image',
    name: 'qwen-image-2.0/text-to-image',
    task: 'text-to-image',
    en: 'Draws up to six pictures a call with Qwen-Image 2.0. Strong in posters and any picture with Chinese text.',
    zh: '用 Qwen-Image 2.0 一次最多出六张图，擅长海报与带中文文字的画面。',
    params: fromText,
    price: perImage(0.13),
    example: {
      prompt:
        'Poster for a spring tea fair: one green leaf floating in a white cup, the words “明前新茶” in brush script.',
      size: '768*1152',
      imageNum: '2',
    },
  },
  {
    id: 'alibaba/qwen-image-2.0/image-edit',
    name: 'qwen-image-2.0/image-edit',
    task: 'image-to-image',
    en: 'Edits or combines one to three pictures with Qwen-Image 2.0, including the text that stands in them.',
    zh: '用 Qwen-Image 2.0 编辑或融合一至三张图片，也能修改图中文字。',
    params: edit,
    price: perImage(0.13),
    example: {
      imageUrls: [at('plain-mug.jpg'), at('fox-drawing.png')],
      prompt: 'Print the fox of the second picture on the mug of the first.',
      size: '1024*1024',
    },
  },
  {
    id: 'alibaba/qwen-image-2.0-pro/text-to-image',
    name: 'qwen-image-2.0-pro/text-to-image',
    task: 'text-to-image',
    en: 'Draws with Qwen-Image 2.0 Pro: finer texture, truer skin, whole paragraphs of legible text.',
    zh: '用 Qwen-Image 2.0 Pro 绘图：纹理更细、肤质更真，可排出成段清晰文字。',
    params: fromText,
    price: perImage(0.33),
    example: {
      prompt: 'Infographic of the water cycle in four labelled steps, flat colours, generous margins.',
      negativePrompt: 'photograph, clutter',
      size: '1280*720',
      promptExtend: false,
    },
  },
  {
    id: 'alibaba/qwen-image-2.0-pro/image-edit',
    name: 'qwen-image-2.0-pro/image-edit',
    task: 'image-to-image',
    en: 'Edits or combines up to three pictures with Qwen-Image 2.0 Pro. For product shots that go to print.',
    zh: '用 Qwen-Image 2.0 Pro 编辑或融合至多三张图片，适合要付印的商品图。',
    params: { ...edit, prompt: optional(edit.prompt) },
    price: perImage(0.33),
    example: {
      imageUrls: [at('perfume-bottle.webp')],
      prompt: 'Set the bottle on black slate among water drops, studio light from the right.',
      size: '960*1280',
    },
  },
];

const source = sourceImage({ accept: JPG_PNG, maxMegabytes: 10 });
const another = optional(
  image(say('A further picture whose content the prompt may use.', '提示词可引用的另一张图片。'), {
    accept: JPG_PNG,
    maxMegabytes: 10,
  }),
);
const prompt = picturePrompt();
const format = outputFormat(PICTURE_FORMATS, 'png');
const side = { default: 1024, min: 1, max: 5000, step: 1 };

const open: readonly Row[] = [
  {
    id: 'rhart-image/qwen-image/text-to-image-2512',
    name: 'qwen-image/text-to-image-2512',
    task: 'text-to-image',
    en: 'Draws with the open Qwen-Image weights of December 2025, at any size up to 5,000 pixels a side.',
    zh: '用 2025 年 12 月版 Qwen-Image 开源权重绘图，边长可自定，最大 5000 像素。',
    params: {
      prompt,
      aspectRatio: pictureRatio([...RATIOS, 'custom'], '16:9'),
      customWidth: optional(pictureWidth(side)),
      customHeight: optional(pictureHeight(side)),
      outputFormat: format,
    },
    rules: customSides('customWidth', 'customHeight'),
    price: perCall(0.12),
    example: {
      prompt: 'Shop front of a second-hand bookshop in the rain, gold letters “Ex Libris” over the door.',
      aspectRatio: 'custom',
      customWidth: 1200,
      customHeight: 630,
      outputFormat: 'jpeg',
    },
  },
  {
    id: 'rhart-image/qwen-image/text-to-image-2512-lora',
    name: 'qwen-image/text-to-image-2512-lora',
    task: 'text-to-image',
    en: 'Draws with the December 2025 Qwen-Image weights and a LoRA. For lettering in a trained look.',
    zh: '2025 年 12 月版 Qwen-Image 搭配 LoRA 绘图，适合特定风格的文字设计。',
    params: {
      prompt,
      aspectRatio: pictureRatio(RATIOS, '9:16'),
      ...lora(0),
      // This endpoint alone writes its words with a space.
      outputFormat: optional(outputFormat(['png', 'jpeg', 'webp (lossless)', 'webp (lossy)'], 'png')),
    },
    price: perCall(0.1),
    example: {
      prompt: 'Neon sign in a dark alley that says “open late”, wet brick behind it.',
      aspectRatio: '4:3',
      lora: 'neon-signs.safetensors',
      lora_strength: 0.75,
      outputFormat: 'webp (lossy)',
    },
  },
  {
    id: 'rhart-image/qwen-image/edit-2511',
    name: 'qwen-image/edit-2511',
    task: 'image-to-image',
    en: 'Edits with the open Qwen-Image-Edit weights of November 2025; up to two more pictures lend people or things.',
    zh: '用 2025 年 11 月版 Qwen-Image-Edit 开源权重修图，可另附两张图提供人物或物品。',
    params: {
      imageUrl: source,
      imageUrl2: another,
      imageUrl3: another,
      prompt: editPrompt(),
      aspectRatio: pictureRatio(RATIOS, '1:1'),
      outputFormat: format,
    },
    price: perCall(0.12),
    example: {
      imageUrl: at('woman-in-park.jpg'),
      imageUrl2: at('yellow-raincoat.png'),
      prompt: 'The woman of the first picture wears the raincoat of the second.',
      aspectRatio: '3:4',
    },
  },
  {
    id: 'rhart-image/qwen-image/edit-2511-lora',
    name: 'qwen-image/edit-2511-lora',
    task: 'image-to-image',
    en: 'Edits one picture with the November 2025 Qwen-Image-Edit weights through a LoRA, such as a change of camera angle.',
    zh: '2025 年 11 月版 Qwen-Image-Edit 搭配 LoRA 修图，例如改变机位视角。',
    params: {
      imageUrl: source,
      prompt: editPrompt(),
      aspectRatio: pictureRatio(RATIOS),
      ...lora(0),
      outputFormat: optional(format),
    },
    price: perCall(0.07),
    example: {
      imageUrl: at('vintage-car.jpg'),
      prompt: 'Show the car from the front left, slightly above.',
      aspectRatio: '16:9',
      lora: 'camera-angles.safetensors',
      lora_strength: 1,
    },
  },
];

const alibaba = { family: 'qwen-image', vendor: 'alibaba', output: 'image' } as const;
export const qwenImage = [
  ...family({ ...alibaba, pricesAsOf: '2026-04-29' }, qwen2),
  ...family({ ...alibaba, pricesAsOf: '2026-06-18' }, open),
];
