import { SAMPLES_PER_SECOND } from '../../media/pcm.ts';
import { createNoise } from '../tones.ts';

/** A hit: a tone that falls, and noise between two pitches. */
type Hit = {
  readonly lengthMs: number;
  readonly fromHz?: number;
  readonly toHz?: number;
  readonly tone: number;
  readonly noise: number;
  /** Of the noise: nothing below is heard. */
  readonly aboveHz?: number;
  readonly pan: number;
  readonly gain: number;
};

export const HITS = {
  kick: { lengthMs: 260, fromHz: 150, toHz: 44, tone: 1, noise: 0.04, aboveHz: 1500, pan: 0, gain: 0.5 },
  snare: { lengthMs: 190, fromHz: 230, toHz: 170, tone: 0.35, noise: 0.6, aboveHz: 900, pan: 0.05, gain: 0.34 },
  clap: { lengthMs: 170, tone: 0, noise: 0.9, aboveHz: 1100, pan: -0.1, gain: 0.3 },
  hat: { lengthMs: 55, tone: 0, noise: 0.8, aboveHz: 7000, pan: 0.25, gain: 0.15 },
  shaker: { lengthMs: 80, tone: 0, noise: 0.6, aboveHz: 5200, pan: -0.3, gain: 0.12 },
  /** A cymbal where a part begins. */
  crash: { lengthMs: 1600, tone: 0, noise: 0.6, aboveHz: 4200, pan: 0.15, gain: 0.16 },
} satisfies Readonly<Record<string, Hit>>;
export type HitName = keyof typeof HITS;

/** The samples of every hit, mono. */
export type DrumKit = Readonly<Record<HitName, Float32Array>>;

export const drumKit = (): DrumKit => ({
  kick: strike(HITS.kick),
  snare: strike(HITS.snare),
  clap: strike(HITS.clap),
  hat: strike(HITS.hat),
  shaker: strike(HITS.shaker),
  crash: strike(HITS.crash),
});

function strike({ lengthMs, fromHz = 0, toHz = 0, tone, noise, aboveHz = 0 }: Hit): Float32Array {
  const count = Math.round((lengthMs * SAMPLES_PER_SECOND) / 1000);
  const hiss = createNoise(lengthMs);
  const pole = Math.exp((-2 * Math.PI * aboveHz) / SAMPLES_PER_SECOND);
  let [phase, low] = [0, 0];
  return Float32Array.from({ length: count }, (_, at) => {
    const fraction = at / count;
    // The pitch falls fast at first, as a drum's skin does.
    phase += (toHz + (fromHz - toHz) * Math.exp(-9 * fraction)) / SAMPLES_PER_SECOND;
    const white = hiss();
    low = pole * low + (1 - pole) * white;
    const ring = tone * Math.sin(2 * Math.PI * phase) * (1 - fraction) ** 2;
    // Two milliseconds of rise: nothing in the air begins at once.
    return (ring + noise * (white - low) * Math.exp(-6.5 * fraction)) * Math.min(1, at / 96);
  });
}
