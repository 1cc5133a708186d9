import { at, family, perCall, type Row } from '../family.ts';
import { optional } from '../params.ts';
import { JPG_PNG } from './shared.ts';
import {
  customSides,
  editPrompt,
  lora,
  outputFormat,
  PICTURE_FORMATS,
  pictureHeight,
  picturePrompt,
  pictureRatio,
  pictureWidth,
  RATIOS,
  sourceImage,
} from './shared-pictures.ts';

// Parameters, limits and prices: the platform's parameter tables, read 2026-06-18.

const side = { default: 1024, min: 256, max: 1536, step: 1 };
const customWidth = optional(pictureWidth(side));
// `customHight` is the key that the service reads, except where it has been mended.
const customSize = { customWidth, customHight: optional(pictureHeight(side)) };
const customRules = customSides('customWidth', 'customHight');
const format = { outputFormat: outputFormat(PICTURE_FORMATS, 'png') };
const anyLora = lora(0);

const fromText = { prompt: picturePrompt(), aspectRatio: pictureRatio(RATIOS, '9:16') };
const fromTextSized = { ...fromText, aspectRatio: pictureRatio([...RATIOS, 'custom'], '9:16'), ...customSize };
const edit = {
  imageUrl: sourceImage({ accept: JPG_PNG, maxMegabytes: 10 }),
  prompt: editPrompt(),
  aspectRatio: pictureRatio(RATIOS, '9:16'),
};
const EDIT_RATIOS = [...RATIOS, 'custom', 'auto'];
const editSized = { ...edit, aspectRatio: pictureRatio(EDIT_RATIOS, '9:16'), ...customSize };

