import { type Kysely, sql } from 'kysely';
import type { Dialect } from '../db.ts';

export const name = 'named results';

/** Names that callers gave to results: custom voices. */
export function statements(db: Kysely<unknown>, dialect: Dialect) {
  const table = db.schema
    .createTable('named_results')
    .addColumn('account_id', 'text', (c) => c.notNull())
    .addColumn('name', 'text', (c) => c.notNull())
    .addColumn('task_id', 'text', (c) => c.notNull())
    .addPrimaryKeyConstraint('named_results_key', ['account_id', 'name']);
  return [dialect === 'sqlite' ? table.modifyEnd(sql`strict`) : table];
}
