import { sql } from 'kysely';
import type { Place } from '../lib/cursor.ts';
import type { Db, Statement } from './db.ts';
import type { Schema } from './schema.ts';
import { prepare, prepareInsert, toStatement } from './statement.ts';

export type ChannelRow = Schema['channels'];

/** Fails on an id or a name that exists. */
// biome-ignore format: one list of columns
export const insertChannel = prepareInsert('channels', [
  'id', 'name', 'account_id', 'provider', 'settings', 'credentials', 'rules', 'priority', 'weight', 'price_factor',
  'cost_factor', 'max_concurrent', 'per_minute', 'hour_budget_micros', 'day_budget_micros', 'total_budget_micros',
  'currency', 'revision', 'created_at_ms', 'updated_at_ms',
]);

const selectAll = prepare<object, ChannelRow>((db) => db.selectFrom('channels').selectAll().orderBy('name'));
export const listAllChannels = (db: Db): Promise<ChannelRow[]> => db.read(selectAll(db, {}));

const selectChannel = prepare<{ id: string }, ChannelRow>((db, p) =>
  db.selectFrom('channels').selectAll().where('id', '=', p('id')),
);
export const getChannel = async (db: Db, id: string): Promise<ChannelRow | undefined> =>
  (await db.read(selectChannel(db, { id })))[0];

/** Of an account, oldest first. */
export function listChannelsOfAccount(
  db: Db,
  p: { accountId: string; after: Place | undefined; limit: number },
): Promise<ChannelRow[]> {
  let rows = db.build.selectFrom('channels').selectAll().where('account_id', '=', p.accountId);
  const { after } = p;
  if (after !== undefined) {
    rows = rows.where((eb) => eb(eb.refTuple('created_at_ms', 'id'), '>', eb.tuple(after.created_at_ms, after.id)));
  }
  return db.read<ChannelRow>(toStatement(rows.orderBy('created_at_ms').orderBy('id').limit(p.limit)));
}

export type ChannelChanges = Partial<
  Omit<ChannelRow, 'id' | 'name' | 'account_id' | 'provider' | 'created_at_ms' | 'revision'>
>;

/** Touches the channel only as it was read. */
export const updateChannel = (db: Db, p: { id: string; revision: number; changes: ChannelChanges }): Statement => ({
  ...toStatement(
    db.build
      .updateTable('channels')
      .set({ ...p.changes, revision: p.revision + 1 })
      .where('id', '=', p.id)
      .where('revision', '=', p.revision),
  ),
  expect: 1,
});

/** Unless jobs of tasks are there. */
export const deleteIdleChannel = prepare<{ id: string; name: string }>(
  (db, p) =>
    db
      .deleteFrom('channels')
      .where('id', '=', p('id'))
      .where(({ not, exists, selectFrom }) =>
        not(
          exists(
            selectFrom('attempts')
              .select('task_id')
              .where('channel', '=', p('name'))
              .where('outcome', 'is', null)
              .limit(1),
          ),
        ),
      ),
  { expect: 1 },
);
export const deleteChannel = prepare<{ id: string }>((db, p) => db.deleteFrom('channels').where('id', '=', p('id')), {
  expect: 1,
});

const VERSION = 'channels.version';

/** Part of every batch that changes what channels there are, or what of them is off: others read them again. */
export const bumpVersion = prepare<object>((db) =>
  db
    .insertInto('settings')
    .values({ name: VERSION, value: '1' })
    .onConflict((conflict) =>
      conflict.column('name').doUpdateSet({ value: sql`cast(cast(settings.value as integer) + 1 as text)` }),
    ),
);
const selectVersion = prepare<object, { value: string }>((db) =>
  db.selectFrom('settings').select('value').where('name', '=', VERSION),
);
export const getVersion = async (db: Db): Promise<string> => (await db.read(selectVersion(db, {})))[0]?.value ?? '0';

/** What is known of a channel beside its row, by name. */
export const forgetChannel = (db: Db, channel: string): Statement[] => FORGETS.map((forget) => forget(db, { channel }));
const FORGETS = (['channel_switches', 'channel_health', 'channel_usage'] as const).map((table) =>
  prepare<{ channel: string }>((db, p) => ({
    compile: () => sql`delete from ${sql.table(table)} where channel = ${p('channel')}`.compile(db),
  })),
);
