import { sql } from 'kysely';
import { type AssetRow, isFree } from './assets.ts';
import type { Db, Statement } from './db.ts';
import { eachOf } from './json-list.ts';
import type { Schema } from './schema.ts';
import { prepare } from './statement.ts';

// What is old goes in small bites: each statement here touches `limit` rows at most.

type Bite = { readonly before_ms: number; readonly limit: number };

/** Everything that belongs to a task and goes with it; the task itself last. Its transfers stay: the ledger is never
 *  deleted. Its files and its events have ages of their own. */
const TABLES_OF_TASKS = [
  { table: 'attempts', column: 'task_id' },
  { table: 'outputs', column: 'task_id' },
  { table: 'task_tags', column: 'task_id' },
  { table: 'task_inputs', column: 'task_id' },
  { table: 'named_results', column: 'task_id' },
  // Their attempts go with them.
  { table: 'webhook_deliveries', column: 'task_id' },
  { table: 'tasks', column: 'id' },
] as const satisfies readonly { table: keyof Schema; column: string }[];

const selectEndedTasks = prepare<Bite, { id: string }>((db, p) =>
  db
    .selectFrom('tasks')
    .select('id')
    .where('ended_at_ms', '<', p('before_ms'))
    .orderBy('ended_at_ms')
    .limit(p('limit')),
);
const deletions = TABLES_OF_TASKS.map(({ table, column }) =>
  prepare<{ ids: string }>((db, p, dialect) => ({
    compile: () =>
      sql`delete from ${sql.table(table)} where ${sql.ref(column)} in (${eachOf(dialect, p('ids'))})`.compile(db),
  })),
);

/** The ids of tasks that ended before, longest ago first. */
export const listEndedTasks = async (db: Db, bite: Bite): Promise<string[]> =>
  (await db.read(selectEndedTasks(db, bite))).map(({ id }) => id);

/** For tasks that have ended, which is for good: nobody writes to them meanwhile. */
export const deleteTasks = (db: Db, ids: readonly string[]): Statement[] =>
  deletions.map((deletion) => deletion(db, { ids: JSON.stringify(ids) }));

const selectUnusedAssets = prepare<Bite & { origin: string }, Pick<AssetRow, 'id' | 'sha256' | 'used_at_ms'>>((db, p) =>
  db
    .selectFrom('assets')
    .select(['id', 'sha256', 'used_at_ms'])
    .where('origin', '=', p('origin'))
    .where('used_at_ms', '<', p('before_ms'))
    .where(isFree)
    .orderBy('used_at_ms')
    .limit(p('limit')),
);

/** Assets that were neither stored nor used since, and that no task needs which has not ended. */
export const listUnusedAssets = (
  db: Db,
  bite: Bite & { origin: string },
): Promise<Pick<AssetRow, 'id' | 'sha256' | 'used_at_ms'>[]> => db.read(selectUnusedAssets(db, bite));

export const deleteOldIdempotencyKeys = prepare<Bite>((db, p) =>
  db
    .deleteFrom('idempotency_keys')
    .where(({ eb, refTuple, selectFrom }) =>
      eb(
        refTuple('account_id', 'key'),
        'in',
        selectFrom('idempotency_keys')
          .select(['account_id', 'key'])
          .where('created_at_ms', '<', p('before_ms'))
          .orderBy('created_at_ms')
          .limit(p('limit'))
          .$asTuple('account_id', 'key'),
      ),
    ),
);

/** Periods from one on and before another, of one kind: their numbers have equally many digits, so their texts are in
 *  order. */
const deleteOldPeriods = (table: 'key_usage' | 'channel_usage', owner: string) =>
  prepare<{ from: string; before: string; limit: number }>((db, p) => ({
    compile: () => {
      const [rows, name] = [sql.table(table), sql.ref(owner)];
      return sql`delete from ${rows} where (${name}, period) in (
        select ${name}, period from ${rows} where period >= ${p('from')} and period < ${p('before')} limit ${p('limit')}
      )`.compile(db);
    },
  }));
export const deleteOldKeyUsage = deleteOldPeriods('key_usage', 'key_id');
export const deleteOldChannelUsage = deleteOldPeriods('channel_usage', 'channel');

/** Deliveries from before that are not on their way any more, and their attempts. */
export const deleteOldDeliveries = prepare<Bite>((db, p) =>
  db
    .deleteFrom('webhook_deliveries')
    .where('number', 'in', ({ selectFrom }) =>
      selectFrom('webhook_deliveries')
        .select('number')
        .where('created_at_ms', '<', p('before_ms'))
        .where('state', '<>', sql.lit('pending'))
        .orderBy('created_at_ms')
        .limit(p('limit')),
    ),
);

/** What a queue whose jobs have one priority knows of groups that have neither jobs nor a limit. Callers choose the receivers of webhooks, and each of
 *  them is a group. */
export const deleteIdleGroups = prepare<{ queue: string; priority: number; limit: number }>((db, p) =>
  db
    .deleteFrom('queue_groups')
    .where('queue', '=', p('queue'))
    .where('group_key', 'in', ({ selectFrom }) =>
      selectFrom('queue_groups as idle')
        .select('idle.group_key')
        .where('idle.queue', '=', p('queue'))
        .where('idle.max_held', 'is', null)
        .where(({ not, exists }) => {
          const jobs = () =>
            selectFrom('jobs')
              .select('jobs.id')
              .where('jobs.queue', '=', p('queue'))
              .where('jobs.group_key', '=', sql.ref<string>('idle.group_key'));
          // Each as one of the indexes has it.
          const held = jobs().where('jobs.holder', 'is not', null);
          const free = jobs().where('jobs.holder', 'is', null).where('jobs.priority', '=', p('priority'));
          return not(exists(held)).and(not(exists(free)));
        })
        .limit(p('limit')),
    ),
);

const selectKnownUploads = prepare<{ ids: string }, { id: string }>((db, p, dialect) => ({
  compile: () => sql`select id from uploads where id in (${eachOf(dialect, p('ids'))})`.compile(db),
}));

/** Which of these uploads exist. */
export const listKnownUploads = async (db: Db, ids: readonly string[]): Promise<Set<string>> =>
  new Set((await db.read(selectKnownUploads(db, { ids: JSON.stringify(ids) }))).map(({ id }) => id));
