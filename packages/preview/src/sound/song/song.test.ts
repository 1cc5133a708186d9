import { describe, expect, test } from 'vitest';
import { dbfsOf, peakOf, pitchOf, pulseAt, secondsOf } from '../../../test/sound-judge.ts';
import type { Pcm } from '../../media/pcm.ts';
import { voiceOf } from '../voices.ts';
import { readBrief } from './brief.ts';
import { instrumentalParts, toParts } from './form.ts';
import { sing } from './singing.ts';
import { makeSong, type Song } from './song.ts';

const LYRICS = `[Verse 1]
Paper boats on rivers wide
Carry secrets of the tide

[Chorus]
Hold on to the morning light
(all together)
We are burning through the night`;

const make = (words: string, lyrics = '', seed = 3): Promise<Song> => makeSong(readBrief(words, seed), lyrics);

/** The level of the first part of a kind. */
function levelOf({ pcm, parts }: Song, kind: string, barMs: number): number {
  const part = parts.find((one) => one.kind === kind);
  if (part === undefined) throw new Error(`there is no ${kind}`);
  return dbfsOf(pcm, part.startMs / 1000, (part.startMs + part.bars * barMs) / 1000);
}

describe('the words about a song', () => {
  test.each([
    ['driving techno, 128 bpm, in F# minor', { tempoBpm: 128, root: 6, isMajor: false }],
    ['ballad in the key of Eb major', { root: 3, isMajor: true }],
    ['轻快的民谣，C大调，100拍', { tempoBpm: 100, root: 0, isMajor: true }],
    ['instrumental lo-fi beat of 45 seconds', { isInstrumental: true, lengthMs: 45_000 }],
    ['两分钟不行，2分钟的纯音乐', { isInstrumental: true, lengthMs: 120_000 }],
    ['a 9999 bpm joke', { isInstrumental: false }],
  ])('%s', (words, expected) => expect(readBrief(words, 1)).toMatchObject(expected));

  test('choose who plays, how fast and who sings', () => {
    expect(readBrief('heavy metal', 1).genre.lead).toBe('overdriven');
    expect(readBrief('古风 二胡', 1).genre).toMatchObject({ lead: 'fiddle', isPentatonic: true });
    expect(readBrief('calm ambient', 1).tempoBpm).toBeLessThan(readBrief('energetic house', 1).tempoBpm - 30);
    expect(readBrief('pop, female voice', 1).singer.pitchHz).toBeGreaterThan(160);
    expect(readBrief('pop, deep male voice', 1).singer.pitchHz).toBeLessThan(130);
  });
});

describe('the form of a song', () => {
  const formOf = (lyrics: string) => toParts(lyrics).map(({ kind, bars, lines }) => `${kind} ${bars} ${lines.length}`);

  test('follows the tags, and remarks in brackets are not sung', () =>
    expect(formOf(LYRICS)).toEqual(['intro 4 0', 'verse 4 2', 'chorus 4 2', 'outro 4 0']));

  test('follows Chinese tags, and parts without lines are played', () =>
    expect(formOf('[前奏]\n[主歌]\n月光\n[间奏]\n[副歌]\n风\n雨\n云\n[尾奏]')).toEqual([
      'intro 4 0',
      'verse 4 1',
      'solo 8 0',
      'chorus 8 3',
      'outro 4 0',
    ]));

  test('finds the chorus of untagged lyrics by its coming back', () =>
    expect(formOf('one\ntwo\n\nla la\n\nthree\n\nla la')).toEqual([
      'intro 4 0',
      'verse 4 2',
      'chorus 4 1',
      'verse 4 1',
      'chorus 4 1',
      'outro 4 0',
    ]));

  test.each([1, 7, 12, 40, 101])('fills %i bars without words', (bars) =>
    expect(instrumentalParts(bars).reduce((sum, part) => sum + part.bars, 0)).toBe(bars),
  );
});

describe('a song', () => {
  test.each([
    ['upbeat house, 126 bpm, 20 seconds', 126],
    ['punk rock, 150 bpm, 20 seconds', 150],
    ['reggae, 80 bpm, 20 seconds', 80],
  ])('%s: is as long as asked and pulses at its tempo', async (words, bpm) => {
    const { pcm } = await make(words);
    expect(secondsOf(pcm)).toBeCloseTo(20, 1);
    // A tempo that shares no beats with it.
    expect(pulseAt(pcm, bpm)).toBeGreaterThan(pulseAt(pcm, bpm * 1.18) + 0.1);
  });

  test('is about -18 dBFS, is cut nowhere, ends in silence', async () => {
    for (const words of ['metal, 12 seconds', 'ambient, 12 seconds', '8-bit, 12 seconds']) {
      const { pcm } = await make(words);
      expect(dbfsOf(pcm)).toBeGreaterThan(-20.5);
      expect(dbfsOf(pcm)).toBeLessThan(-16.5);
      expect(peakOf(pcm)).toBeLessThan(0.9);
      expect(dbfsOf(pcm, secondsOf(pcm) - 0.1)).toBeLessThan(-40);
    }
  });

  test('grows from its introduction to its chorus', async () => {
    const brief = readBrief('pop, 120 bpm', 3);
    const song = await makeSong(brief, LYRICS);
    const level = (kind: string): number => levelOf(song, kind, 2_000);
    expect(level('chorus')).toBeGreaterThan(level('intro') + 1);
    expect(level('chorus')).toBeGreaterThan(level('verse'));
    expect(level('outro')).toBeLessThan(level('chorus') - 3);
  });

  test('is the same for the same seed and another for another', async () => {
    const first = (song: Song): number[] => [...song.pcm.left.subarray(96_000, 96_200)];
    const [one, same, other] = [
      await make('jazz, 10 seconds'),
      await make('jazz, 10 seconds'),
      await make('jazz, 10 seconds', '', 4),
    ];
    expect(first(one)).toEqual(first(same));
    expect(first(one)).not.toEqual(first(other));
  });
});

test.each([
  ['en-us', ['Silver', 'rain'], 'a woman', [262, 330]],
  ['cmn', ['月', '光'], 'a man', [131, 98]],
])('%s: words are sung on their notes, as long as they say', async (tongue, texts, who, pitches) => {
  const words = texts.map((text, index) => ({
    text,
    notes: [{ atMs: index * 800, lengthMs: 700, hz: pitches[index] ?? 0 }],
  }));
  const sung = await sing([{ atMs: 0, tongue, words }], voiceOf(who));
  expect(sung.map(({ atMs }) => atMs)).toEqual([0, 800]);
  for (const [index, { samples }] of sung.entries()) {
    const pcm: Pcm = { left: samples, right: samples };
    expect(secondsOf(pcm)).toBeCloseTo(0.7, 2);
    expect(pitchOf(pcm) / (pitches[index] ?? 1)).toBeCloseTo(1, 1);
  }
});
