import { afterEach, describe, expect, test } from 'vitest';
import type { Failover } from '../contract/routing.ts';
import { UpstreamError } from '../providers/fault.ts';
import type { Progress, Provider } from '../providers/provider.ts';
import { OWNER, TEXT_BODY, TEXT_ENDPOINT } from './testing/house.ts';
import { type Scene, setScene } from './testing/scene.ts';

let scene: Scene;
afterEach(() => scene.close());

const PRICE = 8_400_000;
const CONSENT: Failover = { after: 'failure', maxSpendMicros: 2 * PRICE };
const made: Progress = { state: 'succeeded', outputs: [{ kind: 'text', text: 'made' }] };
const failed: Progress = { state: 'failed', code: 'generation_failed', message: 'the GPU melted' };

type Upstream = { readonly provider: Provider; readonly jobs: string[] };

/** Does what it is told: its answers to submits (an error, or nothing: it takes the job), and to polls. */
function createUpstream(name: string, p: { submits?: (Error | undefined)[]; poll?: () => Progress } = {}): Upstream {
  const jobs: string[] = [];
  const provider: Provider = {
    name,
    submitIsRepeatable: false,
    async submit({ taskId }) {
      const error = p.submits?.shift();
      if (error !== undefined) throw error;
      jobs.push(taskId);
      return { handle: `${name}-${jobs.length}` };
    },
    poll: async () => (p.poll ?? (() => made))(),
  };
  return { provider, jobs };
}

const open = async (...upstreams: readonly Upstream[]) => {
  scene = await setScene({ providers: upstreams.map(({ provider }) => provider) });
};

async function run(failover?: Failover) {
  const routing = failover === undefined ? {} : { routing: { failover } };
  const task = { endpoint: TEXT_ENDPOINT, body: TEXT_BODY, options: routing };
  const { id } = await scene.house.tasks.submit({ caller: OWNER, ...task });
  await scene.runToEnd(id);
  return scene.house.view(id);
}
const attemptsOf = async (taskId: string) =>
  scene.house.db.read<Record<string, unknown>>({
    sql: `select number, channel, outcome, error_code, vendor_micros, vendor_currency, vendor_is_estimate
          from attempts where task_id = '${taskId}' order by number`,
    parameters: [],
  });

describe('what was not accepted', () => {
  test.each([
    ['busy', new UpstreamError('busy', 'overloaded'), 'provider_unavailable'],
    ['rate', new UpstreamError('auth', 'the key is wrong'), 'provider_unavailable'],
  ])('goes to the next channel at once, without any consent: %s', async (_fault, error, code) => {
    const [one, two] = [createUpstream('one', { submits: [error] }), createUpstream('two')];
    await open(one, two);
    const task = await run();
    expect(task).toMatchObject({ status: 'succeeded', channel: 'two' });
    expect(await attemptsOf(task.id)).toMatchObject([
      { channel: 'one', outcome: 'not_accepted', error_code: code, vendor_micros: 0, vendor_is_estimate: 0 },
      { channel: 'two', outcome: 'succeeded' },
    ]);
    expect((task.endedAtMs ?? 0) - task.createdAtMs).toBeLessThan(1_000);
    expect([one.jobs.length, two.jobs.length]).toEqual([0, 1]);
  });

  test('is tried on every channel, and again after a wait that grows by channel', async () => {
    const busy = () => Array.from({ length: 2 }, () => new UpstreamError('busy', 'overloaded'));
    await open(createUpstream('one', { submits: busy() }), createUpstream('two', { submits: busy() }));
    const task = await run();
    expect(task.status).toBe('succeeded');
    const attempts = await scene.house.tasks.listAttempts({ caller: OWNER, taskId: task.id });
    expect(attempts.map(({ channel }) => channel)).toEqual(['one', 'two', 'one', 'two', 'one']);
    const starts = attempts.map(({ startedAtMs }) => startedAtMs - task.createdAtMs);
    // Half of each wait is random, and 0.5 is the random number here.
    expect(starts.map((ms) => Math.round(ms / 10) * 10)).toEqual([0, 0, 750, 750, 2_250]);
  });
});

