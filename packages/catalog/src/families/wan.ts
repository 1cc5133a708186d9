import { at, family, inParts, perCall, perSecond, type Row, startingAt } from '../family.ts';
import { audio, oneOf, optional, say, videos } from '../params.ts';
import type { Constraint, MediaLimits } from '../types.ts';
import {
  aspectRatio,
  clipToChange,
  clipToExtend,
  FIVE_RATIOS,
  firstFrame,
  generateAudio,
  JPG_PNG,
  JPG_PNG_WEBP_BMP,
  lastFrame,
  MAX_SEED,
  MP4_MOV,
  negativePrompt,
  pictureToAnimate,
  prompt,
  promptRewriting,
  referenceImages,
  resolution,
  seconds,
  secondsFrom,
  seed,
  videoSize,
} from './shared.ts';
import { wanPictures } from './wan-pictures.ts';

// Limits and prices: 2.5 to 2.7 from the platform's public model registry, revision of 2026-05-07; the open weights (2.2)
// from the platform's parameter tables, read 2026-06-18.

const LOW = ['832*480', '480*832', '624*624'];
const MIDDLE = ['1280*720', '720*1280', '960*960', '1088*832', '832*1088'];
const HIGH = ['1920*1080', '1080*1920', '1440*1440', '1632*1248', '1248*1632'];
/** One price for every size of a tier. */
const priceOf = <T>(sizes: readonly string[], price: T): Readonly<Record<string, T>> =>
  Object.fromEntries(sizes.map((size) => [size, price]));

const anyNegative = optional(negativePrompt());
const not500 = optional(negativePrompt({ maxChars: 500 }));
const rewriting = optional(promptRewriting(true));
const anySeed = optional(seed({ min: 0, max: MAX_SEED }));
const soundtrack = (limits: MediaLimits) =>
  optional(
    audio(say('Speech or music that the video is made to fit.', '视频要配合的人声或音乐。'), {
      accept: ['mp3', 'wav'],
      ...limits,
    }),
  );

// 2.2 writes its sizes with a multiplication sign.
const SIZES22 = ['832×480', '480×832', '1280×720', '720×1280', '1920×1024', '1024×1920'];
const autoSize22 = oneOf(
  say(
    'Width and height of the video in pixels; auto follows the given picture.',
    '视频的宽与高（像素），auto 跟随所给图片。',
  ),
  [...SIZES22, 'auto'],
  { default: 'auto' },
);
const duration22 = seconds(['5', '8'], '5');
const prompt22 = prompt({ minChars: 1, maxChars: 20000 });
const price22 = startingAt(perSecond(0.07));

const wan22: readonly Row[] = [
  {
    id: 'rhart-video/wan-2.2/text-to-video',
    name: 'wan-2.2/text-to-video',
    task: 'text-to-video',
    en: 'Films a written scene, silent, with the open Wan 2.2 weights. The cheapest way to try a long prompt.',
    zh: '用 Wan 2.2 开源权重拍摄无声的文字场景，试验长提示词最省钱。',
    params: {
      prompt: prompt22,
      negativePrompt: anyNegative,
      duration: duration22,
      resolution: videoSize(SIZES22, '1280×720'),
    },
    price: price22,
    example: {
      prompt: 'Time-lapse: dew dries on a spider web as the sun climbs over the hedge.',
      resolution: '832×480',
    },
  },
  {
    id: 'rhart-video/wan-2.2/image-to-video',
    name: 'wan-2.2/image-to-video',
    task: 'image-to-video',
    en: 'Animates a picture, silent, with the open Wan 2.2 weights, in its own shape or one that you name.',
    zh: '用 Wan 2.2 开源权重让图片动起来（无声），画幅可跟随原图或自行指定。',
    params: {
      imageUrl: pictureToAnimate({ accept: JPG_PNG, maxMegabytes: 50 }),
      prompt: prompt22,
      negative_prompt: optional(negativePrompt({ minChars: 0, maxChars: 500 })),
      duration: duration22,
      resolution: autoSize22,
    },
    price: price22,
    example: {
      imageUrl: at('canal-in-fog.jpg'),
      prompt: 'A gondola slides out of the fog and passes under the bridge.',
      negative_prompt: 'blur, flicker',
      resolution: '480×832',
    },
  },
  {
    id: 'rhart-video/wan-2.2/start-to-end',
    name: 'wan-2.2-video/start-to-end',
    task: 'start-end-to-video',
    en: 'Fills the time between two pictures with the open Wan 2.2 weights. For cheap morphs and before-and-after clips.',
    zh: '用 Wan 2.2 开源权重补全首尾两图之间的画面，适合低成本的变形与前后对比短片。',
    params: {
      imageUrl: firstFrame({ accept: JPG_PNG, maxMegabytes: 10 }),
      lastImageUrl: lastFrame({ accept: JPG_PNG, maxMegabytes: 10 }),
      prompt: prompt(),
      negative_prompt: anyNegative,
      duration: duration22,
      resolution: autoSize22,
    },
    price: price22,
    example: {
      imageUrl: at('wall-bare.jpg'),
      lastImageUrl: at('wall-mural.jpg'),
      prompt: 'The mural paints itself, stroke by stroke, from left to right.',
      resolution: '832×480',
    },
  },
];

