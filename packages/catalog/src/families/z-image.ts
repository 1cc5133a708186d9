import { at, family, perCall, type Row } from '../family.ts';
import { optional } from '../params.ts';
import { JPG_PNG } from './shared.ts';
import {
  editPrompt,
  lora,
  outputFormat,
  PICTURE_FORMATS,
  picturePrompt,
  pictureRatio,
  RATIOS,
  sourceImage,
} from './shared-pictures.ts';

// Parameters, limits and prices: the platform's parameter tables, read 2026-06-18.

const aspectRatio = pictureRatio(RATIOS, '9:16');
const format = outputFormat(PICTURE_FORMATS, 'png');
const fromText = { prompt: picturePrompt(), aspectRatio, outputFormat: optional(format) };
const edit = { prompt: editPrompt(), aspectRatio, outputFormat: format };
const upTo10MB = { maxMegabytes: 10 };

const rows: readonly Row[] = [
  {
    id: 'rhart-image/z-image/turbo',
    name: 'z-image/turbo',
    task: 'text-to-image',
    en: 'Draws with Z-Image Turbo in a few steps, photographic and at home in Chinese and English lettering.',
    zh: '用 Z-Image Turbo 几步出图，写实感强，擅长中英文文字。',
    params: fromText,
    price: perCall(0.04),
    example: {
      prompt: 'A night-market noodle stall, steam in the lamplight, a red banner that says 老街面馆.',
      aspectRatio: '3:4',
    },
  },
  {
    id: 'rhart-image/z-image/turbo-lora',
    name: 'z-image/turbo-lora',
    task: 'text-to-image',
    en: 'Draws with Z-Image Turbo and a LoRA: one of the cheapest ways to a style of your own.',
    zh: 'Z-Image Turbo 搭配 LoRA，以很低的成本画出自有风格。',
    params: { ...fromText, ...lora(1), outputFormat: format },
    price: perCall(0.03),
    example: {
      prompt: 'Ink-wash cranes over reeds, a single vermilion seal in the corner.',
      aspectRatio: '9:16',
      lora: 'ink-wash.safetensors',
      lora_strength: 0.9,
    },
  },
  {
    id: 'rhart-image/z-image-turbo/image-to-image',
    name: 'z-image-turbo/image-to-image',
    task: 'image-to-image',
    en: 'Repaints a picture with Z-Image Turbo along a prompt. For fresh takes on a composition you like.',
    zh: '用 Z-Image Turbo 按提示词重绘图片，适合保留构图另出新意。',
    params: { ...edit, imageUrl: sourceImage({ ...upTo10MB, accept: JPG_PNG }) },
    price: perCall(0.05),
    example: {
      imageUrl: at('sketch-of-a-bridge.jpg'),
      prompt: 'A stone bridge over a mountain stream in autumn, photograph.',
      aspectRatio: '16:9',
      outputFormat: 'jpeg',
    },
  },
  {
    id: 'rhart-image/z-image-turbo/image-to-image-lora',
    name: 'z-image-turbo/image-to-image-lora',
    task: 'image-to-image',
    en: 'Repaints a picture with Z-Image Turbo in the style of a LoRA. For avatars and quick filters.',
    zh: '用 Z-Image Turbo 以 LoRA 画风重绘图片，适合头像与快速滤镜。',
    params: { ...edit, ...lora(0), imageUrl: sourceImage(upTo10MB) },
    price: perCall(0.03),
    example: {
      imageUrl: at('portrait-of-a-chef.jpg'),
      prompt: 'The chef as a clay figure in a stop-motion film.',
      aspectRatio: '1:1',
      lora: 'clay-figures.safetensors',
      lora_strength: 1,
    },
  },
];

export const zImage = family({ family: 'z-image', vendor: 'alibaba', output: 'image', pricesAsOf: '2026-06-18' }, rows);
