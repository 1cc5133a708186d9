import { at, family, perCall, perSecond, type Row, startingAt } from '../family.ts';
import { flag, oneOf, optional, say } from '../params.ts';
import type { Constraint } from '../types.ts';
import {
  aspectRatio,
  clipToExtend,
  FIVE_RATIOS,
  firstFrame,
  generateAudio,
  generateAudioWord,
  JPG_PNG_WEBP,
  lastFrame,
  MAX_SEED,
  negativePrompt,
  pictureToAnimate,
  prompt,
  resolution,
  seconds,
  seed,
  videoStyle,
  wholeSeconds,
} from './shared.ts';

// Limits and prices: the platform's public model registry, revision of 2026-05-07.

const prompt2048 = prompt({ maxChars: 2048 });
const not2048 = optional(negativePrompt({ maxChars: 2048 }));
const SIZES = ['360p', '540p', '720p', '1080p'];
const small = resolution(SIZES, '540p');
const large = resolution(SIZES, '720p');
const thinkingType = optional(
  oneOf(
    say(
      'Whether the model thinks the prompt over first; auto leaves it to the model.',
      '是否先对提示词进行推理增强，auto 由模型决定。',
    ),
    ['auto', 'enabled', 'disabled'],
    { default: 'auto' },
  ),
);
const CUTS = say('Whether the video is cut from several shots.', '是否由多个镜头剪辑而成。');

// 5.5 and 5.6: 5, 8 or 10 seconds, priced by the clip; switches are words.
const upTo10MB = { accept: ['jpg', 'jpeg', 'png'], maxMegabytes: 10 };
const upTo20MB = { ...upTo10MB, maxMegabytes: 20 };
const duration = seconds(['5', '8', '10'], '5');
const square = optional(aspectRatio(FIVE_RATIOS, '1:1'));
const guided = { thinkingType, negativePrompt: not2048 };
const sounding = { ...guided, generateAudioSwitch: generateAudioWord('false') };
const v55 = {
  ...sounding,
  resolution: small,
  duration,
  generateMultiClipSwitch: oneOf(CUTS, ['true', 'false'], { default: 'false' }),
};
const v56 = { ...sounding, resolution: optional(small), duration: optional(duration) };
const notBoth: readonly Constraint[] = [{ rule: 'forbidden', when: { resolution: '1080p', duration: '10' } }];

const price55Plain = perCall(['resolution', 'duration'], {
  '360p': { 5: 3.1, 8: 6.2, 10: 6.8 },
  '540p': { 5: 3.1, 8: 6.2, 10: 6.8 },
  '720p': { 5: 4.1, 8: 8.3, 10: 9.1 },
  '1080p': { 5: 8.3, 8: 16.6 },
});
/** Of one shot and of several, then the same with sound. */
const four = (plain: number, cut: number, sound: number, both: number) => ({
  false: { false: plain, true: cut },
  true: { false: sound, true: both },
});
const low55 = { 5: four(3.1, 5.2, 3.8, 5.9), 8: four(6.2, 8.3, 6.9, 9), 10: four(6.8, 8.9, 7.5, 9.6) };
const price55 = perCall(['resolution', 'duration', 'generateAudioSwitch', 'generateMultiClipSwitch'], {
  '360p': low55,
  '540p': low55,
  '720p': { 5: four(4.1, 6.2, 4.8, 6.9), 8: four(8.3, 10.4, 9, 11.1), 10: four(9.1, 11.2, 9.8, 11.9) },
  '1080p': { 5: four(6.6, 8.3, 7.2, 8.8), 8: four(16.6, 18.7, 17.3, 19.4) },
});
const two = (silent: number, sound: number) => ({ false: silent, true: sound });
const low56 = { 5: two(2.3, 5.18), 8: two(4.54, 7.49), 10: two(4.97, 7.92) };
const price56 = perCall(['resolution', 'duration', 'generateAudioSwitch'], {
  '360p': low56,
  '540p': low56,
  '720p': { 5: two(2.95, 5.18), 8: two(5.83, 8.78), 10: two(6.41, 9.36) },
  '1080p': { 5: two(4.9, 9.72), 8: two(9.72, 12.67) },
});

