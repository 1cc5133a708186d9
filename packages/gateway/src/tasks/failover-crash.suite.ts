import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { Failover } from '../contract/routing.ts';
import { type StandInServer, startStandIn } from '../providers/testing/stand-in-server.ts';
import type { CrashOrder, CrashReport } from './testing/crash-child.ts';

const CHILD = join(import.meta.dirname, 'testing/crash-child.ts');
const PRICE = 8_400_000;
const HEDGE: Failover = { after: 'failure-or-delay', afterSeconds: 2, maxSpendMicros: 2 * PRICE };
const RETRY: Failover = { after: 'failure', maxSpendMicros: 2 * PRICE };

async function run(order: CrashOrder) {
  const child = spawn(process.execPath, [CHILD, JSON.stringify(order)], { stdio: ['ignore', 'pipe', 'pipe'] });
  const [stdout, stderr, [, signal]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'exit')]);
  return { stdout, stderr, signal };
}

const working = { status: 'working' };
const done = { status: 'done', outputs: [{ text: 'made' }] };

type Options = { readonly databaseUrl?: () => Promise<string> };

async function openUpstreams(options: Options, failover: Failover, p: { canFind: boolean }) {
  const dataDir = await mkdtemp(join(tmpdir(), 'reelay-failover-'));
  const [one, two] = [await startStandIn(), await startStandIn()];
  onTestFinished(async () => {
    await Promise.all([one.close(), two.close()]);
    await rm(dataDir, { recursive: true });
  });
  const databaseUrl = await options.databaseUrl?.();
  const order: Omit<CrashOrder, 'submits'> = {
    dataDir,
    ...(databaseUrl === undefined ? {} : { databaseUrl }),
    upstreamUrl: one.url,
    other: { url: two.url, failover },
    isRepeatable: false,
    canFind: p.canFind,
    canCancel: true,
    isInSteps: false,
  };
  return { one, two, order };
}

/** Kills a process at each of these steps, then lets a last one end the task. */
async function crashAt(order: Omit<CrashOrder, 'submits'>, steps: readonly string[]): Promise<CrashReport[number]> {
  for (const [round, dieAt] of steps.entries()) {
    const { signal, stderr } = await run({ ...order, submits: round === 0 ? 1 : 0, dieAt });
    expect({ dieAt, signal, stderr }).toEqual({ dieAt, signal: 'SIGKILL', stderr: '' });
  }
  const { stdout, stderr } = await run({ ...order, submits: 0 });
  expect(stderr).toBe('');
  const [task, ...others] = JSON.parse(stdout) as CrashReport;
  expect(others).toEqual([]);
  if (task === undefined) throw new Error('the task is lost');
  return task;
}

const expectOneEach = (...upstreams: readonly StandInServer[]) =>
  expect(upstreams.map(({ jobs }) => jobs.length)).toEqual(upstreams.map(() => 1));

/** The process dies at every step of a failover: no handle is lost, no job is begun twice, and the account pays once. */
export function describeFailoverCrashes(name: string, options: Options = {}): void {
  describe(`${name}: a second job, killed`, () => {
    test.each([
      'before beside',
      'after beside',
      'before submit beside',
      'after submit beside',
      'before beside accepted',
      'after beside accepted',
      'before poll beside',
      'after poll beside',
      'before promote',
      'after promote',
      'before collect',
      'before cancel beside',
      'after cancel beside',
      'after outputs',
      'before succeed',
      'after succeed',
    ])('%s: the second is first, and both are accounted for', async (step) => {
      const { one, two, order } = await openUpstreams(options, HEDGE, { canFind: true });
      one.answer = () => working;
      two.answer = (_job, polls) => (polls < 3 ? working : done);
      const task = await crashAt(order, [step]);
      expect(task).toMatchObject({ status: 'succeeded', outputs: 1, chargeMicros: PRICE });
      expect(task.costs.every((cost) => cost !== null)).toBe(true);
      expectOneEach(one, two);
      // What never reached the other upstream is begun there again.
      expect(task.attempts.filter((outcome) => outcome !== 'not_accepted')).toEqual(['canceled', 'succeeded']);
      expect(one.jobs[0]?.isCanceled).toBe(true);
    });

    test.each(['before retry', 'after retry'])('%s: a failed job is followed by one, once', async (step) => {
      const { one, two, order } = await openUpstreams(options, RETRY, { canFind: false });
      one.answer = () => ({ status: 'failed', message: 'no' });
      const task = await crashAt(order, [step]);
      expect(task).toMatchObject({ status: 'succeeded', outputs: 1, chargeMicros: PRICE });
      expect(task.attempts).toEqual(['failed', 'succeeded']);
      expectOneEach(one, two);
    });

    test('where the other upstream cannot look up: it is not asked again, and counts as paid', async () => {
      const { one, two, order } = await openUpstreams(options, HEDGE, { canFind: false });
      one.answer = (_job, polls) => (polls < 12 ? working : done);
      const task = await crashAt(order, ['after submit beside']);
      expect(task).toMatchObject({ status: 'succeeded', outputs: 1, chargeMicros: PRICE, costs: [PRICE, PRICE] });
      expect(task.attempts).toEqual(['succeeded', 'outcome_unknown']);
      expectOneEach(one, two);
    });
  });
}
