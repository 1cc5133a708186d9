import type { Report } from '../channels/channels.ts';
import type { ErrorCode } from '../contract/errors.ts';
import type { Currency } from '../contract/key.ts';
import type { VendorCost } from '../providers/provider.ts';
import { endAttempt, listAttempts } from '../store/attempts.ts';
import type { Statement } from '../store/db.ts';
import type { TaskRow } from '../store/tasks.ts';
import { type Costed, type CostRow, costAtEnd, totalOf } from './costs.ts';
import { TASK_QUEUE } from './queue-name.ts';
import { type Attempt, type Changes, fieldsOf, move, type Run } from './run.ts';
import { endStatements } from './settle.ts';

export type Failure = {
  readonly code: ErrorCode;
  readonly message: string;
  readonly outcome?: 'failed' | 'outcome_unknown';
  readonly learnt?: Lesson | undefined;
  readonly cost?: VendorCost | undefined;
  /** The upstream made it, so it will be charged, and we have not got it. */
  readonly isMade?: boolean;
  readonly lateMs?: number | undefined;
};

/** What an attempt tells about the health of its channel. */
export type Lesson = Pick<Report, 'is' | 'message' | 'retryAfterMs'>;

/** Ends the task without a result, and so without a charge. */
export async function fail(run: Run, failure: Failure): Promise<'ended'> {
  const { code, message } = failure;
  const nowMs = run.deps.clock.nowMs();
  await end(run, 'failed', {
    set: { error_code: code, error_message: message },
    endings: run.task.status === 'queued' ? [] : [endingOf(run, failure), ...endingsBeside(run)],
    chargeMicros: 0,
    nowMs,
  });
  const elapsedMs = nowMs - run.task.created_at_ms;
  run.deps.log.info({ ...fieldsOf(run), code, elapsedMs }, 'task failed');
  return 'ended';
}

/** How the attempt that holds the task ends by a failure. */
export const endingOf = ({ attempt }: Run, { outcome = 'failed', ...failure }: Failure): Ending => ({
  ...failure,
  attempt,
  outcome,
});

/** How an attempt beside the one that held the task ends with the task: what it makes is wanted no more, and may be
 *  charged. */
export function endingsBeside({ beside }: Run): readonly Ending[] {
  if (beside === undefined) return [];
  const { attempt, handle } = beside;
  const outcome = handle === undefined ? 'outcome_unknown' : 'canceled';
  return [{ attempt, outcome, code: outcome, message: 'the task ended without it' }];
}

/** What the upstream itself could not do; that it refused what was asked for says nothing about it. */
export function lessonOfEnd({ code, message }: Pick<Failure, 'code' | 'message'>): Lesson | undefined {
  if (code === 'generation_failed') return { is: 'failed', message };
  return code === 'timed_out' ? { is: 'timeout', message } : undefined;
}

/** Ends the task because its owner wants it to.
 *  @param p.chargeMicros what is owed all the same: of a job that could not be stopped, its price. */
export async function cancel(run: Run, p: { chargeMicros: number } = { chargeMicros: 0 }): Promise<'ended'> {
  const nowMs = run.deps.clock.nowMs();
  await end(run, 'canceled', {
    set: CANCELED,
    endings: run.task.status === 'queued' ? [] : [{ attempt: run.attempt, outcome: 'canceled' }, ...endingsBeside(run)],
    chargeMicros: p.chargeMicros,
    nowMs,
  });
  const elapsedMs = nowMs - run.task.created_at_ms;
  run.deps.log.info({ ...fieldsOf(run), elapsedMs, chargeMicros: p.chargeMicros }, 'task canceled');
  return 'ended';
}

/** What the row of a canceled task says. */
export const CANCELED = { error_code: 'canceled', error_message: 'the task was canceled by its owner' } as const;

type LastWrite = {
  readonly set: Changes;
  readonly with?: readonly Statement[];
  /** Of the attempts that are open. */
  readonly endings: readonly Ending[];
  readonly chargeMicros: number;
  readonly nowMs: number;
};
const LAST_EVENT = { succeeded: 'succeed', failed: 'fail', canceled: 'cancel' } as const;

