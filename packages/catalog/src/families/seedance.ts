import { at, family, perSecond, type Row, startingAt } from '../family.ts';
import { audios, flag, oneOf, oneOfList, optional, say, videos } from '../params.ts';
import {
  aspectRatio,
  firstFrame,
  generateAudio,
  generateAudioWord,
  JPG_PNG,
  JPG_PNG_WEBP,
  lastFrame,
  MAX_SEED,
  prompt,
  referenceImages,
  resolution,
  secondsFrom,
  seed,
} from './shared.ts';

// Limits and prices: the platform's public model registry, revision of 2026-05-07; `realPersonMode`, `conversionSlots`
// and `seed` of 2.0: the platform's parameter tables, read 2026-06-18.

// 2.0. `native1080p` is drawn at that size; 1080p, 2k and 4k are enlarged from 720p.
const prompt2 = prompt({ maxChars: 20480 });
const someText = prompt({ minChars: 1, maxChars: 20480 });
const SIZES = ['480p', '720p', '1080p', '2k', '4k'];
const enlarged = resolution(SIZES, '720p');
const native = resolution([...SIZES, 'native1080p'], '720p');
const RATIOS = ['16:9', '4:3', '1:1', '3:4', '9:16', '21:9'];
const frame = { accept: JPG_PNG_WEBP, maxMegabytes: 30 };
const upTo50MB = { maxItems: 3, maxMegabytes: 50 };
const upTo15s = { minSeconds: 2, maxSeconds: 15, maxTotalSeconds: 15 };
const clips = videos(say('Clips whose motion, camera or subjects to follow.', '用于参考动作、运镜或主体的视频。'), {
  ...upTo50MB,
  accept: ['mp4'],
});
const sounds = audios(say('Voices, music or noises to use.', '用于参考的人声、音乐或音效。'), {
  ...upTo50MB,
  accept: ['mp3', 'wav'],
});
const slots = (places: readonly string[]) =>
  optional(
    oneOfList(
      say('Which of the files to prepare as pictures of real persons.', '哪些素材按真人素材处理。'),
      ['all', ...places],
      { default: ['all'] },
    ),
  );
const numbered = (word: string, count: number) => Array.from({ length: count }, (_, index) => `${word}${index + 1}`);

const everywhere = {
  prompt: prompt2,
  duration: secondsFrom(4, 15),
  generateAudio: optional(generateAudio(true)),
  ratio: optional(aspectRatio(['adaptive', ...RATIOS], 'adaptive')),
  returnLastFrame: optional(
    flag(say('Whether to return the last picture as a file too.', '是否同时返回最后一帧图片。'), { default: false }),
  ),
};
const realPersonMode = optional(
  flag(say('Whether the files show real persons.', '素材是否包含真人。'), { default: true }),
);
const fromText = {
  ...everywhere,
  webSearch: optional(
    flag(say('Whether the model may look facts up on the web.', '是否允许联网检索。'), { default: false }),
  ),
};
const fromFrames = {
  ...everywhere,
  realPersonMode,
  prompt: optional(prompt2),
  firstFrameUrl: firstFrame(frame),
  lastFrameUrl: optional(lastFrame(frame)),
  conversionSlots: slots(['firstFrameUrl', 'lastFrameUrl']),
};
const fromReferences = {
  ...everywhere,
  realPersonMode,
  imageUrls: optional(referenceImages({ ...frame, maxItems: 9 })),
  videoUrls: optional(clips),
  audioUrls: optional(sounds),
  conversionSlots: slots([...numbered('image', 9), ...numbered('video', 3)]),
};
/** What the rows without `global` in their path add. */
const seeded = { resolution: native, seed: optional(seed({ default: -1, min: -1, max: MAX_SEED })) };
const timedClips = optional({ ...clips, ...upTo15s });
const timedSounds = optional({ ...sounds, ...upTo15s });
const soundNeedsPicture = [{ rule: 'needs-any-of', param: 'audioUrls', params: ['imageUrls', 'videoUrls'] }] as const;

const bySize = (yuan: Readonly<Record<string, number>>) => perSecond(['resolution'], yuan);
const fastPrice = bySize({ '480p': 0.5, '720p': 1, '1080p': 1.28, '2k': 1.42, '4k': 1.63 });
const fullPrice = bySize({ '480p': 0.6, '720p': 1.2, native1080p: 3, '1080p': 1.48, '2k': 1.62, '4k': 1.83 });

