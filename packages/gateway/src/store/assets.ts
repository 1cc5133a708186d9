import type { Db } from './db.ts';
import type { Schema } from './schema.ts';
import { prepare, prepareInsert } from './statement.ts';

type AssetRow = Schema['assets'];
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

/** Keeps the row of an account that has these bytes already: find it with `findAsset`. */
export const insertAsset = prepareInsert(
  'assets',
  [
    'id', 'account_id', 'sha256', 'size_bytes', 'media_type', 'extension', 'kind', 'width_px', 'height_px',
    'duration_ms', 'has_audio', 'created_at_ms',
  ], // biome-ignore format: one list of columns
  { onConflict: 'do nothing' },
);

export const getAsset = async (db: Db, id: string): Promise<AssetRow | undefined> =>
  (await db.read(selectAsset(db, { id })))[0];

export const findAsset = async (db: Db, content: Content): Promise<AssetRow | undefined> =>
  (await db.read(selectByContent(db, content)))[0];
