import { at, family, perCall, type Row } from '../family.ts';
import { oneOf, optional, say } from '../params.ts';
import { faces, solidImage, view } from './shared-3d.ts';

// Limits and prices: the platform's public model registry, revision of 2026-05-07.

const FRONT = ['png', 'jpeg', 'jpg', 'webp'];
const SIDES = ['jpg', 'png'];
const upTo20MB = { accept: FRONT, maxMegabytes: 20 };

/** What the models of one generation share. The first resolution is the usual one. */
const form = ([usual, ...others]: readonly [string, ...string[]], face: number) => ({
  requestType: oneOf(
    say(
      'What to make: mesh is the bare shape, both is shape and texture.',
      '生成内容：mesh 为白模，both 为形状与纹理。',
    ),
    ['mesh', 'both'],
    { default: 'mesh' },
  ),
  resolution: oneOf(
    say('How fine the shape is, in cells along an edge.', '形状精度：每边的网格单元数。'),
    [usual, ...others],
    {
      default: usual,
    },
  ),
  face: faces({ default: face, min: 100_000, max: 2_000_000, step: 10_000 }),
});
const one = { imageUrl: solidImage(upTo20MB) };
const round = (accept: readonly string[] = SIDES) => {
  const side = { accept, maxMegabytes: 20 };
  return {
    frontImageUrl: view('front', upTo20MB),
    backImageUrl: optional(view('back', side)),
    leftImageUrl: optional(view('left', side)),
    rightImageUrl: optional(view('right', side)),
  };
};

const v15 = form(['1024', '512', '1536', '1536pro'], 1_000_000);
const v20 = form(['1536', '1536pro'], 1_000_000);
const v21 = form(['1536pro', '1536fast'], 2_000_000);
const portrait15 = form(['1536'], 2_000_000);
const portrait2 = form(['1536pro'], 2_000_000);

const BY_FINENESS = ['resolution', 'requestType'];
const prices15 = perCall(BY_FINENESS, {
  '512': { mesh: 0.7, both: 2.1 },
  '1024': { mesh: 1.4, both: 2.8 },
  '1536': { mesh: 5.6, both: 7 },
  '1536pro': { mesh: 8.4, both: 9.8 },
});
const prices20 = perCall(BY_FINENESS, { '1536': { mesh: 5.6, both: 9.8 }, '1536pro': { mesh: 8.4, both: 12.6 } });
const prices21 = (fast: number, pro: number) =>
  perCall(['requestType', 'resolution'], {
    mesh: { '1536fast': 16.8, '1536pro': 5.6 },
    both: { '1536fast': fast, '1536pro': pro },
  });
const pricesOfPortrait = (resolution: string, both: number) =>
  perCall(BY_FINENESS, { [resolution]: { mesh: 5.6, both } });

const things: readonly Row[] = [
  {
    id: 'hitem3d-v15/image-to-3d',
    task: 'image-to-3d',
    en: 'Models a thing from one picture with HiTem3D 1.5, from rough to very fine. The cheapest way to try a shape.',
    zh: '用 HiTem3D 1.5 由单张图片建模，精度从粗到极细，是试造型最便宜的方式。',
    params: { ...one, ...v15 },
    price: prices15,
    example: { imageUrl: at('desk-lamp.png'), resolution: '512', face: 100_000 },
  },
  {
    id: 'hitem3d-v15/multi-image-to-3d',
    task: 'multi-image-to-3d',
    en: 'Models a thing from up to four views with HiTem3D 1.5, from rough to very fine. For backs that must be right.',
    zh: '用 HiTem3D 1.5 由最多四个视角建模，精度从粗到极细，适合背面也须准确的物体。',
    params: { ...round(), ...v15 },
    price: prices15,
    example: {
      frontImageUrl: at('rucksack-front.jpg'),
      backImageUrl: at('rucksack-back.jpg'),
      resolution: '512',
      requestType: 'both',
      face: 150_000,
    },
  },
  {
    id: 'hitem3d-v2/image-to-3d',
    task: 'image-to-3d',
    en: 'Models a thing from one picture with HiTem3D 2.0: sharp edges and better texture. For product shots.',
    zh: '用 HiTem3D 2.0 由单张图片建模，棱角清晰、纹理更好，适合产品图。',
    params: { ...one, ...v20 },
    price: prices20,
    example: { imageUrl: at('espresso-machine.webp'), requestType: 'both', face: 200_000 },
  },
  {
    id: 'hitem3d-v2/multi-image-to-3d',
    task: 'multi-image-to-3d',
    en: 'Models a thing from up to four views with HiTem3D 2.0. For products turned on a table and photographed.',
    zh: '用 HiTem3D 2.0 由最多四个视角建模，适合在转台上拍摄的产品。',
    params: { ...round(), ...v20 },
    price: prices20,
    example: { frontImageUrl: at('sneaker-front.jpeg'), leftImageUrl: at('sneaker-left.jpg'), face: 180_000 },
  },
  {
    id: 'hitem3d-v21/image-to-3d',
    task: 'image-to-3d',
    en: 'Models a thing from one picture with HiTem3D 2.1, very fine; the fast mode waits less and costs three times as much.',
    zh: '用 HiTem3D 2.1 由单张图片生成极细模型；快速模式等待更短，价格为三倍。',
    params: { ...one, ...v21 },
    price: prices21(29.4, 9.8),
    example: { imageUrl: at('dragon-figurine.png'), face: 250_000 },
  },
  {
    id: 'hitem3d-v21/multi-image-to-3d',
    task: 'multi-image-to-3d',
    en: 'Models a thing from up to four views with HiTem3D 2.1, very fine, and textures it for less than from one view.',
    zh: '用 HiTem3D 2.1 由最多四个视角生成极细模型，带纹理时比单图更便宜。',
    params: { ...round([...SIDES, 'jpeg', 'webp']), ...v21 },
    price: prices21(21, 7),
    example: {
      frontImageUrl: at('music-box-front.webp'),
      backImageUrl: at('music-box-back.webp'),
      rightImageUrl: at('music-box-right.webp'),
      requestType: 'both',
      face: 220_000,
    },
  },
];

