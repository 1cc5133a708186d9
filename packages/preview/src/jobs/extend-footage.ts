import type { Canvas, SKRSContext2D } from '@napi-rs/canvas';
import type { RenderRequest, RenderResult } from '../contract.ts';
import { createPainter, type Painter } from '../drawing/index.ts';
import type { Geometry } from '../geometry.ts';
import { BadMedia } from '../media/bad-media.ts';
import { decodeSound } from '../media/decode-sound.ts';
import { openFootage } from '../media/footage.ts';
import { cutPcm, type Pcm } from '../media/pcm.ts';
import type { Storyboard } from '../storyboard/index.ts';
import { faded, keptSound, mixParts, type Part } from './clip-sound.ts';
import { copyFrame, toCutShots } from './cuts.ts';
import { drawCover } from './draw-picture.ts';
import { drawSize, writeFilm } from './film.ts';
import { madeSound } from './film-sound.ts';
import type { Job, JobInput } from './job.ts';
import { toScript } from './script.ts';
import { styleOf } from './styled.ts';

const CROSSFADE_MS = 250;
/** How long a look takes to come over what follows the clip. */
const STYLED_MS = 700;

/** A clip that begins with the given one, with its own sound, and goes on from its last frame: in the same take, or
 *  after the cut that `cutType` names. */
export const extendFootage: Job = async (input) => {
  const { request, geometry, roles } = input;
  const clip = roles.clips[0];
  const clipMs = clip?.facts.durationMs;
  if (clip === undefined || clipMs === undefined) throw new BadMedia('There is no clip to extend.');
  const plan = toScript(request, geometry.durationMs - clipMs);
  const footage = await openFootage(clip.path, drawSize(geometry));
  const style = styleOf(request);
  let following: Following | undefined;
  try {
    const own = geometry.hasSound ? await keptSound(input) : undefined;
    const made = await writeFilm(input, {
      geometry,
      sound: geometry.hasSound ? await mixSound(input, { own, plan, clipMs }) : undefined,
      draw: async (context, { atMs }) => {
        // Half a frame of slack: the clip's last frame is never cut away by rounding.
        if (atMs < clipMs - 500 / geometry.fps) {
          drawCover(context, await footage.at(atMs));
          return;
        }
        following ??= follow(request, await footage.at(clipMs), { plan, geometry });
        following(context, atMs - clipMs);
        style?.(context, Math.min(1, (atMs - clipMs) / STYLED_MS));
      },
    });
    return withId(request, made);
  } finally {
    await footage.close();
  }
};

/** PixVerse's row answers in words: the id by which the clip is known, beside the clip. */
function withId(request: RenderRequest, made: RenderResult): RenderResult {
  return request.output === 'string' ? { ...made, text: JSON.stringify({ video_id: request.taskId }) } : made;
}

type Following = (context: SKRSContext2D, sinceMs: number) => void;

/** Draws what comes after the clip, `sinceMs` its end. Times rise. */
function follow(request: RenderRequest, last: Canvas, p: { plan: Storyboard; geometry: Geometry }): Following {
  const size = drawSize(p.geometry);
  const { plan } = p;
  let startMs = 0;
  const shots = toCutShots(request, copyFrame(last, size)).map((shot, index, all) => {
    const lengthMs = plan.durationMs * shot.share;
    const span = { startMs, endMs: index === all.length - 1 ? Infinity : startMs + lengthMs };
    startMs = span.endMs;
    return { ...shot, ...span, lengthMs };
  });
  let current: { shot: (typeof shots)[number]; painter: Painter } | undefined;
  return (context, sinceMs) => {
    const shot = shots.find(({ endMs }) => sinceMs < endMs) ?? shots.at(-1);
    if (shot === undefined) return;
    if (current?.shot !== shot) {
      const storyboard = shots.length === 1 ? plan : toScript(request, shot.lengthMs);
      const first = shot.first === undefined ? {} : { first: shot.first };
      current = { shot, painter: createPainter({ storyboard, ...size, seed: request.seed, ...first }) };
    }
    current.painter.draw(context, Math.max(0, sinceMs - shot.startMs));
  };
}

type Mix = { own: Pcm | undefined; plan: Storyboard; clipMs: number };

async function mixSound({ request, geometry, roles }: JobInput, { own, plan, clipMs }: Mix): Promise<Pcm> {
  const { durationMs } = geometry;
  const given = roles.sounds[0] && (await decodeSound(roles.sounds[0].path, { maxMs: durationMs - clipMs }));
  const compose = async (beforeMs: number): Promise<Part> => {
    const atMs = clipMs - beforeMs;
    // A given recording is what the new part sounds like.
    if (given !== undefined) return { pcm: faded(given, { inMs: 5, outMs: 30 }), atMs: clipMs, gain: 1 };
    const pcm = await madeSound(request, { plan: delayed(plan, beforeMs), durationMs: durationMs - atMs });
    return { pcm, atMs, gain: 1 };
  };
  // A silent clip has no sound of its own to keep, and sound was promised.
  if (own === undefined) return mixParts([await compose(clipMs)], durationMs);
  const kept = faded(cutPcm(own, { startMs: 0, lengthMs: clipMs }), { inMs: 0, outMs: CROSSFADE_MS });
  return mixParts([{ pcm: kept, atMs: 0, gain: 1 }, await compose(CROSSFADE_MS)], durationMs);
}

/** The same plan, beginning later: what its sound does at cuts must meet the cuts. */
function delayed(plan: Storyboard, byMs: number): Storyboard {
  const shots = plan.shots.map((shot) => ({ ...shot, startMs: shot.startMs + byMs, endMs: shot.endMs + byMs }));
  return { ...plan, shots, durationMs: plan.durationMs + byMs };
}
