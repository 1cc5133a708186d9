import { at, family, perCall, perSecond, type Row } from '../family.ts';
import { optional } from '../params.ts';
import {
  aspectRatio,
  clipToExtend,
  firstFrame,
  generateAudio,
  JPG_PNG,
  JPG_PNG_WEBP,
  lastFrame,
  MAX_SEED,
  negativePrompt,
  pictureToAnimate,
  prompt,
  referenceImages,
  resolution,
  seconds,
  seed,
  WIDE_OR_TALL,
} from './shared.ts';

// Limits and prices: the platform's public model registry, revision of 2026-05-07.

const upTo10MB = { accept: JPG_PNG, maxMegabytes: 10 };
const upTo30MB = { accept: JPG_PNG, maxMegabytes: 30 };
const oneToThree = { minItems: 1, maxItems: 3 };
const wide = aspectRatio(WIDE_OR_TALL, '16:9');
const tall = aspectRatio(WIDE_OR_TALL, '9:16');
const HD = ['720p', '1080p'];
const upTo4k = resolution([...HD, '4k'], '720p');
const picture = pictureToAnimate(upTo10MB);
const clip = clipToExtend({ accept: ['mp4'], maxMegabytes: 10 });
const SHORT = ['4', '6', '8'];

// Veo 3.1 fast and pro on the official route.
const guided = {
  prompt: prompt({ minChars: 5, maxChars: 8000 }),
  negativePrompt: optional(negativePrompt()),
  seed: optional(seed()),
};
const fromText = { ...guided, aspectRatio: optional(tall), resolution: upTo4k, duration: seconds(SHORT, '8') };
const fromPicture = { ...fromText, imageUrl: picture, lastImageUrl: optional(lastFrame(upTo10MB)) };
const extend = { ...guided, prompt: optional(guided.prompt), video: clip, resolution: resolution(HD, '720p') };
const BY_SOUND = ['duration', 'generateAudio'];
const fastPrice = perCall(BY_SOUND, {
  4: { false: 2.35, true: 3.52 },
  6: { false: 3.52, true: 5.32 },
  8: { false: 4.7, true: 7.04 },
});
const proPrice = perCall(BY_SOUND, {
  4: { false: 4.7, true: 9.4 },
  6: { false: 7.04, true: 14.1 },
  8: { false: 9.4, true: 18.8 },
});

// Veo 3.1 lite on the official route.
const prompt20k = prompt({ maxChars: 20000 });
const lite = {
  prompt: prompt20k,
  negativePrompt: optional(negativePrompt({ maxChars: 20000 })),
  aspectRatio: optional(wide),
  duration: seconds(SHORT, '6'),
  seed: optional(seed({ min: -1, max: MAX_SEED })),
};
const litePicture = { accept: JPG_PNG_WEBP, maxMegabytes: 20 };
const liteFrame = { accept: JPG_PNG_WEBP, maxMegabytes: 10 };
const liteShot = { prompt: lite.prompt, negativePrompt: lite.negativePrompt, aspectRatio: lite.aspectRatio };
const litePrice = perSecond(['resolution'], { '720p': 0.315, '1080p': 0.504 });

