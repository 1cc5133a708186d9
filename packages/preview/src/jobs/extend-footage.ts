import { type Canvas, createCanvas } from '@napi-rs/canvas';
import type { RenderRequest } from '../contract.ts';
import { createPainter, type Painter } from '../drawing/index.ts';
import type { Geometry } from '../geometry.ts';
import { BadMedia } from '../media/bad-media.ts';
import { openFootage } from '../media/footage.ts';
import { cutPcm, type Pcm } from '../media/pcm.ts';
import type { Storyboard } from '../storyboard/index.ts';
import { faded, keptSound, mixParts, type Part } from './clip-sound.ts';
import { composeSound } from './compose.ts';
import { drawCover } from './draw-picture.ts';
import { drawSize, writeFilm } from './film.ts';
import type { Job } from './job.ts';
import { toScript } from './script.ts';

const CROSSFADE_MS = 250;

/** A clip that begins with the given one, with its own sound, and goes on from its last frame. */
export const extendFootage: Job = async (input) => {
  const { request, geometry, roles } = input;
  const clip = roles.clips[0];
  const clipMs = clip?.facts.durationMs;
  if (clip === undefined || clipMs === undefined) throw new BadMedia('There is no clip to extend.');
  const plan = toScript(request, geometry.durationMs - clipMs);
  const footage = await openFootage(clip.path, drawSize(geometry));
  let painter: Painter | undefined;
  try {
    const own = geometry.hasSound ? await keptSound(input) : undefined;
    return await writeFilm(input, {
      geometry,
      sound: geometry.hasSound ? await mixSound({ own, plan, clipMs, geometry, request }) : undefined,
      draw: async (context, { atMs }) => {
        // Half a frame of slack: the clip's last frame is never cut away by rounding.
        if (atMs < clipMs - 500 / geometry.fps) {
          drawCover(context, await footage.at(atMs));
          return;
        }
        painter ??= await continueFrom(await footage.at(clipMs), { plan, geometry, seed: request.seed });
        painter.draw(context, atMs - clipMs);
      },
    });
  } finally {
    await footage.close();
  }
};

async function continueFrom(
  lastFrame: Canvas,
  p: { plan: Storyboard; geometry: Geometry; seed: number },
): Promise<Painter> {
  const size = drawSize(p.geometry);
  // A copy, cut as the clip's frames were: the footage draws on its own canvas again.
  const first = createCanvas(size.widthPx, size.heightPx);
  drawCover(first.getContext('2d'), lastFrame);
  return createPainter({ storyboard: p.plan, ...size, seed: p.seed, first });
}

type Mix = { own: Pcm | undefined; plan: Storyboard; clipMs: number; geometry: Geometry; request: RenderRequest };

async function mixSound({ own, plan, clipMs, geometry, request }: Mix): Promise<Pcm> {
  const { durationMs } = geometry;
  const compose = (beforeMs: number): Promise<Pcm> =>
    composeSound({
      plan: delayed(plan, beforeMs),
      durationMs: durationMs - clipMs + beforeMs,
      seed: request.seed,
      workDir: request.outputDir,
    });
  // A silent clip has no sound of its own to keep, and sound was promised.
  if (own === undefined) return compose(clipMs);
  const kept = faded(cutPcm(own, { startMs: 0, lengthMs: clipMs }), { inMs: 0, outMs: CROSSFADE_MS });
  const parts: Part[] = [
    { pcm: kept, atMs: 0, gain: 1 },
    { pcm: await compose(CROSSFADE_MS), atMs: clipMs - CROSSFADE_MS, gain: 1 },
  ];
  return mixParts(parts, durationMs);
}

/** The same plan, beginning later: what its sound does at cuts must meet the cuts. */
function delayed(plan: Storyboard, byMs: number): Storyboard {
  const shots = plan.shots.map((shot) => ({ ...shot, startMs: shot.startMs + byMs, endMs: shot.endMs + byMs }));
  return { ...plan, shots, durationMs: plan.durationMs + byMs };
}
