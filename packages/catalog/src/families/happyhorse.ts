import { at, family, perSecond, type Row } from '../family.ts';
import { oneOf, optional, say } from '../params.ts';
import {
  aspectRatio,
  clipToChange,
  FIVE_RATIOS,
  JPG_PNG_WEBP_BMP,
  MAX_SEED,
  MP4_MOV,
  pictureToAnimate,
  prompt,
  referenceImages,
  resolution,
  secondsFrom,
  seed,
} from './shared.ts';

// Limits and prices: the platform's public model registry, revision of 2026-05-07.

const everywhere = {
  prompt: prompt({ maxChars: 2500 }),
  resolution: resolution(['720p', '1080p'], '1080p'),
  seed: optional(seed({ min: 0, max: MAX_SEED })),
};
const shot = { ...everywhere, duration: secondsFrom(3, 15) };
const picture = { accept: JPG_PNG_WEBP_BMP, maxMegabytes: 10 };
const ratio = optional(aspectRatio(FIVE_RATIOS, '16:9'));
const price = perSecond(['resolution'], { '720p': 0.9, '1080p': 1.6 });

const rows: readonly Row[] = [
  {
    id: 'alibaba/happyhorse-1.0/text-to-video',
    name: 'happyhorse-1.0/text-to-video',
    task: 'text-to-video',
    en: 'Films a written scene with HappyHorse, voices and noises in time with the picture. For talk and lively action.',
    zh: '用 HappyHorse 拍摄文字场景，人声与音效同画面合拍，适合对白与动感镜头。',
    params: { ...shot, aspectRatio: ratio },
    price,
    example: {
      prompt: 'A blacksmith hammers a horseshoe, sparks fly with every ring; she grins and says: “One more.”',
      resolution: '720p',
      duration: '4',
    },
  },
  {
    id: 'alibaba/happyhorse-1.0/image-to-video',
    name: 'happyhorse-1.0/image-to-video',
    task: 'image-to-video',
    en: 'Animates one picture with HappyHorse, with sound of its own; a text is welcome and not needed.',
    zh: '用 HappyHorse 让一张图片动起来并自带声音，提示词可写可不写。',
    params: {
      ...shot,
      prompt: optional(shot.prompt),
      imageUrl: pictureToAnimate({ ...picture, minSidePx: 300, minAspect: 0.4, maxAspect: 2.5 }),
    },
    price,
    example: { imageUrl: at('foal-in-snow.webp'), resolution: '720p', duration: '3' },
  },
  {
    id: 'alibaba/happyhorse-1.0/reference-to-video',
    name: 'happyhorse-1.0/reference-to-video',
    task: 'reference-to-video',
    en: 'Brings the people and things of up to nine pictures together in one HappyHorse scene. For a cast that must stay itself.',
    zh: '用 HappyHorse 把最多九张图片里的人与物放进同一场景，适合形象必须一致的多角色短片。',
    params: {
      ...shot,
      imageUrls: referenceImages({ ...picture, minItems: 1, maxItems: 9, recommendedMinSidePx: 400 }),
      aspectRatio: ratio,
    },
    price,
    example: {
      prompt: 'The jockey feeds the grey horse an apple in front of the red barn.',
      imageUrls: [at('jockey.jpg'), at('grey-horse.jpg'), at('red-barn.png')],
      resolution: '720p',
      aspectRatio: '4:3',
      duration: '3',
    },
  },
  {
    id: 'alibaba/happyhorse-1.0/video-edit',
    name: 'happyhorse-1.0/video-edit',
    task: 'video-edit',
    en: 'Changes what a sentence names in the first 15 seconds of a clip, with pictures for what is to come in.',
    zh: '按一句话修改视频前 15 秒的内容，可用图片指定要换入的人或物。',
    params: {
      ...everywhere,
      videoUrl: clipToChange({
        accept: MP4_MOV,
        maxMegabytes: 100,
        minSeconds: 3,
        maxSeconds: 60,
        usedSeconds: 15,
      }),
      imageUrls: optional(referenceImages({ ...picture, maxItems: 5 })),
      audioSetting: optional(
        oneOf(
          say(
            'Whether the clip keeps its own sound, or the model decides.',
            '保留原声（origin）或由模型决定（auto）。',
          ),
          ['auto', 'origin'],
          { default: 'origin' },
        ),
      ),
    },
    price,
    example: {
      videoUrl: at('showjumping.mov'),
      imageUrls: [at('striped-saddlecloth.png')],
      prompt: 'Put the striped saddlecloth on the horse and turn the sky to evening.',
      resolution: '720p',
    },
  },
];

export const happyhorse = family({ family: 'happyhorse', vendor: 'alibaba', pricesAsOf: '2026-04-29' }, rows);
