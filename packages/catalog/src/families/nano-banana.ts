import { at, family, perCall, type Row } from '../family.ts';
import { optional } from '../params.ts';
import { JPG_PNG } from './shared.ts';
import {
  editPrompt,
  MORE_RATIOS,
  picturePrompt,
  pictureRatio,
  pictureResolution,
  sourceImages,
} from './shared-pictures.ts';

// Limits and prices: the platform's public model registry, revision of 2026-05-07.

const upTo20k = { maxChars: 20000 };
const someText = { minChars: 1, maxChars: 20000 };
const EXTREME_RATIOS = [...MORE_RATIOS, '1:4', '4:1', '1:8', '8:1'];
const OR_AUTO = ['auto', ...MORE_RATIOS];
const ratio = (standard: string) => optional(pictureRatio(MORE_RATIOS, standard));
const extremeRatio = (standard: string) => optional(pictureRatio(EXTREME_RATIOS, standard));
const resolution = pictureResolution(['1k', '2k', '4k'], { default: '1k' });
const anyCase = { ...resolution, ignoreCase: true };
const ultra = pictureResolution(['4k', '8k'], { default: '8k' });
const sources = (maxItems: number, maxMegabytes = 10) =>
  sourceImages({ minItems: 1, maxItems, accept: JPG_PNG, maxMegabytes });
const upTo5 = sources(5);
const upTo10 = sources(10);

const bySize = (small: number, middle: number, large: number) =>
  perCall(['resolution'], { '1k': small, '2k': middle, '4k': large });
const ultraPrice = perCall(['resolution'], { '4k': 0.98, '8k': 1.12 });

