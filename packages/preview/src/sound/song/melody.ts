import { createRandom, mixSeed, type Random } from '../../storyboard/random.ts';
import type { Brief } from './brief.ts';
import type { Part, PartKind } from './form.ts';

/** A note of the tune: when, in sixteenths from the line's beginning, how long, and on which step of the scale. */
export type TuneNote = { readonly at: number; readonly length: number; readonly step: number };

export const SIXTEENTHS_PER_BAR = 16;
const MAJOR = [0, 2, 4, 5, 7, 9, 11];
const MINOR = [0, 2, 3, 5, 7, 8, 10];
/** Steps of the scale that a pentatonic tune leaves out: the fourth and the seventh, or the second and the sixth. */
const LEFT_OUT = { major: new Set([3, 6]), minor: new Set([1, 5]) };
type Chords = readonly number[];
// biome-ignore format: a table
const PROGRESSIONS: Readonly<Record<'major' | 'minor', readonly [Chords, ...Chords[]]>> = {
  major: [[0, 4, 5, 3], [0, 5, 3, 4], [5, 3, 0, 4], [0, 3, 4, 3], [3, 4, 0, 5]],
  minor: [[0, 5, 2, 6], [0, 3, 5, 4], [0, 6, 5, 6], [5, 6, 0, 0], [0, 2, 6, 3]],
};

/** The frequency of a step of the song's scale, `octave` 0 being the one above middle C's lower neighbour. */
export function hzOf(brief: Pick<Brief, 'root' | 'isMajor'>, step: number, octave: number): number {
  const scale = brief.isMajor ? MAJOR : MINOR;
  const octaves = Math.floor(step / scale.length);
  const semitones = (scale[step - octaves * scale.length] ?? 0) + 12 * (octaves + octave);
  // C3.
  return 130.81 * 2 ** ((brief.root + semitones) / 12);
}

/** The chords of each bar of a part, as steps of the scale. The same kind of part has the same chords each time. */
export function chordsOf(brief: Brief, kind: PartKind): Chords {
  const shared = kind === 'intro' || kind === 'outro' || kind === 'solo' ? 'verse' : kind;
  return createRandom(mixSeed(brief.seed, `chords ${shared}`)).pick(PROGRESSIONS[brief.isMajor ? 'major' : 'minor']);
}

type Line = { readonly part: Part; readonly index: number; readonly notes: number; readonly bars: number };

/** A tune for one line. Lines at the same place of the same kind of part have the same tune, as far as their number of
 *  syllables lets them; every second line comes home to the root. */
export function tuneOf(brief: Brief, { part, index, notes, bars }: Line): TuneNote[] {
  const random = createRandom(mixSeed(brief.seed, `tune ${part.kind} ${index % 4}`));
  const chords = chordsOf(brief, part.kind);
  const lengths = rhythm(notes, { sixteenths: bars * SIXTEENTHS_PER_BAR, random });
  const height = part.kind === 'chorus' ? 3 : part.kind === 'bridge' ? 2 : 0;
  let step = height + random.pick([0, 2, 4]);
  let at = 0;
  return lengths.map((length, position) => {
    const bar = index * bars + Math.floor(at / SIXTEENTHS_PER_BAR);
    const chord = chords[bar % chords.length] ?? 0;
    const isLast = position === lengths.length - 1;
    if (position > 0) step = nextStep(brief, { step, height, chord, isStrong: at % 8 === 0, random });
    if (isLast && index % 2 === 1) step = nearest(step, [0, 7]);
    const note = { at, length, step };
    at += length;
    return note;
  });
}

type Walk = { readonly step: number; height: number; chord: number; isStrong: boolean; random: Random };

function nextStep(brief: Brief, { step, height, chord, isStrong, random }: Walk): number {
  const mode = brief.isMajor ? 'major' : 'minor';
  const wander = random.pick([-2, -1, -1, 0, 1, 1, 2]);
  // The further from the middle, the stronger the pull back.
  const pull = Math.round((height + 2 - step) / 4);
  const free = Math.min(9, Math.max(-2, step + wander + pull));
  const tones = [-7, 0, 7].flatMap((octave) => [0, 2, 4].map((third) => octave + ((chord + third) % 7)));
  const next = isStrong ? nearest(free, tones) : free;
  const isOut = brief.genre.isPentatonic === true && LEFT_OUT[mode].has(((next % 7) + 7) % 7);
  return isOut ? next + 1 : next;
}

const nearest = (step: number, among: readonly number[]): number =>
  among.reduce((best, tone) => (Math.abs(tone - step) < Math.abs(best - step) ? tone : best));

/** Lengths in sixteenths for so many syllables, with a breath left at the end. */
function rhythm(notes: number, p: { sixteenths: number; random: Random }): number[] {
  if (notes < 1) return [];
  const room = p.sixteenths - 2;
  const usual = Math.max(1, Math.min(4, Math.floor(room / notes)));
  const even = usual >= 2 ? usual - (usual % 2) : 1;
  const lengths = Array.from({ length: notes }, () => even);
  // A long note here and a short one there: 2+2 becomes 3+1 or 1+3.
  for (let at = 0; at + 1 < notes - 1; at += 2) {
    if (even < 2 || !p.random.chance(0.35)) continue;
    const shift = p.random.chance(0.6) ? even / 2 : -even / 2;
    lengths[at] = even + shift;
    lengths[at + 1] = even - shift;
  }
  const used = lengths.reduce((sum, length) => sum + length, 0);
  lengths[notes - 1] = even + Math.max(0, Math.min(8, room - used));
  return lengths;
}
