import { type Pcm, SAMPLES_PER_SECOND, toSampleCount } from '../../media/pcm.ts';
import { sayApart } from '../speech.ts';
import { toVariant, type Voice } from '../voices.ts';

/** A line to be sung: its words, each with the notes of its syllables. */
export type SungLine = { readonly atMs: number; readonly tongue: string; readonly words: readonly SungWord[] };
export type SungWord = { readonly text: string; readonly notes: readonly SungNote[] };
export type SungNote = { readonly atMs: number; readonly lengthMs: number; readonly hz: number };
/** A sung word as samples, mono. */
export type Sung = { readonly atMs: number; readonly samples: Float32Array };

const WORDS_PER_MINUTE = 150;
/** Steps of 10 ms between words, so that they can be told apart. */
const WORD_GAP = 22;
const MIN_GAP_MS = 110;
const SILENCE = 1e-4;

/** Sings lines: every word is said on one pitch, cut out, stretched to its notes and moved to their pitches, period by
 *  period (PSOLA). Lines of one language are said in one go.
 *  @throws {NoSpeech} */
export async function sing(lines: readonly SungLine[], voice: Voice): Promise<Sung[]> {
  const byTongue = Map.groupBy(lines, ({ tongue }) => tongue);
  const flat = { ...voice, liveliness: 0, roughness: 0, breath: 0 };
  const sung = await Promise.all(
    [...byTongue].map(async ([tongue, group]) => {
      const said = await sayApart(
        group.map(({ words }) => words.map(({ text }) => text).join(' ')),
        { tongue, variant: toVariant(flat), wordsPerMinute: WORDS_PER_MINUTE, wordGap: WORD_GAP },
      );
      if (said.length !== group.length) return [];
      return group.flatMap(({ words }, index) => singLine(words, said[index]));
    }),
  );
  return sung.flat();
}

function singLine(words: readonly SungWord[], said: Pcm | undefined): Sung[] {
  const segments = toSegments(said?.left ?? new Float32Array());
  const groups = segments.length === words.length ? words.map(({ notes }) => notes) : share(words, segments);
  return segments.flatMap((segment, index) => {
    const notes = groups[index] ?? [];
    const [first] = notes;
    return first === undefined ? [] : [{ atMs: first.atMs, samples: fit(segment, notes) }];
  });
}

/** Where the synthesiser joined words, each stretch gets notes by its share of the time. */
function share(words: readonly SungWord[], segments: readonly Float32Array[]): SungNote[][] {
  const notes = words.flatMap((word) => word.notes);
  const total = segments.reduce((sum, { length }) => sum + length, 0);
  let [taken, passed] = [0, 0];
  return segments.map((segment) => {
    passed += segment.length;
    const until = Math.max(taken, Math.round((passed / total) * notes.length));
    const part = notes.slice(taken, until);
    taken = until;
    return part;
  });
}

/** The stretches between silences. */
function toSegments(samples: Float32Array): Float32Array[] {
  const segments: Float32Array[] = [];
  const least = toSampleCount(MIN_GAP_MS);
  let [begin, end] = [-1, 0];
  for (let at = 0; at < samples.length; at += 1) {
    if (Math.abs(samples[at] ?? 0) < SILENCE) continue;
    if (begin < 0) begin = at;
    else if (at - end > least) {
      segments.push(samples.subarray(begin, end));
      begin = at;
    }
    end = at + 1;
  }
  if (begin >= 0) segments.push(samples.subarray(begin, end));
  return segments;
}

const [ONSET_MS, END_MS] = [70, 60];
const VIBRATO_HZ = 5.4;
const VIBRATO_AFTER_S = 0.22;
const GLIDE_S = 0.05;

/** One word on its notes. */
function fit(segment: Float32Array, notes: readonly SungNote[]): Float32Array {
  const startMs = notes[0]?.atMs ?? 0;
  const last = notes.at(-1);
  const lengthMs = last === undefined ? 0 : last.atMs + last.lengthMs - startMs;
  const out = new Float32Array(toSampleCount(lengthMs) + 1);
  const marks = pitchMarks(segment);
  if (marks.at.length < 3) return out;
  let mark = 0;
  for (let at = 0; at < out.length; ) {
    const seconds = at / SAMPLES_PER_SECOND;
    const period = SAMPLES_PER_SECOND / pitchOf(notes, startMs / 1000 + seconds);
    const source = toSource(at, { from: out.length, to: segment.length });
    while (mark + 1 < marks.at.length && (marks.at[mark + 1] ?? 0) <= source) mark += 1;
    while (mark > 0 && (marks.at[mark] ?? 0) > source) mark -= 1;
    addGrain(out, {
      at: Math.round(at),
      segment,
      mark: marks.at[mark] ?? 0,
      period: marks.period,
      gain: period / marks.period,
    });
    at += period;
  }
  return fadeEnd(out);
}