const flux2: readonly Row[] = [
  {
    id: 'rhart-image/f-2-dev/text-to-image',
    name: 'f-2-dev/text-to-image',
    task: 'text-to-image',
    en: 'Draws with the open FLUX.2 dev weights, the most exact of the family with long prompts and lettering.',
    zh: '用 FLUX.2 dev 开源权重绘图，长提示词与文字排版在本系列中最准确。',
    params: { ...fromTextSized, ...format },
    rules: customRules,
    price: perCall(0.2),
    example: {
      prompt: 'A ceramic workshop at noon, shelves of glazed bowls, a hand-lettered sign reading “Kiln opens at four”.',
      aspectRatio: '3:2',
      outputFormat: 'jpeg',
    },
  },
  {
    id: 'rhart-image/f-2-dev/text-to-image-lora',
    name: 'f-2-dev/text-to-image-lora',
    task: 'text-to-image',
    en: 'Draws with FLUX.2 dev and a LoRA of your choice. For a house style or a character at full model quality.',
    zh: 'FLUX.2 dev 搭配自选 LoRA 绘图，以完整模型画质呈现专属画风或角色。',
    params: { ...fromTextSized, ...anyLora, ...format },
    rules: customRules,
    price: perCall(0.17),
    example: {
      prompt: 'Layered paper-cut mountains with a tiny red cable car, soft shadows between the sheets.',
      aspectRatio: 'custom',
      customWidth: 1280,
      customHight: 720,
      lora: 'paper-cut.safetensors',
      lora_strength: 0.8,
    },
  },
  {
    id: 'rhart-image/f-2-dev/edit',
    name: 'f-2-dev/edit',
    task: 'image-to-image',
    en: 'Edits a picture by instruction with FLUX.2 dev. For careful retouching where the rest must not move.',
    zh: '用 FLUX.2 dev 按指令修图，适合其余部分不能走样的精细修改。',
    params: { ...editSized, ...format },
    rules: customRules,
    price: perCall(0.24),
    example: {
      imageUrl: at('reading-room.jpg'),
      prompt: 'Turn the wooden chair into a green velvet armchair; keep the lamp and the books as they are.',
      aspectRatio: 'auto',
    },
  },
  {
    id: 'rhart-image/f-2-dev/edit-lora',
    name: 'f-2-dev/edit-lora',
    task: 'image-to-image',
    en: 'Edits a picture with FLUX.2 dev through a LoRA, to carry photographs over into a trained style.',
    zh: 'FLUX.2 dev 结合 LoRA 编辑图片，把照片转成训练好的画风。',
    params: { ...editSized, ...anyLora, ...format },
    rules: customRules,
    price: perCall(0.25),
    example: {
      imageUrl: at('harbour-morning.png'),
      prompt: 'The same harbour as a linocut print in two colours.',
      aspectRatio: '4:3',
      lora: 'linocut.safetensors',
      lora_strength: 1,
    },
  },
  {
    id: 'rhart-image/f-2-klein-4b/text-to-image',
    name: 'f-2-klein-4b/text-to-image',
    task: 'text-to-image',
    en: 'Draws with FLUX.2 klein 4B, the smallest and quickest of the line. For thumbnails and many variations.',
    zh: '用 FLUX.2 klein 4B 绘图，体积最小、速度最快，适合缩略图与批量尝试。',
    params: { ...fromTextSized, ...format },
    rules: customRules,
    price: perCall(0.05),
    example: {
      prompt: 'App icon of a smiling teapot, flat shapes, warm orange on cream.',
      aspectRatio: 'custom',
      customWidth: 512,
      customHight: 512,
    },
  },
  {
    id: 'rhart-image/f-2-klein-4b/text-to-image-lora',
    name: 'f-2-klein-4b/text-to-image-lora',
    task: 'text-to-image',
    en: 'Tries a LoRA on FLUX.2 klein 4B in seconds. The file format is the service’s own choice.',
    zh: '在 FLUX.2 klein 4B 上数秒内试用 LoRA，文件格式由服务决定。',
    params: { ...fromText, ...anyLora },
    price: perCall(0.04),
    example: {
      prompt: 'A hedgehog in a knitted scarf, felt toy on a windowsill, morning light.',
      aspectRatio: '1:1',
      lora: 'felt-toys.safetensors',
      lora_strength: 0.9,
    },
  },
  {
    id: 'rhart-image/f-2-klein-4b/edit',
    name: 'f-2-klein-4b/edit',
    task: 'image-to-image',
    en: 'Quick, cheap edits with FLUX.2 klein 4B. For plain changes such as a colour, a background or the weather.',
    zh: '用 FLUX.2 klein 4B 快速低价修图，适合换色、换背景、换天气等简单修改。',
    params: { ...edit, ...format },
    price: perCall(0.05),
    example: {
      imageUrl: at('garden-gate.jpg'),
      prompt: 'Make it a snowy winter morning.',
      aspectRatio: '3:4',
      outputFormat: 'webp(lossy)',
    },
  },
  {
    id: 'rhart-image/f-2-klein-4b/edit-lora',
    name: 'f-2-klein-4b/edit-lora',
    task: 'image-to-image',
    en: 'Restyles a picture with FLUX.2 klein 4B and a LoRA. For previews before the dev model does the final one.',
    zh: 'FLUX.2 klein 4B 搭配 LoRA 转换图片画风，适合在 dev 出成品前打样。',
    params: { ...edit, ...anyLora, ...format },
    price: perCall(0.05),
    example: {
      imageUrl: at('street-cat.jpg'),
      prompt: 'Redraw the cat as a stained-glass window.',
      aspectRatio: '2:3',
      lora: 'stained-glass.safetensors',
      lora_strength: 0.7,
    },
  },
  {
    id: 'rhart-image/f-2-klein-9b/text-to-image',
    name: 'f-2-klein-9b/text-to-image',
    task: 'text-to-image',
    en: 'Draws with FLUX.2 klein 9B: nearly as quick as the 4B weights, with better hands, faces and materials.',
    zh: '用 FLUX.2 klein 9B 绘图，速度接近 4B，手部、面部与材质更好。',
    params: { ...fromTextSized, ...format },
    rules: customRules,
    price: perCall(0.05),
    example: {
      prompt: 'A cellist tuning up in an empty concert hall, one warm spotlight, dust in the air.',
      aspectRatio: '16:9',
    },
  },
  {
    id: 'rhart-image/f-2-klein-9b/text-to-image-lora',
    name: 'f-2-klein-9b/text-to-image-lora',
    task: 'text-to-image',
    en: 'Draws with FLUX.2 klein 9B and a LoRA. The everyday choice for a series of pictures in one style.',
    zh: 'FLUX.2 klein 9B 搭配 LoRA 绘图，适合日常批量产出统一画风的系列图。',
    params: { ...fromTextSized, ...anyLora, ...format },
    rules: customRules,
    price: perCall(0.06),
    example: {
      prompt: 'Botanical plate of a blue poppy with roots and seed pods, aged paper.',
      aspectRatio: '2:3',
      lora: 'botanical-plate.safetensors',
      lora_strength: 0.85,
      outputFormat: 'webp(lossless)',
    },
  },
  {
    id: 'rhart-image/f-2-klein-9b/edit',
    name: 'f-2-klein-9b/edit',
    task: 'image-to-image',
    en: 'Edits a picture with FLUX.2 klein 9B, in its own shape or a new one. Good detail at the price of a draft.',
    zh: '用 FLUX.2 klein 9B 修图，可保持原比例或改成新比例，以草稿价获得良好细节。',
    params: { ...editSized, ...format },
    rules: customRules,
    price: perCall(0.05),
    example: {
      imageUrl: at('kitchen-shelf.png'),
      prompt: 'Replace the jars with potted herbs and let evening sun fall in from the left.',
      aspectRatio: 'auto',
      outputFormat: 'jpeg',
    },
  },
];

