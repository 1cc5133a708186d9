import { BadMedia } from '../media/bad-media.ts';
import { openFootage } from '../media/footage.ts';
import { keptSound } from './clip-sound.ts';
import { drawCover } from './draw-picture.ts';
import { drawSize, writeFilm } from './film.ts';
import { footageRate } from './footage-rate.ts';
import { type Job, textOf } from './job.ts';

// Helper endpoints answer with ids. The number of the task is the id: it is unique, the caller has it anyway, and the
// server finds by it what the later task needs. Field names: Kling API reference, "identify-face", "elements".

/** The id of the one face that every clip has here; Kling counts from zero too. */
export const THE_FACE = '0';

/** One face, that of whoever is on the screen: previews sync any mouth to any sound. */
export const identifyFaces: Job = async ({ request, roles }) => {
  const durationMs = roles.clips[0]?.facts.durationMs;
  const face = { face_id: THE_FACE, start_time: 0, ...(durationMs !== undefined && { end_time: durationMs }) };
  return { files: [], text: JSON.stringify({ session_id: request.taskId, face_data: [face] }) };
};

export const createElement: Job = async ({ request }) => ({
  files: [],
  text: JSON.stringify({
    element_id: request.taskId,
    element_name: textOf(request, 'name'),
    element_description: textOf(request, 'description'),
  }),
});

/** The character's id, and where the endpoint files its result as video, the clip as an MP4 like all others. */
export const createCharacter: Job = async (input) => {
  const { request, roles } = input;
  const name = textOf(request, 'name');
  const text = JSON.stringify({ id: request.taskId, ...(name !== '' && { name }) });
  if (request.output !== 'video') return { files: [], text };
  const clip = roles.clips[0];
  if (clip === undefined) throw new BadMedia('There is no clip of the character.');
  const footage = await openFootage(clip.path, drawSize(input.geometry));
  try {
    const film = await writeFilm(input, {
      geometry: { ...input.geometry, fps: footageRate(footage) },
      sound: await keptSound(input),
      draw: async (context, { atMs }) => drawCover(context, await footage.at(atMs)),
    });
    return { ...film, text };
  } finally {
    await footage.close();
  }
};
