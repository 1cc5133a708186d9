import { toSentences } from '../storyboard/sentences.ts';

/** What can be counted in a text. */
export type TextFacts = {
  readonly characters: number;
  /** Words; of Chinese, characters. */
  readonly words: number;
  readonly sentences: readonly string[];
  /** The words that carry most of it, most frequent first. */
  readonly keyTerms: readonly string[];
};

const COMMON = new Set(
  (
    'the a an and or but of to in on at for from by with as is are was were be been being it its this that these those ' +
    'i you he she we they me him her us them my your his our their what which who how why when where do does did have ' +
    'has had can could will would should may might must not no yes so if then than too very just also about into over ' +
    'please tell write give make explain describe summarize summarise list one two all any some more most such there'
  ).split(' '),
);
const CHINESE_COMMON = new Set(
  '我们 你们 他们 她们 它们 这个 那个 这些 那些 一个 一些 可以 已经 正在 因此 因为 所以 但是 而且 或者 如果 什么 怎么 如何 没有 开始 很多 进行 通过 以及 请 总结'.split(
    ' ',
  ),
);
const MAX_TERMS = 8;
/** Knows where Chinese words end, from the dictionary that Node brings. */
const segmenter = new Intl.Segmenter('zh', { granularity: 'word' });

export function readText(text: string): TextFacts {
  const words = wordsOf(text);
  const han = text.match(/\p{Script=Han}/gu) ?? [];
  return {
    characters: [...text].length,
    words: words.filter((word) => !isHan(word)).length + han.length,
    sentences: toSentences(text),
    keyTerms: termsOf(words),
  };
}

const isHan = (word: string): boolean => /\p{Script=Han}/u.test(word);

/** Words in small letters, in their order. */
const wordsOf = (text: string): string[] =>
  [...segmenter.segment(text)].flatMap(({ segment, isWordLike }) =>
    isWordLike === true ? [segment.toLowerCase()] : [],
  );

/** Terms by how often they occur; of equals the longer, then the earlier. */
function termsOf(words: readonly string[]): string[] {
  const counts = new Map<string, number>();
  for (const word of words) {
    const isTerm = isHan(word) ? word.length > 1 && !CHINESE_COMMON.has(word) : word.length > 2 && !COMMON.has(word);
    if (isTerm) counts.set(word, (counts.get(word) ?? 0) + 1);
  }
  return [...counts]
    .sort(([a, timesA], [b, timesB]) => timesB - timesA || b.length - a.length)
    .slice(0, MAX_TERMS)
    .map(([term]) => term);
}

/** The sentences that say most of the whole, in their order: those that hold its key terms, the first a little ahead. */
export function mainSentences(facts: TextFacts, count: number): readonly string[] {
  const scored = facts.sentences.map((sentence, index) => {
    const text = sentence.toLowerCase();
    // The most frequent term counts most.
    const weight = facts.keyTerms.reduce((sum, term, rank) => sum + (text.includes(term) ? 1 / (rank + 1) : 0), 0);
    return { index, score: weight + (index === 0 ? 0.1 : 0) };
  });
  const chosen = new Set(
    scored
      .sort((a, b) => b.score - a.score || a.index - b.index)
      .slice(0, count)
      .map(({ index }) => index),
  );
  return facts.sentences.filter((_, index) => chosen.has(index));
}
