import type { Kysely } from 'kysely';
import type { Dialect } from '../db.ts';

export const name = 'failover';

/** What attempts cost where their upstream said nothing, and how late their ends were noticed. */
export function statements({ schema }: Kysely<unknown>, dialect: Dialect) {
  const big = dialect === 'sqlite' ? 'integer' : 'bigint';
  return [
    schema.alterTable('attempts').addColumn('vendor_is_estimate', 'integer', (c) => c.notNull().defaultTo(0)),
    schema.alterTable('attempts').addColumn('estimate_currency', 'text'),
    schema.alterTable('attempts').addColumn('late_ms', big),
  ];
}
