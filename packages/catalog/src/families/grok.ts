import { at, family, perCall, perSecond, type Row } from '../family.ts';
import { images, oneOf, optional, say } from '../params.ts';
import {
  aspectRatio,
  clipToChange,
  clipToExtend,
  JPG_PNG,
  JPG_PNG_WEBP,
  MP4_MOV,
  pictureToAnimate,
  prompt,
  referenceImages,
  resolution,
  seconds,
  WIDE_TALL_OR_SQUARE,
  wholeSeconds,
} from './shared.ts';
import {
  editPrompt,
  outputFormat,
  picturePrompt,
  pictureRatio,
  pictureSize,
  sourceImage,
  sourceImages,
} from './shared-pictures.ts';

// Limits and prices: the platform's public model registry, revision of 2026-05-07.

const upTo10MB = { accept: JPG_PNG, maxMegabytes: 10 };
const webp10MB = { accept: JPG_PNG_WEBP, maxMegabytes: 10 };
const prompt800 = prompt({ maxChars: 800 });
const prompt2048 = prompt({ maxChars: 2048 });
const prompt20k = { maxChars: 20000 };
const SIZES = ['480p', '720p'];
const large = resolution(SIZES, '720p');
const small = resolution(SIZES, '480p');
const sixOrTen = seconds(['6', '10'], '6');
const byLength = perCall(['duration'], { 6: 1.89, 10: 3.15 });

const officialFilms: readonly Row[] = [
  {
    id: 'rhart-video-g-official/text-to-video',
    name: 'xai/grok-imagine/text-to-video-official-stable',
    altNames: ['xai/grok-imagine-official/text-to-video'],
    task: 'text-to-video',
    en: 'Films a written scene with Grok Imagine, speech and noises included. Quick, cheeky, good for jokes.',
    zh: '用 Grok Imagine 拍摄文字场景，自带人声与音效，出片快，适合搞笑短片。',
    params: {
      prompt: prompt800,
      aspectRatio: aspectRatio(WIDE_TALL_OR_SQUARE, '16:9'),
      resolution: large,
      duration: sixOrTen,
    },
    price: byLength,
    example: {
      prompt: 'A robot lawnmower gives a motivational speech to a circle of garden gnomes.',
      resolution: '480p',
    },
  },
  {
    id: 'rhart-video-g-official/image-to-video',
    name: 'xai/grok-imagine/image-to-video-official-stable',
    altNames: ['xai/grok-imagine-official/image-to-video'],
    task: 'image-to-video',
    en: 'Animates a picture with Grok Imagine and gives it sound, for 6 or 10 seconds.',
    zh: '用 Grok Imagine 让图片动起来并配上声音，6 或 10 秒。',
    params: { prompt: prompt800, imageUrl: pictureToAnimate(upTo10MB), resolution: large, duration: sixOrTen },
    price: byLength,
    example: {
      prompt: 'The garden gnome winks, lifts its hat and wanders off the lawn.',
      imageUrl: at('garden-gnome.jpg'),
      resolution: '480p',
    },
  },
  {
    id: 'rhart-video-g-official/reference-to-video',
    name: 'xai/grok-imagine-video/reference-to-video-official-stable',
    task: 'reference-to-video',
    en: 'Shows the people, clothes and things of up to seven pictures in a new Grok Imagine scene. For try-ons and adverts.',
    zh: '把至多七张图片里的人物、服装与物品放进新的 Grok Imagine 场景，适合试穿与广告。',
    params: {
      prompt: prompt2048,
      imageUrls: referenceImages({ minItems: 1, maxItems: 7, ...webp10MB }),
      duration: sixOrTen,
      resolution: large,
    },
    price: byLength,
    example: {
      prompt: 'The model of image 1 walks the pier in the coat of image 2, hair in the wind.',
      imageUrls: [at('model.jpg'), at('wool-coat.webp')],
      resolution: '480p',
    },
  },
  {
    id: 'rhart-video-g-official/edit-video',
    name: 'xai/grok-imagine/edit-video-official-stable',
    altNames: ['xai/grok-imagine-official/edit-video'],
    task: 'video-edit',
    en: 'Changes a clip by one sentence with Grok Imagine: add or remove a thing, change clothes, weather or look.',
    zh: '用 Grok Imagine 以一句话修改视频：增删物体，更换服装、天气或画风。',
    params: {
      prompt: prompt800,
      videoUrl: clipToChange({ accept: ['mp4'], maxMegabytes: 50 }),
      resolution: small,
    },
    price: perSecond(0.41),
    example: { prompt: 'Make it snow and give the cyclist a red scarf.', videoUrl: at('cyclist.mp4') },
  },
  {
    id: 'rhart-video-g-official/video-extend',
    name: 'xai/grok-imagine-video/video-extend-official-stable',
    task: 'video-extend',
    en: 'Adds 6 or 10 seconds to a clip with Grok Imagine, from its last frame on.',
    zh: '用 Grok Imagine 从最后一帧起为视频续写 6 或 10 秒。',
    params: {
      prompt: prompt2048,
      videoUrl: clipToExtend({ accept: MP4_MOV, maxMegabytes: 100 }),
      duration: sixOrTen,
    },
    price: byLength,
    example: { prompt: 'The skateboarder lands the jump and waves at the camera.', videoUrl: at('half-pipe.mov') },
  },
];