const second: readonly Row[] = [
  {
    id: 'rhart-video/sparkvideo-2.0/text-to-video',
    name: 'seedance-2.0/text-to-video',
    altNames: ['sparkvideo-2.0/text-to-video', 'Seedance2.0 Text to Video'],
    formerIds: ['doubao-seedance-2.0/text-to-video'],
    task: 'text-to-video',
    en: 'Films a written scene with Seedance 2.0, sound included, 4 to 15 seconds. May look facts up on the web.',
    zh: '用 Seedance 2.0 拍摄文字场景，4–15 秒有声视频，可联网检索。',
    params: { ...fromText, ...seeded, prompt: someText },
    price: fullPrice,
    example: {
      prompt: 'Night rain on a tin roof. A tailor sews by candlelight; cut to the moth circling the flame.',
      resolution: 'native1080p',
      duration: '10',
      ratio: '16:9',
    },
  },
  {
    id: 'rhart-video/sparkvideo-2.0/image-to-video',
    name: 'seedance-2.0/image-to-video',
    altNames: ['sparkvideo-2.0/image-to-video', 'Seedance2.0 Image to Video'],
    formerIds: ['doubao-seedance-2.0/image-to-video'],
    task: 'image-to-video',
    en: 'Animates a first picture with Seedance 2.0, on to a last one if given. The prompt may be left out.',
    zh: '用 Seedance 2.0 从首帧生成视频，可指定尾帧，提示词可省略。',
    params: { ...fromFrames, ...seeded },
    price: fullPrice,
    example: { prompt: 'The ballerina on the music box begins to turn.', firstFrameUrl: at('music-box.webp') },
  },
  {
    id: 'rhart-video/sparkvideo-2.0/multimodal-video',
    name: 'seedance-2.0/multimodal-video',
    altNames: ['sparkvideo-2.0/multimodal-video', 'Seedance2.0 Multimodal Video'],
    formerIds: ['doubao-seedance-2.0/multimodal-video'],
    task: 'reference-to-video',
    en: 'Composes a Seedance 2.0 video from pictures, clips and sounds that the prompt refers to.',
    zh: '用 Seedance 2.0 将图片、视频与声音素材按提示词合成新视频。',
    params: { ...fromReferences, ...seeded, prompt: someText, videoUrls: timedClips, audioUrls: timedSounds },
    rules: soundNeedsPicture,
    price: startingAt(fullPrice),
    example: {
      prompt: 'The potter of image 1 works in the studio of image 2, to the rhythm of the music.',
      imageUrls: [at('potter.jpg'), at('studio.jpg')],
      audioUrls: [at('slow-drums.mp3')],
      duration: '12',
    },
  },
  {
    id: 'rhart-video/sparkvideo-2.0-fast/text-to-video',
    name: 'seedance-2.0-fast/text-to-video',
    altNames: ['sparkvideo-2.0-fast/text-to-video', 'Seedance2.0 Fast Text to Video'],
    formerIds: ['doubao-seedance-2.0-fast/text-to-video'],
    task: 'text-to-video',
    en: 'Films a written scene with the quicker and cheaper Seedance 2.0 Fast.',
    zh: '用更快更省的 Seedance 2.0 Fast 拍摄文字场景。',
    params: { ...fromText, ...seeded, prompt: someText },
    price: fastPrice,
    example: {
      prompt: 'A kite festival seen from a drone: hundreds of paper whales swim over the dunes.',
      ratio: '21:9',
    },
  },
  {
    id: 'rhart-video/sparkvideo-2.0-fast/image-to-video',
    name: 'seedance-2.0-fast/image-to-video',
    altNames: ['sparkvideo-2.0-fast/image-to-video', 'Seedance2.0 Fast Image to Video'],
    formerIds: ['doubao-seedance-2.0-fast/image-to-video'],
    task: 'image-to-video',
    en: 'Animates a first picture with Seedance 2.0 Fast, on to a last one if given.',
    zh: '用 Seedance 2.0 Fast 从首帧生成视频，可指定尾帧。',
    params: { ...fromFrames, ...seeded },
    price: fastPrice,
    example: {
      prompt: 'The street empties as the lamps come on.',
      firstFrameUrl: at('street-noon.jpg'),
      lastFrameUrl: at('street-dusk.jpg'),
    },
  },
  {
    id: 'rhart-video/sparkvideo-2.0-fast/multimodal-video',
    name: 'seedance-2.0-fast/multimodal-video',
    altNames: ['sparkvideo-2.0-fast/multimodal-video', 'Seedance2.0 Fast Multimodal Video'],
    formerIds: ['doubao-seedance-2.0-fast/multimodal-video'],
    task: 'reference-to-video',
    en: 'Composes a video from pictures, clips and sounds with the quicker and cheaper Seedance 2.0 Fast.',
    zh: '用更快更省的 Seedance 2.0 Fast 将图片、视频与声音合成新视频。',
    params: {
      ...fromReferences,
      ...seeded,
      prompt: someText,
      videoUrls: timedClips,
      audioUrls: { ...timedSounds, maxMegabytes: 15 },
    },
    rules: soundNeedsPicture,
    price: startingAt(fastPrice),
    example: {
      prompt: 'Follow the camera move of video 1 around the fountain of image 1.',
      imageUrls: [at('fountain.png')],
      videoUrls: [at('orbit-shot.mp4')],
    },
  },
  {
    id: 'bytedance/seedance-2.0-global/text-to-video',
    name: 'seedance-2.0-global/text-to-video',
    task: 'text-to-video',
    en: 'Films a written scene with Seedance 2.0 on its international route.',
    zh: '用 Seedance 2.0 国际线路拍摄文字场景。',
    params: { ...fromText, resolution: native },
    price: fullPrice,
    example: { prompt: 'Flamenco in an empty train station: heels echo, a shawl sweeps across the lens.' },
  },
  {
    id: 'bytedance/seedance-2.0-global/image-to-video',
    name: 'seedance-2.0-global/image-to-video',
    task: 'image-to-video',
    en: 'Animates a first picture with Seedance 2.0 on its international route.',
    zh: '用 Seedance 2.0 国际线路从首帧生成视频。',
    params: { ...fromFrames, resolution: native },
    price: fullPrice,
    example: { prompt: 'The chess pieces slide into place by themselves.', firstFrameUrl: at('chessboard.jpg') },
  },
  {
    id: 'bytedance/seedance-2.0-global/multimodal-video',
    name: 'seedance-2.0-global/multimodal-video',
    task: 'reference-to-video',
    en: 'Composes a Seedance 2.0 video from pictures, clips and sounds on its international route.',
    zh: '用 Seedance 2.0 国际线路将图片、视频与声音合成新视频。',
    params: { ...fromReferences, resolution: native },
    price: fullPrice,
    example: {
      prompt: 'The surfer of image 1 rides the wave of video 1 at golden hour.',
      imageUrls: [at('surfer.jpg')],
      videoUrls: [at('wave.mp4')],
    },
  },
  {
    id: 'bytedance/seedance-2.0-global-fast/text-to-video',
    name: 'seedance-2.0-global-fast/text-to-video',
    task: 'text-to-video',
    en: 'Films a written scene with Seedance 2.0 Fast on its international route.',
    zh: '用 Seedance 2.0 Fast 国际线路拍摄文字场景。',
    params: { ...fromText, resolution: enlarged },
    price: fastPrice,
    example: {
      prompt: 'A vending machine in the desert lights up at midnight; a fox presses a button.',
      duration: '8',
    },
  },
  {
    id: 'bytedance/seedance-2.0-global-fast/image-to-video',
    name: 'seedance-2.0-global-fast/image-to-video',
    task: 'image-to-video',
    en: 'Animates a first picture with Seedance 2.0 Fast on its international route.',
    zh: '用 Seedance 2.0 Fast 国际线路从首帧生成视频。',
    params: { ...fromFrames, resolution: enlarged },
    price: fastPrice,
    example: { prompt: 'Curtains billow and the photographs lift off the wall.', firstFrameUrl: at('room.png') },
  },
  {
    id: 'bytedance/seedance-2.0-global-fast/multimodal-video',
    name: 'seedance-2.0-global-fast/multimodal-video',
    task: 'reference-to-video',
    en: 'Composes a video from pictures, clips and sounds with Seedance 2.0 Fast on its international route.',
    zh: '用 Seedance 2.0 Fast 国际线路将图片、视频与声音合成新视频。',
    params: { ...fromReferences, resolution: enlarged },
    price: fastPrice,
    example: {
      prompt: 'The puppet of image 1 tells the story of audio 1 on a tiny stage.',
      imageUrls: [at('puppet.jpg')],
      audioUrls: [at('story.wav')],
    },
  },
];

