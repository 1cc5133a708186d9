import { SAMPLES_PER_SECOND } from '../../media/pcm.ts';
import { createNoise } from '../tones.ts';

/** How an instrument sounds, as a row of numbers: a wave that is bright when the note begins and darker later. */
type Timbre = {
  /** Gain of the partial `n`, from 1. */
  readonly partial: (n: number) => number;
  /** How much darker the note becomes: partial n loses n to this power. */
  readonly darkens: number;
  /** After this long it has lost most of its brightness. */
  readonly brightMs: number;
  readonly attackMs: number;
  /** After this long it has lost 8.7 dB; a bowed or blown note loses nothing. */
  readonly decayMs: number;
  readonly releaseMs: number;
  /** Hundredths of a semitone by which a long note sways. */
  readonly vibrato?: number;
  /** The same between two players of one note. */
  readonly chorus?: number;
  /** Breath or bow, as a share. */
  readonly noise?: number;
  readonly drive?: number;
};

const saw = (n: number): number => 1 / n;
const odd = (n: number): number => (n % 2 === 1 ? 1 / n : 0);
const few =
  (...gains: readonly number[]) =>
  (n: number): number =>
    gains[n - 1] ?? 0;
const HELD = Number.POSITIVE_INFINITY;

// biome-ignore format: one instrument a line
const TIMBRES = {
  piano: { partial: (n) => 1 / n ** 1.3, darkens: 1.6, brightMs: 500, attackMs: 3, decayMs: 900, releaseMs: 160, chorus: 3 },
  keys: { partial: few(1, 0.25, 0.08, 0.22, 0, 0, 0.08), darkens: 1.5, brightMs: 350, attackMs: 4, decayMs: 1300, releaseMs: 200, chorus: 5 },
  guitar: { partial: (n) => Math.abs(Math.sin(n * 0.62)) / n, darkens: 1.8, brightMs: 260, attackMs: 2, decayMs: 650, releaseMs: 120 },
  overdriven: { partial: saw, darkens: 0.4, brightMs: 900, attackMs: 6, decayMs: 3000, releaseMs: 90, drive: 3.5, vibrato: 14 },
  zither: { partial: (n) => Math.abs(Math.sin(n * 0.45)) / n ** 0.9, darkens: 2, brightMs: 300, attackMs: 2, decayMs: 800, releaseMs: 300 },
  strings: { partial: (n) => 1 / n ** 1.15, darkens: 0.3, brightMs: 2000, attackMs: 140, decayMs: HELD, releaseMs: 260, vibrato: 9, chorus: 12 },
  fiddle: { partial: (n) => (n === 1 ? 0.7 : 1 / n), darkens: 0.2, brightMs: 2000, attackMs: 60, decayMs: HELD, releaseMs: 140, vibrato: 28, noise: 0.03 },
  brass: { partial: (n) => 1 / n ** 0.9, darkens: 0.9, brightMs: 700, attackMs: 45, decayMs: HELD, releaseMs: 110, vibrato: 10 },
  flute: { partial: few(1, 0.28, 0.1, 0.03), darkens: 0.2, brightMs: 900, attackMs: 70, decayMs: HELD, releaseMs: 120, vibrato: 18, noise: 0.05 },
  organ: { partial: few(1, 0.7, 0.35, 0.4, 0, 0.2, 0, 0.25), darkens: 0, brightMs: 900, attackMs: 12, decayMs: HELD, releaseMs: 60, chorus: 4 },
  pad: { partial: (n) => 1 / n ** 1.5, darkens: 0.8, brightMs: 3000, attackMs: 500, decayMs: HELD, releaseMs: 700, chorus: 14 },
  synth: { partial: saw, darkens: 0.9, brightMs: 260, attackMs: 6, decayMs: 1600, releaseMs: 110, chorus: 11, vibrato: 8 },
  chip: { partial: odd, darkens: 0, brightMs: 1000, attackMs: 1, decayMs: 1200, releaseMs: 20 },
  bell: { partial: few(1, 0.05, 0.02, 0.42, 0, 0, 0.12, 0, 0.18), darkens: 1.6, brightMs: 400, attackMs: 2, decayMs: 900, releaseMs: 700 },
  fingerBass: { partial: (n) => 1 / n ** 1.4, darkens: 1.2, brightMs: 200, attackMs: 5, decayMs: 900, releaseMs: 60 },
  uprightBass: { partial: few(1, 0.55, 0.3, 0.1), darkens: 1.4, brightMs: 160, attackMs: 8, decayMs: 500, releaseMs: 80 },
  synthBass: { partial: saw, darkens: 1.3, brightMs: 130, attackMs: 3, decayMs: 1500, releaseMs: 40, drive: 1.4 },
  subBass: { partial: few(1, 0.3, 0.12), darkens: 0.5, brightMs: 400, attackMs: 8, decayMs: 1600, releaseMs: 90 },
} satisfies Readonly<Record<string, Timbre>>;
export type TimbreName = keyof typeof TIMBRES;

