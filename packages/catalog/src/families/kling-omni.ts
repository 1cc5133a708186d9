import { at, perCall, perSecond, type Row } from '../family.ts';
import { oneOf, optional, say, video } from '../params.ts';
import {
  bySound,
  clip,
  elementList,
  fiveOrTen,
  from50MB,
  keepOriginalSound,
  picture,
  price4k,
  prompt2000,
  prompt2500,
  ratio,
  shotType,
  silent,
  sound,
  story,
  storyRules,
  to50MB,
  wholeLength,
  wideRatio,
} from './kling-fragments.ts';
import { clipToChange, firstFrame, JPG_PNG_WEBP, lastFrame, prompt, referenceImages } from './shared.ts';

// Limits and prices: as in kling-fragments.ts.

// The omni models: o1, where a word chooses the mode, and o3, where the path does.
const mode = oneOf(say('Plain or finer quality.', '标准或高品质模式。'), ['std', 'pro'], { default: 'std' });
const o1 = { prompt: optional(prompt2000), aspectRatio: ratio, duration: fiveOrTen, mode };
const o1References = {
  prompt: prompt2000,
  mode,
  imageUrls: optional(referenceImages({ ...picture(20), maxItems: 7 })),
  keepOriginalSound,
};
const toFollow = video(say('The clip to refer to.', '作为参考的视频。'), clip(10));
const toEdit = clipToChange(clip(10));
const o1Price = perCall(['mode', 'duration'], { std: { 5: 2.1, 10: 4.2 }, pro: { 5: 2.8, 10: 5.6 } });

const o3 = { prompt: prompt({ minChars: 1, maxChars: 2500 }), duration: wholeLength, ...story };
const o3Text = { ...o3, aspectRatio: wideRatio, sound };
const o3Picture = { ...o3, sound, firstImageUrl: from50MB, lastImageUrl: to50MB };
const upTo10s = { ...clip(50), maxSeconds: 10 };
const o3References = {
  ...o3,
  aspectRatio: wideRatio,
  shotType: optional(shotType),
  videoUrl: optional({ ...toFollow, ...upTo10s }),
  imageUrls: optional(referenceImages({ ...picture(50), maxItems: 7 })),
  keepOriginalSound,
  sound: silent,
};
const o3Edit = {
  prompt: o3.prompt,
  videoUrl: { ...toEdit, ...upTo10s },
  imageUrls: optional(referenceImages({ ...picture(50), maxItems: 4 })),
  keepOriginalSound,
};
const o3Large = { ...o3, prompt: prompt2500, sound: silent, elementList };
const picture30 = picture(30, JPG_PNG_WEBP);

