import { toFlag } from '../geometry.ts';
import { tongueOf } from '../sound/languages.ts';
import { addRhythmMark } from '../sound/rhythm-mark.ts';
import { sayWords } from '../sound/speech.ts';
import { voiceOf } from '../sound/voices.ts';
import { type Job, textOf } from './job.ts';
import { noteVoice } from './known-voice.ts';
import { writeSpeech } from './speak.ts';

/** The voice that the prompt describes, the text said in it, and an id: the caller's or the number of the task. */
export const designVoice: Job = async ({ request }) => {
  const voice = voiceOf(textOf(request, 'prompt'));
  const text = textOf(request, 'previewText');
  const said = await sayWords({ text, tongue: tongueOf(text), voice, speed: 1 });
  const pcm = toFlag(request.input.aigcWatermark) === true ? addRhythmMark(said) : said;
  const file = await writeSpeech(request, { pcm, note: noteVoice(voice) });
  return { files: [file], text: JSON.stringify({ voice_id: textOf(request, 'voiceId') || request.taskId }) };
};