const five: readonly Row[] = [
  {
    id: 'pixverse-v5.5/text-to-video',
    task: 'text-to-video',
    en: 'Films a written scene with PixVerse 5.5, which can cut several shots and add voices by itself.',
    zh: '用 PixVerse 5.5 拍摄文字场景，可自动剪成多镜头并配上人声。',
    params: { prompt: prompt2048, ...v55, aspectRatio: square },
    rules: notBoth,
    price: price55,
    example: {
      prompt: 'A referee blows the whistle; goalkeeper’s gloves, striker’s boots, the ball in the net.',
      resolution: '360p',
      aspectRatio: '16:9',
      generateMultiClipSwitch: 'true',
    },
  },
  {
    id: 'pixverse-v5.5/image-to-video',
    task: 'image-to-video',
    en: 'Animates a picture with PixVerse 5.5, in one shot or in several that it invents around the picture.',
    zh: '用 PixVerse 5.5 让图片动起来，可为单镜头，也可围绕图片自动扩展多镜头。',
    params: { prompt: prompt2048, imageUrl: pictureToAnimate(upTo10MB), ...v55 },
    price: price55,
    example: {
      prompt: 'The subway doors open and the whole carriage starts to dance.',
      imageUrl: at('subway-carriage.jpg'),
      resolution: '360p',
    },
  },
  {
    id: 'pixverse-v5.5-transition',
    task: 'start-end-to-video',
    en: 'Morphs one picture into another with PixVerse 5.5. For reveals, changes of costume and title sequences.',
    zh: '用 PixVerse 5.5 把一张图变成另一张图，适合揭晓、换装与片头。',
    params: {
      prompt: prompt2048,
      imageUrl: firstFrame(upTo20MB),
      endImageUrl: lastFrame(upTo20MB),
      aspectRatio: optional(aspectRatio(FIVE_RATIOS, '16:9')),
      duration,
      resolution: small,
      ...guided,
    },
    price: price55Plain,
    example: {
      prompt: 'The bride’s dress unravels into white doves that settle as the opera house.',
      imageUrl: at('wedding-dress.jpg'),
      endImageUrl: at('opera-house.jpg'),
      resolution: '360p',
    },
  },
  {
    id: 'pixverse-v5.5-effects',
    task: 'video-effect',
    en: 'Plays a ready-made effect on a portrait, no prompt needed: muscles, wings, zombies, a figurine and more.',
    zh: '为人像套用现成特效，无需提示词：肌肉暴涨、天使之翼、丧尸、手办等。',
    params: {
      imageUrl: pictureToAnimate(upTo10MB),
      effect: oneOf(
        say('What happens to the one in the picture.', '施加在图中人物身上的特效。'),
        [
          ...['Kiss Me AI', 'Muscle Surge', 'Anything', 'Robot', 'The Tiger Touch', 'Holy Wings', 'Hulk', 'Venom'],
          ...['Microwave', 'Hug', 'Kiss', '3D Figurine Factor', 'Baby Face', 'Bald Swipe', 'Black Myth: Wukong'],
          ...['BOOM DROP', 'Squid Game', 'Zombie Mode'],
        ],
        { default: 'Kiss Me AI' },
      ),
      resolution: small,
      duration,
      ...guided,
    },
    rules: notBoth,
    price: price55Plain,
    example: { imageUrl: at('office-portrait.jpg'), effect: '3D Figurine Factor', resolution: '360p' },
  },
  {
    id: 'pixverse-v5.6/text-to-video',
    task: 'text-to-video',
    en: 'Films a written scene with PixVerse 5.6: clearer picture and truer lip movement than 5.5, with sound on request.',
    zh: '用 PixVerse 5.6 拍摄文字场景，画面与口型优于 5.5，可选声音。',
    params: { prompt: prompt2048, ...v56, aspectRatio: square },
    rules: notBoth,
    price: price56,
    example: {
      prompt: 'Two old men on a park bench argue over a crossword; a pigeon steals the pencil.',
      resolution: '360p',
      generateAudioSwitch: 'true',
    },
  },
  {
    id: 'pixverse-v5.6/image-to-video',
    task: 'image-to-video',
    en: 'Animates a picture with PixVerse 5.6 and can give it sound. For drawn figures, which keep their lines.',
    zh: '用 PixVerse 5.6 让图片动起来，可选声音，手绘角色的线条保持稳定。',
    params: { prompt: prompt2048, imageUrl: pictureToAnimate(upTo10MB), ...v56 },
    rules: notBoth,
    price: price56,
    example: {
      prompt: 'The manga heroine draws her umbrella like a sword; petals scatter.',
      imageUrl: at('manga-heroine.png'),
      resolution: '360p',
      negativePrompt: 'extra fingers',
    },
  },
];