const TABLE = 1024;
/** Above this the ear hears hiss instead of tone. */
const HIGHEST_HZ = 9_000;
const MAX_PARTIALS = 28;
const VIBRATO_HZ = 5.3;
const VIBRATO_AFTER_S = 0.25;

/** Plays single notes; the same note of the same length is played once and remembered. */
export type Player = (timbre: TimbreName, note: { hz: number; lengthMs: number }) => Float32Array;

export function createPlayer(): Player {
  const known = new Map<string, Float32Array>();
  return (name, { hz, lengthMs }) => {
    const key = `${name} ${hz.toFixed(2)} ${Math.round(lengthMs)}`;
    const samples = known.get(key) ?? play(TIMBRES[name], { hz, lengthMs });
    known.set(key, samples);
    return samples;
  };
}

/** One note, mono, at most 1 loud; it rings on for `releaseMs` after its length. */
function play(timbre: Timbre, { hz, lengthMs }: { hz: number; lengthMs: number }): Float32Array {
  const held = (lengthMs * SAMPLES_PER_SECOND) / 1000;
  const release = (timbre.releaseMs * SAMPLES_PER_SECOND) / 1000;
  const attack = (timbre.attackMs * SAMPLES_PER_SECOND) / 1000;
  const samples = new Float32Array(Math.round(held + release));
  const [bright, dark] = tablesOf(timbre, hz);
  const detunes = timbre.chorus === undefined ? [0] : [-timbre.chorus / 2, timbre.chorus / 2];
  const fade = Math.exp(-1000 / (timbre.brightMs * SAMPLES_PER_SECOND));
  const decay = Math.exp(-1000 / (timbre.decayMs * SAMPLES_PER_SECOND));
  const noise = createNoise(Math.round(hz));
  for (const cents of detunes) {
    let [phase, brightness, level] = [Math.abs(cents) * 37, 1, 1 / detunes.length];
    const step = (hz * 2 ** (cents / 1200) * TABLE) / SAMPLES_PER_SECOND;
    const sway = (timbre.vibrato ?? 0) * (Math.LN2 / 1200);
    for (let at = 0; at < samples.length; at += 1) {
      const seconds = at / SAMPLES_PER_SECOND;
      const depth = seconds < VIBRATO_AFTER_S ? 0 : sway * Math.min(1, (seconds - VIBRATO_AFTER_S) * 3);
      phase += depth === 0 ? step : step * (1 + depth * Math.sin(seconds * 2 * Math.PI * VIBRATO_HZ));
      const index = phase & (TABLE - 1);
      const tone = (dark[index] ?? 0) + brightness * ((bright[index] ?? 0) - (dark[index] ?? 0));
      const shape = Math.min(1, at / attack, at < held ? 1 : (samples.length - at) / release);
      samples[at] = (samples[at] ?? 0) + (tone + (timbre.noise ?? 0) * noise()) * level * shape;
      brightness *= fade;
      level *= decay;
    }
  }
  const { drive } = timbre;
  return drive === undefined ? samples : samples.map((sample) => Math.tanh(sample * drive) / Math.tanh(drive));
}

/** One period of the wave as it begins and as it becomes, of the same power. */
function tablesOf(timbre: Timbre, hz: number): readonly [Float32Array, Float32Array] {
  const count = Math.max(1, Math.min(MAX_PARTIALS, Math.floor(HIGHEST_HZ / hz)));
  const draw = (darkens: number): Float32Array => {
    const table = new Float32Array(TABLE);
    let peak = 0;
    for (let n = 1; n <= count; n += 1) {
      const gain = timbre.partial(n) * n ** -darkens;
      if (gain === 0) continue;
      for (let at = 0; at < TABLE; at += 1) {
        // Partials that begin at different moments make no needle of a peak.
        table[at] = (table[at] ?? 0) + gain * Math.sin((2 * Math.PI * n * at) / TABLE + n * n * 0.9);
      }
    }
    for (const value of table) peak = Math.max(peak, Math.abs(value));
    return table.map((value) => value / (peak || 1));
  };
  return [draw(0), draw(timbre.darkens)];
}
