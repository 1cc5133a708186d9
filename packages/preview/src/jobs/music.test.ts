import { readFileSync } from 'node:fs';
import { afterAll, expect, test } from 'vitest';
import { createWorkshop, requestFor } from '../../test/samples.ts';
import { hear, readMp3, secondsOf } from '../../test/sound-judge.ts';
import type { RenderRequest } from '../contract.ts';
import { inspectFile } from '../media/inspect.ts';
import { runJob } from './jobs.ts';

const workshop = createWorkshop();
afterAll(() => workshop.remove());

const make = (p: Partial<RenderRequest>) =>
  runJob(requestFor({ task: 'text-to-music', output: 'audio', outputDir: workshop.folder(), ...p }), () => {});

const SHORT = '[Verse]\nPaper boats on rivers wide';

test('two different takes where the maker answers with two, the same again for the same seed', async () => {
  const order = {
    endpoint: 'rhart-audio/suno-v5/custom',
    input: { title: 'Boats', tags: 'folk, 130 bpm, 12 seconds', prompt: SHORT },
  };
  const [once, again] = [await make(order), await make(order)];
  const bytes = once.files.map(({ path }) => readFileSync(path));
  expect(bytes).toHaveLength(2);
  expect(bytes[0]?.equals(bytes[1] ?? Buffer.alloc(0))).toBe(false);
  expect(again.files.map(({ path }) => readFileSync(path))).toEqual(bytes);
});

test('a description alone becomes a song with words, or without where nobody is to sing', async () => {
  const secondsFor = async (description: string, make_instrumental: string): Promise<number> => {
    const input = { description, make_instrumental };
    const { files } = await make({ endpoint: 'rhart-audio/suno-v4.5/single', input });
    return secondsOf(await hear(files[0]?.path ?? ''));
  };
  // Two verses, three choruses and a bridge.
  expect(await secondsFor('A cheerful ukulele song about umbrellas, 180 bpm', 'false')).toBeGreaterThan(50);
  expect(await secondsFor('A cheerful ukulele tune of 9 seconds', 'true')).toBeCloseTo(9, 1);
});

test.each([
  ['16000', '32000'],
  ['24000', '64000'],
  ['32000', '128000'],
  ['44100', '256000'],
])('%s samples and %s bits a second', async (sampleRate, bitrate) => {
  const input = { prompt: 'house, 8 seconds, instrumental', lyrics: SHORT, sampleRate, bitrate };
  const { files } = await make({ endpoint: 'rhart-audio/text-to-audio/music-2.5', input });
  const path = files[0]?.path ?? '';
  expect(files).toHaveLength(1);
  // MP3 has no more than 160 000 bits for the lower rates.
  const most = Number(sampleRate) < 32_000 ? 160_000 : 320_000;
  expect(readMp3(readFileSync(path))).toMatchObject({
    sampleRate: Number(sampleRate),
    bitRate: Math.min(most, Number(bitrate)),
    channels: 2,
  });
  expect(((await inspectFile(path)).durationMs ?? 0) / 1000).toBeCloseTo(8, 0);
});

test('lyrics are words, and a reading of them where the endpoint files its result as audio', async () => {
  const order = {
    endpoint: 'rhart-audio/suno/lyrics',
    task: 'text-to-lyrics',
    input: { prompt: 'a song about home' },
  } as const;
  const read = await make(order);
  expect(read.files).toHaveLength(1);
  expect(secondsOf(await hear(read.files[0]?.path ?? ''))).toBeGreaterThan(20);
  expect(await make({ ...order, output: 'string' })).toEqual({ files: [], text: read.text });
});
