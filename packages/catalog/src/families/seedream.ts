import { at, family, NOT_SENT, perCall, type Row } from '../family.ts';
import { integer, oneOf, optional, say } from '../params.ts';
import type { Constraint } from '../types.ts';
import {
  editPrompt,
  pictureHeight,
  picturePrompt,
  pictureResolution,
  pictureWidth,
  sourceImages,
} from './shared-pictures.ts';

// Limits and prices: the platform's public model registry, revision of 2026-05-07.

const prompt = picturePrompt({ maxChars: 2000 });
const edit = {
  prompt: editPrompt({ maxChars: 2000 }),
  imageUrls: sourceImages({ minItems: 1, maxItems: 10, accept: ['png', 'jpeg'], maxMegabytes: 10 }),
};
const series = {
  sequentialImageGeneration: optional(
    oneOf(
      say('Whether the model may make a series of related pictures.', '是否允许模型生成一组关联图片。'),
      ['disabled', 'auto'],
      {
        default: 'disabled',
      },
    ),
  ),
  maxImages: optional(
    integer(say('How many pictures a series may have at most.', '组图最多包含的张数。'), {
      default: 1,
      min: 1,
      max: 15,
      step: 1,
    }),
  ),
};
/** `heightStep`: the sliders of the endpoints differ there. */
const sides = (width: readonly [number, number], height: readonly [number, number], heightStep: number) => ({
  width: optional(pictureWidth({ default: 2048, min: width[0], max: width[1], step: 8 })),
  height: optional(pictureHeight({ default: 2048, min: height[0], max: height[1], step: heightStep })),
});
const LARGE = [512, 8192] as const;
const large = { ...sides(LARGE, LARGE, 1), ...series };
const lite = { ...sides([1600, 4704], [1344, 4096], 1), ...series };
const resolution = (...values: readonly string[]) => optional(pictureResolution(values));
const resolutionWins: readonly Constraint[] = [{ rule: 'overrides', param: 'resolution', params: ['width', 'height'] }];
/** The list prints the price of one picture, for a call that does not ask for more. */
const eachPicture = (yuan: number) => perCall(['maxImages'], { [NOT_SENT]: yuan });

const rows: readonly Row[] = [
  {
    id: 'seedream-v5-lite/text-to-image',
    task: 'text-to-image',
    en: 'Draws with Seedream 5 Lite, which may look facts up on the web. For topical pictures, maps and explainers.',
    zh: '用可联网检索的 Seedream 5 Lite 绘图，适合时事配图、地图与科普图解。',
    params: {
      prompt,
      ...lite,
      toolsType: optional(
        oneOf(
          say('A tool that the model may use: web_search finds facts.', '模型可用的工具，web_search 为联网检索。'),
          ['web_search'],
          {
            default: 'web_search',
          },
        ),
      ),
      resolution: resolution('2k', '3k'),
    },
    rules: resolutionWins,
    price: eachPicture(0.22),
    example: {
      prompt: 'Illustrated map of the tea regions of Yunnan with the names of the six old mountains.',
      resolution: '2k',
      toolsType: 'web_search',
    },
  },
  {
    id: 'seedream-v5-lite/image-to-image',
    task: 'image-to-image',
    en: 'Edits with Seedream 5 Lite from up to ten pictures. For changes that take reasoning, such as before and after.',
    zh: '用 Seedream 5 Lite 参考至多十张图片进行编辑，适合“前后对比”等需要推理的修改。',
    params: { ...edit, ...lite, resolution: resolution('2k', '3k') },
    rules: resolutionWins,
    price: eachPicture(0.22),
    example: {
      prompt: 'Show this seedling after one year in the same pot and the same window.',
      imageUrls: [at('avocado-seedling.png')],
      width: 1728,
      height: 1728,
    },
  },
  {
    id: 'seedream-v4.5/text-to-image',
    task: 'text-to-image',
    en: 'Draws with Seedream 4.5: cinematic light and dense small text, single pictures or a series of up to fifteen.',
    zh: '用 Seedream 4.5 绘图，光影电影感强、小字密集清晰，可出单图或至多十五张组图。',
    params: { prompt, ...sides(LARGE, LARGE, 8), ...series, resolution: resolution('2k', '4k') },
    rules: resolutionWins,
    price: eachPicture(0.2),
    example: {
      prompt: 'Three postcards of one fishing village: at dawn, in a storm, on the night of the lantern feast.',
      width: 1280,
      height: 960,
      sequentialImageGeneration: 'auto',
      maxImages: 3,
    },
  },
  {
    id: 'seedream-v4.5/image-to-image',
    task: 'image-to-image',
    en: 'Edits or combines up to ten pictures with Seedream 4.5 and keeps people, tone and fine detail steady.',
    zh: '用 Seedream 4.5 编辑或组合至多十张图片，人物、色调与细节保持稳定。',
    params: { ...edit, ...large, resolution: resolution('2k', '4k') },
    rules: resolutionWins,
    price: eachPicture(0.2),
    example: {
      prompt:
        'Photograph the model of the first picture wearing the necklace of the second, close-up, soft window light.',
      imageUrls: [at('model-headshot.jpeg'), at('necklace.png')],
      width: 1024,
      height: 1280,
    },
  },
  {
    id: 'seedream-v4/text-to-image',
    task: 'text-to-image',
    en: 'Draws with Seedream 4, from 1k to 4k. The cheapest of the line, and quick enough for storyboards.',
    zh: '用 Seedream 4 绘制 1k 至 4k 图片，本系列中最便宜，速度足以画分镜。',
    params: { prompt, ...large, resolution: resolution('1k', '2k', '4k') },
    rules: resolutionWins,
    price: eachPicture(0.14),
    example: {
      prompt: 'Storyboard frame: a courier cycles through falling cherry blossom, low angle.',
      resolution: '1k',
    },
  },
  {
    id: 'seedream-v4/image-to-image',
    task: 'image-to-image',
    en: 'Edits or combines up to ten pictures with Seedream 4, also into a series that keeps one character.',
    zh: '用 Seedream 4 编辑或组合至多十张图片，也可生成角色一致的组图。',
    params: { ...edit, ...large, resolution: resolution('1k', '2k', '4k') },
    rules: resolutionWins,
    price: eachPicture(0.14),
    example: {
      prompt: 'Two stickers of this puppy: asleep in a slipper, and surprised by a balloon.',
      imageUrls: [at('puppy.png')],
      resolution: '1k',
      sequentialImageGeneration: 'auto',
      maxImages: 2,
    },
  },
];

export const seedream = family(
  { family: 'seedream', vendor: 'bytedance', output: 'image', pricesAsOf: '2026-04-29' },
  rows,
);
