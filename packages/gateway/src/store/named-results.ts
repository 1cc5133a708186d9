import type { Db } from './db.ts';
import type { Schema } from './schema.ts';
import { prepare } from './statement.ts';

type NamedResult = Schema['named_results'];
type Key = Pick<NamedResult, 'account_id' | 'name'>;

const selectNamed = prepare<Key, NamedResult>((db, p) =>
  db.selectFrom('named_results').selectAll().where('account_id', '=', p('account_id')).where('name', '=', p('name')),
);

/** The task whose result an account calls by a name. */
export const findNamedTask = async (db: Db, key: Key): Promise<string | undefined> =>
  (await db.read(selectNamed(db, key)))[0]?.task_id;

/** The newest result of a name has it. */
export const upsertNamedResult = prepare<NamedResult>((db, p) =>
  db
    .insertInto('named_results')
    .values({ account_id: p('account_id'), name: p('name'), task_id: p('task_id') })
    .onConflict((conflict) => conflict.columns(['account_id', 'name']).doUpdateSet({ task_id: p('task_id') })),
);
