import { createPcm, type Pcm, SAMPLES_PER_SECOND, toSampleCount } from '../media/pcm.ts';
import { gesture } from './gestures.ts';
import { levelAll } from './levels.ts';
import { type Piece, type Reading, toPieces } from './spoken-text.ts';
import { synthesise, type Utterance } from './synthesiser.ts';
import { toVariant, type Voice, voiceOf } from './voices.ts';

/** Words to be said. */
export type Speech = Reading & {
  /** May hold pauses (`<#0.5#>`) and sounds (`(laughs)`). */
  readonly text: string;
  /** As espeak-ng names it, from `tongueOf`. */
  readonly tongue: string;
  /** Who says them; or any name: the same name is the same voice, different names differ. */
  readonly voice: Voice | string;
  /** 1 is usual. */
  readonly speed: number;
  /** Semitones above the voice's own pitch. */
  readonly transpose?: number;
  readonly emotion?: string;
};

/** Loud enough for a phone, with room for the peaks. */
export const SPEECH_DBFS = -18;
const USUAL_WORDS_PER_MINUTE = 165;
/** The synthesiser speaks no slower than 80. */
const [SLOWEST, FASTEST] = [80, 450];
/** Longer speeches end here: the sound of ten minutes is 230 MB. */
const MAX_SPEECH_MS = 600_000;
/** No player takes a file without sound: dots and dashes alone are a moment of silence. */
const MIN_SPEECH_MS = 300;

type Manner = {
  readonly pitch: number;
  readonly liveliness: number;
  readonly pace: number;
  readonly decibels: number;
  readonly roughness?: number;
  readonly breath?: number;
};
const PLAIN: Manner = { pitch: 1, liveliness: 1, pace: 1, decibels: 0 };
/** How feelings sound, by the names of MiniMax. */
const EMOTIONS: Readonly<Record<string, Manner>> = {
  happy: { pitch: 1.08, liveliness: 1.45, pace: 1.06, decibels: 0.5 },
  sad: { pitch: 0.92, liveliness: 0.5, pace: 0.84, decibels: -3 },
  angry: { pitch: 1.06, liveliness: 1.3, pace: 1.12, decibels: 3, roughness: 3 },
  fearful: { pitch: 1.16, liveliness: 1.15, pace: 1.14, decibels: -2, roughness: 2, breath: 0.3 },
  disgusted: { pitch: 0.94, liveliness: 0.75, pace: 0.9, decibels: 0, roughness: 2 },
  surprised: { pitch: 1.2, liveliness: 1.9, pace: 1.04, decibels: 1.5 },
  calm: { pitch: 0.98, liveliness: 0.75, pace: 0.94, decibels: -1 },
  whisper: { pitch: 1, liveliness: 0.5, pace: 0.92, decibels: -6, breath: 1 },
};

/** Says words aloud; the same words and voice give the same sound. Words lie at `SPEECH_DBFS`, more or less with the
 *  emotion, and pauses do not count. A text without words or sounds gives a moment of silence.
 *  @throws {NoSpeech} when espeak-ng is not installed. */
export async function sayWords(speech: Speech): Promise<Pcm> {
  const manner = EMOTIONS[speech.emotion ?? ''] ?? PLAIN;
  const voice = typeof speech.voice === 'string' ? voiceOf(speech.voice) : speech.voice;
  const pieces = toPieces(speech.text, speech);
  const words = pieces.flatMap((piece) => (piece.kind === 'words' ? [piece.text] : []));
  const { pace, accent, ...sound } = inManner(voice, manner, speech);
  const spoken = await sayApart(words, {
    tongue: speech.tongue === 'en-us' ? (accent ?? speech.tongue) : speech.tongue,
    variant: toVariant({ ...sound, pace }),
    wordsPerMinute: Math.min(FASTEST, Math.max(SLOWEST, USUAL_WORDS_PER_MINUTE * pace)),
  });
  levelAll(spoken, { dbfs: SPEECH_DBFS + manner.decibels });
  return arrange(pieces, spoken);
}

function inManner(voice: Voice, manner: Manner, { speed, transpose = 0 }: Speech): Voice {
  return {
    ...voice,
    pitchHz: voice.pitchHz * manner.pitch * 2 ** (transpose / 12),
    // A throat that speaks higher is also a little shorter.
    formants: voice.formants * 2 ** (transpose / 60),
    liveliness: Math.min(1, voice.liveliness * manner.liveliness),
    roughness: Math.min(7, voice.roughness + (manner.roughness ?? 0)),
    breath: Math.max(voice.breath, manner.breath ?? 0),
    pace: voice.pace * manner.pace * speed,
  };
}

/** A pause that no text has of its own. Starting the synthesiser takes longer than speaking, so that all pieces are
 *  said in one go and cut apart at these. */
const MARK_MS = 2_000;
const MARK = `<break time="${MARK_MS}ms"/>`;
const MIN_MARK_MS = 1_900;

/** Says several texts in one go. @returns one sound for each, or all in one where they cannot be told apart.
 *  @throws {NoSpeech} */
export async function sayApart(
  texts: readonly string[],
  utterance: Omit<Utterance, 'text' | 'isMarkup'>,
): Promise<readonly Pcm[]> {
  if (texts.length === 0) return [];
  const text = texts.map(escapeMarkup).join(` ${MARK} `);
  const spoken = await synthesise({ ...utterance, text, isMarkup: true });
  return texts.length === 1 ? [spoken] : cutAtMarks(spoken, texts.length);
}

const escapeMarkup = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

/** The stretches between the marks; the whole where they are not `count`. */
function cutAtMarks(spoken: Pcm, count: number): Pcm[] {
  const least = toSampleCount(MIN_MARK_MS);
  const parts: Pcm[] = [];
  let [begin, silentFrom] = [0, 0];
  for (let at = 0; at < spoken.left.length; at += 1) {
    if (Math.abs(spoken.left[at] ?? 0) < 1e-4) continue;
    if (silentFrom > 0 && at - silentFrom >= least) {
      parts.push(slice(spoken, begin, silentFrom));
      begin = at;
    }
    silentFrom = at + 1;
  }
  parts.push(slice(spoken, begin, spoken.left.length));
  return parts.length === count ? parts : [spoken];
}

const slice = ({ left, right }: Pcm, from: number, to: number): Pcm => ({
  left: left.subarray(from, to),
  right: right.subarray(from, to),
});

/** Everything in its order, one after the other. */
function arrange(pieces: readonly Piece[], spoken: readonly Pcm[]): Pcm {
  let said = 0;
  const parts = pieces.map((piece): Pcm => {
    if (piece.kind === 'pause') return createPcm(toSampleCount(piece.lengthMs));
    if (piece.kind === 'gesture') return gesture(piece.name);
    said += 1;
    return spoken[said - 1] ?? createPcm(0);
  });
  const length = Math.max(
    toSampleCount(MIN_SPEECH_MS),
    parts.reduce((sum, { left }) => sum + left.length, 0),
  );
  const whole = createPcm(Math.min(length, (MAX_SPEECH_MS / 1000) * SAMPLES_PER_SECOND));
  let at = 0;
  for (const part of parts) {
    const { left, right } = slice(part, 0, whole.left.length - at);
    whole.left.set(left, at);
    whole.right.set(right, at);
    at += left.length;
  }
  return whole;
}
