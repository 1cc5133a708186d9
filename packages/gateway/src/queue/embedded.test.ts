import { afterAll, beforeAll, expect, test } from 'vitest';
import { createSqliteDb, type TestDb } from '../store/testing/databases.ts';
import { NOW_MS } from '../store/testing/rows.ts';
import { createEmbeddedQueue } from './embedded.ts';
import { describeQueue } from './queue.contract.ts';

describeQueue('embedded queue on SQLite', { create: createSqliteDb, createQueue: createEmbeddedQueue });

let opened: TestDb;
beforeAll(async () => {
  opened = await createSqliteDb();
});
afterAll(() => opened.drop());

let tests = 0;
const NEVER = new AbortController().signal;
const MAX_WAIT_MS = 60_000;

/** A queue whose timers are recorded instead of waited for; `ring` lets the last one end. */
function createSlowQueue() {
  const queue = `q-${++tests}`;
  const delaysMs: number[] = [];
  let ring = () => {};
  let canceled = 0;
  const asked = Promise.withResolvers<void>();
  const port = createEmbeddedQueue({
    db: opened.db,
    holder: queue,
    after: (ms, callback) => {
      delaysMs.push(ms);
      ring = callback;
      asked.resolve();
      return () => {
        canceled += 1;
      };
    },
  });
  const at = { queue, nowMs: NOW_MS };
  return {
    queue,
    port,
    delaysMs,
    asked: asked.promise,
    ring: () => ring(),
    canceled: () => canceled,
    claim: (nowMs = NOW_MS, limit = 10) => port.claim({ ...at, nowMs, limit, leaseMs: 1_000 }),
    wait: (nowMs = NOW_MS, signal = NEVER) => port.wait({ ...at, nowMs, maxWaitMs: MAX_WAIT_MS, signal }),
    add: (id: string, runAtMs: number) =>
      opened.db.write(port.enqueue({ id: `${queue}-${id}`, queue, groupKey: '', payload: '', runAtMs }, NOW_MS)),
  };
}

test('a wait lasts until the next job is due, never longer than it may', async () => {
  const q = createSlowQueue();
  const idle = q.wait();
  await q.asked;
  q.ring();
  await idle;
  await q.add('1', NOW_MS + 700);
  const next = q.wait();
  await expect.poll(() => q.delaysMs.length).toBe(2);
  q.ring();
  await next;
  expect(q.delaysMs).toEqual([MAX_WAIT_MS, 700]);
  expect(q.canceled()).toBe(2);
  await q.port.close();
});

test('a job that became due between a claim and the wait is not slept over', async () => {
  const q = createSlowQueue();
  await q.add('1', NOW_MS + 1);
  expect(await q.claim()).toEqual([]);
  const waiting = q.wait(NOW_MS + 5);
  await q.asked;
  q.ring();
  await waiting;
  expect(q.delaysMs).toEqual([0]);
  await q.port.close();
});

test('after a claim that was full, what it left is not slept over either; after one that was not, nobody spins', async () => {
  const q = createSlowQueue();
  await q.add('1', NOW_MS);
  await q.add('2', NOW_MS);
  expect(await q.claim(NOW_MS, 1)).toHaveLength(1);
  const full = q.wait();
  await q.asked;
  q.ring();
  await full;
  expect(await q.claim()).toHaveLength(1);
  const short = q.wait();
  await expect.poll(() => q.delaysMs.length).toBe(2);
  q.ring();
  await short;
  // The second is our own lease: were it to lapse, its jobs would be due.
  expect(q.delaysMs).toEqual([0, 1_000]);
  await q.port.close();
});

test('a notification ends the wait of its queue only, is kept when nobody waits, and is spent by a claim', async () => {
  const q = createSlowQueue();
  const waiting = q.wait();
  await q.asked;
  let isOver = false;
  waiting.then(() => {
    isOver = true;
  });
  q.port.notify('another queue');
  await Promise.resolve();
  expect(isOver).toBe(false);
  // Two in one go: the first must not hide the second.
  q.port.notify('another queue');
  q.port.notify(q.queue);
  await waiting;
  await q.wait();
  expect(q.delaysMs).toHaveLength(1);
  await q.claim();
  const again = q.wait();
  await expect.poll(() => q.delaysMs.length).toBe(2);
  q.ring();
  await again;
  await q.port.close();
});

test('a signal and closing end a wait at once', async () => {
  const q = createSlowQueue();
  const controller = new AbortController();
  const aborted = q.wait(NOW_MS, controller.signal);
  await q.asked;
  controller.abort();
  await aborted;
  await q.wait(NOW_MS, AbortSignal.abort());
  const closed = q.wait();
  await expect.poll(() => q.delaysMs.length).toBe(2);
  await q.port.close();
  await closed;
  await q.wait();
  expect(q.delaysMs).toHaveLength(2);
});

test('the only process takes over at once what a dead one held', async () => {
  const dead = createSlowQueue();
  await dead.add('1', NOW_MS);
  const [held] = await dead.claim();
  const reborn = createEmbeddedQueue({ db: opened.db, holder: 'reborn', isAlone: true });
  const claims = { queue: dead.queue, limit: 10, leaseMs: 1_000, nowMs: NOW_MS + 1 };
  const [first, second] = await Promise.all([reborn.claim(claims), reborn.claim(claims)]);
  expect([...(first ?? []), ...(second ?? [])]).toMatchObject([{ id: held?.id, attempts: 2 }]);
  expect(held && (await opened.db.write([dead.port.guard(held.lease)]))).toMatchObject({ committed: false });
  // Its own jobs are not taken from it again.
  expect(await reborn.claim(claims)).toEqual([]);
  await reborn.close();
});
