import type { Db } from './db.ts';
import type { Schema } from './schema.ts';
import { prepare, prepareInsert } from './statement.ts';

export type Attempt = Schema['attempts'];
type Key = Pick<Attempt, 'task_id' | 'number'>;

const selectAttempts = prepare<{ task_id: string }, Attempt>((db, p) =>
  db.selectFrom('attempts').selectAll().where('task_id', '=', p('task_id')).orderBy('number'),
);

// biome-ignore format: one list of columns
export const insertAttempt = prepareInsert('attempts', [
  'task_id', 'number', 'channel', 'started_at_ms', 'accepted_at_ms', 'ended_at_ms', 'outcome', 'error_code',
  'error_message', 'handle', 'vendor_micros', 'vendor_currency', 'vendor_is_estimate', 'model', 'reason', 'considered',
  'charge_micros', 'estimate_micros', 'estimate_currency', 'is_counted', 'late_ms',
]);

export const acceptAttempt = prepare<Key & { accepted_at_ms: number }>(
  (db, p) =>
    db
      .updateTable('attempts')
      .set({ accepted_at_ms: p('accepted_at_ms') })
      .where('task_id', '=', p('task_id'))
      .where('number', '=', p('number')),
  { expect: 1 },
);

/** @param p.handle null: of the attempt that holds the task, whose handle the task has. */
export const setAttemptHandle = prepare<Key & { handle: string | null }>(
  (db, p) =>
    db
      .updateTable('attempts')
      .set({ handle: p('handle') })
      .where('task_id', '=', p('task_id'))
      .where('number', '=', p('number')),
  { expect: 1 },
);

// biome-ignore format: one list of columns
const END = [
  'ended_at_ms', 'outcome', 'error_code', 'error_message', 'vendor_micros', 'vendor_currency', 'vendor_is_estimate',
  'late_ms',
] as const;
export type AttemptEnd = Pick<Attempt, (typeof END)[number]>;

/** An attempt ends once. */
export const endAttempt = prepare<Key & AttemptEnd>(
  (db, p) =>
    db
      .updateTable('attempts')
      .set(Object.fromEntries(END.map((column) => [column, p(column)])))
      .where('task_id', '=', p('task_id'))
      .where('number', '=', p('number'))
      .where('outcome', 'is', null),
  { expect: 1 },
);

/** In the order in which they were made. */
export const listAttempts = (db: Db, taskId: string): Promise<Attempt[]> =>
  db.read(selectAttempts(db, { task_id: taskId }));
