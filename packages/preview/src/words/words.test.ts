import { expect, test } from 'vitest';
import { solveArithmetic } from './arithmetic.ts';
import { isChinese } from './language.ts';
import { writeLyrics } from './lyrics.ts';
import { mainSentences, readText } from './text-facts.ts';

test.each([
  ['What is 12 * (3 + 4)?', 84],
  ['0.1 + 0.2', 0.3],
  ['2 - 3 - 4', -5],
  ['8 ÷ 4 × 3 等于多少', 6],
  ['(1', undefined],
  ['1 / 0', undefined],
  ['on 2024-05-06, call 555-1234', undefined],
  ['a range of 3-5', undefined],
  ['in 1999', undefined],
  [`${'('.repeat(5_000)}1 + 1`, undefined],
])('%j comes to %s', (text, result) => expect(solveArithmetic(text.slice(0, 6_000))?.result).toBe(result));

test.each([
  ['hello', false],
  ['写一首歌', true],
  ['请用 Python 写代码', true],
  ['What does 你好 mean in English please', false],
])('%j', (text, chinese) => expect(isChinese(text)).toBe(chinese));

test('counts words and characters and finds the terms that carry a text', () => {
  const facts = readText('The harbour was quiet. Boats slept in the harbour. A gull watched the boats.');
  expect(facts).toMatchObject({
    words: 14,
    characters: 76,
    keyTerms: ['harbour', 'boats', 'watched', 'quiet', 'slept', 'gull'],
  });
  expect(mainSentences(facts, 1)).toHaveLength(1);
  expect(readText('人工智能改变电影制作').words).toBe(10);
});

test.each([
  [
    'Write a happy song about rainy Sundays with my dog',
    'Rainy Sundays',
    /\[Verse 1\][\s\S]+\[Chorus\][\s\S]+\[Bridge\]/,
  ],
  ['写一首关于故乡的歌', '故乡', /\[主歌 1\][\s\S]+\[副歌\][\s\S]+\[桥段\]/],
  ['', 'The Open Road', /\[Verse 1\]/],
])('lyrics for %j', (prompt, title, form) => {
  const lyrics = writeLyrics(prompt, 5);
  expect(lyrics.title).toBe(title);
  expect(lyrics.text).toMatch(form);
  expect(lyrics.text).not.toContain('{x}');
  expect(lyrics.text.toLowerCase().split(title.toLowerCase()).length).toBeGreaterThan(6);
  expect(writeLyrics(prompt, 5)).toEqual(lyrics);
  expect(writeLyrics(prompt, 6)).not.toEqual(lyrics);
});

test('lines of a verse rhyme in pairs', () => {
  const verse = writeLyrics('a song about the sea', 2).text.split('\n').slice(1, 5);
  const ending = (line: string | undefined): string => /([aeiouy]+[^aeiouy]*e?s?)$/i.exec(line ?? '')?.[1] ?? '';
  const sounds: Record<string, string> = { ows: 'ose', oes: 'ose', ose: 'ose', ight: 'ight' };
  const soundOf = (line: string | undefined): string => sounds[ending(line)] ?? ending(line);
  expect(soundOf(verse[0])).toBe(soundOf(verse[1]));
  expect(soundOf(verse[2])).toBe(soundOf(verse[3]));
});
