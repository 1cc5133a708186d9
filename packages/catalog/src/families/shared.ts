/** Parameters that mean the same in every family. What differs is given: limits, values, defaults. */
import { flag, image, images, integer, oneOf, say, text, video } from '../params.ts';
import type { FlagParam, MediaLimits, MediaParam, NumberParam, OneOfParam, TextParam, Words } from '../types.ts';

type TextLimits = Pick<TextParam, 'minChars' | 'maxChars'>;

export const prompt = (limits: TextLimits = {}) =>
  text(
    say('What happens in the video: subject, setting, light, camera.', '视频内容描述：主体、场景、光线与镜头。'),
    limits,
  );

export const negativePrompt = (limits: TextLimits = {}) =>
  text(say('What the video should not show.', '不希望出现在画面中的内容。'), limits);

const LENGTH = say('Length of the video in seconds.', '视频时长（秒）。');
export const seconds = (values: readonly string[], standard: string): OneOfParam =>
  oneOf(LENGTH, values, { default: standard });

/** Every whole number of seconds between two, as words; 5 unless asked otherwise. */
export const secondsFrom = (first: number, last: number): OneOfParam =>
  seconds(
    Array.from({ length: last - first + 1 }, (_, index) => String(first + index)),
    '5',
  );

/** Every whole number of seconds between two, as a number. */
export const wholeSeconds = (min: number, max: number, standard = 5): NumberParam =>
  integer(LENGTH, { default: standard, min, max, step: 1 });

export const aspectRatio = (values: readonly string[], standard: string): OneOfParam =>
  oneOf(say('Width to height of the video.', '画面宽高比。'), values, { default: standard });

export const resolution = (values: readonly string[], standard: string): OneOfParam =>
  oneOf(say('How fine the picture is.', '画面清晰度。'), values, { default: standard });

/** Sizes as the family writes them: `"720x1280"`, `"720*1280"`. */
export const videoSize = (values: readonly string[], standard: string): OneOfParam =>
  oneOf(say('Width and height of the video in pixels.', '视频的宽与高（像素）。'), values, { default: standard });

export const pictureToAnimate = (limits: MediaLimits) =>
  image(say('The picture that comes to life.', '要变成视频的图片。'), limits);

export const firstFrame = (limits: MediaLimits) =>
  image(say('The picture with which the video begins.', '视频的首帧图片。'), limits);

export const lastFrame = (limits: MediaLimits) =>
  image(say('The picture with which the video ends.', '视频的尾帧图片。'), limits);

const clip =
  (about: Words) =>
  (limits: MediaLimits): MediaParam =>
    video(about, limits);
export const clipToExtend = clip(say('The clip that goes on.', '要续写的视频。'));
export const clipToChange = clip(say('The clip to change.', '要修改的视频。'));
export const clipToEnlarge = clip(say('The clip to enlarge.', '要放大的视频。'));
export const clipOfMovement = clip(say('The clip whose movement is copied.', '要模仿动作的视频。'));

/** Of an enlargement. */
export const targetResolution = (values: readonly string[], standard: string): OneOfParam =>
  oneOf(say('Resolution of the result.', '输出分辨率。'), values, { default: standard });

export const pictureOfActor = (limits: MediaLimits) =>
  image(say('Who or what is to move.', '要做动作的人物或物体。'), limits);

type ListLimits = MediaLimits & { readonly minItems?: number; readonly maxItems?: number };
export const referenceImages = (limits: ListLimits) =>
  images(say('Pictures of the people, things or places to show.', '人物、物体或场景的参考图。'), limits);

export const seed = (limits: { readonly min?: number; readonly max?: number; readonly default?: number } = {}) =>
  integer(say('The same seed and request give much the same video.', '随机种子：相同种子与请求得到相近的结果。'), {
    ...limits,
    step: 1,
  });

const SOUND = say('Whether the video gets a sound track.', '是否生成声音。');
export const generateAudio = (standard: boolean): FlagParam => flag(SOUND, { default: standard });
/** Where the switch is a word. */
export const generateAudioWord = (standard: 'true' | 'false'): OneOfParam =>
  oneOf(SOUND, ['true', 'false'], { default: standard });

export const videoStyle = (values: readonly string[], options: Pick<OneOfParam, 'default'> = {}): OneOfParam =>
  oneOf(say('In which style the video is drawn.', '视频的画面风格。'), values, options);

export const promptRewriting = (standard: boolean): FlagParam =>
  flag(say('Whether the service may enrich the prompt.', '是否允许服务自动扩写提示词。'), { default: standard });

export const WIDE_OR_TALL = ['16:9', '9:16'];
export const WIDE_TALL_OR_SQUARE = ['16:9', '9:16', '1:1'];
export const FIVE_RATIOS = [...WIDE_TALL_OR_SQUARE, '4:3', '3:4'];

export const JPG_PNG = ['jpg', 'png'];
export const JPG_PNG_WEBP = ['jpg', 'jpeg', 'png', 'webp'];
export const JPG_PNG_WEBP_BMP = [...JPG_PNG_WEBP, 'bmp'];
export const MP4_MOV = ['mp4', 'mov'];
/** The largest seed that vendors take: what fits a signed 32-bit integer. */
export const MAX_SEED = 2_147_483_647;
