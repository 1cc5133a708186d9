import { at, family, perSecond, type Row, startingAt } from '../family.ts';
import { aspectRatio, JPG_PNG, pictureToAnimate, prompt, resolution, WIDE_OR_TALL, wholeSeconds } from './shared.ts';
import { lora } from './shared-pictures.ts';

// Limits and prices: the platform's parameter tables, read 2026-06-18. The registry of 2026-05-07 lists LTX-2 without
// parameters: it has those of 2.3.

const { lora: file, lora_strength: strength } = lora(0);
const loras = {
  lora1: file,
  lora1_strength_model: strength,
  lora2: file,
  lora2_strength_model: strength,
  lora3: file,
  lora3_strength_model: strength,
};
const SIZES = ['480p', '720p', '1080p'];
const fromText = {
  prompt: prompt(),
  resolution: resolution(SIZES, '480p'),
  aspectRatio: aspectRatio(WIDE_OR_TALL, '16:9'),
  duration: wholeSeconds(5, 15),
};
const price = startingAt(perSecond(0.07));

const rows: readonly Row[] = [
  {
    id: 'rhart-video/ltx-2.3/text-to-video',
    name: 'ltx-2.3/text-to-video',
    task: 'text-to-video',
    en: 'Films a written scene with the open LTX 2.3 weights, picture and sound together. Cheap enough for rough cuts.',
    zh: '用 LTX 2.3 开源权重拍摄文字场景，音画同出，价格低到可用于粗剪。',
    params: { ...fromText, resolution: resolution(SIZES, '720p') },
    price,
    example: {
      prompt: 'A lighthouse keeper climbs the spiral stair; his steps echo, the wind howls outside.',
      resolution: '1080p',
      duration: 6,
    },
  },
  {
    id: 'rhart-video/ltx-2.3/text-to-video-lora',
    name: 'ltx-2.3/text-to-video-lora',
    task: 'text-to-video',
    en: 'Films a written scene with LTX 2.3 and up to three LoRAs. For a look or a figure that you have trained.',
    zh: 'LTX 2.3 文生视频，可叠加至多三个 LoRA，适合自训练的画风或角色。',
    params: { ...fromText, ...loras },
    price,
    example: {
      prompt: 'A felt fox sweeps the snow from its doorstep and hums.',
      lora1: 'felt-animation.safetensors',
      lora1_strength_model: 0.8,
    },
  },
  {
    id: 'rhart-video/ltx-2.3/image-to-video',
    name: 'ltx-2.3/image-to-video',
    task: 'image-to-video',
    en: 'Animates a picture with LTX 2.3, with sound, for as long as 20 seconds at a stretch.',
    zh: '用 LTX 2.3 让图片动起来并配声音，一次最长 20 秒。',
    params: {
      ...fromText,
      imageUrl: pictureToAnimate({ accept: JPG_PNG, maxMegabytes: 30 }),
      duration: wholeSeconds(5, 20),
    },
    price,
    example: {
      prompt: 'The waterfall roars and mist drifts across the footbridge.',
      imageUrl: at('waterfall.jpg'),
      resolution: '1080p',
      duration: 6,
    },
  },
  {
    id: 'rhart-video/ltx-2.3/image-to-video-lora',
    name: 'ltx-2.3/image-to-video-lora',
    task: 'image-to-video',
    en: 'Animates a picture with LTX 2.3 and up to three LoRAs, such as one for a camera move.',
    zh: 'LTX 2.3 图生视频，可叠加至多三个 LoRA，例如运镜 LoRA。',
    params: { ...fromText, imageUrl: pictureToAnimate({ maxMegabytes: 10 }), ...loras },
    price,
    example: {
      prompt: 'The camera dollies in on the clock face as the hands reach noon.',
      imageUrl: at('station-clock.png'),
      aspectRatio: '9:16',
      lora1: 'dolly-in.safetensors',
      lora1_strength_model: 1,
      lora2: 'warm-film.safetensors',
      lora2_strength_model: 0.4,
    },
  },
  {
    id: 'rhart-video/ltx-2/text-to-video-lora',
    name: 'ltx-2-19b/text-to-video-lora',
    task: 'text-to-video',
    en: 'Films a written scene with the older LTX 2 of 19 billion weights. For LoRAs that were trained on it.',
    zh: '用旧版 LTX 2（190 亿参数）拍摄文字场景，适合基于该版本训练的 LoRA。',
    params: { ...fromText, ...loras },
    example: {
      prompt: 'Stop-motion: a paper crane unfolds into a letter and the ink runs.',
      lora1: 'stop-motion-19b.safetensors',
      lora1_strength_model: 0.9,
    },
  },
];

export const ltx = family({ family: 'ltx', vendor: 'lightricks', pricesAsOf: '2026-06-18' }, rows);
