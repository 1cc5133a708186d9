import { at, family, perCall, type Row } from '../family.ts';
import { flag, image, integer, oneOf, optional, say } from '../params.ts';
import type { Constraint, Words } from '../types.ts';
import { firstFrame, JPG_PNG, lastFrame, resolution, prompt as videoPrompt } from './shared.ts';
import { pictureNegativePrompt, picturePrompt, pictureRatio, RATIOS } from './shared-pictures.ts';

// Limits and prices: the platform's public model registry, revision of 2026-05-07. Names as short as `cw` are those of
// Midjourney's own prompt parameters.

const file = { accept: ['jpg', 'png', 'webp'], maxMegabytes: 20 };
const amount = (about: Words, standard: number, [min, max]: readonly [number, number]) =>
  optional(integer(about, { default: standard, min, max, step: 1 }));

const prompt8192 = { maxChars: 8192 };
const negativePrompt = optional(pictureNegativePrompt({ maxChars: 2000 }));
const imageUrl = optional(
  image(say('A picture to lean on in content and composition.', '参考其内容与构图的图片。'), file),
);
const iw = (max: number) =>
  amount(say('How much imageUrl counts beside the prompt.', 'imageUrl 相对提示词的权重。'), 1, [0, max]);
const style = (versions: number) => ({
  sref: optional(image(say('A picture whose style to follow.', '风格参考图。'), file)),
  sw: amount(say('How strongly to follow the style of sref.', 'sref 风格的强度。'), 100, [0, 1000]),
  sv: amount(say('Which version of the style model reads sref.', '解读 sref 的风格模型版本。'), 4, [1, versions]),
});
const character = {
  cref: optional(image(say('A picture of the character to show again.', '角色参考图。'), file)),
  cw: amount(
    say('How much of the character to keep: 100 all, 0 the face only.', '角色还原程度：100 为全部，0 仅面部。'),
    100,
    [0, 100],
  ),
};
const someone = {
  oref: optional(
    image(say('A picture of a person or thing to place in the new one.', '要放入新图的人物或物体参考图。'), {
      ...file,
      accept: JPG_PNG,
    }),
  ),
  ow: amount(say('How exactly to keep what oref shows.', 'oref 内容的还原程度。'), 100, [1, 1000]),
};
const stop = amount(
  say('At what per cent to end early, for softer pictures.', '提前结束的百分比，画面更柔和。'),
  100,
  [10, 100],
);
const tile = optional(
  flag(say('Whether the picture repeats without seams.', '是否生成可无缝平铺的图案。'), { default: false }),
);
const quality = (...values: readonly string[]) =>
  optional(oneOf(say('How much time goes into detail.', '细节投入的时间。'), values, { default: '1' }));

const everywhere = {
  prompt: picturePrompt(prompt8192),
  chaos: amount(say('How much the results differ from one another.', '多张结果之间的差异程度。'), 0, [0, 100]),
  stylize: amount(say('How much taste of its own the model adds.', '模型自身审美风格的强度。'), 0, [0, 1000]),
  weird: amount(say('How strange the result may be.', '怪诞程度。'), 0, [0, 3000]),
  raw: optional(
    flag(say('Whether to keep to the prompt and leave out embellishment.', '是否减少修饰、严格按提示词。'), {
      default: false,
    }),
  ),
  imageUrl,
  aspectRatio: optional(pictureRatio(RATIOS, '1:1')),
};
// Version 6 and its relatives.
const six = { ...everywhere, quality: quality('0.5', '1', '2'), iw: iw(3), ...character, ...style(4), stop, tile };
const anyRatio = optional(pictureRatio(RATIOS));

const needs = (param: string, reference: string): Constraint => ({ rule: 'needs', param, params: [reference] });
const sixRules = [needs('cw', 'cref'), needs('sw', 'sref')];
const eachCall = perCall(0.54);

