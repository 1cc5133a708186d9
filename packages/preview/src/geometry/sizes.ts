import { toAspect, toEven } from './values.ts';

export type Sides = { readonly widthPx: number; readonly heightPx: number };

const TIER_LINES = {
  '360p': 360,
  '480p': 480,
  '512p': 512,
  '540p': 540,
  '720p': 720,
  '768p': 768,
  '1080p': 1080,
  '2k': 1440,
  '4k': 2160,
} as const;
export type Tier = keyof typeof TIER_LINES;
export const isTier = (word: string): word is Tier => Object.hasOwn(TIER_LINES, word);

/** How a maker sizes its clips. */
export type SizeTable = {
  /** The sizes it publishes, by tier and ratio. */
  readonly grid: Readonly<Partial<Record<Tier, Readonly<Record<string, Sides>>>>>;
  /** What a tier promises for any other shape: as many pixels as its 16:9 picture has, or as many lines on its shorter
   *  side. `listed`: nothing; the nearest of the listed shapes is taken. */
  readonly promises: 'pixels' | 'lines' | 'listed';
};

/** Wider or narrower pictures are cut: no endpoint takes them, and a clip of two lines is no clip. */
const MAX_ASPECT = 3;

/** The size of a clip of this tier: as the table lists the named ratio, else computed from the shape. */
export function sizeOf(table: SizeTable, p: { tier: Tier; ratio: string | undefined; aspect: number }): Sides {
  const row = table.grid[p.tier];
  const listed = p.ratio === undefined ? undefined : row?.[p.ratio];
  if (listed !== undefined) return listed;
  if (table.promises === 'listed' && row !== undefined) return nearestOf(Object.values(row), p.aspect);
  return byShape(table, p.tier, p.aspect);
}

function byShape(table: SizeTable, tier: Tier, aspect: number): Sides {
  const cut = Math.min(MAX_ASPECT, Math.max(1 / MAX_ASPECT, aspect));
  const lines = TIER_LINES[tier];
  if (table.promises === 'lines') return byLines(lines, cut);
  const wide = table.grid[tier]?.['16:9'] ?? byLines(lines, 16 / 9);
  const pixels = wide.widthPx * wide.heightPx;
  return { widthPx: toEven(Math.sqrt(pixels * cut)), heightPx: toEven(Math.sqrt(pixels / cut)) };
}

/** Sides of this shape whose shorter one has this many lines. */
export function byLines(lines: number, aspect: number): Sides {
  return aspect >= 1
    ? { widthPx: toEven(lines * aspect), heightPx: toEven(lines) }
    : { widthPx: toEven(lines), heightPx: toEven(lines / aspect) };
}

export const linesOf = (tier: Tier): number => TIER_LINES[tier];

/** Of these the one whose shape is nearest. */
export function nearestOf(sizes: readonly Sides[], aspect: number): Sides {
  const distance = ({ widthPx, heightPx }: Sides): number => Math.abs(Math.log(widthPx / heightPx / aspect));
  return sizes.reduce((best, one) => (distance(one) < distance(best) - 1e-9 ? one : best));
}

/** Reads `16:9 1280x720, 1:1 960x960`. Upright shapes come from turning the others and stand first, because a square
 *  picture goes into the upright one of two. */
export function row(text: string): Record<string, Sides> {
  const wide = text.split(', ').map((entry) => {
    const [ratio = '', size = ''] = entry.split(' ');
    const [widthPx = 2, heightPx = 2] = size.split('x').map(Number);
    return { ratio, sides: { widthPx, heightPx } };
  });
  const turned = wide.map(({ ratio, sides }) => ({
    ratio: ratio.split(':').reverse().join(':'),
    sides: { widthPx: sides.heightPx, heightPx: sides.widthPx },
  }));
  return Object.fromEntries([...turned, ...wide].map(({ ratio, sides }) => [ratio, sides]));
}

