import { at, family, perCall, type Row } from '../family.ts';
import { object, objects, oneOf, optional, say } from '../params.ts';
import type { Constraint } from '../types.ts';
import {
  aspectRatio,
  clipToChange,
  clipToExtend,
  FIVE_RATIOS,
  firstFrame,
  generateAudio,
  prompt,
  promptRewriting,
  referenceImages,
  resolution,
  wholeSeconds,
} from './shared.ts';

// Limits and prices: the platform's public model registry, revision of 2026-05-07; references of `omni-reference`: the
// platform's parameter tables, read 2026-06-18.

const picture = { accept: ['jpg', 'jpeg', 'png', 'gif', 'bmp'], maxMegabytes: 10 };
const clip = { accept: ['mp4'], maxMegabytes: 100 };
const prompt2048 = prompt({ maxChars: 2048 });
const ratio = optional(aspectRatio(FIVE_RATIOS, '16:9'));
const length = (min: number, max: number) => optional(wholeSeconds(min, max));
const eachCall = perCall(0.01);

const third: readonly Row[] = [
  {
    id: 'skyreels-v3/reference-to-video',
    task: 'reference-to-video',
    en: 'Puts the people and things of one to four pictures into one short scene with SkyReels 3, for next to nothing.',
    zh: '用 SkyReels 3 把一至四张图片里的人与物放进同一短镜头，价格极低。',
    params: {
      prompt: prompt2048,
      imageUrls: referenceImages({ minItems: 1, maxItems: 4, ...picture }),
      duration: length(1, 5),
      aspectRatio: ratio,
    },
    price: eachCall,
    example: {
      prompt: 'The baker hands the loaf across the counter to the girl in the red coat.',
      imageUrls: [at('baker.jpg'), at('rye-loaf.png'), at('girl-in-red-coat.jpg')],
      duration: 2,
    },
  },
  {
    id: 'skyreels-v3/single-shot-video-extension',
    task: 'video-extend',
    en: 'Lets a clip run on in the same take with SkyReels 3, by 5 to 30 seconds. For long camera moves.',
    zh: '用 SkyReels 3 在同一镜头内续写视频 5–30 秒，适合长运镜。',
    params: { prompt: prompt(), videoUrl: clipToExtend(clip), duration: length(5, 30) },
    price: eachCall,
    example: {
      prompt: 'The drone keeps flying up the valley until the glacier fills the frame.',
      videoUrl: at('valley-flight.mp4'),
      duration: 5,
    },
  },
  {
    id: 'skyreels-v3/shot-switching-video-extension',
    task: 'video-extend',
    en: 'Follows a clip with a new shot after a cut of your choice: closer, wider, reversed or elsewhere.',
    zh: '在视频之后按所选剪辑方式接一个新镜头：推近、拉远、正反打或切走。',
    params: {
      prompt: prompt2048,
      videoUrl: clipToExtend(clip),
      duration: length(2, 5),
      cutType: optional(
        oneOf(
          say('How the new shot is joined; Auto leaves it to the model.', '新镜头的衔接方式，Auto 由模型决定。'),
          ['Auto', 'Cut-In', 'Cut-Out', 'Shot/Reverse Shot', 'Multi-Angle', 'Cut Away'],
          { default: 'Auto' },
        ),
      ),
    },
    price: eachCall,
    example: {
      prompt: 'Close on the dealer’s fingers as she turns over the last card.',
      videoUrl: at('poker-table.mp4'),
      duration: 2,
      cutType: 'Cut-In',
    },
  },
  {
    id: 'skyreels-v3/video-restyling',
    task: 'video-restyle',
    en: 'Redraws a clip of up to 30 seconds as bricks, wool, paper, pixels, paint or a cartoon; the action stays.',
    zh: '把 30 秒以内的视频重绘成积木、钩织、剪纸、像素、油画或卡通，动作不变。',
    params: {
      videoUrl: clipToChange({ ...clip, maxSeconds: 30 }),
      styleName: oneOf(say('What the clip is redrawn as.', '重绘的目标风格。'), [
        ...['simpsons', 'lego', 'paper_cutting', 'amigurumi', 'animal_crossing', 'van_gogh', 'pixel_art'],
      ]),
    },
    price: eachCall,
    example: { videoUrl: at('birthday-party.mp4'), styleName: 'amigurumi' },
  },
];

const SIZES = ['480p', '720p', '1080p'];
const fine = resolution(SIZES, '1080p');
const shot = { prompt: prompt2048, duration: length(3, 15) };
const plain = { ...shot, promptOptimizer: promptRewriting(true), resolution: fine };
const standard = { ...plain, sound: generateAudio(true) };
const firstImageUrl = firstFrame(picture);
/** Rows of before 2026-04-30, when each became a standard and a fast one. */
const before = {
  ...shot,
  sound: generateAudio(false),
  mode: optional(oneOf(say('Which mode of the model works.', '模型运行模式。'), ['std'], { default: 'std' })),
};

const REFERENCE = ['type', 'tag', 'url'];
const omniRules: readonly Constraint[] = [
  { rule: 'at-least-one-of', params: ['refImages', 'refVideos'] },
  { rule: 'ignored', whenPresent: ['refVideos'], params: ['aspectRatio', 'duration'] },
];

