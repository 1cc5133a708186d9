import { type Kysely, type RawBuilder, sql } from 'kysely';
import type { Dialect } from '../db.ts';

export const name = 'uploads and retention';

/** Uploads that arrive in pieces, which files tasks were given, and what it takes to find what is old. */
export function statements(db: Kysely<unknown>, dialect: Dialect) {
  const { schema } = db;
  const big = dialect === 'sqlite' ? 'integer' : 'bigint';
  const createTable = (table: string) =>
    dialect === 'sqlite' ? schema.createTable(table).modifyEnd(sql`strict`) : schema.createTable(table);
  const raw = (query: RawBuilder<unknown>) => ({ compile: () => query.compile(db) });
  const nowMs =
    dialect === 'sqlite'
      ? sql`cast(unixepoch('subsec') * 1000 as integer)`
      : sql`cast(extract(epoch from now()) * 1000 as bigint)`;
  const index = (table: string, indexName: string, columns: string[]) =>
    schema.createIndex(indexName).on(table).columns(columns);
  return [
    schema.alterTable('assets').addColumn('origin', 'text', (c) => c.notNull().defaultTo('upload')),
    schema.alterTable('assets').addColumn('used_at_ms', big, (c) => c.notNull().defaultTo(0)),
    // What is there already is new to retention, so that an update deletes nothing on its first day.
    raw(sql`update assets set used_at_ms = ${nowMs}`),
    raw(sql`update assets set origin = 'output' where id in (select asset_id from outputs)`),
    index('assets', 'assets_of_content', ['sha256']),
    index('assets', 'assets_of_account', ['account_id', 'created_at_ms', 'id']),
    index('assets', 'assets_by_use', ['origin', 'used_at_ms']),
    index('outputs', 'outputs_of_asset', ['asset_id']),
    createTable('task_inputs')
      .addColumn('task_id', 'text', (c) => c.notNull())
      .addColumn('asset_id', 'text', (c) => c.notNull())
      .addPrimaryKeyConstraint('task_inputs_key', ['asset_id', 'task_id']),
    index('task_inputs', 'inputs_of_task', ['task_id']),
    createTable('uploads')
      .addColumn('id', 'text', (c) => c.primaryKey())
      .addColumn('account_id', 'text', (c) => c.notNull())
      .addColumn('size_bytes', big, (c) => c.notNull())
      .addColumn('file_name', 'text')
      .addColumn('metadata', 'text')
      .addColumn('created_at_ms', big, (c) => c.notNull())
      .addColumn('expires_at_ms', big, (c) => c.notNull())
      .addColumn('sha256', 'text')
      .addColumn('asset_id', 'text')
      .addColumn('error_code', 'text')
      .addColumn('error_message', 'text'),
    index('uploads', 'uploads_of_account', ['account_id']),
    index('uploads', 'uploads_by_end', ['expires_at_ms']),
    index('uploads', 'uploads_of_content', ['sha256']),
    index('uploads', 'uploads_of_asset', ['asset_id']),
    index('tasks', 'tasks_ended', ['ended_at_ms']).where(sql.ref('ended_at_ms'), 'is not', null),
    index('idempotency_keys', 'idempotency_keys_by_age', ['created_at_ms']),
    index('key_usage', 'key_usage_by_period', ['period']),
  ];
}