const official: readonly Row[] = [
  {
    id: 'rhart-image-v1-official/text-to-image',
    name: 'nano-banana/text-to-image-official-stable',
    task: 'text-to-image',
    en: 'Draws with the first Nano Banana (Gemini 2.5 Flash Image). Quick, even, and good at following plain sentences.',
    zh: '用初代 Nano Banana（Gemini 2.5 Flash Image）绘图，速度快、表现稳，善于理解直白描述。',
    params: { prompt: picturePrompt(someText), aspectRatio: pictureRatio(OR_AUTO, '3:4') },
    price: perCall(0.2),
    example: { prompt: 'A snail carrying a tiny library on its shell, storybook watercolour.', aspectRatio: '4:3' },
  },
  {
    id: 'rhart-image-v1-official/edit',
    name: 'nano-banana/edit-official-stable',
    task: 'image-to-image',
    en: 'Edits or blends up to five pictures with the first Nano Banana, in the shape of the first unless told otherwise.',
    zh: '用初代 Nano Banana 编辑或融合至多五张图片，默认沿用首图比例。',
    params: { prompt: editPrompt(someText), aspectRatio: pictureRatio(OR_AUTO, 'auto'), imageUrls: upTo5 },
    price: perCall(0.2),
    example: {
      prompt: 'Remove the passers-by and make the sky clear.',
      imageUrls: [at('piazza.jpg')],
    },
  },
  {
    id: 'rhart-image-n-pro-official/text-to-image',
    name: 'nano-banana-pro/text-to-image-official-stable',
    altNames: ['nano-banana-pro-official/text-to-image'],
    task: 'text-to-image',
    en: 'Draws with Nano Banana Pro (Gemini 3 Pro Image), which plans before it paints. For diagrams, menus and packaging.',
    zh: '用会先构思再作画的 Nano Banana Pro（Gemini 3 Pro Image）绘图，适合图解、菜单与包装。',
    params: { prompt: picturePrompt(upTo20k), resolution, aspectRatio: ratio('3:4') },
    price: bySize(0.8, 1, 1.5),
    example: {
      prompt: 'Cutaway drawing of a lighthouse with each floor labelled by hand, cream paper.',
      resolution: '1k',
      aspectRatio: '2:3',
    },
  },
  {
    id: 'rhart-image-n-pro-official/text-to-image-ultra',
    name: 'nano-banana-pro/text-to-image-ultra-official-stable',
    altNames: ['nano-banana-pro-official/text-to-image-ultra'],
    task: 'text-to-image',
    en: 'Draws with Nano Banana Pro at 4k or 8k. For walls, banners and anything that will be cropped hard.',
    zh: '用 Nano Banana Pro 绘制 4k 或 8k 大图，适合墙面、横幅与大幅裁切。',
    params: { prompt: picturePrompt(upTo20k), resolution: ultra, aspectRatio: ratio('3:4') },
    price: ultraPrice,
    example: {
      prompt: 'Bird’s-eye view of terraced rice fields after rain, every pool a mirror of the clouds.',
      resolution: '4k',
      aspectRatio: '16:9',
    },
  },
  {
    id: 'rhart-image-n-pro-official/edit',
    name: 'nano-banana-pro/edit-official-stable',
    altNames: ['nano-banana-pro-official/edit'],
    task: 'image-to-image',
    en: 'Edits or combines up to ten pictures with Nano Banana Pro. For group scenes in which every face stays itself.',
    zh: '用 Nano Banana Pro 编辑或组合至多十张图片，适合人人面容不变的合影场景。',
    params: { prompt: editPrompt(upTo20k), imageUrls: upTo10, resolution, aspectRatio: ratio('3:4') },
    price: bySize(0.8, 1, 1.5),
    example: {
      prompt: 'Seat the people of both pictures at one picnic table under a plum tree in blossom.',
      imageUrls: [at('anna.jpg'), at('ben.jpg')],
      aspectRatio: '4:3',
    },
  },
  {
    id: 'rhart-image-n-pro-official/edit-ultra',
    name: 'nano-banana-pro/edit-ultra-official-stable',
    altNames: ['nano-banana-pro-official/edit-ultra'],
    task: 'image-to-image',
    en: 'Edits or combines pictures with Nano Banana Pro and hands them out at 4k or 8k, ready for print.',
    zh: '用 Nano Banana Pro 编辑或组合图片，直接输出可付印的 4k 或 8k。',
    params: { prompt: editPrompt(upTo20k), imageUrls: upTo10, resolution: ultra, aspectRatio: ratio('3:4') },
    price: ultraPrice,
    example: {
      prompt: 'Clean the background to seamless white and even out the light on the watch.',
      imageUrls: [at('watch-on-desk.png')],
      resolution: '4k',
      aspectRatio: '1:1',
    },
  },
  {
    id: 'rhart-image-n-g31-flash-official/text-to-image',
    name: 'nano-banana2-gemini31flash/text-to-image-official-stable',
    altNames: ['nano-banana2-gemini31flash-official/text-to-image'],
    task: 'text-to-image',
    en: 'Draws with Nano Banana 2 (Gemini 3.1 Flash Image), in shapes from tall 1:8 strips to wide 8:1 banners.',
    zh: '用 Nano Banana 2（Gemini 3.1 Flash Image）绘图，画幅可从 1:8 长条到 8:1 横幅。',
    params: { prompt: picturePrompt(upTo20k), aspectRatio: extremeRatio('21:9'), resolution },
    price: bySize(0.49, 0.74, 0.99),
    example: {
      prompt: 'Panorama of a coral reef from left to right: dawn, noon and night.',
      aspectRatio: '4:1',
    },
  },
  {
    id: 'rhart-image-n-g31-flash-official/image-to-image',
    name: 'nano-banana2-gemini31flash/image-to-image-official-stable',
    altNames: ['nano-banana2-gemini31flash-official/image-to-image'],
    task: 'image-to-image',
    en: 'Edits with Nano Banana 2 from up to fourteen pictures. For mood boards, outfits and rooms made of many parts.',
    zh: '用 Nano Banana 2 参考至多十四张图片进行编辑，适合情绪板、穿搭与多元素空间。',
    params: {
      prompt: editPrompt(upTo20k),
      imageUrls: sources(14),
      aspectRatio: extremeRatio('9:16'),
      resolution,
    },
    price: bySize(0.49, 0.74, 0.99),
    example: {
      prompt: 'Furnish the empty room of the first picture with the sofa, the rug and the lamp of the others.',
      imageUrls: [at('empty-room.jpg'), at('sofa.png'), at('rug.png'), at('lamp.png')],
      aspectRatio: '3:2',
    },
  },
];

