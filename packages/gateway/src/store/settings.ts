import type { Db } from './db.ts';
import type { Schema } from './schema.ts';
import { prepare, prepareInsert } from './statement.ts';

const selectSetting = prepare<{ name: string }, Schema['settings']>((db, p) =>
  db.selectFrom('settings').selectAll().where('name', '=', p('name')),
);

export const getSetting = async (db: Db, name: string): Promise<string | undefined> =>
  (await db.read(selectSetting(db, { name })))[0]?.value;

/** The first writer wins: read it back to learn the value that holds. */
export const insertSetting = prepareInsert('settings', ['name', 'value'], { onConflict: 'do nothing' });
