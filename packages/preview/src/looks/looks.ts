import { createBricks, createBrush, createKnit, createPixelArt } from './built.ts';
import { createDrawn, type DrawnStyle, type Look } from './drawn.ts';

const DRAWN = {
  anime: {
    soften: 2.6,
    levels: 6,
    saturation: 1.45,
    lift: 1.12,
    shadow: [44, 40, 96],
    light: [255, 246, 226],
    tint: 0.16,
    line: { from: 22, gain: 0.03, colour: [34, 26, 48] },
  },
  comic: {
    side: 540,
    soften: 2.4,
    levels: 4,
    saturation: 1.5,
    lift: 1.15,
    line: { from: 18, gain: 0.05, colour: [8, 8, 14] },
    texture: { kind: 'dots', alpha: 0.32 },
  },
  clay: { soften: 3.4, levels: 9, saturation: 1.4, lift: 1.1, relief: 1.3, texture: { kind: 'thumb', alpha: 0.3 } },
  toy: { soften: 3.4, levels: 0, saturation: 1.35, lift: 1.14, relief: 0.7, light: [255, 240, 220], tint: 0.08 },
  neon: {
    soften: 1.6,
    levels: 7,
    saturation: 1.5,
    lift: 0.82,
    shadow: [18, 6, 62],
    light: [120, 255, 250],
    tint: 0.4,
    line: { from: 20, gain: 0.03, colour: [255, 40, 190] },
    texture: { kind: 'scan', alpha: 0.45 },
  },
  cartoon: {
    side: 540,
    soften: 3.2,
    levels: 4,
    saturation: 1.75,
    lift: 1.16,
    warm: [254, 217, 15],
    line: { from: 17, gain: 0.06, colour: [10, 8, 8] },
  },
  village: {
    soften: 5.5,
    levels: 6,
    saturation: 1.55,
    lift: 1.2,
    shadow: [52, 92, 74],
    light: [255, 250, 222],
    tint: 0.26,
    relief: 0.5,
  },
  cutPaper: { soften: 4, levels: 5, saturation: 1.2, lift: 1.12, sheets: 4, texture: { kind: 'paper', alpha: 0.55 } },
  ink: {
    side: 540,
    soften: 3,
    levels: 4,
    saturation: 0,
    lift: 1.3,
    shadow: [24, 24, 30],
    light: [247, 241, 226],
    tint: 0.7,
    line: { from: 14, gain: 0.06, colour: [12, 12, 16] },
    texture: { kind: 'paper', alpha: 0.5 },
  },
  watercolour: {
    soften: 4.5,
    levels: 6,
    saturation: 1.15,
    lift: 1.32,
    light: [255, 252, 242],
    shadow: [70, 84, 120],
    tint: 0.24,
    line: { from: 20, gain: 0.012, colour: [70, 80, 110] },
    texture: { kind: 'paper', alpha: 0.8 },
  },
} as const satisfies Record<string, DrawnStyle>;

const BUILT = { pixel: createPixelArt, bricks: createBricks, yarn: createKnit, brush: createBrush } as const;

export type LookName = keyof typeof DRAWN | keyof typeof BUILT;

/** Prepares a look. What it makes may be used for one clip, frame after frame.
 *  @param fineness how many times finer than a frame's the lines of a drawn look are. */
export function createLook(name: LookName, fineness = 1): Look {
  return name in BUILT ? BUILT[name as keyof typeof BUILT]() : createDrawn(DRAWN[name as keyof typeof DRAWN], fineness);
}

/** What rows call the looks: `styleName` of Skyreels, `style` of PixVerse and Vidu. `general` is none. */
const BY_STYLE: Readonly<Record<string, LookName>> = {
  simpsons: 'cartoon',
  lego: 'bricks',
  paper_cutting: 'cutPaper',
  amigurumi: 'yarn',
  animal_crossing: 'village',
  van_gogh: 'brush',
  pixel_art: 'pixel',
  anime: 'anime',
  '3d_animation': 'toy',
  clay: 'clay',
  comic: 'comic',
  cyberpunk: 'neon',
};

/** Words that ask for a look, the more particular first. */
const BY_WORDS: readonly (readonly [RegExp, LookName])[] = [
  [/pixel[- ]?art|8-?bit|16-?bit|像素/i, 'pixel'],
  [/\blego\b|toy bricks?|brick film|乐高|积木/i, 'bricks'],
  [/amigurumi|crochet|knitted|yarn|钩针|毛线/i, 'yarn'],
  [/paper[- ]?cut(?:ting|out)?|cut[- ]?paper|origami|剪纸/i, 'cutPaper'],
  [/van gogh|oil painting|impressionis[tm]|梵高|油画/i, 'brush'],
  [/watercolou?r|aquarelle|水彩/i, 'watercolour'],
  [/ink[- ](?:wash|painting|drawing)|sumi-?e|pencil sketch|line art|水墨|素描/i, 'ink'],
  [/claymation|clay\b|plasticine|stop[- ]motion|黏土|粘土/i, 'clay'],
  [/comic(?: book)?|graphic novel|漫画书|美漫/i, 'comic'],
  [/anime|manga|ghibli|动漫|动画风|日漫|吉卜力/i, 'anime'],
  [/cyberpunk|vaporwave|赛博朋克/i, 'neon'],
  [/cartoon|simpsons|卡通/i, 'cartoon'],
  [/pixar|3d animat(?:ion|ed)|3d动画/i, 'toy'],
];

/** The look a parameter names; undefined for `general` and unknown words. */
export const lookOfStyle = (style: string): LookName | undefined => BY_STYLE[style];

/** The look that words ask for. */
export const lookOfWords = (words: string): LookName | undefined => BY_WORDS.find(([word]) => word.test(words))?.[1];