const official: readonly Row[] = [
  {
    id: 'rhart-video-v3.1-fast-official/text-to-video',
    name: 'google/veo3.1-fast/text-to-video-official-stable',
    altNames: ['google/veo3.1-fast-official/text-to-video'],
    task: 'text-to-video',
    en: 'Films a written scene with Veo 3.1 Fast, with spoken words and ambience on request. Half the price of Pro or less.',
    zh: '用 Veo 3.1 Fast 拍摄文字场景，可生成对白与环境声，价格不超过 Pro 的一半。',
    params: { ...fromText, generateAudio: generateAudio(true) },
    price: fastPrice,
    example: {
      prompt:
        'A street violinist plays under a dripping awning; the camera circles her as neon flickers in the puddles.',
      aspectRatio: '16:9',
    },
  },
  {
    id: 'rhart-video-v3.1-fast-official/image-to-video',
    name: 'google/veo3.1-fast/image-to-video-official-stable',
    altNames: ['google/veo3.1-fast-official/image-to-video'],
    task: 'image-to-video',
    en: 'Animates a picture with Veo 3.1 Fast; a second picture fixes where the shot ends.',
    zh: '用 Veo 3.1 Fast 让图片动起来，可用第二张图指定结尾画面。',
    params: { ...fromPicture, generateAudio: generateAudio(false) },
    price: fastPrice,
    example: { prompt: 'The hot-air balloon lifts off and drifts over the vineyard.', imageUrl: at('balloon.jpg') },
  },
  {
    id: 'rhart-video-v3.1-fast-official/video-extend',
    name: 'google/veo3.1-fast/video-extend-official-stable',
    altNames: ['google/veo3.1-fast/video-extend-official'],
    task: 'video-extend',
    en: 'Goes on where a clip ends, with Veo 3.1 Fast. For a longer take without a cut.',
    zh: '用 Veo 3.1 Fast 从片尾继续拍下去，得到不间断的长镜头。',
    params: extend,
    price: perCall(6.56),
    example: { video: at('train-leaving.mp4'), prompt: 'The train enters the tunnel and comes out by the sea.' },
  },
  {
    id: 'rhart-video-v3.1-pro-official/text-to-video',
    name: 'google/veo3.1-pro/text-to-video-official-stable',
    altNames: ['google/veo3.1-pro-official/text-to-video'],
    task: 'text-to-video',
    en: 'Films a written scene with Veo 3.1 at its best quality, up to 4k. For final shots.',
    zh: '用 Veo 3.1 最高画质拍摄文字场景，最高 4k，适合成片镜头。',
    params: { ...fromText, generateAudio: generateAudio(false) },
    price: proPrice,
    example: {
      prompt: 'Macro shot: a honeybee lands on a thistle, pollen bursts in backlight, the meadow hums.',
      resolution: '4k',
      generateAudio: true,
    },
  },
  {
    id: 'rhart-video-v3.1-pro-official/image-to-video',
    name: 'google/veo3.1-pro/image-to-video-official-stable',
    altNames: ['google/veo3.1-pro-official/image-to-video'],
    task: 'image-to-video',
    en: 'Animates a picture with Veo 3.1 at its best quality, from a first and if wanted to a last picture.',
    zh: '用 Veo 3.1 最高画质让图片动起来，可同时指定首尾画面。',
    params: { ...fromPicture, generateAudio: generateAudio(false) },
    price: proPrice,
    example: {
      prompt: 'The glacier calves; ice thunders into the fjord and the swell rocks the kayak.',
      imageUrl: at('glacier.jpg'),
      lastImageUrl: at('glacier-after.jpg'),
    },
  },
  {
    id: 'rhart-video-v3.1-pro-official/reference-to-video',
    name: 'google/veo3.1-pro/reference-to-video-official-stable',
    altNames: ['google/veo3.1-pro-official/reference-to-video'],
    task: 'reference-to-video',
    en: 'Puts the people and things of up to three pictures into a new Veo 3.1 scene. For one look across shots.',
    zh: '把最多三张图片中的人物与物体放进新的 Veo 3.1 场景，保持镜头间形象一致。',
    params: {
      ...guided,
      imageUrls: referenceImages({ ...upTo10MB, ...oneToThree }),
      resolution: resolution([...HD, '4k'], '1080p'),
      generateAudio: generateAudio(false),
    },
    price: perCall(['generateAudio'], { false: 9.4, true: 18.8 }),
    example: {
      prompt: 'The girl in the yellow coat rides the tin robot through a night market.',
      imageUrls: [at('girl-yellow-coat.png'), at('tin-robot.png')],
    },
  },
  {
    id: 'rhart-video-v3.1-pro-official/video-extend',
    name: 'google/veo3.1-pro/video-extend-official-stable',
    altNames: ['google/veo3.1-pro/video-extend-official'],
    task: 'video-extend',
    en: 'Goes on where a clip ends, with Veo 3.1 at its best quality.',
    zh: '用 Veo 3.1 最高画质从片尾继续拍摄。',
    params: extend,
    price: perCall(17.4),
    example: { video: at('rooftop-run.mp4'), prompt: 'She leaps the gap, rolls, and pigeons scatter into the sunset.' },
  },
  {
    id: 'rhart-video-v3.1-lite-official/text-to-video',
    name: 'google/veo3.1-lite/text-to-video-official-stable',
    formerIds: ['google/veo3.1-lite/text-to-video'],
    task: 'text-to-video',
    en: 'Films a written scene with Veo 3.1 Lite, billed by the second. For many takes of one idea.',
    zh: '用 Veo 3.1 Lite 拍摄文字场景，按秒计费，适合反复试拍。',
    params: { ...lite, resolution: resolution(HD, '1080p') },
    price: litePrice,
    example: { prompt: 'Lanterns rise from a mountain village one by one until the sky is full.', duration: '8' },
  },
  {
    id: 'rhart-video-v3.1-lite-official/image-to-video',
    name: 'google/veo3.1-lite/image-to-video-official-stable',
    formerIds: ['google/veo3.1-lite/image-to-video'],
    task: 'image-to-video',
    en: 'Animates a picture with Veo 3.1 Lite, billed by the second.',
    zh: '用 Veo 3.1 Lite 让图片动起来，按秒计费。',
    params: { ...lite, imageUrl: { ...picture, ...litePicture }, resolution: resolution(HD, '720p') },
    price: litePrice,
    example: { prompt: 'Raindrops race down the window while the city blurs behind.', imageUrl: at('window.webp') },
  },
  {
    id: 'rhart-video-v3.1-lite-official/start-end-to-video',
    name: 'google/veo3.1-lite/start-end-to-video-official-stable',
    formerIds: ['google/veo3.1-lite/start-end-to-video'],
    task: 'start-end-to-video',
    en: 'Fills the time between two pictures with Veo 3.1 Lite. For transitions and time-lapses.',
    zh: '用 Veo 3.1 Lite 补全两张图片之间的过程，适合转场与延时效果。',
    params: {
      ...liteShot,
      firstImageUrl: firstFrame(liteFrame),
      lastImageUrl: lastFrame(liteFrame),
      resolution: resolution(HD, '720p'),
      seed: optional(seed({ min: 0, max: MAX_SEED })),
    },
    price: perCall(['resolution'], { '720p': 2.52, '1080p': 4.032 }),
    example: {
      prompt: 'Winter melts into spring over the orchard, clouds racing.',
      firstImageUrl: at('orchard-snow.jpg'),
      lastImageUrl: at('orchard-blossom.jpg'),
    },
  },
];

