import { expect, test } from 'vitest';
import { createRateLimit } from './rate-limit.ts';

test('a key may do it all at once, or evenly, and says how long to wait', () => {
  let nowMs = 1_000_000;
  const limit = createRateLimit({ perMinute: 4, nowMs: () => nowMs });
  const many = (key: string, times: number) => Array.from({ length: times }, () => limit(key));
  expect(many('a', 4)).toEqual([0, 0, 0, 0]);
  expect(many('a', 2)).toEqual([15_000, 15_000]);
  expect(limit('b')).toBe(0);
  nowMs += 14_999;
  expect(limit('a')).toBe(1);
  nowMs += 1;
  expect(many('a', 2)).toEqual([0, 15_000]);
  nowMs += 3_600_000;
  expect(many('a', 5)).toEqual([0, 0, 0, 0, 15_000]);
});

test('it remembers a bounded number of keys', () => {
  const limit = createRateLimit({ perMinute: 1, nowMs: () => 0 });
  for (let n = 0; n <= 10_000; n += 1) expect(limit(`key ${n}`)).toBe(0);
  expect([limit('key 10000'), limit('key 0')]).toEqual([60_000, 0]);
});
