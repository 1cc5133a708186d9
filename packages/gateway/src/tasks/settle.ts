import { settleStatements } from '../accounts/ledger.ts';
import type { Status } from '../contract/task.ts';
import type { Db, Statement } from '../store/db.ts';
import type { TaskRow } from '../store/tasks.ts';
import { toHeld } from './admit.ts';
import { announce } from './announce.ts';

type End = {
  readonly status: Extract<Status, 'succeeded' | 'failed' | 'canceled'>;
  /** At most what is held. */
  readonly chargeMicros: number;
  readonly nowMs: number;
};

/** What belongs to the end of every task, in the batch of its last move: its money is settled, and the world hears of it
 *  by the event and its deliveries. */
export function endStatements(db: Db, task: TaskRow, { status, chargeMicros, nowMs }: End): readonly Statement[] {
  return [...settleStatements(db, toHeld(task), { chargeMicros, nowMs }), ...announce(db, task, { status, nowMs })];
}
