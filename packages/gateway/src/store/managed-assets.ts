import { sql } from 'kysely';
import type { Db, Statement } from './db.ts';
import type { Schema } from './schema.ts';
import { fold, toContaining } from './search-text.ts';
import { prepare, prepareInsert, toStatement } from './statement.ts';

type Row = Schema['managed_assets'];
export type ManagedRow = Omit<Row, 'name_folded'>;
type Own = Pick<Row, 'account_id' | 'id'>;

// biome-ignore format: one list of columns
const insert = prepareInsert('managed_assets', [
  'id', 'account_id', 'group_id', 'name', 'name_folded', 'kind', 'status', 'source', 'asset_id', 'error', 'created_at_ms',
]);
export const insertManaged = (db: Db, row: ManagedRow): Statement =>
  insert(db, { ...row, name_folded: fold(row.name) });

const select = prepare<Own, Row>((db, p) =>
  db.selectFrom('managed_assets').selectAll().where('id', '=', p('id')).where('account_id', '=', p('account_id')),
);
/** Undefined for another account's. */
export const getManaged = async (db: Db, own: Own): Promise<ManagedRow | undefined> =>
  (await db.read(select(db, own)))[0];

const rename = prepare<Own & { name: string; name_folded: string }>(
  (db, p) =>
    db
      .updateTable('managed_assets')
      .set({ name: p('name'), name_folded: p('name_folded') })
      .where('id', '=', p('id'))
      .where('account_id', '=', p('account_id')),
  { expect: 1 },
);
export const renameManaged = (db: Db, { name, ...own }: Own & { name: string }): Statement =>
  rename(db, { ...own, name, name_folded: fold(name) });

/** Its file is there. Touches nothing when it was deleted meanwhile. */
export const activateManaged = prepare<{ id: string; asset_id: string }>(
  (db, p) =>
    db
      .updateTable('managed_assets')
      .set({ status: 'active', source: null, asset_id: p('asset_id') })
      .where('id', '=', p('id'))
      .where('status', '=', 'processing'),
  { expect: 1 },
);
export const failManaged = prepare<{ id: string; error: string }>((db, p) =>
  db
    .updateTable('managed_assets')
    .set({ status: 'failed', source: null, error: p('error') })
    .where('id', '=', p('id'))
    .where('status', '=', 'processing'),
);

type File = Pick<Row, 'asset_id'>;
/** Returns its file. */
export const deleteManaged = prepare<Own, File>(
  (db, p) =>
    db
      .deleteFrom('managed_assets')
      .where('id', '=', p('id'))
      .where('account_id', '=', p('account_id'))
      .returning('asset_id'),
  { expect: 1 },
);
/** Returns their files. */
export const deleteManagedOfGroup = prepare<Pick<Row, 'account_id' | 'group_id'>, File>((db, p) =>
  db
    .deleteFrom('managed_assets')
    .where('account_id', '=', p('account_id'))
    .where('group_id', '=', p('group_id'))
    .returning('asset_id'),
);

export type ManagedFilter = {
  readonly accountId: string;
  readonly groupId?: string | undefined;
  readonly status?: string | undefined;
  /** Part of the name, in any case. */
  readonly name?: string | undefined;
};

/** Newest first, and how many there are in all. */
export async function listManaged(
  db: Db,
  { accountId, groupId, status, name }: ManagedFilter,
  page: { limit: number; offset: number },
): Promise<{ rows: ManagedRow[]; total: number }> {
  let found = db.build.selectFrom('managed_assets').where('account_id', '=', accountId);
  if (groupId !== undefined) found = found.where('group_id', '=', groupId);
  if (status !== undefined) found = found.where('status', '=', status);
  if (name !== undefined) found = found.where(sql<boolean>`name_folded like ${toContaining(name)} escape '!'`);
  const rows = found
    .selectAll()
    .orderBy('created_at_ms', 'desc')
    .orderBy('id', 'desc')
    .limit(page.limit)
    .offset(page.offset);
  const count = found.select(({ fn }) => fn.countAll<number>().as('total'));
  const [read, [counted]] = await Promise.all([
    db.read<ManagedRow>(toStatement(rows)),
    db.read<{ total: number }>(toStatement(count)),
  ]);
  return { rows: read, total: Number(counted?.total ?? 0) };
}
