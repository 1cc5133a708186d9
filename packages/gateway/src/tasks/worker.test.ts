import { afterEach, expect, test } from 'vitest';
import type { Provider } from '../providers/provider.ts';
import { createEmbeddedQueue } from '../queue/embedded.ts';
import type { ClaimedJob } from '../queue/queue.ts';
import { LeaseLost } from '../queue/worker.ts';
import { listAttempts } from '../store/attempts.ts';
import { listOutputs } from '../store/outputs.ts';
import { getTask } from '../store/tasks.ts';
import { LEASE_MS } from './testing/house.ts';
import { type Scene, setScene } from './testing/scene.ts';

let scene: Scene;
afterEach(() => scene.close());

const working = { status: 'working' };
const signals = () => ({ stop: new AbortController().signal, abort: new AbortController().signal });

/** A provider whose calls wait until they are let through. */
function createGate() {
  const waiting: { name: string; open: () => void }[] = [];
  const pass = (name: string) => new Promise<void>((resolve) => waiting.push({ name, open: resolve }));
  const provider: Provider = {
    name: 'gate',
    submitIsRepeatable: false,
    submit: async () => {
      await pass('submit');
      return { handle: 'job' };
    },
    poll: async () => {
      await pass('poll');
      return { state: 'succeeded', outputs: [{ kind: 'text', text: 'made' }] };
    },
  };
  return { provider, waiting };
}

/** Two holders of one store; the second claims what the first let lapse. */
async function loseLease(callName: 'submit' | 'poll') {
  const gate = createGate();
  scene = await setScene({ providers: [gate.provider], isShared: true });
  const { house, clock } = scene;
  const { id } = await house.submit();
  const claim = { queue: 'tasks', limit: 1, leaseMs: LEASE_MS };
  const [first] = await house.queue.claim({ ...claim, nowMs: clock.nowMs() });
  const abandoned = house.drive(first as ClaimedJob, signals());
  const outcome = abandoned.catch((error: unknown) => error);
  if (callName === 'poll') {
    await expect.poll(() => gate.waiting.length).toBe(1);
    gate.waiting.shift()?.open();
    await expect.poll(async () => (await getTask(house.db, id))?.status).toBe('running');
    house.alarms.wake(id);
  }
  await expect.poll(() => gate.waiting.map(({ name }) => name)).toEqual([callName]);
  const other = createEmbeddedQueue({ db: house.db, holder: 'other', after: clock.after });
  const [second] = await other.claim({ ...claim, nowMs: clock.nowMs() + LEASE_MS + 1 });
  return { id, gate, outcome, second: second as ClaimedJob };
}

test('whoever lost the lease while polling changes nothing, though its result is there first', async () => {
  const { id, gate, outcome, second } = await loseLease('poll');
  const { house } = scene;
  gate.waiting.shift()?.open();
  expect(await outcome).toBeInstanceOf(LeaseLost);
  expect((await getTask(house.db, id))?.status).toBe('running');
  expect(await listOutputs(house.db, id)).toEqual([]);
  const driving = house.drive(second, signals());
  await expect.poll(() => gate.waiting.length).toBe(1);
  gate.waiting.shift()?.open();
  await driving;
  expect((await getTask(house.db, id))?.status).toBe('succeeded');
  expect(await listOutputs(house.db, id)).toHaveLength(1);
  expect(await listAttempts(house.db, id)).toMatchObject([{ outcome: 'succeeded' }]);
});

test('whoever lost the lease while submitting cannot say that the job was accepted', async () => {
  const { id, gate, outcome, second } = await loseLease('submit');
  const { house } = scene;
  gate.waiting.shift()?.open();
  expect(await outcome).toBeInstanceOf(LeaseLost);
  expect(await getTask(house.db, id)).toMatchObject({ status: 'submitting', handle: null });
  await house.drive(second, signals());
  expect(await getTask(house.db, id)).toMatchObject({ status: 'failed', error_code: 'outcome_unknown' });
  expect(gate.waiting).toEqual([]);
});

