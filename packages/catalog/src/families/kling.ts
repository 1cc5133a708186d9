import { at, family, perCall, perFiveSeconds, perSecond, type Row } from '../family.ts';
import { audio, image, images, integer, number, objects, oneOf, optional, say, text, video } from '../params.ts';
import type { Constraint, Words } from '../types.ts';
import {
  bySound,
  clip,
  elementList,
  fiveOrTen,
  from50MB,
  KEEP_SOUND,
  keepOriginalSound,
  length,
  not2500,
  picture,
  price4k,
  prompt2000,
  prompt2500,
  ratio,
  silent,
  sound,
  story,
  storyRules,
  to50MB,
  wholeLength,
  wideRatio,
} from './kling-fragments.ts';
import { omni } from './kling-omni.ts';
import { VOICES } from './kling-voices.ts';
import {
  clipOfMovement,
  generateAudioWord,
  JPG_PNG_WEBP,
  lastFrame,
  negativePrompt,
  pictureOfActor,
  pictureToAnimate,
  prompt,
} from './shared.ts';
import { speechSpeed, spokenText } from './shared-sound.ts';

// Limits and prices: as in kling-fragments.ts.

const toAnimate = pictureToAnimate(picture(20));
const upTo60s = { minSeconds: 2, maxSeconds: 60 };
const VOICE_FILES = ['mp3', 'wav', 'm4a'];

const GUIDANCE = say(
  'How closely the prompt is followed; less leaves more freedom.',
  '对提示词的遵循程度，越低越自由。',
);
const guidance = (standard: number, step: number) =>
  optional(number(GUIDANCE, { default: standard, min: 0, max: 1, step }));

// Elements, faces, speech.
const ms = (about: Words, limits: { readonly min?: number } = {}) => integer(about, { ...limits, unit: 'ms' });
const volume = (about: Words) => optional(number(about, { default: 1, min: 0, max: 2 }));
const avatar = {
  imageUrl: image(say('Portrait of who speaks.', '说话者的肖像图。'), picture(10, JPG_PNG_WEBP)),
  audioUrl: audio(say('What is said or sung.', '说话或唱歌的音频。'), { accept: VOICE_FILES, maxMegabytes: 20 }),
  prompt: optional(prompt({ maxChars: 2048 })),
};

