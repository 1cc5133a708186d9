import { at, family, perCall } from '../family.ts';
import { oneOf, optional, say, text } from '../params.ts';
import { JPG_PNG } from './shared.ts';
import { faces, pbr, solidImage, view } from './shared-3d.ts';

// Limits and prices: the platform's public model registry, revision of 2026-05-07.

const picture = { accept: JPG_PNG, maxMegabytes: 10 };
const form = {
  faceCount: faces({ default: 500_000, min: 10_000, max: 1_500_000, step: 1 }),
  enablePbr: pbr,
  generateType: oneOf(
    say(
      'Normal makes shape and texture, Geometry a bare shape, Sketch a textured shape from a line drawing.',
      'Normal 生成带纹理的模型，Geometry 只生成白模，Sketch 由线稿生成带纹理的模型。',
    ),
    ['Normal', 'Geometry', 'Sketch'],
    { default: 'Normal' },
  ),
};
/** Prices without and with maps of the surface. */
const prices = (types: Readonly<Record<'Normal' | 'Geometry' | 'Sketch', readonly [number, number]>>) =>
  perCall(
    ['generateType', 'enablePbr'],
    Object.fromEntries(Object.entries(types).map(([type, [off, on]]) => [type, { false: off, true: on }])),
  );

export const hunyuan3d = family({ family: 'hunyuan3d', vendor: 'tencent', output: '3d', pricesAsOf: '2026-04-29' }, [
  {
    id: 'hunyuan3d-v3.1/text-to-3d',
    task: 'text-to-3d',
    en: 'Models a thing from a text with Hunyuan3D 3.1. For props and figures of which there is no picture yet.',
    zh: '用混元 3D 3.1 由文字生成三维模型，适合还没有图片的道具与角色。',
    params: {
      prompt: text(say('The thing to model: shape, material, colour.', '要建模的物体：形状、材质与颜色。')),
      ...form,
    },
    price: prices({ Geometry: [1.8, 3], Normal: [2.4, 3.6], Sketch: [3, 4.2] }),
    example: { prompt: 'A squat ceramic teapot with a bamboo handle and a celadon glaze', faceCount: 50_000 },
  },
  {
    id: 'hunyuan3d-v3.1/image-to-3d',
    task: 'image-to-3d',
    en: 'Models a thing from one picture and up to seven further views with Hunyuan3D 3.1. For shapes known all round.',
    zh: '用混元 3D 3.1 由一张主图和最多七个其他视角生成模型，适合各面都已知的物体。',
    params: {
      ...form,
      imageUrl: solidImage(picture),
      leftImageUrl: optional(view('left', picture)),
      rightImageUrl: optional(view('right', picture)),
      backImageUrl: optional(view('back', picture)),
      topImageUrl: optional(view('top', picture)),
      bottomImageUrl: optional(view('bottom', picture)),
      leftFrontImageUrl: optional(view('leftFront', picture)),
      rightFrontImageUrl: optional(view('rightFront', picture)),
    },
    price: prices({ Geometry: [4.2, 5.4], Normal: [4.8, 6], Sketch: [5.4, 6.6] }),
    example: {
      imageUrl: at('wooden-duck.png'),
      backImageUrl: at('wooden-duck-back.png'),
      enablePbr: true,
      faceCount: 40_000,
    },
  },
]);