const cheap = {
  aspectRatio: aspectRatio(['2:3', '3:2', '1:1', '16:9', '9:16'], '2:3'),
  duration: optional(wholeSeconds(6, 30, 6)),
};
const lowPriceFilms: readonly Row[] = [
  {
    id: 'rhart-video-g/text-to-video',
    name: 'xai/grok-imagine/text-to-video-channel-low-price',
    altNames: ['xai/grok-imagine/text-to-video'],
    task: 'text-to-video',
    en: 'The low-price route to Grok Imagine from text: up to half a minute in one piece, five shapes.',
    zh: 'Grok Imagine 文生视频低价线路：一次最长半分钟，五种画幅。',
    params: { prompt: prompt(prompt20k), ...cheap, resolution: large },
    price: perSecond(0.03),
    example: {
      prompt: 'A tortoise in goggles tests a jet pack above a cabbage field; the farmer ducks.',
      aspectRatio: '3:2',
      resolution: '480p',
    },
  },
  {
    id: 'rhart-video-g/image-to-video',
    name: 'xai/grok-imagine/image-to-video-channel-low-price',
    altNames: ['xai/grok-imagine/image-to-video'],
    task: 'image-to-video',
    en: 'The low-price route to Grok Imagine from pictures: one to animate, or several whose subjects meet.',
    zh: 'Grok Imagine 图生视频低价线路：可让一张图动起来，也可让多图主体同框。',
    params: {
      prompt: prompt(prompt20k),
      imageUrls: optional(
        images(say('The picture to animate, or several to bring together.', '要变成视频的图片，可给多张让其同框。'), {
          maxItems: 7,
          ...upTo10MB,
        }),
      ),
      ...cheap,
      resolution: small,
    },
    price: perSecond(0.03),
    example: {
      prompt: 'The knitted octopus waves all its arms and the yarn ball rolls away.',
      imageUrls: [at('knitted-octopus.jpg')],
      aspectRatio: '1:1',
    },
  },
];

const officialPictures: readonly Row[] = [
  {
    id: 'rhart-image-x-official/text-to-image',
    name: 'xai/grok-imagine-image/text-to-image-official-stable',
    task: 'text-to-image',
    en: 'Draws with Grok Imagine in eleven shapes, from tall phone wallpaper to panorama banner.',
    zh: '用 Grok Imagine 绘图，十一种画幅，从手机长壁纸到全景横幅皆可。',
    params: {
      prompt: picturePrompt(prompt20k),
      aspectRatio: optional(
        pictureRatio(['2:1', '20:9', '16:9', '4:3', '3:2', '1:1', '2:3', '3:4', '9:16', '9:20', '1:2'], '1:1'),
      ),
      outputFormat: outputFormat(['jpeg', 'png'], 'jpeg'),
    },
    price: perCall(0.14),
    example: {
      prompt: 'Panorama of a salt desert under the Milky Way, one small tent lit from within.',
      aspectRatio: '20:9',
    },
  },
  {
    id: 'rhart-image-x-official/edit',
    name: 'xai/grok-imagine-image/edit-official-stable',
    task: 'image-to-image',
    en: 'Changes a picture with Grok Imagine as the prompt says and leaves the rest alone.',
    zh: '用 Grok Imagine 按提示词修改图片，其余部分保持原样。',
    params: { prompt: editPrompt(prompt20k), image: sourceImage(webp10MB) },
    price: perCall(0.14),
    example: {
      prompt: 'Swap the overcast sky for a thunderstorm with one bolt over the tower.',
      image: at('castle-tower.webp'),
    },
  },
];