// The low-price route always gives eight seconds.
const eight = optional(seconds(['8'], '8'));
const prompt8k = prompt({ maxChars: 8000 });
const lowWide = { prompt: prompt8k, aspectRatio: wide, duration: eight, resolution: upTo4k };
const lowTall = { ...lowWide, aspectRatio: tall };
const lowPriceTable = perCall(['resolution'], { '720p': 0.2, '1080p': 0.25, '4k': 0.5 });
const lowProPrice = perCall(['resolution'], { '720p': 0.8, '1080p': 1, '4k': 1.4 });

const lowPrice: readonly Row[] = [
  {
    id: 'rhart-video-v3.1-fast/text-to-video',
    name: 'google/veo3.1-fast/text-to-video-channel-low-price',
    altNames: ['google/veo3.1-fast/text-to-video'],
    task: 'text-to-video',
    en: 'Eight seconds of Veo 3.1 Fast from text on the low-price route. For drafts and volume.',
    zh: 'Veo 3.1 Fast 低价文生视频，固定 8 秒，适合草稿与批量生成。',
    params: lowTall,
    price: lowPriceTable,
    example: { prompt: 'A skateboarding penguin slides down a spiral library staircase, books flying.' },
  },
  {
    id: 'rhart-video-v3.1-fast/image-to-video',
    name: 'google/veo3.1-fast/image-to-video-channel-low-price',
    altNames: ['google/veo3.1-fast/image-to-video'],
    task: 'image-to-video',
    en: 'Eight seconds of Veo 3.1 Fast from one to three pictures on the low-price route.',
    zh: 'Veo 3.1 Fast 低价图生视频，可用一到三张图片，固定 8 秒。',
    params: { ...lowWide, imageUrls: referenceImages({ ...upTo30MB, ...oneToThree }) },
    price: lowPriceTable,
    example: {
      prompt: 'The vintage van winds up the coastal road at noon.',
      imageUrls: [at('van.jpg'), at('coast.jpg')],
    },
  },
  {
    id: 'rhart-video-v3.1-fast/start-end-to-video',
    name: 'google/veo3.1-fast/start-end-to-video-channel-low-price',
    altNames: ['google/veo3.1-fast/start-end-to-video'],
    task: 'start-end-to-video',
    en: 'Eight seconds of Veo 3.1 Fast from a first to a last picture on the low-price route.',
    zh: 'Veo 3.1 Fast 低价首尾帧视频，固定 8 秒。',
    params: { ...lowTall, firstFrameUrl: firstFrame(upTo30MB), lastFrameUrl: optional(lastFrame(upTo30MB)) },
    price: lowPriceTable,
    example: {
      prompt: 'The seed cracks, the sapling climbs and the tree fills the frame.',
      firstFrameUrl: at('seed.png'),
      lastFrameUrl: at('tree.png'),
    },
  },
  {
    id: 'rhart-video-v3.1-pro/text-to-video',
    name: 'google/veo3.1-pro/text-to-video-channel-low-price',
    altNames: ['google/veo3.1-pro/text-to-video'],
    task: 'text-to-video',
    en: 'Eight seconds of Veo 3.1 Pro from text on the low-price route.',
    zh: 'Veo 3.1 Pro 低价文生视频，固定 8 秒。',
    params: lowTall,
    price: lowProPrice,
    example: {
      prompt: 'A glassblower turns molten glass into a blue heron, sparks drifting in the dark.',
      resolution: '4k',
    },
  },
  {
    id: 'rhart-video-v3.1-pro/image-to-video',
    name: 'google/veo3.1-pro/image-to-video-channel-low-price',
    altNames: ['google/veo3.1-pro/image-to-video'],
    task: 'image-to-video',
    en: 'Eight seconds of Veo 3.1 Pro from one picture on the low-price route, at one price for every resolution.',
    zh: 'Veo 3.1 Pro 低价图生视频，单图 8 秒，各清晰度同价。',
    params: { ...lowWide, imageUrl: picture },
    price: perCall(0.5),
    example: { prompt: 'The knight lowers his visor as the banners begin to whip.', imageUrl: at('knight.png') },
  },
  {
    id: 'rhart-video-v3.1-pro/start-end-to-video',
    name: 'google/veo3.1-pro/start-end-to-video-channel-low-price',
    altNames: ['google/veo3.1-pro/start-end-to-video'],
    task: 'start-end-to-video',
    en: 'Eight seconds of Veo 3.1 Pro from a first to a last picture on the low-price route.',
    zh: 'Veo 3.1 Pro 低价首尾帧视频，固定 8 秒。',
    params: { ...lowTall, firstFrameUrl: firstFrame(upTo10MB), lastFrameUrl: optional(lastFrame(upTo10MB)) },
    price: lowProPrice,
    example: {
      prompt: 'Blueprint lines rise from the paper and become the finished bridge.',
      firstFrameUrl: at('bridge-drawing.jpg'),
      lastFrameUrl: at('bridge.jpg'),
    },
  },
  {
    id: 'rhart-video-v3.1-lite/text-to-video',
    name: 'google/veo3.1-lite/text-to-video-channel-low-price',
    task: 'text-to-video',
    en: 'Eight seconds of Veo 3.1 Lite from text on the low-price route, with room for very long prompts.',
    zh: 'Veo 3.1 Lite 低价文生视频，固定 8 秒，支持超长提示词。',
    params: { ...lowTall, prompt: prompt20k },
    price: lowPriceTable,
    example: { prompt: 'A cat conducts an orchestra of teapots; each one whistles its note on cue.' },
  },
  {
    id: 'rhart-video-v3.1-lite/image-to-video',
    name: 'google/veo3.1-lite/image-to-video-channel-low-price',
    task: 'image-to-video',
    en: 'Eight seconds of Veo 3.1 Lite from one to three pictures on the low-price route, in 720p or 4k.',
    zh: 'Veo 3.1 Lite 低价图生视频，一到三张图片，固定 8 秒，720p 或 4k。',
    params: {
      ...lowWide,
      prompt: prompt20k,
      imageUrls: referenceImages({ ...upTo10MB, ...oneToThree }),
      resolution: resolution(['720p', '4k'], '720p'),
    },
    // The price list also names 1080p, which the endpoint does not offer.
    price: lowPriceTable,
    example: { prompt: 'The paper dragon unrolls across the rooftops.', imageUrls: [at('paper-dragon.png')] },
  },
];

const google = { family: 'veo', vendor: 'google', pricesAsOf: '2026-04-29' } as const;
export const veo = [
  ...family({ ...google, channel: 'official-stable' }, official),
  ...family({ ...google, channel: 'channel-low-price' }, lowPrice),
];
