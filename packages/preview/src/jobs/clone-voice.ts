import { toFlag } from '../geometry.ts';
import { BadMedia } from '../media/bad-media.ts';
import { decodeSound } from '../media/decode-sound.ts';
import { loudness } from '../media/pcm.ts';
import { tongueOf } from '../sound/languages.ts';
import { level } from '../sound/levels.ts';
import { sayWords } from '../sound/speech.ts';
import { voiceOf } from '../sound/voices.ts';
import { type Job, textOf } from './job.ts';
import { knownVoice, noteVoice } from './known-voice.ts';
import { writeSpeech } from './speak.ts';

const SAMPLE_MS = 30_000;
/** A sample quieter than this would make a demo that nobody hears. */
const QUIETEST_DBFS = -40;

/** A voice with the pitch and liveliness of the recording, the text said in it, and the id that the caller chose. What
 *  cannot be measured, such as hoarseness, goes by the id. Without `need_volume_normalization` the demo is as loud as
 *  the recording. */
export const cloneVoice: Job = async ({ request, roles }) => {
  const [sample] = roles.sounds;
  if (sample === undefined) throw new BadMedia('There is no recording of the voice.');
  const id = textOf(request, 'custom_voice_id') || request.taskId;
  const isNoisy = toFlag(request.input.need_noise_reduction) === true;
  const measured = await knownVoice(sample, { isNoisy });
  const { roughness, pace } = voiceOf(id);
  const voice = measured === undefined ? voiceOf(id) : { ...measured, roughness, pace };
  const text = textOf(request, 'text');
  const pcm = await sayWords({
    text,
    tongue: tongueOf(text, textOf(request, 'language_boost')),
    voice,
    speed: 1,
  });
  if (toFlag(request.input.need_volume_normalization) !== true) {
    const heard = await decodeSound(sample.path, { maxMs: SAMPLE_MS });
    const dbfs = 20 * Math.log10(heard === undefined ? 0 : loudness(heard));
    level(pcm, { dbfs: Math.max(QUIETEST_DBFS, dbfs) });
  }
  const file = await writeSpeech(request, { pcm, note: noteVoice(voice) });
  return { files: [file], text: JSON.stringify({ voice_id: id }) };
};
