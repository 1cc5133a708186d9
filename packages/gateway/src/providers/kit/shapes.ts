import type { Json } from '@reelay/catalog';

export type Size = { readonly width: number; readonly height: number };

/** The pixels that a picture of about a million has in each ratio: exact, and sides that diffusion models take. */
const MEGAPIXEL: Readonly<Record<string, Size>> = {
  '1:1': { width: 1024, height: 1024 },
  '3:4': { width: 864, height: 1152 },
  '4:3': { width: 1152, height: 864 },
  '9:16': { width: 720, height: 1280 },
  '16:9': { width: 1280, height: 720 },
  '2:3': { width: 832, height: 1248 },
  '3:2': { width: 1248, height: 832 },
  '4:5': { width: 896, height: 1120 },
  '5:4': { width: 1120, height: 896 },
  '21:9': { width: 1568, height: 672 },
};

/** Undefined: no ratio, or one that nobody draws. */
export const megapixelOf = (ratio: Json | undefined): Size | undefined => MEGAPIXEL[String(ratio)];

/** The low-price route of Grok names shapes by their pixels; makers of the model take the ratio. */
export const GROK_SHAPES: Readonly<Record<string, string>> = {
  '960x960': '1:1',
  '720x1280': '9:16',
  '1280x720': '16:9',
  '1168x784': '3:2',
  '784x1168': '2:3',
};

const MAX_4K_SIDE = 3840;
const MAX_4K_PIXELS = 3840 * 2160;
const STEP = 16;

/** The pixels of a ratio at 1k, 2k or 4k: a million, four million, or as many as a 4k screen has, no side longer than its
 *  longer one. */
export function pixelsOf(ratio: Json | undefined, resolution: Json | undefined): Size | undefined {
  const base = megapixelOf(ratio);
  if (base === undefined || resolution === '1k') return base;
  if (resolution === '2k') return { width: base.width * 2, height: base.height * 2 };
  if (resolution !== '4k') return undefined;
  const [across = 1, down = 1] = shortest(base);
  const byArea = Math.sqrt(MAX_4K_PIXELS / (across * down)) / STEP;
  const unit = STEP * Math.floor(Math.min(byArea, MAX_4K_SIDE / STEP / Math.max(across, down)));
  return { width: across * unit, height: down * unit };
}

/** 1568 to 672 as 7 to 3. */
function shortest({ width, height }: Size): readonly [number, number] {
  let [large, small] = [width, height];
  while (small > 0) [large, small] = [small, large % small];
  return [width / large, height / large];
}

/** `1280*720`, also with x or × between. */
export function sizeOf(text: Json | undefined): Size | undefined {
  const [, width, height] = /^(\d{2,5})[*x×](\d{2,5})$/.exec(String(text)) ?? [];
  return width === undefined || height === undefined ? undefined : { width: Number(width), height: Number(height) };
}

/** How makers of video call a size: the shape, and the lines of a picture of the same area that is 16 to 9. */
const NAMED: Readonly<Record<string, readonly [ratio: string, lines: string]>> = {
  '832*480': ['16:9', '480p'],
  '480*832': ['9:16', '480p'],
  '624*624': ['1:1', '480p'],
  '1280*720': ['16:9', '720p'],
  '720*1280': ['9:16', '720p'],
  '960*960': ['1:1', '720p'],
  '1088*832': ['4:3', '720p'],
  '832*1088': ['3:4', '720p'],
  '1920*1080': ['16:9', '1080p'],
  '1080*1920': ['9:16', '1080p'],
  '1440*1440': ['1:1', '1080p'],
  '1632*1248': ['4:3', '1080p'],
  '1248*1632': ['3:4', '1080p'],
};

/** The shape and the resolution that together name a size of video. */
export function namesOf(text: Json | undefined): { readonly ratio: string; readonly lines: string } | undefined {
  const { width, height } = sizeOf(text) ?? {};
  const [ratio, lines] = NAMED[`${width}*${height}`] ?? [];
  return ratio === undefined || lines === undefined ? undefined : { ratio, lines };
}
