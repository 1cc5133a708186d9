import { readFileSync } from 'node:fs';
import { deflateSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createWorkshop, drawScene, tone } from '../../test/samples.ts';
import type { MediaFile } from '../contract.ts';
import { createRandom } from '../storyboard/random.ts';
import { BadMedia } from './bad-media.ts';
import { inspectFile } from './inspect.ts';

const workshop = createWorkshop();
let clip: MediaFile;
beforeAll(async () => {
  clip = await workshop.clip('clip.mp4', { widthPx: 320, heightPx: 180, seconds: 2, hz: 440 });
});
afterAll(() => workshop.remove());

describe('facts', () => {
  test('of a clip with sound', () => {
    const { sizeBytes, ...facts } = clip.facts;
    expect(sizeBytes).toBe(readFileSync(clip.path).length);
    expect(facts).toEqual({
      kind: 'video',
      format: 'mp4',
      widthPx: 320,
      heightPx: 180,
      durationMs: 2000,
      hasAudio: true,
    });
  });

  test('of a clip without sound', async () => {
    const silent = await workshop.clip('silent.mp4', { widthPx: 64, heightPx: 64, seconds: 1 });
    expect(silent.facts).toMatchObject({ hasAudio: false, durationMs: 1000 });
  });

  test('of a recording', async () => {
    const { facts } = await workshop.sound('tone.mp3', { hz: 330, seconds: 3 });
    expect(facts).toMatchObject({ kind: 'audio', format: 'mp3', hasAudio: true });
    expect(Math.abs((facts.durationMs ?? 0) - 3000)).toBeLessThan(100);
  });

  test('of a WAV that merely counts its channels', async () => {
    expect(await inspectFile(workshop.write('tone.wav', toWav(1)))).toMatchObject({
      kind: 'audio',
      format: 'wav',
      durationMs: 1000,
    });
  });

  test.each(['png', 'webp', 'avif', 'gif', 'jpeg'] as const)('of a picture as %s', async (format) => {
    const canvas = drawScene({ widthPx: 90, heightPx: 60, turn: 0 });
    // Each format has its own overload; the calls are the same.
    const facts = await inspectFile(workshop.write(`picture.${format}`, canvas.encodeSync(format as 'png')));
    expect(facts).toMatchObject({
      kind: 'image',
      format: format === 'jpeg' ? 'jpg' : format,
      widthPx: 90,
      heightPx: 60,
    });
  });

  test('of a photograph taken with the camera on its side are those of the upright picture', async () => {
    const lying = turnByTag(drawScene({ widthPx: 90, heightPx: 60, turn: 0 }).encodeSync('jpeg'));
    expect(await inspectFile(workshop.write('lying.jpg', lying))).toMatchObject({ widthPx: 60, heightPx: 90 });
  });
});

describe('refused', () => {
  const refuse = async (name: string, bytes: Uint8Array | string): Promise<void> => {
    await expect(inspectFile(workshop.write(name, bytes))).rejects.toBeInstanceOf(BadMedia);
  };

  test('an empty file', () => refuse('empty.mp4', ''));
  test('words under a false name', () => refuse('words.mp4', 'Dear reader, this is not a clip.'));
  test('random bytes', () => refuse('noise.mp4', noise(50_000)));
  test('random bytes behind a true beginning', () =>
    refuse('mask.mp4', Buffer.concat([readFileSync(clip.path).subarray(0, 32), noise(50_000)])));

  test.each([0.3, 0.7, 0.95])('a clip cut off at %d of its length', (share) => {
    const bytes = readFileSync(clip.path);
    return refuse('cut.mp4', bytes.subarray(0, Math.floor(bytes.length * share)));
  });

  test.each(['png', 'jpeg', 'webp', 'gif'] as const)('a %s cut off in the middle', (format) => {
    const bytes = drawScene({ widthPx: 200, heightPx: 200, turn: 0 }).encodeSync(format as 'png');
    return refuse(`cut.${format}`, bytes.subarray(0, Math.floor(bytes.length / 2)));
  });

  test('a picture whose header promises 50 000 x 50 000 pixels, before it is decoded', async () => {
    const before = process.memoryUsage.rss();
    await refuse('bomb.png', bomb());
    expect(process.memoryUsage.rss() - before).toBeLessThan(200 * 2 ** 20);
  });

  test('a PNG whose picture is missing', () =>
    refuse('hollow.png', Buffer.concat([PNG_MARK, pngPart('IEND', Buffer.alloc(0))])));
});

function noise(length: number): Buffer {
  const random = createRandom(12_345);
  return Buffer.from(Array.from({ length }, () => random.below(256)));
}

const PNG_MARK = Buffer.from('89504e470d0a1a0a', 'hex');

function pngPart(type: string, data: Buffer): Buffer {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(data.length);
  return Buffer.concat([length, Buffer.from(type), data, Buffer.alloc(4)]);
}

function bomb(): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(50_000, 0);
  header.writeUInt32BE(50_000, 4);
  header[8] = 8;
  header[9] = 2;
  return Buffer.concat([
    PNG_MARK,
    pngPart('IHDR', header),
    pngPart('IDAT', deflateSync(Buffer.alloc(10_000))),
    pngPart('IEND', Buffer.alloc(0)),
  ]);
}

/** Puts an EXIF tag in front that says: turn clockwise by a quarter (orientation 6). */
function turnByTag(jpeg: Buffer): Buffer {
  const tag = Buffer.from('ffe100204578696600004d4d002a00000008000101120003000000010006000000000000', 'hex');
  tag.writeUInt16BE(tag.length - 2, 2);
  return Buffer.concat([jpeg.subarray(0, 2), tag, jpeg.subarray(2)]);
}

function toWav(seconds: number): Buffer {
  const samples = tone({ hz: 500, seconds }).left;
  const wav = Buffer.alloc(44 + samples.length * 2);
  wav.write('RIFF', 0);
  wav.writeUInt32LE(wav.length - 8, 4);
  wav.write('WAVEfmt ', 8);
  wav.writeUInt32LE(16, 16);
  wav.writeUInt16LE(1, 20);
  wav.writeUInt16LE(1, 22);
  wav.writeUInt32LE(48_000, 24);
  wav.writeUInt32LE(96_000, 28);
  wav.writeUInt16LE(2, 32);
  wav.writeUInt16LE(16, 34);
  wav.write('data', 36);
  wav.writeUInt32LE(samples.length * 2, 40);
  samples.forEach((sample, at) => void wav.writeInt16LE(Math.round(sample * 32_000), 44 + at * 2));
  return wav;
}
