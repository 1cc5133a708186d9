import { readFile } from 'node:fs/promises';
import type { MediaFacts } from '@reelay/catalog';
import { av, checked, constants } from './av.ts';
import { BadMedia } from './bad-media.ts';
import { type OpenMedia, openDecoder, openMedia, shownSides, sniffFile, toBadMedia, toMs } from './demux.ts';
import { decodePicture } from './pictures.ts';

/** A day of sound is some 4 million packets; more is no file that an endpoint takes. */
const MAX_PACKETS = 4_000_000;
/** How often a scan lets the channel to the parent be heard. */
const PACKETS_PER_TURN = 512;
/** What a file may lack of the length it declares: containers round, and the last packet's own length is often unsaid. */
const LENGTH_SLACK_MS = 500;

/** Finds out what a file is, by its bytes alone: container, sides as shown, length, sound. Reads the file to its end
 *  and decodes its first picture or sound, so that damage and make-believe are found here.
 *  @throws {BadMedia} */
export async function inspectFile(path: string): Promise<MediaFacts> {
  const { sniffed, sizeBytes } = await sniffFile(path);
  if (sniffed.kind === 'image') {
    const image = await decodePicture(await readFile(path), sniffed.format);
    return { kind: 'image', format: sniffed.format, sizeBytes, widthPx: image.width, heightPx: image.height };
  }
  const media = await openMedia(path);
  try {
    const scan = await scanPackets(media);
    requireWhole(media, scan);
    const durationMs = Math.round(scan.endMs - scan.startMs);
    if (media.video === undefined) {
      // An MP4 without pictures is what people call an M4A.
      const format = sniffed.format === 'mp4' ? 'm4a' : sniffed.format;
      return { kind: 'audio', format, sizeBytes, durationMs, hasAudio: true };
    }
    const hasAudio = media.audio !== undefined;
    return { kind: 'video', format: sniffed.format, sizeBytes, ...shownSides(media.video), durationMs, hasAudio };
  } catch (error) {
    throw toBadMedia(error, sniffed.format);
  } finally {
    await media.close();
  }
}

type Scan = { startMs: number; endMs: number; declaredMs: number; isDamaged: boolean };

/** Reads all packets of the stream that matters, and decodes the first until something comes out. */
async function scanPackets(media: OpenMedia): Promise<Scan> {
  const stream = media.video ?? media.audio;
  if (stream === undefined) throw new BadMedia('The file holds neither pictures nor sound.');
  const codec = await openDecoder(stream);
  const packet = new av.Packet();
  packet.alloc();
  const frame = new av.Frame();
  frame.alloc();
  const scan: Scan = {
    startMs: Number.POSITIVE_INFINITY,
    endMs: 0,
    declaredMs: declaredMs(media, stream),
    isDamaged: false,
  };
  let isDecoded = false;
  let lengthMs = 0;
  try {
    for (let count = 0; ; count += 1) {
      if (count > MAX_PACKETS) throw new BadMedia('The file is too long.');
      if (count % PACKETS_PER_TURN === 0) await new Promise(setImmediate);
      const result = media.format.readFrameSync(packet);
      if (result < 0) {
        if (result !== constants.AVERROR_EOF) scan.isDamaged = true;
        break;
      }
      if (packet.streamIndex === stream.index) {
        const time = packet.pts === constants.AV_NOPTS_VALUE ? packet.dts : packet.pts;
        if (time !== constants.AV_NOPTS_VALUE) {
          const atMs = toMs(stream, time);
          lengthMs = packet.duration > 0n ? toMs(stream, packet.duration) : lengthMs;
          scan.startMs = Math.min(scan.startMs, atMs);
          scan.endMs = Math.max(scan.endMs, atMs + lengthMs);
        }
        if (packet.hasFlags(constants.AV_PKT_FLAG_CORRUPT)) scan.isDamaged = true;
        // Broken first pictures are common in recordings; only a file in which nothing decodes is refused.
        isDecoded ||= (await codec.sendPacket(packet)) >= 0 && (await codec.receiveFrame(frame)) >= 0;
      }
      packet.unref();
    }
    if (!isDecoded) {
      await codec.sendPacket(null);
      checked(await codec.receiveFrame(frame), 'decode the first picture or sound');
    }
  } finally {
    packet.free();
    frame.free();
    codec.freeContext();
  }
  return scan;
}

function declaredMs(media: OpenMedia, stream: av.Stream): number {
  if (stream.duration > 0n) return toMs(stream, stream.duration);
  return media.format.duration > 0n ? Number(media.format.duration) / 1000 : 0;
}

/** Formats whose declared length is an estimate from the first bytes. */
const ESTIMATED = new Set(['mp3', 'aac', 'amr', 'ts', 'mpg']);

function requireWhole(media: OpenMedia, scan: Scan): void {
  if (!(scan.endMs > scan.startMs)) throw new BadMedia('The file is cut off: it holds nothing that lasts.');
  const isShort = !ESTIMATED.has(media.sniffed.format) && scan.endMs - scan.startMs < scan.declaredMs - LENGTH_SLACK_MS;
  if (isShort || scan.isDamaged) {
    throw new BadMedia(`The ${media.sniffed.format} file is cut off or damaged: it says it is longer than it is.`);
  }
}
