import { loudness, type Pcm } from '../media/pcm.ts';

const PEAK = 0.89;

/** Brings a sound to a level and holds its peaks down. Silence stays silence. */
export function level(pcm: Pcm, p: { dbfs: number }): void {
  levelAll([pcm], p);
}

/** The same for parts of one sound, which keep their relation. */
export function levelAll(parts: readonly Pcm[], p: { dbfs: number }): void {
  const samples = parts.reduce((sum, { left }) => sum + left.length, 0);
  const power = parts.reduce((sum, part) => sum + loudness(part) ** 2 * part.left.length, 0);
  if (power === 0) return;
  const gain = 10 ** (p.dbfs / 20) / Math.sqrt(power / samples);
  for (const part of parts) amplify(part, gain);
}

/** Holds peaks down without changing anything else: for sums of several sounds. */
export function limitPeaks(pcm: Pcm): void {
  for (const channel of [pcm.left, pcm.right]) {
    for (let i = 0; i < channel.length; i += 1) channel[i] = hold(channel[i] ?? 0);
  }
}

const KNEE = 0.6;
/** Linear up to the knee, then bending towards the peak: a hard cut would be heard. */
function hold(sample: number): number {
  const size = Math.abs(sample);
  if (size <= KNEE) return sample;
  return Math.sign(sample) * (KNEE + (PEAK - KNEE) * Math.tanh((size - KNEE) / (PEAK - KNEE)));
}

/** Makes a sound `gain` times as loud; peaks stay below the limit. */
export function amplify(pcm: Pcm, gain: number): void {
  for (const channel of [pcm.left, pcm.right]) {
    for (let i = 0; i < channel.length; i += 1) channel[i] = (channel[i] ?? 0) * gain;
  }
  limitPeaks(pcm);
}
