import { perSecond } from '../family.ts';
import { flag, objects, oneOf, optional, say } from '../params.ts';
import type { Constraint } from '../types.ts';
import {
  aspectRatio,
  firstFrame,
  generateAudio,
  JPG_PNG,
  lastFrame,
  negativePrompt,
  prompt,
  seconds,
  secondsFrom,
  WIDE_TALL_OR_SQUARE,
  wholeSeconds,
} from './shared.ts';

// What several generations of Kling share.
// Limits and prices: the platform's public model registry, revision of 2026-05-07; lists of objects: the platform's
// parameter tables, read 2026-06-18, with the fields of the vendor's own API.

export const picture = (maxMegabytes: number, accept: readonly string[] = JPG_PNG) => ({ accept, maxMegabytes });
export const clip = (maxMegabytes: number) => ({ accept: ['mp4'], maxMegabytes });
export const from50MB = firstFrame(picture(50));
export const to50MB = optional(lastFrame(picture(50)));

export const prompt2000 = prompt({ maxChars: 2000 });
export const prompt2500 = prompt({ maxChars: 2500 });
export const not2500 = optional(negativePrompt({ maxChars: 2500 }));
export const ratio = aspectRatio(WIDE_TALL_OR_SQUARE, '9:16');
export const wideRatio = optional(aspectRatio(WIDE_TALL_OR_SQUARE, '16:9'));
export const fiveOrTen = seconds(['5', '10'], '5');
export const sound = generateAudio(true);
export const silent = optional(generateAudio(false));
export const KEEP_SOUND = say('Whether the sound of the given clip stays.', '是否保留原视频的声音。');
export const keepOriginalSound = flag(KEEP_SOUND, { default: true });
export const elementList = optional(
  objects(say('Elements made before, to appear here.', '引用已创建的主体。'), ['element_id'], {
    idField: { name: 'element_id', refersTo: { tasks: ['element-create'] } },
  }),
);

// 3.0 and the omni models tell a story in several shots when `multiShot` is on.
export const shotType = oneOf(say('Who cuts the shots: you, or the model.', '分镜由自己编排还是由模型安排。'), [
  'customize',
  'intelligence',
]);
export const story = {
  multiShot: optional(flag(say('Whether the video has several shots.', '是否为多镜头视频。'), { default: false })),
  shotType: optional({ ...shotType, default: 'customize' }),
  multiPrompt: optional(
    objects(say('The shots in order, each with its text and length.', '按顺序排列的分镜，各含文本与时长。'), [
      'index',
      'prompt',
      'duration',
    ]),
  ),
};
export const storyRules: readonly Constraint[] = [
  { rule: 'ignored', when: { multiShot: true }, params: ['prompt'] },
  { rule: 'requires', when: { multiShot: true }, params: ['shotType'] },
  { rule: 'ignored', when: { multiShot: false }, params: ['shotType', 'multiPrompt'] },
];

/** 3 to 15 seconds: as a word in 3.0, as a number in the omni models. */
export const length = secondsFrom(3, 15);
export const wholeLength = wholeSeconds(3, 15);

export const price4k = perSecond(2.7);
export const bySound = (off: number, on: number) => perSecond(['sound'], { false: off, true: on });
