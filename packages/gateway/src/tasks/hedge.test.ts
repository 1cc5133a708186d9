import fc from 'fast-check';
import { afterEach, describe, expect, test } from 'vitest';
import type { Failover } from '../contract/routing.ts';
import { UpstreamError } from '../providers/fault.ts';
import type { Progress, Provider } from '../providers/provider.ts';
import { DEADLINE_MS, OWNER, TEXT_BODY, TEXT_ENDPOINT } from './testing/house.ts';
import { type Scene, setScene } from './testing/scene.ts';

let scene: Scene;
afterEach(() => scene.close());

const PRICE = 8_400_000;
const CONSENT: Failover = { after: 'failure-or-delay', afterSeconds: 60, maxSpendMicros: 2 * PRICE };

type Script = {
  /** How long the job takes; absent: for ever. */
  readonly takesMs?: number;
  readonly fails?: boolean;
  readonly submit?: 'takes' | 'busy' | 'lost' | 'found';
  readonly canCancel?: boolean;
  readonly costMicros?: number;
};
type Upstream = { readonly provider: Provider; readonly jobs: string[]; readonly canceled: unknown[] };

function createUpstream(name: string, script: Script): Upstream {
  const jobs: string[] = [];
  const canceled: unknown[] = [];
  const { takesMs = Number.POSITIVE_INFINITY, fails = false, submit = 'takes', canCancel = true } = script;
  const cost = script.costMicros === undefined ? {} : { cost: { micros: script.costMicros, currency: 'CNY' } };
  const provider: Provider = {
    name,
    submitIsRepeatable: false,
    async submit({ taskId }) {
      if (submit === 'busy') throw new UpstreamError('busy', 'overloaded');
      jobs.push(taskId);
      if (submit !== 'takes') throw new UpstreamError('unknown', 'the line broke');
      return { handle: { doneAtMs: scene.clock.nowMs() + takesMs } };
    },
    async poll(handle): Promise<Progress> {
      if (scene.clock.nowMs() < ((handle as { doneAtMs: number | null }).doneAtMs ?? Number.POSITIVE_INFINITY)) {
        return { state: 'pending' };
      }
      if (fails) return { state: 'failed', code: 'generation_failed', message: `${name} could not`, ...cost };
      return { state: 'succeeded', outputs: [{ kind: 'text', text: `by ${name}` }], ...cost };
    },
    ...(submit === 'found' && { find: async () => ({ handle: { doneAtMs: scene.clock.nowMs() + takesMs } }) }),
    ...(canCancel && { cancel: async (handle: unknown) => void canceled.push(handle) }),
  };
  return { provider, jobs, canceled };
}

async function open(one: Script, two: Script) {
  const upstreams = [createUpstream('one', one), createUpstream('two', two)] as const;
  scene = await setScene({ providers: upstreams.map(({ provider }) => provider) });
  return upstreams;
}
const submit = async (failover: Failover = CONSENT) => {
  const task = { endpoint: TEXT_ENDPOINT, body: TEXT_BODY, options: { routing: { failover } } };
  return (await scene.house.tasks.submit({ caller: OWNER, ...task })).id;
};
async function run(failover: Failover = CONSENT) {
  const id = await submit(failover);
  await scene.runToEnd(id);
  return scene.house.view(id);
}
type Row = { channel: string; outcome: string | null; vendor_micros: number; vendor_is_estimate: number };
const attemptsOf = (taskId: string) =>
  scene.house.db.read<Row>({
    sql: `select channel, outcome, vendor_micros, vendor_is_estimate from attempts where task_id = '${taskId}' order by number`,
    parameters: [],
  });
const movesOf = async (taskId: string) =>
  (
    await scene.house.db.read<{ kind: string }>({
      sql: `select kind from transfers where task_id = '${taskId}' order by id`,
      parameters: [],
    })
  ).map(({ kind }) => kind);
const sizes = (upstreams: readonly Upstream[]) => upstreams.map(({ jobs }) => jobs.length);

