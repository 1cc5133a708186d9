import { sql } from 'kysely';
import type { Db } from './db.ts';
import type { Schema } from './schema.ts';
import { prepare, prepareInsert } from './statement.ts';

export type SecretRow = Schema['webhook_secrets'];

const selectValid = prepare<{ owner_id: string; now_ms: number }, SecretRow>((db, p) =>
  db
    .selectFrom('webhook_secrets')
    .selectAll()
    .where('owner_id', '=', p('owner_id'))
    .where(({ or, eb }) => or([eb('expires_at_ms', 'is', null), eb('expires_at_ms', '>', p('now_ms'))]))
    .orderBy(sql`case when expires_at_ms is null then 0 else 1 end`)
    .orderBy('created_at_ms', 'desc'),
);

/** Leaves a current one that is there: read back which one holds. */
export const insertSecret = prepareInsert(
  'webhook_secrets',
  ['id', 'account_id', 'owner_id', 'sealed', 'created_at_ms', 'expires_at_ms'],
  { onConflict: 'do nothing' },
);

/** The current one first. */
export const listValidSecrets = (db: Db, p: { owner_id: string; now_ms: number }): Promise<SecretRow[]> =>
  db.read(selectValid(db, p));

/** For the batch of a rotation: whatever was replaced before ends. */
export const deleteReplacedSecrets = prepare<{ owner_id: string }>((db, p) =>
  db.deleteFrom('webhook_secrets').where('owner_id', '=', p('owner_id')).where('expires_at_ms', 'is not', null),
);
/** Touches the current one, unless somebody else has replaced it. */
export const expireSecret = prepare<{ id: string; expires_at_ms: number }>(
  (db, p) =>
    db
      .updateTable('webhook_secrets')
      .set({ expires_at_ms: p('expires_at_ms') })
      .where('id', '=', p('id'))
      .where('expires_at_ms', 'is', null),
  { expect: 1 },
);
export const deleteSecrets = prepare<{ owner_id: string }>((db, p) =>
  db.deleteFrom('webhook_secrets').where('owner_id', '=', p('owner_id')),
);

const selectAfter = prepare<{ after: string; limit: number }, SecretRow>((db, p) =>
  db.selectFrom('webhook_secrets').selectAll().where('id', '>', p('after')).orderBy('id').limit(p('limit')),
);

/** All of them, in pages. @param p.after the id of the last one before; empty for the first page. */
export const pageSecrets = (db: Db, p: { after: string; limit: number }): Promise<SecretRow[]> =>
  db.read(selectAfter(db, p));

/** Only while it is sealed as it was seen. */
export const resealSecret = prepare<{ id: string; before: string; sealed: string }>((db, p) =>
  db
    .updateTable('webhook_secrets')
    .set({ sealed: p('sealed') })
    .where('id', '=', p('id'))
    .where('sealed', '=', p('before')),
);