const pictures: readonly Row[] = [
  {
    id: 'youchuan/text-to-image-v7',
    name: 'midjourney-text-to-image-v7',
    task: 'text-to-image',
    en: 'Draws with Midjourney 7: the richest texture, and any person or thing carried over from a reference.',
    zh: '用 Midjourney 7 绘图：质感最丰富，可从参考图带入任意人物或物体。',
    params: {
      ...everywhere,
      negativePrompt,
      quality: quality('1', '2', '4'),
      iw: iw(3),
      ...style(6),
      ...someone,
      tile,
      aspectRatio: anyRatio,
    },
    rules: [needs('sw', 'sref'), needs('ow', 'oref')],
    price: eachCall,
    example: {
      prompt: 'A greenhouse inside a railway carriage, ferns against frosted windows, late light.',
      stylize: 250,
      aspectRatio: '3:2',
    },
  },
  {
    id: 'youchuan/text-to-image-v61',
    name: 'midjourney-text-to-image-v61',
    task: 'text-to-image',
    en: 'Draws with Midjourney 6.1: coherent bodies and plants, with references for character and for style.',
    zh: '用 Midjourney 6.1 绘图：人体与植物结构自然，支持角色与风格参考。',
    params: { ...six, negativePrompt, aspectRatio: anyRatio },
    rules: sixRules,
    price: eachCall,
    example: {
      prompt: 'The clockmaker’s daughter on a rooftop at dusk, swallows overhead, oil painting.',
      negativePrompt: 'text, frame',
      cref: at('clockmakers-daughter.png'),
      cw: 60,
      aspectRatio: '2:3',
    },
  },
  {
    id: 'youchuan/text-to-image-v6',
    name: 'midjourney-text-to-image-v6',
    task: 'text-to-image',
    en: 'Draws with Midjourney 6, for those whose prompts and style references were tuned to it.',
    zh: '用 Midjourney 6 绘图，适合已按该版本调好提示词与风格参考的用户。',
    params: six,
    rules: sixRules,
    price: eachCall,
    example: { prompt: 'Seamless pattern of pears and wrens, block print, ochre and teal.', tile: true, chaos: 10 },
  },
  {
    id: 'youchuan/text-to-image-niji7',
    name: 'midjourney-text-to-image-niji7',
    task: 'text-to-image',
    en: 'Draws anime with Niji 7: exact line work and eyes. Takes a style reference but no character reference.',
    zh: '用 Niji 7 绘制动漫画面，线条与眼神精准，支持风格参考，不支持角色参考。',
    params: { ...everywhere, iw: iw(2), ...style(4) },
    rules: [needs('sw', 'sref')],
    price: eachCall,
    example: {
      prompt: 'A lighthouse keeper girl and her mechanical heron, summer clouds, clean line art.',
      aspectRatio: '9:16',
      sref: at('summer-palette.webp'),
      sw: 200,
    },
  },
  {
    id: 'youchuan/text-to-image-niji6',
    name: 'midjourney-text-to-image-niji6',
    task: 'text-to-image',
    en: 'Draws anime with Niji 6, where a character must return from picture to picture by reference.',
    zh: '用 Niji 6 绘制动漫画面，适合依靠参考图让同一角色反复出场。',
    params: six,
    rules: sixRules,
    price: eachCall,
    example: {
      prompt: 'A fox spirit runs a ramen cart in the snow, cosy palette.',
      aspectRatio: '16:9',
      quality: '0.5',
    },
  },
];

const film: Row = {
  id: 'youchuan/image-to-video',
  name: 'midjourney-image-to-video',
  task: 'image-to-video',
  output: 'video',
  en: 'Sets a still in motion with Midjourney, gently or boldly, towards a last picture or round in a loop.',
  zh: '用 Midjourney 让静图动起来，幅度可柔可强，可指定尾帧或循环播放。',
  params: {
    prompt: videoPrompt(prompt8192),
    firstImageUrl: firstFrame(file),
    lastImageUrl: optional(lastFrame(file)),
    resolution: resolution(['480p', '720p'], '720p'),
    motion: optional(oneOf(say('How much moves.', '运动幅度。'), ['low', 'high'], { default: 'low' })),
    raw: optional(flag(say('Whether to keep closely to the prompt.', '是否严格按提示词生成。'), { default: true })),
    loop: optional(flag(say('Whether the end leads back to the beginning.', '是否首尾相接循环。'), { default: false })),
  },
  price: perCall(['resolution'], { '480p': 0.54, '720p': 1.62 }),
  example: {
    prompt: 'Mist drifts through the pines and the lantern sways.',
    firstImageUrl: at('forest-lantern.webp'),
    resolution: '480p',
    loop: true,
  },
};

export const midjourney = family(
  { family: 'midjourney', vendor: 'midjourney', output: 'image', pricesAsOf: '2026-04-29' },
  [...pictures, film],
);
