import { type Kysely, sql } from 'kysely';
import type { Dialect } from '../db.ts';

export const name = 'library';

/** Media that accounts manage, in groups, and the models that can be named to a loader. */
export function statements({ schema }: Kysely<unknown>, dialect: Dialect) {
  const big = dialect === 'sqlite' ? 'integer' : 'bigint';
  const createTable = (table: string) =>
    dialect === 'sqlite' ? schema.createTable(table).modifyEnd(sql`strict`) : schema.createTable(table);
  const index = (table: string, indexName: string, columns: string[]) =>
    schema.createIndex(indexName).on(table).columns(columns);
  const tags = createTable('resource_tags');
  return [
    createTable('asset_groups')
      .addColumn('account_id', 'text', (c) => c.notNull())
      .addColumn('id', 'text', (c) => c.notNull())
      .addColumn('name', 'text', (c) => c.notNull())
      .addColumn('name_folded', 'text', (c) => c.notNull())
      .addColumn('description', 'text', (c) => c.notNull())
      .addColumn('created_at_ms', big, (c) => c.notNull())
      .addPrimaryKeyConstraint('asset_groups_key', ['account_id', 'id']),
    index('asset_groups', 'groups_of_account', ['account_id', 'created_at_ms', 'id']),
    createTable('managed_assets')
      .addColumn('id', 'text', (c) => c.primaryKey())
      .addColumn('account_id', 'text', (c) => c.notNull())
      .addColumn('group_id', 'text', (c) => c.notNull())
      .addColumn('name', 'text', (c) => c.notNull())
      .addColumn('name_folded', 'text', (c) => c.notNull())
      .addColumn('kind', 'text', (c) => c.notNull())
      .addColumn('status', 'text', (c) => c.notNull())
      .addColumn('source', 'text')
      .addColumn('asset_id', 'text')
      .addColumn('error', 'text')
      .addColumn('created_at_ms', big, (c) => c.notNull()),
    index('managed_assets', 'managed_of_account', ['account_id', 'created_at_ms', 'id']),
    index('managed_assets', 'managed_of_group', ['account_id', 'group_id', 'created_at_ms', 'id']),
    index('managed_assets', 'managed_of_asset', ['asset_id']),
    createTable('resources')
      .addColumn('id', 'text', (c) => c.primaryKey())
      .addColumn('account_id', 'text', (c) => c.notNull())
      .addColumn('type', 'text', (c) => c.notNull())
      .addColumn('name', 'text', (c) => c.notNull())
      .addColumn('name_folded', 'text', (c) => c.notNull())
      .addColumn('description', 'text', (c) => c.notNull())
      .addColumn('node_model_name', 'text', (c) => c.notNull())
      .addColumn('poster_url', 'text', (c) => c.notNull())
      .addColumn('thumbnail_url', 'text', (c) => c.notNull())
      .addColumn('owner_name', 'text', (c) => c.notNull())
      .addColumn('owner_avatar', 'text', (c) => c.notNull())
      .addColumn('asset_id', 'text')
      .addColumn('created_at_ms', big, (c) => c.notNull()),
    index('resources', 'resources_of_account', ['account_id', 'created_at_ms', 'id']),
    index('resources', 'resources_by_model', ['account_id', 'type', 'node_model_name']).unique(),
    index('resources', 'resources_of_asset', ['asset_id']),
    createTable('resource_versions')
      .addColumn('id', 'text', (c) => c.primaryKey())
      .addColumn('resource_id', 'text', (c) => c.notNull())
      .addColumn('position', 'integer', (c) => c.notNull())
      .addColumn('version', 'text', (c) => c.notNull())
      .addColumn('name', 'text', (c) => c.notNull())
      .addColumn('base_model', 'text', (c) => c.notNull())
      .addColumn('base_model_subtype', 'text', (c) => c.notNull())
      .addColumn('trigger_words', 'text', (c) => c.notNull())
      .addColumn('description', 'text', (c) => c.notNull())
      .addColumn('posters', 'text', (c) => c.notNull()),
    index('resource_versions', 'versions_of_resource', ['resource_id', 'position']),
    (dialect === 'sqlite'
      ? tags.addColumn('id', 'integer', (c) => c.primaryKey().autoIncrement())
      : tags.addColumn('id', 'integer', (c) => c.primaryKey().generatedAlwaysAsIdentity())
    ).addColumn('name', 'text', (c) => c.notNull().unique()),
    createTable('tags_of_resources')
      .addColumn('resource_id', 'text', (c) => c.notNull())
      .addColumn('tag_id', 'integer', (c) => c.notNull())
      .addPrimaryKeyConstraint('tags_of_resources_key', ['resource_id', 'tag_id']),
  ];
}
