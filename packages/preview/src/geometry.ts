import type { Input, Task } from '@reelay/catalog';
import type { RenderRequest } from './contract.ts';
import { type Roles, toRoles } from './media-roles.ts';

/** The outward form of a clip. Sides are even. */
export type Geometry = {
  readonly widthPx: number;
  readonly heightPx: number;
  readonly fps: number;
  readonly durationMs: number;
  /** Whether the endpoint promises sound. A clip without that promise has no sound track at all, so that nobody takes
   *  silence for a result. */
  readonly hasSound: boolean;
};

type Sides = { readonly widthPx: number; readonly heightPx: number };
type Tier = '480p' | '720p' | '1080p' | '2k' | '4k';

/** Pixels of a 16:9 picture of each tier. Other shapes have as many pixels, not as many lines: Kling and Seedance
 *  answer a square at 720p with 960x960. */
const TIER_PIXELS: Readonly<Record<Tier, number>> = {
  '480p': 864 * 496,
  '720p': 1280 * 720,
  '1080p': 1920 * 1080,
  '2k': 2560 * 1440,
  '4k': 3840 * 2160,
};

// Sizes: ByteDance, table of ratio and resolution of Seedance 1.5 and 2.0 as two resellers print it (runware.ai docs,
// "Seedance 1.5 Pro"), read 2026-11-23. 2k and 4k are the 720p size twice and three times: the platform upscales.
const SIZES_720P: Readonly<Record<string, Sides>> = {
  '16:9': { widthPx: 1280, heightPx: 720 },
  '4:3': { widthPx: 1112, heightPx: 834 },
  '1:1': { widthPx: 960, heightPx: 960 },
  '3:4': { widthPx: 834, heightPx: 1112 },
  '9:16': { widthPx: 720, heightPx: 1280 },
  '21:9': { widthPx: 1470, heightPx: 630 },
};
const SIZES: Readonly<Record<Tier, Readonly<Record<string, Sides>>>> = {
  '480p': {
    '16:9': { widthPx: 864, heightPx: 496 },
    '4:3': { widthPx: 752, heightPx: 560 },
    '1:1': { widthPx: 640, heightPx: 640 },
    '3:4': { widthPx: 560, heightPx: 752 },
    '9:16': { widthPx: 496, heightPx: 864 },
    '21:9': { widthPx: 992, heightPx: 432 },
  },
  '720p': SIZES_720P,
  '1080p': {
    '16:9': { widthPx: 1920, heightPx: 1080 },
    '4:3': { widthPx: 1664, heightPx: 1248 },
    '1:1': { widthPx: 1440, heightPx: 1440 },
    '3:4': { widthPx: 1248, heightPx: 1664 },
    '9:16': { widthPx: 1080, heightPx: 1920 },
    '21:9': { widthPx: 2206, heightPx: 946 },
  },
  '2k': times(SIZES_720P, 2),
  '4k': times(SIZES_720P, 3),
};

