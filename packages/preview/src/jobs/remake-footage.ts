import type { MediaFile, RenderResult } from '../contract.ts';
import type { Geometry } from '../geometry.ts';
import { toNumber } from '../geometry.ts';
import { BadMedia } from '../media/bad-media.ts';
import { decodeSound } from '../media/decode-sound.ts';
import { openPlanes } from '../media/footage.ts';
import type { Size } from '../media/planes.ts';
import { createRetimer } from '../media/retime.ts';
import type { Job, JobInput } from './job.ts';
import { writePlaneFilm } from './plane-film.ts';

/** Sharpens what is about to be enlarged: a five-pixel unsharp mask on brightness, a quarter of its strength. Measured on
 *  a drawing reduced to a quarter and enlarged again: nearer to the drawing than lanczos or bicubic alone; at half its
 *  strength further away than both. */
const SHARPEN = 'unsharp=5:5:0.25:5:5:0';
/** Rates of footage that says none, or one that no player shows. */
const USUAL_FPS = 24;
const MAX_FPS = 120;

/** The given footage, enlarged to the asked size: same shape, same sound, same rate unless another is asked for. */
export const upscaleFootage: Job = (input) =>
  remake(input, (own) => ({ fps: toNumber(input.request.input.targetFps) ?? own }));

/** The given footage with twice as many pictures: those in between show everything where it has moved to by then. */
export const interpolateFootage: Job = (input) => remake(input, (own) => ({ fps: Math.min(MAX_FPS, 2 * own) }));

async function remake(input: JobInput, plan: (ownFps: number) => { fps: number }): Promise<RenderResult> {
  const clip = input.roles.clips[0];
  if (clip === undefined) throw new BadMedia('There is no clip to work on.');
  const size = workSize(clip, input.geometry);
  const isEnlarged = size.widthPx < input.geometry.widthPx;
  const footage = await openPlanes(clip.path, size, isEnlarged ? [SHARPEN] : []);
  try {
    const fromFps = toUsualRate(footage.fps);
    const whole: Geometry = { ...input.geometry, ...plan(fromFps) };
    const geometry = withinBudget(whole, fromFps);
    const { durationMs } = geometry;
    const picture = createRetimer({
      footage,
      fromFps,
      toFps: geometry.fps,
      durationMs: clip.facts.durationMs ?? durationMs,
    });
    const sound = geometry.hasSound ? await decodeSound(clip.path, { maxMs: durationMs }) : undefined;
    const note = `Only the first ${Math.round(durationMs / 1000)} s of the clip.`;
    return await writePlaneFilm(input, {
      geometry,
      size,
      picture,
      sound,
      ...(durationMs < whole.durationMs && { note }),
    });
  } finally {
    await footage.close();
  }
}

/** The smaller of the footage's size and the clip's: nothing is gained by working on enlarged pictures. */
function workSize({ facts }: MediaFile, geometry: Size): Size {
  const { widthPx = geometry.widthPx, heightPx = geometry.heightPx } = facts;
  if (widthPx >= geometry.widthPx) return { widthPx: geometry.widthPx, heightPx: geometry.heightPx };
  const even = (px: number): number => Math.max(2, Math.round(px / 2) * 2);
  return { widthPx: even(widthPx), heightPx: even(heightPx) };
}

function toUsualRate(fps: number | undefined): number {
  return fps === undefined || fps < 1 || fps > MAX_FPS ? USUAL_FPS : fps;
}

/** Pixels that a render makes in five minutes, half of its time, as measured on two cores: 30 million a second where
 *  pictures in between are made (160 s of 720p at 60 a second), 200 million where they are only enlarged (240 s of 4K at
 *  30). A preview of more footage shows its beginning, and says so in the file. */
const MAX_RETIMED_PIXELS = 9e9;
const MAX_SCALED_PIXELS = 60e9;

function withinBudget(geometry: Geometry, fromFps: number): Geometry {
  const isRetimed = Math.abs(geometry.fps - fromFps) > 0.01;
  const pixels = geometry.widthPx * geometry.heightPx * geometry.fps * (geometry.durationMs / 1000);
  const share = Math.min(1, (isRetimed ? MAX_RETIMED_PIXELS : MAX_SCALED_PIXELS) / pixels);
  return { ...geometry, durationMs: Math.floor(geometry.durationMs * share) };
}
