import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { pngBytes } from '../assets/testing/media.ts';
import { type StandInServer, startStandIn } from '../providers/testing/stand-in-server.ts';
import type { CrashOrder, CrashReport } from './testing/crash-child.ts';

const CHILD = join(import.meta.dirname, 'testing/crash-child.ts');
const TASKS = 2;

let dataDir: string;
let upstream: StandInServer;
beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'reelay-crash-'));
});
afterEach(async () => {
  await upstream.close();
  await rm(dataDir, { recursive: true });
});

/** What the upstream can do when its answer was lost. */
const KINDS = {
  'can look up': { isRepeatable: false, canFind: true, isInSteps: false },
  'takes our id': { isRepeatable: true, canFind: false, isInSteps: false },
  'can do neither': { isRepeatable: false, canFind: false, isInSteps: false },
  'makes jobs in two steps': { isRepeatable: false, canFind: true, isInSteps: true },
};
type Kind = keyof typeof KINDS;

async function startUpstream(kind: Kind): Promise<void> {
  upstream = await startStandIn({ isIdempotent: KINDS[kind].isRepeatable });
  upstream.answer = ({ taskId }, polls) => {
    upstream.files.set(`${taskId}.png`, pngBytes({ widthPx: 20, heightPx: 20, note: taskId }));
    const url = `${upstream.url}/files/${taskId}.png`;
    return polls < 2 ? { status: 'working', fraction: 0.5 } : { status: 'done', outputs: [{ url }, { text: 'made' }] };
  };
}

async function run(kind: Kind, p: { submits: number; dieAt?: string }) {
  const order: CrashOrder = { dataDir, upstreamUrl: upstream.url, canCancel: false, ...KINDS[kind], ...p };
  const child = spawn(process.execPath, [CHILD, JSON.stringify(order)], { stdio: ['ignore', 'pipe', 'pipe'] });
  const [stdout, stderr, [, signal]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'exit')]);
  return { stdout, stderr, signal };
}

/** Kills one process after the other at these steps, then lets a last one end everything. */
async function crashAt(kind: Kind, steps: readonly string[]): Promise<CrashReport> {
  await startUpstream(kind);
  let acknowledged: string[] = [];
  for (const [round, dieAt] of steps.entries()) {
    const { stdout, stderr, signal } = await run(kind, { submits: round === 0 ? TASKS : 0, dieAt });
    expect({ dieAt, signal, stderr }).toEqual({ dieAt, signal: 'SIGKILL', stderr: '' });
    if (round === 0) acknowledged = stdout.trim().split('\n');
  }
  expect(acknowledged).toHaveLength(TASKS);
  const { stdout, stderr } = await run(kind, { submits: 0 });
  expect(stderr).toBe('');
  const report: CrashReport = JSON.parse(stdout);
  expect(report.map(({ id }) => id)).toEqual(acknowledged);
  return report;
}