const fourth: readonly Row[] = [
  {
    id: 'skyreels-v4/text-to-video-std',
    task: 'text-to-video',
    en: 'Films a written scene with SkyReels 4, picture and sound made as one, 3 to 15 seconds up to 1080p.',
    zh: '用 SkyReels 4 拍摄文字场景，音画一体生成，3–15 秒，最高 1080p。',
    params: { ...standard, aspectRatio: ratio },
    example: {
      prompt: 'A blacksmith hammers a glowing horseshoe; each blow rings, sparks skitter over the floor.',
      duration: 3,
      resolution: '480p',
    },
  },
  {
    id: 'skyreels-v4/text-to-video-fast',
    task: 'text-to-video',
    en: 'Films a written scene with the fast SkyReels 4, without sound. For looking at many drafts.',
    zh: '用快速版 SkyReels 4 拍摄无声的文字场景，适合快速看多版草稿。',
    params: { ...plain, aspectRatio: ratio },
    example: {
      prompt: 'Paper boats race down a rain gutter, one after another into the drain.',
      duration: 3,
      aspectRatio: '9:16',
      resolution: '480p',
    },
  },
  {
    id: 'skyreels-v4/image-to-video-std',
    task: 'image-to-video',
    en: 'Animates a first picture with SkyReels 4 and gives it the sound of what happens.',
    zh: '用 SkyReels 4 从首帧图片生成视频，并配上画面中的声音。',
    params: { ...standard, firstImageUrl },
    example: {
      prompt: 'The ferry sounds its horn and pulls away from the quay.',
      firstImageUrl: at('ferry-at-quay.jpg'),
      duration: 3,
      resolution: '480p',
    },
  },
  {
    id: 'skyreels-v4/image-to-video-fast',
    task: 'image-to-video',
    en: 'Animates a first picture with the fast SkyReels 4, without sound. For testing a storyboard panel by panel.',
    zh: '用快速版 SkyReels 4 从首帧生成无声视频，适合逐格测试分镜。',
    params: { ...plain, firstImageUrl },
    example: {
      prompt: 'The scarecrow turns its head towards the crows.',
      firstImageUrl: at('storyboard-04.png'),
      duration: 3,
      promptOptimizer: false,
      resolution: '480p',
    },
  },
  {
    id: 'skyreels-v4/omni-reference',
    task: 'reference-to-video',
    en: 'Composes a SkyReels 4 scene from tagged pictures and a clip, which it follows or continues.',
    zh: '用 SkyReels 4 依据带标签的图片与视频合成场景，视频可作参考，也可续写。',
    params: {
      prompt: prompt({ maxChars: 2500 }),
      refImages: optional(
        objects(
          say(
            'Pictures that the prompt names by their tags; a grid holds several views in one.',
            '提示词以标签引用的图片，grid 表示一张图含多个视角。',
          ),
          REFERENCE,
          { maxItems: 3, fieldValues: { type: ['image', 'grid'] }, fileField: { name: 'url', kind: 'image' } },
        ),
      ),
      refVideos: optional(
        object(say('A clip to take movement from, or to go on from.', '用于参考动作或继续拍摄的视频。'), REFERENCE, {
          fieldValues: { type: ['reference', 'extend'] },
          fileField: { name: 'url', kind: 'video' },
          maxSeconds: 15,
        }),
      ),
      sound: generateAudio(false),
      aspectRatio: ratio,
      duration: length(3, 15),
      promptOptimizer: optional(promptRewriting(true)),
      resolution: optional(fine),
    },
    rules: omniRules,
    price: eachCall,
    example: {
      prompt: '@captain salutes on the deck of @ship as the sails fill.',
      refImages: [
        { type: 'image', tag: '@captain', url: at('captain.png') },
        { type: 'image', tag: '@ship', url: at('tall-ship.jpg') },
      ],
      duration: 3,
      resolution: '480p',
    },
  },
  {
    id: 'skyreels-v4/text-to-video',
    task: 'text-to-video',
    status: 'replaced',
    replacedBy: ['skyreels-v4/text-to-video-std', 'skyreels-v4/text-to-video-fast'],
    en: 'The first form of SkyReels 4 from text, for callers who have not moved to its standard or fast row yet.',
    zh: 'SkyReels 4 文生视频的旧接口，供尚未迁移到标准版或快速版的调用方使用。',
    params: { ...before, aspectRatio: ratio },
    example: { prompt: 'A night train crosses a viaduct, its windows a string of lights.', duration: 3 },
  },
  {
    id: 'skyreels-v4/image-to-video',
    task: 'image-to-video',
    status: 'replaced',
    replacedBy: ['skyreels-v4/image-to-video-std', 'skyreels-v4/image-to-video-fast'],
    en: 'The first form of SkyReels 4 from a picture, kept for callers of the old name of its first frame.',
    zh: 'SkyReels 4 图生视频的旧接口，为沿用旧首帧字段名的调用方保留。',
    params: { ...before, firstFrameImageUrl: firstImageUrl },
    example: {
      prompt: 'The reader turns a page and looks up.',
      firstFrameImageUrl: at('library-reader.jpg'),
      duration: 3,
      sound: true,
    },
  },
];

export const skyreels = family({ family: 'skyreels', vendor: 'skywork', pricesAsOf: '2026-04-29' }, [
  ...third,
  ...fourth,
]);
