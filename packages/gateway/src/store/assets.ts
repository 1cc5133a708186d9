import { type ExpressionBuilder, type RawBuilder, sql } from 'kysely';
import type { Db, Dialect } from './db.ts';
import type { Schema } from './schema.ts';
import { prepare } from './statement.ts';

export type AssetRow = Schema['assets'];
type Content = Pick<AssetRow, 'account_id' | 'sha256' | 'extension'>;

const selectAsset = prepare<{ id: string }, AssetRow>((db, p) =>
  db.selectFrom('assets').selectAll().where('id', '=', p('id')),
);
const selectByContent = prepare<Content, AssetRow>((db, p) =>
  db
    .selectFrom('assets')
    .selectAll()
    .where('account_id', '=', p('account_id'))
    .where('sha256', '=', p('sha256'))
    .where('extension', '=', p('extension')),
);

/** Later than before in any case, so that each use can be told from the one before it. */
const laterThan = (dialect: Dialect, usedAtMs: unknown): RawBuilder<number> =>
  dialect === 'sqlite'
    ? sql<number>`max(assets.used_at_ms + 1, ${usedAtMs})`
    : sql<number>`greatest(assets.used_at_ms + 1, ${usedAtMs})`;
const withOrigin = (origin: unknown): RawBuilder<string> =>
  sql<string>`case when assets.origin = ${origin} then assets.origin else 'both' end`;

/** Where an account has these bytes already, its row stays and counts as used now: find it with `findAsset`. */
export const insertAsset = prepare<AssetRow>((db, p, dialect) =>
  db
    .insertInto('assets')
    .values({
      id: p('id'),
      account_id: p('account_id'),
      sha256: p('sha256'),
      size_bytes: p('size_bytes'),
      media_type: p('media_type'),
      extension: p('extension'),
      kind: p('kind'),
      width_px: p('width_px'),
      height_px: p('height_px'),
      duration_ms: p('duration_ms'),
      has_audio: p('has_audio'),
      created_at_ms: p('created_at_ms'),
      origin: p('origin'),
      used_at_ms: p('used_at_ms'),
    })
    .onConflict((conflict) =>
      conflict.columns(['account_id', 'sha256', 'extension']).doUpdateSet({
        used_at_ms: laterThan(dialect, sql.ref('excluded.used_at_ms')),
        origin: withOrigin(sql.ref('excluded.origin')),
      }),
    ),
);

/** The same bytes came again. Touches nothing when the row is gone. */
export const restoreAsset = prepare<Pick<AssetRow, 'id' | 'origin' | 'used_at_ms'>>(
  (db, p, dialect) =>
    db
      .updateTable('assets')
      .set({ used_at_ms: laterThan(dialect, p('used_at_ms')), origin: withOrigin(p('origin')) })
      .where('id', '=', p('id')),
  { expect: 1 },
);

/** Something begins to need it. Touches nothing when it is gone. */
export const useAsset = prepare<Pick<AssetRow, 'id' | 'used_at_ms'>>(
  (db, p, dialect) =>
    db
      .updateTable('assets')
      .set({ used_at_ms: laterThan(dialect, p('used_at_ms')) })
      .where('id', '=', p('id')),
  { expect: 1 },
);

export const insertTaskInput = prepare<Schema['task_inputs']>((db, p) =>
  db
    .insertInto('task_inputs')
    .values({ task_id: p('task_id'), asset_id: p('asset_id') })
    .onConflict((conflict) => conflict.doNothing()),
);

/** Whether nothing needs an asset, whatever its age: no task that has not ended was given it, nobody manages it, and it is
 *  no model. Whoever lets something else need assets by their id adds it here. */
