import { createEffect } from '../effects/effects.ts';
import { BadMedia } from '../media/bad-media.ts';
import { loadPicture } from '../media/pictures.ts';
import { drawFilm } from './draw-film.ts';
import { drawSize, writeFilm } from './film.ts';
import { filmSound } from './film-sound.ts';
import { type Job, textOf } from './job.ts';
import { toScript } from './script.ts';

/** Enough for 720p: effects are drawn in many layers. */
const MAX_PIXELS = 930_000;

/** The given picture, to which the named effect happens. A name that nobody drew is animated like any picture. */
export const applyEffect: Job = async (input) => {
  const { request, geometry, roles } = input;
  if (roles.first === undefined) throw new BadMedia('There is no picture for the effect.');
  const picture = await loadPicture(roles.first.path);
  const effect = createEffect(textOf(request, 'effect'), { picture, seed: request.seed });
  if (effect === undefined) return drawFilm(input);
  return writeFilm(input, {
    geometry,
    size: drawSize(geometry, MAX_PIXELS),
    sound: await filmSound(input, toScript(request, geometry.durationMs)),
    draw: (context, at) => effect(context, at),
  });
};