const portraits: readonly Row[] = [
  {
    id: 'hitem3d-portrait-v15/image-to-3d',
    task: 'image-to-3d',
    en: 'Models a person from one photo with the portrait line of HiTem3D 1.5. For busts at a modest price with texture.',
    zh: '用 HiTem3D 1.5 人像版由单张照片建模，带纹理也较便宜，适合半身像。',
    params: { ...one, ...portrait15 },
    price: pricesOfPortrait('1536', 7),
    example: { imageUrl: at('violinist.jpg'), requestType: 'both', face: 160_000 },
  },
  {
    id: 'hitem3d-portrait-v15/multi-image-to-3d',
    task: 'multi-image-to-3d',
    en: 'Models a person from up to four photos with the portrait line of HiTem3D 1.5. For hair seen from all sides.',
    zh: '用 HiTem3D 1.5 人像版由最多四张照片建模，适合各面可见的发型。',
    params: { ...round(), ...portrait15 },
    price: pricesOfPortrait('1536', 7),
    example: { frontImageUrl: at('braids-front.png'), backImageUrl: at('braids-back.png'), face: 140_000 },
  },
  {
    id: 'hitem3d-portrait-v20/image-to-3d',
    task: 'image-to-3d',
    en: 'Models a person from one photo with the portrait line of HiTem3D 2.0. For faces that must stay recognisable.',
    zh: '用 HiTem3D 2.0 人像版由单张照片建模，适合需要保持辨识度的面容。',
    params: { imageUrl: solidImage({ ...upTo20MB, maxMegabytes: 10 }), ...portrait2 },
    price: pricesOfPortrait('1536pro', 9.8),
    example: { imageUrl: at('chess-master.png'), face: 170_000 },
  },
  {
    id: 'hitem3d-portrait-v20/multi-image-to-3d',
    task: 'multi-image-to-3d',
    en: 'Models a person from up to four photos with the portrait line of HiTem3D 2.0. For whole figures in costume.',
    zh: '用 HiTem3D 2.0 人像版由最多四张照片建模，适合着装的全身人物。',
    params: { ...round(), ...portrait2 },
    price: pricesOfPortrait('1536pro', 9.8),
    example: {
      frontImageUrl: at('flamenco-front.jpg'),
      leftImageUrl: at('flamenco-left.jpg'),
      rightImageUrl: at('flamenco-right.jpg'),
      face: 190_000,
    },
  },
  {
    id: 'hitem3d-portrait-v21/image-to-3d',
    task: 'image-to-3d',
    en: 'Models a person from one photo with the portrait line of HiTem3D 2.1, the newest. For figurines to print.',
    zh: '用最新的 HiTem3D 2.1 人像版由单张照片建模，适合打印手办。',
    params: { ...one, ...portrait2 },
    price: pricesOfPortrait('1536pro', 9.8),
    example: { imageUrl: at('goalkeeper.webp'), requestType: 'both', face: 210_000 },
  },
  {
    id: 'hitem3d-portrait-v21/multi-image-to-3d',
    task: 'multi-image-to-3d',
    en: 'Models a person from up to four photos with the portrait line of HiTem3D 2.1. Texture adds next to nothing to the price.',
    zh: '用 HiTem3D 2.1 人像版由最多四张照片建模，带纹理几乎不加价。',
    params: { ...round(), ...portrait2 },
    price: pricesOfPortrait('1536pro', 5.8),
    example: {
      frontImageUrl: at('bride-front.jpg'),
      backImageUrl: at('bride-back.jpg'),
      requestType: 'both',
      face: 130_000,
    },
  },
];

export const hitem3d = family({ family: 'hitem3d', vendor: 'hitem3d', output: '3d', pricesAsOf: '2026-04-29' }, [
  ...things,
  ...portraits,
]);
