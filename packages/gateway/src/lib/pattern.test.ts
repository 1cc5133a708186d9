import fc from 'fast-check';
import { expect, test } from 'vitest';
import { fitsPattern } from './pattern.ts';

/** The same, by going through every way to fill the stars. */
const fits = (pattern: string, text: string): boolean => {
  const [head, ...tail] = pattern;
  if (head === undefined) return text === '';
  if (head !== '*') return text.startsWith(head) && fits(tail.join(''), text.slice(1));
  return Array.from({ length: text.length + 1 }, (_, from) => from).some((from) =>
    fits(tail.join(''), text.slice(from)),
  );
};

test('a star stands for any text, and other signs for themselves', () => {
  const short = fc.string({ unit: fc.constantFrom('a', 'b', '.', '*'), maxLength: 7 });
  const text = fc.string({ unit: fc.constantFrom('a', 'b', '.'), maxLength: 7 });
  fc.assert(
    fc.property(short, text, (pattern, value) => fitsPattern(pattern, value) === fits(pattern, value)),
    {
      numRuns: 2_000,
    },
  );
});

test('no pattern takes long', () => {
  expect(fitsPattern(`${'*a'.repeat(2_000)}b`, 'a'.repeat(5_000))).toBe(false);
});
