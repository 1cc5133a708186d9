import { findValues, table } from '../storyboard/words.ts';
import type { Tone } from './tone.ts';

/** What else than its tones words may ask to be done with a picture. */
export type Order =
  | 'mirror'
  | 'turn-over'
  | 'blur'
  | 'blur-background'
  | 'remove-background'
  | 'white-background'
  | 'replace-background'
  | 'frame'
  | 'corners'
  | 'nearer';

const BACKGROUND = 'background|backdrop|scene behind|setting';

const ORDER_WORDS = table<Order>([
  ['mirror', 1, 'mirror|mirrored|flip horizontally|flipped horizontally|flip it|reverse it', '镜像|左右翻转|水平翻转'],
  ['turn-over', 1, 'upside down|upside-down|flip vertically|flipped vertically', '上下翻转|垂直翻转|倒过来'],
  [
    'blur-background',
    1,
    'blur (?:the |its )?background|blurred background|background blur|shallow depth of field|bokeh',
    '背景虚化|虚化背景|模糊背景|背景模糊',
  ],
  ['blur', 1, 'blur (?:the |this )?(?:picture|image|photo)|soft focus|dreamy', '柔焦|整体模糊'],
  [
    'remove-background',
    1,
    `remove (?:the |its )?(?:${BACKGROUND})|without (?:a |the )?background|cut ?out|transparent background`,
    '去除背景|去背景|移除背景|抠图|透明背景',
  ],
  ['white-background', 1, '(?:white|plain|clean|plain light) (?:background|backdrop)', '白底|白色背景|纯色背景'],
  [
    'replace-background',
    1,
    `(?:change|replace|swap|new|put (?:it|him|her|them) (?:in|on|at)|place (?:it|him|her|them) (?:in|on|at)|move (?:it|him|her|them) to)(?: the| its| a)?(?: (?:${BACKGROUND}))?|(?:${BACKGROUND}) (?:to|with|into|of|becomes|is)`,
    '(?:换|替换|更换|改)(?:成|为|掉)?.{0,4}背景|背景(?:换|改|变)|放到|置于',
  ],
  ['frame', 1, 'polaroid|(?:add|with|in) (?:a |an )?(?:\\w+ )?(?:frame|border)|framed', '边框|相框|拍立得'],
  ['corners', 1, 'vignette|vignetting', '暗角'],
  ['nearer', 1, 'zoom in|close-up|closer|crop in|tighter', '放大|特写|拉近|靠近'],
]);

// biome-ignore format: a table of words
const TONE_WORDS = table<Tone>([
  [{ saturation: 0, contrast: 1.12 }, 1, 'black and white|black-and-white|monochrome|grayscale|greyscale|b&w|noir', '黑白|单色'],
  [
    { saturation: 0.6, contrast: 0.92, warmth: 0.25, tint: { colour: [196, 154, 108], share: 0.45 } },
    1,
    'sepia|vintage|retro|old photo(?:graph)?|nostalgic|90s grain|aged|daguerreotype',
    '复古|怀旧|老照片|泛黄',
  ],
  [{ brightness: 1.2 }, 1, 'brighter|brighten|lighter|lighten|more light|high[- ]key', '提亮|更亮|变亮|明亮'],
  [{ brightness: 0.72 }, 1, 'darker|darken|low[- ]key|dimmer|moody', '变暗|更暗|调暗|压暗'],
  [{ warmth: 0.5, saturation: 1.08 }, 1, 'warm|warmer|warm tones?|golden hour|sunset|autumn|autumnal|cosy|cozy|candlelight', '暖色|暖调|更暖|夕阳|日落|秋'],
  [{ warmth: -0.5, saturation: 0.92 }, 1, 'cold|cooler|cool tones?|wintry|winter|icy|frozen|moonlight|blue hour', '冷色|冷调|更冷|冬|冰'],
  [{ contrast: 1.25 }, 1, 'more contrast|high contrast|punchy|dramatic', '对比|强烈'],
  [{ saturation: 1.4, contrast: 1.06 }, 1, 'vivid|vibrant|saturated|colorful|colourful|pop art|psychedelic', '鲜艳|艳丽|饱和|缤纷'],
  [{ saturation: 0.65, contrast: 0.92 }, 1, 'muted|desaturated?|faded|pastel|bleak|washed out', '褪色|低饱和|淡雅|柔和'],
  [{ brightness: 0.5, contrast: 1.1, warmth: -0.35, saturation: 0.8 }, 1, 'at night|night|night-?time|midnight|nocturnal', '夜晚|夜景|夜里|黑夜|深夜'],
  [{ brightness: 0.86, saturation: 0.6, warmth: -0.12 }, 1, 'rain|rainy|overcast|storm|stormy|foggy|fog|misty', '雨|阴天|雾|暴风'],
  [{ isInverted: true }, 1, 'invert(?:ed)?(?: colou?rs)?|negative film|photo negative', '反色|负片'],
]);

/** What the words ask to be done, in the order of their mention; denied things are not done. */
export const readOrders = (words: string): readonly Order[] => findValues(ORDER_WORDS, words);

/** How the words want light and colour to change; undefined: not at all. */
export function readTone(words: string): Tone | undefined {
  const found = findValues(TONE_WORDS, words);
  if (found.length === 0) return undefined;
  const product = (name: 'brightness' | 'contrast' | 'saturation'): number =>
    found.reduce((all, tone) => all * (tone[name] ?? 1), 1);
  const tint = found.find((tone) => tone.tint !== undefined)?.tint;
  return {
    brightness: Math.max(0.35, Math.min(1.6, product('brightness'))),
    contrast: product('contrast'),
    saturation: product('saturation'),
    warmth: Math.max(
      -0.7,
      Math.min(
        0.7,
        found.reduce((sum, tone) => sum + (tone.warmth ?? 0), 0),
      ),
    ),
    ...(tint !== undefined && { tint }),
    isInverted: found.some((tone) => tone.isInverted === true),
  };
}

// What follows such a word, up to the next clause, is to be seen in the picture.
const ADDED =
  /(?:\b(?:add|adds|adding|insert|include|(?:put|place)(?! (?:it|him|her|them|the|this)\b)|give|holding|wearing|juggling|next to|beside)\b|添加|加入|加上|增加|放上|放一|加(?=[一个只朵条些]))([^.;。；\n]{2,160})/giu;

/** The words about what is to be added; '' for nothing. */
export function readAdded(words: string): string {
  return [...words.matchAll(ADDED)].map(([, what]) => what ?? '').join('. ');
}
