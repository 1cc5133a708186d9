/** One thing the prompt may name: what it means, how strongly it decides, and the words for it. English words match
 *  whole, with a plural or possessive ending; a Chinese word matches anywhere. */
export type Row<T> = readonly [value: T, weight: number, english: string, chinese: string];

export type Hit<T> = { readonly value: T; readonly weight: number; readonly atChar: number };

type Entry<T> = { readonly value: T; readonly weight: number; readonly pattern: RegExp };
export type Table<T> = readonly Entry<T>[];

/** Prepares rows for reading. In both columns `|` separates the words; regular expression syntax is allowed. */
export function table<T>(rows: readonly Row<T>[]): Table<T> {
  return rows.map(([value, weight, english, chinese]) => {
    const parts = english === '' ? [] : [`\\b(?:${english})(?:s|es|'s|’s)?\\b`];
    if (chinese !== '') parts.push(chinese);
    return { value, weight, pattern: new RegExp(parts.join('|'), 'giu') };
  });
}

// "no people", "without any rain", "there is no wind", 没有人: a thing that is denied is not painted.
const DENIED =
  /(?:\b(?:no|not|without|never|nor|neither|avoid|free of)\s+(?:(?:a|an|any|the|more)\s+)?|没有|没|无|不要|不含)$/iu;
const LOOK_BACK_CHARS = 24;

const isDenied = (text: string, atChar: number): boolean =>
  DENIED.test(text.slice(Math.max(0, atChar - LOOK_BACK_CHARS), atChar));

/** Every row that the text names and does not deny, in the order of first mention. */
export function find<T>(rows: Table<T>, text: string): readonly Hit<T>[] {
  const hits: Hit<T>[] = [];
  for (const { value, weight, pattern } of rows) {
    for (const match of text.matchAll(pattern)) {
      if (isDenied(text, match.index)) continue;
      hits.push({ value, weight, atChar: match.index });
      break;
    }
  }
  return hits.sort((a, b) => a.atChar - b.atChar);
}

/** The values found, each once, in the order of first mention. */
export const findValues = <T>(rows: Table<T>, text: string): readonly T[] => [
  ...new Set(find(rows, text).map((hit) => hit.value)),
];

/** The strongest row; of equals, the one named first. */
export function findBest<T>(rows: Table<T>, text: string): T | undefined {
  let best: Hit<T> | undefined;
  for (const hit of find(rows, text)) if (best === undefined || hit.weight > best.weight) best = hit;
  return best?.value;
}

/** The text without any word of the table. */
export const remove = <T>(rows: Table<T>, text: string): string =>
  rows.reduce((rest, { pattern }) => rest.replace(pattern, ' '), text);
