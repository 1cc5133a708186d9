import { type Kysely, sql } from 'kysely';
import type { Dialect } from '../db.ts';

export const name = 'timings by time';

/** Estimates now say when they were made, and count parts of tasks. The old ones are learnt again within a few tasks. */
export function statements(db: Kysely<unknown>, dialect: Dialect) {
  const real = dialect === 'sqlite' ? 'real' : 'double precision';
  const table = db.schema
    .createTable('timings')
    .addColumn('channel', 'text', (c) => c.notNull())
    .addColumn('endpoint', 'text', (c) => c.notNull())
    .addColumn('samples', real, (c) => c.notNull())
    .addColumn('mean_log_ms', real, (c) => c.notNull())
    .addColumn('variance_log_ms', real, (c) => c.notNull())
    .addColumn('updated_at_ms', dialect === 'sqlite' ? 'integer' : 'bigint', (c) => c.notNull())
    .addPrimaryKeyConstraint('timings_by_time_key', ['channel', 'endpoint']);
  return [db.schema.dropTable('timings'), dialect === 'sqlite' ? table.modifyEnd(sql`strict`) : table];
}
