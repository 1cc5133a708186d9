import { readFileSync } from 'node:fs';
import { validateBytes } from 'gltf-validator';
import { Decoder, Demuxer } from 'node-av/api';
import type * as av from 'node-av/lib';
import { readMp4 } from './mp4-boxes.ts';

// What a result is, found out by decoding all of it with libraries' decoders and readers of our own. Nothing here is
// shared with the code that made it.

export type Judged = {
  readonly kind: 'video' | 'image' | 'audio' | '3d' | 'text';
  /** The codec's or the format's name: `h264`, `png`, `glb`. */
  readonly format: string;
  readonly widthPx?: number;
  readonly heightPx?: number;
  readonly durationMs?: number;
  /** Pictures that were decoded. */
  readonly frames?: number;
  /** Of a clip: whether it has a sound track; of a sound: whether it is no silence. */
  readonly hasSound?: boolean;
  /** Triangles of a model. */
  readonly faces?: number;
};

// biome-ignore format: a table of words
const KINDS: Readonly<Record<string, Judged['kind']>> = {
  mp4: 'video', png: 'image', jpg: 'image', webp: 'image', mp3: 'audio', wav: 'audio', flac: 'audio', glb: '3d',
  txt: 'text', json: 'text',
};

/** Decodes a file from its first to its last byte. @throws when it is not what its extension says, or is damaged. */
export async function judge(path: string, extension: string): Promise<Judged> {
  switch (KINDS[extension]) {
    case 'video':
      return judgeVideo(path);
    case 'image':
      return judgeImage(path);
    case 'audio':
      return judgeSound(path);
    case '3d':
      return judgeModel(path);
    case 'text':
      return judgeText(path);
    default:
      throw new Error(`nobody here can judge .${extension}`);
  }
}

async function judgeVideo(path: string): Promise<Judged> {
  const { tracks, durationMs } = readMp4(path);
  const [picture] = tracks.filter(({ kind }) => kind === 'video');
  if (picture === undefined) throw new Error('no pictures');
  await using media = await Demuxer.open(path);
  const stream = media.video();
  if (stream === undefined) throw new Error('no pictures');
  const tally = await decodeAll(media, stream);
  if (tally.frames !== picture.sampleCount) {
    throw new Error(`${picture.sampleCount} pictures, of which ${tally.frames} could be decoded`);
  }
  const { widthPx, heightPx, codec } = picture;
  if (tally.width !== widthPx || tally.height !== heightPx) throw new Error('the pictures are not as large as it says');
  const hasSound = tracks.some(({ kind }) => kind === 'audio');
  return { kind: 'video', format: codec, widthPx, heightPx, durationMs, frames: tally.frames, hasSound };
}

async function judgeImage(path: string): Promise<Judged> {
  await using media = await Demuxer.open(path);
  const stream = media.video();
  if (stream === undefined) throw new Error('no picture');
  const { frames, width, height, codec, contrast } = await decodeAll(media, stream);
  if (frames !== 1) throw new Error(`${frames} pictures could be decoded, not one`);
  if (contrast === 0) throw new Error('all of the picture has one colour');
  return { kind: 'image', format: codec, widthPx: width, heightPx: height, frames };
}

async function judgeSound(path: string): Promise<Judged> {
  await using media = await Demuxer.open(path);
  const stream = media.audio();
  if (stream === undefined) throw new Error('no sound');
  const { samples, rate, codec, contrast } = await decodeAll(media, stream);
  return { kind: 'audio', format: codec, durationMs: (samples * 1000) / rate, hasSound: contrast > 0 };
}

async function judgeModel(path: string): Promise<Judged> {
  const { issues, info } = await validateBytes(new Uint8Array(readFileSync(path)));
  if (issues.numErrors > 0) throw new Error(JSON.stringify(issues.messages.slice(0, 3)));
  return { kind: '3d', format: 'glb', faces: info.totalTriangleCount };
}

function judgeText(path: string): Judged {
  const text = new TextDecoder('utf-8', { fatal: true }).decode(readFileSync(path));
  if (text.trim() === '') throw new Error('no words');
  return { kind: 'text', format: 'txt' };
}

type Tally = {
  codec: string;
  frames: number;
  samples: number;
  rate: number;
  width: number;
  height: number;
  /** Between the smallest and the largest byte of what was decoded. */
  contrast: number;
};

async function decodeAll(media: Demuxer, stream: av.Stream): Promise<Tally> {
  using decoder = await Decoder.create(stream, { exitOnError: true });
  const codec = decoder.getCodec().name ?? '';
  const tally: Tally = { codec, frames: 0, samples: 0, rate: 1, width: 0, height: 0, contrast: 0 };
  for await (using frame of decoder.frames(media.packets(stream.index))) {
    if (frame === null) continue;
    tally.frames += 1;
    tally.samples += frame.nbSamples;
    tally.rate = frame.sampleRate || 1;
    [tally.width, tally.height] = [frame.width, frame.height];
    if (tally.contrast === 0) tally.contrast = spanOf(frame.data?.[0] ?? new Uint8Array());
  }
  return tally;
}

function spanOf(bytes: Uint8Array): number {
  let [low, high] = [255, 0];
  for (const byte of bytes) {
    low = Math.min(low, byte);
    high = Math.max(high, byte);
  }
  return Math.max(0, high - low);
}
