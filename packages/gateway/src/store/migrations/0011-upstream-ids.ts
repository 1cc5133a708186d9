import type { Kysely } from 'kysely';
import type { Dialect } from '../db.ts';

export const name = 'upstream ids';

/** What upstreams call what they made, what each attempt cost, and attempts that run side by side. */
export function statements({ schema }: Kysely<unknown>, dialect: Dialect) {
  const big = dialect === 'sqlite' ? 'integer' : 'bigint';
  return [
    schema.alterTable('tasks').addColumn('vendor_is_estimate', 'integer', (c) => c.notNull().defaultTo(0)),
    schema.alterTable('tasks').addColumn('upstream_id', 'text'),
    schema.alterTable('attempts').addColumn('handle', 'text'),
    schema.alterTable('attempts').addColumn('vendor_micros', big),
    schema.alterTable('attempts').addColumn('vendor_currency', 'text'),
  ];
}
