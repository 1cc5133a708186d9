import type { Input } from '@reelay/catalog';
import type { RenderRequest } from '../contract.ts';
import type { Sides } from '../geometry/sizes.ts';
import { toAspect, toNumber } from '../geometry/values.ts';
import { toRoles } from '../media-roles.ts';
import { type Encoding, type PictureLine, pictureLineOf } from './lines.ts';
import { isPictureTier, pictureSides } from './tables.ts';

/** The outward form of the pictures that a request asks for. */
export type PictureForm = Encoding &
  Sides & {
    readonly count: number;
    /** The pictures are one after another of a series, and not the same again in other ways. */
    readonly isSeries: boolean;
    readonly isTransparent: boolean;
    /** 0 to 1: the part of its pixels that is drawn; the rest is enlarging. */
    readonly detail: number;
  };

type Asked = Pick<RenderRequest, 'endpoint' | 'task' | 'input' | 'media'>;

/** The exact size, format and number of the pictures of an endpoint that draws or edits. Pure. */
export function toPictureForm(request: Asked): PictureForm {
  const { input } = request;
  const line = pictureLineOf(request.endpoint);
  const isSeries = input.sequentialImageGeneration === 'auto';
  return {
    ...toSides(request, line),
    ...toEncoding(input, line),
    count: toCount(input, line),
    isSeries,
    isTransparent: input.background === 'transparent',
    detail: DETAIL[String(input.quality)] ?? 1,
  };
}

/** `quality` of GPT Image and Soul in words, of Midjourney in times the usual effort. */
const DETAIL: Readonly<Record<string, number>> = { low: 0.4, medium: 0.8, high: 1, '0.5': 0.4 };

function toSides(request: Asked, { sizes }: PictureLine): Sides {
  const { input } = request;
  const said = typeof input.resolution === 'string' ? input.resolution.toLowerCase() : '';
  const exact = isPictureTier(said) ? undefined : toExact(input);
  if (exact !== undefined) return exact;
  const tier = isPictureTier(said) ? said : '1k';
  const named = [
    String(input.aspectRatio ?? ''),
    ratioInWords(input, (ratio) => sizes.grid[tier]?.[ratio] !== undefined),
  ];
  const ratio = named.find((word) => word !== undefined && /^\d+:\d+$/.test(word));
  const given = ratio === undefined ? givenAspect(request) : undefined;
  if (given !== undefined) return pictureSides(sizes, { tier, ratio: undefined, aspect: given });
  return pictureSides(sizes, { tier, ratio: ratio ?? '1:1', aspect: toAspect(ratio ?? '1:1') });
}

/** Sides said outright: in `size` or even `aspectRatio` as `1024*1536`, in `width` and `height`, or as the custom sides
 *  of an `aspectRatio` of `custom`. One row spells the height `customHight`. */
function toExact(input: Input): Sides | undefined {
  for (const said of [input.size, input.aspectRatio]) {
    const found = typeof said === 'string' ? /^(\d+)[x*×](\d+)$/.exec(said) : null;
    if (found !== null) return { widthPx: Number(found[1]), heightPx: Number(found[2]) };
  }
  const isCustom = input.aspectRatio === 'custom';
  const widthPx = toNumber(isCustom ? input.customWidth : input.width);
  const heightPx = toNumber(isCustom ? (input.customHeight ?? input.customHight) : input.height);
  return widthPx === undefined || heightPx === undefined ? undefined : { widthPx, heightPx };
}

/** The ratio that a prompt names, where the maker draws it: `--ar 3:2`, "a 16:9 poster". A time of day is none. */
function ratioInWords({ prompt }: Input, isDrawn: (ratio: string) => boolean): string | undefined {
  if (typeof prompt !== 'string') return undefined;
  return prompt.match(/(?<![\d:.])\d{1,2}:\d{1,2}(?![\d:.])/g)?.find(isDrawn);
}

function givenAspect(request: Asked): number | undefined {
  if (request.task === 'text-to-image') return undefined;
  for (const { facts } of toRoles(request).pictures) {
    const { widthPx, heightPx } = facts;
    if (widthPx !== undefined && heightPx !== undefined && heightPx > 0) return widthPx / heightPx;
  }
  return undefined;
}

/** What photographs keep at this quality nobody misses. */
const USUAL_QUALITY = 92;
const LOSSY_WEBP_QUALITY = 80;
const JPEG: Encoding = { format: 'jpeg', isLossless: false, quality: USUAL_QUALITY };
const PNG: Encoding = { format: 'png', isLossless: true, quality: 100 };

function toEncoding({ outputFormat }: Input, { format = 'png' }: PictureLine): Encoding {
  const said = typeof outputFormat === 'string' ? outputFormat.toLowerCase() : format;
  if (said.startsWith('webp')) {
    const isLossless = said.includes('lossless');
    return { format: 'webp', isLossless, quality: isLossless ? 100 : LOSSY_WEBP_QUALITY };
  }
  return said === 'jpeg' ? JPEG : PNG;
}

/** `n` of Wan, `imageNum` of Qwen-Image; `maxImages` of Seedream counts only where a series is allowed. */
function toCount(input: Input, { count = 1 }: PictureLine): number {
  const series = input.sequentialImageGeneration === 'auto' ? input.maxImages : undefined;
  const said = toNumber(series ?? input.n ?? input.imageNum);
  return said === undefined ? count : Math.max(1, Math.round(said));
}

/** The encoding of a picture that is handed back as it came: what is no JPEG or WebP is written as PNG. */
export function encodingLike(format: string): Encoding {
  if (format === 'webp') return { format, isLossless: false, quality: USUAL_QUALITY };
  return format === 'jpeg' ? JPEG : PNG;
}
