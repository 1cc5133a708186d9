import type { Db } from './db.ts';
import type { Schema } from './schema.ts';
import { prepare, prepareInsert } from './statement.ts';

type Attempt = Schema['attempts'];
type Key = Pick<Attempt, 'task_id' | 'number'>;

const selectAttempts = prepare<{ task_id: string }, Attempt>((db, p) =>
  db.selectFrom('attempts').selectAll().where('task_id', '=', p('task_id')).orderBy('number'),
);

export const insertAttempt = prepareInsert('attempts', [
  'task_id', 'number', 'channel', 'started_at_ms', 'accepted_at_ms', 'ended_at_ms', 'outcome', 'error_code',
  'error_message',
]); // biome-ignore format: one list of columns

export const acceptAttempt = prepare<Key & { accepted_at_ms: number }>(
  (db, p) =>
    db
      .updateTable('attempts')
      .set({ accepted_at_ms: p('accepted_at_ms') })
      .where('task_id', '=', p('task_id'))
      .where('number', '=', p('number')),
  { expect: 1 },
);

/** An attempt ends once. */
export const endAttempt = prepare<
  Key & { ended_at_ms: number; outcome: string; error_code: string | null; error_message: string | null }
>(
  (db, p) =>
    db
      .updateTable('attempts')
      .set({
        ended_at_ms: p('ended_at_ms'),
        outcome: p('outcome'),
        error_code: p('error_code'),
        error_message: p('error_message'),
      })
      .where('task_id', '=', p('task_id'))
      .where('number', '=', p('number'))
      .where('outcome', 'is', null),
  { expect: 1 },
);

/** In the order in which they were made. */
export const listAttempts = (db: Db, taskId: string): Promise<Attempt[]> =>
  db.read(selectAttempts(db, { task_id: taskId }));