// 6 and C1: any length up to 15 seconds, priced by the second.
const webp10MB = { accept: JPG_PNG_WEBP, maxMegabytes: 10 };
const RATIOS = [...FIVE_RATIOS, '2:3', '3:2', '21:9'];
const wide = optional(aspectRatio(RATIOS, '16:9'));
const oneToOne = optional(aspectRatio(RATIOS, '1:1'));
const everywhere = { duration: wholeSeconds(1, 15), generateAudioSwitch: generateAudio(true) };
const ends = { firstImageUrl: firstFrame(webp10MB), endImageUrl: optional(lastFrame(webp10MB)) };
const style = optional(videoStyle(['anime', '3d_animation', 'clay', 'comic', 'cyberpunk']));
const anySeed = optional(seed({ min: -1, max: MAX_SEED }));
const SIZE_AND_SOUND = ['resolution', 'generateAudioSwitch'];
const price6 = perSecond(SIZE_AND_SOUND, {
  '360p': two(0.158, 0.221),
  '540p': two(0.221, 0.284),
  '720p': two(0.284, 0.378),
  '1080p': two(0.567, 0.725),
});
const priceC1 = perSecond(SIZE_AND_SOUND, {
  '360p': two(0.189, 0.252),
  '540p': two(0.252, 0.315),
  '720p': two(0.315, 0.41),
  '1080p': two(0.599, 0.756),
});

const six: readonly Row[] = [
  {
    id: 'pixverse-v6/text-to-video',
    task: 'text-to-video',
    en: 'Films a written scene with PixVerse 6, 1 to 15 seconds in eight shapes, with sound. Follows camera directions well.',
    zh: '用 PixVerse 6 拍摄文字场景，1–15 秒、八种画幅、带声音，善于执行运镜指令。',
    params: { prompt: prompt2048, ...everywhere, resolution: large, aspectRatio: wide },
    price: price6,
    example: {
      prompt: 'Crash zoom on a goldfish in a blender jar; it blinks, a hand unplugs the cord.',
      resolution: '360p',
      duration: 3,
    },
  },
  {
    id: 'pixverse-v6/image-to-video',
    task: 'image-to-video',
    en: 'Animates a picture with PixVerse 6, with sound, as briefly as one second. For moving posters and covers.',
    zh: '用 PixVerse 6 让图片动起来并配声音，最短 1 秒，适合动态海报与封面。',
    params: { prompt: prompt2048, imageUrl: pictureToAnimate(webp10MB), ...everywhere, resolution: large },
    price: price6,
    example: {
      prompt: 'The neon sign flickers on and rain begins to streak the window.',
      imageUrl: at('diner-poster.webp'),
      resolution: '360p',
      duration: 2,
    },
  },
  {
    id: 'pixverse-v6/transition',
    task: 'start-end-to-video',
    en: 'Moves from a first picture to a last one with PixVerse 6, in a drawn style and with cuts if you like.',
    zh: '用 PixVerse 6 从首图过渡到尾图，可选画风与多镜头剪辑。',
    params: {
      prompt: prompt2048,
      ...ends,
      ...everywhere,
      generateAudioSwitch: generateAudio(false),
      generateMultiClipSwitch: flag(CUTS, { default: false }),
      resolution: large,
      aspectRatio: oneToOne,
      style,
      negativePrompt: not2048,
      seed: anySeed,
      thinkingType,
    },
    price: price6,
    example: {
      prompt: 'The sketch on the napkin grows into the city it shows.',
      firstImageUrl: at('napkin-sketch.jpg'),
      endImageUrl: at('skyline.webp'),
      resolution: '360p',
      duration: 3,
      style: 'clay',
      seed: 77,
    },
  },
  {
    id: 'pixverse-v6/extend',
    task: 'video-extend',
    output: 'string',
    en: 'Goes on where a clip ends, with PixVerse 6, and answers the id of the new video. For scenes grown step by step.',
    zh: '用 PixVerse 6 从片尾继续拍摄并返回新视频的编号，适合逐段延长的场景。',
    params: {
      prompt: prompt2048,
      videoUrl: clipToExtend({ accept: ['mp4', 'mov', 'webm'], maxMegabytes: 100 }),
      ...everywhere,
      resolution: large,
      negativePrompt: not2048,
      style,
      seed: anySeed,
    },
    price: price6,
    example: {
      prompt: 'The rollercoaster crests the hill and drops towards the sea.',
      videoUrl: at('rollercoaster.mp4'),
      resolution: '360p',
      duration: 2,
    },
  },
];

