/** Parts of a song. */
export type PartKind = 'intro' | 'verse' | 'lift' | 'chorus' | 'bridge' | 'solo' | 'outro';
export type Part = {
  readonly kind: PartKind;
  readonly bars: number;
  /** What is sung, a line for every two bars; empty where only instruments play. */
  readonly lines: readonly string[];
};

/** Names of parts in square brackets, English and Chinese. */
const TAGS: readonly (readonly [RegExp, PartKind])[] = [
  [/pre-?\s?chorus|lift|build|导歌|预副歌/iu, 'lift'],
  [/chorus|hook|refrain|drop|副歌/iu, 'chorus'],
  [/intro|前奏/iu, 'intro'],
  [/outro|end|尾奏|尾声|结尾/iu, 'outro'],
  [/bridge|桥/iu, 'bridge'],
  [/solo|instrumental|interlude|inst|break|间奏|独奏|器乐/iu, 'solo'],
  [/verse|主歌|rap/iu, 'verse'],
];
const TAG_LINE = /^[[【(（]\s*([^\]】)）]{1,60})\s*[\]】)）]\s*$/u;
const BARS_PER_LINE = 2;
const REST_BARS: Readonly<Record<PartKind, number>> = {
  intro: 4,
  verse: 8,
  lift: 4,
  chorus: 8,
  bridge: 8,
  solo: 8,
  outro: 4,
};

/** Cuts lyrics into parts: at tags such as `[Chorus]`, or where they have none at empty lines, of which verses that
 *  come again are the chorus. An introduction and an end are added where the lyrics have none. */
export function toParts(lyrics: string): Part[] {
  const blocks = lyrics.includes('[') || lyrics.includes('【') ? byTags(lyrics) : byBlankLines(lyrics);
  const parts = blocks.map(({ kind, lines }): Part => {
    const sung = lines.length * BARS_PER_LINE;
    // Phrases of music are four bars long.
    return { kind, lines, bars: sung === 0 ? REST_BARS[kind] : Math.ceil(sung / 4) * 4 };
  });
  if (parts[0]?.kind !== 'intro') parts.unshift(instrumental('intro'));
  if (parts.at(-1)?.kind !== 'outro') parts.push(instrumental('outro'));
  return parts;
}

const instrumental = (kind: PartKind): Part => ({ kind, bars: REST_BARS[kind], lines: [] });

const MIDDLE: readonly PartKind[] = ['verse', 'chorus', 'solo', 'chorus', 'bridge', 'chorus'];

/** Parts without words, `bars` bars in all. */
export function instrumentalParts(bars: number): Part[] {
  const framed = REST_BARS.intro + REST_BARS.outro;
  const hasFrame = bars >= framed + REST_BARS.verse / 2;
  const parts = hasFrame ? [instrumental('intro')] : [];
  for (let left = hasFrame ? bars - framed : bars, index = 0; left > 0; index += 1) {
    const kind = MIDDLE[index % MIDDLE.length] ?? 'verse';
    const part = { kind, lines: [], bars: Math.min(REST_BARS[kind], left) };
    parts.push(part);
    left -= part.bars;
  }
  return hasFrame ? [...parts, instrumental('outro')] : parts;
}

type Block = { readonly kind: PartKind; readonly lines: string[] };

function byTags(lyrics: string): Block[] {
  const blocks: Block[] = [];
  for (const line of toLines(lyrics)) {
    const tag = TAG_LINE.exec(line)?.[1];
    const last = blocks.at(-1);
    if (tag !== undefined && /^[[【]/.test(line)) {
      blocks.push({ kind: TAGS.find(([names]) => names.test(tag))?.[1] ?? 'verse', lines: [] });
    } else if (isSung(line)) {
      if (last === undefined) blocks.push({ kind: 'verse', lines: [line] });
      else last.lines.push(line);
    }
  }
  return blocks;
}

function byBlankLines(lyrics: string): Block[] {
  const verses = lyrics
    .split(/\n\s*\n/)
    .map((verse) => toLines(verse).filter(isSung))
    .filter((lines) => lines.length > 0);
  const times = (lines: readonly string[]): number => verses.filter((other) => other.join() === lines.join()).length;
  const comesAgain = verses.some((lines) => times(lines) > 1);
  return verses.map((lines, index) => {
    const isChorus = comesAgain ? times(lines) > 1 : index % 2 === 1;
    return { kind: isChorus ? 'chorus' : 'verse', lines };
  });
}

const toLines = (text: string): string[] => text.split(/\r?\n/).map((line) => line.trim());
/** Remarks in round brackets are for the band. */
const isSung = (line: string): boolean => /[\p{L}\p{N}]/u.test(line) && TAG_LINE.exec(line) === null;
