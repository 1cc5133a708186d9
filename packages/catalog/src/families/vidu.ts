import { at, family, perCall, perSecond, type Row } from '../family.ts';
import { flag, oneOf, optional, say, videos } from '../params.ts';
import {
  aspectRatio,
  FIVE_RATIOS,
  firstFrame,
  generateAudio,
  generateAudioWord,
  JPG_PNG,
  JPG_PNG_WEBP,
  lastFrame,
  pictureToAnimate,
  prompt,
  referenceImages,
  resolution,
  secondsFrom,
  videoStyle,
  wholeSeconds,
} from './shared.ts';

// Limits and prices: the platform's public model registry, revision of 2026-05-07.

const upTo50MB = { accept: JPG_PNG, maxMegabytes: 50 };
const webpToo = { accept: JPG_PNG_WEBP, maxMegabytes: 50 };
const prompt4000 = prompt({ maxChars: 4000 });
const someText = prompt({ minChars: 1, maxChars: 4000 });
const style = videoStyle(['general', 'anime'], { default: 'general' });
const ratio = aspectRatio(FIVE_RATIOS, '16:9');
const fine = resolution(['720p', '1080p'], '720p');
const anySize = resolution(['540p', '720p', '1080p'], '720p');
const movementAmplitude = oneOf(
  say('How much moves; auto leaves it to the model.', '画面运动幅度，auto 由模型决定。'),
  ['auto', 'small', 'medium', 'large'],
  { default: 'auto' },
);
const frames = { firstImageUrl: firstFrame(upTo50MB), lastImageUrl: lastFrame(upTo50MB) };
const webpFrames = { firstImageUrl: firstFrame(webpToo), lastImageUrl: lastFrame(webpToo) };

// Q2 is silent but for music. It is priced by the clip: the figures are those of 1, 2, 3 … seconds.
const upTo10s = secondsFrom(1, 10);
const upTo8s = secondsFrom(1, 8);
const music = {
  movementAmplitude,
  bgm: flag(say('Whether music is laid under the video.', '是否添加背景音乐。'), { default: true }),
};
const q2Picture = { prompt: prompt4000, imageUrl: pictureToAnimate(upTo50MB), duration: upTo10s, ...music };
const q2Frames = { prompt: prompt4000, ...frames, duration: upTo8s, ...music };
const byLength = (yuan: Readonly<Record<string, readonly number[]>>, longest = 10) =>
  perCall(
    ['resolution', 'duration'],
    Object.fromEntries(
      Object.entries(yuan).map(([size, prices]) => [
        size,
        Object.fromEntries(prices.slice(0, longest).map((price, index) => [index + 1, price])),
      ]),
    ),
  );
const proYuan = {
  '540p': [0.18, 0.22, 0.33, 0.44, 0.55, 0.66, 0.77, 0.88, 0.99, 1.1],
  '720p': [0.33, 0.55, 0.77, 0.98, 1.2, 1.42, 1.64, 1.86, 2.08, 2.3],
  '1080p': [1.2, 1.53, 1.86, 2.19, 2.52, 2.84, 3.17, 3.5, 3.83, 4.16],
};
const proFastYuan = {
  '720p': [0.18, 0.23, 0.28, 0.33, 0.38, 0.43, 0.48, 0.53, 0.58, 0.63],
  '1080p': [0.35, 0.44, 0.53, 0.62, 0.71, 0.8, 0.89, 0.98, 1.07, 1.16],
};
const turboYuan = {
  '540p': [0.13, 0.18, 0.22, 0.26, 0.31, 0.35, 0.39, 0.44, 0.48, 0.53],
  '720p': [0.18, 0.22, 0.44, 0.66, 0.88, 1.09, 1.31, 1.53, 1.75, 1.97],
  '1080p': [0.77, 0.98, 1.2, 1.42, 1.64, 1.86, 2.08, 2.3, 2.52, 2.73],
};

