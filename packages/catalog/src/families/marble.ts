import { at, family, perCall, type Row } from '../family.ts';
import { flag, image, integer, oneOf, optional, say, text, video } from '../params.ts';
import type { Constraint, MediaKind, TextParam, Words } from '../types.ts';
import { JPG_PNG } from './shared.ts';

// Limits and prices: the platform's public model registry, revision of 2026-05-07.

const off = (about: Words) => optional(flag(about, { default: false }));
const people = (about: Words) => optional(text(about, { maxChars: 4000 }));
const common = {
  disableRecaption: off(
    say(
      'Whether the text is taken as it is, without being written anew by the model.',
      '是否原样使用文本，不由模型改写。',
    ),
  ),
  displayName: optional(text(say('What to call the world.', '世界的名称。'), { maxChars: 64 })),
  seed: optional(
    integer(say('The same seed and request give much the same world.', '随机种子：相同种子与请求得到相近的世界。'), {
      min: 0,
      max: 4_294_967_295,
      step: 1,
    }),
  ),
  permissionPublic: off(say('Whether everybody may see the world.', '是否对所有人公开。')),
  permissionAllowIdAccess: off(say('Whether the id alone is enough to see the world.', '是否凭编号即可访问。')),
  tags: optional(
    text(say('Labels to find the world by.', '用于查找的标签。'), { maxChars: 700, format: 'csv', maxItems: 10 }),
  ),
  permissionAllowedReaders: people(say('Who else may see the world.', '还有谁可以查看该世界。')),
  permissionAllowedWriters: people(say('Who else may change the world.', '还有谁可以修改该世界。')),
};

const LONGEST_TEXT = { maxChars: 4000 };
const textPrompt = optional(
  text(say('What lies beyond what is given: place, light, mood.', '素材之外的世界：地点、光线与氛围。'), LONGEST_TEXT),
);
/** The address of a file, or the media id that an upload answered. */
const source = (kind: MediaKind, about: Words): TextParam =>
  optional(text(about, { maxChars: 2048, addressOf: kind, refersTo: { tasks: ['media-upload'] } }));

const byText = {
  prompt: optional(
    text(say('The world: place, time, light, mood.', '世界的样子：地点、时间、光线与氛围。'), LONGEST_TEXT),
  ),
  ...common,
};
const byImage = {
  imageUrl: source('image', say('The picture to step into, or the media id of one.', '要走入的图片，或其媒体编号。')),
  textPrompt,
  isPano: off(say('Whether the picture is a panorama of the full circle.', '图片是否为 360 度全景。')),
  ...common,
};
const byImages = {
  textPrompt,
  reconstructImages: off(say('Whether the place is rebuilt from the pictures in space.', '是否由图片重建空间结构。')),
  ...common,
};
const byVideo = {
  videoUrl: source('video', say('The clip of a place, or the media id of one.', '展示地点的视频，或其媒体编号。')),
  textPrompt,
  ...common,
};

const imageRules: readonly Constraint[] = [
  { rule: 'max-images', when: { reconstructImages: false }, max: 4 },
  { rule: 'max-images', when: { reconstructImages: true }, max: 8 },
];
const byPano = (flat: number, panorama: number) => perCall(['isPano'], { false: flat, true: panorama });

const first: readonly Row[] = [
  {
    id: 'marble-1.0/text-to-world',
    task: 'text-to-world',
    output: 'string',
    en: 'Builds a place to walk through from a text with Marble 1.0. For sets and backdrops of a single mood.',
    zh: '用 Marble 1.0 由文字生成可漫游的空间，适合单一氛围的场景与背景。',
    params: byText,
    price: perCall(9.1),
    example: { prompt: 'A mossy railway station under glass, abandoned, morning haze.', displayName: 'Fern Junction' },
  },
  {
    id: 'marble-1.0/image-to-world',
    task: 'image-to-world',
    output: 'image',
    en: 'Opens a picture into a place to walk through with Marble 1.0. A panorama costs less than a plain picture.',
    zh: '用 Marble 1.0 把图片展开为可漫游的空间，全景图比普通图片更便宜。',
    params: byImage,
    price: byPano(9.1, 8.64),
    example: { imageUrl: at('chapel-panorama.jpg'), isPano: true, textPrompt: 'A small chapel by the sea.' },
  },
  {
    id: 'marble-1.0/multi-image-to-world',
    task: 'multi-image-to-world',
    output: 'image',
    // The published request has no list of pictures.
    en: 'Joins several views into one place with Marble 1.0; the request published for it states them in words.',
    zh: '用 Marble 1.0 把多个视角合成同一空间；公开的请求以文字描述各视角。',
    params: byImages,
    rules: imageRules,
    price: perCall(9.22),
    example: { textPrompt: 'A potter’s workshop seen from the door, the kiln and the window.', tags: 'interior,craft' },
  },
  {
    id: 'marble-1.0/video-to-world',
    task: 'video-to-world',
    en: 'Builds the place that a clip walks through with Marble 1.0.',
    zh: '用 Marble 1.0 重现视频所经过的空间。',
    params: byVideo,
    price: perCall(9.22),
    example: { videoUrl: at('alley-walk.mp4'), textPrompt: 'A narrow alley hung with washing.' },
  },
];