// 1.5 and before. Here switches are words.
const shot = {
  prompt: prompt({ maxChars: 5000 }),
  duration: secondsFrom(4, 12),
  generateAudio: generateAudioWord('true'),
  cameraFixed: oneOf(say('Whether the camera stands still.', '镜头是否固定不动。'), ['true', 'false'], {
    default: 'false',
  }),
};
const picture = { accept: JPG_PNG, maxMegabytes: 10 };
const animated = {
  ...shot,
  firstImageUrl: firstFrame(picture),
  lastImageUrl: optional(lastFrame(picture)),
  aspectRatio: aspectRatio([...RATIOS, 'adaptive'], 'adaptive'),
};
const fine = resolution(['720p', '1080p'], '720p');
const anySize = resolution(['480p', '720p', '1080p'], '720p');
const BY_SOUND = ['resolution', 'generateAudio'];
const fineYuan = { '720p': { true: 0.32, false: 0.16 }, '1080p': { true: 0.7, false: 0.35 } };
const finePrice = perSecond(BY_SOUND, fineYuan);
const anyPrice = perSecond(BY_SOUND, { '480p': { true: 0.14, false: 0.07 }, ...fineYuan });

const first: readonly Row[] = [
  {
    id: 'seedance-v1.5-pro/text-to-video',
    name: 'seedance-v1.5-pro-text-to-video',
    task: 'text-to-video',
    en: 'Films a written scene with Seedance 1.5 Pro, voices and sound in step with the picture.',
    zh: '用 Seedance 1.5 Pro 拍摄文字场景，人声与音效和画面同步。',
    params: { ...shot, aspectRatio: aspectRatio(RATIOS, '3:4'), resolution: anySize },
    price: anyPrice,
    example: {
      prompt: 'A grandmother teaches a child to whistle on a porch swing; crickets answer.',
      aspectRatio: '4:3',
    },
  },
  {
    id: 'seedance-v1.5-pro/text-to-video-fast',
    name: 'seedance-v1.5-pro-text-to-video-fast',
    task: 'text-to-video',
    en: 'Films a written scene with Seedance 1.5 Pro and a shorter wait, in 720p or 1080p.',
    zh: 'Seedance 1.5 Pro 快速文生视频，等待更短，720p 或 1080p。',
    params: { ...shot, aspectRatio: aspectRatio(RATIOS, '16:9'), resolution: fine },
    price: finePrice,
    example: { prompt: 'A barista pours a swan into the foam; the café murmurs.', generateAudio: 'true' },
  },
  {
    id: 'seedance-v1.5-pro/image-to-video',
    name: 'seedance-v1.5-pro-image-to-video',
    task: 'image-to-video',
    en: 'Animates a first picture with Seedance 1.5 Pro, sound in step, on to a last picture if given.',
    zh: '用 Seedance 1.5 Pro 从首帧生成音画同步的视频，可指定尾帧。',
    params: { ...animated, resolution: anySize },
    price: anyPrice,
    example: { prompt: 'The old radio crackles, its dial glows and finds a waltz.', firstImageUrl: at('radio.jpg') },
  },
  {
    id: 'seedance-v1.5-pro/image-to-video-fast',
    name: 'seedance-v1.5-pro-image-to-video-fast',
    task: 'image-to-video',
    en: 'Animates a first picture with Seedance 1.5 Pro and a shorter wait, in 720p or 1080p.',
    zh: 'Seedance 1.5 Pro 快速图生视频，等待更短，720p 或 1080p。',
    params: { ...animated, resolution: fine },
    price: finePrice,
    example: { prompt: 'The sleeping dog’s ear twitches, then it bolts for the door.', firstImageUrl: at('dog.png') },
  },
  {
    id: 'seedance-v1-lite/reference-to-video',
    name: 'seedance-v1-lite-reference-to-video',
    task: 'reference-to-video',
    en: 'Puts the subjects of one to four pictures into one silent clip with Seedance 1.0 Lite. The cheapest of the line.',
    zh: '用 Seedance 1.0 Lite 将一到四张图片的主体放进同一段无声短片，价格最低。',
    params: {
      prompt: shot.prompt,
      imageUrls: referenceImages({ ...picture, minItems: 1, maxItems: 4 }),
      duration: secondsFrom(2, 12),
      cameraFixed: shot.cameraFixed,
      resolution: resolution(['480p', '720p'], '720p'),
      aspectRatio: aspectRatio(RATIOS, '16:9'),
    },
    price: perSecond(['resolution'], { '480p': 0.07, '720p': 0.15 }),
    example: {
      prompt: 'The teddy bear and the toy train share a picnic.',
      imageUrls: [at('bear.jpg'), at('train.jpg')],
    },
  },
];

export const seedance = family({ family: 'seedance', vendor: 'bytedance', pricesAsOf: '2026-04-29' }, [
  ...second,
  ...first,
]);
