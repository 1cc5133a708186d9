import type { Status } from '../contract/task.ts';
import type { Db, Statement } from './db.ts';
import type { Schema } from './schema.ts';
import { prepare, prepareInsert } from './statement.ts';

export type TaskRow = Schema['tasks'];

/** The columns that may change together with the status. */
const CHANGING = [
  'input',
  'channel',
  'handle',
  'progress',
  'error_code',
  'error_message',
  'started_at_ms',
  'ended_at_ms',
] as const;
type Changes = Partial<Pick<TaskRow, (typeof CHANGING)[number]>>;

const selectTask = prepare<{ id: string }, TaskRow>((db, p) =>
  db.selectFrom('tasks').selectAll().where('id', '=', p('id')),
);

export const insertTask = prepareInsert('tasks', [
  'id', 'account_id', 'endpoint', 'input', 'status', 'client_id', 'channel', 'handle', 'progress', 'error_code',
  'error_message', 'price_micros', 'currency', 'created_at_ms', 'started_at_ms', 'ended_at_ms', 'deadline_at_ms',
  'cancel_asked_at_ms',
]); // biome-ignore format: one list of columns

export const getTask = async (db: Db, id: string): Promise<TaskRow | undefined> =>
  (await db.read(selectTask(db, { id })))[0];

type Move = { id: string; from: Status; to: Status } & Changes;
const moves = new Map<string, (db: Db, p: Move) => Statement>();

/** Moves a task only from where the caller saw it: with another status now, its batch is undone. */
export function moveTask(
  db: Db,
  { id, from, to, set = {} }: { id: string; from: Status; to: Status; set?: Changes },
): Statement {
  const columns = CHANGING.filter((column) => set[column] !== undefined);
  const key = columns.join();
  let move = moves.get(key);
  if (move === undefined) {
    move = prepare<Move>(
      (build, p) =>
        build
          .updateTable('tasks')
          .set({ status: p('to'), ...Object.fromEntries(columns.map((column) => [column, p(column)])) })
          .where('id', '=', p('id'))
          .where('status', '=', p('from')),
      { expect: 1 },
    );
    moves.set(key, move);
  }
  return move(db, { id, from, to, ...set });
}

/** Only while an upstream has the job, or may have it, and has not finished it. */
export const askCancel = prepare<{ id: string; cancel_asked_at_ms: number }>(
  (db, p) =>
    db
      .updateTable('tasks')
      .set({ cancel_asked_at_ms: p('cancel_asked_at_ms') })
      .where('id', '=', p('id'))
      .where('status', 'in', ['submitting', 'running']),
  { expect: 1 },
);

/** Changes nothing once the task has ended. */
export const setProgress = prepare<{ id: string; progress: number }>((db, p) =>
  db
    .updateTable('tasks')
    .set({ progress: p('progress') })
    .where('id', '=', p('id'))
    .where('status', 'in', ['running', 'collecting']),
);
