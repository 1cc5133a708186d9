import { at, family } from '../family.ts';
import { flag, image, oneOf, optional, say, text } from '../params.ts';
import type { Words } from '../types.ts';
import { faces, pbr, solidImage } from './shared-3d.ts';

// Limits: the platform's public model registry, revision of 2026-05-07. It publishes no prices for these.

const picture = { accept: ['jpg', 'jpeg', 'png'], maxMegabytes: 10 };
const choice = (about: Words, standard: boolean) => optional(flag(about, { default: standard }));
const form = {
  topology: optional(
    oneOf(
      say('Whether the mesh is of triangles or mostly of quads.', '网格由三角面还是以四边面为主构成。'),
      ['triangle', 'quad'],
      {
        default: 'triangle',
      },
    ),
  ),
  targetPolycount: faces({ default: 30_000, min: 100, max: 300_000, step: 1 }),
  symmetryMode: optional(
    oneOf(
      say('Whether the two halves mirror each other; auto decides by the thing.', '左右是否对称，auto 视物体而定。'),
      ['off', 'auto', 'on'],
      {
        default: 'auto',
      },
    ),
  ),
  shouldRemesh: choice(
    say('Whether the mesh is built anew in the wanted topology and size.', '是否按所需拓扑与面数重新布线。'),
    true,
  ),
  enablePbr: optional(pbr),
  taPose: choice(
    say(
      'Whether a figure stands with its arms away from the body, for rigging.',
      '人物是否张开双臂站立，便于绑定骨骼。',
    ),
    false,
  ),
  texturePrompt: optional(text(say('What the surface looks like.', '表面纹理的描述。'), { maxChars: 2000 })),
  textureImageUrl: optional(image(say('A picture whose look the surface takes on.', '纹理参考图。'), picture)),
};

export const meshy = family({ family: 'meshy', vendor: 'meshy', output: '3d', pricesAsOf: '2026-04-29' }, [
  {
    id: 'meshy6/text-to-3d',
    task: 'text-to-3d',
    en: 'Models a thing from a text with Meshy 6, clean enough for game engines. For assets by the dozen.',
    zh: '用 Meshy 6 由文字生成三维模型，网格干净、可直接进游戏引擎，适合批量制作素材。',
    params: {
      prompt: text(say('The thing to model: shape, material, style.', '要建模的物体：形状、材质与风格。'), {
        maxChars: 600,
      }),
      artStyle: optional(
        oneOf(say('Whether it looks real or like a sculpture.', '写实风格或雕塑风格。'), ['realistic', 'sculpture'], {
          default: 'realistic',
        }),
      ),
      ...form,
      enablePromptExpansion: choice(say('Whether the model may enrich the prompt.', '是否由模型扩写提示词。'), false),
    },
    example: {
      prompt: 'A treasure chest with iron bands, slightly open',
      topology: 'quad',
      targetPolycount: 8_000,
      texturePrompt: 'Weathered oak, rusty iron',
    },
  },
  {
    id: 'meshy6/image-to-3d',
    task: 'image-to-3d',
    en: 'Models a thing from one picture with Meshy 6. For figures to be rigged and animated later.',
    zh: '用 Meshy 6 由单张图片生成三维模型，适合之后要绑定骨骼与制作动画的角色。',
    params: {
      imageUrl: solidImage(picture),
      ...form,
      shouldTexture: choice(say('Whether the surface is painted.', '是否生成纹理。'), true),
    },
    example: { imageUrl: at('knight-front.png'), taPose: true, symmetryMode: 'on', targetPolycount: 12_000 },
  },
]);
