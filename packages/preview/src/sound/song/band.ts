import { createRandom, mixSeed } from '../../storyboard/random.ts';
import type { Brief } from './brief.ts';
import { type DrumKit, HITS, type HitName } from './drums.ts';
import type { Part, PartKind } from './form.ts';
import { chordsOf, hzOf, SIXTEENTHS_PER_BAR, tuneOf } from './melody.ts';
import type { Mix } from './mix.ts';
import type { Player } from './timbres.ts';

/** A part with its place in time. */
export type PlacedPart = Part & { readonly startMs: number; readonly isLast: boolean };
export type Stage = {
  readonly brief: Brief;
  readonly mix: Mix;
  readonly play: Player;
  readonly kit: DrumKit;
  readonly beatMs: number;
};

/** How much of the band plays in a part: 0 one instrument, 1 all. */
const FULLNESS: Readonly<Record<PartKind, number>> = {
  intro: 0.4,
  verse: 0.6,
  lift: 0.75,
  chorus: 1,
  bridge: 0.55,
  solo: 0.9,
  outro: 0.35,
};
const [DRUMS_FROM, BASS_FROM, PAD_FROM] = [0.5, 0.38, 0.85];
const GAINS = { chords: 0.1, broken: 0.13, bass: 0.26, lead: 0.2, pad: 0.04 };

/** How loud everybody is in a part, 1 for the loudest. */
export const gainOf = (kind: PartKind): number => 0.5 + 0.5 * FULLNESS[kind];

/** When a sixteenth of a bar sounds, in ms from the bar's beginning: every second eighth is late by the swing. */
export function timeOf({ beatMs, brief }: Pick<Stage, 'beatMs' | 'brief'>, sixteenth: number): number {
  const isLate = sixteenth % 4 === 2 || sixteenth % 4 === 3;
  return (sixteenth / 4 + (isLate ? brief.genre.swing / 2 : 0)) * beatMs;
}

export const barMsOf = (stage: Pick<Stage, 'beatMs'>): number => stage.beatMs * 4;

/** Plays the accompaniment of one part, and its tune where nobody sings. */
export function playPart(on: Stage, part: PlacedPart): void {
  const fullness = FULLNESS[part.kind] * (0.85 + 0.3 * on.brief.energy);
  const stage = { ...on, mix: softened(on.mix, gainOf(part.kind)) };
  const chords = chordsOf(stage.brief, part.kind);
  for (let bar = 0; bar < part.bars; bar += 1) {
    // The last bar of a song comes home.
    const isEnd = part.isLast && bar === part.bars - 1;
    const at = {
      atMs: part.startMs + bar * barMsOf(stage),
      chord: isEnd ? 0 : (chords[bar % chords.length] ?? 0),
      isEnd,
    };
    playChords(stage, at);
    if (fullness >= BASS_FROM) playBass(stage, at);
    if (fullness >= PAD_FROM) playPad(stage, at);
    if (fullness >= DRUMS_FROM && !isEnd)
      playDrums(stage, { ...at, bar, isFill: bar === part.bars - 1, isFirst: bar === 0 });
  }
  if (part.lines.length === 0 && part.kind !== 'outro') playTune(stage, part);
}

/** The same mix for a band that plays softer. */
const softened = (mix: Mix, factor: number): Mix => ({
  ...mix,
  add: (samples, p) => mix.add(samples, { ...p, gain: p.gain * factor }),
});

type Bar = { readonly atMs: number; readonly chord: number; readonly isEnd: boolean };

/** The three tones of a chord and its root an octave above, kept within an octave and a half. */
const tonesOf = ({ brief }: Stage, chord: number): number[] => {
  const base = chord > 3 ? chord - 7 : chord;
  return [0, 2, 4, 7].map((third) => hzOf(brief, base + third, 0));
};

