import { type Pcm, SAMPLES_PER_SECOND, toSampleCount } from '../media/pcm.ts';

/** A short sound: a sine that may glide, or a burst of noise. */
export type Blip = {
  readonly atMs: number;
  readonly lengthMs: number;
  readonly fromHz: number;
  /** Where the pitch ends; the same as `fromHz` for a steady one. */
  readonly toHz: number;
  readonly gain: number;
  /** -1 left, 1 right. */
  readonly pan: number;
  /** Share of the length in which it rises; the rest decays. */
  readonly attack: number;
  /** Noise around the pitch instead of a sine. */
  readonly isNoise?: boolean;
};

/** Adds a blip to a sound. What begins before 0 or after the end is left out. */
export function addBlip(target: Pcm, blip: Blip): void {
  const start = toSampleCount(blip.atMs);
  const count = Math.min(toSampleCount(blip.lengthMs), target.left.length - start);
  if (start < 0 || count <= 0) return;
  const [leftGain, rightGain] = [blip.gain * Math.min(1, 1 - blip.pan), blip.gain * Math.min(1, 1 + blip.pan)];
  const attackCount = Math.max(1, toSampleCount(blip.lengthMs) * blip.attack);
  // Down by 60 dB at its end.
  const decay = Math.exp(-6.9 / Math.max(1, toSampleCount(blip.lengthMs) - attackCount));
  const noise = createNoise(start + Math.round(blip.fromHz));
  const glide = (blip.toHz - blip.fromHz) / count;
  let [phase, level, low] = [0, 1, 0];
  for (let i = 0; i < count; i += 1) {
    if (i > attackCount) level *= decay;
    const rise = i < attackCount ? i / attackCount : level;
    const step = ((blip.fromHz + glide * i) * 2 * Math.PI) / SAMPLES_PER_SECOND;
    phase += step;
    // One pole at the pitch makes the noise dark or bright.
    if (blip.isNoise === true) low += Math.min(1, step) * (noise() - low);
    const sample = rise * (blip.isNoise === true ? low : Math.sin(phase));
    target.left[start + i] = (target.left[start + i] ?? 0) + sample * leftGain;
    target.right[start + i] = (target.right[start + i] ?? 0) + sample * rightGain;
  }
}

/** White noise from -1 to 1, the same for the same seed (xorshift, G. Marsaglia 2003): the innermost loop of a sound
 *  track, where the general generator would take three times as long. */
export function createNoise(seed: number): () => number {
  let state = (seed | 0) ^ 0x9e3779b9 || 1;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return state / 2_147_483_648;
  };
}

/** A sum of sines that lasts from `atMs` on, rising and falling slowly. */
export type Tone = {
  readonly atMs: number;
  readonly lengthMs: number;
  readonly hz: number;
  readonly gain: number;
  /** Gains of the first, second, third … harmonic. */
  readonly harmonics: readonly number[];
  /** Share of the length in which it rises, and again in which it falls. */
  readonly attack: number;
  readonly release: number;
  /** How far the right channel is out of tune with the left, as a factor; 0 for not at all. */
  readonly spread: number;
};

/** Adds a tone to a sound. Times outside the sound are left out. */
export function addTone(target: Pcm, tone: Tone): void {
  const start = Math.max(0, toSampleCount(tone.atMs));
  const end = Math.min(target.left.length, toSampleCount(tone.atMs + tone.lengthMs));
  if (end <= start) return;
  const shape = createShape(tone);
  for (const [channel, factor] of [
    [target.left, 1 - tone.spread],
    [target.right, 1 + tone.spread],
  ] as const) {
    tone.harmonics.forEach((harmonic, index) => {
      const hz = tone.hz * factor * (index + 1);
      if (harmonic !== 0 && hz < SAMPLES_PER_SECOND / 3)
        addSine(channel, { start, end, hz, gain: tone.gain * harmonic, shape });
    });
  }
}

const SHAPE_STEP = 256;

/** The level of a tone at every 256th sample of its life. */
function createShape(tone: Tone): (sample: number) => number {
  const from = toSampleCount(tone.atMs);
  const count = toSampleCount(tone.lengthMs);
  const [attack, release] = [Math.max(1, count * tone.attack), Math.max(1, count * tone.release)];
  return (sample) => {
    const at = sample - from;
    const linear = Math.max(0, Math.min(1, at / attack, (count - at) / release));
    return linear * linear * (3 - 2 * linear);
  };
}

type Sine = { start: number; end: number; hz: number; gain: number; shape: (sample: number) => number };

function addSine(channel: Float32Array, p: Sine): void {
  const step = (2 * Math.PI * p.hz) / SAMPLES_PER_SECOND;
  // Each sample of a sine follows from the two before it: one multiplication instead of a call.
  const turn = 2 * Math.cos(step);
  let [before, now] = [-Math.sin(step), 0];
  for (let block = p.start; block < p.end; block += SHAPE_STEP) {
    const until = Math.min(block + SHAPE_STEP, p.end);
    let level = p.shape(block) * p.gain;
    const slope = (p.shape(block + SHAPE_STEP) * p.gain - level) / SHAPE_STEP;
    for (let i = block; i < until; i += 1) {
      channel[i] = (channel[i] ?? 0) + now * level;
      const next = turn * now - before;
      before = now;
      now = next;
      level += slope;
    }
  }
}
