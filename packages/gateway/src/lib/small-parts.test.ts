import fc from 'fast-check';
import { expect, test } from 'vitest';
import { backoffMs } from './backoff.ts';
import { toLogText } from './log-text.ts';
import { mapLimited } from './map-limited.ts';

test('backoff doubles to its maximum, and half of it is random', () => {
  const at = (failures: number, random: number) => backoffMs({ failures, baseMs: 1_000, maxMs: 60_000, random });
  expect([1, 2, 3, 6, 7, 50].map((failures) => at(failures, 1))).toEqual([1_000, 2_000, 4_000, 32_000, 60_000, 60_000]);
  expect([1, 2, 50].map((failures) => at(failures, 0))).toEqual([500, 1_000, 30_000]);
});

test('backoff is never zero, negative, fractional or above its maximum', () => {
  fc.assert(
    fc.property(fc.nat(), fc.double({ min: 0, max: 1, noNaN: true }), (failures, random) => {
      const ms = backoffMs({ failures, baseMs: 200, maxMs: 10_000, random });
      expect(Number.isInteger(ms) && ms >= 100 && ms <= 10_000).toBe(true);
    }),
  );
});

test('a limited map keeps the order and never has more at work than it may', async () => {
  let [working, most] = [0, 0];
  const results = await mapLimited([5, 1, 4, 2, 3], 2, async (turns, index) => {
    working += 1;
    most = Math.max(most, working);
    for (let turn = 0; turn < turns; turn += 1) await Promise.resolve();
    working -= 1;
    return [turns, index];
  });
  expect(results).toEqual([
    [5, 0],
    [1, 1],
    [4, 2],
    [2, 3],
    [3, 4],
  ]);
  expect(most).toBe(2);
});

test('a limited map ends what was begun before it fails with the first failure', async () => {
  const ended: number[] = [];
  const mapping = mapLimited([0, 1, 2, 3], 4, async (item) => {
    if (item === 1 || item === 2) throw new Error(`no ${item}`);
    for (let turn = 0; turn < 20; turn += 1) await Promise.resolve();
    ended.push(item);
  });
  await expect(mapping).rejects.toThrow('no 1');
  expect(ended).toEqual([0, 3]);
  expect(await mapLimited([], 3, async () => 1)).toEqual([]);
});

test('the log gets no query of an address and no inlined file', () => {
  const text = toLogText(
    new Error('GET https://cdn.test/a.mp4?signature=secret failed for data:image/png;base64,AAAA and "x"'),
  );
  expect(text).toBe('GET https://cdn.test/a.mp4?… failed for data:… and "x"');
  expect(toLogText(`data:${'a'.repeat(1_000_000)}`).length).toBeLessThan(400);
  expect(toLogText('a'.repeat(1_000))).toHaveLength(300);
});
