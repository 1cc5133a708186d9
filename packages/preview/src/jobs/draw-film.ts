import { createPainter } from '../drawing/index.ts';
import { toFlag } from '../geometry.ts';
import { loadPicture } from '../media/pictures.ts';
import { composeSound } from './compose.ts';
import { drawSize, PAINTED_PIXELS, writeFilm } from './film.ts';
import type { Job } from './job.ts';
import { toScript } from './script.ts';

/** A clip painted from words: text-to-video, and image-to-video with given first and last frames. */
export const drawFilm: Job = async (input) => {
  const { request, geometry, roles } = input;
  const plan = toScript(request, geometry.durationMs);
  const first = roles.first && (await loadPicture(roles.first.path));
  const last = roles.last && (await loadPicture(roles.last.path));
  const others = roles.pictures.filter((file) => file !== roles.first);
  const pictures = await Promise.all(others.map(({ path }) => loadPicture(path)));
  const isPainted = first === undefined && last === undefined && pictures.length === 0;
  // A last frame that is handed out has the size of the clip.
  const isSmall = isPainted && toFlag(request.input.returnLastFrame) !== true;
  const size = drawSize(geometry, isSmall ? PAINTED_PIXELS : undefined);
  const painter = createPainter({
    storyboard: plan,
    ...size,
    seed: request.seed,
    ...(first !== undefined && { first }),
    ...(last !== undefined && { last }),
    ...(pictures.length > 0 && { pictures }),
  });
  const { durationMs } = geometry;
  const sound = geometry.hasSound
    ? await composeSound({ plan, durationMs, seed: request.seed, workDir: request.outputDir })
    : undefined;
  // The painter's last frame is the one at its full length, a frame after ours: stretched by less than one frame.
  const endMs = last === undefined ? undefined : durationMs;
  const draw = (context: Parameters<typeof painter.draw>[0], at: { atMs: number; fraction: number }): void =>
    painter.draw(context, endMs === undefined ? at.atMs : at.fraction * endMs);
  return writeFilm(input, { geometry, size, draw, sound });
};