const everywhere25 = {
  prompt: prompt({ maxChars: 1500 }),
  negativePrompt: not500,
  audioUrl: soundtrack({ maxMegabytes: 15, minSeconds: 3, maxSeconds: 30 }),
  duration: seconds(['5', '10'], '5'),
  promptExtend: rewriting,
  seed: anySeed,
};

const wan25: readonly Row[] = [
  {
    id: 'alibaba/wan-2.5-preview/text-to-video',
    name: 'wan-2.5-preview/text-to-video',
    task: 'text-to-video',
    en: 'Films a written scene with Wan 2.5 and its own sound, or to a recording of yours. Thirteen exact sizes.',
    zh: '用 Wan 2.5 拍摄有声的文字场景，也可配合自备音频，共十三种尺寸可选。',
    params: { ...everywhere25, size: videoSize([...LOW, ...MIDDLE, ...HIGH], '1920*1080') },
    price: perSecond(['size'], { ...priceOf(LOW, 0.196), ...priceOf(MIDDLE, 0.391), ...priceOf(HIGH, 0.652) }),
    example: {
      prompt: 'A radio host leans into the microphone in a dim studio and speaks, the red lamp glowing behind her.',
      audioUrl: at('late-show-intro.mp3'),
      size: '624*624',
    },
  },
  {
    id: 'alibaba/wan-2.5-preview/image-to-video',
    name: 'wan-2.5-preview/image-to-video',
    task: 'image-to-video',
    en: 'Animates a picture with Wan 2.5, sound included; given speech, the person in the picture says it.',
    zh: '用 Wan 2.5 让图片动起来并带声音，给出语音时画中人物会开口说话。',
    params: {
      ...everywhere25,
      prompt: optional(everywhere25.prompt),
      imageUrl: pictureToAnimate({
        accept: JPG_PNG_WEBP_BMP,
        maxMegabytes: 10,
        minSidePx: 240,
        maxSidePx: 8000,
      }),
      resolution: resolution(['480p', '720p', '1080p'], '1080p'),
    },
    price: perSecond(['resolution'], { '480p': 0.196, '720p': 0.391, '1080p': 0.652 }),
    example: {
      imageUrl: at('museum-guide.png'),
      audioUrl: at('welcome-speech.wav'),
      prompt: 'The guide greets the visitors and points to the skeleton behind him.',
      resolution: '480p',
    },
  },
];

