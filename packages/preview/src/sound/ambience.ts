import { type Pcm, SAMPLES_PER_SECOND } from '../media/pcm.ts';
import type { Ambience } from '../storyboard/plan.ts';
import type { Random } from '../storyboard/random.ts';
import { addBlip, addTone, createNoise } from './tones.ts';

/** A band of noise that swells and ebbs. */
type Bed = {
  readonly lowHz: number;
  readonly highHz: number;
  readonly gain: number;
  readonly swellHz: number;
  /** 0 steady, 1 down to silence. */
  readonly swell: number;
};

/** Something heard now and then. Pitches and lengths are drawn between the two numbers. */
type Event = {
  readonly perSecond: number;
  readonly hz: readonly [number, number];
  /** The pitch at the end as a share of that at the beginning. */
  readonly glide: number;
  readonly ms: readonly [number, number];
  readonly gain: number;
  readonly attack?: number;
  readonly repeats?: number;
  readonly gapMs?: number;
  readonly isNoise?: true;
};

type Texture = {
  readonly beds: readonly Bed[];
  readonly events?: readonly Event[];
  readonly hums?: readonly { readonly hz: number; readonly gain: number }[];
};

const bed = (lowHz: number, highHz: number, gain: number, swellHz = 0.1, swell = 0.3): Bed => ({
  lowHz,
  highHz,
  gain,
  swellHz,
  swell,
});

/** What each place sounds like, tuned by ear and by level: every texture alone lies between -35 and -20 dBFS. */
const TEXTURES: Readonly<Record<Ambience, Texture>> = {
  rain: {
    beds: [bed(900, 9000, 0.16, 0.07, 0.25), bed(150, 700, 0.08)],
    events: [{ perSecond: 22, hz: [1200, 4200], glide: 0.7, ms: [8, 26], gain: 0.07 }],
  },
  thunder: {
    beds: [bed(700, 7000, 0.1)],
    events: [{ perSecond: 0.16, hz: [70, 130], glide: 0.4, ms: [1800, 3600], gain: 1.6, attack: 0.05, isNoise: true }],
  },
  sea: { beds: [bed(120, 900, 0.22, 0.11, 0.85), bed(1500, 7000, 0.07, 0.11, 0.9)] },
  river: {
    beds: [bed(400, 3200, 0.12, 0.3, 0.2)],
    events: [{ perSecond: 16, hz: [350, 1100], glide: 1.7, ms: [30, 90], gain: 0.03, attack: 0.3 }],
  },
  underwater: {
    beds: [bed(30, 220, 0.36, 0.08, 0.4)],
    events: [
      { perSecond: 3, hz: [220, 600], glide: 2.2, ms: [60, 160], gain: 0.07, attack: 0.3, repeats: 3, gapMs: 90 },
    ],
  },
  city: {
    beds: [bed(60, 420, 0.3, 0.06, 0.4), bed(500, 2400, 0.035)],
    events: [
      { perSecond: 0.22, hz: [300, 480], glide: 0.85, ms: [1600, 3200], gain: 0.28, attack: 0.5, isNoise: true },
    ],
  },
  crowd: {
    beds: [bed(220, 1500, 0.14, 0.5, 0.25)],
    events: [{ perSecond: 9, hz: [180, 420], glide: 0.9, ms: [90, 260], gain: 0.022, attack: 0.3 }],
  },
  fire: {
    beds: [bed(60, 500, 0.2, 0.4, 0.4)],
    events: [
      { perSecond: 13, hz: [1800, 9000], glide: 0.6, ms: [4, 16], gain: 0.32, isNoise: true },
      { perSecond: 1.4, hz: [500, 1200], glide: 0.5, ms: [20, 50], gain: 0.35, isNoise: true },
    ],
  },
  wind: { beds: [bed(150, 700, 0.3, 0.13, 0.8), bed(700, 1400, 0.06, 0.21, 0.9)] },
  birds: {
    beds: [bed(300, 2600, 0.06, 0.1, 0.5)],
    events: [
      { perSecond: 1.1, hz: [2300, 4600], glide: 1.25, ms: [60, 140], gain: 0.14, attack: 0.3, repeats: 4, gapMs: 130 },
    ],
  },
  insects: {
    beds: [bed(3000, 7000, 0.06)],
    events: [
      { perSecond: 2.2, hz: [4100, 4700], glide: 1, ms: [30, 45], gain: 0.15, attack: 0.4, repeats: 3, gapMs: 60 },
    ],
  },
  engine: {
    beds: [bed(40, 260, 0.2, 0.9, 0.25)],
    hums: [
      { hz: 62, gain: 0.09 },
      { hz: 93, gain: 0.05 },
    ],
  },
  room: { beds: [bed(60, 320, 0.12, 0.07, 0.3), bed(800, 4000, 0.012)], hums: [{ hz: 60, gain: 0.012 }] },
  machine: {
    beds: [bed(80, 900, 0.14, 2.1, 0.5)],
    hums: [
      { hz: 50, gain: 0.05 },
      { hz: 151, gain: 0.02 },
    ],
    events: [{ perSecond: 1.3, hz: [700, 1900], glide: 0.98, ms: [150, 420], gain: 0.07 }],
  },
  space: {
    beds: [bed(20, 110, 0.36, 0.05, 0.6)],
    hums: [
      { hz: 41, gain: 0.07 },
      { hz: 61.7, gain: 0.035 },
    ],
  },
};

