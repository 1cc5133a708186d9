/** Parameters that mean the same in every family. What differs is given: limits, values, defaults. */
import { flag, image, images, integer, oneOf, say, text } from '../params.ts';
import type { FlagParam, MediaLimits, OneOfParam, TextParam } from '../types.ts';

type TextLimits = Pick<TextParam, 'minChars' | 'maxChars'>;

export const prompt = (limits: TextLimits = {}) =>
  text(
    say('What happens in the video: subject, setting, light, camera.', '视频内容描述：主体、场景、光线与镜头。'),
    limits,
  );

export const negativePrompt = (limits: TextLimits = {}) =>
  text(say('What the video should not show.', '不希望出现在画面中的内容。'), limits);

export const seconds = (values: readonly string[], standard: string): OneOfParam =>
  oneOf(say('Length of the video in seconds.', '视频时长（秒）。'), values, { default: standard });

/** Every whole number of seconds between two, as words; 5 unless asked otherwise. */
export const secondsFrom = (first: number, last: number): OneOfParam =>
  seconds(
    Array.from({ length: last - first + 1 }, (_, index) => String(first + index)),
    '5',
  );

export const aspectRatio = (values: readonly string[], standard: string): OneOfParam =>
  oneOf(say('Width to height of the video.', '画面宽高比。'), values, { default: standard });

export const resolution = (values: readonly string[], standard: string): OneOfParam =>
  oneOf(say('How fine the picture is.', '画面清晰度。'), values, { default: standard });

export const firstFrame = (limits: MediaLimits) =>
  image(say('The picture with which the video begins.', '视频的首帧图片。'), limits);

export const lastFrame = (limits: MediaLimits) =>
  image(say('The picture with which the video ends.', '视频的尾帧图片。'), limits);

type ListLimits = MediaLimits & { readonly minItems?: number; readonly maxItems?: number };
export const referenceImages = (limits: ListLimits) =>
  images(say('Pictures of the people, things or places to show.', '人物、物体或场景的参考图。'), limits);

export const seed = (limits: { readonly min?: number; readonly max?: number; readonly default?: number } = {}) =>
  integer(say('The same seed and request give much the same video.', '随机种子：相同种子与请求得到相近的结果。'), {
    ...limits,
    step: 1,
  });

export const generateAudio = (standard: boolean): FlagParam =>
  flag(say('Whether the video gets a sound track.', '是否生成声音。'), { default: standard });

export const WIDE_OR_TALL = ['16:9', '9:16'];
export const WIDE_TALL_OR_SQUARE = ['16:9', '9:16', '1:1'];

export const JPG_PNG = ['jpg', 'png'];
export const JPG_PNG_WEBP = ['jpg', 'jpeg', 'png', 'webp'];
/** The largest seed that vendors take: what fits a signed 32-bit integer. */
export const MAX_SEED = 2_147_483_647;