test('a stop gives waiting tasks back, and the next start goes on at once with the same job', async () => {
  scene = await setScene();
  const { upstream, clock } = scene;
  upstream.answer = () => working;
  const { id } = await scene.house.submit();
  scene.house.worker.start();
  await clock.runUntil(() => (upstream.jobs[0]?.polls ?? 0) >= 2);
  await scene.house.worker.stop({ graceMs: 10_000 });
  const jobs = await scene.house.db.read({ sql: 'select holder, run_at_ms from jobs', parameters: [] });
  expect(jobs).toMatchObject([{ holder: null, run_at_ms: clock.nowMs() }]);
  const stoppedAtMs = clock.nowMs();
  await scene.restart();
  upstream.answer = () => ({ status: 'done', outputs: [{ text: 'made' }] });
  await scene.runToEnd(id);
  const task = await scene.house.view(id);
  expect(task.status).toBe('succeeded');
  expect(task.endedAtMs).toBeLessThan(stoppedAtMs + 1_000);
  expect(upstream.jobs).toHaveLength(1);
});

test('a stop lets a submit end and keeps its handle', async () => {
  const gate = createGate();
  scene = await setScene({ providers: [gate.provider], isShared: true });
  const { house } = scene;
  const { id } = await house.submit();
  house.worker.start();
  await expect.poll(() => gate.waiting.length).toBe(1);
  const stopping = house.worker.stop({ graceMs: 10_000 });
  gate.waiting.shift()?.open();
  await stopping;
  expect(await getTask(house.db, id)).toMatchObject({ status: 'running', handle: '"job"' });
  expect(house.worker.stats()).toEqual({ inFlight: 0 });
});

test('a stop does not wait for ever: what hangs is cut off after the grace', async () => {
  const gate = createGate();
  scene = await setScene({ providers: [gate.provider] });
  const { house, clock } = scene;
  const { id } = await house.submit();
  house.worker.start();
  await expect.poll(() => gate.waiting.length).toBe(1);
  let isStopped = false;
  const stopping = house.worker.stop({ graceMs: 10_000 }).then(() => {
    isStopped = true;
  });
  await clock.advance(9_999);
  expect(isStopped).toBe(false);
  await clock.advance(1);
  await stopping;
  expect((await getTask(house.db, id))?.status).toBe('submitting');
});

test('when the heartbeat fails for as long as a lease lasts, nothing is touched any more', async () => {
  scene = await setScene();
  const { upstream, clock, house } = scene;
  upstream.answer = () => working;
  // Takes the heartbeat away from the worker, as a store that is gone would.
  house.queue.heartbeat = () => Promise.reject(new Error('the store is away'));
  const { id } = await house.submit();
  house.worker.start();
  await clock.runUntil(() => (upstream.jobs[0]?.polls ?? 0) >= 2);
  await clock.runUntil(() => house.logged.some(({ message }) => message === 'another holder has the task'));
  expect((await getTask(house.db, id))?.status).toBe('running');
});

test('no more tasks are in flight than may be, and all of them end', async () => {
  const gate = createGate();
  scene = await setScene({ providers: [gate.provider], maxTasksInFlight: 3 });
  const { house } = scene;
  const ids = await Promise.all(Array.from({ length: 10 }, async () => (await house.submit()).id));
  house.worker.start();
  await expect.poll(() => gate.waiting.length).toBe(3);
  expect(house.worker.stats()).toEqual({ inFlight: 3 });
  let most = 0;
  const letThrough = async () => {
    for (let left = 20; left > 0; ) {
      await new Promise(setImmediate);
      most = Math.max(most, house.worker.stats().inFlight);
      const next = gate.waiting.shift();
      if (next === undefined) for (const id of ids) house.alarms.wake(id);
      else left -= 1;
      next?.open();
    }
  };
  await letThrough();
  await scene.runToEnd(...ids);
  expect(most).toBe(3);
});

test('a task that breaks its driver is put off, tried again, and ends at its deadline at the latest', async () => {
  let failures = 0;
  scene = await setScene({
    checkpoint: (name) => {
      if (name !== 'before claim') return;
      failures += 1;
      throw new Error('a fault of ours');
    },
  });
  const { id } = await scene.house.submit();
  await scene.runToEnd(id);
  expect(await scene.house.view(id)).toMatchObject({ status: 'failed' });
  expect(failures).toBeGreaterThan(5);
  expect(failures).toBeLessThan(30);
});
