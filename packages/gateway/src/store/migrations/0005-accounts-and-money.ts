import { type Kysely, type RawBuilder, sql } from 'kysely';
import type { Dialect } from '../db.ts';

export const name = 'accounts and money';

/** Accounts have balances, keys have limits, tasks have prices that were paid, and a ledger says why. Accounts made
 *  before had no balance to run out of, so they stay unlimited. */
export function statements(db: Kysely<unknown>, dialect: Dialect) {
  const { schema } = db;
  const big = dialect === 'sqlite' ? 'integer' : 'bigint';
  const createTable = (table: string) =>
    dialect === 'sqlite' ? schema.createTable(table).modifyEnd(sql`strict`) : schema.createTable(table);
  const raw = (query: RawBuilder<unknown>) => ({ compile: () => query.compile(db) });
  const keys = (column: string, type: 'text' | 'integer' | 'bigint') =>
    schema.alterTable('api_keys').addColumn(column, type);
  const tasks = (column: string, type: 'text' | 'integer' | 'bigint') =>
    schema.alterTable('tasks').addColumn(column, type);
  return [
    schema.alterTable('accounts').addColumn('currency', 'text', (c) => c.notNull().defaultTo('CNY')),
    schema.alterTable('accounts').addColumn('is_unlimited', 'integer', (c) => c.notNull().defaultTo(1)),
    schema.alterTable('accounts').addColumn('balance_micros', big, (c) => c.notNull().defaultTo(0)),
    schema.alterTable('accounts').addColumn('held_micros', big, (c) => c.notNull().defaultTo(0)),
    schema.alterTable('accounts').addColumn('disabled_at_ms', big),
    schema.alterTable('api_keys').addColumn('name', 'text', (c) => c.notNull().defaultTo('')),
    // Until now no other way led to a key.
    schema.alterTable('api_keys').addColumn('is_from_start', 'integer', (c) => c.notNull().defaultTo(1)),
    keys('expires_at_ms', big),
    keys('scopes', 'text'),
    keys('models', 'text'),
    keys('addresses', 'text'),
    keys('max_running', 'integer'),
    keys('max_waiting', 'integer'),
    keys('tasks_per_minute', 'integer'),
    keys('hour_budget_micros', big),
    keys('day_budget_micros', big),
    keys('total_budget_micros', big),
    schema.createIndex('keys_of_account').on('api_keys').columns(['account_id', 'id']),
    createTable('key_usage')
      .addColumn('key_id', 'text', (c) => c.notNull())
      .addColumn('period', 'text', (c) => c.notNull())
      .addColumn('tasks', 'integer', (c) => c.notNull())
      .addColumn('micros', big, (c) => c.notNull())
      .addPrimaryKeyConstraint('key_usage_key', ['key_id', 'period']),
    // The id is the whole key: as the table's own order it costs one tree instead of two.
    (dialect === 'sqlite'
      ? schema.createTable('transfers').modifyEnd(sql`strict, without rowid`)
      : schema.createTable('transfers')
    )
      .addColumn('id', 'text', (c) => c.primaryKey())
      .addColumn('account_id', 'text', (c) => c.notNull())
      .addColumn('task_id', 'text')
      .addColumn('kind', 'text', (c) => c.notNull())
      .addColumn('from_book', 'text', (c) => c.notNull())
      .addColumn('to_book', 'text', (c) => c.notNull())
      .addColumn('micros', big, (c) => c.notNull().check(sql`micros > 0`))
      .addColumn('currency', 'text', (c) => c.notNull())
      .addColumn('created_at_ms', big, (c) => c.notNull())
      .addColumn('note', 'text')
      .addColumn('reference', 'text'),
    // Those of tasks are found through their tasks.
    schema.createIndex('payments').on('transfers').columns(['account_id', 'id']).where(sql.ref('task_id'), 'is', null),
    schema
      .createIndex('payment_references')
      .unique()
      .on('transfers')
      .columns(['account_id', 'reference'])
      .where(sql.ref('reference'), 'is not', null),
    createTable('idempotency_keys')
      .addColumn('account_id', 'text', (c) => c.notNull())
      .addColumn('key', 'text', (c) => c.notNull())
      .addColumn('fingerprint', 'text', (c) => c.notNull())
      .addColumn('task_ids', 'text', (c) => c.notNull())
      .addColumn('created_at_ms', big, (c) => c.notNull())
      .addPrimaryKeyConstraint('idempotency_keys_key', ['account_id', 'key']),
    tasks('key_id', 'text'),
    schema.alterTable('tasks').addColumn('surface', 'text', (c) => c.notNull().defaultTo('v2')),
    tasks('webhook_url', 'text'),
    schema.alterTable('tasks').addColumn('priority', 'integer', (c) => c.notNull().defaultTo(0)),
    tasks('tags', 'text'),
    tasks('start_deadline_at_ms', big),
    tasks('rerun_of', 'text'),
    tasks('charge_micros', big),
    tasks('vendor_micros', big),
    tasks('vendor_currency', 'text'),
    // What ran before there was a ledger was never charged, and what still runs is not either.
    raw(sql`update tasks set charge_micros = 0 where ended_at_ms is not null`),
    raw(sql`update tasks set price_micros = 0 where ended_at_ms is null`),
    createTable('task_tags')
      .addColumn('account_id', 'text', (c) => c.notNull())
      .addColumn('tag', 'text', (c) => c.notNull())
      .addColumn('task_id', 'text', (c) => c.notNull())
      .addPrimaryKeyConstraint('task_tags_key', ['account_id', 'tag', 'task_id']),
  ];
}