export const omni: readonly Row[] = [
  {
    id: 'kling-video-o1/text-to-video',
    task: 'text-to-video',
    en: 'Films a written scene with Kling O1, the first of the omni models.',
    zh: '用首代全能模型可灵 O1 拍摄文字场景。',
    params: o1,
    price: o1Price,
    example: { prompt: 'An elevator opens onto a coral reef; commuters swim out, briefcases in hand.', mode: 'pro' },
  },
  {
    id: 'kling-video-o1/image-to-video',
    task: 'image-to-video',
    en: 'Animates a first picture with Kling O1.',
    zh: '用可灵 O1 从首帧生成视频。',
    params: { ...o1, firstImageUrl: firstFrame(picture(20)) },
    price: o1Price,
    example: { prompt: 'The toy soldier salutes and marches off the shelf.', firstImageUrl: at('toy-soldier.png') },
  },
  {
    id: 'kling-video-o1/start-to-end',
    task: 'start-end-to-video',
    en: 'Fills the time between two pictures with Kling O1.',
    zh: '用可灵 O1 补全首尾两张图片之间的过程。',
    params: { ...o1, firstImageUrl: firstFrame(picture(20)), lastImageUrl: lastFrame(picture(20)) },
    price: o1Price,
    example: {
      prompt: 'The clay spins and rises into a vase.',
      firstImageUrl: at('clay-lump.jpg'),
      lastImageUrl: at('clay-vase.jpg'),
    },
  },
  {
    id: 'kling-video-o1-std/refrence-to-video', // The service itself spells it so.
    task: 'reference-to-video',
    en: 'Makes a new Kling O1 shot that follows a given clip and the subjects of up to seven pictures.',
    zh: '用可灵 O1 参考一段视频与最多七张主体图生成新镜头。',
    params: { ...o1References, aspectRatio: ratio, duration: fiveOrTen, videoUrl: toFollow },
    price: perCall(['mode', 'duration'], { std: { 5: 3.15, 10: 6.3 }, pro: { 5: 4.2, 10: 8.4 } }),
    example: {
      prompt: 'The same walk through the market, led by the old fisherman.',
      videoUrl: at('market-walk.mp4'),
      imageUrls: [at('fisherman.jpg')],
    },
  },
  {
    id: 'kling-video-o1-std/edit-video',
    task: 'video-edit',
    en: 'Changes what a sentence names in a clip and leaves the rest, with Kling O1.',
    zh: '用可灵 O1 按一句话修改视频内容，其余保持不变。',
    params: { ...o1References, videoUrl: toEdit },
    price: perCall(['mode'], { std: 6.3, pro: 8.4 }),
    example: { prompt: 'Turn the summer street into deep winter.', videoUrl: at('summer-street.mp4') },
  },
  {
    id: 'kling-video-o3-std/text-to-video',
    name: 'kling-video-o3-std-text-to-video',
    task: 'text-to-video',
    en: 'Films a written scene or a list of shots with Kling O3 in its plain mode, with sound.',
    zh: '用可灵 O3 标准模式拍摄文字场景或多个分镜，带声音。',
    params: o3Text,
    rules: storyRules,
    price: bySound(0.52, 0.69),
    example: { prompt: 'A toad in a waistcoat tunes a double bass beside the pond, fireflies keep time.', duration: 8 },
  },
  {
    id: 'kling-video-o3-std/image-to-video',
    name: 'kling-video-o3-std-image-to-video',
    task: 'image-to-video',
    en: 'Animates a picture with Kling O3 in its plain mode, on to a last picture if given.',
    zh: '用可灵 O3 标准模式让图片动起来，可指定尾帧。',
    params: o3Picture,
    rules: storyRules,
    price: bySound(0.52, 0.69),
    example: { prompt: 'The weathercock spins as the storm front rolls in.', firstImageUrl: at('weathercock.jpg') },
  },
  {
    id: 'kling-video-o3-std/reference-to-video',
    altNames: ['kling-video-o3-std-reference-to-video'],
    task: 'reference-to-video',
    en: 'Makes a new Kling O3 shot from a clip and pictures to refer to. Beside a clip there is room for four pictures.',
    zh: '用可灵 O3 参考视频与图片生成新镜头；带视频时最多四张图片。',
    params: {
      ...o3References,
      videoUrl: optional({ ...toFollow, ...upTo10s, minSidePx: 720, maxSidePx: 2160 }),
    },
    rules: [{ rule: 'max-items', whenPresent: ['videoUrl'], params: ['imageUrls'], max: 4 }, ...storyRules],
    price: bySound(0.54, 0.72),
    example: {
      prompt: 'The boy and his kite from the pictures, filmed like the clip.',
      videoUrl: at('crane-shot.mp4'),
      imageUrls: [at('boy.png'), at('kite.png')],
    },
  },
  {
    id: 'kling-video-o3-std/video-edit',
    altNames: ['kling-video-o3-std-video-edit'],
    task: 'video-edit',
    en: 'Changes what a sentence names in a clip of up to ten seconds, with Kling O3 in its plain mode.',
    zh: '用可灵 O3 标准模式按一句话修改十秒以内的视频。',
    params: o3Edit,
    price: perSecond(0.81),
    example: {
      prompt: 'Replace the bicycle with the rickshaw of the picture.',
      videoUrl: at('bicycle-ride.mp4'),
      imageUrls: [at('rickshaw.jpg')],
    },
  },
  {
    id: 'kling-video-o3-pro/text-to-video',
    name: 'kling-video-o3-pro-text-to-video',
    task: 'text-to-video',
    en: 'Films a written scene or a list of shots with Kling O3 in its finer mode, with stored elements if wanted.',
    zh: '用可灵 O3 高品质模式拍摄文字场景或多个分镜，可引用主体。',
    params: { ...o3Text, elementList },
    rules: storyRules,
    price: bySound(0.69, 0.87),
    example: {
      prompt: 'A submarine surfaces in a city fountain at noon; the hatch opens to a jazz trio.',
      duration: 12,
    },
  },
  {
    id: 'kling-video-o3-pro/image-to-video',
    name: 'kling-video-o3-pro-image-to-video',
    task: 'image-to-video',
    en: 'Animates a picture with Kling O3 in its finer mode, with a last picture or stored elements if wanted.',
    zh: '用可灵 O3 高品质模式让图片动起来，支持尾帧与主体引用。',
    params: { ...o3Picture, elementList },
    rules: storyRules,
    price: bySound(0.69, 0.87),
    example: {
      prompt: 'The whale breaches beside the rowing boat.',
      firstImageUrl: at('rowing-boat.png'),
      duration: 6,
    },
  },
  {
    id: 'kling-video-o3-pro/reference-to-video',
    altNames: ['kling-video-o3-pro-reference-to-video'],
    task: 'reference-to-video',
    en: 'Makes a new Kling O3 shot in its finer mode from a clip, pictures and stored elements to refer to.',
    zh: '用可灵 O3 高品质模式参考视频、图片与主体生成新镜头。',
    params: { ...o3References, elementList },
    rules: storyRules,
    price: bySound(0.72, 0.9),
    example: {
      prompt: 'The baker and the goose of the pictures race through the village square.',
      imageUrls: [at('baker.png'), at('goose.png')],
      duration: 10,
      sound: true,
    },
  },
  {
    id: 'kling-video-o3-pro/video-edit',
    altNames: ['kling-video-o3-pro-video-edit'],
    task: 'video-edit',
    en: 'Changes what a sentence names in a clip of up to ten seconds, with Kling O3 in its finer mode.',
    zh: '用可灵 O3 高品质模式按一句话修改十秒以内的视频。',
    params: { ...o3Edit, elementList },
    price: perSecond(1.08),
    example: { prompt: 'Relight the scene as a moonlit night with fog.', videoUrl: at('forest-path.mp4') },
  },
  {
    id: 'kling-video-o3-4k/text-to-video',
    name: 'kling-video-o3-4k-text-to-video',
    task: 'text-to-video',
    en: 'Films a written scene or a list of shots with Kling O3 in 4k.',
    zh: '用可灵 O3 以 4k 拍摄文字场景或多个分镜。',
    params: { ...o3Large, aspectRatio: wideRatio },
    rules: storyRules,
    price: price4k,
    example: { prompt: 'Aerial: a red train threads a white mountain pass, snow lifting in its wake.', duration: 10 },
  },
  {
    id: 'kling-video-o3-4k/image-to-video',
    name: 'kling-video-o3-4k-image-to-video',
    task: 'image-to-video',
    en: 'Animates a picture with Kling O3 in 4k, on to a last picture if given.',
    zh: '用可灵 O3 以 4k 让图片动起来，可指定尾帧。',
    params: { ...o3Large, firstImageUrl: firstFrame(picture30), lastImageUrl: optional(lastFrame(picture30)) },
    rules: storyRules,
    price: price4k,
    example: { prompt: 'The mural peels off the wall and walks down the alley.', firstImageUrl: at('mural.webp') },
  },
  {
    id: 'kling-video-o3-4k/reference-to-video',
    name: 'kling-video-o3-4k-reference-to-video',
    task: 'reference-to-video',
    en: 'Makes a new Kling O3 shot in 4k from up to seven pictures to refer to.',
    zh: '用可灵 O3 以 4k 参考最多七张图片生成新镜头。',
    params: {
      ...o3Large,
      aspectRatio: wideRatio,
      imageUrls: optional(referenceImages({ ...picture30, maxItems: 7 })),
      keepOriginalSound: optional(keepOriginalSound),
    },
    rules: storyRules,
    price: price4k,
    example: {
      prompt: 'The two dancers meet in the ruined theatre.',
      imageUrls: [at('dancers.jpg'), at('theatre.jpg')],
    },
  },
];