const shotType = oneOf(
  say('One unbroken shot, or several with cuts between them.', '单个连续镜头，或带切换的多个镜头。'),
  ['single', 'multi'],
  { default: 'single' },
);
const fiveTenFifteen = seconds(['5', '10', '15'], '5');
const HD = ['720p', '1080p'];
const byLength720 = { 5: 2.25, 10: 4.5, 15: 6.75 };
const byLength1080 = { 5: 3.75, 10: 7.5, 15: 11.25 };
const RESOLUTION_AND_LENGTH = ['resolution', 'duration'];
// The size stands in `resolution` here.
const MIDDLE26 = ['1280*720', '720*1280'];
const HIGH26 = ['1920*1080', '1080*1920'];
const picture26 = pictureToAnimate({ accept: JPG_PNG, maxMegabytes: 50 });
const references26 = {
  prompt: prompt(),
  negativePrompt: anyNegative,
  videoUrls: optional(
    videos(say('Clips of the people or things to show, with their voices.', '展示人物或物体及其声音的视频。'), {
      maxItems: 3,
      accept: MP4_MOV,
      maxMegabytes: 100,
    }),
  ),
  imageUrls: optional(referenceImages({ maxItems: 5, accept: JPG_PNG, maxMegabytes: 10 })),
  size: videoSize([...MIDDLE, ...HIGH], '1920*1080'),
  duration: secondsFrom(2, 10),
  shotType: optional(shotType),
};
const fiveReferences: readonly Constraint[] = [{ rule: 'max-total-items', params: ['imageUrls', 'videoUrls'], max: 5 }];

const wan26: readonly Row[] = [
  {
    id: 'alibaba/wan-2.6/text-to-video',
    task: 'text-to-video',
    en: 'Films a written story with Wan 2.6, up to 15 seconds, in one shot or cut into several, with sound.',
    zh: '用 Wan 2.6 拍摄文字故事，最长 15 秒，可一镜到底或多镜头叙事，自带声音。',
    params: {
      prompt: prompt({ maxChars: 5000 }),
      negativePrompt: anyNegative,
      duration: fiveTenFifteen,
      resolution: videoSize([...MIDDLE26, ...HIGH26], '1080*1920'),
      shotType,
    },
    price: perCall(RESOLUTION_AND_LENGTH, { ...priceOf(MIDDLE26, byLength720), ...priceOf(HIGH26, byLength1080) }),
    example: {
      prompt: 'A courier loses a letter to the wind, chases it over three roofs and catches it in a fountain.',
      resolution: '1280*720',
      shotType: 'multi',
    },
  },
  {
    id: 'alibaba/wan-2.6/image-to-video',
    task: 'image-to-video',
    en: 'Animates a picture with Wan 2.6, up to 15 seconds, with cuts to new angles if wanted.',
    zh: '用 Wan 2.6 让图片动起来，最长 15 秒，可切换到新的镜头角度。',
    params: {
      imageUrl: picture26,
      prompt: optional(prompt()),
      negativePrompt: anyNegative,
      resolution: resolution(HD, '1080p'),
      duration: fiveTenFifteen,
      shotType,
    },
    price: perCall(RESOLUTION_AND_LENGTH, { '720p': byLength720, '1080p': byLength1080 }),
    example: {
      imageUrl: at('chess-players.jpg'),
      prompt: 'The old man moves his queen; cut to the boy, who smiles.',
      resolution: '720p',
      shotType: 'multi',
    },
  },
  {
    id: 'alibaba/wan-2.6/image-to-video-flash',
    name: 'wan-2.6-image-to-video-flash',
    task: 'image-to-video',
    en: 'Animates a picture with the faster Wan 2.6 Flash, any whole number of seconds; silent clips cost half.',
    zh: '用更快的 Wan 2.6 Flash 让图片动起来，秒数可精确到整秒，无声半价。',
    params: {
      prompt: prompt(),
      negativePrompt: anyNegative,
      imageUrl: picture26,
      audioUrl: soundtrack({ maxMegabytes: 10 }),
      resolution: resolution(HD, '1080p'),
      duration: secondsFrom(2, 15),
      shotType,
      enablePromptExpansion: promptRewriting(false),
      enableAudio: generateAudio(true),
    },
    price: perSecond(['resolution', 'enableAudio'], {
      '720p': { false: 0.11, true: 0.23 },
      '1080p': { false: 0.19, true: 0.38 },
    }),
    example: {
      imageUrl: at('espresso-cup.png'),
      prompt: 'Cream spirals into the coffee, seen from above.',
      resolution: '720p',
      duration: '2',
      enableAudio: false,
    },
  },
  {
    id: 'alibaba/wan-2.6/reference-to-video',
    name: 'wan-2.6-reference-to-video',
    task: 'reference-to-video',
    en: 'Casts the people or things of up to five clips and pictures in a new Wan 2.6 scene, looks and voices kept.',
    zh: '让最多五个视频与图片中的人或物出演新的 Wan 2.6 场景，保持形象与声音。',
    params: references26,
    rules: fiveReferences,
    price: perSecond(['size'], { ...priceOf(MIDDLE, 0.45), ...priceOf(HIGH, 0.75) }),
    example: {
      prompt: 'The juggler of the clip performs on the deck of the ship in the picture while gulls circle.',
      videoUrls: [at('juggler.mp4')],
      imageUrls: [at('sailing-ship.jpg')],
      size: '1280*720',
      duration: '3',
    },
  },
  {
    id: 'alibaba/wan-2.6/reference-to-video-flash',
    name: 'wan-2.6-reference-to-video-flash',
    task: 'reference-to-video',
    en: 'Casts people or things in a new scene with Wan 2.6 Flash: half the price, a quarter without sound. For rehearsals.',
    zh: '用 Wan 2.6 Flash 让参考人物或物体出演新场景，约半价，无声约四分之一价，适合预演。',
    params: { ...references26, audio: generateAudio(true) },
    rules: fiveReferences,
    price: perSecond(['audio', 'size'], {
      false: { ...priceOf(MIDDLE, 0.11), ...priceOf(HIGH, 0.18) },
      true: { ...priceOf(MIDDLE, 0.23), ...priceOf(HIGH, 0.38) },
    }),
    example: {
      prompt: 'The ginger cat tiptoes along the piano keys and stops at the last one.',
      imageUrls: [at('ginger-cat.png'), at('grand-piano.jpg')],
      size: '960*960',
      duration: '2',
      audio: false,
    },
  },
];

