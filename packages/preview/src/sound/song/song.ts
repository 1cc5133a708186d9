import { mixInto, type Pcm, SAMPLES_PER_SECOND } from '../../media/pcm.ts';
import { tongueOf } from '../languages.ts';
import { level, levelAll } from '../levels.ts';
import { barMsOf, gainOf, type PlacedPart, playPart, type Stage, timeOf } from './band.ts';
import type { Brief } from './brief.ts';
import { drumKit } from './drums.ts';
import { instrumentalParts, type Part, toParts } from './form.ts';
import { hzOf, tuneOf } from './melody.ts';
import { createMix } from './mix.ts';
import { type SungLine, type SungWord, sing } from './singing.ts';
import { createPlayer } from './timbres.ts';

/** About -16 LUFS, by which streaming services level music: measured on songs of several kinds. */
const SONG_DBFS = -18.5;
const USUAL_MS = 75_000;
const MAX_MS = 300_000;
const TAIL_MS = 2_200;
const FADE_MS = 2_500;
/** Before both together are brought to `SONG_DBFS`. */
const [BAND_DBFS, VOICE_DBFS] = [-21, -18];
const BARS_PER_LINE = 2;

/** A part of a song as it was made, for whoever wants to know its form. */
export type Song = { readonly pcm: Pcm; readonly parts: readonly PlacedPart[] };

/** Makes a song: the band of its genre, and the lyrics sung over it; without lyrics an instrument has the tune. The same
 *  brief and lyrics give the same sound.
 *  @throws {NoSpeech} where something is to be sung and espeak-ng is not installed. */
export async function makeSong(brief: Brief, lyrics: string): Promise<Song> {
  const beatMs = 60_000 / brief.tempoBpm;
  const isSung = /[\p{L}\p{N}]/u.test(lyrics.replace(/[[【][^\]】]*[\]】]/gu, ''));
  const bars = Math.max(1, Math.round(((brief.lengthMs ?? USUAL_MS) - TAIL_MS) / (beatMs * 4)));
  const form = isSung ? toParts(lyrics) : instrumentalParts(bars);
  const { parts, lengthMs } = place(form, { barMs: beatMs * 4, lengthMs: brief.lengthMs });
  const stage: Stage = { brief, mix: createMix(lengthMs), play: createPlayer(), kit: drumKit(), beatMs };
  for (const part of parts) playPart(stage, part);
  const pcm = stage.mix.finish();
  const lines = parts.flatMap((part) => toSungLines(stage, part));
  if (lines.length > 0) {
    level(pcm, { dbfs: BAND_DBFS });
    mixInto(pcm, await singAlone(brief, { lines, parts, lengthMs }), { atMs: 0, gain: 1 });
  }
  level(pcm, { dbfs: SONG_DBFS });
  fadeOut(pcm);
  return { pcm, parts };
}

/** The singer in the room of the band, at a level at which every word is heard. */
async function singAlone(brief: Brief, p: Placed & { lines: readonly SungLine[] }): Promise<Pcm> {
  const mix = createMix(p.lengthMs);
  const sung = await sing(p.lines, brief.singer);
  const words = sung.map(({ samples }) => ({ left: samples, right: samples.slice() }));
  levelAll(words, { dbfs: VOICE_DBFS });
  for (const [index, { left }] of words.entries()) {
    const { atMs = 0 } = sung[index] ?? {};
    const part = p.parts.findLast(({ startMs }) => startMs <= atMs + 1);
    mix.add(left, { atMs, gain: gainOf(part?.kind ?? 'verse'), room: brief.genre.room * 0.5 + 0.05 });
  }
  return mix.finish();
}

type Placed = { readonly parts: PlacedPart[]; readonly lengthMs: number };

function place(form: readonly Part[], p: { barMs: number; lengthMs: number | undefined }): Placed {
  const whole = form.reduce((sum, { bars }) => sum + bars * p.barMs, 0) + TAIL_MS;
  const lengthMs = Math.min(MAX_MS, p.lengthMs ?? whole);
  let startMs = 0;
  const parts = form.map((part, index) => {
    const placed = { ...part, startMs, isLast: index === form.length - 1 };
    startMs += part.bars * p.barMs;
    return placed;
  });
  return { parts: parts.filter((part) => part.startMs < lengthMs), lengthMs };
}

/** The lines of a part with the notes of every syllable. */
function toSungLines(stage: Stage, part: PlacedPart): SungLine[] {
  return part.lines.map((text, index) => {
    const words = toWords(text);
    const count = words.reduce((sum, { syllables }) => sum + syllables, 0);
    const tune = tuneOf(stage.brief, { part, index, notes: count, bars: BARS_PER_LINE });
    const lineMs = part.startMs + index * BARS_PER_LINE * barMsOf(stage);
    const octave = octaveFor(stage.brief);
    let next = 0;
    const sung = words.map(({ text: word, syllables }): SungWord => {
      const notes = tune.slice(next, next + syllables).map(({ at, length, step }) => ({
        atMs: lineMs + timeOf(stage, at),
        lengthMs: (length / 4) * stage.beatMs * 0.96,
        hz: hzOf(stage.brief, step, octave),
      }));
      next += syllables;
      return { text: word, notes };
    });
    return { atMs: lineMs, tongue: tongueOf(text), words: sung };
  });
}

/** The octave in which the tune lies best for the singer: a little above where they speak. */
function octaveFor(brief: Brief): number {
  return Math.round(Math.log2((brief.singer.pitchHz * 1.15) / hzOf(brief, 2, 0)));
}

/** Words with their number of syllables. A Chinese, Japanese or Korean character is a word of one. */
function toWords(line: string): { text: string; syllables: number }[] {
  const found =
    line.match(/[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}]|[\p{L}\p{N}'’]+/gu) ?? [];
  return found.map((text) => ({ text, syllables: countSyllables(text) }));
}

/** Groups of vowels, without a silent e at the end: right for most English words. */
function countSyllables(word: string): number {
  const spoken = word
    .toLowerCase()
    .replace(/(?<=[^aeiouyl])e$/u, '')
    .replace(/(?<=[^aeiouy][^aeiouytd])ed$/u, 'd');
  return Math.max(1, spoken.match(/[aeiouyàâäéèêëíïîóôöúüûаеёиоуыэюя]+/giu)?.length ?? 1);
}

function fadeOut(pcm: Pcm): void {
  const count = Math.min(pcm.left.length, (FADE_MS / 1000) * SAMPLES_PER_SECOND);
  for (const channel of [pcm.left, pcm.right]) {
    for (let n = 1; n <= count; n += 1)
      channel[channel.length - n] = ((channel[channel.length - n] ?? 0) * (n - 1)) / count;
  }
}