describe('a job that takes longer than its caller wants to wait', () => {
  test('goes on beside a second one; the second is first, and the first is canceled and accounted for', async () => {
    const upstreams = await open({ takesMs: 300_000 }, { takesMs: 30_000, costMicros: 5_000_000 });
    const task = await run();
    expect(task).toMatchObject({ status: 'succeeded', channel: 'two', chargeMicros: PRICE });
    expect(task.outputs).toMatchObject([{ text: 'by two' }]);
    expect((task.endedAtMs ?? 0) - task.createdAtMs).toBeLessThan(100_000);
    expect(await attemptsOf(task.id)).toMatchObject([
      { channel: 'one', outcome: 'canceled', vendor_micros: PRICE, vendor_is_estimate: 1 },
      { channel: 'two', outcome: 'succeeded', vendor_micros: 5_000_000, vendor_is_estimate: 0 },
    ]);
    expect(task.vendorCost).toEqual({ micros: PRICE + 5_000_000, currency: 'CNY', isEstimate: true });
    expect(upstreams.map(({ canceled }) => canceled.length)).toEqual([1, 0]);
    expect(await movesOf(task.id)).toEqual(['charge', 'hold']);
  });

  test('may be first all the same', async () => {
    const upstreams = await open({ takesMs: 100_000 }, { takesMs: 300_000 });
    const task = await run();
    expect(task).toMatchObject({ status: 'succeeded', channel: 'one' });
    expect(task.outputs).toMatchObject([{ text: 'by one' }]);
    expect((await attemptsOf(task.id)).map(({ outcome }) => outcome)).toEqual(['succeeded', 'canceled']);
    expect(upstreams.map(({ canceled }) => canceled.length)).toEqual([0, 1]);
  });

  test('is not begun elsewhere before that, nor without consent, nor where both cost too much', async () => {
    for (const [takesMs, failover] of [
      [59_000, CONSENT],
      [100_000, { after: 'failure', maxSpendMicros: 10 * PRICE }],
      [100_000, { ...CONSENT, maxSpendMicros: 2 * PRICE - 1 }],
    ] as const) {
      const upstreams = await open({ takesMs }, { takesMs: 1_000 });
      expect(await run(failover)).toMatchObject({ status: 'succeeded', channel: 'one' });
      expect(sizes(upstreams)).toEqual([1, 0]);
      await scene.close();
    }
    await open({}, {});
  });

  test('fails while the second runs: the second takes the task over', async () => {
    const upstreams = await open({ takesMs: 90_000, fails: true, costMicros: 7 }, { takesMs: 100_000 });
    const task = await run();
    expect(task).toMatchObject({ status: 'succeeded', channel: 'two', chargeMicros: PRICE });
    expect(await attemptsOf(task.id)).toMatchObject([
      { outcome: 'failed', vendor_micros: 7, vendor_is_estimate: 0 },
      { outcome: 'succeeded' },
    ]);
    expect(sizes(upstreams)).toEqual([1, 1]);
  });

  test('goes on when the second fails, and no third is begun', async () => {
    const upstreams = await open({ takesMs: 300_000 }, { takesMs: 10_000, fails: true });
    const task = await run({ ...CONSENT, maxSpendMicros: 100 * PRICE });
    expect(task).toMatchObject({ status: 'succeeded', channel: 'one' });
    expect((await attemptsOf(task.id)).map(({ outcome }) => outcome)).toEqual(['succeeded', 'failed']);
    expect(sizes(upstreams)).toEqual([1, 1]);
  });

  test('a second job of which nobody knows counts as paid, and one that is found takes part', async () => {
    await open({ takesMs: 300_000 }, { submit: 'lost' });
    const task = await run();
    expect(task).toMatchObject({ status: 'succeeded', channel: 'one' });
    expect(await attemptsOf(task.id)).toMatchObject([
      { outcome: 'succeeded' },
      { outcome: 'outcome_unknown', vendor_micros: PRICE, vendor_is_estimate: 1 },
    ]);
    await scene.close();
    await open({ takesMs: 300_000 }, { submit: 'found', takesMs: 20_000 });
    expect(await run()).toMatchObject({ status: 'succeeded', channel: 'two' });
  });

  test('its owner cancels the task: both are told', async () => {
    const upstreams = await open({}, {});
    const id = await submit();
    scene.house.worker.start();
    await scene.clock.runUntil(() => upstreams[1].jobs.length === 1);
    await scene.house.tasks.cancel({ caller: OWNER, taskId: id });
    await scene.runToEnd(id);
    expect(await scene.house.view(id)).toMatchObject({ status: 'canceled', chargeMicros: 0 });
    expect((await attemptsOf(id)).map(({ outcome }) => outcome)).toEqual(['canceled', 'canceled']);
    expect(upstreams.map(({ canceled }) => canceled.length)).toEqual([1, 1]);
  });

  test('the deadline ends both, after a last look', async () => {
    const upstreams = await open({}, {});
    const task = await run();
    expect(task).toMatchObject({ status: 'failed', error: { code: 'timed_out' }, chargeMicros: 0 });
    expect(task.endedAtMs).toBe(task.createdAtMs + DEADLINE_MS);
    expect(upstreams.map(({ canceled }) => canceled.length)).toEqual([1, 1]);
  });

  test('both are found again after a stop, and no third is begun', async () => {
    const upstreams = await open({ takesMs: 300_000 }, { takesMs: 100_000 });
    const id = await submit();
    scene.house.worker.start();
    await scene.clock.runUntil(() => upstreams[1].jobs.length === 1);
    await scene.restart();
    await scene.runToEnd(id);
    expect(await scene.house.view(id)).toMatchObject({ status: 'succeeded', channel: 'two' });
    expect(sizes(upstreams)).toEqual([1, 1]);
    expect(upstreams[0].canceled).toHaveLength(1);
  });
});

const script = fc.record({
  takesMs: fc.constantFrom(20_000, 70_000, 90_000, 130_000, 700_000),
  fails: fc.boolean(),
  submit: fc.constantFrom('takes', 'takes', 'takes', 'busy', 'lost', 'found'),
  canCancel: fc.boolean(),
  costMicros: fc.constantFrom(0, 3_000_000),
});

test('however two upstreams behave: one set of outputs or none, one charge or none, and every attempt has its cost', async () => {
  await fc.assert(
    fc.asyncProperty(script, script, fc.boolean(), async (one, two, isSame) => {
      // Both at once: the second begins after a minute.
      const second = isSame && one.takesMs > 60_000 ? { ...two, takesMs: one.takesMs - 60_000 } : two;
      const upstreams = await open(one as Script, second as Script);
      const task = await run();
      const attempts = await attemptsOf(task.id);
      expect(attempts.every(({ outcome, vendor_micros: micros }) => outcome !== null && micros !== null)).toBe(true);
      const won = attempts.filter(({ outcome }) => outcome === 'succeeded');
      expect(won).toHaveLength(task.status === 'succeeded' ? 1 : 0);
      expect(task.outputs).toHaveLength(won.length);
      if (won.length === 1) expect(task.outputs).toMatchObject([{ text: `by ${won[0]?.channel}` }]);
      expect(await movesOf(task.id)).toEqual(won.length === 1 ? ['charge', 'hold'] : ['hold', 'release']);
      expect(Math.max(...sizes(upstreams))).toBeLessThanOrEqual(1);
      await scene.close();
    }),
    { numRuns: 25 },
  );
  await open({}, {});
});
