import { readFileSync } from 'node:fs';

// A reader of MP4 files that shares no code with the library that wrote them (ISO/IEC 14496-12).

type Box = { readonly type: string; readonly start: number; readonly body: Buffer };

const CONTAINERS = new Set(['moov', 'trak', 'mdia', 'minf', 'stbl', 'edts', 'udta']);

function* boxesOf(bytes: Buffer): Generator<Box> {
  for (let at = 0; at + 8 <= bytes.length; ) {
    const size = bytes.readUInt32BE(at);
    if (size < 8 || at + size > bytes.length) throw new Error(`a box of ${size} bytes at ${at}`);
    yield { type: bytes.toString('latin1', at + 4, at + 8), start: at, body: bytes.subarray(at + 8, at + size) };
    at += size;
  }
}

function find(bytes: Buffer, type: string): Buffer[] {
  const found: Buffer[] = [];
  for (const box of boxesOf(bytes)) {
    if (box.type === type) found.push(box.body);
    if (CONTAINERS.has(box.type)) found.push(...find(box.body, type));
  }
  return found;
}

const one = (bytes: Buffer, type: string): Buffer => {
  const [box] = find(bytes, type);
  if (box === undefined) throw new Error(`no ${type} box`);
  return box;
};

export type Mp4Track = {
  readonly kind: 'video' | 'audio';
  readonly codec: string;
  readonly widthPx: number;
  readonly heightPx: number;
  /** As the edit list presents it. */
  readonly durationMs: number;
  readonly sampleCount: number;
  /** Pictures or sound frames per second, from the table of sample times. */
  readonly rate: number;
};

export type Mp4 = {
  readonly order: readonly string[];
  readonly durationMs: number;
  readonly tracks: readonly Mp4Track[];
  readonly text: string;
};

/** Reads what an MP4 file says of itself. */
export function readMp4(path: string): Mp4 {
  const bytes = readFileSync(path);
  const moov = one(bytes, 'moov');
  const header = one(moov, 'mvhd');
  const scale = header.readUInt32BE(12);
  return {
    order: [...boxesOf(bytes)].map(({ type }) => type),
    durationMs: (header.readUInt32BE(16) * 1000) / scale,
    tracks: find(moov, 'trak').map((track) => readTrack(track, scale)),
    text: moov.toString('latin1'),
  };
}

function readTrack(track: Buffer, movieScale: number): Mp4Track {
  const head = one(track, 'tkhd');
  const kind = one(track, 'hdlr').toString('latin1', 8, 12) === 'vide' ? 'video' : 'audio';
  const times = one(track, 'stts');
  const scale = one(track, 'mdhd').readUInt32BE(12);
  let [sampleCount, length] = [0, 0];
  for (let entry = 0; entry < times.readUInt32BE(4); entry += 1) {
    const count = times.readUInt32BE(8 + entry * 8);
    sampleCount += count;
    length += count * times.readUInt32BE(12 + entry * 8);
  }
  return {
    kind,
    codec: one(track, 'stsd').toString('latin1', 12, 16),
    widthPx: head.readUInt32BE(76) / 65_536,
    heightPx: head.readUInt32BE(80) / 65_536,
    durationMs: (head.readUInt32BE(20) * 1000) / movieScale,
    sampleCount,
    rate: (sampleCount * scale) / length,
  };
}
