import type { Endpoint } from '@reelay/catalog';
import type { Intake } from '../assets/intake.ts';
import type { Channels } from '../channels/channels.ts';
import type { AssetService } from '../contract/asset.ts';
import type { ErrorCode } from '../contract/errors.ts';
import type { Log } from '../contract/log.ts';
import { backoffMs } from '../lib/backoff.ts';
import { type Clock, sleep, withTimeout } from '../lib/clock.ts';
import type { FetchGuard } from '../lib/fetch-guard.ts';
import type { Lease, Queue } from '../queue/queue.ts';
import { endAttempt } from '../store/attempts.ts';
import { type Db, type Statement, WriteLost } from '../store/db.ts';
import { getTask, moveTask, type TaskRow } from '../store/tasks.ts';
import type { LiveProgress } from './live.ts';
import type { References } from './references.ts';
import { type Event, next } from './state.ts';
import type { Timings } from './timings.ts';
import type { Alarm } from './waiting.ts';

export type DriverLimits = {
  /** How long a provider may take to answer one call. A submit that takes longer has an unknown fate. */
  readonly submitTimeoutMs: number;
  readonly pollTimeoutMs: number;
  /** How long a result that exists is fetched, even when the deadline passes meanwhile. */
  readonly collectGraceMs: number;
  readonly maxOutputBytes: number;
  /** Of one output. */
  readonly fetchTimeoutMs: number;
};

export const DRIVER_LIMITS: DriverLimits = {
  submitTimeoutMs: 120_000,
  pollTimeoutMs: 60_000,
  collectGraceMs: 600_000,
  maxOutputBytes: 4 * 1024 ** 3,
  fetchTimeoutMs: 600_000,
};

export type DriverDeps = {
  readonly db: Db;
  readonly queue: Pick<Queue, 'guard' | 'complete' | 'reschedule' | 'notify'>;
  readonly catalog: { get(id: string): Endpoint | undefined };
  readonly channels: Channels;
  readonly intake: Pick<Intake, 'gather'>;
  readonly references: Pick<References, 'find'>;
  readonly assets: AssetService;
  readonly guard: FetchGuard;
  readonly live: LiveProgress;
  readonly timings: Timings;
  readonly clock: Clock;
  /** 0 to 1. */
  readonly random: () => number;
  readonly log: Log;
  readonly limits: DriverLimits;
  /** Is told each step before and after it is taken, so that a test can kill the process there. */
  readonly checkpoint?: (name: string) => void;
};

/** One holder's work on one task, from a claim to the end of the lease. */
export type Run = {
  readonly deps: DriverDeps;
  readonly lease: Lease;
  readonly alarm: Alarm;
  /** The row as this run last wrote or read it. */
  task: TaskRow;
  /** The latest attempt; 0 before the first. */
  attempt: { readonly number: number; readonly acceptedAtMs: number | null };
  /** Fires when the process stops: ends at the next step from which another start can go on. */
  readonly stop: AbortSignal;
  /** Fires when the lease is lost, or the time to stop is up: ends at once. */
  readonly abort: AbortSignal;
};

/** What a step leaves: a task in another status, or nothing more to do for this run. */
export type StepEnd = 'moved' | 'ended';

/** Somebody else holds the task now, so nothing may be written. */
export class LeaseLost extends Error {
  override readonly name = 'LeaseLost';
}
/** The process stops; the task goes on at the next start. */
export class Stopped extends Error {
  override readonly name = 'Stopped';
}

/** @throws when the run has to end here. Called wherever that is safe. */
export function throwIfOver(run: Run): void {
  run.abort.throwIfAborted();
  if (run.stop.aborted) throw new Stopped();
}

/** Waits, until the time is up or there is news of the task. */
export async function rest(run: Run, ms: number): Promise<void> {
  throwIfOver(run);
  await run.alarm.sleep(ms);
  throwIfOver(run);
}

/** Asks a provider something, with a limit of time. */
export async function call<T>(
  run: Run,
  p: { name: string; ms: number },
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  run.deps.checkpoint?.(`before ${p.name}`);
  const answer = await withTimeout(run.deps.clock, { ms: p.ms, signal: run.abort }, work);
  run.deps.checkpoint?.(`after ${p.name}`);
  return answer;
}

type Changes = NonNullable<Parameters<typeof moveTask>[1]['set']>;

/** Moves the task, and writes what belongs to the move, in one batch.
 *  @throws {LeaseLost} when nothing was written because another holder has the task. */