const HD_CAPITAL = ['720P', '1080P'];
const everywhere27 = {
  prompt: prompt({ minChars: 1, maxChars: 5000 }),
  negativePrompt: not500,
  audioUrl: soundtrack({ maxMegabytes: 15 }),
  promptExtend: rewriting,
  seed: anySeed,
};
const wordless27 = { ...everywhere27, prompt: optional(everywhere27.prompt) };
const lines27 = (standard: string) => ({ ...resolution(HD_CAPITAL, standard), ignoreCase: true });
const ratio27 = aspectRatio(FIVE_RATIOS, '16:9');
const upTo15 = secondsFrom(2, 15);
const picture27 = { accept: JPG_PNG_WEBP_BMP, maxMegabytes: 20 };
const clip27 = { accept: MP4_MOV, maxMegabytes: 100 };
const price27 = perSecond(['resolution'], { '720P': 0.51, '1080P': 0.85 });

const wan27: readonly Row[] = [
  {
    id: 'alibaba/wan-2.7/text-to-video',
    name: 'wan-2.7/text-to-video',
    altNames: ['alibaba/wan-2.7/text-to-video'],
    task: 'text-to-video',
    en: 'Films a written scene with Wan 2.7, two to 15 seconds in five shapes, with sound or to a recording of yours.',
    zh: '用 Wan 2.7 拍摄文字场景，2 至 15 秒、五种画幅，自带声音或配合自备音频。',
    params: { ...everywhere27, duration: upTo15, resolution: lines27('720P'), aspectRatio: ratio27 },
    price: price27,
    example: {
      prompt: 'A market stall at dawn: the fishmonger shouts her prices, ice crunches, a gull steals a herring.',
      duration: '3',
      aspectRatio: '4:3',
    },
  },
  {
    id: 'alibaba/wan-2.7/image-to-video',
    name: 'wan-2.7/image-to-video',
    formerIds: ['alibaba/wan-2.7/image/image-to-video'],
    task: 'image-to-video',
    en: 'Animates a first picture with Wan 2.7, with a last picture and a recording to move to if wanted.',
    zh: '用 Wan 2.7 从首帧图片生成视频，可另给尾帧与要配合的音频。',
    params: {
      ...wordless27,
      firstImageUrl: firstFrame(picture27),
      lastImageUrl: optional(lastFrame(picture27)),
      resolution: lines27('720P'),
      duration: upTo15,
    },
    rules: [{ rule: 'optional-pair', params: ['firstImageUrl', 'lastImageUrl'] }],
    price: price27,
    example: {
      firstImageUrl: at('sunflower-bud.webp'),
      lastImageUrl: at('sunflower-open.webp'),
      prompt: 'The bud opens and turns toward the sun.',
      duration: '2',
    },
  },
  {
    id: 'alibaba/wan-2.7/reference-to-video',
    name: 'wan-2.7-reference-to-video',
    task: 'reference-to-video',
    en: 'Casts people or things from up to five clips and five pictures in a Wan 2.7 scene. For ensemble pieces.',
    zh: '让最多五段视频与五张图片中的人或物出演 Wan 2.7 场景，适合群像戏。',
    params: {
      ...everywhere27,
      videoUrls: optional({ ...references26.videoUrls, ...clip27, maxItems: 5 }),
      imageUrls: optional(referenceImages({ ...picture27, maxItems: 5 })),
      resolution: lines27('1080P'),
      duration: secondsFrom(2, 10),
      aspectRatio: ratio27,
    },
    price: inParts({ unit: 'call', yuan: 0.001, from: true }, { unit: 'reference-video-second' }),
    example: {
      prompt: 'The baker from the clip hands the robot from the picture a warm pretzel across the counter.',
      videoUrls: [at('baker.mov')],
      imageUrls: [at('brass-robot.jpg')],
      resolution: '720P',
      duration: '2',
    },
  },
  {
    id: 'alibaba/wan-2.7/video-edit',
    name: 'wan-2.7/video-edit',
    task: 'video-edit',
    en: 'Changes a clip of up to ten seconds with Wan 2.7 toward one to three pictures: new clothes, objects or style.',
    zh: '用 Wan 2.7 参照一至三张图片修改十秒以内的视频，可更换服装、物品或风格。',
    params: {
      prompt: prompt({ maxChars: 5000 }),
      videoUrl: optional(clipToChange({ ...clip27, minSeconds: 2, maxSeconds: 10 })),
      imageUrls: referenceImages({ ...picture27, minItems: 1, maxItems: 3 }),
      negativePrompt: not500,
      resolution: resolution(HD_CAPITAL, '720P'),
      duration: oneOf(
        say('Length of the video in seconds; 0 is as long as the clip.', '视频时长（秒），0 表示与原视频等长。'),
        ['0', ...secondsFrom(2, 10).values],
        { default: '0', specialValues: { 0: 'keep-input-length' } },
      ),
      aspectRatio: ratio27,
      promptExtend: rewriting,
      seed: anySeed,
    },
    // The price list has no figures here yet, and names 15 seconds, which the endpoint does not offer.
    price: perCall(['duration', 'resolution'], {
      5: { '720P': 0, '1080P': 0 },
      10: { '720P': 0, '1080P': 0 },
      15: { '720P': 0, '1080P': 0 },
    }),
    example: {
      videoUrl: at('cyclist.mp4'),
      imageUrls: [at('penny-farthing.jpg')],
      prompt: 'Replace the bicycle with the penny-farthing of the picture.',
      duration: '5',
    },
  },
  {
    id: 'alibaba/wan-2.7/video-extend',
    name: 'wan-2.7/video-extend',
    formerIds: ['alibaba/wan-2.7/video/image-to-video'],
    task: 'video-extend',
    en: 'Goes on where a clip ends, with Wan 2.7, to a length of up to 15 seconds in all.',
    zh: '用 Wan 2.7 从片尾继续拍下去，总长最多 15 秒。',
    params: {
      ...wordless27,
      videoUrl: clipToExtend(clip27),
      resolution: lines27('1080P'),
      duration: upTo15,
    },
    price: price27,
    example: {
      videoUrl: at('paper-plane.mp4'),
      prompt: 'The paper plane glides out of the window and over the schoolyard.',
      resolution: '720P',
      duration: '4',
    },
  },
];

const alibaba = { family: 'wan', vendor: 'alibaba' } as const;
export const wan = [
  ...family({ ...alibaba, pricesAsOf: '2026-06-18' }, wan22),
  ...family({ ...alibaba, pricesAsOf: '2026-04-29' }, [...wan25, ...wan26, ...wan27]),
  ...wanPictures,
];
