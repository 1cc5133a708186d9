import type { Db } from './db.ts';
import type { Schema } from './schema.ts';
import { prepare, prepareInsert } from './statement.ts';

type Key = Schema['api_keys'];

const selectActiveKey = prepare<{ hash: string }, Key>((db, p) =>
  db.selectFrom('api_keys').selectAll().where('hash', '=', p('hash')).where('revoked_at_ms', 'is', null),
);
const selectCount = prepare<object, { count: number }>((db) =>
  db.selectFrom('api_keys').select(({ fn }) => fn.countAll<number>().as('count')),
);
const selectActiveAdmins = prepare<object, Key>((db) =>
  db.selectFrom('api_keys').selectAll().where('is_admin', '=', 1).where('revoked_at_ms', 'is', null).orderBy('id'),
);

/** Fails on a hash or an id that exists. */
export const insertKey = prepareInsert('api_keys', [
  'id', 'account_id', 'hash', 'hint', 'is_admin', 'created_at_ms', 'revoked_at_ms',
]); // biome-ignore format: one list of columns

/** The key with this hash, unless it was revoked. */
export const getActiveKey = async (db: Db, hash: string): Promise<Key | undefined> =>
  (await db.read(selectActiveKey(db, { hash })))[0];

/** All keys, revoked ones included. */
export const countKeys = async (db: Db): Promise<number> => (await db.read(selectCount(db, {})))[0]?.count ?? 0;

export const listActiveAdminKeys = (db: Db): Promise<Key[]> => db.read(selectActiveAdmins(db, {}));

/** Touches the key only while it is active. */
export const revokeKey = prepare<{ id: string; revoked_at_ms: number }>((db, p) =>
  db
    .updateTable('api_keys')
    .set({ revoked_at_ms: p('revoked_at_ms') })
    .where('id', '=', p('id'))
    .where('revoked_at_ms', 'is', null),
);
