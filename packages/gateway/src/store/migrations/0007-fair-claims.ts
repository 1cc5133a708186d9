import { type Kysely, sql } from 'kysely';
import type { Dialect } from '../db.ts';

export const name = 'fair claims';

/** What a queue knows of its groups, and an order in which the oldest job of each is found by one step. */
export function statements({ schema }: Kysely<unknown>, dialect: Dialect) {
  const groups = schema
    .createTable('queue_groups')
    .addColumn('queue', 'text', (c) => c.notNull())
    .addColumn('group_key', 'text', (c) => c.notNull())
    .addColumn('max_held', 'integer')
    .addColumn('served', dialect === 'sqlite' ? 'integer' : 'bigint', (c) => c.notNull().defaultTo(0))
    .addPrimaryKeyConstraint('queue_groups_key', ['queue', 'group_key']);
  return [
    dialect === 'sqlite' ? groups.modifyEnd(sql`strict`) : groups,
    schema.dropIndex('jobs_free'),
    schema
      .createIndex('jobs_due')
      .on('jobs')
      .columns(['queue', 'priority', 'run_at_ms'])
      .where(sql.ref('holder'), 'is', null),
    schema
      .createIndex('jobs_of_group')
      .on('jobs')
      .columns(['queue', 'priority', 'group_key', 'run_at_ms', 'id'])
      .where(sql.ref('holder'), 'is', null),
  ];
}