/** What differs between model lines. The first row that matches counts. */
type Line = {
  readonly endpoints: RegExp;
  readonly tier?: Tier;
  /** Without a word about it in the parameters. */
  readonly aspect: string;
  readonly seconds?: number;
  /** Every clip of the line has sound, and no parameter turns it off. */
  readonly alwaysSounds?: true;
  /** The line knows only these sizes; of a picture, the nearer of the two shapes counts. */
  readonly sizes?: Readonly<Partial<Record<Tier, readonly [Sides, Sides]>>>;
};
const upright = (widthPx: number, heightPx: number): readonly [Sides, Sides] => [
  { widthPx, heightPx },
  { widthPx: heightPx, heightPx: widthPx },
];
const VEO = {
  aspect: '16:9',
  seconds: 8,
  sizes: { '720p': upright(720, 1280), '1080p': upright(1080, 1920), '4k': upright(2160, 3840) },
} as const;
const LINES: readonly Line[] = [
  // Sora's larger size is 1024x1792: image-to-video-pro at 1080p costs what text-to-video-pro costs at that size.
  {
    endpoints: /^rhart-video-s(-official)?\//,
    aspect: '9:16',
    alwaysSounds: true,
    sizes: { '720p': upright(720, 1280), '1080p': upright(1024, 1792) },
  },
  { ...VEO, endpoints: /^rhart-video-v3\.1-(pro|fast)-official\/video-extend$/, alwaysSounds: true },
  { ...VEO, endpoints: /^rhart-video-v3\.1-(pro|fast)-official\// },
  { ...VEO, endpoints: /^rhart-video-v3\.1-/, alwaysSounds: true },
  { endpoints: /^kling-.*-4k\//, tier: '4k', aspect: '16:9' },
  { endpoints: /^kling-video-o1/, aspect: '9:16' },
  { endpoints: /^kling-.*-pro\//, tier: '1080p', aspect: '16:9' },
];
const ANY_LINE: Line = { endpoints: /^/, aspect: '16:9' };

const FPS = 24;
const DEFAULT_SECONDS = 5;
/** Veo adds 7 s to the clip it is given: Gemini API reference, "Extend Veo videos". */
const EXTENSION_MS = 7000;
/** Wider or narrower pictures are cut: no endpoint takes them, and a clip of two lines is no clip. */
const MAX_ASPECT = 3;
const MAX_DURATION_MS = 600_000;

/** Tasks whose clip is as large as the given footage is shaped, unless a parameter says otherwise. */
const FOLLOWS_CLIP: ReadonlySet<Task> = new Set([
  'video-edit',
  'video-extend',
  'lip-sync',
  'video-restyle',
  'character-upload',
]);

/** The exact size, length, rate and sound of the clip that a request asks for. Pure. */
export function toGeometry(request: Pick<RenderRequest, 'endpoint' | 'task' | 'input' | 'media'>): Geometry {
  const line = LINES.find(({ endpoints }) => endpoints.test(request.endpoint)) ?? ANY_LINE;
  const roles = toRoles(request);
  const sides = toSides({ line, roles, input: request.input, task: request.task });
  const durationMs = Math.min(
    MAX_DURATION_MS,
    Math.round(toDurationMs({ line, roles, input: request.input, task: request.task })),
  );
  return {
    ...sides,
    fps: FPS,
    durationMs,
    hasSound: hasSound({ line, roles, input: request.input, task: request.task }),
  };
}

type Asked = { readonly line: Line; readonly roles: Roles; readonly input: Input; readonly task: Task };

function toSides({ line, roles, input, task }: Asked): Sides {
  const exact = typeof input.size === 'string' ? /^(\d+)[x*](\d+)$/.exec(input.size) : null;
  if (exact !== null) return { widthPx: toEven(Number(exact[1])), heightPx: toEven(Number(exact[2])) };
  const tier = toTier(input, line);
  const said = [input.aspectRatio, input.ratio].filter((value) => typeof value === 'string');
  const named = said.find((value) => /^\d+:\d+$/.test(value));
  // References lend a clip their subject, not their shape, unless the shape is asked to adapt.
  const adapts = task !== 'reference-to-video' || said.includes('adaptive');
  const given = adapts ? givenAspect(roles, task) : undefined;
  if (line.sizes !== undefined) {
    const [tall, wide] = line.sizes[tier] ?? upright(720, 1280);
    return (named === undefined ? (given ?? toAspect(line.aspect)) : toAspect(named)) > 1 ? wide : tall;
  }
  if (named === undefined && given !== undefined) return bySide(tier, given);
  const aspect = named ?? line.aspect;
  return SIZES[tier][aspect] ?? bySide(tier, toAspect(aspect));
}

function toTier(input: Input, line: Line): Tier {
  const said = typeof input.resolution === 'string' ? input.resolution.toLowerCase().replace('native', '') : '';
  if (isTier(said)) return said;
  // Kling's quality modes: std renders 720 lines, pro 1 080.
  if (input.mode === 'pro') return '1080p';
  if (input.mode === 'std') return '720p';
  return line.tier ?? '720p';
}

const isTier = (word: string): word is Tier => Object.hasOwn(TIER_PIXELS, word);

/** The shape of what the clip shows first: undefined when nothing with a shape was given. */
function givenAspect(roles: Roles, task: Task): number | undefined {
  const footage = [...roles.session, ...roles.clips].filter(({ facts }) => facts.kind === 'video');
  const inOrder = FOLLOWS_CLIP.has(task) ? [...footage, ...roles.pictures] : [...roles.pictures, ...footage];
  const facts = inOrder
    .map((file) => file.facts)
    .find(({ widthPx, heightPx }) => widthPx !== undefined && heightPx !== undefined);
  if (facts?.widthPx === undefined || facts.heightPx === undefined || facts.heightPx === 0) return undefined;
  return facts.widthPx / facts.heightPx;
}

function bySide(tier: Tier, aspect: number): Sides {
  const cut = Math.min(MAX_ASPECT, Math.max(1 / MAX_ASPECT, aspect));
  const pixels = TIER_PIXELS[tier];
  return { widthPx: toEven(Math.sqrt(pixels * cut)), heightPx: toEven(Math.sqrt(pixels / cut)) };
}

function toAspect(ratio: string): number {
  const [wide, tall] = ratio.split(':').map(Number);
  return (wide ?? 16) / (tall ?? 9);
}

const toEven = (px: number): number => Math.max(2, Math.round(px / 2) * 2);

function toDurationMs({ line, roles, input, task }: Asked): number {
  const clipMs = [...roles.session, ...roles.clips].find(({ facts }) => facts.kind === 'video')?.facts.durationMs;
  const soundMs = roles.sounds[0]?.facts.durationMs;
  const asked = toSeconds(input.duration);
  const fallbackMs = (asked ?? line.seconds ?? DEFAULT_SECONDS) * 1000;
  switch (task) {
    case 'video-extend':
      return clipMs === undefined ? fallbackMs : clipMs + (asked === undefined ? EXTENSION_MS : asked * 1000);
    case 'video-edit':
    case 'video-restyle':
    case 'motion-control':
    case 'character-upload':
      return asked === undefined ? (clipMs ?? fallbackMs) : fallbackMs;
    case 'lip-sync':
      return clipMs ?? toLipSyncMs(input, soundMs ?? fallbackMs);
    case 'audio-image-to-video':
      return asked === undefined ? (soundMs ?? fallbackMs) : fallbackMs;
    default:
      return fallbackMs;
  }
}

/** Without footage the talking face lasts as long as the sound that is put into it. */
function toLipSyncMs(input: Input, soundMs: number): number {
  const startMs = toNumber(input.soundStartTime) ?? 0;
  const endMs = Math.min(soundMs, toNumber(input.soundEndTime) ?? soundMs);
  return (toNumber(input.soundInsertTime) ?? 0) + Math.max(1000, endMs - startMs);
}

/** Seconds from `"12"`, `12` or `"12s"`; undefined for what is no positive number, such as -1, "as you like". */
function toSeconds(said: Input[string] | undefined): number | undefined {
  const seconds = toNumber(typeof said === 'string' ? said.replace(/s$/, '') : said);
  return seconds !== undefined && seconds > 0 ? seconds : undefined;
}

/** A number sent as one or as text. */
export function toNumber(said: Input[string] | undefined): number | undefined {
  if (typeof said !== 'number' && (typeof said !== 'string' || said.trim() === '')) return undefined;
  const value = Number(said);
  return Number.isFinite(value) ? value : undefined;
}

/** A flag sent as one, as "true", "yes" or "on"; undefined when it was not sent. */
export function toFlag(said: Input[string] | undefined): boolean | undefined {
  if (typeof said === 'boolean') return said;
  return typeof said === 'string' ? ['true', 'yes', 'on'].includes(said.toLowerCase()) : undefined;
}

const BRINGS_SOUND: ReadonlySet<Task> = new Set(['lip-sync', 'audio-image-to-video', 'text-to-speech']);

function hasSound({ line, roles, input, task }: Asked): boolean {
  if (BRINGS_SOUND.has(task)) return true;
  const generated = toFlag(input.sound) ?? toFlag(input.generateAudio);
  if (generated === true || line.alwaysSounds === true) return true;
  const clip = roles.clips[0]?.facts;
  if (clip?.hasAudio !== true) return false;
  // The clip's own sound stays where the caller keeps it, and where nobody was asked.
  return toFlag(input.keepOriginalSound) ?? (generated === undefined && FOLLOWS_CLIP.has(task));
}

function times(sizes: Readonly<Record<string, Sides>>, factor: number): Record<string, Sides> {
  const scaled = ({ widthPx, heightPx }: Sides): Sides => ({ widthPx: widthPx * factor, heightPx: heightPx * factor });
  return Object.fromEntries(Object.entries(sizes).map(([ratio, sides]) => [ratio, scaled(sides)]));
}