/** Adds the sound of a place, `gain` times its usual level. */
export function addAmbience(target: Pcm, p: { kind: Ambience; gain: number; random: Random }): void {
  const texture = TEXTURES[p.kind];
  const lengthMs = (target.left.length * 1000) / SAMPLES_PER_SECOND;
  for (const one of texture.beds) addBed(target, { bed: one, gain: p.gain, random: p.random });
  for (const hum of texture.hums ?? []) {
    addTone(target, {
      atMs: 0,
      lengthMs,
      hz: hum.hz,
      gain: hum.gain * p.gain,
      harmonics: [1, 0.4, 0.2],
      attack: 0.05,
      release: 0.05,
      spread: 0.004,
    });
  }
  for (const event of texture.events ?? []) addEvents(target, { event, gain: p.gain, random: p.random, lengthMs });
}

const SWELL_STEP = 480;

function addBed(target: Pcm, p: { bed: Bed; gain: number; random: Random }): void {
  const { lowHz, highHz, swellHz, swell } = p.bed;
  const turn = (2 * Math.PI * swellHz * SWELL_STEP) / SAMPLES_PER_SECOND;
  const [first, second] = [p.random.between(0, 6.28), p.random.between(0, 6.28)];
  // Two slow waves that never meet again sound like weather; one sounds like a machine.
  const levelAt = (step: number): number => {
    const wave = 0.6 * Math.sin(first + step * turn) + 0.4 * Math.sin(second + step * turn * 1.618);
    return 1 - swell * (0.5 + 0.5 * wave);
  };
  const pole = (hz: number): number => 1 - Math.exp((-2 * Math.PI * hz) / SAMPLES_PER_SECOND);
  const [keep, cut] = [pole(highHz), pole(lowHz)];
  // A narrow band holds little of the noise's power; made up for, so that the gains above are levels.
  const gain = (p.bed.gain * p.gain) / Math.sqrt(Math.max(0.01, keep - cut * 0.5));
  for (const channel of [target.left, target.right]) {
    const noise = createNoise(p.random.below(2 ** 31));
    let [smooth, smoother, drift] = [0, 0, 0];
    for (let block = 0; block < channel.length; block += SWELL_STEP) {
      const step = block / SWELL_STEP;
      const until = Math.min(block + SWELL_STEP, channel.length);
      let level = levelAt(step) * gain;
      const slope = (levelAt(step + 1) * gain - level) / SWELL_STEP;
      for (let i = block; i < until; i += 1) {
        smooth += keep * (noise() - smooth);
        smoother += keep * (smooth - smoother);
        drift += cut * (smoother - drift);
        channel[i] = (channel[i] ?? 0) + (smoother - drift) * level;
        level += slope;
      }
    }
  }
}

function addEvents(target: Pcm, p: { event: Event; gain: number; random: Random; lengthMs: number }): void {
  const { event, random } = p;
  const count = Math.max(1, Math.round((event.perSecond * p.lengthMs) / 1000));
  for (let n = 0; n < count; n += 1) {
    const atMs = random.between(0, p.lengthMs);
    const pan = random.between(-0.8, 0.8);
    const hz = random.between(...event.hz);
    const gain = event.gain * p.gain * random.between(0.4, 1);
    for (let repeat = 0; repeat < (event.repeats ?? 1); repeat += 1) {
      addBlip(target, {
        atMs: atMs + repeat * (event.gapMs ?? 0),
        lengthMs: random.between(...event.ms),
        fromHz: hz,
        toHz: hz * event.glide,
        gain,
        pan,
        attack: event.attack ?? 0.02,
        ...(event.isNoise && { isNoise: true }),
      });
    }
  }
}
