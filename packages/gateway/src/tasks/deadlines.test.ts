import { afterEach, expect, test } from 'vitest';
import type { TaskOptions } from '../contract/task.ts';
import { createBell } from '../lib/bell.ts';
import { BEFORE_ALL_EVENTS, listEvents } from '../store/events.ts';
import { endOverdue } from './deadlines.ts';
import { DEADLINE_MS, OWNER, TEXT_BODY, TEXT_ENDPOINT } from './testing/house.ts';
import { type Scene, setScene } from './testing/scene.ts';

let scene: Scene;
afterEach(() => scene.close());

const SIGNAL = new AbortController().signal;
const submit = (options: TaskOptions = {}) =>
  scene.house.tasks.submit({ caller: OWNER, endpoint: TEXT_ENDPOINT, body: TEXT_BODY, options });
const sweep = () => {
  const { db } = scene.house;
  const log = { debug() {}, info() {}, warn() {}, error() {} };
  return endOverdue({ db, bell: createBell(), clock: scene.clock, log }, SIGNAL);
};
async function held(): Promise<number> {
  const sql = `select held_micros as held from accounts where id = '${OWNER.accountId}'`;
  return (await scene.house.db.read<{ held: number }>({ sql, parameters: [] }))[0]?.held ?? Number.NaN;
}
const pass = (ms: number) => scene.clock.advance(ms);

test('a task that nobody takes ends at its deadline, unpaid, and its events say so', async () => {
  scene = await setScene();
  const soon = await submit({ startWithinMs: 5_000 });
  const sooner = await submit({ startWithinMs: 9_000, endWithinMs: 2_000 });
  const later = await submit();
  await pass(1_999);
  expect(await sweep()).toBe(0);
  await pass(1);
  expect(await sweep()).toBe(1);
  expect((await scene.house.view(sooner.id)).status).toBe('failed');
  await pass(3_000);
  expect(await sweep()).toBe(1);
  expect(await scene.house.view(soon.id)).toMatchObject({
    status: 'failed',
    error: { code: 'timed_out' },
    chargeMicros: 0,
    startedAtMs: null,
  });
  expect(await held()).toBe(later.priceMicros);
  const events = await listEvents(scene.house.db, { after: BEFORE_ALL_EVENTS, limit: 10, taskId: soon.id });
  expect(events.map(({ type }) => type)).toEqual(['task.queued', 'task.failed']);
  await pass(DEADLINE_MS - 5_000);
  expect(await sweep()).toBe(1);
  expect(await held()).toBe(0);
});

test('many go in bites, and two processes end each of them once', async () => {
  scene = await setScene();
  await Promise.all(Array.from({ length: 250 }, () => submit({ startWithinMs: 1_000 })));
  await pass(1_000);
  const [one, other] = await Promise.all([sweep(), sweep()]);
  expect(one + other).toBe(250);
  expect(await held()).toBe(0);
});

test('a worker starts nothing that has waited too long, and whoever was started in time goes on', async () => {
  scene = await setScene();
  const late = await submit({ startWithinMs: 1_000 });
  await pass(1_000);
  await scene.runToEnd(late.id);
  expect(await scene.house.view(late.id)).toMatchObject({ status: 'failed', error: { code: 'timed_out' } });
  expect(scene.upstream.jobs).toEqual([]);
  const early = await submit({ startWithinMs: 60_000 });
  await scene.runToEnd(early.id);
  expect((await scene.house.view(early.id)).status).toBe('succeeded');
});
