import type { Db } from './db.ts';
import type { Schema } from './schema.ts';
import { prepare, prepareInsert } from './statement.ts';

type Row = Schema['idempotency_keys'];

const select = prepare<{ account_id: string; key: string }, Row>((db, p) =>
  db.selectFrom('idempotency_keys').selectAll().where('account_id', '=', p('account_id')).where('key', '=', p('key')),
);
const insert = prepareInsert('idempotency_keys', ['account_id', 'key', 'fingerprint', 'task_ids', 'created_at_ms'], {
  onConflict: 'do nothing',
});

export const getIdempotencyKey = async (db: Db, p: Pick<Row, 'account_id' | 'key'>): Promise<Row | undefined> =>
  (await db.read(select(db, p)))[0];

/** The first with a key wins; for any other the whole batch is undone. */
export const claimIdempotencyKey = (db: Db, row: Row) => ({ ...insert(db, row), expect: 1 });
