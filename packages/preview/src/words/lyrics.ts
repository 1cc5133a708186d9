import { createRandom, mixSeed, type Random } from '../storyboard/random.ts';
import { isChinese } from './language.ts';
import { CHINESE_RHYMES, ENGLISH_RHYMES } from './rhymes.ts';

export type Lyrics = { readonly title: string; readonly text: string };

/** Words about the order and not about the song. */
const ORDER =
  /\b(?:please|write|compose|create|generate|make|give|me|us|some|the|lyrics?|song|songs|a|an|for|about|of|on|with|in|style|upbeat|slow|fast|short|simple|catchy|pop|rock|rap|folk|ballad|that|is|are|and)\b/giu;
const CHINESE_ORDER =
  /请|帮我|给我|写|创作|生成|一首|一段|关于|有关|以|为主题|主题|歌词|歌曲|的歌|歌|风格|流行|摇滚|民谣|说唱/gu;
const [MAX_THEME_WORDS, MAX_THEME_CHARACTERS] = [3, 6];

/** Writes a song about what a request names: two verses, a bridge and a chorus that comes back, in the request's
 *  language. Every line ends on a rhyme of a small table. The same words and seed give the same song. */
export function writeLyrics(prompt: string, seed: number): Lyrics {
  const chinese = isChinese(prompt);
  const theme = chinese ? chineseTheme(prompt) : englishTheme(prompt);
  const random = createRandom(mixSeed(seed, prompt));
  const rhymes = shuffled(chinese ? CHINESE_RHYMES : ENGLISH_RHYMES, random);
  const lines = rhymes.map((rhyme) => shuffled(rhyme, random).map((line) => line.replaceAll('{x}', theme)));
  const take = (rhyme: number, count: number): string[] => lines[rhyme % lines.length]?.splice(0, count) ?? [];
  const hook = chinese ? `${theme}，${theme}` : `${capital(theme)}, oh, ${theme}`;
  const chorus = [hook, ...take(2, 3)];
  const name = chinese
    ? { verse: '主歌', chorus: '副歌', bridge: '桥段' }
    : { verse: 'Verse', chorus: 'Chorus', bridge: 'Bridge' };
  const parts: readonly (readonly [string, readonly string[]])[] = [
    [`${name.verse} 1`, [...take(0, 2), ...take(1, 2)]],
    [name.chorus, chorus],
    [`${name.verse} 2`, [...take(1, 2), ...take(0, 2)]],
    [name.chorus, chorus],
    [name.bridge, take(3, 2)],
    [name.chorus, chorus],
  ];
  const text = parts.map(([tag, sung]) => [`[${tag}]`, ...sung].join('\n')).join('\n\n');
  return { title: chinese ? theme : titled(theme), text };
}

function englishTheme(prompt: string): string {
  const about =
    (/\b(?:about|called|titled)\s+(.+)/iu.exec(prompt) ?? /\b(?:for|of)\s+(.+)/iu.exec(prompt))?.[1] ?? prompt;
  const clause = about.split(/[.,;:!?\n]|(?<=\S\s)\b(?:with|in|on|for|from|by|that|who|when|and)\b/iu)[0] ?? about;
  const words = clause.replace(ORDER, ' ').match(/[\p{L}\p{N}'’-]+/gu) ?? [];
  return words.slice(0, MAX_THEME_WORDS).join(' ').toLowerCase() || 'the open road';
}

function chineseTheme(prompt: string): string {
  const about = /(?:关于|有关|主题是|题为)(.+)/u.exec(prompt)?.[1] ?? prompt;
  const clause = about.split(/[，。；：！？,.\n]/)[0] ?? about;
  const theme =
    clause
      .replace(CHINESE_ORDER, '')
      .replace(/的$/u, '')
      .match(/[\p{L}\p{N}]+/gu)
      ?.join('') ?? '';
  return [...theme].slice(0, MAX_THEME_CHARACTERS).join('') || '远方';
}

const capital = (text: string): string => text.slice(0, 1).toUpperCase() + text.slice(1);
const titled = (text: string): string => text.split(' ').map(capital).join(' ');

function shuffled<T>(items: readonly T[], random: Random): T[] {
  const left = [...items];
  const mixed: T[] = [];
  while (left.length > 0) mixed.push(...left.splice(random.below(left.length), 1));
  return mixed;
}
