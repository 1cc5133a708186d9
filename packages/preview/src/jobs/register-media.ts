import { BadMedia } from '../media/bad-media.ts';
import { type Job, textOf } from './job.ts';

/** An id for a file that later world tasks name: the number of the task, by which the server finds the file again. Field
 *  names: World Labs API, media assets. */
export const registerMedia: Job = async ({ request, roles }) => {
  const [file] = request.input.kind === 'video' ? roles.clips : roles.pictures;
  const given = file ?? roles.pictures[0] ?? roles.clips[0];
  if (given === undefined) throw new BadMedia('There is no file: send imageUrl or videoUrl.');
  return {
    files: [],
    text: JSON.stringify({
      media_asset_id: request.taskId,
      file_name: textOf(request, 'fileName'),
      kind: given.facts.kind,
      extension: textOf(request, 'extension') || given.facts.format,
    }),
  };
};