/** The last move of a task: its status, its attempts, its money, its event and its place in the queue, in one batch. */
export async function end(run: Run, status: keyof typeof LAST_EVENT, p: LastWrite): Promise<void> {
  const { db, queue, bell, live } = run.deps;
  const { nowMs, chargeMicros, endings } = p;
  const closed = closeAttempts(run, endings, nowMs);
  await move(run, LAST_EVENT[status], {
    set: { ...p.set, ...(await totalCost(run, closed)), ended_at_ms: nowMs, charge_micros: chargeMicros },
    with: [
      ...closed.flatMap(({ statements }) => statements),
      ...(p.with ?? []),
      ...endStatements(db, run.task, { status, chargeMicros, nowMs }),
      queue.complete(run.lease),
    ],
  });
  bell.ring();
  // A group that was full has room again.
  queue.notify(TASK_QUEUE);
  for (const { attempt } of endings) run.deps.channels.freed(attempt.channel);
  live.forget(run.task.id);
}

/** How an attempt ends. */
export type Ending = {
  readonly attempt: Attempt;
  readonly outcome: 'succeeded' | 'failed' | 'not_accepted' | 'outcome_unknown' | 'canceled';
  readonly code?: string;
  readonly message?: string;
  readonly learnt?: Lesson | undefined;
  /** What the upstream said that it cost. */
  readonly cost?: VendorCost | undefined;
  /** As of a failure. */
  readonly isMade?: boolean;
  /** For how long the job had ended at most when we noticed. */
  readonly lateMs?: number | undefined;
};

export type Closed = { readonly attempt: Attempt; readonly cost: CostRow; readonly statements: readonly Statement[] };

/** The ends of attempts, with what they cost, and what their channels learn and spent by them. */
export const closeAttempts = (run: Run, endings: readonly Ending[], nowMs: number): readonly Closed[] =>
  endings.map((ending) => closeAttempt(run, ending, nowMs));

function closeAttempt({ deps, task }: Run, p: Ending, nowMs: number): Closed {
  const { db, channels } = deps;
  const { channel, number, model, estimate, acceptedAtMs } = p.attempt;
  const { id: taskId, endpoint } = task;
  const mayBeCharged = mayHaveCost(p);
  const cost = costAtEnd({ said: p.cost, mayBeCharged, estimate, isAccepted: acceptedAtMs !== null });
  const settled = p.cost ?? (mayBeCharged ? undefined : 'nothing');
  const statements = [
    ...(settled === undefined ? [] : channels.settle({ channel, taskId, number, cost: settled })),
    endAttempt(db, {
      task_id: taskId,
      number,
      ended_at_ms: nowMs,
      outcome: p.outcome,
      error_code: p.code ?? null,
      error_message: p.message ?? null,
      ...cost,
      late_ms: p.lateMs ?? null,
    }),
    ...(p.learnt === undefined
      ? []
      : channels.report({ channel, route: { endpoint, model: model ?? '' }, ...p.learnt })),
  ];
  return { attempt: p.attempt, cost, statements };
}

/** Whether the upstream may charge for an attempt of which it said nothing: not for what it never took, and usually not for
 *  what it could not make. */
const mayHaveCost = ({ attempt, outcome, code, isMade }: Ending): boolean =>
  outcome === 'succeeded' ||
  isMade === true ||
  outcome === 'outcome_unknown' ||
  (attempt.acceptedAtMs !== null && (outcome === 'canceled' || code === 'timed_out'));

/** What the task cost so far, with the attempts that end now. */
export async function totalCost(run: Run, closed: readonly Closed[]): Promise<Pick<TaskRow, keyof CostRow>> {
  const { db, exchange } = run.deps;
  const now = closed.map(({ attempt: { number, acceptedAtMs, estimate }, cost }): Costed & { number: number } => ({
    ...cost,
    number,
    accepted_at_ms: acceptedAtMs,
    estimate_micros: estimate?.micros ?? null,
    estimate_currency: estimate?.currency ?? null,
  }));
  const isAll = run.attempts <= now.length;
  const earlier = isAll ? [] : await listAttempts(db, run.task.id);
  const others = earlier.filter(({ number }) => now.every((one) => one.number !== number));
  // The column holds what a `Caller` had.
  return totalOf([...others, ...now], { exchange, currency: run.task.currency as Currency });
}

/** What the account pays for what the task's channel makes. */
export async function chargeOf({ deps, task, attempt }: Run): Promise<number> {
  if (attempt.chargeMicros !== null) return attempt.chargeMicros;
  const channel = task.channel === null ? undefined : await deps.channels.get(task.channel);
  return Math.round(task.price_micros * (channel?.priceFactor ?? 1));
}
