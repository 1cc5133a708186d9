import { BadMedia } from '../media/bad-media.ts';
import { openFootage } from '../media/footage.ts';
import { loadPicture } from '../media/pictures.ts';
import { createSoundtrack } from '../sound/soundtrack.ts';
import { faded, keptSound, mixParts } from './clip-sound.ts';
import { drawCard, drawCover } from './draw-picture.ts';
import { drawSize, writeFilm } from './film.ts';
import { filmReferences } from './film-references.ts';
import { footageRate } from './footage-rate.ts';
import { createGrade } from './grade.ts';
import type { Job } from './job.ts';
import { toScript } from './script.ts';
import { styleOrWordsOf } from './styled.ts';

const EDITED_FADE_MS = 40;
const STYLED_PIXELS = 520_000;

/** The given footage in the light and colours that the words ask for, or drawn in the style they name, with given
 *  pictures shown as cards on it. */
export const editFootage: Job = async (input) => {
  const { request, roles } = input;
  const clip = roles.clips[0];
  // Wan's row lets the clip be left out: then the pictures are all there is.
  if (clip === undefined && roles.pictures.length > 0) return filmReferences(input);
  if (clip === undefined) throw new BadMedia('There is no clip to edit.');
  const style = styleOrWordsOf(request);
  // A drawn style has large shapes: enlarged from here it looks the same.
  const size = drawSize(input.geometry, style === undefined ? undefined : STYLED_PIXELS);
  const footage = await openFootage(clip.path, size);
  try {
    const geometry = { ...input.geometry, fps: footageRate(footage) };
    const plan = toScript(request, geometry.durationMs);
    // A named style is the whole order; words that name none are about light and colour.
    const grade = request.task === 'video-restyle' ? undefined : createGrade(plan);
    const cards = await Promise.all(roles.pictures.map(({ path }) => loadPicture(path)));
    const own = geometry.hasSound ? await keptSound(input) : undefined;
    // Where the caller wants sound and keeps none of the clip's, the plan has some.
    const made =
      geometry.hasSound && own === undefined
        ? createSoundtrack({ storyboard: plan, ...geometry, seed: request.seed })
        : own;
    return await writeFilm(input, {
      geometry,
      size,
      sound:
        made &&
        mixParts([{ pcm: faded(made, { inMs: 0, outMs: EDITED_FADE_MS }), atMs: 0, gain: 1 }], geometry.durationMs),
      draw: async (context, { atMs }) => {
        drawCover(context, await footage.at(atMs));
        grade?.(context, atMs);
        style?.(context, 1);
        cards.forEach((card, index) => {
          drawCard(context, card, { x: 0.17 + 0.22 * index, y: 0.86, size: 0.2, turn: index % 2 === 0 ? -0.04 : 0.03 });
        });
      },
    });
  } finally {
    await footage.close();
  }
};
