import { sql } from 'kysely';
import type { Db, Statement } from './db.ts';
import type { Schema } from './schema.ts';
import { fold, toContaining } from './search-text.ts';
import { prepare, toStatement } from './statement.ts';

type Row = Schema['asset_groups'];
type Key = Pick<Row, 'account_id' | 'id'>;
export type GroupRow = Omit<Row, 'name_folded'> & { readonly assets: number };

const insert = prepare<Row>((db, p) =>
  db
    .insertInto('asset_groups')
    .values({
      account_id: p('account_id'),
      id: p('id'),
      name: p('name'),
      name_folded: p('name_folded'),
      description: p('description'),
      created_at_ms: p('created_at_ms'),
    })
    // Changes nothing, but whoever deletes the group at the same moment is before this batch or behind it.
    .onConflict((conflict) => conflict.columns(['account_id', 'id']).doUpdateSet({ id: sql.ref('excluded.id') })),
);
/** Keeps the group that is there. */
export const ensureGroup = (db: Db, row: Omit<Row, 'name_folded'>): Statement =>
  insert(db, { ...row, name_folded: fold(row.name) });

export const updateGroup = (
  db: Db,
  { account_id, id }: Key,
  { name, description }: { name?: string | undefined; description?: string | undefined },
): Statement => ({
  ...toStatement(
    db.build
      .updateTable('asset_groups')
      .set({
        id,
        ...(name === undefined ? {} : { name, name_folded: fold(name) }),
        ...(description === undefined ? {} : { description }),
      })
      .where('account_id', '=', account_id)
      .where('id', '=', id),
  ),
  expect: 1,
});

/** Before its media (`deleteManagedOfGroup`), so that none is added in between. */
export const deleteGroup = prepare<Key>(
  (db, p) => db.deleteFrom('asset_groups').where('account_id', '=', p('account_id')).where('id', '=', p('id')),
  { expect: 1 },
);

const selectGroups = (db: Db, accountId: string) =>
  db.build.selectFrom('asset_groups').where('account_id', '=', accountId);
const COLUMNS = ['account_id', 'id', 'name', 'description', 'created_at_ms'] as const;
const countAssets = sql<number>`(select count(*) from managed_assets
  where managed_assets.account_id = asset_groups.account_id and managed_assets.group_id = asset_groups.id)`;

export async function getGroup(db: Db, { account_id, id }: Key): Promise<GroupRow | undefined> {
  const query = selectGroups(db, account_id)
    .select([...COLUMNS, countAssets.as('assets')])
    .where('id', '=', id);
  return (await db.read<GroupRow>(toStatement(query)))[0];
}

/** Newest first, and how many there are in all. */
export async function listGroups(
  db: Db,
  p: { accountId: string; name?: string | undefined; limit: number; offset: number },
): Promise<{ rows: GroupRow[]; total: number }> {
  const { name } = p;
  const all = selectGroups(db, p.accountId);
  const found = name === undefined ? all : all.where(sql<boolean>`name_folded like ${toContaining(name)} escape '!'`);
  const page = found
    .select([...COLUMNS, countAssets.as('assets')])
    .orderBy('created_at_ms', 'desc')
    .orderBy('id', 'desc')
    .limit(p.limit)
    .offset(p.offset);
  const count = found.select(({ fn }) => fn.countAll<number>().as('total'));
  const [rows, [counted]] = await Promise.all([
    db.read<GroupRow>(toStatement(page)),
    db.read<{ total: number }>(toStatement(count)),
  ]);
  return { rows, total: Number(counted?.total ?? 0) };
}
