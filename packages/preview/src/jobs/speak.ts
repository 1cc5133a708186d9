import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { RenderedFile, RenderRequest } from '../contract.ts';
import { toFlag, toNumber } from '../geometry.ts';
import { encodeMp3 } from '../media/encode-sound.ts';
import { loudness, type Pcm } from '../media/pcm.ts';
import { tongueOf } from '../sound/languages.ts';
import { amplify } from '../sound/levels.ts';
import { sayWords } from '../sound/speech.ts';
import { type Voice, voiceOf } from '../sound/voices.ts';
import { commentFor } from './film.ts';
import { type Job, textOf } from './job.ts';
import { knownVoice } from './known-voice.ts';
import { toPrompt } from './script.ts';

/** Louder than this, nothing of the words' shape would be left. */
const LOUDEST_DBFS = -9;
/** As MiniMax's speech comes where nothing else is asked. */
const SPEECH_FORM = { sampleRate: 32_000, channels: 1 } as const;

/** The words read aloud, as MP3; as base64 of it where that is asked for. Where the endpoint files its result as a
 *  string, also the id by which a later task finds the recording. */
export const speak: Job = async ({ request }) => {
  const { input, output, taskId } = request;
  const text = textOf(request, 'text') || toPrompt(request);
  const pcm = await sayWords({
    text,
    tongue: tongueOf(text, textOf(request, 'voiceLanguage') || textOf(request, 'language_boost')),
    voice: await speakerOf(request),
    speed: toNumber(input.voiceSpeed) ?? toNumber(input.speed) ?? 1,
    transpose: toNumber(input.pitch) ?? 0,
    emotion: textOf(request, 'emotion'),
    dictionary: toTexts(input.pronunciation_dict),
    isNormalised: toFlag(input.english_normalization) === true,
  });
  const loudest = 10 ** (LOUDEST_DBFS / 20) / (loudness(pcm) || 1);
  amplify(pcm, Math.min(toNumber(input.volume) ?? 1, Math.max(1, loudest)));
  const file = await writeSpeech(request, { pcm });
  if (toFlag(input.enable_base64_output) === true) {
    return { files: [], text: (await readFile(file.path)).toString('base64') };
  }
  return output === 'string' ? { files: [file], text: JSON.stringify({ audio_id: taskId }) } : { files: [file] };
};

/** Writes spoken words into the request's folder. */
export async function writeSpeech(request: RenderRequest, p: { pcm: Pcm; note?: string }): Promise<RenderedFile> {
  const path = join(request.outputDir, 'preview.mp3');
  const comment = [commentFor(request.endpoint), p.note ?? ''].join(' ').trim();
  await encodeMp3({ path, pcm: p.pcm, comment, form: SPEECH_FORM });
  return { path, mediaType: 'audio/mpeg', extension: 'mp3' };
}

/** The voice that an id names: one that an earlier task cloned or designed, or one of the maker's own, of which only the
 *  name is known. */
async function speakerOf(request: RenderRequest): Promise<Voice> {
  const parameter = request.input.voice_id === undefined ? 'voiceId' : 'voice_id';
  const [earlier] = request.media[parameter] ?? [];
  return (earlier && (await knownVoice(earlier))) ?? voiceOf(textOf(request, parameter));
}

const toTexts = (value: RenderRequest['input'][string] | undefined): readonly string[] =>
  Array.isArray(value) ? value.filter((item) => typeof item === 'string') : [];