export async function move(
  run: Run,
  event: Event,
  p: { set?: Changes; with?: readonly Statement[] } = {},
): Promise<void> {
  const { deps, task } = run;
  const to = next(task.status, event);
  if (to === undefined) throw new Error(`a task that is ${task.status} cannot ${event}`);
  deps.checkpoint?.(`before ${event}`);
  await commit(run, [moveTask(deps.db, { id: task.id, from: task.status, to, set: p.set ?? {} }), ...(p.with ?? [])], {
    // After an answer that was lost, the row tells whether the batch happened.
    isDone: async () => (await getTask(deps.db, task.id))?.status === to,
  });
  deps.checkpoint?.(`after ${event}`);
  run.task = { ...task, ...p.set, status: to };
}

const MAX_WRITE_TRIES = 6;

/** Writes as the holder of the lease. A store that is away for a moment is tried again: what stands behind a write may be
 *  a job that was paid for. */
export async function commit(
  run: Run,
  statements: readonly Statement[],
  p: { isDone: () => Promise<boolean> } = { isDone: async () => false },
): Promise<void> {
  const { db, queue, clock, random, log } = run.deps;
  for (let failures = 0; ; ) {
    try {
      const outcome = await db.write([queue.guard(run.lease), ...statements]);
      if (outcome.committed || (failures > 0 && (await p.isDone()))) return;
      throw new LeaseLost(outcome.failed === 0 ? 'the lease is lost' : 'somebody else moved the task');
    } catch (error) {
      if (error instanceof LeaseLost) throw error;
      if (error instanceof WriteLost && (await p.isDone())) return;
      failures += 1;
      if (failures >= MAX_WRITE_TRIES) throw error;
      log.warn({ ...fieldsOf(run), err: error, failures }, 'a write failed and is tried again');
      await sleep(clock, backoffMs({ failures, baseMs: 100, maxMs: 5_000, random: random() }), run.abort);
    }
  }
}

export type Failure = {
  readonly code: ErrorCode;
  readonly message: string;
  readonly outcome?: 'failed' | 'outcome_unknown';
};

/** Ends the task without a result. */
export async function fail(run: Run, { code, message, outcome = 'failed' }: Failure): Promise<'ended'> {
  const { queue, clock, log } = run.deps;
  const nowMs = clock.nowMs();
  const hasAttempt = run.task.status !== 'queued';
  await move(run, 'fail', {
    set: { error_code: code, error_message: message, ended_at_ms: nowMs },
    with: [...(hasAttempt ? [closeAttempt(run, { outcome, nowMs, code, message })] : []), queue.complete(run.lease)],
  });
  log.info({ ...fieldsOf(run), code, elapsedMs: nowMs - run.task.created_at_ms }, 'task failed');
  run.deps.live.forget(run.task.id);
  return 'ended';
}

export const closeAttempt = (
  run: Run,
  p: { outcome: string; nowMs: number; code?: string; message?: string },
): Statement =>
  endAttempt(run.deps.db, {
    task_id: run.task.id,
    number: run.attempt.number,
    ended_at_ms: p.nowMs,
    outcome: p.outcome,
    error_code: p.code ?? null,
    error_message: p.message ?? null,
  });

/** Ends the task because its owner wants it to. */
export async function cancel(run: Run): Promise<'ended'> {
  const { queue, clock, log } = run.deps;
  const nowMs = clock.nowMs();
  const hasAttempt = run.task.status !== 'queued';
  await move(run, 'cancel', {
    set: { ...CANCELED, ended_at_ms: nowMs },
    with: [...(hasAttempt ? [closeAttempt(run, { outcome: 'canceled', nowMs })] : []), queue.complete(run.lease)],
  });
  log.info({ ...fieldsOf(run), elapsedMs: nowMs - run.task.created_at_ms }, 'task canceled');
  run.deps.live.forget(run.task.id);
  return 'ended';
}

/** What the row of a canceled task says. */
export const CANCELED = { error_code: 'canceled', error_message: 'the task was canceled by its owner' } as const;

export const isCancelAsked = ({ task, alarm }: Run): boolean =>
  task.cancel_asked_at_ms !== null || alarm.isCancelAsked();

export const isPastDeadline = (run: Run): boolean => run.deps.clock.nowMs() >= run.task.deadline_at_ms;

/** What every line of the log about a task says. */
export const fieldsOf = ({ task, attempt }: Run) => ({
  taskId: task.id,
  accountId: task.account_id,
  endpoint: task.endpoint,
  channel: task.channel,
  attempt: attempt.number,
});
