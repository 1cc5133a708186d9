import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createIds, taskIdTimeMs } from './ids.ts';

const NOW_MS = Date.UTC(2026, 0, 2);

test('task ids have 19 digits, and grow whatever the clock does', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: -5_000, max: 5_000 }), { maxLength: 200 }), (steps) => {
      let nowMs = NOW_MS;
      const ids = createIds({ nowMs: () => nowMs, node: 1_023, randomBytes });
      let last = 0n;
      for (const step of steps) {
        nowMs += step;
        const id = ids.taskId();
        expect(id).toMatch(/^[1-9]\d{18}$/);
        expect(BigInt(id)).toBeGreaterThan(last);
        last = BigInt(id);
      }
    }),
  );
});

test('more ids than a millisecond has room for go on in the next', () => {
  const ids = createIds({ nowMs: () => NOW_MS, node: 0, randomBytes });
  const all = Array.from({ length: 10_000 }, () => BigInt(ids.taskId()));
  expect(all.every((id, index) => index === 0 || id > (all[index - 1] ?? 0n))).toBe(true);
});

test('two nodes never make the same id', () => {
  const [one, other] = [3, 4].map((node) => createIds({ nowMs: () => NOW_MS, node, randomBytes }));
  const made = Array.from({ length: 5_000 }, () => [one?.taskId(), other?.taskId()]).flat();
  expect(new Set(made).size).toBe(10_000);
});

test('ids keep 19 digits through this century', () => {
  for (const atMs of [Date.UTC(2026, 0), Date.UTC(2050, 0), Date.UTC(2083, 0)]) {
    expect(createIds({ nowMs: () => atMs, node: 1_023, randomBytes }).taskId()).toMatch(/^\d{19}$/);
  }
});

test('client and asset ids have their documented forms', () => {
  const ids = createIds({ nowMs: () => NOW_MS, node: 0, randomBytes });
  expect(ids.clientId()).toMatch(/^[0-9a-f]{32}$/);
  expect(ids.assetId()).toMatch(/^asset_[0-9a-f]{24}$/);
});

test('a task id tells when it was made', () => {
  expect(taskIdTimeMs(createIds({ nowMs: () => NOW_MS, node: 7, randomBytes }).taskId())).toBe(NOW_MS);
});