/** A file for each task, and one for the words that all of them have. */
async function expectWholeFiles(): Promise<void> {
  const entries = await readdir(join(dataDir, 'blobs'), { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map(({ name }) => name);
  expect(files.every((name) => /^[0-9a-f]{64}$/.test(name))).toBe(true);
  expect(files).toHaveLength(TASKS + 1);
}

/** However it ended, the upstream was never given one task twice. */
function expectNoDoubles(): void {
  const ids = upstream.jobs.map(({ taskId }) => taskId);
  expect(new Set(ids).size).toBe(ids.length);
}

const CALLED = ['before submit', 'after submit', 'before accepted'];
const STEPS = [
  'before claim',
  'after claim',
  ...CALLED,
  'after accepted',
  'before poll',
  'after poll',
  'before collect',
  'after collect',
  'before outputs',
  'after outputs',
  'before succeed',
  'after succeed',
];

describe.each([
  ['can look up', STEPS],
  ['takes our id', ['after claim', 'after submit', 'after collect']],
] as const)('an upstream that %s', (kind, steps) => {
  test.each(steps)('killed %s: every task ends with its outputs, once, and was made once', async (step) => {
    const report = await crashAt(kind, [step]);
    expect(report.map(({ status, outputs }) => ({ status, outputs }))).toEqual(
      Array.from({ length: TASKS }, () => ({ status: 'succeeded', outputs: 2 })),
    );
    expectNoDoubles();
    expect(upstream.jobs).toHaveLength(TASKS);
    await expectWholeFiles();
  });
});

describe('an upstream that can do neither', () => {
  test.each(['after claim', ...CALLED])(
    'killed %s: what may be made is not made again, and that is said',
    async (step) => {
      const report = await crashAt('can do neither', [step]);
      expectNoDoubles();
      const unknown = report.filter(({ errorCode }) => errorCode === 'outcome_unknown');
      // The process died with at least one task between our writing it down and knowing its handle.
      expect(unknown.length).toBeGreaterThan(0);
      expect(
        unknown.every(({ status, attempts }) => status === 'failed' && attempts.join() === 'outcome_unknown'),
      ).toBe(true);
      const others = report.filter((task) => !unknown.includes(task));
      expect(others.every(({ status, outputs }) => status === 'succeeded' && outputs === 2)).toBe(true);
    },
  );

  test.each(['before claim', 'after accepted', 'after poll', 'before succeed'])(
    'killed %s: only what was being handed over can be unknown',
    async (step) => {
      const report = await crashAt('can do neither', [step]);
      expectNoDoubles();
      // The other task may have been in the middle of its submit.
      const certain = report.filter(({ errorCode }) => errorCode !== 'outcome_unknown');
      expect(certain.length).toBeGreaterThan(0);
      expect(certain.every(({ status, outputs }) => status === 'succeeded' && outputs === 2)).toBe(true);
    },
  );
});

describe('an upstream that makes jobs in two steps', () => {
  test.each(['before proceed', 'after proceed'])('killed %s: what may be begun is not begun again', async (step) => {
    const report = await crashAt('makes jobs in two steps', [step]);
    expectNoDoubles();
    const unknown = report.filter(({ errorCode }) => errorCode === 'outcome_unknown');
    // The process died with at least one task between our writing down the step and knowing its handle.
    expect(unknown.length).toBeGreaterThan(0);
    expect(unknown.every(({ attempts }) => attempts.join() === 'outcome_unknown')).toBe(true);
    const others = report.filter((task) => !unknown.includes(task));
    expect(others.every(({ status, outputs }) => status === 'succeeded' && outputs === 2)).toBe(true);
  });

  test.each(['after accepted', 'before collect'])('killed %s: both steps are made once', async (step) => {
    const report = await crashAt('makes jobs in two steps', [step]);
    expectNoDoubles();
    // The other task may have been in the middle of beginning its second step.
    const certain = report.filter(({ errorCode }) => errorCode !== 'outcome_unknown');
    expect(certain.length).toBeGreaterThan(0);
    expect(certain.every(({ status, outputs }) => status === 'succeeded' && outputs === 2)).toBe(true);
  });
});

test.each([
  ['can look up', ['after submit', 'before find', 'after find', 'before accepted']],
  ['can look up', ['before submit', 'after find', 'before not_accepted', 'after not_accepted']],
  ['takes our id', ['after submit', 'after submit again', 'after poll']],
  ['can look up', ['after accepted', 'after collect', 'after outputs', 'before succeed']],
] as const)(
  'an upstream that %s, killed again and again (%s): one job for each task, and its outputs once',
  async (kind, steps) => {
    const report = await crashAt(kind, steps);
    expect(report.every(({ status, outputs }) => status === 'succeeded' && outputs === 2)).toBe(true);
    expectNoDoubles();
    expect(upstream.jobs).toHaveLength(TASKS);
    await expectWholeFiles();
  },
);

test('killed where a failure is written: the failure is written once', async () => {
  await startUpstream('can look up');
  upstream.answer = () => ({ status: 'failed', message: 'no' });
  for (const [round, dieAt] of ['before fail', 'after fail'].entries()) {
    expect((await run('can look up', { submits: round === 0 ? 1 : 0, dieAt })).signal).toBe('SIGKILL');
  }
  const report: CrashReport = JSON.parse((await run('can look up', { submits: 0 })).stdout);
  expect(report).toMatchObject([{ status: 'failed', errorCode: 'generation_failed', attempts: ['failed'] }]);
});
