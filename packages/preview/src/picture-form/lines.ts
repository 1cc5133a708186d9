import {
  GEMINI_3,
  GEMINI_25,
  GPT_2,
  GPT_15,
  GROK_APP,
  MEGAPIXEL,
  MIDJOURNEY,
  OPEN_WEIGHTS,
  type PictureTable,
  QWEN_OPEN,
  SEEDREAM,
} from './tables.ts';

export type PictureFormat = 'png' | 'jpeg' | 'webp';

/** How a picture is written down. */
export type Encoding = {
  readonly format: PictureFormat;
  readonly isLossless: boolean;
  /** Of what is not lossless: 1 to 100. */
  readonly quality: number;
};

/** What differs between model lines and stands in no parameter. */
export type PictureLine = {
  readonly endpoints: RegExp;
  readonly sizes: PictureTable;
  /** Without a parameter for it; default png. */
  readonly format?: PictureFormat;
  /** Pictures that each call makes; default 1. */
  readonly count?: number;
};

/** The first row that matches counts. */
const LINES: readonly PictureLine[] = [
  { endpoints: /^rhart-image-(n-pro|n-g31-flash)/, sizes: GEMINI_3 },
  { endpoints: /^rhart-image-v1/, sizes: GEMINI_25 },
  { endpoints: /^rhart-image-g-1\.5/, sizes: GPT_15 },
  { endpoints: /^rhart-image-g-2/, sizes: GPT_2 },
  { endpoints: /^rhart-image-x/, sizes: MEGAPIXEL, format: 'jpeg' },
  { endpoints: /^rhart-image-g(-[34])?\//, sizes: GROK_APP, format: 'jpeg' },
  { endpoints: /^seedream-/, sizes: SEEDREAM, format: 'jpeg' },
  // One job makes a grid of four and hands out the four by themselves.
  { endpoints: /^youchuan\//, sizes: MIDJOURNEY, count: 4 },
  { endpoints: /^rhart-image\/qwen-image\//, sizes: QWEN_OPEN },
  { endpoints: /^rhart-(image|video)\//, sizes: OPEN_WEIGHTS },
];

const ANY_LINE: PictureLine = { endpoints: /^/, sizes: MEGAPIXEL };

export const pictureLineOf = (endpoint: string): PictureLine =>
  LINES.find(({ endpoints }) => endpoints.test(endpoint)) ?? ANY_LINE;
