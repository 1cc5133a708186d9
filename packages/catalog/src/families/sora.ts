import { at, family, perCall, perSecond, type Row } from '../family.ts';
import { flag, optional, say, text, video } from '../params.ts';
import type { TextParam } from '../types.ts';
import {
  aspectRatio,
  JPG_PNG,
  pictureToAnimate,
  resolution,
  seconds,
  prompt as sharedPrompt,
  videoSize,
  WIDE_OR_TALL,
} from './shared.ts';

// Limits and prices: the platform's public model registry, revision of 2026-05-07.

/** A character made before is shown where its id stands in the text, after an @. */
const prompt = (limits: Parameters<typeof sharedPrompt>[0] = {}): TextParam => ({
  ...sharedPrompt(limits),
  mentions: ['character-upload'],
});
const LANDSCAPE_OR_PORTRAIT = ['720x1280', '1280x720'];
const LARGER = ['1024x1792', '1792x1024'];
const FULL_HD = ['1080x1920', '1920x1080'];
const size = (values: readonly string[]) => videoSize(values, '720x1280');

const picture = pictureToAnimate({ accept: JPG_PNG, maxMegabytes: 10 });
const exactPicture = { ...picture, dimensions: [...LANDSCAPE_OR_PORTRAIT, ...LARGER] };
const largePicture = { ...picture, maxMegabytes: 50 };
const characterClip = video(say('A short clip that shows the character.', '展示角色的短片。'), { accept: ['mp4'] });

const upTo12 = seconds(['4', '8', '12'], '4');
const UP_TO_20 = ['4', '8', '12', '16', '20'];
const prices12 = perCall(['duration'], { 4: 1.82, 8: 3.64, 12: 5.46 });

const official: readonly Row[] = [
  {
    id: 'rhart-video-s-official/text-to-video',
    name: 'sora-2/text-to-video-official-stable',
    altNames: ['sora-2-official/text-to-video'],
    task: 'text-to-video',
    en: 'Films a written scene with Sora 2, picture and sound together. For everyday clips of up to 12 seconds.',
    zh: '用 Sora 2 把文字场景拍成有声视频，适合 12 秒以内的日常短片。',
    params: { prompt: prompt(), size: size(LANDSCAPE_OR_PORTRAIT), duration: upTo12 },
    price: prices12,
    example: {
      prompt: 'A paper boat sails down a rain-washed gutter past glowing shop windows, camera low behind it.',
      size: '1280x720',
    },
  },
  {
    id: 'rhart-video-s-official/text-to-video-pro',
    name: 'sora-2/text-to-video-pro-official-stable',
    altNames: ['sora-2-official/text-to-video-pro'],
    task: 'text-to-video',
    en: 'Films a written scene with Sora 2 Pro: more detail, steadier physics, up to 20 seconds and full HD.',
    zh: '用 Sora 2 Pro 拍摄文字场景：细节更丰富、物理更稳定，最长 20 秒，可达全高清。',
    params: {
      prompt: prompt(),
      size: size([...LANDSCAPE_OR_PORTRAIT, ...LARGER, ...FULL_HD]),
      duration: seconds(UP_TO_20, '12'),
    },
    price: perSecond(['size'], {
      '720x1280': 2.1,
      '1280x720': 2.1,
      '1024x1792': 3.5,
      '1792x1024': 3.5,
      '1080x1920': 4.9,
      '1920x1080': 4.9,
    }),
    example: {
      prompt:
        'Dawn in a clockmaker’s attic: brass gears turn in drifting dust. Slow push-in. A cuckoo clock strikes six.',
      size: '1920x1080',
      duration: '8',
    },
  },
  {
    id: 'rhart-video-s-official/image-to-video',
    name: 'sora-2/image-to-video-official-stable',
    altNames: ['sora-2-official/image-to-video'],
    task: 'image-to-video',
    en: 'Sets a still picture in motion with Sora 2. The picture must already have the size of the video.',
    zh: '用 Sora 2 让静态图片动起来；图片尺寸须与视频尺寸一致。',
    params: { prompt: prompt(), duration: upTo12, imageUrl: exactPicture },
    price: prices12,
    example: {
      prompt: 'The lighthouse lamp begins to turn; waves rise and gulls wheel overhead.',
      imageUrl: at('lighthouse-1280x720.jpg'),
    },
  },
  {
    id: 'rhart-video-s-official/image-to-video-pro',
    name: 'sora-2/image-to-video-pro-official-stable',
    altNames: ['sora-2-official/image-to-video-pro'],
    task: 'image-to-video',
    en: 'Sets a still picture in motion with Sora 2 Pro, up to 20 seconds and 1080p. For shots that must hold up large.',
    zh: '用 Sora 2 Pro 让图片动起来，最长 20 秒、最高 1080p，适合大屏播放的镜头。',
    params: {
      prompt: prompt(),
      resolution: resolution(['720p', '1080p'], '720p'),
      duration: seconds(UP_TO_20, '4'),
      imageUrl: exactPicture,
    },
    price: perSecond(['resolution'], { '720p': 2.1, '1080p': 3.5 }),
    example: {
      prompt: 'Steam curls from the teacup as the train window fills with snowfields.',
      resolution: '1080p',
      duration: '16',
      imageUrl: at('teacup-1792x1024.png'),
    },
  },
  {
    id: 'rhart-video-s-official/image-to-video-realistic',
    name: 'sora-2/image-to-video-realistic-official-stable',
    altNames: ['sora-2-official/image-to-video-realistic'],
    task: 'image-to-video',
    en: 'Animates photographs of real people with Sora 2. Choose it where faces must stay natural.',
    zh: '用 Sora 2 让真人照片动起来，适合需要保持自然面容的画面。',
    params: { prompt: prompt(), duration: upTo12, imageUrl: picture },
    price: perCall(['duration'], { 4: 3.2, 8: 6.5, 12: 10 }),
    example: {
      prompt: 'The baker looks up from the dough, laughs and wipes flour from her cheek.',
      imageUrl: at('baker.jpg'),
    },
  },
  {
    id: 'rhart-video-s-official/sora-upload-character',
    name: 'sora-upload-character-official',
    task: 'character-upload',
    en: 'Learns a character from a clip of 2 to 4 seconds and answers an id for prompts that should show it again.',
    zh: '从 2–4 秒短片中记住一个角色并返回其编号，供之后的提示词反复使用。',
    params: {
      // The service asks for 720p or finer, which is the length of the shorter side.
      videoUrl: { ...characterClip, maxMegabytes: 100, minSeconds: 2, maxSeconds: 4, minSidePx: 720 },
      name: text(say('What to call the character.', '角色名称。'), { minChars: 1, maxChars: 80 }),
    },
    price: perCall(0.01),
    example: { videoUrl: at('mascot-turning.mp4'), name: 'Captain Juniper' },
  },
];