const q2: readonly Row[] = [
  {
    id: 'vidu/text-to-video',
    name: 'Vidu-text-to-video-q2',
    task: 'text-to-video',
    en: 'Films a written scene with Vidu Q2, silent, as a photograph or as anime. Good for cheap sketches of a second or two.',
    zh: '用 Vidu Q2 拍摄无声的文字场景，可选写实或动漫风格，一两秒的试拍最省钱。',
    params: {
      prompt: prompt4000,
      style,
      aspectRatio: ratio,
      resolution: anySize,
      movementAmplitude,
      duration: upTo10s,
    },
    price: byLength({
      '540p': [0.22, 0.26, 0.31, 0.35, 0.39, 0.44, 0.48, 0.53, 0.57, 0.61],
      '720p': [0.33, 0.44, 0.55, 0.66, 0.77, 0.88, 0.98, 1.09, 1.2, 1.31],
      '1080p': [0.44, 0.66, 0.88, 1.09, 1.31, 1.53, 1.75, 1.97, 2.19, 2.41],
    }),
    example: {
      prompt: 'A delivery girl on a moped splashes through puddles under strings of paper lanterns.',
      style: 'anime',
      resolution: '540p',
      duration: '2',
    },
  },
  {
    id: 'vidu/image-to-video-q2-pro',
    name: 'Vidu-image-to-video-q2-pro',
    task: 'image-to-video',
    en: 'Animates a picture with Vidu Q2 Pro, best at small play of the face, music included on request.',
    zh: '用 Vidu Q2 Pro 让图片动起来，细腻的面部表演最见长，可配背景音乐。',
    params: { ...q2Picture, resolution: anySize },
    price: byLength(proYuan),
    example: {
      prompt: 'The chess player lifts one eyebrow, then slowly smiles.',
      imageUrl: at('chess-player.jpg'),
      resolution: '540p',
      duration: '3',
      movementAmplitude: 'small',
    },
  },
  {
    id: 'vidu/image-to-video-q2-pro-fast',
    name: 'Vidu-image-to-video-q2-pro-fast',
    task: 'image-to-video',
    en: 'The quick Vidu Q2 Pro: animates a picture at 720p or 1080p for about a third of the price.',
    zh: 'Vidu Q2 Pro 的快速版：以约三分之一的价格把图片变成 720p 或 1080p 视频。',
    params: { ...q2Picture, resolution: fine },
    price: byLength(proFastYuan),
    example: {
      prompt: 'Steam curls up from the dumplings as the lid comes off.',
      imageUrl: at('dumpling-basket.jpg'),
      duration: '4',
      bgm: false,
    },
  },
  {
    id: 'vidu/image-to-video-q2-turbo',
    name: 'Vidu-image-to-video-q2-turbo',
    task: 'image-to-video',
    en: 'Animates a picture with Vidu Q2 Turbo: large movement, little waiting. For storyboards and memes.',
    zh: '用 Vidu Q2 Turbo 让图片动起来，动作幅度大、等待短，适合动态分镜与表情包。',
    params: { ...q2Picture, resolution: anySize },
    price: byLength(turboYuan),
    example: {
      prompt: 'The hamster revs the toy car and shoots off the table.',
      imageUrl: at('hamster-racer.png'),
      resolution: '540p',
      duration: '2',
      movementAmplitude: 'large',
    },
  },
  {
    id: 'vidu/start-end-to-video-q2-pro',
    name: 'Vidu-start-end-to-video-q2-pro',
    task: 'start-end-to-video',
    en: 'Leads from one picture to another with Vidu Q2 Pro within 8 seconds. For transformations seen up close.',
    zh: '用 Vidu Q2 Pro 在 8 秒内由一图过渡到另一图，适合近看也要自然的变身镜头。',
    params: { ...q2Frames, resolution: anySize },
    price: byLength(proYuan, 8),
    example: {
      prompt: 'The clay on the wheel rises and becomes the glazed vase.',
      firstImageUrl: at('lump-of-clay.jpg'),
      lastImageUrl: at('glazed-vase.jpg'),
      resolution: '540p',
      duration: '4',
    },
  },
  {
    id: 'vidu/start-end-to-video-q2-pro-fast',
    name: 'Vidu-start-end-to-video-q2-pro-fast',
    task: 'start-end-to-video',
    en: 'Leads from one picture to another with the quick Vidu Q2 Pro. For many transitions on a small budget.',
    zh: '用快速版 Vidu Q2 Pro 连接首尾两图，适合预算有限时批量制作转场。',
    params: { ...q2Frames, resolution: fine },
    price: byLength(proFastYuan, 8),
    example: {
      prompt: 'The scaffolding falls away and the finished house stands in the garden.',
      firstImageUrl: at('building-site.png'),
      lastImageUrl: at('finished-house.png'),
      duration: '3',
    },
  },
  {
    id: 'vidu/start-end-to-video-q2-turbo',
    name: 'Vidu-start-end-to-video-q2-turbo',
    task: 'start-end-to-video',
    en: 'Leads from one picture to another with Vidu Q2 Turbo, boldly and soon. For trying whether two pictures match.',
    zh: '用 Vidu Q2 Turbo 连接首尾两图，动作大、出片快，适合先验证两图能否衔接。',
    params: { ...q2Frames, resolution: anySize },
    price: byLength(turboYuan, 8),
    example: {
      prompt: 'The cat leaps from the shelf and lands in the cardboard box.',
      firstImageUrl: at('cat-on-shelf.jpg'),
      lastImageUrl: at('cat-in-box.jpg'),
      resolution: '540p',
      duration: '2',
      movementAmplitude: 'large',
      bgm: false,
    },
  },
  {
    id: 'vidu/reference-to-video-q2',
    name: 'Vidu-reference-to-video-q2',
    task: 'reference-to-video',
    en: 'Brings the subjects of up to seven pictures together in one silent clip with Vidu Q2. For a cast that stays itself.',
    zh: '用 Vidu Q2 让至多七张图片里的主体同场出演（无声），角色形象保持一致。',
    params: {
      prompt: prompt4000,
      imageUrls: referenceImages({ minItems: 1, maxItems: 7, ...upTo50MB }),
      aspectRatio: aspectRatio(FIVE_RATIOS, '3:4'),
      resolution: resolution(['540p', '720p', '1080p'], '1080p'),
      duration: upTo10s,
      movementAmplitude,
    },
    price: byLength({
      '540p': [0.33, 0.44, 0.55, 0.66, 0.77, 0.88, 0.98, 1.09, 1.2, 1.31],
      '720p': [0.55, 0.66, 0.77, 0.88, 0.98, 1.09, 1.2, 1.31, 1.42, 1.53],
      '1080p': [1.64, 1.86, 2.08, 2.3, 2.52, 2.73, 2.95, 3.17, 3.39, 3.61],
    }),
    example: {
      prompt: 'The gardener of image 1 hands the watering can of image 2 to the robot of image 3.',
      imageUrls: [at('gardener.jpg'), at('watering-can.png'), at('garden-robot.png')],
      resolution: '540p',
      duration: '3',
    },
  },
  {
    id: 'vidu/reference-to-video-q2-pro',
    name: 'Vidu-reference-to-video-q2-pro',
    task: 'reference-to-video',
    en: 'Composes a clip with Vidu Q2 Pro from pictures and up to two clips: copies a move, an effect or a change of things.',
    zh: '用 Vidu Q2 Pro 依据图片与至多两段视频合成新片，可复刻动作、特效或替换内容。',
    params: {
      prompt: prompt({ maxChars: 2000 }),
      imageUrls: optional(referenceImages({ maxItems: 7, ...upTo50MB })),
      videos: optional(
        videos(say('Clips whose movement, effects or look to take over.', '要借用其动作、特效或画风的视频。'), {
          maxItems: 2,
          accept: ['mp4', 'avi', 'mov'],
          maxMegabytes: 100,
        }),
      ),
      aspectRatio: optional(ratio),
      resolution: optional(anySize),
      duration: optional(upTo10s),
      movementAmplitude: optional(movementAmplitude),
    },
    price: byLength({
      '540p': [0.44, 0.55, 0.66, 0.77, 0.88, 0.98, 1.09, 1.2, 1.31, 1.42],
      '720p': [0.66, 0.77, 0.88, 0.98, 1.09, 1.2, 1.31, 1.42, 1.53, 1.64],
      '1080p': [1.86, 2.08, 2.3, 2.52, 2.73, 2.95, 3.17, 3.39, 3.61, 3.83],
    }),
    example: {
      prompt: 'The wooden toy soldier makes the jump of the clip on a snowy windowsill.',
      imageUrls: [at('toy-soldier.jpg')],
      videos: [at('long-jump.mov')],
      resolution: '540p',
      duration: '3',
    },
  },
];