const flux1: readonly Row[] = [
  {
    id: 'rhart-image/f-dev',
    name: 'f-dev',
    task: 'text-to-image',
    en: 'Draws with the FLUX.1 dev weights as they were released. A known baseline with a photographic look.',
    zh: '用原版 FLUX.1 dev 权重绘图，摄影质感稳定，适合作为对照基准。',
    params: { ...fromText, ...format },
    price: perCall(0.04),
    example: { prompt: 'A lone bicycle leaning on a yellow wall in Lisbon, hard midday shadows.', aspectRatio: '4:3' },
  },
  {
    id: 'rhart-image/f-dev-lora',
    name: 'f-dev-lora',
    task: 'text-to-image',
    en: 'Draws with FLUX.1 dev and one of the many LoRAs that were trained for it, at full strength unless told otherwise.',
    zh: 'FLUX.1 dev 搭配其丰富的 LoRA 生态绘图，默认满强度。',
    params: { ...fromText, ...lora(1), ...format },
    price: perCall(0.03),
    example: {
      prompt: 'Isometric pixel-art bakery with a striped awning and a queue of penguins.',
      aspectRatio: '1:1',
      lora: 'isometric-pixels.safetensors',
    },
  },
  {
    id: 'rhart-image/f-krea-dev-lora',
    name: 'f-krea-dev-lora',
    task: 'text-to-image',
    en: 'Draws with FLUX.1 Krea, tuned away from the glossy look of generated pictures, with an optional LoRA.',
    zh: '用去“AI 味”的 FLUX.1 Krea 绘图，画面自然，可选配 LoRA。',
    params: { ...fromText, ...anyLora, ...format },
    price: perCall(0.05),
    example: {
      prompt: 'Candid film photograph of friends washing up after dinner, grain, tungsten light.',
      aspectRatio: '3:2',
      lora: 'film-grain.safetensors',
      lora_strength: 0.6,
    },
  },
  {
    // The path says video; the result is a picture.
    id: 'rhart-video/f-kontext/dev-lora',
    name: 'f-kontext-dev-lora',
    task: 'image-to-image',
    en: 'Edits a picture with FLUX.1 Kontext, which keeps people and products recognisable, with an optional LoRA.',
    zh: '用 FLUX.1 Kontext 修图，人物与商品保持可辨认，可选配 LoRA。',
    params: {
      ...edit,
      aspectRatio: pictureRatio(EDIT_RATIOS, '1:1'),
      customWidth,
      customHeight: optional(pictureHeight(side)),
      ...anyLora,
      outputFormat: optional(format.outputFormat),
    },
    rules: customSides('customWidth', 'customHeight'),
    price: perCall(0.09),
    example: {
      imageUrl: at('sneaker-on-table.jpg'),
      prompt: 'Place the sneaker on wet asphalt at night with neon reflections; keep its shape and logo.',
      aspectRatio: 'custom',
      customWidth: 1216,
      customHeight: 832,
    },
  },
];

export const flux = family({ family: 'flux', vendor: 'black-forest-labs', output: 'image', pricesAsOf: '2026-06-18' }, [
  ...flux2,
  ...flux1,
]);
