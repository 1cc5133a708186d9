import { createRandom, mixSeed } from '../../storyboard/random.ts';
import { find, findBest, findValues, table } from '../../storyboard/words.ts';
import { type Voice, voiceOf } from '../voices.ts';
import { GENRES, type Genre, NAMED_CHORDS, NAMED_LEADS, POP } from './genres.ts';

/** What a song is to be, read from the words about it. */
export type Brief = {
  readonly genre: Genre;
  readonly tempoBpm: number;
  /** Semitones above C. */
  readonly root: number;
  readonly isMajor: boolean;
  /** 0 still to 1 wild. */
  readonly energy: number;
  readonly singer: Voice;
  /** As long as this where the words say so. */
  readonly lengthMs: number | undefined;
  /** The words say that nobody sings. */
  readonly isInstrumental: boolean;
  readonly seed: number;
};

type Feeling = { readonly brightness: number; readonly energy: number };
// biome-ignore format: a table of words
const FEELINGS = table<Feeling>([
  [{ brightness: 0.35, energy: 0.2 }, 1, 'happy|joyful|cheerful|upbeat|sunny|fun|playful|bright|uplifting|summer|celebration|sweet|love', '快乐|欢快|开心|阳光|明亮|甜|轻快|夏|爱'],
  [{ brightness: -0.45, energy: -0.15 }, 1, 'sad|melancholy|melancholic|lonely|heartbreak|heartbroken|grief|sorrow|tears|rainy|nostalgic|bittersweet', '悲|伤感|忧郁|孤独|失恋|眼泪|雨|怀旧|离别'],
  [{ brightness: -0.5, energy: 0.15 }, 1, 'dark|ominous|tense|angry|aggressive|sinister|horror|gothic|mysterious', '黑暗|紧张|愤怒|恐怖|神秘|压抑'],
  [{ brightness: 0, energy: 0.35 }, 1, 'energetic|powerful|driving|intense|epic|anthemic|party|hype|fast|rousing|explosive', '激昂|热血|强劲|燃|激烈|有力|派对|快节奏'],
  [{ brightness: 0, energy: -0.3 }, 1, 'calm|gentle|soft|slow|quiet|peaceful|relaxing|tender|lullaby|soothing|mellow|chill', '平静|温柔|安静|缓慢|舒缓|柔和|轻柔|摇篮曲|慢'],
]);

const BPM = /(\d{2,3})\s*-?\s*(?:bpm|拍)/iu;
const SLOWEST_BPM = 40;
const FASTEST_BPM = 220;
/** "in C# minor", "key of Eb", "A大调". A bare "A" is an article. */
const KEY = /\b([A-G])\s?([#♯b♭]|sharp|flat)?\s*-?\s*(major|minor|maj\b|min\b|大调|小调)|\bkey of ([A-G])([#♯b♭])?/u;
const MODE = /\b(major|minor) key\b|(大调|小调)/iu;
const SEMITONES: Readonly<Record<string, number>> = { C: 0, D: 2, E: 4, F: 5, G: 7, A: 9, B: 11 };
const INSTRUMENTAL =
  /\binstrumental\b|\bno (?:vocals?|singing|lyrics|voice)\b|without (?:vocals?|singing|lyrics)|纯音乐|无人声|器乐|伴奏/iu;
const LENGTH = /(\d+(?:\.\d+)?)\s*-?\s*(seconds?|secs?|minutes?|mins?|秒|分钟)/iu;
const [SHORTEST_MS, LONGEST_MS] = [5_000, 240_000];

/** Reads a song's description, tags and title. `words` may be empty: then everything is drawn by the seed. */
export function readBrief(words: string, seed: number): Brief {
  const random = createRandom(mixSeed(seed, words));
  const feelings = findValues(FEELINGS, words);
  const named = findBest(GENRES, words) ?? POP;
  const lead = find(NAMED_LEADS, words)[0]?.value;
  const chords = find(NAMED_CHORDS, words)[0]?.value;
  const genre: Genre = { ...named, ...(lead !== undefined && { lead }), ...(chords !== undefined && { chords }) };
  const sum = (pick: (feeling: Feeling) => number, from: number): number =>
    Math.min(
      1,
      Math.max(
        0,
        feelings.reduce((total, feeling) => total + pick(feeling), from),
      ),
    );
  const energy = sum((feeling) => feeling.energy, 0.5);
  const [slow, fast] = genre.tempoBpm;
  const brightness = sum((feeling) => feeling.brightness, genre.brightness);
  const tempo = Number(BPM.exec(words)?.[1] ?? Math.round(slow + (fast - slow) * (0.7 * energy + 0.3 * random.next())));
  const key = readKey(words);
  return {
    genre,
    tempoBpm: Math.min(FASTEST_BPM, Math.max(SLOWEST_BPM, tempo)),
    root: key.root ?? random.below(12),
    isMajor: key.isMajor ?? random.chance(brightness > 0.55 ? 0.92 : brightness < 0.35 ? 0.06 : 0.5),
    energy,
    // The words choose the singer and so does the seed: two takes of a song need not have the same one.
    singer: voiceOf(`${words} ${seed}`),
    lengthMs: readLengthMs(words),
    isInstrumental: INSTRUMENTAL.test(words),
    seed,
  };
}

function readKey(words: string): { root: number | undefined; isMajor: boolean | undefined } {
  const [, first, sign, mode, other, otherSign] = KEY.exec(words) ?? [];
  const [, english, chinese] = MODE.exec(words) ?? [];
  const letter = first ?? other;
  const accidental = sign ?? otherSign ?? '';
  const shift = /[#♯]|sharp/.test(accidental) ? 1 : accidental === '' ? 0 : -1;
  const said = mode ?? english ?? chinese;
  return {
    root: letter === undefined ? undefined : ((SEMITONES[letter] ?? 0) + shift + 12) % 12,
    isMajor: said === undefined ? undefined : /maj|大/i.test(said),
  };
}

function readLengthMs(words: string): number | undefined {
  const [, amount, unit] = LENGTH.exec(words) ?? [];
  if (amount === undefined || unit === undefined) return undefined;
  const ms = Number(amount) * (/^(m|分)/i.test(unit) ? 60_000 : 1000);
  return Math.min(LONGEST_MS, Math.max(SHORTEST_MS, ms));
}