// Q3 makes speech, noises and music with the picture.
const upTo16s = secondsFrom(1, 16);
const audio = generateAudio(true);
const audioWord = optional(generateAudioWord('true'));
/** All but the prompt may be left out. */
const q3Fast = { duration: optional(upTo16s), resolution: optional(fine), audio: optional(audio) };
const q3References = {
  imageUrls: referenceImages({ minItems: 1, maxItems: 7, ...webpToo, minSidePx: 128, minAspect: 0.25, maxAspect: 4 }),
  aspectRatio: optional(aspectRatio([...FIVE_RATIOS, 'auto'], '16:9')),
  audio: audioWord,
};
const bySize = (yuan: Readonly<Record<string, number>>) => perSecond(['resolution'], yuan);
const q3ProYuan = { '540p': 0.31, '720p': 0.66, '1080p': 0.7 };
const q3FastPrice = bySize({ '720p': 0.46, '1080p': 0.58 });
const q3TurboPrice = bySize({ '540p': 0.18, '720p': 0.27, '1080p': 0.35 });

const q3: readonly Row[] = [
  {
    id: 'vidu/text-to-video-q3-pro',
    name: 'Vidu-text-to-video-q3-pro',
    task: 'text-to-video',
    en: 'Films a written scene with Vidu Q3 Pro: up to 16 seconds with dialogue, noises and cuts in one go.',
    zh: '用 Vidu Q3 Pro 拍摄文字场景，最长 16 秒，对白、音效与镜头切换一次生成。',
    params: {
      prompt: prompt4000,
      style,
      aspectRatio: ratio,
      resolution: resolution(['360p', '540p', '720p', '1080p'], '720p'),
      duration: upTo16s,
      audio,
    },
    price: bySize({ '360p': 0.31, ...q3ProYuan }),
    example: {
      prompt: 'Night market. The noodle cook tosses a wok: "Last bowl!" Cut to three students, hands up at once.',
      resolution: '360p',
      duration: '5',
    },
  },
  {
    id: 'vidu/text-to-video-q3-pro-fast',
    name: 'Vidu-text-to-video-q3-pro-fast',
    task: 'text-to-video',
    en: 'The quick Vidu Q3 Pro: films a written scene with sound at 720p or 1080p, for less per second than Pro.',
    zh: 'Vidu Q3 Pro 快速版：文字生成 720p 或 1080p 有声视频，每秒价格低于 Pro。',
    params: { prompt: prompt({ maxChars: 2000 }), aspectRatio: optional(ratio), ...q3Fast },
    price: q3FastPrice,
    example: {
      prompt: 'A weather presenter points at the map as real snow begins to fall in the studio.',
      duration: '3',
    },
  },
  {
    id: 'vidu/text-to-video-q3-turbo',
    name: 'Vidu-text-to-video-q3-turbo',
    task: 'text-to-video',
    en: 'Films a written scene with sound with Vidu Q3 Turbo. The least costly of the line with voices.',
    zh: '用 Vidu Q3 Turbo 拍摄有声的文字场景，是该系列有声档中最便宜的。',
    params: { prompt: someText, style, aspectRatio: ratio, resolution: anySize, duration: upTo16s, audio },
    price: q3TurboPrice,
    example: {
      prompt: 'A parrot on a pirate’s shoulder counts coins aloud and gets it wrong.',
      aspectRatio: '1:1',
      resolution: '540p',
      duration: '4',
    },
  },
  {
    id: 'vidu/image-to-video-q3-pro',
    name: 'Vidu-image-to-video-q3-pro',
    task: 'image-to-video',
    en: 'Animates a picture with Vidu Q3 Pro, sound included, up to 16 seconds and 2k. For finished advertising shots.',
    zh: '用 Vidu Q3 Pro 让图片动起来并配声音，最长 16 秒、最高 2k，适合广告成片。',
    params: {
      prompt: prompt4000,
      imageUrl: pictureToAnimate(upTo50MB),
      duration: upTo16s,
      resolution: resolution(['360p', '540p', '720p', '1080p', '2k'], '720p'),
      audio,
    },
    price: bySize({ '360p': 0.31, ...q3ProYuan, '2k': 1.09 }),
    example: {
      prompt: 'The bottle opens with a hiss, foam runs down, someone off screen says "Finally summer."',
      imageUrl: at('lemonade-bottle.jpg'),
      duration: '4',
      resolution: '360p',
    },
  },
  {
    id: 'vidu/image-to-video-q3-pro-fast',
    name: 'Vidu-image-to-video-q3-pro-fast',
    task: 'image-to-video',
    en: 'Animates a picture with the quick Vidu Q3 Pro, sound included; it can do so without a prompt.',
    zh: '用快速版 Vidu Q3 Pro 让图片动起来并配声音，可以不写提示词。',
    params: { prompt: optional(prompt({ maxChars: 2000 })), imageUrl: pictureToAnimate(webpToo), ...q3Fast },
    price: q3FastPrice,
    example: { imageUrl: at('brass-band.webp'), duration: '2' },
  },
  {
    id: 'vidu/image-to-video-q3-turbo',
    name: 'Vidu-image-to-video-q3-turbo',
    task: 'image-to-video',
    en: 'Animates a picture with Vidu Q3 Turbo and lets it speak. For social clips made by the dozen.',
    zh: '用 Vidu Q3 Turbo 让图片动起来并开口说话，适合成批制作社交短视频。',
    params: {
      prompt: someText,
      imageUrl: pictureToAnimate(upTo50MB),
      duration: upTo16s,
      resolution: anySize,
      audio,
    },
    price: q3TurboPrice,
    example: {
      prompt: 'The pug in the party hat looks at the camera and sighs: "Another Monday."',
      imageUrl: at('party-pug.png'),
      duration: '4',
      resolution: '540p',
    },
  },
  {
    id: 'vidu/start-end-to-video-q3-pro',
    name: 'Vidu-start-end-to-video-q3-pro',
    task: 'start-end-to-video',
    en: 'Leads from one picture to another with Vidu Q3 Pro, with sound, for as long as 16 seconds. For story bridges.',
    zh: '用 Vidu Q3 Pro 连接首尾两图，最长 16 秒并带声音，适合承接剧情的过场。',
    params: { prompt: someText, ...frames, duration: upTo16s, resolution: anySize, movementAmplitude, audio },
    price: bySize(q3ProYuan),
    example: {
      prompt: 'The diver sinks from the sunlit boat to the wreck; bubbles, then silence.',
      firstImageUrl: at('dive-boat.jpg'),
      lastImageUrl: at('ship-wreck.jpg'),
      resolution: '540p',
      duration: '5',
    },
  },
  {
    id: 'vidu/start-end-to-video-q3-pro-fast',
    name: 'Vidu-start-end-to-video-q3-pro-fast',
    task: 'start-end-to-video',
    en: 'Leads from one picture to another with the quick Vidu Q3 Pro, with sound; the two pictures alone will do.',
    zh: '用快速版 Vidu Q3 Pro 连接首尾两图并配声音，只给两张图也可以。',
    params: { prompt: optional(prompt({ maxChars: 5000 })), ...webpFrames, ...q3Fast },
    price: q3FastPrice,
    example: {
      firstImageUrl: at('closed-tulip.webp'),
      lastImageUrl: at('open-tulip.webp'),
      duration: '2',
    },
  },
  {
    id: 'vidu/start-end-to-video-q3-turbo',
    name: 'Vidu-start-end-to-video-q3-turbo',
    task: 'start-end-to-video',
    en: 'Leads from one picture to another with Vidu Q3 Turbo, with sound. For transitions in short dramas.',
    zh: '用 Vidu Q3 Turbo 连接首尾两图并带声音，适合短剧转场。',
    params: { prompt: someText, ...frames, duration: upTo16s, resolution: anySize, movementAmplitude, audio },
    price: q3TurboPrice,
    example: {
      prompt: 'She slams the taxi door; the camera whips round to the courtroom, where all fall silent.',
      firstImageUrl: at('taxi-door.jpg'),
      lastImageUrl: at('courtroom.jpg'),
      resolution: '540p',
      duration: '3',
      movementAmplitude: 'large',
    },
  },
  {
    id: 'vidu/reference-to-video-q3',
    name: 'Vidu-reference-to-video-q3',
    task: 'reference-to-video',
    en: 'Brings the subjects of up to seven pictures together with Vidu Q3 and lets them talk, 3 to 16 seconds.',
    zh: '用 Vidu Q3 让至多七张图片里的主体同场出演并开口说话，3–16 秒。',
    params: {
      prompt: prompt({ maxChars: 5000 }),
      ...q3References,
      duration: wholeSeconds(3, 16),
      resolution: anySize,
    },
    price: bySize({ '540p': 0.22, '720p': 0.44, '1080p': 0.55 }),
    example: {
      prompt: 'The detective of image 1 shows the key of image 2 to the butler of image 3: "You dropped this."',
      imageUrls: [at('detective.jpg'), at('old-key.webp'), at('butler.png')],
      duration: 4,
      resolution: '540p',
    },
  },
  {
    id: 'vidu/reference-to-video-q3-mix',
    name: 'Vidu-reference-to-video-q3-mix',
    task: 'reference-to-video',
    en: 'The Vidu Q3 for dense scenes of several references: richer staging at 720p or 1080p, from one second on.',
    zh: 'Vidu Q3 的多参考加强版：多主体场面调度更丰富，720p 或 1080p，1 秒起。',
    params: {
      prompt: prompt({ minChars: 1, maxChars: 5000 }),
      ...q3References,
      duration: wholeSeconds(1, 16),
      resolution: fine,
    },
    price: bySize({ '720p': 0.55, '1080p': 0.66 }),
    example: {
      prompt: 'The twins of image 1 race the carts of image 2 through the supermarket of image 3.',
      imageUrls: [at('twins.jpg'), at('shopping-carts.jpg'), at('supermarket.webp')],
      duration: 2,
      aspectRatio: 'auto',
    },
  },
];

export const vidu = family({ family: 'vidu', vendor: 'shengshu', pricesAsOf: '2026-04-29' }, [...q2, ...q3]);
