import type { Db } from './db.ts';
import type { Schema } from './schema.ts';
import { prepare, prepareInsert } from './statement.ts';

const selectAccount = prepare<{ id: string }, Schema['accounts']>((db, p) =>
  db.selectFrom('accounts').selectAll().where('id', '=', p('id')),
);

/** Keeps the account that is there. */
export const insertAccount = prepareInsert('accounts', ['id', 'name', 'created_at_ms'], { onConflict: 'do nothing' });

export const getAccount = async (db: Db, id: string): Promise<Schema['accounts'] | undefined> =>
  (await db.read(selectAccount(db, { id })))[0];
