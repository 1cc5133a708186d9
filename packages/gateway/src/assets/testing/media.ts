import { readFile } from 'node:fs/promises';
import { deflateSync } from 'node:zlib';
import type { MediaFacts } from '@reelay/catalog';
import { RenderError } from '@reelay/preview';
import type { Inspect } from '../service.ts';

const part = (type: string, data: Buffer): Buffer => {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(data.length);
  return Buffer.concat([length, Buffer.from(type), data, Buffer.alloc(4)]);
};

/** A grey PNG. `note` makes files of one size different. */
export function pngBytes(p: { widthPx: number; heightPx: number; note?: string }): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(p.widthPx, 0);
  header.writeUInt32BE(p.heightPx, 4);
  header.set([8, 0], 8);
  const pixels = deflateSync(Buffer.alloc((p.widthPx + 1) * p.heightPx));
  return Buffer.concat([
    Buffer.from('89504e470d0a1a0a', 'hex'),
    part('IHDR', header),
    part('tEXt', Buffer.from(`note\0${p.note ?? ''}`)),
    part('IDAT', pixels),
    part('IEND', Buffer.alloc(0)),
  ]);
}

/** What sniffs as an MP4, and says how long it is in words that `inspectByHead` reads. */
export function mp4Bytes(p: { durationMs: number; note?: string; isBroken?: boolean }): Buffer {
  const brand = Buffer.concat([Buffer.from('isom'), Buffer.alloc(4), Buffer.from('isommp42')]);
  const box = (type: string, data: Buffer) => {
    const head = Buffer.alloc(8);
    head.writeUInt32BE(data.length + 8);
    head.write(type, 4, 'latin1');
    return Buffer.concat([head, data]);
  };
  const words = `${p.isBroken === true ? 'broken' : `duration=${p.durationMs};`}${p.note ?? ''}`;
  return Buffer.concat([box('ftyp', brand), box('free', Buffer.from(words))]);
}

/** Reads what the two above wrote; refuses an MP4 that says it is broken. */
export const inspectByHead: Inspect = async (path): Promise<MediaFacts> => {
  const bytes = await readFile(path);
  const sizeBytes = bytes.length;
  if (bytes.toString('latin1', 1, 4) === 'PNG') {
    const [widthPx, heightPx] = [bytes.readUInt32BE(16), bytes.readUInt32BE(20)];
    return { kind: 'image', format: 'png', sizeBytes, widthPx, heightPx };
  }
  const durationMs = Number(/duration=(\d+);/.exec(bytes.toString('latin1'))?.[1]);
  if (Number.isNaN(durationMs)) throw new RenderError('bad_media', 'The file is cut off.');
  return { kind: 'video', format: 'mp4', sizeBytes, widthPx: 1280, heightPx: 720, durationMs, hasAudio: true };
};
