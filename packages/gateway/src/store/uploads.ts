import { sql } from 'kysely';
import type { Db } from './db.ts';
import type { Schema } from './schema.ts';
import { prepare } from './statement.ts';

export type UploadRow = Schema['uploads'];

const selectUpload = prepare<{ id: string }, UploadRow>((db, p) =>
  db.selectFrom('uploads').selectAll().where('id', '=', p('id')),
);
const selectExpired = prepare<{ now_ms: number; limit: number }, Pick<UploadRow, 'id'>>((db, p) =>
  db
    .selectFrom('uploads')
    .select('id')
    .where('expires_at_ms', '<=', p('now_ms'))
    .orderBy('expires_at_ms')
    .limit(p('limit')),
);

type NewUpload = Pick<
  UploadRow,
  'id' | 'account_id' | 'size_bytes' | 'file_name' | 'metadata' | 'created_at_ms' | 'expires_at_ms'
>;

/** Touches no row when the account has `max` unfinished uploads already. Two at the same moment may exceed that by one. */
export const insertUpload = prepare<NewUpload & { max: number }>(
  (db, p, dialect) => {
    // PostgreSQL must be told the type of a value that is selected.
    const typed = (name: keyof NewUpload, type: 'text' | 'bigint') =>
      dialect === 'sqlite' ? sql`${p(name)}` : sql`cast(${p(name)} as ${sql.raw(type)})`;
    const values = sql`select ${typed('id', 'text')}, ${typed('account_id', 'text')}, ${typed('size_bytes', 'bigint')},
      ${typed('file_name', 'text')}, ${typed('metadata', 'text')}, ${typed('created_at_ms', 'bigint')},
      ${typed('expires_at_ms', 'bigint')}
      where (select count(*) from uploads where account_id = ${p('account_id')} and asset_id is null
        and error_code is null) < ${p('max')}`;
    const query = sql`insert into uploads
      (id, account_id, size_bytes, file_name, metadata, created_at_ms, expires_at_ms) ${values}`;
    return { compile: () => query.compile(db) };
  },
  { expect: 1 },
);

/** More of it arrived, or was tried to. */
export const extendUpload = prepare<Pick<UploadRow, 'id' | 'expires_at_ms'>>((db, p) =>
  db
    .updateTable('uploads')
    .set({ expires_at_ms: p('expires_at_ms') })
    .where('id', '=', p('id')),
);

/** All of it is there and will move to where blobs are. Touches nothing when the upload is gone. */
export const setUploadContent = prepare<{ id: string; sha256: string }>(
  (db, p) =>
    db
      .updateTable('uploads')
      .set({ sha256: p('sha256') })
      .where('id', '=', p('id')),
  { expect: 1 },
);

/** Its asset refers to the bytes now. */
export const finishUpload = prepare<{ id: string; asset_id: string; expires_at_ms: number }>((db, p) =>
  db
    .updateTable('uploads')
    .set({ asset_id: p('asset_id'), sha256: null, expires_at_ms: p('expires_at_ms') })
    .where('id', '=', p('id')),
);

export const refuseUpload = prepare<{
  id: string;
  error_code: string;
  error_message: string;
  expires_at_ms: number;
}>((db, p) =>
  db
    .updateTable('uploads')
    .set({
      error_code: p('error_code'),
      error_message: p('error_message'),
      sha256: null,
      expires_at_ms: p('expires_at_ms'),
    })
    .where('id', '=', p('id')),
);

/** Its bytes, if any are left, have no row then. */
export const deleteUpload = prepare<{ id: string }>((db, p) => db.deleteFrom('uploads').where('id', '=', p('id')), {
  expect: 1,
});

/** The same, unless more of it arrived meanwhile. */
export const deleteExpiredUpload = prepare<{ id: string; now_ms: number }>(
  (db, p) => db.deleteFrom('uploads').where('id', '=', p('id')).where('expires_at_ms', '<=', p('now_ms')),
  { expect: 1 },
);

export const getUpload = async (db: Db, id: string): Promise<UploadRow | undefined> =>
  (await db.read(selectUpload(db, { id })))[0];

export const listExpiredUploads = async (db: Db, p: { now_ms: number; limit: number }): Promise<string[]> =>
  (await db.read(selectExpired(db, p))).map(({ id }) => id);
