import { av } from './av.ts';
import { BadMedia } from './bad-media.ts';
import { type OpenMedia, openDecoder, openMedia, toBadMedia } from './demux.ts';
import { createPcm, type Pcm, toSampleCount } from './pcm.ts';
import { createResampler, PCM_FORM } from './resample.ts';

/** Decodes the sound of a clip or recording, at most `maxMs` of it, to 48 000 stereo samples a second.
 *  @returns undefined for a clip without sound.
 *  @throws {BadMedia} */
export async function decodeSound(path: string, p: { maxMs: number }): Promise<Pcm | undefined> {
  const media = await openMedia(path);
  try {
    if (media.audio === undefined) return undefined;
    return await readSound(media, { audio: media.audio, maxSamples: toSampleCount(p.maxMs) });
  } catch (error) {
    throw toBadMedia(error, media.sniffed.format);
  } finally {
    await media.close();
  }
}

async function readSound(media: OpenMedia, p: { audio: av.Stream; maxSamples: number }): Promise<Pcm> {
  const codec = await openDecoder(p.audio);
  const resampler = createResampler(PCM_FORM);
  const packet = new av.Packet();
  packet.alloc();
  const frame = new av.Frame();
  frame.alloc();
  const parts: Pcm[] = [];
  let count = 0;
  const take = (from: av.Frame | null): void => {
    const [left, right] = resampler.convert(from) ?? [];
    if (left === undefined || right === undefined) return;
    parts.push({ left, right });
    count += left.length;
  };
  try {
    for (let isOver = false; !isOver && count < p.maxSamples; ) {
      isOver = media.format.readFrameSync(packet) < 0;
      if (!isOver && packet.streamIndex !== p.audio.index) continue;
      // A packet that the decoder refuses is a short gap, not the end of the sound.
      await codec.sendPacket(isOver ? null : packet);
      if (!isOver) packet.unref();
      while ((await codec.receiveFrame(frame)) >= 0) take(frame);
    }
    if (parts.length === 0) throw new BadMedia('The file holds no sound that can be decoded.');
    take(null);
  } finally {
    packet.free();
    frame.free();
    resampler.free();
    codec.freeContext();
  }
  return join(parts, Math.min(count, p.maxSamples));
}

function join(parts: readonly Pcm[], sampleCount: number): Pcm {
  const whole = createPcm(sampleCount);
  let at = 0;
  for (const part of parts) {
    const count = Math.min(part.left.length, sampleCount - at);
    whole.left.set(part.left.subarray(0, count), at);
    whole.right.set(part.right.subarray(0, count), at);
    at += count;
  }
  return whole;
}
