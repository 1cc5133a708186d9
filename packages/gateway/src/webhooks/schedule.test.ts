import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { delayAfter, MAX_RETRY_AFTER_MS, MAX_TRIES, parseRetryAfter } from './schedule.ts';

const HOUR_MS = 3_600_000;
const unit = fc.double({ min: 0, max: 1, noNaN: true });
const delays = (randoms: readonly number[]) =>
  randoms.map((random, index) => delayAfter({ tries: index + 1, random }) ?? Number.NaN);

test('ten tries, each wait longer than the one before, 68 to 84 hours in all, whatever chance says', () => {
  fc.assert(
    fc.property(fc.array(unit, { minLength: 9, maxLength: 9 }), (randoms) => {
      const all = delays(randoms);
      expect(MAX_TRIES).toBe(10);
      for (const [index, ms] of all.entries()) expect(ms).toBeGreaterThan((all[index - 1] ?? 0) * 0.9);
      const hours = all.reduce((sum, ms) => sum + ms, 0) / HOUR_MS;
      expect(hours).toBeGreaterThan(68);
      expect(hours).toBeLessThan(84);
    }),
  );
  expect(delays(Array.from({ length: 9 }, () => 0.5)).map((ms) => ms / 1_000)).toEqual([
    5, 300, 1_800, 7_200, 18_000, 36_000, 50_400, 72_000, 86_400,
  ]);
});

test('the last try is the last, and what a receiver asks for is waited at least, but not for ever', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 12 }),
      unit,
      fc.option(fc.double({ min: 0, noNaN: true })),
      (tries, random, ms) => {
        const own = delayAfter({ tries, random });
        const asked = delayAfter({ tries, random, retryAfterMs: ms ?? undefined });
        expect(own === undefined).toBe(tries >= MAX_TRIES);
        if (own === undefined) expect(asked).toBeUndefined();
        else expect(asked).toBe(Math.max(own, Math.min(ms ?? 0, MAX_RETRY_AFTER_MS)));
        expect(asked ?? 0).toBeLessThanOrEqual(24 * HOUR_MS * 1.1);
      },
    ),
  );
});

describe('Retry-After', () => {
  const nowMs = Date.UTC(2026, 0, 2, 3, 4, 5);
  test.each([
    ['120', 120_000],
    [' 0 ', 0],
    ['Fri, 02 Jan 2026 03:06:05 GMT', 120_000],
    ['Friday, 02-Jan-26 03:06:05 GMT', 120_000],
    ['Fri, 02 Jan 2026 03:00:00 GMT', 0],
    ['soon', undefined],
    ['-5', undefined],
    ['1.5', undefined],
    ['2026', 2_026_000],
    ['Fri', undefined],
    ['', undefined],
    [undefined, undefined],
  ])('%s', (value, expected) => expect(parseRetryAfter(value, nowMs)).toBe(expected));
});
