import { type Pcm, SAMPLES_PER_SECOND } from '../media/pcm.ts';
import type { Voice } from './voices.ts';

/** Pitches are below 500 Hz: every sixth sample is enough. */
const STEP = 6;
const RATE = SAMPLES_PER_SECOND / STEP;
const [FRAME, HOP] = [400, 160];
const [SHORTEST, LONGEST] = [Math.floor(RATE / 500), Math.ceil(RATE / 60)];
const MAX_SECONDS = 30;
/** Below this correlation with itself a period later a sound has no pitch. */
const VOICED = 0.7;
/** Of several periods in a row the shortest that fits nearly as well is the true one. */
const NEARLY = 0.92;
/** Frames this much quieter than the loud ones are pauses; with a noisy recording, also what is nearly as quiet. */
const PAUSE = 0.03;
const NOISY_PAUSE = 0.25;

/** The pitch of each voiced stretch of 50 ms in a recording, in Hz; one every 20 ms. */
export function trackPitch(pcm: Pcm, p: { isNoisy: boolean } = { isNoisy: false }): number[] {
  const samples = thin(pcm);
  const starts = Array.from(
    { length: Math.max(0, Math.floor((samples.length - FRAME - LONGEST) / HOP)) },
    (_, n) => n * HOP,
  );
  const powers = starts.map((at) => power(samples, at));
  const loud = [...powers].sort((a, b) => a - b)[Math.floor(powers.length * 0.9)] ?? 0;
  const quiet = loud * (p.isNoisy ? NOISY_PAUSE : PAUSE);
  return starts.flatMap((at, index) => {
    const now = powers[index] ?? 0;
    return now <= quiet || now === 0 ? [] : (pitchAt(samples, { at, power: now }) ?? []);
  });
}

/** Who seems to speak in a recording: the usual pitch, how far it moves, and resonances that go with it.
 *  @returns undefined where nobody is heard. */
export function measureVoice(pcm: Pcm, p: { isNoisy: boolean } = { isNoisy: false }): Voice | undefined {
  const pitches = trackPitch(pcm, p).sort((a, b) => a - b);
  const at = (share: number): number => pitches[Math.floor((pitches.length - 1) * share)] ?? 0;
  if (pitches.length < 5) return undefined;
  const pitchHz = at(0.5);
  // The outer tenths are mostly slips of the measurement.
  const spread = (at(0.9) - at(0.1)) / pitchHz;
  return {
    pitchHz,
    // The outer tenths hold half of the way between the lowest and the highest pitch.
    liveliness: Math.min(0.8, Math.max(0.05, spread / 0.53)),
    formants: Math.min(1.3, Math.max(0.95, 1 + (0.15 * (pitchHz - 112)) / 93)),
    roughness: 1,
    breath: 0,
    pace: 1,
  };
}

function thin({ left, right }: Pcm): Float32Array {
  const count = Math.min(Math.floor(left.length / STEP), MAX_SECONDS * RATE);
  return Float32Array.from({ length: count }, (_, index) => {
    let sum = 0;
    for (let n = index * STEP; n < (index + 1) * STEP; n += 1) sum += (left[n] ?? 0) + (right[n] ?? 0);
    return sum;
  });
}

function power(samples: Float32Array, at: number): number {
  let sum = 0;
  for (let n = at; n < at + FRAME; n += 1) sum += (samples[n] ?? 0) ** 2;
  return sum;
}

/** By the period after which a frame is most like itself (normalised autocorrelation). */
function pitchAt(samples: Float32Array, frame: { at: number; power: number }): number | undefined {
  const likeness = new Float32Array(LONGEST + 2);
  let best = 0;
  for (let lag = SHORTEST; lag <= LONGEST; lag += 1) {
    let product = 0;
    for (let n = frame.at; n < frame.at + FRAME; n += 1) product += (samples[n] ?? 0) * (samples[n + lag] ?? 0);
    const value = product / Math.sqrt(frame.power * power(samples, frame.at + lag) || 1);
    likeness[lag] = value;
    best = Math.max(best, value);
  }
  if (best < VOICED) return undefined;
  for (let lag = SHORTEST + 1; lag < LONGEST; lag += 1) {
    const [before = 0, now = 0, after = 0] = likeness.subarray(lag - 1, lag + 2);
    if (now < best * NEARLY || now < before || now < after) continue;
    // A parabola through the three finds the peak between two samples.
    const bend = before - 2 * now + after;
    return RATE / (lag + (bend === 0 ? 0 : (before - after) / (2 * bend)));
  }
  return undefined;
}
