import type { Place } from '../lib/cursor.ts';
import type { Db, Statement } from './db.ts';
import { isAfter } from './place.ts';
import type { Schema } from './schema.ts';
import { prepare, prepareInsert, toStatement } from './statement.ts';

const selectAccount = prepare<{ id: string }, Schema['accounts']>((db, p) =>
  db.selectFrom('accounts').selectAll().where('id', '=', p('id')),
);

/** Keeps the account that is there. */
export const insertAccount = prepareInsert(
  'accounts',
  ['id', 'name', 'created_at_ms', 'currency', 'is_unlimited', 'balance_micros', 'held_micros', 'disabled_at_ms'],
  { onConflict: 'do nothing' },
);

export const getAccount = async (db: Db, id: string): Promise<Schema['accounts'] | undefined> =>
  (await db.read(selectAccount(db, { id })))[0];

/** In the order in which they were made. */
export function listAccounts(db: Db, p: { after: Place | undefined; limit: number }): Promise<Schema['accounts'][]> {
  const accounts = db.build.selectFrom('accounts').selectAll().orderBy('created_at_ms').orderBy('id').limit(p.limit);
  const { after } = p;
  return db.read<Schema['accounts']>(toStatement(after === undefined ? accounts : accounts.where(isAfter(after))));
}

export type AccountChanges = Partial<Pick<Schema['accounts'], 'name' | 'is_unlimited' | 'disabled_at_ms'>>;

export const updateAccount = (db: Db, id: string, changes: AccountChanges): Statement => ({
  ...toStatement(db.build.updateTable('accounts').set(changes).where('id', '=', id)),
  expect: 1,
});
