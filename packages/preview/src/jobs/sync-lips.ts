import type { MediaFile } from '../contract.ts';
import { createPainter } from '../drawing/index.ts';
import { toNumber } from '../geometry.ts';
import { BadMedia } from '../media/bad-media.ts';
import { decodeSound } from '../media/decode-sound.ts';
import { openFootage } from '../media/footage.ts';
import { createPcm, cutPcm, envelope, mixInto, type Pcm, toSampleCount } from '../media/pcm.ts';
import { BadInput } from './bad-input.ts';
import { faded, mixParts, type Part } from './clip-sound.ts';
import { drawCover } from './draw-picture.ts';
import { drawSize, type Film, frameCountOf, writeFilm } from './film.ts';
import { footageRate } from './footage-rate.ts';
import { THE_FACE } from './identities.ts';
import { type Job, type JobInput, textOf } from './job.ts';
import { toScript } from './script.ts';
import { blinkAt, drawTalkingFace } from './talking.ts';

const SKIN = '#e9b48c';

/** The footage of the earlier task, or a drawn face where there is none, with the given sound put in and a mouth that
 *  opens with it. */
export const syncLips: Job = async (input) => {
  requireFace(input);
  const footageFile = [...input.roles.session, ...input.roles.clips].find(({ facts }) => facts.kind === 'video');
  const inserted = await cutInserted(input);
  if (footageFile === undefined) return drawSpeaker(input, inserted);
  const footage = await openFootage(footageFile.path, drawSize(input.geometry));
  try {
    const geometry = { ...input.geometry, fps: footageRate(footage) };
    const levels = envelope(inserted, frameCountOf(geometry));
    return await writeFilm(input, {
      geometry,
      sound: await mixSound(input, { inserted, footageFile }),
      draw: async (context, { atMs, index }) => {
        const { width, height } = context.canvas;
        drawCover(context, await footage.at(atMs));
        // Where the face is, nobody has found out: the mouth is shown on a badge, not guessed onto the picture.
        const size = Math.min(width, height) * 0.22;
        const open = levels[index] ?? 0;
        drawTalkingFace(context, {
          x: width * 0.5,
          y: height - size * 0.72,
          size,
          open,
          blink: blinkAt(atMs),
          skin: SKIN,
        });
      },
    });
  } finally {
    await footage.close();
  }
};

/** A session knows the faces that were found in its clip. */
function requireFace({ request }: JobInput): void {
  const faceId = textOf(request, 'faceId');
  if (faceId === '' || faceId === THE_FACE) return;
  throw new BadInput(`faceId: there is no face "${faceId.slice(0, 40)}" in this session; choose "${THE_FACE}"`);
}

async function drawSpeaker(input: JobInput, inserted: Pcm) {
  const { geometry, request } = input;
  const painter = createPainter({
    storyboard: toScript(request, geometry.durationMs),
    ...drawSize(geometry),
    seed: request.seed,
  });
  const levels = envelope(inserted, frameCountOf(geometry));
  const film: Film = {
    geometry,
    sound: await mixSound(input, { inserted, footageFile: undefined }),
    draw: (context, { atMs, index }) => {
      const { width, height } = context.canvas;
      painter.draw(context, atMs);
      const open = levels[index] ?? 0;
      const bob = Math.sin(atMs / 600) * 0.006 - open * 0.01;
      const size = Math.min(width, height) * 0.55;
      drawTalkingFace(context, { x: width / 2, y: height * (0.5 + bob), size, open, blink: blinkAt(atMs), skin: SKIN });
    },
  };
  return writeFilm(input, film);
}

/** The stretch of the given sound that is asked for, at its place in the clip, everything around it silent. */
async function cutInserted({ request, geometry, roles }: JobInput): Promise<Pcm> {
  const file = roles.sounds[0];
  if (file === undefined) throw new BadMedia('There is no sound to speak.');
  const startMs = toNumber(request.input.soundStartTime) ?? 0;
  const endMs = toNumber(request.input.soundEndTime) ?? startMs + geometry.durationMs;
  const given = await decodeSound(file.path, { maxMs: endMs });
  if (given === undefined) throw new BadMedia('The recording holds no sound.');
  const cut = cutPcm(given, { startMs, lengthMs: Math.max(0, endMs - startMs) });
  const whole = createPcm(toSampleCount(geometry.durationMs));
  mixInto(whole, faded(cut, { inMs: 4, outMs: 15 }), { atMs: toNumber(request.input.soundInsertTime) ?? 0, gain: 1 });
  return whole;
}

async function mixSound(
  { request, geometry }: JobInput,
  p: { inserted: Pcm; footageFile: MediaFile | undefined },
): Promise<Pcm> {
  const parts: Part[] = [{ pcm: p.inserted, atMs: 0, gain: toNumber(request.input.soundVolume) ?? 1 }];
  const originalGain = toNumber(request.input.originalAudioVolume) ?? 1;
  if (p.footageFile?.facts.hasAudio === true && originalGain > 0) {
    const own = await decodeSound(p.footageFile.path, { maxMs: geometry.durationMs });
    if (own !== undefined) parts.push({ pcm: own, atMs: 0, gain: originalGain });
  }
  return mixParts(parts, geometry.durationMs);
}
