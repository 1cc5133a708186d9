import { type Kysely, sql } from 'kysely';
import type { Dialect } from '../db.ts';

export const name = 'events';

/** What happens to tasks, in the order of the commits. */
export function statements({ schema }: Kysely<unknown>, dialect: Dialect) {
  const table = schema.createTable('events');
  const numbered =
    dialect === 'sqlite'
      ? table
          // Numbers are not used again, because the newest event is never deleted (`deleteOldEvents`). That costs less than
          // a counter that is written with every row.
          .addColumn('number', 'integer', (c) => c.primaryKey())
          // One writer commits one batch after the other, so the number alone is their order.
          .addColumn('tx', 'integer', (c) => c.notNull().defaultTo(0))
          .modifyEnd(sql`strict`)
      : table
          .addColumn('number', 'bigint', (c) => c.primaryKey().generatedAlwaysAsIdentity())
          .addColumn('tx', 'bigint', (c) => c.notNull().defaultTo(sql`(pg_current_xact_id()::text::bigint)`));
  const order = dialect === 'sqlite' ? ['number'] : ['tx', 'number'];
  return [
    numbered
      .addColumn('account_id', 'text', (c) => c.notNull())
      .addColumn('task_id', 'text', (c) => c.notNull())
      .addColumn('type', 'text', (c) => c.notNull())
      .addColumn('at_ms', dialect === 'sqlite' ? 'integer' : 'bigint', (c) => c.notNull()),
    ...(dialect === 'sqlite' ? [] : [schema.createIndex('events_in_order').on('events').columns(order)]),
    schema
      .createIndex('events_of_account')
      .on('events')
      .columns(['account_id', ...order]),
    schema
      .createIndex('events_of_task')
      .on('events')
      .columns(['task_id', ...order]),
  ];
}
