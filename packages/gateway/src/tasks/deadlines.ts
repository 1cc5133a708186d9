import type { Log } from '../contract/log.ts';
import type { Bell } from '../lib/bell.ts';
import { type Clock, sleep } from '../lib/clock.ts';
import { mapLimited } from '../lib/map-limited.ts';
import type { Db } from '../store/db.ts';
import { listOverdue, moveTask, type TaskRow } from '../store/tasks.ts';
import type { Run } from './run.ts';
import { endStatements } from './settle.ts';

/** How late a task may be noticed. */
const INTERVAL_MS = 1_000;
const BITE_ROWS = 100;
const MAX_WRITES_AT_ONCE = 10;

/** What the row says of a task that waited too long. */
export const NOT_STARTED = { code: 'timed_out', message: 'the task was not started in time' } as const;

/** Whether a task that waits has waited too long. That it began once is enough for `start_deadline_at_ms`. */
export function isPastStart({ deps, task }: Pick<Run, 'deps' | 'task'>): boolean {
  const { started_at_ms: startedAtMs, start_deadline_at_ms: startBy, deadline_at_ms: endBy } = task;
  const nowMs = deps.clock.nowMs();
  return nowMs >= endBy || (startedAtMs === null && startBy !== null && nowMs >= startBy);
}

export type DeadlineDeps = {
  readonly db: Db;
  readonly bell: Pick<Bell, 'ring'>;
  readonly clock: Clock;
  readonly log: Log;
};

/** Ends the tasks that have waited too long, also while nobody takes any: a queue may be as long as it likes, and workers
 *  may all be busy or away. Several processes may do so on one store: a task is moved once.
 *  @returns how many it ended. */
export async function endOverdue(deps: DeadlineDeps, signal: AbortSignal): Promise<number> {
  let ended = 0;
  for (;;) {
    signal.throwIfAborted();
    const nowMs = deps.clock.nowMs();
    const rows = await listOverdue(deps.db, { now_ms: nowMs, limit: BITE_ROWS });
    const moved = await mapLimited(rows, MAX_WRITES_AT_ONCE, (row) => timeOut(deps, row, nowMs));
    const count = moved.filter(Boolean).length;
    ended += count;
    if (count > 0) deps.bell.ring();
    if (rows.length < BITE_ROWS || count === 0) return ended;
  }
}

/** Its place in the queue is cleared by whoever claims it next. */
async function timeOut({ db, log }: DeadlineDeps, row: TaskRow, nowMs: number): Promise<boolean> {
  const { id, account_id: accountId, endpoint } = row;
  const error = { error_code: NOT_STARTED.code, error_message: NOT_STARTED.message };
  const { committed } = await db.write([
    moveTask(db, { id, from: 'queued', to: 'failed', set: { ...error, ended_at_ms: nowMs, charge_micros: 0 } }),
    ...endStatements(db, row, { status: 'failed', chargeMicros: 0, nowMs }),
  ]);
  if (committed) log.info({ taskId: id, accountId, endpoint, code: NOT_STARTED.code }, 'task failed');
  return committed;
}

/** Watches the deadlines from now on. @returns what ends it. */
export function watchDeadlines(deps: DeadlineDeps): () => Promise<void> {
  const ending = new AbortController();
  const { signal } = ending;
  const watch = async (): Promise<void> => {
    for (;;) {
      await endOverdue(deps, signal).catch((err) => {
        signal.throwIfAborted();
        deps.log.error({ err }, 'could not look for tasks that waited too long');
      });
      await sleep(deps.clock, INTERVAL_MS, signal);
    }
  };
  // It ends with the signal and with nothing else.
  const running = watch().catch(() => undefined);
  return async () => {
    ending.abort();
    await running;
  };
}
