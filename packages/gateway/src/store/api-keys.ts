import type { Place } from '../lib/cursor.ts';
import type { Db, Statement } from './db.ts';
import { isAfter } from './place.ts';
import type { Schema } from './schema.ts';
import { prepare, prepareInsert, toStatement } from './statement.ts';

type Key = Schema['api_keys'];

/** A key, and what its account decides about it. */
export type KeyOfAccount = Key & Pick<Schema['accounts'], 'currency' | 'disabled_at_ms'>;

const selectActiveKey = prepare<{ hash: string }, KeyOfAccount>((db, p) =>
  db
    .selectFrom('api_keys')
    .innerJoin('accounts', 'accounts.id', 'api_keys.account_id')
    .selectAll('api_keys')
    .select(['accounts.currency', 'accounts.disabled_at_ms'])
    .where('hash', '=', p('hash'))
    .where('revoked_at_ms', 'is', null),
);
const selectCount = prepare<object, { count: number }>((db) =>
  db.selectFrom('api_keys').select(({ fn }) => fn.countAll<number>().as('count')),
);
const selectActiveAdmins = prepare<object, Key>((db) =>
  db.selectFrom('api_keys').selectAll().where('is_admin', '=', 1).where('revoked_at_ms', 'is', null).orderBy('id'),
);

/** Fails on a hash or an id that exists. */
// biome-ignore format: one list of columns
export const insertKey = prepareInsert('api_keys', [
  'id', 'account_id', 'hash', 'hint', 'is_admin', 'created_at_ms', 'revoked_at_ms', 'name', 'is_from_start',
  'expires_at_ms', 'scopes',
  'models', 'addresses', 'max_running', 'max_waiting', 'tasks_per_minute', 'hour_budget_micros', 'day_budget_micros',
  'total_budget_micros',
]);

/** The key with this hash, unless it was revoked. */
export const getActiveKey = async (db: Db, hash: string): Promise<KeyOfAccount | undefined> =>
  (await db.read(selectActiveKey(db, { hash })))[0];

const selectKey = prepare<{ id: string }, Key>((db, p) =>
  db.selectFrom('api_keys').selectAll().where('id', '=', p('id')),
);
/** Revoked ones included. */
export const getKey = async (db: Db, id: string): Promise<Key | undefined> => (await db.read(selectKey(db, { id })))[0];

/** All keys, revoked ones included. */
export const countKeys = async (db: Db): Promise<number> => (await db.read(selectCount(db, {})))[0]?.count ?? 0;

export const listActiveAdminKeys = (db: Db): Promise<Key[]> => db.read(selectActiveAdmins(db, {}));

const selectIds = prepare<{ account_id: string }, { id: string }>((db, p) =>
  db.selectFrom('api_keys').select('id').where('account_id', '=', p('account_id')).orderBy('id'),
);

/** Of all keys of an account, revoked ones included: their tasks may still run. */
export const listKeyIds = async (db: Db, accountId: string): Promise<string[]> =>
  (await db.read(selectIds(db, { account_id: accountId }))).map(({ id }) => id);

/** Keys of an account in the order in which they were made, revoked ones included. */
export function listKeys(db: Db, p: { accountId: string; after: Place | undefined; limit: number }): Promise<Key[]> {
  const keys = db.build
    .selectFrom('api_keys')
    .selectAll()
    .where('account_id', '=', p.accountId)
    .orderBy('created_at_ms')
    .orderBy('id')
    .limit(p.limit);
  const { after } = p;
  const page = after === undefined ? keys : keys.where(isAfter(after));
  return db.read<Key>(toStatement(page));
}

export type KeyChanges = Partial<Omit<Key, 'id' | 'account_id' | 'hash' | 'hint' | 'created_at_ms' | 'is_from_start'>>;

/** Touches the key while it is active. */
export const updateKey = (db: Db, id: string, changes: KeyChanges): Statement => ({
  ...toStatement(db.build.updateTable('api_keys').set(changes).where('id', '=', id).where('revoked_at_ms', 'is', null)),
  expect: 1,
});

/** Touches a row while another administrator's key than this one is active. */
export const requireOtherAdmin = (db: Db, id: string): Statement => ({
  ...toStatement(
    db.build
      .updateTable('api_keys')
      .set(({ ref }) => ({ id: ref('id') }))
      .where('id', '=', id)
      .where(({ exists, selectFrom }) =>
        exists(
          selectFrom('api_keys as other')
            .select('other.id')
            .where('other.is_admin', '=', 1)
            .where('other.revoked_at_ms', 'is', null)
            .where('other.expires_at_ms', 'is', null)
            .where('other.id', '<>', id),
        ),
      ),
  ),
  expect: 1,
});

/** Touches the key only while it is active. */
export const revokeKey = prepare<{ id: string; revoked_at_ms: number }>((db, p) =>
  db
    .updateTable('api_keys')
    .set({ revoked_at_ms: p('revoked_at_ms') })
    .where('id', '=', p('id'))
    .where('revoked_at_ms', 'is', null),
);
