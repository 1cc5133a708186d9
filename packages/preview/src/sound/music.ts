import { type Pcm, SAMPLES_PER_SECOND } from '../media/pcm.ts';
import type { Mood } from '../storyboard/plan.ts';
import type { Random } from '../storyboard/random.ts';
import { addBlip, addTone } from './tones.ts';

// Semitones above the root, from dark to bright: Aeolian, Dorian, Mixolydian, Ionian.
const SCALES = [
  [0, 2, 3, 5, 7, 8, 10],
  [0, 2, 3, 5, 7, 9, 10],
  [0, 2, 4, 5, 7, 9, 10],
  [0, 2, 4, 5, 7, 9, 11],
] as const;
/** Steps of the scale on which the chords stand. */
type Progression = readonly number[];
const PROGRESSIONS: readonly [Progression, ...Progression[]] = [
  [0, 5, 3, 4],
  [0, 3, 5, 4],
  [0, 4, 5, 3],
  [0, 2, 3, 4],
];
const BEATS_PER_CHORD = 4;
/** A2; the root lies up to seven semitones above it. */
const LOWEST_HZ = 110;

type Piece = {
  readonly target: Pcm;
  readonly mood: Mood;
  readonly random: Random;
  readonly lengthMs: number;
  readonly beatMs: number;
  /** The pitch of a step of the scale, which may lie beyond the octave. */
  readonly hz: (step: number) => number;
};

/** Adds pads, plucked notes and, where there is tension or energy, a pulse, all in one key. */
export function addMusic(target: Pcm, p: { mood: Mood; random: Random }): void {
  const { mood, random } = p;
  const scale = SCALES[Math.min(SCALES.length - 1, Math.floor(mood.brightness * SCALES.length))] ?? SCALES[0];
  const rootHz = LOWEST_HZ * 2 ** (random.below(8) / 12);
  const hz = (step: number): number => {
    const octave = Math.floor(step / scale.length);
    return rootHz * 2 ** (octave + (scale[step - octave * scale.length] ?? 0) / 12);
  };
  const lengthMs = (target.left.length * 1000) / SAMPLES_PER_SECOND;
  const piece: Piece = { target, mood, random, lengthMs, beatMs: 60_000 / Math.max(30, mood.tempoBpm), hz };
  const chords = random.pick(PROGRESSIONS);
  const chordMs = piece.beatMs * BEATS_PER_CHORD;
  for (let index = 0; index * chordMs < lengthMs; index += 1) {
    const step = chords[index % chords.length] ?? 0;
    addPad(piece, { step, atMs: index * chordMs, lengthMs: chordMs });
    addPlucks(piece, { step, atMs: index * chordMs, lengthMs: chordMs });
  }
  if (mood.energy > 0.55 || mood.tension > 0.6) addPulse(piece);
}

type Chord = { readonly step: number; readonly atMs: number; readonly lengthMs: number };

function addPad({ target, mood, hz }: Piece, chord: Chord): void {
  const bright = 0.15 + 0.35 * mood.brightness;
  for (const interval of [0, 2, 4]) {
    addTone(target, {
      // Each chord is heard coming and lingers into the next.
      atMs: chord.atMs - chord.lengthMs * 0.12,
      lengthMs: chord.lengthMs * 1.3,
      hz: hz(chord.step + interval),
      gain: 0.05,
      harmonics: [1, bright, bright * 0.4],
      attack: 0.3,
      release: 0.35,
      spread: 0.0015 + 0.002 * mood.tension,
    });
  }
  addTone(target, {
    ...chord,
    hz: hz(chord.step) / 2,
    gain: 0.06,
    harmonics: [1, 0.2],
    attack: 0.1,
    release: 0.3,
    spread: 0,
  });
}

function addPlucks({ target, mood, random, beatMs, hz, lengthMs }: Piece, chord: Chord): void {
  const perBeat = mood.energy > 0.66 ? 2 : mood.energy > 0.33 ? 1 : 0.5;
  const count = Math.round(BEATS_PER_CHORD * perBeat);
  for (let n = 0; n < count; n += 1) {
    const atMs = chord.atMs + (n * beatMs) / perBeat;
    if (atMs >= lengthMs || !random.chance(0.45 + 0.4 * mood.energy)) continue;
    const pitch = hz(chord.step + random.pick<number>([7, 9, 11, 14]));
    const pan = random.between(-0.5, 0.5);
    const gain = random.between(0.03, 0.06);
    addBlip(target, { atMs, lengthMs: 1300, fromHz: pitch, toHz: pitch, gain, pan, attack: 0.004 });
    addBlip(target, { atMs, lengthMs: 500, fromHz: pitch * 2, toHz: pitch * 2, gain: gain * 0.4, pan, attack: 0.004 });
  }
}

function addPulse({ target, mood, beatMs, lengthMs }: Piece): void {
  const gain = 0.1 + 0.12 * Math.max(mood.energy, mood.tension);
  for (let atMs = 0; atMs < lengthMs; atMs += beatMs) {
    addBlip(target, { atMs, lengthMs: 240, fromHz: 78, toHz: 42, gain, pan: 0, attack: 0.02 });
  }
}