describe('a job that fails after an upstream took it', () => {
  test('ends its task where nobody agreed to a second one', async () => {
    const [one, two] = [createUpstream('one', { poll: () => failed }), createUpstream('two')];
    await open(one, two);
    expect(await run()).toMatchObject({ status: 'failed', error: { message: 'the GPU melted' }, chargeMicros: 0 });
    expect([one.jobs.length, two.jobs.length]).toEqual([1, 0]);
  });

  test('is followed by one on a channel that was not tried, and the account pays once', async () => {
    const cost = { micros: 300_000, currency: 'USD' };
    const one = createUpstream('one', { poll: () => ({ ...failed, cost }) as Progress });
    const two = createUpstream('two', {
      poll: () => ({ ...made, cost: { micros: 500_000, currency: 'USD' } }) as Progress,
    });
    await open(one, two);
    const task = await run(CONSENT);
    expect(task).toMatchObject({ priceMicros: PRICE, status: 'succeeded', channel: 'two', chargeMicros: PRICE });
    expect(task.vendorCost).toMatchObject({ micros: 800_000, currency: 'USD', isEstimate: false });
    expect(await attemptsOf(task.id)).toMatchObject([
      { channel: 'one', outcome: 'failed', vendor_micros: 300_000, vendor_is_estimate: 0 },
      { channel: 'two', outcome: 'succeeded', vendor_micros: 500_000, vendor_is_estimate: 0 },
    ]);
    expect([one.jobs.length, two.jobs.length]).toEqual([1, 1]);
  });

  test('is not followed where the next would cost more than was agreed to', async () => {
    // 0.2 dollars are 1.44 yuan.
    const cost = { micros: 200_000, currency: 'USD' };
    const upstreams = [createUpstream('one', { poll: () => ({ ...failed, cost }) as Progress }), createUpstream('two')];
    await open(...upstreams);
    const task = await run({ after: 'failure', maxSpendMicros: PRICE + 1_439_999 });
    expect(task).toMatchObject({ status: 'failed', error: { code: 'generation_failed', message: 'the GPU melted' } });
    expect(upstreams.map(({ jobs }) => jobs.length)).toEqual([1, 0]);
  });

  test('is not followed by the same channel, and the task ends with what was said last', async () => {
    const last: Progress = { ...failed, message: 'the other one, too' };
    const upstreams = [createUpstream('one', { poll: () => failed }), createUpstream('two', { poll: () => last })];
    await open(...upstreams);
    const task = await run({ after: 'failure', maxSpendMicros: 100 * PRICE });
    expect(task).toMatchObject({ status: 'failed', error: { message: 'the other one, too' }, chargeMicros: 0 });
    expect(upstreams.map(({ jobs }) => jobs.length)).toEqual([1, 1]);
  });

  test.each(['content_refused', 'invalid_input', 'media_unusable', 'real_person_refused'] as const)(
    'is not followed where what was asked for is the reason: %s',
    async (code) => {
      const poll = (): Progress => ({ state: 'failed', code, message: 'no' });
      const upstreams = [createUpstream('one', { poll }), createUpstream('two')];
      await open(...upstreams);
      expect(await run(CONSENT)).toMatchObject({ status: 'failed', error: { code } });
      expect(upstreams.map(({ jobs }) => jobs.length)).toEqual([1, 0]);
    },
  );
});

test('what the owner of the gateway agrees to counts where the caller says nothing, as a multiple of the price', async () => {
  for (const [maxSpendFactor, failover, jobs] of [
    [2, undefined, [1, 1]],
    [0.9, undefined, [1, 0]],
    [2, { after: 'failure', maxSpendMicros: 0 }, [1, 0]],
  ] as const) {
    const upstreams = [createUpstream('one', { poll: () => failed }), createUpstream('two')];
    scene = await setScene({
      providers: upstreams.map(({ provider }) => provider),
      failover: { after: 'failure', maxSpendFactor },
    });
    await run(failover);
    expect(upstreams.map((one) => one.jobs.length)).toEqual(jobs);
    await scene.close();
  }
  await open();
});

describe('how late an end is noticed', () => {
  const lateMsOf = async (taskId: string) =>
    scene.house.db.read<{ late_ms: number; ended_at_ms: number; accepted_at_ms: number }>({
      sql: `select late_ms, ended_at_ms, accepted_at_ms from attempts where task_id = '${taskId}'`,
      parameters: [],
    });
  const after = (ms: number, more: object) => {
    let fromMs: number | undefined;
    return (): Progress => {
      fromMs ??= scene.clock.nowMs();
      return scene.clock.nowMs() < fromMs + ms ? { state: 'pending' } : { ...made, ...more };
    };
  };

  test('is the time since it was last known to go on, where the upstream does not say', async () => {
    await open(createUpstream('one', { poll: after(60_000, {}) }));
    const [row] = await lateMsOf((await run()).id);
    // A tenth of the time already spent, for an endpoint that is not known yet.
    expect(row?.late_ms).toBeGreaterThan(4_000);
    expect(row?.late_ms).toBeLessThan(8_000);
  });

  test.each([
    ['what the upstream says', -250, 250],
    ['never negative, whatever the clock of the upstream says', 3_600_000, 0],
  ])('is %s', async (_name, offsetMs, lateMs) => {
    const poll = after(60_000, {});
    await open(
      createUpstream('one', {
        poll: () => {
          const progress = poll();
          return progress.state === 'pending' ? progress : { ...progress, endedAtMs: scene.clock.nowMs() + offsetMs };
        },
      }),
    );
    expect((await lateMsOf((await run()).id))[0]?.late_ms).toBe(lateMs);
  });
});

describe('a job of which nobody knows whether the upstream has it', () => {
  const lost = () => createUpstream('one', { submits: [new UpstreamError('unknown', 'the line broke')] });

  test('is never begun elsewhere without consent', async () => {
    const [one, two] = [lost(), createUpstream('two')];
    await open(one, two);
    expect(await run()).toMatchObject({ status: 'failed', error: { code: 'outcome_unknown' } });
    expect(two.jobs).toEqual([]);
  });

  test('counts as paid for: with consent another is begun where both fit, and the estimate is shown', async () => {
    const [one, two] = [lost(), createUpstream('two')];
    await open(one, two);
    const task = await run(CONSENT);
    expect(task).toMatchObject({ priceMicros: PRICE, status: 'succeeded', channel: 'two', chargeMicros: PRICE });
    expect(await attemptsOf(task.id)).toMatchObject([
      { channel: 'one', outcome: 'outcome_unknown', vendor_micros: PRICE, vendor_is_estimate: 1 },
      { channel: 'two', outcome: 'succeeded', vendor_micros: PRICE, vendor_is_estimate: 1 },
    ]);
  });

  test('leaves nothing to spend where both do not fit', async () => {
    const [one, two] = [lost(), createUpstream('two')];
    await open(one, two);
    const task = await run({ after: 'failure', maxSpendMicros: 2 * PRICE - 1 });
    expect(task).toMatchObject({ status: 'failed', error: { code: 'outcome_unknown' } });
    expect(two.jobs).toEqual([]);
  });
});