export function times(sizes: Readonly<Record<string, Sides>>, factor: number): Record<string, Sides> {
  const scaled = ({ widthPx, heightPx }: Sides): Sides => ({ widthPx: widthPx * factor, heightPx: heightPx * factor });
  return Object.fromEntries(Object.entries(sizes).map(([ratio, sides]) => [ratio, scaled(sides)]));
}

// Sizes: ByteDance, table of ratio and resolution of Seedance 1.5 and 2.0 as two resellers print it (runware.ai docs,
// "Seedance 1.5 Pro"), read 2026-11-23. 2k and 4k are the 720p size twice and three times: the platform upscales.
const SEEDANCE_720P = row('16:9 1280x720, 4:3 1112x834, 1:1 960x960, 21:9 1470x630');
export const SEEDANCE: SizeTable = {
  promises: 'pixels',
  grid: {
    '480p': row('16:9 864x496, 4:3 752x560, 1:1 640x640, 21:9 992x432'),
    '720p': SEEDANCE_720P,
    '1080p': row('16:9 1920x1080, 4:3 1664x1248, 1:1 1440x1440, 21:9 2206x946'),
    '2k': times(SEEDANCE_720P, 2),
    '4k': times(SEEDANCE_720P, 3),
  },
};

// Two shapes and no others. Sora's larger size is 1024x1792: image-to-video-pro at 1080p costs what text-to-video-pro
// costs at that size.
export const SORA: SizeTable = {
  promises: 'listed',
  grid: { '720p': row('16:9 1280x720'), '1080p': row('16:9 1792x1024') },
};
export const VEO: SizeTable = {
  promises: 'listed',
  grid: { '720p': row('16:9 1280x720'), '1080p': row('16:9 1920x1080'), '4k': row('16:9 3840x2160') },
};

// Alibaba: sizes of the Wan 2.5 and 2.6 rows themselves; runware.ai docs, "Wan2.7", give 2.7 the same, read 2026-11-23.
export const WAN: SizeTable = {
  promises: 'pixels',
  grid: {
    '480p': row('16:9 832x480, 1:1 624x624'),
    '720p': row('16:9 1280x720, 4:3 1088x832, 1:1 960x960'),
    '1080p': row('16:9 1920x1080, 4:3 1632x1248, 1:1 1440x1440'),
  },
};

// Vidu: runware.ai docs, "Vidu Q2 Pro", "Vidu Q3" and "Vidu Q3 Turbo" (one table), read 2026-11-23.
export const VIDU: SizeTable = {
  promises: 'pixels',
  grid: {
    '360p': row('16:9 640x352, 4:3 544x400, 1:1 480x480'),
    '540p': row('16:9 960x528, 4:3 816x608, 1:1 720x720'),
    '720p': row('16:9 1280x720, 4:3 1104x816, 1:1 960x960'),
    '1080p': row('16:9 1920x1080, 4:3 1674x1238, 1:1 1440x1440'),
  },
};

// Runway: the six values of `ratio` of gen4_turbo in its API reference, read 2026-11-22.
export const RUNWAY: SizeTable = {
  promises: 'listed',
  grid: { '720p': { ...row('16:9 1280x720, 4:3 1104x832, 1:1 960x960'), '21:9': { widthPx: 1584, heightPx: 672 } } },
};

// xAI: runware.ai docs, "Grok Imagine Video", read 2026-11-23. Only 480p is not what the lines say.
export const GROK: SizeTable = { promises: 'lines', grid: { '480p': row('16:9 848x480') } };

// PixVerse (runware.ai docs, "PixVerse V5.5") and MiniMax ("MiniMax Hailuo 2.3": 1366x768 and 1920x1080), read
// 2026-11-23: the shorter side has the lines of the tier. LTX rows name two shapes and three tiers, and no sizes.
export const BY_LINES: SizeTable = { promises: 'lines', grid: {} };

/** The shape of a ratio's name, or of sides. */
export const aspectOf = (of: string | Sides): number =>
  typeof of === 'string' ? toAspect(of) : of.widthPx / of.heightPx;
