/** Parameters of pictures that mean the same in every family. What differs is given: limits, values, defaults. */
import { image, images, integer, number, oneOf, optional, say, text } from '../params.ts';
import type { Constraint, MediaLimits, NumberParam, OneOfParam, TextParam, Words } from '../types.ts';

type TextLimits = Pick<TextParam, 'minChars' | 'maxChars'>;

export const picturePrompt = (limits: TextLimits = {}) =>
  text(
    say('What the picture shows: subject, setting, light, style.', '图片内容描述：主体、场景、光线与风格。'),
    limits,
  );

export const editPrompt = (limits: TextLimits = {}) =>
  text(
    say('What to change in the given pictures, and what must stay.', '要如何修改所给图片，以及哪些部分保持不变。'),
    limits,
  );

export const pictureNegativePrompt = (limits: TextLimits = {}) =>
  text(say('What the picture should not show.', '不希望出现在图片中的内容。'), limits);

/** Words among the ratios that are no ratio. */
const NO_RATIO: Readonly<Record<string, Words>> = {
  auto: say('auto follows the given picture or the scene', 'auto 跟随所给图片或画面内容'),
  custom: say('custom takes the width and height that are sent', 'custom 采用另行给出的宽与高'),
  empty: say('empty leaves it to the model', 'empty 由模型决定'),
};

/** `standard` absent: the service documents none. */
export function pictureRatio(values: readonly string[], standard?: string): OneOfParam {
  const notes = values.flatMap((value) => NO_RATIO[value] ?? []);
  const en = ['Width to height of the picture', ...notes.map((note) => note.en)].join('; ');
  const zh = ['图片宽高比', ...notes.map((note) => note.zh)].join('；');
  return oneOf(say(`${en}.`, `${zh}。`), values, standard === undefined ? {} : { default: standard });
}

/** The ratios that nearly every model of pictures draws. */
export const RATIOS = ['1:1', '3:4', '4:3', '9:16', '16:9', '2:3', '3:2'];
export const MORE_RATIOS = [...RATIOS, '4:5', '5:4', '21:9'];

export const pictureResolution = (
  values: readonly string[],
  options: Pick<OneOfParam, 'default' | 'ignoreCase'> = {},
): OneOfParam =>
  oneOf(
    say('How large the picture is: 1k is about a thousand pixels a side.', '图片尺寸档位：1k 约为每边一千像素。'),
    values,
    options,
  );

/** Sizes as `"1024*1536"`. */
export const pictureSize = (
  values: readonly string[],
  options: Pick<OneOfParam, 'default' | 'minPixels' | 'maxPixels'> = {},
): OneOfParam => oneOf(say('Width and height of the picture in pixels.', '图片的宽与高（像素）。'), values, options);

type SideLimits = Pick<NumberParam, 'min' | 'max' | 'step' | 'default'>;
export const pictureWidth = (limits: SideLimits): NumberParam =>
  integer(say('Width of the picture in pixels.', '图片宽度（像素）。'), limits);
export const pictureHeight = (limits: SideLimits): NumberParam =>
  integer(say('Height of the picture in pixels.', '图片高度（像素）。'), limits);

export const sourceImage = (limits: MediaLimits) => image(say('The picture to work on.', '要处理的图片。'), limits);

type ListLimits = MediaLimits & { readonly minItems?: number; readonly maxItems?: number };
export const sourceImages = (limits: ListLimits) =>
  images(
    say(
      'The pictures to change or to combine, in the order in which the prompt counts them.',
      '要修改或组合的图片，顺序与提示词中的编号一致。',
    ),
    limits,
  );

export const pictureSeed = (limits: Pick<NumberParam, 'min' | 'max'> = {}) =>
  integer(say('The same seed and request give much the same picture.', '随机种子：相同种子与请求得到相近的图片。'), {
    ...limits,
    step: 1,
  });

export const HOW_MANY_PICTURES = say('How many pictures to make.', '生成图片的张数。');

/** What a factor says. */
export const ENLARGEMENT = say('How many times as wide and high the result is.', '宽与高各放大几倍。');

// What the hosted open weights have in common: they run as graphs, with the same nodes at the end.

export const PICTURE_FORMATS = ['png', 'jpeg', 'webp(lossless)', 'webp(lossy)'];
export const outputFormat = (values: readonly string[], standard: string): OneOfParam =>
  oneOf(say('File format of the picture.', '图片文件格式。'), values, { default: standard });

/** One LoRA and how strongly it counts. */
export const lora = (strength: number) => ({
  lora: optional(text(say('File name of a LoRA to draw with.', '要使用的 LoRA 文件名。'), { format: 'lora-file' })),
  lora_strength: optional(
    number(say('How strongly the LoRA counts; 0 leaves it out.', 'LoRA 强度，0 表示不起作用。'), {
      default: strength,
      min: -100,
      max: 100,
      step: 0.01,
    }),
  ),
});

/** Sides that count only where the ratio is `custom`. */
export const customSides = (...params: readonly string[]): readonly Constraint[] => [
  { rule: 'used-when', when: { aspectRatio: 'custom' }, params },
];