const tools: readonly Row[] = [
  {
    id: 'kling-elements',
    task: 'element-create',
    output: 'string',
    en: 'Stores a person or thing from a front view and up to three more views, and answers an id for later videos.',
    zh: '用一张正面图和最多三张其他角度图保存人物或物体，返回供后续视频引用的编号。',
    params: {
      name: text(say('What to call the element.', '主体名称。')),
      description: text(say('What it looks like, in a sentence.', '对主体外观的一句描述。')),
      imageUrl: image(say('The front view.', '正面图。'), picture(10)),
      elementReferList: images(say('Other views of the same.', '同一主体的其他角度图。'), {
        ...picture(20),
        minItems: 1,
        maxItems: 3,
      }),
      tagList: optional(objects(say('Labels to find it by.', '用于分类的标签。'), ['tag_id'])),
    },
    price: perCall(0.06),
    example: {
      name: 'Miro the fox',
      description: 'A young fox in a patched blue aviator jacket.',
      imageUrl: at('miro-front.png'),
      elementReferList: [at('miro-left.png'), at('miro-back.png')],
    },
  },
  {
    id: 'kling-lip-sync/identify-face',
    task: 'face-identify',
    output: 'string',
    en: 'Finds the faces in a clip and answers a session and face ids: the first step of a lip-sync.',
    zh: '识别视频中的人脸并返回会话与人脸编号，是对口型的第一步。',
    params: {
      videoUrl: optional(
        video(say('The clip with the faces.', '含有人脸的视频。'), {
          accept: ['mp4', 'mov'],
          maxMegabytes: 100,
          ...upTo60s,
          minSidePx: 512,
          maxSidePx: 2160,
          resolutions: ['720p', '1080p'],
        }),
      ),
      videoId: optional(
        text(say('Id of a video made here before, in place of an address.', '已生成视频的编号，可代替视频地址。'), {
          refersTo: { output: 'video', maxAgeDays: 30, maxSeconds: 60 },
        }),
      ),
    },
    rules: [{ rule: 'exactly-one-of', params: ['videoUrl', 'videoId'] }],
    price: perCall(0.035),
    example: { videoUrl: at('newsreader.mp4') },
  },
  {
    id: 'kling-lip-sync/lip-sync-video',
    task: 'lip-sync',
    en: 'Makes a face found before speak the given words, lips and sound in step.',
    zh: '让已识别的人脸按给定音频开口说话，口型与声音同步。',
    params: {
      // Kling API reference, "identify-face": a session is valid for 24 hours.
      sessionId: text(say('The session that identify-face answered.', '人脸识别返回的会话编号。'), {
        refersTo: { tasks: ['face-identify'], maxAgeHours: 24 },
      }),
      faceId: text(say('Which of its faces speaks.', '要开口说话的人脸编号。')),
      audioId: optional(
        text(say('Id of speech made here before, in place of an address.', '已生成语音的编号，可代替音频地址。'), {
          refersTo: { tasks: ['text-to-speech'], maxAgeDays: 30, ...upTo60s },
        }),
      ),
      audioUrl: optional(
        audio(say('What is said.', '要说的音频。'), { accept: VOICE_FILES, maxMegabytes: 5, ...upTo60s }),
      ),
      soundStartTime: ms(say('Where in the sound to begin.', '音频截取起点。'), { min: 0 }),
      soundEndTime: ms(say('Where in the sound to stop.', '音频截取终点。')),
      soundInsertTime: ms(say('When in the video it is heard.', '音频插入视频的时间点。'), { min: 0 }),
      soundVolume: volume(say('Loudness of the new sound; 1 is as given.', '新音频音量，1 为原音量。')),
      originalAudioVolume: volume(say('Loudness of the sound that was there; 0 mutes it.', '原声音量，0 为静音。')),
    },
    rules: [
      { rule: 'exactly-one-of', params: ['audioId', 'audioUrl'] },
      { rule: 'min-span', params: ['soundStartTime', 'soundEndTime'], minMs: 2000 },
    ],
    price: perFiveSeconds(0.35),
    example: {
      sessionId: '790412337719447573',
      faceId: '0',
      audioUrl: at('good-evening.mp3'),
      soundStartTime: 0,
      soundEndTime: 4200,
      soundInsertTime: 500,
    },
  },
  {
    id: 'kling-lip-sync/tts',
    task: 'text-to-speech',
    output: 'audio',
    en: 'Speaks a text in one of 46 Chinese and English voices, for listening or for a lip-sync.',
    zh: '用 46 种中英文音色朗读文本，可直接收听或用于对口型。',
    params: {
      text: spokenText({ maxChars: 1000 }),
      voiceId: oneOf(say('Who speaks.', '音色。'), VOICES, { default: 'genshin_klee2' }),
      voiceLanguage: oneOf(say('Language of the text.', '文本语言。'), ['zh', 'en'], { default: 'zh' }),
      voiceSpeed: speechSpeed({ min: 0.8, max: 2, step: 0.1 }),
    },
    price: perCall(0.035),
    example: {
      text: 'Mind the step, and welcome aboard the night ferry to the islands.',
      voiceId: 'calm_story1',
      voiceLanguage: 'en',
    },
  },
  {
    id: 'kling-v2-ai-avatar-standard/image-audio-to-video',
    task: 'audio-image-to-video',
    en: 'Makes a portrait speak or sing to a sound file, for as long as the sound lasts.',
    zh: '让肖像随音频说话或唱歌，时长与音频一致。',
    params: avatar,
    price: perSecond(0.36),
    example: { imageUrl: at('museum-guide.jpg'), audioUrl: at('tour-intro.mp3'), prompt: 'She gestures to the left.' },
  },
  {
    id: 'kling-v2-ai-avatar-pro/image-audio-to-video',
    task: 'audio-image-to-video',
    en: 'The finer talking portrait: livelier expression and steadier detail than the standard one.',
    zh: '更精细的数字人：表情更生动，细节更稳定。',
    params: avatar,
    price: perSecond(0.72),
    example: { imageUrl: at('opera-singer.png'), audioUrl: at('aria.wav'), prompt: 'He sings with closed eyes.' },
  },
];

