import { at, family, perCall, perSecond, type Row } from '../family.ts';
import { image, oneOf, optional, say } from '../params.ts';
import { aspectRatio, clipToChange, FIVE_RATIOS, JPG_PNG_WEBP, pictureToAnimate, prompt, seconds } from './shared.ts';

// Limits and prices: the platform's public model registry, revision of 2026-05-07.

const upTo10MB = { accept: JPG_PNG_WEBP, maxMegabytes: 10 };
const prompt2048 = prompt({ maxChars: 2048 });
const wide = aspectRatio(FIVE_RATIOS, '16:9');
const fiveOrTen = (standard: string) => seconds(['5', '10'], standard);

const official: readonly Row[] = [
  {
    id: 'rhart-video-r/gen4-turbo-official/image-to-video',
    name: 'runwayml/gen4-turbo/image-to-video-official-stable',
    task: 'image-to-video',
    en: 'Animates a picture with Runway Gen-4 Turbo, silent, with steady figures and filmic camera work.',
    zh: '用 Runway Gen-4 Turbo 让图片动起来（无声），人物稳定、运镜有电影感。',
    params: {
      prompt: prompt2048,
      imageUrl: pictureToAnimate(upTo10MB),
      duration: fiveOrTen('5'),
      // The shape of the picture counts where none is sent.
      aspectRatio: optional(oneOf(wide.about, FIVE_RATIOS)),
    },
    price: perCall(['duration'], { 5: 3.2, 10: 6.4 }),
    example: {
      prompt: 'Handheld: the beekeeper lifts a frame, bees drift through the backlight.',
      imageUrl: at('beekeeper.jpg'),
    },
  },
  {
    id: 'rhart-video-r/gen4-aleph-official/video-to-video',
    name: 'runwayml/gen4-aleph/video-to-video-official-stable',
    task: 'video-edit',
    en: 'Reworks the first five seconds of a clip with Runway Aleph: relight, replace, new angle, other season.',
    zh: '用 Runway Aleph 改造视频前五秒：重新布光、替换物体、变换视角或季节。',
    params: {
      prompt: prompt2048,
      videoUrl: clipToChange({ accept: ['mp4'], maxMegabytes: 16, usedSeconds: 5 }),
      referenceImageUrl: optional(
        image(say('A picture of the look or the thing to bring in.', '要带入的风格或物体参考图。'), upTo10MB),
      ),
      aspectRatio: optional(wide),
    },
    price: perCall(5.25),
    example: {
      prompt: 'Same shot on an autumn evening, leaves on the pavement, the shop windows lit.',
      videoUrl: at('summer-street.mp4'),
    },
  },
];

const lowPrice: readonly Row[] = [
  {
    id: 'rhart-video-r/gen4-turbo/image-to-video',
    name: 'runwayml/gen4-turbo/image-to-video-channel-low-price',
    task: 'image-to-video',
    en: 'The low-price route to Gen-4 Turbo, paid by the second. Also in 21:9, and without a prompt if you like.',
    zh: 'Gen-4 Turbo 低价线路，按秒计费，支持 21:9，提示词可省略。',
    params: {
      prompt: optional(prompt({ maxChars: 1000 })),
      imageUrl: pictureToAnimate(upTo10MB),
      duration: fiveOrTen('10'),
      aspectRatio: aspectRatio([...FIVE_RATIOS, '21:9'], '16:9'),
    },
    price: perSecond(0.21),
    example: {
      prompt: 'Slow track along the canyon rim as the shadows lengthen.',
      imageUrl: at('canyon-rim.webp'),
      duration: '5',
      aspectRatio: '21:9',
    },
  },
];

const runwayml = { family: 'runway', vendor: 'runway', pricesAsOf: '2026-04-29' } as const;
export const runway = [
  ...family({ ...runwayml, channel: 'official-stable' }, official),
  ...family({ ...runwayml, channel: 'channel-low-price' }, lowPrice),
];
