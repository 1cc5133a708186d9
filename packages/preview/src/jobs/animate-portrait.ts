import { BadMedia } from '../media/bad-media.ts';
import { decodeSound } from '../media/decode-sound.ts';
import { envelope } from '../media/pcm.ts';
import { loadPicture } from '../media/pictures.ts';
import { faded, mixParts } from './clip-sound.ts';
import { drawCover } from './draw-picture.ts';
import { frameCountOf, writeFilm } from './film.ts';
import { createGrade } from './grade.ts';
import { type Job, textOf } from './job.ts';
import { toScript } from './script.ts';
import { drawLevels } from './talking.ts';

/** The given picture, nodding to the given sound, which is heard unchanged. It begins as the picture is. */
export const animatePortrait: Job = async (input) => {
  const { request, geometry, roles } = input;
  const [picture, recording] = [roles.pictures[0], roles.sounds[0]];
  if (picture === undefined || recording === undefined) throw new BadMedia('A picture and a sound are needed.');
  const portrait = await loadPicture(picture.path);
  const pcm = await decodeSound(recording.path, { maxMs: geometry.durationMs });
  if (pcm === undefined) throw new BadMedia('The recording holds no sound.');
  const sound = mixParts([{ pcm: faded(pcm, { inMs: 0, outMs: 20 }), atMs: 0, gain: 1 }], geometry.durationMs);
  const levels = envelope(sound, frameCountOf(geometry));
  const hasWords = textOf(request, 'prompt') !== '';
  const grade = hasWords ? createGrade(toScript(request, geometry.durationMs)) : undefined;
  let smooth = 0;
  return writeFilm(input, {
    geometry,
    sound,
    draw: (context, { index, atMs, fraction }) => {
      // Quick to rise and slow to fall, as a head goes with a voice.
      const level = index === 0 ? 0 : (levels[index] ?? 0);
      smooth += (level - smooth) * (level > smooth ? 0.5 : 0.15);
      const sway = Math.sin(atMs / 900) * Math.min(1, atMs / 1500);
      drawCover(context, portrait, {
        zoom: 1 + 0.045 * smooth + 0.03 * Math.min(1, atMs / 1500),
        shiftX: 0.004 * sway,
        shiftY: -0.012 * smooth,
        turn: 0.006 * sway,
      });
      if (index > 0) grade?.(context, atMs);
      if (index > 0) drawLevels(context, { levels, fraction });
    },
  });
};
