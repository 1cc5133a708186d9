/** Sound as the whole renderer passes it: two channels of equal length, 48 000 samples a second, about -1 to 1. */
export type Pcm = { readonly left: Float32Array; readonly right: Float32Array };

export const SAMPLES_PER_SECOND = 48_000;

/** Silence of `sampleCount` samples. */
export function createPcm(sampleCount: number): Pcm {
  return { left: new Float32Array(sampleCount), right: new Float32Array(sampleCount) };
}

export function toSampleCount(ms: number): number {
  return Math.round((ms * SAMPLES_PER_SECOND) / 1000);
}

/** The part from `startMs` that lasts `lengthMs`; where the sound is over, silence. */
export function cutPcm(pcm: Pcm, p: { startMs: number; lengthMs: number }): Pcm {
  const start = toSampleCount(p.startMs);
  const cut = createPcm(toSampleCount(p.lengthMs));
  cut.left.set(pcm.left.subarray(start, start + cut.left.length));
  cut.right.set(pcm.right.subarray(start, start + cut.right.length));
  return cut;
}

/** Adds `source` times `gain` to `target` from `atMs` on. What reaches past the end of `target` is dropped. */
export function mixInto(target: Pcm, source: Pcm, p: { atMs: number; gain: number }): void {
  const at = toSampleCount(p.atMs);
  const count = Math.min(source.left.length, target.left.length - at);
  for (const side of ['left', 'right'] as const) {
    const to = target[side];
    const from = source[side];
    for (let i = 0; i < count; i += 1) to[at + i] = (to[at + i] ?? 0) + (from[i] ?? 0) * p.gain;
  }
}

/** Root mean square of both channels, 0 for no samples. */
export function loudness(pcm: Pcm): number {
  let sum = 0;
  for (const side of [pcm.left, pcm.right]) for (const sample of side) sum += sample * sample;
  return pcm.left.length === 0 ? 0 : Math.sqrt(sum / (2 * pcm.left.length));
}

/** Loudness of each of `count` equal stretches, scaled so that the loudest is 1; all zero for silence. */
export function envelope(pcm: Pcm, count: number): Float32Array {
  const levels = new Float32Array(count);
  const per = pcm.left.length / count;
  let peak = 0;
  for (let i = 0; i < count; i += 1) {
    const [from, to] = [Math.floor(i * per), Math.floor((i + 1) * per)];
    const level = loudness({ left: pcm.left.subarray(from, to), right: pcm.right.subarray(from, to) });
    levels[i] = level;
    peak = Math.max(peak, level);
  }
  // Below -60 dBFS is a recording's own noise, which must not open a mouth.
  if (peak < 0.001) return levels.fill(0);
  return levels.map((level) => level / peak);
}
