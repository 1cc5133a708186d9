import { nearestOf, row, type Sides, times } from '../geometry/sizes.ts';

export type PictureTier = '1k' | '2k' | '3k' | '4k' | '8k';

/** How a maker sizes its pictures. */
export type PictureTable = {
  /** The sizes it publishes, by tier and ratio. */
  readonly grid: Readonly<Partial<Record<PictureTier, Readonly<Record<string, Sides>>>>>;
  /** For any other shape: as many pixels as the tier's square has, or the nearest of the listed shapes. */
  readonly promises: 'pixels' | 'listed';
  /** Sides of computed sizes are multiples of this. */
  readonly stepPx: number;
};

const squarePixels: Readonly<Record<PictureTier, number>> = {
  '1k': 1024 ** 2,
  '2k': 2048 ** 2,
  '3k': 3072 ** 2,
  '4k': 4096 ** 2,
  '8k': 8192 ** 2,
};
export const isPictureTier = (word: string): word is PictureTier => Object.hasOwn(squarePixels, word);

/** No endpoint names a narrower shape. */
const MAX_ASPECT = 8;

/** The size of a picture of this tier: as the table lists the named ratio, else by its shape. */
export function pictureSides(
  table: PictureTable,
  p: { tier: PictureTier; ratio: string | undefined; aspect: number },
): Sides {
  const sizes = table.grid[p.tier] ?? {};
  const listed = p.ratio === undefined ? undefined : sizes[p.ratio];
  if (listed !== undefined) return listed;
  if (table.promises === 'listed') return nearestOf(Object.values(sizes), p.aspect);
  const square = sizes['1:1'];
  const pixels = square === undefined ? squarePixels[p.tier] : square.widthPx * square.heightPx;
  const aspect = Math.min(MAX_ASPECT, Math.max(1 / MAX_ASPECT, p.aspect));
  const side = (px: number): number => Math.max(1, Math.round(px / table.stepPx)) * table.stepPx;
  return { widthPx: side(Math.sqrt(pixels * aspect)), heightPx: side(Math.sqrt(pixels / aspect)) };
}

// Gemini API reference, "Image generation", table of sizes of the 3 and 3.1 image models. Each tier has the sides of
// the one before it twice; 8k is the platform's own enlargement.
const GEMINI_1K = row(
  '16:9 1376x768, 4:3 1200x896, 3:2 1264x848, 5:4 1152x928, 21:9 1584x672, 4:1 2048x512, 8:1 3072x384, 1:1 1024x1024',
);
export const GEMINI_3: PictureTable = {
  grid: { '1k': GEMINI_1K, '2k': times(GEMINI_1K, 2), '4k': times(GEMINI_1K, 4), '8k': times(GEMINI_1K, 8) },
  promises: 'pixels',
  stepPx: 16,
};

// The same reference, Gemini 2.5 Flash Image: one tier.
export const GEMINI_25: PictureTable = {
  grid: { '1k': row('16:9 1344x768, 4:3 1184x864, 3:2 1248x832, 5:4 1152x896, 21:9 1536x672, 1:1 1024x1024') },
  promises: 'pixels',
  stepPx: 16,
};

// GPT Image 1.5 has three sizes. 2 takes any whose sides are multiples of 16 and that has at most 8 294 400 pixels; the
// sizes of a tier are those of a reseller's table, because the platform prints none.
export const GPT_15: PictureTable = {
  grid: { '1k': row('3:2 1536x1024, 1:1 1024x1024') },
  promises: 'listed',
  stepPx: 16,
};
export const GPT_2: PictureTable = {
  grid: {
    '1k': row('16:9 1536x864, 4:3 1024x768, 3:2 1536x1024, 5:4 1280x1024, 21:9 2016x864, 1:1 1024x1024'),
    '2k': row('16:9 2048x1152, 4:3 2048x1536, 3:2 2048x1360, 5:4 2560x2048, 21:9 2688x1152, 1:1 2048x2048'),
    '4k': row('16:9 3840x2160, 4:3 3312x2480, 3:2 3520x2336, 5:4 3216x2576, 21:9 3840x1648, 1:1 2880x2880'),
  },
  promises: 'pixels',
  stepPx: 16,
};

// ModelArk, "Image generation API", recommended sizes. A tier without a ratio is a square.
export const SEEDREAM: PictureTable = {
  grid: {
    '1k': row('16:9 1312x736, 4:3 1152x864, 3:2 1248x832, 21:9 1568x672, 1:1 1024x1024'),
    '2k': row('16:9 2848x1600, 4:3 2304x1728, 3:2 2496x1664, 21:9 3136x1344, 1:1 2048x2048'),
    '3k': row('16:9 4096x2304, 4:3 3456x2592, 3:2 3744x2496, 21:9 4704x2016, 1:1 3072x3072'),
    '4k': row('16:9 5504x3040, 4:3 4704x3520, 3:2 4992x3328, 21:9 6240x2656, 1:1 4096x4096'),
  },
  promises: 'listed',
  stepPx: 16,
};

// Midjourney documentation, "Image size and resolution".
export const MIDJOURNEY: PictureTable = {
  grid: { '1k': row('16:9 1456x816, 4:3 1232x928, 3:2 1344x896, 1:1 1024x1024') },
  promises: 'pixels',
  stepPx: 16,
};

// Qwen-Image's model card, the sizes it was trained for.
export const QWEN_OPEN: PictureTable = {
  grid: { '1k': row('16:9 1664x928, 4:3 1472x1104, 3:2 1584x1056, 1:1 1328x1328') },
  promises: 'pixels',
  stepPx: 16,
};

// Hosted open weights: about a million pixels. The platform prints ratios only.
export const OPEN_WEIGHTS: PictureTable = {
  grid: { '1k': row('16:9 1360x768, 4:3 1152x864, 3:2 1248x832, 1:1 1024x1024') },
  promises: 'pixels',
  stepPx: 16,
};

// The sizes that the Grok rows list in place of ratios are 960 x 960 and its like.
export const GROK_APP: PictureTable = {
  grid: { '1k': row('16:9 1280x720, 3:2 1168x784, 1:1 960x960') },
  promises: 'pixels',
  stepPx: 16,
};

/** A million pixels of any shape: xAI's 1k, and makers whose rows name every size outright. */
export const MEGAPIXEL: PictureTable = { grid: {}, promises: 'pixels', stepPx: 16 };