const prompt4000 = prompt({ maxChars: 4000 });
const ratio = aspectRatio(WIDE_OR_TALL, '9:16');
const upTo15 = seconds(['10', '15'], '10');
const upTo25 = seconds(['15', '25'], '15');
const storyboard = optional(
  flag(say('Whether the prompt lists several shots.', '提示词是否为分镜脚本。'), { default: false }),
);
const fromText = { prompt: prompt4000, duration: upTo15, aspectRatio: ratio, storyboard };
const fromPicture = { ...fromText, imageUrl: largePicture };
const flatPrice = perCall(['duration'], { 10: 1, 15: 1 });
const proPrice = perCall(['duration', 'aspectRatio'], { 15: { '16:9': 1, '9:16': 1 }, 25: { '16:9': 1, '9:16': 1 } });

const lowPrice: readonly Row[] = [
  {
    id: 'rhart-video-s/text-to-video',
    name: 'sora-2/text-to-video-channel-low-price',
    altNames: ['sora-2/text-to-video'],
    task: 'text-to-video',
    en: 'Films a written scene with Sora 2 on the low-price route. For drafts where a queue may take longer.',
    zh: 'Sora 2 低价通道文生视频，适合不赶时间的草稿与试拍。',
    params: fromText,
    price: flatPrice,
    example: {
      prompt: 'A corgi in a raincoat marches through puddles, slow motion, cheerful brass band.',
      duration: '15',
    },
  },
  {
    id: 'rhart-video-s/image-to-video',
    name: 'sora-2/image-to-video-channel-low-price',
    altNames: ['sora-2/image-to-video'],
    task: 'image-to-video',
    en: 'Sets a picture in motion with Sora 2 on the low-price route, with a storyboard if the prompt lists shots.',
    zh: 'Sora 2 低价通道图生视频，提示词可写成分镜脚本。',
    params: fromPicture,
    price: flatPrice,
    example: {
      prompt: 'The origami crane unfolds its wings and lifts off the desk.',
      imageUrl: at('origami-crane.png'),
    },
  },
  {
    id: 'rhart-video-s/image-to-video-asyn',
    name: 'sora-2/image-to-video-asyn-channel-low-price',
    altNames: ['sora-2/image-to-video-asyn'],
    task: 'image-to-video',
    en: 'The cheapest way from a picture to a Sora 2 clip: no storyboard, and the prompt may be left out.',
    zh: '最便宜的 Sora 2 图生视频：不支持分镜，提示词可省略。',
    params: { prompt: optional(prompt4000), imageUrl: picture, duration: upTo15, aspectRatio: ratio },
    price: perCall(['duration'], { 10: 0.5, 15: 0.5 }),
    example: { prompt: 'Autumn leaves blow across the empty bandstand.', imageUrl: at('bandstand.jpg') },
  },
  {
    id: 'rhart-video-s/sora-upload-character',
    name: 'sora-upload-character-channel-low-price',
    altNames: ['sora-upload-character'],
    task: 'character-upload',
    output: 'string',
    en: 'Learns a character from a small clip on the low-price route and answers its id.',
    zh: '低价通道：从小短片中记住一个角色并返回编号。',
    params: { videoUrl: { ...characterClip, maxMegabytes: 10 } },
    price: perCall(0.05),
    example: { videoUrl: at('robot-waving.mp4') },
  },
  {
    id: 'rhart-video-s/text-to-video-pro',
    name: 'sora-2/text-to-video-pro-channel-low-price',
    altNames: ['sora-2/text-to-video-pro'],
    task: 'text-to-video',
    status: 'deprecated',
    replacedBy: ['rhart-video-s/text-to-video-pro-deprecated'],
    en: 'Former low-price route to Sora 2 Pro from text. Kept for old clients; new work takes the official route.',
    zh: '旧的 Sora 2 Pro 低价文生视频路径，仅为旧客户端保留，新项目请用官方通道。',
    params: { ...fromText, duration: upTo25 },
    example: { prompt: 'A tram climbs a foggy hill at blue hour, bells ringing, windows warm with light.' },
  },
  {
    id: 'rhart-video-s/image-to-video-pro',
    name: 'sora-2/image-to-video-pro-channel-low-price',
    altNames: ['sora-2/image-to-video-pro'],
    task: 'image-to-video',
    status: 'deprecated',
    replacedBy: ['rhart-video-s/image-to-video-pro-deprecated'],
    en: 'Former low-price route to Sora 2 Pro from a picture. Kept for old clients; new work takes the official route.',
    zh: '旧的 Sora 2 Pro 低价图生视频路径，仅为旧客户端保留，新项目请用官方通道。',
    params: { ...fromPicture, duration: upTo25 },
    example: { prompt: 'The carousel wakes, horse by horse, as dusk lights come on.', imageUrl: at('carousel.jpg') },
  },
  {
    id: 'rhart-video-s/text-to-video-deprecated',
    name: 'sora-2/text-to-video-channel-low-price',
    task: 'text-to-video',
    status: 'deprecated',
    en: 'An earlier path of the low-price Sora 2 text route. It still takes the same request.',
    zh: 'Sora 2 低价文生视频的早期路径，请求格式不变。',
    params: fromText,
    example: { prompt: 'A beekeeper walks through lavender at sunrise, smoke drifting from the can.' },
  },
  {
    id: 'rhart-video-s/image-to-video-deprecated',
    name: 'sora-2/image-to-video-channel-low-price',
    task: 'image-to-video',
    status: 'deprecated',
    en: 'An earlier path of the low-price Sora 2 picture route. It still takes the same request.',
    zh: 'Sora 2 低价图生视频的早期路径，请求格式不变。',
    params: fromPicture,
    example: { prompt: 'Ink spreads and the painted carp swims off the scroll.', imageUrl: at('carp-scroll.jpg') },
  },
  {
    id: 'rhart-video-s/text-to-video-pro-deprecated',
    name: 'sora-2/text-to-video-pro-channel-low-price',
    task: 'text-to-video',
    status: 'deprecated',
    en: 'Withdrawn low-price route to Sora 2 Pro from text, 15 or 25 seconds. Its requests are still understood.',
    zh: '已下线的 Sora 2 Pro 低价文生视频（15 或 25 秒），请求仍可识别。',
    params: { ...fromText, duration: upTo25 },
    price: proPrice,
    example: { prompt: 'Two astronauts play chess in a greenhouse dome while dust storms pass outside.' },
  },
  {
    id: 'rhart-video-s/image-to-video-pro-deprecated',
    name: 'sora-2/image-to-video-pro-channel-low-price',
    task: 'image-to-video',
    status: 'deprecated',
    en: 'Withdrawn low-price route to Sora 2 Pro from a picture, 15 or 25 seconds. Its requests are still understood.',
    zh: '已下线的 Sora 2 Pro 低价图生视频（15 或 25 秒），请求仍可识别。',
    params: { ...fromPicture, duration: upTo25 },
    price: proPrice,
    example: { prompt: 'The diver’s torch sweeps the wreck; a turtle glides through.', imageUrl: at('wreck.jpg') },
  },
];

const openai = { family: 'sora', vendor: 'openai', pricesAsOf: '2026-04-29' } as const;
export const sora = [
  ...family({ ...openai, channel: 'official-stable' }, official),
  ...family({ ...openai, channel: 'channel-low-price' }, lowPrice),
];
