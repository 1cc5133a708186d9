import type { Endpoint, Json } from '@reelay/catalog';
import type { Exchange } from '../accounts/exchange.ts';
import type { Guard } from '../accounts/limits.ts';
import type { Intake } from '../assets/intake.ts';
import type { Channels, Money } from '../channels/channels.ts';
import type { AssetService } from '../contract/asset.ts';
import { GatewayError } from '../contract/errors.ts';
import type { Log } from '../contract/log.ts';
import type { FailoverDefault } from '../contract/routing.ts';
import { backoffMs } from '../lib/backoff.ts';
import type { Bell } from '../lib/bell.ts';
import { type Clock, sleep, withTimeout } from '../lib/clock.ts';
import type { FetchGuard } from '../lib/fetch-guard.ts';
import type { Provider } from '../providers/provider.ts';
import type { Lease, Queue } from '../queue/queue.ts';
import { LeaseLost, Stopped } from '../queue/worker.ts';
import { type Db, type Statement, WriteLost } from '../store/db.ts';
import { getTask, moveTask, type TaskRow } from '../store/tasks.ts';
import type { CallbackAddresses } from './callbacks.ts';
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
  readonly callbacks: Pick<CallbackAddresses, 'addressOf'>;
  readonly intake: Pick<Intake, 'gather'>;
  readonly references: Pick<References, 'find'>;
  readonly assets: AssetService;
  readonly guard: FetchGuard;
  readonly live: LiveProgress;
  readonly timings: Timings;
  /** Rings when an event was written. */
  readonly bell: Pick<Bell, 'ring'>;
  readonly exchange: Exchange;
  readonly clock: Clock;
  /** 0 to 1. */
  readonly random: () => number;
  readonly log: Log;
  /** For tasks whose callers said nothing of it. */
  readonly failover: FailoverDefault | undefined;
  readonly limits: DriverLimits;
  /** Is told each step before and after it is taken, so that a test can kill the process there. */
  readonly checkpoint?: (name: string) => void;
};

/** One try of the task on one channel. */
export type Attempt = {
  readonly number: number;
  readonly channel: string;
  readonly acceptedAtMs: number | null;
  /** The answer to the submit held the result already. */
  readonly isDone?: boolean;
  /** The upstream's name of the model; null where it is not known. */
  readonly model: string | null;
  /** What the account pays if it ends well; null for attempts of earlier releases. */
  readonly chargeMicros: number | null;
  /** What it costs the owner of the channel, about; null as above. */
  readonly estimate: Money | null;
  /** Other channels could take the task now. */
  readonly hasOthers?: boolean;
};

/** An attempt beside the one that holds the task. */
export type Beside = {
  readonly attempt: Attempt;
  readonly provider: Provider;
  /** Undefined until its upstream is known to have it. */
  readonly handle: Json | undefined;
};

/** One holder's work on one task, from a claim to the end of the lease. */
export type Run = {
  readonly deps: DriverDeps;
  readonly lease: Lease;
  readonly alarm: Alarm;
  /** The row as this run last wrote or read it. */
  task: TaskRow;
  /** The latest attempt that held the task; its number is 0 before the first. */
  attempt: Attempt;
  /** One that runs beside it, because it takes long. */
  beside: Beside | undefined;
  /** How many there were, all in all. */
  attempts: number;
  /** Fires when the process stops: ends at the next step from which another start can go on. */
  readonly stop: AbortSignal;
  /** Fires when the lease is lost, or the time to stop is up: ends at once. */
  readonly abort: AbortSignal;
};

/** What a step leaves: a task in another status, or nothing more to do for this run. */
export type StepEnd = 'moved' | 'ended';

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

/** Asks a provider something, with a limit of time, and until the signal fires where there is one. */
export async function call<T>(
  run: Run,
  p: { name: string; ms: number; signal?: AbortSignal },
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const signal = p.signal === undefined ? run.abort : AbortSignal.any([run.abort, p.signal]);
  run.deps.checkpoint?.(`before ${p.name}`);
  const answer = await withTimeout(run.deps.clock, { ms: p.ms, signal }, work);
  run.deps.checkpoint?.(`after ${p.name}`);
  return answer;
}

export type Changes = NonNullable<Parameters<typeof moveTask>[1]['set']>;

/** Moves the task, and writes what belongs to the move, in one batch.
 *  @throws {LeaseLost} when nothing was written because another holder has the task. */
export async function move(
  run: Run,
  event: Event,
  p: { set?: Changes; with?: readonly Statement[]; guards?: readonly Guard[]; isDone?: () => Promise<boolean> } = {},
): Promise<void> {
  const { deps, task } = run;
  const to = next(task.status, event);
  if (to === undefined) throw new Error(`a task that is ${task.status} cannot ${event}`);
  deps.checkpoint?.(`before ${event}`);
  await commit(run, [moveTask(deps.db, { id: task.id, from: task.status, to, set: p.set ?? {} }), ...(p.with ?? [])], {
    // After an answer that was lost, the row tells whether the batch happened.
    isDone: p.isDone ?? (async () => (await getTask(deps.db, task.id))?.status === to),
    ...(p.guards === undefined ? {} : { guards: p.guards }),
  });
  deps.checkpoint?.(`after ${event}`);
  run.task = { ...task, ...p.set, status: to };
}

const MAX_WRITE_TRIES = 6;

/** Writes as the holder of the lease. A store that is away for a moment is tried again: what stands behind a write may be
 *  a job that was paid for.
 *  @throws {GatewayError} of the guard that touched no row; nothing was then written. */
export async function commit(
  run: Run,
  statements: readonly Statement[],
  { isDone = async () => false, guards = [] }: { isDone?: () => Promise<boolean>; guards?: readonly Guard[] } = {},
): Promise<void> {
  const { db, queue, clock, random, log } = run.deps;
  const batch = [queue.guard(run.lease), ...guards.map(({ statement }) => statement), ...statements];
  for (let failures = 0; ; ) {
    try {
      const outcome = await db.write(batch);
      if (outcome.committed || (failures > 0 && (await isDone()))) return;
      const refusal = guards[outcome.failed - 1]?.refusal();
      throw refusal ?? new LeaseLost(outcome.failed === 0 ? 'the lease is lost' : 'somebody else moved the task');
    } catch (error) {
      if (error instanceof LeaseLost || error instanceof GatewayError) throw error;
      if (error instanceof WriteLost && (await isDone())) return;
      failures += 1;
      if (failures >= MAX_WRITE_TRIES) throw error;
      log.warn({ ...fieldsOf(run), err: error, failures }, 'a write failed and is tried again');
      await sleep(clock, backoffMs({ failures, baseMs: 100, maxMs: 5_000, random: random() }), run.abort);
    }
  }
}

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