export const isFree = ({ and, not, exists, selectFrom }: ExpressionBuilder<Schema, 'assets'>) =>
  and([
    not(
      exists(
        selectFrom('task_inputs')
          .innerJoin('tasks', 'tasks.id', 'task_inputs.task_id')
          .select('tasks.id')
          .whereRef('task_inputs.asset_id', '=', 'assets.id')
          .where('tasks.ended_at_ms', 'is', null),
      ),
    ),
    not(exists(selectFrom('managed_assets').select('id').whereRef('managed_assets.asset_id', '=', 'assets.id'))),
    not(exists(selectFrom('resources').select('id').whereRef('resources.asset_id', '=', 'assets.id'))),
  ]);

/** Only as it was seen, and only while nothing needs it. On PostgreSQL it is `used_at_ms` that decides between this and a
 *  submit at the same moment: both change the row, so one of them sees the other. So whoever begins to need an asset uses
 *  it (`useAsset`) in the same batch. */
export const deleteAsset = prepare<Pick<AssetRow, 'id' | 'used_at_ms'>>(
  (db, p) => db.deleteFrom('assets').where('id', '=', p('id')).where('used_at_ms', '=', p('used_at_ms')).where(isFree),
  { expect: 1 },
);

/** The results whose file is gone: neither their address nor their words are left. */
export const forgetOutputs = prepare<{ asset_id: string }>((db, p) =>
  db.updateTable('outputs').set({ asset_id: null, text: null }).where('asset_id', '=', p('asset_id')),
);

/** Whatever named the file of an asset and goes with it. */
export const deleteUploadsOfAsset = prepare<{ asset_id: string }>((db, p) =>
  db.deleteFrom('uploads').where('asset_id', '=', p('asset_id')),
);

export const getAsset = async (db: Db, id: string): Promise<AssetRow | undefined> =>
  (await db.read(selectAsset(db, { id })))[0];

export const findAsset = async (db: Db, content: Content): Promise<AssetRow | undefined> =>
  (await db.read(selectByContent(db, content)))[0];

export type AssetFilter = {
  readonly accountId: string;
  readonly origin?: 'upload' | 'output' | undefined;
  readonly kind?: string | undefined;
  readonly mediaType?: string | undefined;
  /** What the task made and what it was given. */
  readonly taskId?: string | undefined;
  /** From, and up to but not at. */
  readonly fromMs?: number | undefined;
  readonly toMs?: number | undefined;
};

/** Newest first, after a place in that order. */
export function listAssets(
  db: Db,
  filter: AssetFilter,
  page: { readonly after?: Pick<AssetRow, 'created_at_ms' | 'id'> | undefined; readonly limit: number },
): Promise<AssetRow[]> {
  const { origin, kind, mediaType, taskId, fromMs, toMs } = filter;
  const { after } = page;
  let query = db.build.selectFrom('assets').selectAll().where('account_id', '=', filter.accountId);
  if (origin !== undefined) query = query.where('origin', 'in', [origin, 'both']);
  if (kind !== undefined) query = query.where('kind', '=', kind);
  if (mediaType !== undefined) query = query.where('media_type', '=', mediaType);
  if (fromMs !== undefined) query = query.where('created_at_ms', '>=', fromMs);
  if (toMs !== undefined) query = query.where('created_at_ms', '<', toMs);
  if (taskId !== undefined)
    query = query.where(({ or, eb, selectFrom }) =>
      or([
        eb('id', 'in', selectFrom('outputs').select('outputs.asset_id').where('outputs.task_id', '=', taskId)),
        eb(
          'id',
          'in',
          selectFrom('task_inputs').select('task_inputs.asset_id').where('task_inputs.task_id', '=', taskId),
        ),
      ]),
    );
  if (after !== undefined)
    query = query.where(({ eb, refTuple, tuple }) =>
      eb(refTuple('created_at_ms', 'id'), '<', tuple(after.created_at_ms, after.id)),
    );
  const { sql: text, parameters } = query
    .orderBy('created_at_ms', 'desc')
    .orderBy('id', 'desc')
    .limit(page.limit)
    .compile();
  return db.read<AssetRow>({ sql: text, parameters });
}
