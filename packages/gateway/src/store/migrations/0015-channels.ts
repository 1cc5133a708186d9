import { type Kysely, sql } from 'kysely';
import type { Dialect } from '../db.ts';

export const name = 'channels';

/** Channels, what is off, how they are, what was spent on them, and who waits for them; and of attempts, why they were
 *  made where they were. */
export function statements({ schema }: Kysely<unknown>, dialect: Dialect) {
  const big = dialect === 'sqlite' ? 'integer' : 'bigint';
  const real = dialect === 'sqlite' ? 'real' : 'double precision';
  const createTable = (table: string) =>
    dialect === 'sqlite' ? schema.createTable(table).modifyEnd(sql`strict`) : schema.createTable(table);
  const attempts = (column: string, type: 'text' | 'integer' | 'bigint') =>
    schema.alterTable('attempts').addColumn(column, type);
  return [
    createTable('channels')
      .addColumn('id', 'text', (c) => c.primaryKey())
      .addColumn('name', 'text', (c) => c.notNull().unique())
      .addColumn('account_id', 'text')
      .addColumn('provider', 'text', (c) => c.notNull())
      .addColumn('settings', 'text', (c) => c.notNull())
      .addColumn('credentials', 'text', (c) => c.notNull())
      .addColumn('rules', 'text', (c) => c.notNull())
      .addColumn('priority', 'integer', (c) => c.notNull())
      .addColumn('weight', real, (c) => c.notNull())
      .addColumn('price_factor', real, (c) => c.notNull())
      .addColumn('cost_factor', real, (c) => c.notNull())
      .addColumn('max_concurrent', 'integer')
      .addColumn('per_minute', 'integer')
      .addColumn('hour_budget_micros', big)
      .addColumn('day_budget_micros', big)
      .addColumn('total_budget_micros', big)
      .addColumn('currency', 'text', (c) => c.notNull())
      .addColumn('revision', 'integer', (c) => c.notNull())
      .addColumn('created_at_ms', big, (c) => c.notNull())
      .addColumn('updated_at_ms', big, (c) => c.notNull()),
    schema.createIndex('channels_of_account').on('channels').columns(['account_id', 'created_at_ms', 'id']),
    createTable('channel_switches')
      .addColumn('channel', 'text', (c) => c.notNull())
      .addColumn('endpoint', 'text', (c) => c.notNull())
      .addColumn('model', 'text', (c) => c.notNull())
      .addColumn('by_whom', 'text', (c) => c.notNull())
      .addColumn('reason', 'text', (c) => c.notNull())
      .addColumn('at_ms', big, (c) => c.notNull())
      .addColumn('checked_at_ms', big, (c) => c.notNull())
      .addPrimaryKeyConstraint('channel_switches_key', ['channel', 'endpoint', 'model', 'by_whom']),
    createTable('channel_health')
      .addColumn('channel', 'text', (c) => c.notNull())
      .addColumn('endpoint', 'text', (c) => c.notNull())
      .addColumn('failures', 'integer', (c) => c.notNull())
      .addColumn('failed_at_ms', big, (c) => c.notNull())
      .addColumn('openings', 'integer', (c) => c.notNull())
      .addColumn('open_until_ms', big)
      .addColumn('probe_until_ms', big)
      .addColumn('pauses', 'integer', (c) => c.notNull())
      .addColumn('paused_until_ms', big)
      .addColumn('reason', 'text', (c) => c.notNull())
      .addPrimaryKeyConstraint('channel_health_key', ['channel', 'endpoint']),
    createTable('channel_usage')
      .addColumn('channel', 'text', (c) => c.notNull())
      .addColumn('period', 'text', (c) => c.notNull())
      .addColumn('micros', big, (c) => c.notNull())
      .addPrimaryKeyConstraint('channel_usage_key', ['channel', 'period']),
    createTable('channel_waits')
      .addColumn('awaited', 'text', (c) => c.notNull())
      .addColumn('priority', 'integer', (c) => c.notNull())
      .addColumn('group_key', 'text', (c) => c.notNull())
      .addColumn('task_id', 'text', (c) => c.notNull())
      .addColumn('reason', 'text', (c) => c.notNull())
      .addPrimaryKeyConstraint('channel_waits_key', ['awaited', 'priority', 'group_key', 'task_id']),
    schema.createIndex('waits_of_task').on('channel_waits').columns(['task_id']),
    schema.alterTable('tasks').addColumn('routing', 'text'),
    attempts('model', 'text'),
    attempts('reason', 'text'),
    attempts('considered', 'text'),
    attempts('charge_micros', big),
    attempts('estimate_micros', big),
    schema.alterTable('attempts').addColumn('is_counted', 'integer', (c) => c.notNull().defaultTo(0)),
    schema.createIndex('attempts_open').on('attempts').columns(['channel']).where(sql.ref('outcome'), 'is', null),
    schema.createIndex('attempts_of_channel').on('attempts').columns(['channel', 'started_at_ms']),
  ];
}
