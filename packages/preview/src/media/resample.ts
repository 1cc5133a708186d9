import { av, checked, constants } from './av.ts';
import { createPcm, type Pcm, SAMPLES_PER_SECOND } from './pcm.ts';

/** How the samples of a sound lie in time and on loudspeakers. */
export type SoundForm = { readonly sampleRate: number; readonly channels: 1 | 2 };
/** The form of every `Pcm`. */
export const PCM_FORM: SoundForm = { sampleRate: SAMPLES_PER_SECOND, channels: 2 };

/** Samples of each channel, channels of equal length. */
type Channels = readonly Float32Array[];

export const layoutOf = ({ channels }: SoundForm) =>
  channels === 1 ? constants.AV_CHANNEL_LAYOUT_MONO : constants.AV_CHANNEL_LAYOUT_STEREO;

/** Converts decoded frames, one after another, to a form. */
export type Resampler = {
  /** The converted samples that are ready; null asks for what is still held back. @throws {CodecError} */
  readonly convert: (from: av.Frame | null) => Channels | undefined;
  readonly free: () => void;
};

export function createResampler(form: SoundForm): Resampler {
  const context = new av.SoftwareResampleContext();
  context.alloc();
  const convert = (from: av.Frame | null): Channels | undefined => {
    const to = new av.Frame();
    to.alloc();
    try {
      to.sampleRate = form.sampleRate;
      to.channelLayout = layoutOf(form);
      to.format = constants.AV_SAMPLE_FMT_FLTP;
      if (from !== null) nameChannels(from);
      let result = context.convertFrame(to, from);
      if (result === constants.AVERROR_INPUT_CHANGED) {
        // A recording may change its rate half-way; the converter begins anew with what it meets.
        context.close();
        result = context.convertFrame(to, from);
      }
      checked(result, 'convert sound');
      const { data, nbSamples } = to;
      if (nbSamples === 0 || data === null) return undefined;
      return data.slice(0, form.channels).map((plane) => toSamples(plane, nbSamples));
    } finally {
      to.free();
    }
  };
  return { convert, free: () => context.free() };
}

/** Samples of one form in another. @throws {CodecError} */
export function resample(samples: Channels, p: { from: SoundForm; to: SoundForm }): Channels {
  if (p.from.sampleRate === p.to.sampleRate && p.from.channels === p.to.channels) return samples;
  const resampler = createResampler(p.to);
  const parts: Channels[] = [];
  const count = samples[0]?.length ?? 0;
  try {
    for (let at = 0; at < count; at += p.from.sampleRate) {
      const frame = toFrame(samples, { at, count: Math.min(p.from.sampleRate, count - at), form: p.from });
      const part = resampler.convert(frame);
      frame.free();
      if (part !== undefined) parts.push(part);
    }
    const rest = count === 0 ? undefined : resampler.convert(null);
    if (rest !== undefined) parts.push(rest);
  } finally {
    resampler.free();
  }
  return Array.from({ length: p.to.channels }, (_, channel) => joined(parts.map((part) => part[channel])));
}

/** One voice's samples as a sound in the middle between the loudspeakers. */
export function toPcm(samples: Float32Array, sampleRate: number): Pcm {
  const [middle = new Float32Array()] = resample([samples], {
    from: { sampleRate, channels: 1 },
    to: { sampleRate: SAMPLES_PER_SECOND, channels: 1 },
  });
  const pcm = createPcm(middle.length);
  pcm.left.set(middle);
  pcm.right.set(middle);
  return pcm;
}

/** A stretch of samples as the library takes them. The caller frees it. */
export function toFrame(samples: Channels, p: { at: number; count: number; form: SoundForm }): av.Frame {
  const planes = new Float32Array(p.count * p.form.channels);
  for (const [index, channel] of samples.entries()) {
    planes.set(channel.subarray(p.at, p.at + p.count), index * p.count);
  }
  return av.Frame.fromAudioBuffer(Buffer.from(planes.buffer), {
    nbSamples: p.count,
    format: constants.AV_SAMPLE_FMT_FLTP,
    sampleRate: p.form.sampleRate,
    channelLayout: layoutOf(p.form),
    timeBase: { num: 1, den: p.form.sampleRate },
    pts: BigInt(p.at),
  });
}

/** Says which loudspeakers the channels are for where a file only counts them, as plain WAV does: one is the middle,
 *  two are left and right. */
function nameChannels(frame: av.Frame): void {
  const { order, nbChannels } = frame.channelLayout;
  if (order !== constants.AV_CHANNEL_ORDER_UNSPEC) return;
  const mask = nbChannels === 1 ? constants.AV_CH_LAYOUT_MONO : 2n ** BigInt(nbChannels) - 1n;
  frame.channelLayout = { nbChannels, order: constants.AV_CHANNEL_ORDER_NATIVE, mask };
}

function toSamples(plane: Buffer, count: number): Float32Array {
  const samples = new Float32Array(count);
  // Copied byte by byte: the plane is the library's memory and may begin at any address.
  Buffer.from(samples.buffer).set(plane.subarray(0, count * 4));
  return samples;
}

function joined(parts: readonly (Float32Array | undefined)[]): Float32Array {
  const whole = new Float32Array(parts.reduce((sum, part) => sum + (part?.length ?? 0), 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part ?? [], at);
    at += part?.length ?? 0;
  }
  return whole;
}
