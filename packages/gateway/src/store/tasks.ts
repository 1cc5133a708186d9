import { sql } from 'kysely';
import type { Status, TaskFilter } from '../contract/task.ts';
import type { Db, Statement } from './db.ts';
import type { Schema } from './schema.ts';
import { prepare, prepareInsert, toStatement } from './statement.ts';

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
  'price_micros',
  'charge_micros',
  'vendor_micros',
  'vendor_currency',
  'vendor_is_estimate',
  'upstream_id',
] as const;
type Changes = Partial<Pick<TaskRow, (typeof CHANGING)[number]>>;

const selectTask = prepare<{ id: string }, TaskRow>((db, p) =>
  db.selectFrom('tasks').selectAll().where('id', '=', p('id')),
);

// biome-ignore format: one list of columns
export const insertTask = prepareInsert('tasks', [
  'id', 'account_id', 'endpoint', 'input', 'status', 'client_id', 'channel', 'handle', 'progress', 'error_code',
  'error_message', 'price_micros', 'currency', 'created_at_ms', 'started_at_ms', 'ended_at_ms', 'deadline_at_ms',
  'cancel_asked_at_ms', 'key_id', 'surface', 'webhook_url', 'priority', 'tags', 'start_deadline_at_ms', 'rerun_of',
  'charge_micros', 'vendor_micros', 'vendor_currency', 'vendor_is_estimate', 'upstream_id', 'routing', 'hops',
]);

export const insertTaskTag = prepareInsert('task_tags', ['account_id', 'tag', 'task_id']);

export const getTask = async (db: Db, id: string): Promise<TaskRow | undefined> =>
  (await db.read(selectTask(db, { id })))[0];

const GLANCE = ['id', 'account_id', 'status', 'client_id', 'error_code', 'error_message', 'charge_micros'] as const;
export type TaskGlanceRow = Pick<TaskRow, (typeof GLANCE)[number]>;

const selectGlance = prepare<{ id: string }, TaskGlanceRow>((db, p) =>
  db.selectFrom('tasks').select(GLANCE).where('id', '=', p('id')),
);

export const glanceAtTask = async (db: Db, id: string): Promise<TaskGlanceRow | undefined> =>
  (await db.read(selectGlance(db, { id })))[0];

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

/** Only while the upstream works on it. */
export const setHandle = prepare<{ id: string; handle: string }>(
  (db, p) =>
    db
      .updateTable('tasks')
      .set({ handle: p('handle') })
      .where('id', '=', p('id'))
      .where('status', '=', 'running'),
  { expect: 1 },
);

/** Until when a task may wait: once it has left the queue for the first time, its start was in time. As the index. */
const QUEUED_UNTIL = sql<number>`(case when started_at_ms is null and start_deadline_at_ms < deadline_at_ms then start_deadline_at_ms else deadline_at_ms end)`;

const selectOverdue = prepare<{ now_ms: number; limit: number }, TaskRow>((db, p) =>
  db
    .selectFrom('tasks')
    .selectAll()
    // A literal, so that SQLite sees that the index covers it.
    .where('status', '=', sql.lit('queued'))
    .where(QUEUED_UNTIL, '<=', p('now_ms'))
    .orderBy(QUEUED_UNTIL)
    .limit(p('limit')),
);

/** Tasks that waited too long, longest overdue first. */
export const listOverdue = (db: Db, p: { now_ms: number; limit: number }): Promise<TaskRow[]> =>
  db.read(selectOverdue(db, p));

type Window = { readonly before: string | undefined; readonly rows: number; readonly skip?: number };

/** The newest tasks of an account, or of one of its tags, up to a place: at most so many, fitting or not. */
const windowOf = (db: Db, { accountId, tag }: TaskFilter, { before, rows, skip = 0 }: Window) => {
  if (tag === undefined) {
    const tasks = db.build.selectFrom('tasks').select('id').where('account_id', '=', accountId);
    return (before === undefined ? tasks : tasks.where('id', '<', before))
      .orderBy('id', 'desc')
      .limit(rows)
      .offset(skip);
  }
  const tagged = db.build
    .selectFrom('task_tags')
    .select('task_id as id')
    .where('account_id', '=', accountId)
    .where('tag', '=', tag);
  return (before === undefined ? tagged : tagged.where('task_id', '<', before))
    .orderBy('task_id', 'desc')
    .limit(rows)
    .offset(skip);
};

/** Newest first. Looks at no more than `rows` tasks, so that a filter which nothing fits costs no more than that. */
export function listTasks(db: Db, filter: TaskFilter, p: Window & { limit: number }): Promise<TaskRow[]> {
  const { statuses, endpoint, keyId, fromMs, toMs } = filter;
  let tasks = db.build
    .selectFrom('tasks')
    .selectAll()
    .where('id', 'in', windowOf(db, filter, p));
  if (statuses !== undefined) tasks = tasks.where('status', 'in', [...statuses]);
  if (endpoint !== undefined) tasks = tasks.where(sql<boolean>`endpoint like ${toLike(endpoint)} escape '!'`);
  if (keyId !== undefined) tasks = tasks.where('key_id', '=', keyId);
  if (fromMs !== undefined) tasks = tasks.where('created_at_ms', '>=', fromMs);
  if (toMs !== undefined) tasks = tasks.where('created_at_ms', '<', toMs);
  return db.read<TaskRow>(toStatement(tasks.orderBy('id', 'desc').limit(p.limit)));
}

/** The last task that `listTasks` looked at; undefined when there were fewer than `rows`. */
export async function getWindowEnd(db: Db, filter: TaskFilter, p: Window): Promise<string | undefined> {
  const last = windowOf(db, filter, { before: p.before, rows: 1, skip: p.rows - 1 });
  return (await db.read<{ id: string }>(toStatement(last)))[0]?.id;
}

/** `*` stands for any text, and nothing else for anything. */
const toLike = (pattern: string): string => pattern.replace(/[!%_]/g, '!$&').replaceAll('*', '%');

/** @param p.tags JSON. */
export const setTags = prepare<{ id: string; tags: string | null }>(
  (db, p) =>
    db
      .updateTable('tasks')
      .set({ tags: p('tags') })
      .where('id', '=', p('id')),
  { expect: 1 },
);
export const deleteTaskTags = prepare<{ account_id: string; task_id: string; tags: string }>((db, p, dialect) => {
  const old = db.deleteFrom('task_tags').where('account_id', '=', p('account_id')).where('task_id', '=', p('task_id'));
  // `tags` are those that it had: the table is ordered by tag, and a search by task would read all of an account's.
  return dialect === 'sqlite'
    ? old.where(sql<boolean>`tag in (select value from json_each(${p('tags')}))`)
    : old.where(sql<boolean>`tag in (select json_array_elements_text(${p('tags')}::json))`);
});
