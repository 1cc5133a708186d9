import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { toNumber } from '../geometry.ts';
import { encodeMp3 } from '../media/encode-sound.ts';
import { level } from '../sound/soundtrack.ts';
import { languageOf, sayWords } from '../sound/speech.ts';
import { commentFor } from './film.ts';
import { type Job, textOf } from './job.ts';
import { toPrompt } from './script.ts';

/** Loud enough for a phone, with room for the peaks. */
const SPEECH_DBFS = -18;

/** The words read aloud, as MP3. Where the endpoint files its result as a string, also the id by which a later task
 *  finds the recording. */
export const speak: Job = async ({ request }) => {
  const text = textOf(request, 'text') || toPrompt(request);
  const said = textOf(request, 'voiceLanguage');
  const workPath = join(request.outputDir, 'speech.wav');
  const pcm = await sayWords(
    {
      text,
      language: said === 'en' || said === 'zh' ? said : languageOf(text),
      voice: textOf(request, 'voiceId'),
      speed: toNumber(request.input.voiceSpeed) ?? 1,
    },
    { workPath },
  );
  await rm(workPath);
  level(pcm, { dbfs: SPEECH_DBFS });
  const path = join(request.outputDir, 'preview.mp3');
  await encodeMp3({ path, pcm, comment: commentFor(request.endpoint) });
  const file = { path, mediaType: 'audio/mpeg', extension: 'mp3' };
  return request.output === 'string'
    ? { files: [file], text: JSON.stringify({ audio_id: request.taskId }) }
    : { files: [file] };
};
