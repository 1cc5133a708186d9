import type { Input, Task } from '@reelay/catalog';
import type { RenderRequest } from '../contract.ts';
import { type Roles, toRoles } from '../media-roles.ts';
import { toDurationMs } from './length.ts';
import { type Line, lineOf } from './lines.ts';
import { aspectOf, byLines, isTier, linesOf, type Sides, sizeOf, type Tier } from './sizes.ts';
import { hasSound } from './sound.ts';
import { toEven, toNumber } from './values.ts';

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

const FPS = 24;
/** Longer sides are more than players decode (H.264 level 5.2). */
const MAX_SIDE_PX = 4096;

/** Tasks whose clip is as large as the given footage is shaped, unless a parameter says otherwise. */
const FOLLOWS_CLIP: ReadonlySet<Task> = new Set([
  'video-edit',
  'video-extend',
  'lip-sync',
  'video-restyle',
  'video-upscale',
  'video-interpolate',
  'character-upload',
]);

type Asked = { readonly line: ReturnType<typeof lineOf>; readonly roles: Roles; readonly input: Input; task: Task };

/** The exact size, length, rate and sound of the clip that a request asks for. Pure. */
export function toGeometry(request: Pick<RenderRequest, 'endpoint' | 'task' | 'input' | 'media'>): Geometry {
  const { input, task } = request;
  const asked: Asked = { line: lineOf(request.endpoint), roles: toRoles(request), input, task };
  return {
    ...toSides(asked),
    fps: toNumber(input.targetFps) ?? FPS,
    durationMs: toDurationMs(asked),
    hasSound: hasSound(asked),
  };
}

function toSides({ line, roles, input, task }: Asked): Sides {
  const exact = [input.size, input.resolution].map(toExact).find((sides) => sides !== undefined);
  if (exact !== undefined) return exact;
  const given = givenSides(roles, task);
  const target = typeof input.targetResolution === 'string' ? input.targetResolution.toLowerCase() : '';
  if (given !== undefined && isTier(target)) return within(byLines(linesOf(target), aspectOf(given)));
  if (given !== undefined && line.keepsSizeUpTo !== undefined) return kept(given, line.keepsSizeUpTo);
  const tier = isTier(target) ? target : toTier(input, line);
  const said = [input.aspectRatio, input.ratio].filter((value) => typeof value === 'string');
  const named = said.find((value) => /^\d+:\d+$/.test(value));
  // References lend a clip their subject, not their shape, unless the shape is asked to adapt or a clip leads.
  const adapts = task !== 'reference-to-video' || said.some((value) => value === 'adaptive' || value === 'auto');
  const leads = adapts || input.refVideos !== undefined;
  // Skyreels does not look at `aspectRatio` beside `refVideos`.
  const shape = input.refVideos !== undefined && given !== undefined ? undefined : named;
  if (shape === undefined && leads && given !== undefined) {
    return sizeOf(line.sizes, { tier, ratio: undefined, aspect: aspectOf(given) });
  }
  const ratio = shape ?? line.ratio;
  return sizeOf(line.sizes, { tier, ratio, aspect: aspectOf(ratio) });
}

/** Sides said outright: `832x480`, `832*480`, `832×480`. */
function toExact(said: Input[string] | undefined): Sides | undefined {
  const found = typeof said === 'string' ? /^(\d{2,})[x*×](\d{2,})$/.exec(said) : null;
  return found === null ? undefined : { widthPx: toEven(Number(found[1])), heightPx: toEven(Number(found[2])) };
}

function toTier(input: Input, line: Line & { tier: Tier }): Tier {
  const said = typeof input.resolution === 'string' ? input.resolution.toLowerCase().replace('native', '') : '';
  if (isTier(said)) return said;
  // Kling's quality modes: std renders 720 lines, pro 1 080. Skyreels' only mode is std, at its own tier.
  if (input.mode === 'pro') return '1080p';
  return input.mode === 'std' && line.tier === '720p' ? '720p' : line.tier;
}

/** The sides of what the clip shows first: undefined when nothing with sides was given. */
function givenSides(roles: Roles, task: Task): Sides | undefined {
  const footage = [...roles.session, ...roles.clips].filter(({ facts }) => facts.kind === 'video');
  const inOrder = FOLLOWS_CLIP.has(task) ? [...footage, ...roles.pictures] : [...roles.pictures, ...footage];
  for (const { facts } of inOrder) {
    const { widthPx, heightPx } = facts;
    if (widthPx !== undefined && heightPx !== undefined && heightPx > 0) return { widthPx, heightPx };
  }
  return undefined;
}

/** The given sides, evened, made smaller where their shorter side has more lines than allowed. */
function kept(given: Sides, maxLines: number): Sides {
  const lines = Math.min(given.widthPx, given.heightPx);
  if (lines > maxLines) return within(byLines(maxLines, aspectOf(given)));
  return within({ widthPx: toEven(given.widthPx), heightPx: toEven(given.heightPx) });
}

function within(sides: Sides): Sides {
  const factor = Math.min(1, MAX_SIDE_PX / Math.max(sides.widthPx, sides.heightPx));
  return { widthPx: toEven(sides.widthPx * factor), heightPx: toEven(sides.heightPx * factor) };
}
