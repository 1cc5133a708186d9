/** A text for reading aloud, cut where something else than words is heard. */
export type Piece =
  | { readonly kind: 'words'; readonly text: string }
  | { readonly kind: 'pause'; readonly lengthMs: number }
  | { readonly kind: 'gesture'; readonly name: string };

/** MiniMax speech: `<#0.5#>` is a pause of half a second, `(laughs)` a sound. */
const MARKS = /<#\s*(\d+(?:\.\d+)?)\s*#>|[(（]([a-z]+(?:-[a-z]+)?)[)）]/giu;
const MAX_PAUSE_MS = 99_990;

/** Sounds that a synthesiser's own voice makes best, written as it reads them. */
const AS_WORDS: Readonly<Record<string, string>> = {
  laughs: 'Ha, ha ha ha!',
  chuckle: 'Heh heh.',
  'clear-throat': 'Ahem.',
  groans: 'Uhh.',
  humming: 'Hmm hmm hmm.',
  emm: 'Emm.',
  sneezes: 'A choo!',
  crying: 'Uh huh, huh.',
};
/** Sounds that are made of noise and tones: `gestures.ts`. */
// biome-ignore format: a list of words
const AS_GESTURE = new Set([
  'coughs', 'breath', 'pant', 'inhale', 'exhale', 'gasps', 'sniffs', 'sighs', 'snorts', 'burps', 'lip-smacking',
  'hissing', 'whistles', 'applause',
]);

export type Reading = {
  /** Items of `pronunciation_dict`: `omg/oh my god`. */
  readonly dictionary?: readonly string[];
  /** Write out amounts, dates and abbreviations before they are read. */
  readonly isNormalised?: boolean;
};

/** Cuts a text into what is said and what else is heard. Brackets that name no sound are words. */
export function toPieces(text: string, reading: Reading = {}): Piece[] {
  const pieces: Piece[] = [];
  const say = (words: string): void => {
    const read = toReading(words, reading);
    const last = pieces.at(-1);
    if (!/[\p{L}\p{N}]/u.test(read)) return;
    if (last?.kind === 'words') pieces[pieces.length - 1] = { kind: 'words', text: `${last.text} ${read}` };
    else pieces.push({ kind: 'words', text: read });
  };
  let begin = 0;
  for (const mark of text.matchAll(MARKS)) {
    const [whole, seconds, named = ''] = mark;
    const name = named.toLowerCase();
    const words = AS_WORDS[name];
    if (seconds === undefined && words === undefined && !AS_GESTURE.has(name)) continue;
    say(text.slice(begin, mark.index));
    begin = mark.index + whole.length;
    if (seconds !== undefined) pieces.push({ kind: 'pause', lengthMs: Math.min(MAX_PAUSE_MS, Number(seconds) * 1000) });
    else if (words === undefined) pieces.push({ kind: 'gesture', name });
    else say(words);
  }
  say(text.slice(begin));
  return pieces;
}

function toReading(words: string, { dictionary = [], isNormalised = false }: Reading): string {
  const replaced = dictionary.reduce(replaceTerm, words);
  return isNormalised ? NORMAL.reduce((text, [pattern, as]) => text.replace(pattern, as), replaced) : replaced;
}

function replaceTerm(text: string, item: string): string {
  const slash = item.indexOf('/');
  if (slash < 1) return text;
  const term = item.slice(0, slash).trim();
  // `(chu3)(li3)` is pinyin, a syllable in each pair of brackets; the synthesiser reads it without them.
  const as = ` ${item
    .slice(slash + 1)
    .replace(/[()]/g, ' ')
    .trim()} `;
  const literal = term.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  const isHan = /\p{Script=Han}/u.test(term);
  return text.replace(new RegExp(isHan ? literal : `(?<![\\p{L}\\p{N}])${literal}(?![\\p{L}\\p{N}])`, 'giu'), () => as);
}

const MONTHS = 'January February March April May June July August September October November December'.split(' ');
type Rewrite = (whole: string, ...groups: string[]) => string;
const amount =
  (one: string, many: string, cents: string): Rewrite =>
  (_whole, units = '', parts = '') => {
    const rest = Number(parts.padEnd(2, '0'));
    return `${units.replaceAll(',', '')} ${Number(units) === 1 ? one : many}${rest > 0 ? ` and ${rest} ${cents}` : ''}`;
  };
const MONEY = '(\\d[\\d,]*)(?:\\.(\\d{1,2}))?(?!\\d)';

/** What the synthesiser would read sign by sign, as people say it in English. */
const NORMAL: readonly (readonly [RegExp, Rewrite])[] = [
  [new RegExp(`\\$${MONEY}`, 'g'), amount('dollar', 'dollars', 'cents')],
  [new RegExp(`£${MONEY}`, 'g'), amount('pound', 'pounds', 'pence')],
  [new RegExp(`€${MONEY}`, 'g'), amount('euro', 'euros', 'cents')],
  [new RegExp(`¥${MONEY}`, 'g'), amount('yuan', 'yuan', 'fen')],
  [
    /\b(\d{4})-(\d{2})-(\d{2})\b/g,
    (whole, year = '', month = '', day = '') => {
      const name = MONTHS[Number(month) - 1];
      return name === undefined ? whole : `${name} ${Number(day)}, ${year}`;
    },
  ],
  [/\b(\d{1,2}):00\b/g, (_whole, hour = '') => `${hour} o'clock`],
  [/\b(\d{3})-(\d{4})\b/g, (_whole, one = '', two = '') => [...one, ',', ...two].join(' ')],
  [/\b(\d+(?:\.\d+)?)\s?km\/h\b/g, (_whole, speed = '') => `${speed} kilometres per hour`],
  [/\b(\d+(?:\.\d+)?)\s?kg\b/g, (_whole, weight = '') => `${weight} kilograms`],
  [/\b(\d+(?:\.\d+)?)\s?km\b/g, (_whole, way = '') => `${way} kilometres`],
  [/\bNo\.\s?(?=\d)/g, () => 'number '],
  [/\be\.g\./gi, () => 'for example'],
  [/\bi\.e\./gi, () => 'that is'],
  [/\betc\./gi, () => 'et cetera'],
  [/\s&\s/g, () => ' and '],
];