const c1: readonly Row[] = [
  {
    id: 'pixverse-c1/text-to-video',
    altNames: ['/pixverse-c1/text-to-video'],
    task: 'text-to-video',
    en: 'Films a written scene with PixVerse C1, the model for cinema: fights, explosions, spells, heavy camera work.',
    zh: '用面向影视的 PixVerse C1 拍摄文字场景：打斗、爆炸、法术与大幅运镜。',
    params: { prompt: prompt2048, ...everywhere, resolution: small, aspectRatio: wide },
    price: priceC1,
    example: {
      prompt: 'Two swordswomen clash on a burning bridge, sparks in slow motion, camera spirals upwards.',
      resolution: '360p',
      duration: 4,
      aspectRatio: '21:9',
    },
  },
  {
    id: 'pixverse-c1/image-to-video',
    altNames: ['/pixverse-c1/image-to-video'],
    task: 'image-to-video',
    en: 'Animates a film still or a concept drawing with PixVerse C1. The prompt may be left out.',
    zh: '用 PixVerse C1 让剧照或概念图动起来，提示词可省略。',
    params: {
      prompt: optional(prompt2048),
      imageUrl: pictureToAnimate(webp10MB),
      ...everywhere,
      resolution: large,
    },
    price: priceC1,
    example: { imageUrl: at('dragon-concept-art.png'), resolution: '360p', duration: 3 },
  },
  {
    id: 'pixverse-c1/transition',
    altNames: ['/pixverse-c1/transition'],
    task: 'start-end-to-video',
    en: 'Moves from a first picture to a last one with PixVerse C1. For effects shots of which both ends are designed.',
    zh: '用 PixVerse C1 从首图过渡到尾图，适合两端画面都已定稿的特效镜头。',
    params: { prompt: prompt2048, ...ends, ...everywhere, resolution: large, aspectRatio: oneToOne },
    price: perSecond(SIZE_AND_SOUND, {
      '360p': two(0.63, 1.26),
      '540p': two(0.63, 1.26),
      '720p': two(1.26, 1.89),
      '1080p': two(2.52, 3.15),
    }),
    example: {
      prompt: 'The statue cracks; light bursts from within and the angel steps out.',
      firstImageUrl: at('stone-statue.jpg'),
      endImageUrl: at('angel-of-light.jpg'),
      resolution: '360p',
      duration: 3,
      aspectRatio: '16:9',
    },
  },
  {
    id: 'pixverse-c1/reference-to-video',
    altNames: ['/pixverse-c1/reference-to-video'],
    task: 'reference-to-video',
    en: 'The reference mode of PixVerse C1: the prompt describes who appears, a fixed seed repeats a shot.',
    zh: 'PixVerse C1 的参考模式：由提示词描述出场角色，固定种子可复现镜头。',
    params: { prompt: prompt(), aspectRatio: oneToOne, ...everywhere, resolution: large, seed: anySeed },
    price: startingAt(perSecond(['resolution'], { '360p': 0.63, '540p': 0.63, '720p': 1.26, '1080p': 2.52 })),
    example: {
      prompt: 'A knight in moss-green armour and a white wolf keep watch on a snowy rampart.',
      aspectRatio: '16:9',
      resolution: '360p',
      duration: 3,
      seed: 1204,
    },
  },
];

export const pixverse = family({ family: 'pixverse', vendor: 'pixverse', pricesAsOf: '2026-04-29' }, [
  ...five,
  ...six,
  ...c1,
]);