// 2.5 turbo and 2.6.
const v25 = { prompt: prompt2000, negativePrompt: not2500, duration: fiveOrTen, guidanceScale: guidance(0.5, 0.1) };
// In 2.6 the switch is a word.
const v26 = { prompt: prompt2000, negativePrompt: not2500, duration: fiveOrTen, sound: generateAudioWord('true') };
const price25Pro = perCall(['duration'], { 5: 1.75, 10: 3.5 });
const price26 = perCall(['duration', 'sound'], { 5: { false: 1.75, true: 3.5 }, 10: { false: 3.5, true: 7 } });

// Motion control: who moves, and whose movement.
const actor = pictureOfActor(picture(10));
const movement = clipOfMovement(clip(100));
const sizedActor = { ...actor, minSidePx: 300, maxSidePx: 65536, minAspect: 0.4, maxAspect: 2.5 };
const sizedMovement = { ...movement, maxSeconds: 30, minSidePx: 340, maxSidePx: 3850 };
const characterOrientation = oneOf(
  say('Whether the figure faces as in the picture or as in the clip.', '人物朝向与图片还是与视频一致。'),
  ['image', 'video'],
  { default: 'video' },
);
const motion26 = {
  imageUrl: sizedActor,
  videoUrl: sizedMovement,
  characterOrientation,
  prompt: optional(prompt2500),
  keepOriginalSound: optional(oneOf(KEEP_SOUND, ['yes', 'no'], { default: 'yes' })),
};
const motion4k = {
  imageUrl: actor,
  videoUrl: movement,
  characterOrientation,
  prompt: optional(prompt2500),
  negativePrompt: not2500,
  keepOriginalSound: optional(keepOriginalSound),
  elementList,
};
const motion3 = { ...motion4k, imageUrl: sizedActor, videoUrl: { ...sizedMovement, minSeconds: 3 } };
const motionRules: readonly Constraint[] = [
  { rule: 'max-duration', when: { characterOrientation: 'image' }, params: ['videoUrl'], maxSeconds: 10 },
  { rule: 'max-duration', when: { characterOrientation: 'video' }, params: ['videoUrl'], maxSeconds: 30 },
];

const second: readonly Row[] = [
  {
    id: 'kling-v2.5-turbo-pro/text-to-video',
    task: 'text-to-video',
    en: 'Films a written scene with Kling 2.5 Turbo in its finer mode. Silent, quick, good at fast movement.',
    zh: '用可灵 2.5 Turbo 高品质模式拍摄文字场景，无声、速度快，擅长大幅度动作。',
    params: { ...v25, aspectRatio: ratio },
    price: price25Pro,
    example: {
      prompt: 'A parkour runner crosses rooftops at sunrise, camera chasing close behind.',
      aspectRatio: '16:9',
    },
  },
  {
    id: 'kling-v2.5-turbo-pro/image-to-video',
    task: 'image-to-video',
    en: 'Animates a picture with Kling 2.5 Turbo in its finer mode, on to a last picture if given.',
    zh: '用可灵 2.5 Turbo 高品质模式让图片动起来，可指定尾帧。',
    params: { ...v25, prompt: optional(prompt2000), firstImageUrl: from50MB, lastImageUrl: to50MB },
    price: price25Pro,
    example: {
      prompt: 'The stallion rears and gallops into the surf.',
      firstImageUrl: at('stallion.jpg'),
      duration: '10',
    },
  },
  {
    id: 'kling-v2.5-turbo-std/text-to-video',
    task: 'text-to-video',
    en: 'Films a written scene with Kling 2.5 Turbo in its plain mode. For trying ideas.',
    zh: '用可灵 2.5 Turbo 标准模式拍摄文字场景，适合快速试想法。',
    params: { ...v25, aspectRatio: ratio },
    example: { prompt: 'A vending robot hands out umbrellas in a sudden downpour.', negativePrompt: 'text, watermark' },
  },
  {
    id: 'kling-v2.5-turbo-std/image-to-video',
    task: 'image-to-video',
    en: 'Animates a picture with Kling 2.5 Turbo in its plain mode, at the lowest price of the line.',
    zh: '用可灵 2.5 Turbo 标准模式让图片动起来，价格最低。',
    params: { ...v25, firstImageUrl: from50MB },
    price: perCall(['duration'], { 5: 1.05, 10: 2.1 }),
    example: { prompt: 'The sunflower turns its head to follow the sun.', firstImageUrl: at('sunflower.png') },
  },
  {
    id: 'kling-v2.6-pro/text-to-video',
    name: 'kling-v2.6-pro-text-to-video',
    task: 'text-to-video',
    en: 'Films a written scene with Kling 2.6, with voices and sound made together with the picture.',
    zh: '用可灵 2.6 拍摄文字场景，人声音效与画面一同生成。',
    params: { ...v26, aspectRatio: ratio },
    price: price26,
    example: {
      prompt: 'A stand-up comedian taps the microphone: "Is this thing alive?" The crowd laughs.',
      sound: 'true',
    },
  },
  {
    id: 'kling-v2.6-pro/image-to-video',
    name: 'kling-v2.6-pro-image-to-video',
    task: 'image-to-video',
    en: 'Animates a picture with Kling 2.6 and gives it sound.',
    zh: '用可灵 2.6 让图片动起来并配上声音。',
    params: { ...v26, imageUrl: toAnimate },
    price: price26,
    example: { prompt: 'The campfire crackles and the storyteller leans in.', imageUrl: at('campfire.jpg') },
  },
  {
    id: 'kling-v2.6-pro/motion-control',
    name: 'kling-v2.6-pro-motion-control',
    task: 'motion-control',
    en: 'Makes the figure of a picture move like the one in a clip, with Kling 2.6 in its finer mode.',
    zh: '用可灵 2.6 高品质模式让图中人物复现视频里的动作。',
    params: motion26,
    rules: motionRules,
    price: perSecond(0.56),
    example: { imageUrl: at('marionette.png'), videoUrl: at('tap-dance.mp4'), prompt: 'On a wooden theatre stage.' },
  },
  {
    id: 'kling-v2.6-std/motion-control',
    name: 'kling-v2.6-std-motion-control',
    task: 'motion-control',
    en: 'Makes the figure of a picture move like the one in a clip, with Kling 2.6 in its plain mode.',
    zh: '用可灵 2.6 标准模式让图中人物复现视频里的动作。',
    params: motion26,
    rules: motionRules,
    price: perSecond(0.35),
    example: { imageUrl: at('astronaut.jpg'), videoUrl: at('morning-stretch.mp4') },
  },
];