function playChords(stage: Stage, bar: Bar): void {
  const { brief, mix, play, beatMs } = stage;
  const { chords, chordStyle, room } = brief.genre;
  const tones = tonesOf(stage, bar.chord);
  const strike = (sixteenth: number, lengthMs: number, gain: number): void => {
    tones.slice(0, 3).forEach((hz, index) => {
      // A hand or a plectrum takes a moment from one string to the next.
      const atMs = bar.atMs + timeOf(stage, sixteenth) + index * 9;
      mix.add(play(chords, { hz, lengthMs }), { atMs, gain: gain * GAINS.chords, pan: (index - 1) * 0.35, room });
    });
  };
  if (bar.isEnd || chordStyle === 'held') {
    strike(0, beatMs * 3.9, 1);
    return;
  }
  if (chordStyle === 'offbeat') {
    for (const sixteenth of [2, 6, 10, 14]) strike(sixteenth, beatMs * 0.4, 1);
    return;
  }
  if (chordStyle === 'strummed') {
    for (const [sixteenth, beats, gain] of [
      [0, 1.4, 1],
      [6, 0.9, 0.7],
      [10, 0.9, 0.75],
      [14, 0.4, 0.55],
    ] as const) {
      // biome-ignore format: a rhythm
      strike(sixteenth, beatMs * beats, gain);
    }
    return;
  }
  [0, 1, 2, 3, 2, 1, 2, 3].forEach((tone, eighth) => {
    const atMs = bar.atMs + timeOf(stage, eighth * 2);
    const samples = play(chords, { hz: tones[tone] ?? 220, lengthMs: beatMs * 0.9 });
    mix.add(samples, { atMs, gain: GAINS.broken, pan: (tone - 1.5) * 0.3, room });
  });
}

function playBass(stage: Stage, bar: Bar): void {
  const { brief, mix, play, beatMs } = stage;
  const { bass, bassHits } = brief.genre;
  const hits = bar.isEnd ? 'x---------------' : bassHits;
  const starts = [...hits].flatMap((hit, sixteenth) => (hit === '-' ? [] : [sixteenth]));
  starts.forEach((sixteenth, index) => {
    const length = (starts[index + 1] ?? SIXTEENTHS_PER_BAR) - sixteenth;
    // Now and then the fifth instead of the root.
    const step = index % 4 === 3 ? bar.chord + 4 : bar.chord;
    const hz = hzOf(brief, step > 4 ? step - 7 : step, -1);
    const samples = play(bass, { hz, lengthMs: (length / 4) * beatMs * 0.92 });
    mix.add(samples, { atMs: bar.atMs + timeOf(stage, sixteenth), gain: GAINS.bass });
  });
}

function playPad(stage: Stage, bar: Bar): void {
  const { mix, play, beatMs, brief } = stage;
  tonesOf(stage, bar.chord).forEach((hz, index) => {
    const samples = play('pad', { hz: hz * 2, lengthMs: beatMs * 4 });
    mix.add(samples, { atMs: bar.atMs, gain: GAINS.pad, pan: index % 2 === 0 ? -0.6 : 0.6, room: brief.genre.room });
  });
}

function playDrums(stage: Stage, p: Bar & { bar: number; isFill: boolean; isFirst: boolean }): void {
  const { brief, mix, kit } = stage;
  const { drums, room } = brief.genre;
  const random = createRandom(mixSeed(brief.seed, `drums ${p.bar}`));
  const hit = (name: HitName, sixteenth: number, gain: number): void => {
    const { pan, gain: own } = HITS[name];
    mix.add(kit[name], { atMs: p.atMs + timeOf(stage, sixteenth), gain: own * gain, pan, room: room * 0.4 });
  };
  for (const name of ['kick', 'snare', 'clap', 'hat', 'shaker'] as const) {
    [...(drums[name] ?? '')].forEach((mark, sixteenth) => {
      if (mark !== '-') hit(name, sixteenth, (mark === 'x' ? 1 : 0.55) * random.between(0.88, 1));
    });
  }
  if (p.isFirst && drums.kick !== undefined) hit('crash', 0, 1);
  if (p.isFill && drums.snare !== undefined)
    for (const sixteenth of [12, 13, 14, 15]) hit('snare', sixteenth, 0.45 + sixteenth / 40);
}

const NOTES_PER_LINE = 9;

function playTune(stage: Stage, part: PlacedPart): void {
  const { brief, mix, play, beatMs } = stage;
  const { lead, room } = brief.genre;
  for (let index = 0; index * 2 < part.bars; index += 1) {
    const startMs = part.startMs + index * 2 * barMsOf(stage);
    for (const { at, length, step } of tuneOf(brief, { part, index, notes: NOTES_PER_LINE, bars: 2 })) {
      const samples = play(lead, { hz: hzOf(brief, step, 1), lengthMs: (length / 4) * beatMs * 0.95 });
      mix.add(samples, { atMs: startMs + timeOf(stage, at), gain: GAINS.lead, pan: 0.12, room: room + 0.06 });
    }
  }
}