/** Where in the spoken word a moment of the sung one is: consonants at both ends keep their length. */
function toSource(at: number, p: { from: number; to: number }): number {
  const onset = Math.min(toSampleCount(ONSET_MS), p.to / 3, p.from / 3);
  const end = Math.min(toSampleCount(END_MS), p.to / 3, p.from / 3);
  if (at < onset) return at;
  if (at > p.from - end) return p.to - (p.from - at);
  return onset + ((at - onset) / (p.from - onset - end)) * (p.to - onset - end);
}

function pitchOf(notes: readonly SungNote[], seconds: number): number {
  const index = Math.max(
    0,
    notes.findLastIndex((note) => note.atMs / 1000 <= seconds),
  );
  const note = notes[index];
  if (note === undefined) return 220;
  const since = seconds - note.atMs / 1000;
  const before = notes[index - 1]?.hz ?? note.hz * 0.97;
  const glide = Math.min(1, Math.max(0, since / GLIDE_S));
  const depth = since < VIBRATO_AFTER_S ? 0 : 0.011 * Math.min(1, (since - VIBRATO_AFTER_S) * 3);
  return before * (note.hz / before) ** glide * (1 + depth * Math.sin(2 * Math.PI * VIBRATO_HZ * since));
}

/** The loudest moment of each period. The synthesiser kept one pitch, so that one period is measured for all. */
function pitchMarks(segment: Float32Array): { at: number[]; period: number } {
  const period = periodOf(segment);
  const at: number[] = [];
  for (let from = 0; from < segment.length; ) {
    const until = Math.min(segment.length, Math.round(from + (at.length === 0 ? period : period * 0.4)));
    let best = Math.round(from);
    for (let n = best; n < until; n += 1) if ((segment[n] ?? 0) > (segment[best] ?? 0)) best = n;
    at.push(best);
    from = best + period * 0.8;
  }
  return { at, period };
}

/** In samples: the shift below 20 ms at which the loudest part of a word is most like itself. */
function periodOf(segment: Float32Array): number {
  const [shortest, longest] = [Math.floor(SAMPLES_PER_SECOND / 500), Math.ceil(SAMPLES_PER_SECOND / 55)];
  const window = Math.min(2048, segment.length - longest - 1);
  const from = Math.max(0, Math.min(segment.length - window - longest, Math.floor(segment.length * 0.4)));
  let [best, period] = [0, SAMPLES_PER_SECOND / 200];
  for (let lag = shortest; lag <= longest; lag += 1) {
    let [product, power] = [0, 1e-9];
    for (let n = from; n < from + window; n += 2) {
      product += (segment[n] ?? 0) * (segment[n + lag] ?? 0);
      power += (segment[n + lag] ?? 0) ** 2;
    }
    const likeness = product / Math.sqrt(power);
    // Twice the period fits as well; only what fits clearly better may replace a shorter one.
    if (likeness > best * 1.04) [best, period] = [likeness, lag];
  }
  return period;
}

type Grain = { at: number; segment: Float32Array; mark: number; period: number; gain: number };

function addGrain(out: Float32Array, { at, segment, mark, period, gain }: Grain): void {
  const half = Math.round(period);
  for (let n = -half; n <= half; n += 1) {
    const [to, from] = [at + n, mark + n];
    if (to < 0 || to >= out.length || from < 0 || from >= segment.length) continue;
    out[to] = (out[to] ?? 0) + (segment[from] ?? 0) * gain * (0.5 + 0.5 * Math.cos((Math.PI * n) / half));
  }
}

function fadeEnd(samples: Float32Array): Float32Array {
  const count = Math.min(samples.length, toSampleCount(25));
  for (let n = 1; n <= count; n += 1)
    samples[samples.length - n] = ((samples[samples.length - n] ?? 0) * (n - 1)) / count;
  return samples;
}
