import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { readMp4 } from '../../test/mp4-boxes.ts';
import { amplitudeAt, createWorkshop, drawScene, tone } from '../../test/samples.ts';
import { similarity } from '../../test/similarity.ts';
import { decodeSound } from './decode-sound.ts';
import { type Clip, encodeClip } from './encode.ts';
import { openFootage } from './footage.ts';
import { loudness } from './pcm.ts';

const workshop = createWorkshop();
afterAll(() => workshop.remove());

const clip = (path: string, more: Partial<Clip> = {}): Clip => ({
  path,
  widthPx: 320,
  heightPx: 180,
  fps: 24,
  frameCount: 48,
  pictures: {
    widthPx: 320,
    heightPx: 180,
    draw: (index) => drawScene({ widthPx: 320, heightPx: 180, turn: index / 48 }).data(),
  },
  comment: 'a sample',
  ...more,
});

test('a clip is an MP4 with its index in front, of the exact size, length and rate', async () => {
  const path = join(workshop.dir, 'exact.mp4');
  await encodeClip(clip(path, { frameCount: 60, fps: 30, sound: tone({ hz: 440, seconds: 3 }) }));
  const mp4 = readMp4(path);
  expect(mp4.order.indexOf('moov')).toBeLessThan(mp4.order.indexOf('mdat'));
  expect(mp4.durationMs).toBeCloseTo(2000, -1);
  const [video, audio] = mp4.tracks;
  expect(video).toMatchObject({ kind: 'video', codec: 'avc1', widthPx: 320, heightPx: 180, sampleCount: 60 });
  expect(video?.rate).toBeCloseTo(30, 5);
  expect(video?.durationMs).toBeCloseTo(2000, -1);
  expect(audio).toMatchObject({ kind: 'audio', codec: 'mp4a' });
  // Sound that is longer than the pictures ends with them.
  expect(Math.abs((audio?.durationMs ?? 0) - 2000)).toBeLessThan(25);
  expect(mp4.text).toContain('Reelay preview');
  expect(mp4.text).toContain('a sample');
});

test('pictures drawn at another size are scaled to the exact one, and look the same', async () => {
  const path = join(workshop.dir, 'large.mp4');
  await encodeClip(clip(path, { widthPx: 640, heightPx: 360, frameCount: 6 }));
  expect(readMp4(path).tracks[0]).toMatchObject({ widthPx: 640, heightPx: 360 });
  const footage = await openFootage(path, { widthPx: 320, heightPx: 180 });
  expect(similarity(await footage.at(0), drawScene({ widthPx: 320, heightPx: 180, turn: 0 }))).toBeGreaterThan(0.9);
  await footage.close();
});

test('colours come back as they were drawn', async () => {
  const path = join(workshop.dir, 'colours.mp4');
  const colour = [200, 50, 30];
  const pixels = Buffer.from([...colour, 255]);
  await encodeClip(
    clip(path, {
      frameCount: 3,
      pictures: { widthPx: 320, heightPx: 180, draw: () => Buffer.alloc(320 * 180 * 4, pixels) },
    }),
  );
  const footage = await openFootage(path);
  const shown = (await footage.at(0)).getContext('2d').getImageData(100, 100, 1, 1).data;
  for (const [channel, value] of colour.entries()) expect(Math.abs((shown[channel] ?? 0) - value)).toBeLessThan(5);
  await footage.close();
});

test('the same pictures and sound give the same bytes', async () => {
  const hashes = [];
  for (const name of ['one.mp4', 'two.mp4', 'three.mp4']) {
    const path = join(workshop.dir, name);
    await encodeClip(clip(path, { sound: tone({ hz: 440, seconds: 2 }) }));
    hashes.push(createHash('sha256').update(readFileSync(path)).digest('hex'));
  }
  expect(new Set(hashes).size).toBe(1);
});

test('sound comes back with its pitch and loudness, and in time', async () => {
  const path = join(workshop.dir, 'sound.mp4');
  const sound = tone({ hz: 440, seconds: 2 });
  sound.left.fill(0, 0, 48_000);
  sound.right.fill(0, 0, 48_000);
  await encodeClip(clip(path, { sound }));
  const heard = await decodeSound(path, { maxMs: 10_000 });
  if (heard === undefined) throw new Error('no sound');
  expect(Math.abs(heard.left.length - 96_000)).toBeLessThanOrEqual(2048);
  const half = (from: number, to: number) => ({
    left: heard.left.subarray(from, to),
    right: heard.right.subarray(from, to),
  });
  expect(loudness(half(2_000, 44_000))).toBeLessThan(0.005);
  expect(amplitudeAt(half(50_000, 94_000), 440)).toBeCloseTo(0.3, 1);
});

test('footage shows the picture of each moment, and the last one for ever after', async () => {
  const { path } = await workshop.clip('moments.mp4', { widthPx: 320, heightPx: 180, seconds: 1 });
  const footage = await openFootage(path);
  expect([footage.widthPx, footage.heightPx, footage.fps]).toEqual([320, 180, 24]);
  const scores: number[] = [];
  for (const index of [0, 1, 11, 23]) {
    const drawn = drawScene({ widthPx: 320, heightPx: 180, turn: index / 24 });
    scores.push(similarity(await footage.at((index * 1000) / 24), drawn));
  }
  const last = drawScene({ widthPx: 320, heightPx: 180, turn: 23 / 24 });
  scores.push(similarity(await footage.at(60_000), last));
  expect(Math.min(...scores)).toBeGreaterThan(0.9);
  await footage.close();
});

test('footage is made just large enough to cover what it is for', async () => {
  const { path } = await workshop.clip('small.mp4', { widthPx: 640, heightPx: 360, seconds: 0.5 });
  const footage = await openFootage(path, { widthPx: 80, heightPx: 90 });
  expect([footage.widthPx, footage.heightPx]).toEqual([160, 90]);
  await footage.close();
});
