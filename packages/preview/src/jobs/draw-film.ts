import { createPainter } from '../drawing/index.ts';
import { toFlag } from '../geometry.ts';
import { loadPicture } from '../media/pictures.ts';
import { drawSize, PAINTED_PIXELS, writeFilm } from './film.ts';
import { filmSound } from './film-sound.ts';
import { createGrade } from './grade.ts';
import type { Job } from './job.ts';
import { toScript } from './script.ts';
import { styleOf } from './styled.ts';
import { transit } from './transit.ts';

/** How long a look takes to come over a given first picture. */
const STYLED_MS = 900;

/** A clip painted from words: text-to-video, and image-to-video from a given first frame. Where a last frame is given
 *  too, or the clip is to loop, it is a way from one picture to the other. */
export const drawFilm: Job = async (input) => {
  const { request, geometry, roles } = input;
  const loops = toFlag(request.input.loop) === true && roles.last === undefined;
  const last = loops ? roles.first : roles.last;
  if (roles.first !== undefined && last !== undefined) return transit(input, { first: roles.first, last });
  const plan = toScript(request, geometry.durationMs);
  const first = roles.first && (await loadPicture(roles.first.path));
  const lastPicture = last && (await loadPicture(last.path));
  const others = roles.pictures.filter((file) => file !== roles.first);
  const pictures = await Promise.all(others.map(({ path }) => loadPicture(path)));
  const isPainted = first === undefined && lastPicture === undefined && pictures.length === 0;
  // A last frame that is handed out has the size of the clip.
  const isSmall = isPainted && toFlag(request.input.returnLastFrame) !== true;
  const size = drawSize(geometry, isSmall ? PAINTED_PIXELS : undefined);
  const painter = createPainter({
    storyboard: plan,
    ...size,
    seed: request.seed,
    ...(first !== undefined && { first }),
    ...(lastPicture !== undefined && { last: lastPicture }),
    ...(pictures.length > 0 && { pictures }),
  });
  const { durationMs } = geometry;
  const style = styleOf(request);
  // Midjourney's `raw` is the picture without its house style; off, the light of the words lies on it.
  const grade = toFlag(request.input.raw) === false ? createGrade(plan) : undefined;
  // The painter's last frame is the one at its full length, a frame after ours: stretched by less than one frame.
  const endMs = lastPicture === undefined ? undefined : durationMs;
  return writeFilm(input, {
    geometry,
    size,
    sound: await filmSound(input, plan),
    draw: (context, at) => {
      painter.draw(context, endMs === undefined ? at.atMs : at.fraction * endMs);
      const share = first === undefined ? 1 : Math.min(1, at.atMs / STYLED_MS);
      context.globalAlpha = share;
      if (share > 0) grade?.(context, at.atMs);
      context.globalAlpha = 1;
      style?.(context, share);
    },
  });
};
