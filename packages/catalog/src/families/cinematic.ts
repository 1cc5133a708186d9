import { at, family, perSecond, type Row } from '../family.ts';
import { optional } from '../params.ts';
import { aspectRatio, JPG_PNG_WEBP, prompt, referenceImages, seconds } from './shared.ts';

// Limits and prices: the platform's public model registry, revision of 2026-05-07.

const rows: readonly Row[] = [
  {
    id: 'cinematic-video-generator',
    altNames: ['cinematic-video-generator-sd2.0', 'seedance-2.0/video-generator-trial', 'sd2.0/video-generator-trial'],
    task: 'text-to-video',
    en: 'A trial of Seedance 2.0 with few settings: a script and up to four pictures become a scene with film lighting.',
    zh: 'Seedance 2.0 的精简试用版：一段脚本加最多四张图片，生成电影光感的场景。',
    params: {
      prompt: prompt({ maxChars: 2048 }),
      imageUrls: optional(referenceImages({ maxItems: 4, accept: JPG_PNG_WEBP, maxMegabytes: 10 })),
      aspectRatio: optional(aspectRatio(['16:9', '9:16', '4:3', '3:4'], '16:9')),
      duration: seconds(['5', '10', '15'], '5'),
    },
    price: perSecond(1),
    example: {
      prompt: 'Dusk on a desert highway: a motel sign flickers on, a lone trucker steps down and looks at the storm.',
      imageUrls: [at('motel-sign.jpg'), at('trucker.png')],
      duration: '5',
    },
  },
];

export const cinematic = family({ family: 'cinematic', vendor: 'bytedance', pricesAsOf: '2026-04-29' }, rows);