const model = oneOf(
  say('Which version of Grok draws.', '使用哪个版本的 Grok 绘图。'),
  ['g-3', 'g-4', 'g-4.1', 'g-4.2'],
  { default: 'g-4.2' },
);
const lowPricePictures: readonly Row[] = [
  {
    id: 'rhart-image-g/text-to-image',
    name: 'grok-image/text-to-image/channel-low-price',
    task: 'text-to-image',
    en: 'The low-price route to pictures by Grok: four versions to choose from, five fixed sizes.',
    zh: 'Grok 文生图低价线路：四个版本可选，五种固定尺寸。',
    params: {
      prompt: picturePrompt(),
      model,
      // What this parameter calls a ratio is a size.
      aspectRatio: optional(pictureSize(['960x960', '720x1280', '1280x720', '1168x784', '784x1168'])),
    },
    price: perCall(0.08),
    example: {
      prompt: 'Tarot card of the Hermit as an astronaut with a lantern, gold foil lines.',
      aspectRatio: '784x1168',
    },
  },
  {
    id: 'rhart-image-g/image-to-image',
    name: 'grok-image/image-to-image/channel-low-price',
    task: 'image-to-image',
    en: 'The low-price route to editing by Grok, with a choice of four versions.',
    zh: 'Grok 改图低价线路，四个版本可选。',
    params: { prompt: editPrompt(), model, imageUrl: optional(sourceImage(upTo10MB)) },
    price: perCall(0.08),
    example: {
      prompt: 'Turn the snapshot into a 1970s travel poster.',
      model: 'g-4.1',
      imageUrl: at('beach-snapshot.jpg'),
    },
  },
];

const single = sourceImages({ maxItems: 1, ...upTo10MB });
const pictures: readonly Row[] = [
  {
    id: 'rhart-image-g-3/text-to-image',
    name: 'grok-3-image-text-to-image',
    task: 'text-to-image',
    en: 'Draws with Grok 3 from a prompt alone. For scenes with well-known props and plain humour.',
    zh: '用 Grok 3 仅凭提示词绘图，适合常见道具与直白幽默的画面。',
    params: { prompt: picturePrompt() },
    price: perCall(1),
    example: { prompt: 'Press photo of a duck at a lectern, microphones everywhere.' },
  },
  {
    id: 'rhart-image-g-3/image-to-image',
    name: 'grok-3-image-to-image',
    task: 'image-to-image',
    en: 'Redraws one picture with Grok 3 as the prompt says.',
    zh: '用 Grok 3 按提示词重绘一张图片。',
    params: { prompt: editPrompt(), imageUrls: { ...single, minItems: 1 } },
    price: perCall(1),
    example: { prompt: 'Put the whole team in astronaut suits.', imageUrls: [at('team-photo.jpg')] },
  },
  {
    id: 'rhart-image-g-4/text-to-image',
    name: 'grok-4-image-text-to-image',
    task: 'text-to-image',
    en: 'Draws with Grok 4 from a prompt alone, nearer to photography than Grok 3.',
    zh: '用 Grok 4 仅凭提示词绘图，比 Grok 3 更接近摄影质感。',
    params: { prompt: picturePrompt() },
    price: perCall(1),
    example: { prompt: 'Rain-soaked detective under a flickering bar sign, 35 mm, grain.' },
  },
  {
    id: 'rhart-image-g-4/image-to-image',
    name: 'grok-4-image-image-to-image',
    task: 'image-to-image',
    en: 'Edits one picture with Grok 4; without a picture it draws a new one.',
    zh: '用 Grok 4 编辑一张图片，不给图片时则直接绘制新图。',
    params: { prompt: editPrompt(), imageUrls: optional(single) },
    price: perCall(1),
    example: { prompt: 'Replace the coffee cup with a tiny volcano.', imageUrls: [at('desk-with-cup.png')] },
  },
];

const xai = { family: 'grok', vendor: 'xai', pricesAsOf: '2026-04-29' } as const;
const drawn = { ...xai, output: 'image' } as const;
export const grok = [
  ...family({ ...xai, channel: 'official-stable' }, officialFilms),
  ...family({ ...xai, channel: 'channel-low-price' }, lowPriceFilms),
  ...family({ ...drawn, channel: 'official-stable' }, officialPictures),
  ...family({ ...drawn, channel: 'channel-low-price' }, lowPricePictures),
  ...family(drawn, pictures),
];
