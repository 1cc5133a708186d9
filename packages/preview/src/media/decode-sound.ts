import { av, checked, constants } from './av.ts';
import { BadMedia } from './bad-media.ts';
import { type OpenMedia, openDecoder, openMedia, toBadMedia } from './demux.ts';
import { createPcm, type Pcm, SAMPLES_PER_SECOND, toSampleCount } from './pcm.ts';

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
  const resampler = new av.SoftwareResampleContext();
  resampler.alloc();
  const packet = new av.Packet();
  packet.alloc();
  const frame = new av.Frame();
  frame.alloc();
  const parts: Pcm[] = [];
  let count = 0;
  const take = (from: av.Frame | null): void => {
    const part = resample(resampler, from);
    if (part === undefined) return;
    parts.push(part);
    count += part.left.length;
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

/** Null asks for what the resampler still holds back. */
function resample(resampler: av.SoftwareResampleContext, from: av.Frame | null): Pcm | undefined {
  const to = new av.Frame();
  to.alloc();
  try {
    to.sampleRate = SAMPLES_PER_SECOND;
    to.channelLayout = constants.AV_CHANNEL_LAYOUT_STEREO;
    to.format = constants.AV_SAMPLE_FMT_FLTP;
    if (from !== null) nameChannels(from);
    let result = resampler.convertFrame(to, from);
    if (result === constants.AVERROR_INPUT_CHANGED) {
      // A recording may change its rate half-way; the converter begins anew with what it meets.
      resampler.close();
      result = resampler.convertFrame(to, from);
    }
    checked(result, 'convert sound');
    const planes = to.data;
    if (to.nbSamples === 0 || planes === null) return undefined;
    return { left: toSamples(planes[0], to.nbSamples), right: toSamples(planes[1], to.nbSamples) };
  } finally {
    to.free();
  }
}

/** Says which loudspeakers the channels are for where a file only counts them, as plain WAV does: one is the middle,
 *  two are left and right. */
function nameChannels(frame: av.Frame): void {
  const { order, nbChannels } = frame.channelLayout;
  if (order !== constants.AV_CHANNEL_ORDER_UNSPEC) return;
  const mask = nbChannels === 1 ? constants.AV_CH_LAYOUT_MONO : 2n ** BigInt(nbChannels) - 1n;
  frame.channelLayout = { nbChannels, order: constants.AV_CHANNEL_ORDER_NATIVE, mask };
}

function toSamples(plane: Buffer | undefined, count: number): Float32Array {
  const samples = new Float32Array(count);
  // Copied byte by byte: the plane is the library's memory and may begin at any address.
  if (plane !== undefined) Buffer.from(samples.buffer).set(plane.subarray(0, count * 4));
  return samples;
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
