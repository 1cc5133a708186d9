import { expect, test } from 'vitest';
import { storyboard } from '../storyboard/index.ts';
import { findLines } from './dialogue.ts';

const lines = (prompt: string): unknown[][] =>
  findLines(storyboard({ prompt, durationMs: 12_000, seed: 1 })).map(({ speech }) => [
    speech.text,
    speech.tongue,
    speech.voice,
  ]);

test.each([
  ['An old man looks up and says: "I have waited for you".', [['I have waited for you', 'en-us', 'male']]],
  ['She whispers, “Come closer”', [['Come closer', 'en-us', 'female']]],
  ['老人抬起头说：“我等你很久了”', [['我等你很久了', 'cmn', 'male']]],
  ['她轻声问「你是谁」', [['你是谁', 'cmn', 'female']]],
  ['A neon sign reads "OPEN" above a bar.', []],
  ['The word "" is empty and he says "".', []],
  ['A fox in the snow. No words at all.', []],
])('%j', (prompt, expected) => expect(lines(prompt)).toEqual(expected));

test('of many lines only a few are spoken', () =>
  expect(lines('He says "one two". '.repeat(20)).length).toBeLessThanOrEqual(4));