const second: readonly Row[] = [
  {
    id: 'marble-1.1/text-to-world',
    task: 'text-to-world',
    output: 'string',
    en: 'Builds a place to walk through from a text with Marble 1.1, at the price of 1.0. The first choice from words.',
    zh: '用 Marble 1.1 由文字生成可漫游的空间，与 1.0 同价，文字建景的首选。',
    params: byText,
    price: perCall(9.1),
    example: { prompt: 'A night market on floating platforms, paper lanterns, light rain.', seed: 7 },
  },
  {
    id: 'marble-1.1/image-to-world',
    task: 'image-to-world',
    output: 'image',
    en: 'Opens a picture into a place to walk through with Marble 1.1. For concept art that should become a set.',
    zh: '用 Marble 1.1 把图片展开为可漫游的空间，适合把概念图变成场景。',
    params: byImage,
    price: byPano(9.1, 8.64),
    example: { imageUrl: at('treehouse-concept.png'), textPrompt: 'Rope bridges lead to more houses in the canopy.' },
  },
  {
    id: 'marble-1.1/multi-image-to-world',
    task: 'multi-image-to-world',
    output: 'image',
    en: 'Joins several views into one place with Marble 1.1. On request it rebuilds the place in space.',
    zh: '用 Marble 1.1 把多个视角合成同一空间，可选择重建空间结构。',
    params: byImages,
    rules: imageRules,
    price: perCall(9.22),
    example: { textPrompt: 'A courtyard with a fountain and four arcades.', reconstructImages: true },
  },
  {
    id: 'marble-1.1/video-to-world',
    task: 'video-to-world',
    en: 'Builds the place that a clip walks through with Marble 1.1. For scouting a location once filmed.',
    zh: '用 Marble 1.1 重现视频所经过的空间，适合对拍过的外景再次勘景。',
    params: byVideo,
    price: perCall(9.22),
    example: { videoUrl: at('greenhouse-tour.mp4'), displayName: 'Palm House', permissionAllowIdAccess: true },
  },
];

const plus: readonly Row[] = [
  {
    id: 'marble-1.1-plus/text-to-world',
    task: 'text-to-world',
    output: 'string',
    en: 'Builds a larger place from a text with Marble 1.1 Plus, at about twice the price. For wide scenes to explore.',
    zh: '用 Marble 1.1 Plus 由文字生成更大的空间，价格约为两倍，适合开阔的探索场景。',
    params: byText,
    price: perCall(17.74),
    example: { prompt: 'A canyon town of copper roofs and wind wheels at sunset.', disableRecaption: true },
  },
  {
    id: 'marble-1.1-plus/image-to-world',
    task: 'image-to-world',
    output: 'image',
    en: 'Opens a picture into a larger place with Marble 1.1 Plus. For landscapes that go on behind the camera.',
    zh: '用 Marble 1.1 Plus 把图片展开为更大的空间，适合镜头之外仍需延伸的风景。',
    params: byImage,
    price: byPano(17.74, 17.28),
    example: { imageUrl: at('terraced-hills.jpg'), textPrompt: 'Rice terraces all around, mist in the valley.' },
  },
  {
    id: 'marble-1.1-plus/multi-image-to-world',
    task: 'multi-image-to-world',
    output: 'image',
    en: 'Joins several views into one larger place with Marble 1.1 Plus. For buildings with more than one room.',
    zh: '用 Marble 1.1 Plus 把多个视角合成更大的空间，适合不止一个房间的建筑。',
    params: byImages,
    rules: imageRules,
    price: perCall(17.86),
    example: { textPrompt: 'A library of three halls joined by spiral stairs.', displayName: 'Three Halls' },
  },
  {
    id: 'marble-1.1-plus/video-to-world',
    task: 'video-to-world',
    en: 'Builds the place that a clip walks through with Marble 1.1 Plus, and more of what lies around it.',
    zh: '用 Marble 1.1 Plus 重现视频所经过的空间，并延伸其周边。',
    params: byVideo,
    price: perCall(17.86),
    example: { videoUrl: at('harbour-drone.mp4'), tags: 'harbour,boats,evening' },
  },
];

const upload: Row = {
  id: 'marble/upload-media-asset',
  task: 'media-upload',
  output: 'string',
  en: 'Stores a picture or a clip and answers a media id, which the world endpoints take in place of an address.',
  zh: '保存图片或视频并返回媒体编号，世界类接口可用它代替文件地址。',
  params: {
    fileName: text(say('What to call the file.', '文件名称。'), { maxChars: 64 }),
    kind: oneOf(say('What the file is.', '文件类型。'), ['image', 'video'], { default: 'image' }),
    extension: optional(text(say('Its extension, without the dot.', '文件扩展名，不含点。'), { maxChars: 16 })),
    imageUrl: optional(
      image(say('The picture to store.', '要保存的图片。'), { accept: [...JPG_PNG, 'jpeg'], maxMegabytes: 100 }),
    ),
    videoUrl: optional(video(say('The clip to store.', '要保存的视频。'), { accept: ['mp4'], maxMegabytes: 100 })),
  },
  // As published, however strange it looks.
  price: perCall(9999),
  example: { fileName: 'orchard.jpg', kind: 'image', extension: 'jpg', imageUrl: at('orchard.jpg') },
};

export const marble = family({ family: 'marble', vendor: 'world-labs', pricesAsOf: '2026-04-29' }, [
  ...first,
  ...second,
  ...plus,
  upload,
]);
