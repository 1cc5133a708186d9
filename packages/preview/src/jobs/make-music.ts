import { join } from 'node:path';
import type { RenderedFile, RenderRequest } from '../contract.ts';
import { toFlag, toNumber } from '../geometry.ts';
import { encodeMp3 } from '../media/encode-sound.ts';
import { PCM_FORM } from '../media/resample.ts';
import { readBrief } from '../sound/song/brief.ts';
import { makeSong } from '../sound/song/song.ts';
import { mixSeed } from '../storyboard/random.ts';
import { writeLyrics } from '../words/lyrics.ts';
import { commentFor } from './film.ts';
import { type Job, textOf } from './job.ts';

/** Suno answers every order with two takes. */
const PAIRS = /\/suno/;
const USUAL_BIT_RATE = 192_000;

/** A song after the words, as MP3: two different takes from makers that answer with two. */
export const makeMusic: Job = async ({ request, onProgress }) => {
  const count = PAIRS.test(request.endpoint) ? 2 : 1;
  const files: RenderedFile[] = [];
  for (let take = 1; take <= count; take += 1) {
    files.push(await makeTake(request, take));
    onProgress(take / count);
  }
  return { files };
};

async function makeTake(request: RenderRequest, take: number): Promise<RenderedFile> {
  const { input, endpoint, outputDir } = request;
  const seed = take === 1 ? request.seed : mixSeed(request.seed, `take ${take}`);
  const brief = readBrief(styleOf(request), seed);
  const isInstrumental = toFlag(input.make_instrumental) ?? brief.isInstrumental;
  const { pcm } = await makeSong(brief, isInstrumental ? '' : lyricsOf(request, seed));
  const path = join(outputDir, take === 1 ? 'preview.mp3' : `preview-${take}.mp3`);
  await encodeMp3({
    path,
    pcm,
    comment: commentFor(endpoint),
    form: { ...PCM_FORM, sampleRate: toNumber(input.sampleRate) ?? PCM_FORM.sampleRate },
    bitRate: toNumber(input.bitrate) ?? USUAL_BIT_RATE,
  });
  return { path, mediaType: 'audio/mpeg', extension: 'mp3' };
}

/** What the song should be like. Beside `tags` the prompt holds the lyrics. */
function styleOf(request: RenderRequest): string {
  const about = textOf(request, 'tags') || textOf(request, 'description') || textOf(request, 'prompt');
  return [about, textOf(request, 'title')].filter((part) => part !== '').join('. ');
}

/** The caller's lyrics; where only a description was sent, some about it. */
function lyricsOf(request: RenderRequest, seed: number): string {
  const given = textOf(request, 'lyrics') || (textOf(request, 'tags') === '' ? '' : textOf(request, 'prompt'));
  if (given !== '') return given;
  return writeLyrics(textOf(request, 'title') || styleOf(request), seed).text;
}
