import pino from 'pino';
import { expect, test } from 'vitest';
import { watchTasks } from './slow-calls.ts';
import { testCatalog } from './testing/catalog.ts';
import { createTestTasks } from './testing/services.ts';

test.each([
  [999, []],
  [1_000, [{ call: 'get', elapsedMs: 1_000, msg: 'slow call' }]],
])('a call of %i ms leaves the lines %j', async (durationMs, lines) => {
  let clockMs = 0;
  const logged: unknown[] = [];
  const log = pino({ base: null, timestamp: false }, { write: (line: string) => void logged.push(JSON.parse(line)) });
  const tasks = createTestTasks({ catalog: testCatalog, nowMs: () => clockMs });
  const slow = watchTasks(
    {
      ...tasks,
      get: async (p) => {
        clockMs += durationMs;
        return tasks.get(p);
      },
    },
    { log, nowMs: () => clockMs },
  );
  expect(await slow.get({ caller: { accountId: 'a', keyId: 'k', isAdmin: false }, taskId: '1' })).toBeUndefined();
  expect(logged).toEqual(lines.map((line) => ({ level: 40, ...line })));
});
