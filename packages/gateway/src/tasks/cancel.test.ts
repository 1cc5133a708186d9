import { afterEach, describe, expect, test } from 'vitest';
import { OWNER, STRANGER } from './testing/house.ts';
import { type Scene, setScene } from './testing/scene.ts';

let scene: Scene;
afterEach(() => scene.close());

const working = { status: 'working' };
const cancel = (taskId: string, caller = OWNER) => scene.house.tasks.cancel({ caller, taskId });
const attemptsOf = (taskId: string) => scene.house.tasks.listAttempts({ caller: OWNER, taskId });
const placesInQueue = () => scene.house.db.read({ sql: 'select id from jobs', parameters: [] });
const CANCELED = { status: 'canceled', error: { code: 'canceled' }, endedAtMs: expect.any(Number), outputs: [] };

/** A task whose job the upstream has and does not finish. */
async function startOne(): Promise<string> {
  const before = scene.upstream.jobs.length;
  const { id } = await scene.house.submit();
  scene.house.worker.start();
  await scene.clock.runUntil(() => (scene.upstream.jobs[before]?.polls ?? 0) > 0);
  return id;
}

test('a task that waits ends at once, never reaches an upstream, and leaves its place in the queue', async () => {
  scene = await setScene({ canCancel: true });
  const [{ id }, other] = [await scene.house.submit(), await scene.house.submit()];
  expect(await cancel(id)).toBe('canceled');
  expect(await scene.house.view(id)).toMatchObject(CANCELED);
  await scene.runToEnd(id, other.id);
  await scene.clock.runUntil(async () => (await placesInQueue()).length === 0);
  expect(scene.upstream.jobs.map(({ taskId }) => taskId)).toEqual([other.id]);
  expect((await scene.house.view(other.id)).status).toBe('succeeded');
  expect(await attemptsOf(id)).toEqual([]);
});

test('a task that runs ends once its upstream has been told, and no other task does', async () => {
  scene = await setScene({ canCancel: true });
  scene.upstream.answer = () => working;
  const [id, other] = [await startOne(), await startOne()];
  expect(await cancel(id)).toBe('asked');
  expect(await cancel(id)).toBe('asked');
  await scene.runToEnd(id);
  expect(await scene.house.view(id)).toMatchObject(CANCELED);
  expect(await attemptsOf(id)).toMatchObject([{ outcome: 'canceled', error: null }]);
  expect(scene.upstream.jobs).toMatchObject([{ isCanceled: true }, { isCanceled: false }]);
  expect((await scene.house.view(other)).status).toBe('running');
});

test.each([
  ['takes no cancel', { canCancel: false }],
  ['does not answer it', { canCancel: true }],
])('a task ends also where its upstream %s', async (_name, options) => {
  scene = await setScene(options);
  scene.upstream.answer = () => working;
  scene.upstream.refusesCancel = true;
  const id = await startOne();
  await cancel(id);
  await scene.runToEnd(id);
  expect(await scene.house.view(id)).toMatchObject(CANCELED);
});

test('who asked is remembered over a stop: the next start tells the upstream', async () => {
  scene = await setScene({ canCancel: true });
  scene.upstream.answer = () => working;
  const id = await startOne();
  await scene.restart();
  expect(await cancel(id)).toBe('asked');
  await scene.restart();
  await scene.runToEnd(id);
  expect(await scene.house.view(id)).toMatchObject(CANCELED);
  expect(scene.upstream.jobs).toMatchObject([{ isCanceled: true }]);
});

test('a task that is being handed over is canceled as soon as its upstream has it', async () => {
  scene = await setScene({ canCancel: true, canFind: true });
  scene.upstream.manners.push('silent');
  scene.upstream.answer = () => working;
  const { id } = await scene.house.submit();
  scene.house.worker.start();
  await expect.poll(() => scene.upstream.jobs.length).toBe(1);
  expect((await scene.house.view(id)).status).toBe('submitting');
  expect(await cancel(id)).toBe('asked');
  // A silent upstream keeps the call open: only time ends it.
  await scene.clock.advance(120_000);
  await scene.runToEnd(id);
  expect(await scene.house.view(id)).toMatchObject(CANCELED);
  expect(scene.upstream.jobs).toMatchObject([{ isCanceled: true }]);
});

test('a task that its upstream did not accept is not handed over again', async () => {
  scene = await setScene({ canCancel: true });
  const { upstream, house } = scene;
  upstream.manners.push('unavailable', 'unavailable');
  const { id } = await house.submit();
  house.worker.start();
  await scene.clock.runUntil(async () => (await attemptsOf(id)).length === 1);
  await cancel(id);
  await scene.runToEnd(id);
  expect(await house.view(id)).toMatchObject(CANCELED);
  expect(upstream.jobs).toEqual([]);
});

describe('what can be canceled no more', () => {
  test('a result that is being fetched is kept', async () => {
    scene = await setScene({ canCancel: true });
    const { upstream, house } = scene;
    upstream.answer = () => ({ status: 'done', outputs: [{ url: `${upstream.url}/files/late` }] });
    const { id } = await house.submit();
    house.worker.start();
    await scene.clock.runUntil(async () => (await house.view(id)).status === 'collecting');
    await expect(cancel(id)).rejects.toMatchObject({ code: 'cancel_not_allowed' });
    upstream.answer = () => ({ status: 'done', outputs: [{ text: 'made' }] });
    await scene.runToEnd(id);
    expect((await house.view(id)).status).toBe('succeeded');
  });

  test('what has ended stays as it ended', async () => {
    scene = await setScene();
    const { id } = await scene.house.submit();
    await scene.runToEnd(id);
    await expect(cancel(id)).rejects.toMatchObject({ code: 'cancel_not_allowed' });
    expect((await scene.house.view(id)).status).toBe('succeeded');
  });

  test('a task of another account, and one that is not there, are the same', async () => {
    scene = await setScene();
    const { id } = await scene.house.submit();
    expect([await cancel(id, STRANGER), await cancel('1')]).toEqual([undefined, undefined]);
    expect((await scene.house.view(id)).status).toBe('queued');
  });
});

test('whenever it is asked for, a task ends once, as what it is', async () => {
  scene = await setScene({ canCancel: true });
  const { upstream, house, clock } = scene;
  upstream.answer = (_job, polls) => (polls < 3 ? working : { status: 'done', outputs: [{ text: 'made' }] });
  const tasks = [];
  for (let index = 0; index < 12; index += 1) {
    const { id } = await house.submit();
    tasks.push(id);
    clock.after(index * 300, () => void cancel(id).catch(() => undefined));
  }
  await scene.runToEnd(...tasks);
  const ends = await Promise.all(
    tasks.map(async (id) => {
      const { status, outputs } = await house.view(id);
      const last = (await attemptsOf(id)).at(-1)?.outcome;
      return { status, last: last ?? status, outputs: outputs.length };
    }),
  );
  for (const { status, last, outputs } of ends) {
    expect(['canceled', 'succeeded']).toContain(status);
    expect([last, outputs]).toEqual([status, status === 'succeeded' ? 1 : 0]);
  }
  expect(new Set(ends.map(({ status }) => status)).size).toBe(2);
});