const lowPrice: readonly Row[] = [
  {
    id: 'rhart-image-v1/text-to-image',
    name: 'nano-banana/text-to-image-channel-low-price',
    altNames: ['nano-banana/text-to-image'],
    task: 'text-to-image',
    en: 'The first Nano Banana on the low-price route. For sketches by the dozen.',
    zh: '初代 Nano Banana 低价通道，适合大量出草图。',
    params: { prompt: picturePrompt(upTo20k), aspectRatio: pictureRatio(OR_AUTO, '3:4') },
    price: perCall(0.05),
    example: { prompt: 'Three logo ideas for a bicycle courier named Swift, black on white.', aspectRatio: '1:1' },
  },
  {
    id: 'rhart-image-v1/edit',
    name: 'nano-banana/edit-channel-low-price',
    altNames: ['nano-banana/edit'],
    task: 'image-to-image',
    en: 'Edits with the first Nano Banana on the low-price route. For batch work where a retry costs little.',
    zh: '初代 Nano Banana 低价修图通道，适合重试成本低的批量任务。',
    params: { prompt: editPrompt(upTo20k), aspectRatio: pictureRatio(OR_AUTO, 'auto'), imageUrls: upTo5 },
    price: perCall(0.05),
    example: { prompt: 'Colour this pencil drawing with gouache.', imageUrls: [at('pencil-owl.jpg')] },
  },
  {
    id: 'rhart-image-n-pro/text-to-image',
    name: 'nano-banana-pro/text-to-image-channel-low-price',
    altNames: ['nano-banana-pro/text-to-image'],
    task: 'text-to-image',
    en: 'Nano Banana Pro on the low-price route, up to 4k at half the official price or less.',
    zh: 'Nano Banana Pro 低价通道，最高 4k，价格不超过官方的一半。',
    params: { prompt: picturePrompt(someText), aspectRatio: ratio('9:16'), resolution: anyCase },
    price: bySize(0.4, 0.4, 0.5),
    example: {
      prompt: 'Vertical travel poster for the fjords: bold shapes, a ferry, the word “Nordland”.',
      aspectRatio: '9:16',
      resolution: '1k',
    },
  },
  {
    id: 'rhart-image-n-pro/edit',
    name: 'nano-banana-pro/edit-channel-low-price',
    altNames: ['nano-banana-pro/edit'],
    task: 'image-to-image',
    en: 'Edits or combines up to ten pictures with Nano Banana Pro on the low-price route.',
    zh: 'Nano Banana Pro 低价修图通道，可编辑或组合至多十张图片。',
    params: { prompt: editPrompt(someText), imageUrls: upTo10, aspectRatio: ratio('3:4'), resolution: anyCase },
    price: bySize(0.4, 0.4, 0.5),
    example: {
      prompt: 'Put the jacket of the second picture on the mannequin of the first, same light.',
      imageUrls: [at('mannequin.jpg'), at('denim-jacket.jpg')],
      aspectRatio: '3:4',
      resolution: '1k',
    },
  },
  {
    id: 'rhart-image-n-g31-flash/text-to-image',
    name: 'nano-banana2-gemini31flash/text-to-image-channel-low-price',
    altNames: ['nano-banana2-gemini31flash/text-to-image'],
    task: 'text-to-image',
    en: 'Nano Banana 2 on the low-price route: 4k pictures in any shape for small change.',
    zh: 'Nano Banana 2 低价通道，花小钱得各种画幅的 4k 图。',
    params: { prompt: picturePrompt(), aspectRatio: extremeRatio('9:16'), resolution: anyCase },
    price: bySize(0.16, 0.16, 0.2),
    example: {
      prompt: 'Web banner for a rooftop cinema: string lights, deckchairs, skyline at dusk.',
      aspectRatio: '21:9',
      resolution: '1k',
    },
  },
  {
    id: 'rhart-image-n-g31-flash/image-to-image',
    name: 'nano-banana2-gemini31flash/image-to-image-channel-low-price',
    altNames: ['nano-banana2-gemini31flash/image-to-image'],
    task: 'image-to-image',
    en: 'Edits or combines up to ten large pictures of 30 MB each with Nano Banana 2 on the low-price route.',
    zh: 'Nano Banana 2 低价修图通道，至多十张图片，单张可达 30 MB。',
    params: {
      prompt: editPrompt(someText),
      imageUrls: sources(10, 30),
      aspectRatio: extremeRatio('9:16'),
      resolution: anyCase,
    },
    price: bySize(0.16, 0.16, 0.2),
    example: {
      prompt: 'Extend the meadow upwards into a starry sky for a phone wallpaper.',
      imageUrls: [at('meadow.jpg')],
      aspectRatio: '9:16',
      resolution: '2k',
    },
  },
];

const google = { family: 'nano-banana', vendor: 'google', output: 'image', pricesAsOf: '2026-04-29' } as const;
export const nanoBanana = [
  ...family({ ...google, channel: 'official-stable' }, official),
  ...family({ ...google, channel: 'channel-low-price' }, lowPrice),
];
