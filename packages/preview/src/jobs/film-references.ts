import { createPainter } from '../drawing/index.ts';
import { isExtension, toFlag } from '../geometry.ts';
import { decodeSound } from '../media/decode-sound.ts';
import { type Footage, openFootage } from '../media/footage.ts';
import type { Pcm } from '../media/pcm.ts';
import { loadPicture } from '../media/pictures.ts';
import type { Storyboard } from '../storyboard/index.ts';
import { faded, mixParts, type Part } from './clip-sound.ts';
import { composeSound } from './compose.ts';
import { drawCover } from './draw-picture.ts';
import { extendFootage } from './extend-footage.ts';
import { drawSize, writeFilm } from './film.ts';
import { createGrade } from './grade.ts';
import type { Job, JobInput } from './job.ts';
import { toScript } from './script.ts';

const FADE_MS = 120;
/** Where something given is heard, what is made up steps back. */
const UNDER_GIVEN_SOUND = 0.4;

/** A painted clip in which the given pictures appear, the given clips have shots of their own, and the given sounds
 *  are heard. */
export const filmReferences: Job = async (input) => {
  const { request, geometry, roles } = input;
  if (roles.clips.length > 0 && isExtension(request.input)) return extendFootage(input);
  const plan = toScript(request, geometry.durationMs);
  const pictures = await Promise.all(roles.pictures.map(({ path }) => loadPicture(path)));
  const size = drawSize(geometry);
  const painter = createPainter({
    storyboard: plan,
    ...size,
    seed: request.seed,
    ...(pictures.length > 0 && { pictures }),
  });
  const grade = createGrade(plan);
  const scenes: FootageScene[] = [];
  try {
    for (const span of toSpans(plan, roles.clips.length)) {
      const clip = roles.clips[span.clip];
      if (clip === undefined) continue;
      scenes.push({
        ...span,
        footage: await openFootage(clip.path, size),
      });
    }
    return await writeFilm(input, {
      geometry,
      sound: geometry.hasSound ? await mixSound(input, { plan, scenes }) : undefined,
      draw: async (context, { atMs }) => {
        const scene = scenes.find(({ startMs, endMs }) => atMs >= startMs && atMs < endMs);
        if (scene === undefined) {
          painter.draw(context, atMs);
          return;
        }
        // Creeps nearer, so that a clip that has ended and stands still is not taken for a stuck player.
        const zoom = 1 + (0.04 * (atMs - scene.startMs)) / (scene.endMs - scene.startMs);
        drawCover(context, await scene.footage.at(atMs - scene.startMs), { zoom });
        grade(context, atMs);
      },
    });
  } finally {
    for (const { footage } of scenes) await footage.close();
  }
};

type Span = { readonly clip: number; readonly startMs: number; readonly endMs: number };
type FootageScene = Span & { readonly footage: Footage };

/** When which clip is shown: every other shot while there are enough of them, else a share of the middle of the film. */
function toSpans(plan: Storyboard, clipCount: number): Span[] {
  if (clipCount === 0) return [];
  const shots = plan.shots.filter((_, index) => index % 2 === 1).slice(0, clipCount);
  if (shots.length === clipCount) return shots.map(({ startMs, endMs }, clip) => ({ clip, startMs, endMs }));
  const [from, length] = [plan.durationMs * 0.25, plan.durationMs * 0.55];
  return Array.from({ length: clipCount }, (_, clip) => ({
    clip,
    startMs: from + (length * clip) / clipCount,
    endMs: from + (length * (clip + 1)) / clipCount,
  }));
}

async function mixSound(
  { request, geometry, roles }: JobInput,
  p: { plan: Storyboard; scenes: readonly FootageScene[] },
): Promise<Pcm> {
  const { durationMs } = geometry;
  const given: Part[] = [];
  // One after another, each from its beginning, until the film is over.
  let atMs = 0;
  for (const file of roles.sounds) {
    if (atMs >= durationMs) break;
    const pcm = await decodeSound(file.path, { maxMs: durationMs - atMs });
    if (pcm !== undefined) given.push({ pcm: faded(pcm, { inMs: 5, outMs: FADE_MS }), atMs, gain: 0.9 });
    atMs += file.facts.durationMs ?? durationMs;
  }
  if (toFlag(request.input.keepOriginalSound) !== false) {
    for (const scene of p.scenes) {
      const file = roles.clips[scene.clip];
      if (file?.facts.hasAudio !== true) continue;
      const pcm = await decodeSound(file.path, { maxMs: scene.endMs - scene.startMs });
      if (pcm !== undefined)
        given.push({ pcm: faded(pcm, { inMs: FADE_MS, outMs: FADE_MS }), atMs: scene.startMs, gain: 0.8 });
    }
  }
  const made = await composeSound({ plan: p.plan, durationMs, seed: request.seed });
  return mixParts([{ pcm: made, atMs: 0, gain: given.length === 0 ? 1 : UNDER_GIVEN_SOUND }, ...given], durationMs);
}
