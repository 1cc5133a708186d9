import { createPcm, type Pcm, SAMPLES_PER_SECOND, toSampleCount } from '../../media/pcm.ts';

/** Where sounds of one channel are put together. */
export type Mix = {
  /** Adds a sound from `atMs` on. `pan` is -1 left to 1 right, `room` the share of it that is heard again from the room.
   *  What reaches past the ends is dropped. */
  readonly add: (samples: Float32Array, p: { atMs: number; gain: number; pan?: number; room?: number }) => void;
  /** The whole, with its room. Nothing may be added after. */
  readonly finish: () => Pcm;
};

export function createMix(lengthMs: number): Mix {
  const pcm = createPcm(toSampleCount(lengthMs));
  const sent = new Float32Array(pcm.left.length);
  return {
    add: (samples, { atMs, gain, pan = 0, room = 0 }) => {
      const at = toSampleCount(atMs);
      const first = Math.max(0, -at);
      const count = Math.min(samples.length, pcm.left.length - at);
      const [left, right] = [gain * Math.min(1, 1 - pan), gain * Math.min(1, 1 + pan)];
      for (let n = first; n < count; n += 1) {
        const sample = samples[n] ?? 0;
        pcm.left[at + n] = (pcm.left[at + n] ?? 0) + sample * left;
        pcm.right[at + n] = (pcm.right[at + n] ?? 0) + sample * right;
        sent[at + n] = (sent[at + n] ?? 0) + sample * gain * room;
      }
    },
    finish: () => {
      addRoom(pcm, sent);
      return pcm;
    },
  };
}

/** Echoes of a hall: combs side by side, then all-passes in a row, a little different in each ear (M. R. Schroeder,
 *  "Natural sounding artificial reverberation", 1962). Delays in samples that share no factor. */
const COMBS = [
  [1687, 1709],
  [1931, 1949],
  [2053, 2081],
  [2251, 2267],
] as const;
const ALL_PASSES = [347, 113];
const REVERB_S = 1.7;
const DAMPING = 0.35;

function addRoom(pcm: Pcm, sent: Float32Array): void {
  for (const [ear, channel] of [pcm.left, pcm.right].entries()) {
    const wet = new Float32Array(sent.length);
    for (const delays of COMBS) addComb(wet, sent, delays[ear] ?? delays[0]);
    for (const delay of ALL_PASSES) passAll(wet, delay);
    for (let at = 0; at < channel.length; at += 1) channel[at] = (channel[at] ?? 0) + (wet[at] ?? 0) * 0.3;
  }
}

function addComb(wet: Float32Array, dry: Float32Array, delay: number): void {
  const line = new Float32Array(delay);
  // Down by 60 dB after the time of the room.
  const feedback = 10 ** ((-3 * delay) / (REVERB_S * SAMPLES_PER_SECOND));
  let [position, low] = [0, 0];
  for (let at = 0; at < dry.length; at += 1) {
    const out = line[position] ?? 0;
    low += (1 - DAMPING) * (out - low);
    line[position] = (dry[at] ?? 0) + low * feedback;
    wet[at] = (wet[at] ?? 0) + out;
    position = position + 1 === delay ? 0 : position + 1;
  }
}

function passAll(wet: Float32Array, delay: number): void {
  const line = new Float32Array(delay);
  let position = 0;
  for (let at = 0; at < wet.length; at += 1) {
    const before = line[position] ?? 0;
    const now = (wet[at] ?? 0) + before * 0.6;
    wet[at] = before - now * 0.6;
    line[position] = now;
    position = position + 1 === delay ? 0 : position + 1;
  }
}
