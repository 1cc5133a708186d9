import { type Kysely, sql } from 'kysely';
import type { Dialect } from '../db.ts';

/** Instants need 64 bits, which SQLite's `integer` has and PostgreSQL's has not. */
const big = (dialect: Dialect) => (dialect === 'sqlite' ? 'integer' : 'bigint');
const real = (dialect: Dialect) => (dialect === 'sqlite' ? 'real' : 'double precision');

export const name = 'start';

/** The tables of the first release. `schema.ts` says what the columns mean. */
// A migration describes the tables as they were then, so it must not use today's types.
export function statements(db: Kysely<unknown>, dialect: Dialect) {
  const { schema } = db;
  const instant = big(dialect);
  // Strict: SQLite refuses a value of the wrong type, as PostgreSQL does.
  const createTable = (table: string) =>
    dialect === 'sqlite' ? schema.createTable(table).modifyEnd(sql`strict`) : schema.createTable(table);
  return [
    createTable('settings')
      .addColumn('name', 'text', (c) => c.primaryKey())
      .addColumn('value', 'text', (c) => c.notNull()),
    createTable('accounts')
      .addColumn('id', 'text', (c) => c.primaryKey())
      .addColumn('name', 'text', (c) => c.notNull())
      .addColumn('created_at_ms', instant, (c) => c.notNull()),
    createTable('api_keys')
      .addColumn('id', 'text', (c) => c.primaryKey())
      .addColumn('account_id', 'text', (c) => c.notNull().references('accounts.id'))
      .addColumn('hash', 'text', (c) => c.notNull().unique())
      .addColumn('hint', 'text', (c) => c.notNull())
      .addColumn('is_admin', 'integer', (c) => c.notNull())
      .addColumn('created_at_ms', instant, (c) => c.notNull())
      .addColumn('revoked_at_ms', instant),
    createTable('tasks')
      .addColumn('id', 'text', (c) => c.primaryKey())
      .addColumn('account_id', 'text', (c) => c.notNull())
      .addColumn('endpoint', 'text', (c) => c.notNull())
      .addColumn('input', 'text', (c) => c.notNull())
      .addColumn('status', 'text', (c) => c.notNull())
      .addColumn('client_id', 'text', (c) => c.notNull())
      .addColumn('channel', 'text')
      .addColumn('handle', 'text')
      .addColumn('progress', real(dialect), (c) => c.notNull())
      .addColumn('error_code', 'text')
      .addColumn('error_message', 'text')
      .addColumn('price_micros', instant, (c) => c.notNull())
      .addColumn('currency', 'text', (c) => c.notNull())
      .addColumn('created_at_ms', instant, (c) => c.notNull())
      .addColumn('started_at_ms', instant)
      .addColumn('ended_at_ms', instant)
      .addColumn('deadline_at_ms', instant, (c) => c.notNull()),
    schema.createIndex('tasks_of_account').on('tasks').columns(['account_id', 'id']),
    createTable('attempts')
      .addColumn('task_id', 'text', (c) => c.notNull())
      .addColumn('number', 'integer', (c) => c.notNull())
      .addColumn('channel', 'text', (c) => c.notNull())
      .addColumn('started_at_ms', instant, (c) => c.notNull())
      .addColumn('accepted_at_ms', instant)
      .addColumn('ended_at_ms', instant)
      .addColumn('outcome', 'text')
      .addColumn('error_code', 'text')
      .addColumn('error_message', 'text')
      .addPrimaryKeyConstraint('attempts_key', ['task_id', 'number']),
    createTable('outputs')
      .addColumn('task_id', 'text', (c) => c.notNull())
      .addColumn('position', 'integer', (c) => c.notNull())
      .addColumn('asset_id', 'text')
      .addColumn('text', 'text')
      .addColumn('extension', 'text', (c) => c.notNull())
      .addPrimaryKeyConstraint('outputs_key', ['task_id', 'position']),
    createTable('assets')
      .addColumn('id', 'text', (c) => c.primaryKey())
      .addColumn('account_id', 'text', (c) => c.notNull())
      .addColumn('sha256', 'text', (c) => c.notNull())
      .addColumn('size_bytes', instant, (c) => c.notNull())
      .addColumn('media_type', 'text', (c) => c.notNull())
      .addColumn('extension', 'text', (c) => c.notNull())
      .addColumn('kind', 'text', (c) => c.notNull())
      .addColumn('width_px', 'integer')
      .addColumn('height_px', 'integer')
      .addColumn('duration_ms', 'integer')
      .addColumn('has_audio', 'integer')
      .addColumn('created_at_ms', instant, (c) => c.notNull())
      .addUniqueConstraint('assets_content', ['account_id', 'sha256', 'extension']),
    createTable('jobs')
      .addColumn('id', 'text', (c) => c.primaryKey())
      .addColumn('queue', 'text', (c) => c.notNull())
      .addColumn('group_key', 'text', (c) => c.notNull())
      .addColumn('priority', 'integer', (c) => c.notNull())
      .addColumn('run_at_ms', instant, (c) => c.notNull())
      .addColumn('attempts', 'integer', (c) => c.notNull())
      .addColumn('payload', 'text', (c) => c.notNull())
      .addColumn('holder', 'text')
      .addColumn('fence', 'integer', (c) => c.notNull())
      .addColumn('claim', 'integer')
      .addColumn('last_error', 'text')
      .addColumn('created_at_ms', instant, (c) => c.notNull()),
    // A claim reads the free jobs of one queue and priority in the order in which they are due.
    schema
      .createIndex('jobs_free')
      .on('jobs')
      .columns(['queue', 'priority', 'run_at_ms', 'id', 'group_key'])
      .where(sql.ref('holder'), 'is', null),
    // How many jobs of a group are running.
    schema.createIndex('jobs_held').on('jobs').columns(['queue', 'group_key']).where(sql.ref('holder'), 'is not', null),
    createTable('holders')
      .addColumn('id', 'text', (c) => c.primaryKey())
      .addColumn('lease_until_ms', instant, (c) => c.notNull()),
    createTable('timings')
      .addColumn('channel', 'text', (c) => c.notNull())
      .addColumn('endpoint', 'text', (c) => c.notNull())
      .addColumn('samples', 'integer', (c) => c.notNull())
      .addColumn('mean_log_ms', real(dialect), (c) => c.notNull())
      .addColumn('variance_log_ms', real(dialect), (c) => c.notNull())
      .addPrimaryKeyConstraint('timings_key', ['channel', 'endpoint']),
  ];
}
