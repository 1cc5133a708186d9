import { type Kysely, sql } from 'kysely';
import type { Dialect } from '../db.ts';

export const name = 'webhooks';

/** Who wants to be told, what was and is to be told, and what came of each try. */
export function statements({ schema }: Kysely<unknown>, dialect: Dialect) {
  const big = dialect === 'sqlite' ? 'integer' : 'bigint';
  const createTable = (table: string) =>
    dialect === 'sqlite' ? schema.createTable(table).modifyEnd(sql`strict`) : schema.createTable(table);
  const index = (table: string, indexName: string, columns: string[]) =>
    schema.createIndex(indexName).on(table).columns(columns);
  return [
    createTable('webhook_endpoints')
      .addColumn('id', 'text', (c) => c.primaryKey())
      .addColumn('account_id', 'text', (c) => c.notNull())
      .addColumn('url', 'text', (c) => c.notNull())
      .addColumn('description', 'text', (c) => c.notNull())
      .addColumn('event_types', 'text', (c) => c.notNull())
      .addColumn('created_at_ms', big, (c) => c.notNull())
      .addColumn('disabled_at_ms', big)
      .addColumn('disabled_reason', 'text'),
    index('webhook_endpoints', 'webhook_endpoints_of_account', ['account_id', 'created_at_ms', 'id']),
    createTable('webhook_secrets')
      .addColumn('id', 'text', (c) => c.primaryKey())
      .addColumn('account_id', 'text', (c) => c.notNull())
      .addColumn('owner_id', 'text', (c) => c.notNull())
      .addColumn('sealed', 'text', (c) => c.notNull())
      .addColumn('created_at_ms', big, (c) => c.notNull())
      .addColumn('expires_at_ms', big),
    index('webhook_secrets', 'webhook_secrets_of_owner', ['owner_id']),
    // Of two that are made at the same time, one counts.
    index('webhook_secrets', 'webhook_secrets_current', ['owner_id'])
      .unique()
      .where(sql.ref('expires_at_ms'), 'is', null),
    createTable('webhook_deliveries')
      .addColumn('number', big, (c) =>
        dialect === 'sqlite' ? c.primaryKey().autoIncrement() : c.primaryKey().generatedAlwaysAsIdentity(),
      )
      .addColumn('account_id', 'text', (c) => c.notNull())
      .addColumn('task_id', 'text')
      .addColumn('endpoint_id', 'text')
      .addColumn('type', 'text', (c) => c.notNull())
      .addColumn('url', 'text')
      .addColumn('state', 'text', (c) => c.notNull())
      .addColumn('round', 'integer', (c) => c.notNull())
      .addColumn('tries', 'integer', (c) => c.notNull())
      .addColumn('attempts', 'integer', (c) => c.notNull())
      .addColumn('is_queued', 'integer', (c) => c.notNull())
      .addColumn('created_at_ms', big, (c) => c.notNull())
      .addColumn('updated_at_ms', big, (c) => c.notNull())
      .addColumn('next_at_ms', big)
      .addColumn('last_status', 'integer')
      .addColumn('last_response', 'text')
      .addColumn('last_error', 'text'),
    index('webhook_deliveries', 'webhook_deliveries_of_account', ['account_id', 'number']),
    index('webhook_deliveries', 'webhook_deliveries_in_state', ['account_id', 'state', 'number']),
    index('webhook_deliveries', 'webhook_deliveries_of_task', ['task_id']),
    index('webhook_deliveries', 'webhook_deliveries_of_endpoint', ['endpoint_id', 'number']),
    index('webhook_deliveries', 'webhook_deliveries_by_age', ['created_at_ms']),
    index('webhook_deliveries', 'webhook_deliveries_new', ['number']).where(sql.ref('is_queued'), '=', sql.lit(0)),
    createTable('webhook_attempts')
      .addColumn('delivery', big, (c) => c.notNull().references('webhook_deliveries.number').onDelete('cascade'))
      .addColumn('number', 'integer', (c) => c.notNull())
      .addColumn('url', 'text', (c) => c.notNull())
      .addColumn('started_at_ms', big, (c) => c.notNull())
      .addColumn('duration_ms', 'integer', (c) => c.notNull())
      .addColumn('status', 'integer')
      .addColumn('response', 'text')
      .addColumn('error', 'text')
      .addPrimaryKeyConstraint('webhook_attempts_key', ['delivery', 'number']),
  ];
}
