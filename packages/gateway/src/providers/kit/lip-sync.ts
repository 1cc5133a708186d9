import { absent, ignored } from './body.ts';
import { FileUse } from './media.ts';
import type { ModelMapping, ModelRule } from './model-body.ts';

/** The first file of what an id names. */
const fileOfEarlier =
  (path: string): ModelRule =>
  (_value, { job, name, set, refuse }) => {
    const [file] = job.media[name] ?? [];
    if (file === undefined) refuse(`${name} was not made here, and its file is needed there`);
    else set(path, new FileUse(file));
  };

const soundEnd: ModelRule = (value, { job, name, refuse }) => {
  const lengthMs = (job.media.audioUrl ?? job.media.audioId)?.[0]?.facts.durationMs;
  if (lengthMs !== undefined && Number(value) < lengthMs)
    refuse(`${name} ${value} cuts the sound, and it is taken whole there`);
};

/** A lip-sync in two steps, of which the upstream knows one: a clip, a sound, and nothing to choose.
 *  @param fields of the upstream. */
export const lipSyncRules = (fields: { video: string; audio: string }): ModelMapping => ({
  sessionId: fileOfEarlier(fields.video),
  audioId: fileOfEarlier(fields.audio),
  faceId: ignored('the route says that the face cannot be chosen'),
  soundStartTime: absent(0),
  soundEndTime: soundEnd,
  soundInsertTime: absent(0),
  soundVolume: absent(1),
  originalAudioVolume: absent(1),
});