const v3 = { prompt: prompt2500, negativePrompt: not2500, duration: length, cfgScale: guidance(0.5, 0.1), ...story };
const v3Text = { ...v3, aspectRatio: wideRatio };
const v3Picture = { ...v3, sound, firstImageUrl: from50MB, lastImageUrl: to50MB, elementList };
const third: readonly Row[] = [
  {
    id: 'kling-v3.0-std/text-to-video',
    name: 'kling-v3.0-std-text-to-video',
    task: 'text-to-video',
    en: 'Films a written scene or a list of shots with Kling 3.0 in its plain mode, 3 to 15 seconds.',
    zh: '用可灵 3.0 标准模式拍摄文字场景或多个分镜，3–15 秒。',
    params: { ...v3Text, sound },
    rules: storyRules,
    price: bySound(0.52, 0.78),
    example: { prompt: 'A snail wins the marathon; confetti, slow applause, one tear.', duration: '7' },
  },
  {
    id: 'kling-v3.0-std/image-to-video',
    name: 'kling-v3.0-std-image-to-video',
    task: 'image-to-video',
    en: 'Animates a picture with Kling 3.0 in its plain mode, keeping to stored elements if given.',
    zh: '用可灵 3.0 标准模式让图片动起来，可引用已保存的主体。',
    params: { ...v3Picture, cfgScale: guidance(0.8, 0.1) },
    rules: storyRules,
    price: bySound(0.52, 0.78),
    example: { prompt: 'The paper lantern sways and a moth circles it.', firstImageUrl: at('lantern.jpg') },
  },
  {
    id: 'kling-v3.0-std/motion-control',
    name: 'kling-v3.0-std-motion-control',
    task: 'motion-control',
    en: 'Makes the figure of a picture move like the one in a clip, with Kling 3.0 in its plain mode.',
    zh: '用可灵 3.0 标准模式让图中人物复现视频里的动作。',
    params: motion3,
    rules: motionRules,
    price: perSecond(0.81),
    example: { imageUrl: at('scarecrow.png'), videoUrl: at('moonwalk.mp4') },
  },
  {
    id: 'kling-v3.0-pro/text-to-video',
    name: 'kling-v3.0-pro-text-to-video',
    task: 'text-to-video',
    en: 'Films a written scene or a list of shots with Kling 3.0 in its finer mode, with sound.',
    zh: '用可灵 3.0 高品质模式拍摄文字场景或多个分镜，带声音。',
    params: { ...v3Text, sound },
    rules: storyRules,
    price: bySound(0.69, 1.04),
    example: {
      prompt: 'A letter travels from a ship to a hilltop house.',
      duration: '9',
      multiShot: true,
      shotType: 'customize',
      multiPrompt: [
        { index: 1, prompt: 'A sailor seals a letter in the lamplit cabin.', duration: '4' },
        { index: 2, prompt: 'A postman cycles uphill through wheat; a door opens.', duration: '5' },
      ],
    },
  },
  {
    id: 'kling-v3.0-pro/image-to-video',
    name: 'kling-v3.0-pro-image-to-video',
    task: 'image-to-video',
    en: 'Animates a picture with Kling 3.0 in its finer mode, between two pictures or with stored elements.',
    zh: '用可灵 3.0 高品质模式让图片动起来，支持首尾帧与主体引用。',
    params: v3Picture,
    rules: storyRules,
    price: bySound(0.69, 1.04),
    example: {
      prompt: 'Night falls over the harbour while the tide runs out.',
      firstImageUrl: at('harbour-day.png'),
      lastImageUrl: at('harbour-night.png'),
      duration: '10',
    },
  },
  {
    id: 'kling-v3.0-pro/motion-control',
    name: 'kling-v3.0-pro-motion-control',
    task: 'motion-control',
    en: 'Makes the figure of a picture move like the one in a clip, with Kling 3.0 in its finer mode.',
    zh: '用可灵 3.0 高品质模式让图中人物复现视频里的动作。',
    params: motion3,
    rules: motionRules,
    price: perSecond(1.08),
    example: { imageUrl: at('samurai.jpg'), videoUrl: at('sword-form.mp4'), prompt: 'Cherry petals swirl around him.' },
  },
  {
    id: 'kling-v3-4k/text-to-video',
    name: 'kling-v3-4k-text-to-video',
    task: 'text-to-video',
    en: 'Films a written scene with Kling 3.0 in 4k. For large screens.',
    zh: '用可灵 3.0 以 4k 拍摄文字场景，适合大屏。',
    params: { ...v3Text, sound: silent, elementList },
    rules: storyRules,
    price: price4k,
    example: { prompt: 'Extreme close-up: frost ferns grow across a windowpane at first light.', sound: true },
  },
  {
    id: 'kling-v3-4k/image-to-video',
    name: 'kling-v3.0-4k-image-to-video',
    task: 'image-to-video',
    en: 'Animates a picture with Kling 3.0 in 4k, told by one prompt or by a list of shots.',
    zh: '用可灵 3.0 以 4k 让图片动起来，可用单条提示词或多个分镜。',
    params: {
      prompt: optional(prompt2500),
      imageUrl: {
        ...toAnimate,
        ...picture(30, ['jpg', 'jpeg', 'png']),
        minSidePx: 300,
        minAspect: 0.4,
        maxAspect: 2.5,
      },
      endImageUrl: optional(lastFrame(picture(30))),
      negativePrompt: optional(negativePrompt()),
      duration: wholeLength,
      cfgScale: guidance(0.5, 0.01),
      sound: silent,
      ...story,
      elementList,
    },
    rules: [{ rule: 'exactly-one-of', params: ['prompt', 'multiPrompt'] }, ...storyRules],
    price: price4k,
    example: { prompt: 'The stained-glass saint lowers her hand; light pours in.', imageUrl: at('stained-glass.png') },
  },
  {
    id: 'kling-v3.0-4k/motion-control',
    name: 'kling-v3.0-4k-motion-control',
    task: 'motion-control',
    en: 'Makes the figure of a picture move like the one in a clip, with Kling 3.0 in 4k.',
    zh: '用可灵 3.0 以 4k 让图中人物复现视频里的动作。',
    params: motion4k,
    example: { imageUrl: at('ballet-poster.png'), videoUrl: at('arabesque.mp4') },
  },
];

export const kling = family({ family: 'kling', vendor: 'kuaishou', pricesAsOf: '2026-04-29' }, [
  ...tools,
  ...second,
  ...third,
  ...omni,
]);
