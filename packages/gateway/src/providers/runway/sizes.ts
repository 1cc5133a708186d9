import type { JobFile } from '../../contract/asset.ts';

// Runway's reference, "ratio" of each model: the pixels it offers, edition of November 2026.

/** Pixels by shape. */
type Shapes = Readonly<Record<string, string>>;
/** Shapes by the word for the size. The only size of a model has the empty word. */
export type Sizes = Readonly<Record<string, Shapes>>;

const swapped = (pair: string): string => pair.split(':').toReversed().join(':');

/** The same upright. The widest screen is offered lying only. */
function turned(lying: Shapes): Shapes {
  const upright = Object.entries(lying)
    .filter(([shape]) => shape !== '21:9')
    .map(([shape, pixels]) => [swapped(shape), swapped(pixels)]);
  return { ...lying, ...Object.fromEntries(upright) };
}

export const GEN4_TURBO: Sizes = {
  '': turned({ '21:9': '1584:672', '16:9': '1280:720', '4:3': '1104:832', '1:1': '960:960' }),
};

export const VEO: Sizes = { '720p': turned({ '16:9': '1280:720' }), '1080p': turned({ '16:9': '1920:1080' }) };

export const HAPPYHORSE: Sizes = {
  '720p': turned({ '16:9': '1280:720', '4:3': '1108:832', '1:1': '960:960' }),
  '1080p': turned({ '16:9': '1920:1080', '4:3': '1662:1248', '1:1': '1440:1440' }),
};

export const SEEDANCE_FAST: Sizes = {
  '480p': turned({ '21:9': '992:432', '16:9': '864:496', '4:3': '752:560', '1:1': '640:640' }),
  '720p': turned({ '21:9': '1470:630', '16:9': '1280:720', '4:3': '1112:834', '1:1': '960:960' }),
};
/** What our rows call 1080p is drawn smaller and enlarged; drawn at that size it has another word. */
export const SEEDANCE: Sizes = {
  ...SEEDANCE_FAST,
  native1080p: turned({ '21:9': '2206:946', '16:9': '1920:1080', '4:3': '1664:1248', '1:1': '1440:1440' }),
};

/** Its smallest is larger than what is called 1k elsewhere. */
// biome-ignore format: a table
export const GPT_IMAGE: Sizes = {
  '1k': turned({ '21:9': '2048:880', '16:9': '1920:1088', '3:2': '1920:1280', '4:3': '1920:1440', '5:4': '1920:1536', '1:1': '1920:1920' }),
  '2k': turned({ '21:9': '2912:1248', '16:9': '2560:1440', '3:2': '2560:1712', '4:3': '2560:1920', '5:4': '2560:2048', '1:1': '2560:2560' }),
  '4k': turned({ '21:9': '3840:1648', '16:9': '3840:2160', '3:2': '3504:2336', '4:3': '3264:2448', '5:4': '3200:2560', '1:1': '2880:2880' }),
};

// biome-ignore format: a table
export const GEMINI_PRO: Sizes = {
  '1k': turned({ '21:9': '1536:672', '16:9': '1344:768', '3:2': '1248:832', '4:3': '1184:864', '5:4': '1152:896', '1:1': '1024:1024' }),
  '2k': turned({ '21:9': '3168:1344', '16:9': '2752:1536', '3:2': '2528:1696', '4:3': '2400:1792', '5:4': '2304:1856', '1:1': '2048:2048' }),
  '4k': turned({ '21:9': '6336:2688', '16:9': '5504:3072', '3:2': '5056:3392', '4:3': '4800:3584', '5:4': '4608:3712', '1:1': '4096:4096' }),
};
export const GEMINI_FLASH: Sizes = {
  '1k': { ...GEMINI_PRO['1k'], ...turned({ '4:1': '2048:512', '8:1': '2816:352' }) },
  '2k': { ...GEMINI_PRO['2k'], ...turned({ '4:1': '4096:1024', '8:1': '5632:704' }) },
  '4k': { ...GEMINI_PRO['4k'], ...turned({ '4:1': '8192:2048', '8:1': '11264:1408' }) },
};

// biome-ignore format: a table
export const SEEDREAM: Sizes = {
  '2k': turned({ '21:9': '3136:1344', '16:9': '2848:1600', '3:2': '2496:1664', '4:3': '2304:1728', '1:1': '2048:2048' }),
  '3k': turned({ '21:9': '4704:2016', '16:9': '4096:2304', '3:2': '3744:2496', '4:3': '3456:2592', '1:1': '3072:3072' }),
};
/** Width times height, where both are free. */
export const SEEDREAM_PIXELS = { min: 3_686_400, max: 16_777_216 } as const;

const quotient = (pair: string): number => {
  const [width = 0, height = 1] = pair.split(':').map(Number);
  return width / height;
};

/** The pixels whose shape is nearest to that of a picture or clip; undefined where its sides are not known. */
export function nearest(shapes: Shapes, file: JobFile | undefined): string | undefined {
  const { widthPx, heightPx } = file?.facts ?? {};
  if (widthPx === undefined || heightPx === undefined) return undefined;
  const distance = (pixels: string): number => Math.abs(Math.log(quotient(pixels) / (widthPx / heightPx)));
  return Object.values(shapes).toSorted((one, other) => distance(one) - distance(other))[0];
}
