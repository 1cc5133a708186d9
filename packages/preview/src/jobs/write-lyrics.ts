import { tongueOf } from '../sound/languages.ts';
import { sayWords } from '../sound/speech.ts';
import { isChinese, noticeFor } from '../words/language.ts';
import { writeLyrics } from '../words/lyrics.ts';
import { type Job, textOf } from './job.ts';
import { writeSpeech } from './speak.ts';

/** A song's words. Where the endpoint files its result as audio, also a recording of them, read aloud. */
export const makeLyrics: Job = async ({ request }) => {
  const prompt = textOf(request, 'prompt');
  const { title, text } = writeLyrics(prompt, request.seed);
  const chinese = isChinese(prompt);
  const answer = [noticeFor(chinese), `${chinese ? '歌名：' : 'Title: '}${title}`, '', text].join('\n');
  if (request.output !== 'audio') return { files: [], text: answer };
  const read = text.replace(/^\[.*\]$/gmu, '').replace(/\n+/g, chinese ? '，\n' : ',\n');
  const pcm = await sayWords({ text: `${title}. ${read}`, tongue: tongueOf(read), voice: title, speed: 0.95 });
  return { files: [await writeSpeech(request, { pcm })], text: answer };
};
