import { type RawBuilder, sql } from 'kysely';
import type { Place } from '../lib/cursor.ts';
import type { Db, Statement } from './db.ts';
import type { Schema } from './schema.ts';
import { fold, toContaining } from './search-text.ts';
import { prepare, prepareInsert, toStatement } from './statement.ts';

type Row = Schema['resources'];
export type VersionRow = Schema['resource_versions'];
type NewResource = Omit<Row, 'name_folded'>;
export type ResourceRow = NewResource & {
  /** The name of the account whose it is. */
  readonly account_name: string | null;
};
export type TagRow = { readonly resource_id: string; readonly id: number; readonly name: string };

/** Whose a resource is that everybody sees. */
export const EVERYBODY = '';

// biome-ignore format: one list of columns
const insert = prepareInsert('resources', [
  'id', 'account_id', 'type', 'name', 'name_folded', 'description', 'node_model_name', 'poster_url', 'thumbnail_url',
  'owner_name', 'owner_avatar', 'asset_id', 'created_at_ms',
], { onConflict: 'do nothing' });
/** Touches nothing where the owner has a resource of this type and `node_model_name` already. */
export const insertResource = (db: Db, row: NewResource): Statement => ({
  ...insert(db, { ...row, name_folded: fold(row.name) }),
  expect: 1,
});

export type ResourceChanges = Partial<Omit<NewResource, 'id' | 'account_id' | 'asset_id' | 'created_at_ms'>>;

/** Touches nothing where it is gone, or its owner has another of this type and `node_model_name`. */
export function updateResource(db: Db, { id, account_id, ...seen }: NewResource, changes: ResourceChanges): Statement {
  const { type, node_model_name } = { ...seen, ...changes };
  const update = db.build
    .updateTable('resources')
    .set({ id, ...changes, ...(changes.name === undefined ? {} : { name_folded: fold(changes.name) }) })
    .where('id', '=', id)
    .where(({ not, exists, selectFrom }) =>
      not(
        exists(
          selectFrom('resources as other')
            .select('other.id')
            .where('other.account_id', '=', account_id)
            .where('other.type', '=', type)
            .where('other.node_model_name', '=', node_model_name)
            .where('other.id', '<>', id),
        ),
      ),
    );
  return { ...toStatement(update), expect: 1 };
}

/** The resource itself last: it decides whether anything happens. */
export const deleteResource = (db: Db, id: string): Statement[] => [
  deleteVersions(db, { resource_id: id }),
  unlinkTags(db, { resource_id: id }),
  { ...toStatement(db.build.deleteFrom('resources').where('id', '=', id)), expect: 1 },
];

// biome-ignore format: one list of columns
const insertVersion = prepareInsert('resource_versions', [
  'id', 'resource_id', 'position', 'version', 'name', 'base_model', 'base_model_subtype', 'trigger_words',
  'description', 'posters',
]);
const deleteVersions = prepare<{ resource_id: string }>((db, p) =>
  db.deleteFrom('resource_versions').where('resource_id', '=', p('resource_id')),
);
/** These in place of those that it had. */
export const replaceVersions = (db: Db, resource_id: string, versions: readonly VersionRow[]): Statement[] => [
  deleteVersions(db, { resource_id }),
  ...versions.map((version) => insertVersion(db, version)),
];

const insertTag = prepare<{ name: string }>((db, p) =>
  db
    .insertInto('resource_tags')
    .values({ name: p('name') })
    .onConflict((conflict) => conflict.doNothing()),
);
const linkTag = prepare<{ resource_id: string; name: string }>((db, p, dialect) => {
  const id = dialect === 'sqlite' ? sql`${p('resource_id')}` : sql`cast(${p('resource_id')} as text)`;
  const query = sql`insert into tags_of_resources (resource_id, tag_id)
    select ${id}, id from resource_tags where name = ${p('name')}`;
  return { compile: () => query.compile(db) };
});
const unlinkTags = prepare<{ resource_id: string }>((db, p) =>
  db.deleteFrom('tags_of_resources').where('resource_id', '=', p('resource_id')),
);
/** These in place of those that it had. A tag keeps its number for ever. @param names without repetition. */
export const replaceTags = (db: Db, resource_id: string, names: readonly string[]): Statement[] => [
  unlinkTags(db, { resource_id }),
  // In one order, so that two who add the same tags do not wait for each other.
  ...names.toSorted().flatMap((name) => [insertTag(db, { name }), linkTag(db, { resource_id, name })]),
];

/** With the names of their accounts. */
const selectResources = (db: Db) =>
  db.build.selectFrom('resources').leftJoin('accounts', 'accounts.id', 'resources.account_id');
// biome-ignore format: one list of columns
const COLUMNS = [
  'resources.id', 'resources.account_id', 'resources.type', 'resources.name', 'resources.description',
  'resources.node_model_name', 'resources.poster_url', 'resources.thumbnail_url', 'resources.owner_name',
  'resources.owner_avatar', 'resources.asset_id', 'resources.created_at_ms', 'accounts.name as account_name',
] as const;

export type ResourceFilter = {
  /** Who looks: it sees its own and everybody's. */
  readonly accountId: string;
  readonly type?: string | undefined;
  /** Part of the name, in any case. */
  readonly name?: string | undefined;
  /** A version has one of these. */
  readonly baseModels?: readonly string[] | undefined;
  /** It has one of these. */
  readonly tags?: readonly number[] | undefined;
};

function matching(db: Db, { accountId, type, name, baseModels = [], tags = [] }: ResourceFilter) {
  let found = selectResources(db).where('resources.account_id', 'in', [EVERYBODY, accountId]);
  if (type !== undefined) found = found.where('resources.type', '=', type);
  if (name !== undefined) found = found.where(contains(sql.ref('resources.name_folded'), name));
  if (baseModels.length > 0)
    found = found.where(({ exists, selectFrom }) =>
      exists(
        selectFrom('resource_versions')
          .select('resource_versions.id')
          .whereRef('resource_versions.resource_id', '=', 'resources.id')
          .where('resource_versions.base_model', 'in', [...baseModels]),
      ),
    );
  if (tags.length > 0)
    found = found.where(({ exists, selectFrom }) =>
      exists(
        selectFrom('tags_of_resources')
          .select('tags_of_resources.tag_id')
          .whereRef('tags_of_resources.resource_id', '=', 'resources.id')
          .where('tags_of_resources.tag_id', 'in', [...tags]),
      ),
    );
  return found;
}

const contains = (column: RawBuilder<unknown>, text: string): RawBuilder<boolean> =>
  sql<boolean>`${column} like ${toContaining(text)} escape '!'`;

/** Newest first: so many, from the beginning less `offset`, or after a place. */
export function listResources(
  db: Db,
  filter: ResourceFilter,
  page: { readonly limit: number; readonly offset?: number; readonly after?: Place | undefined },
): Promise<ResourceRow[]> {
  const { after } = page;
  let found = matching(db, filter);
  if (after !== undefined)
    found = found.where(({ eb, refTuple, tuple }) =>
      eb(refTuple('resources.created_at_ms', 'resources.id'), '<', tuple(after.created_at_ms, after.id)),
    );
  return db.read<ResourceRow>(
    toStatement(
      found
        .select(COLUMNS)
        .orderBy('resources.created_at_ms', 'desc')
        .orderBy('resources.id', 'desc')
        .limit(page.limit)
        .offset(page.offset ?? 0),
    ),
  );
}

export async function countResources(db: Db, filter: ResourceFilter): Promise<number> {
  const count = matching(db, filter).select(({ fn }) => fn.countAll<number>().as('total'));
  const [row] = await db.read<{ total: number }>(toStatement(count));
  return Number(row?.total ?? 0);
}

/** Of several resources at once, each in its own order. */
export async function listVersions(db: Db, resourceIds: readonly string[]): Promise<VersionRow[]> {
  if (resourceIds.length === 0) return [];
  const versions = db.build.selectFrom('resource_versions').selectAll();
  return db.read<VersionRow>(toStatement(versions.where('resource_id', 'in', [...resourceIds]).orderBy('position')));
}

export async function listTags(db: Db, resourceIds: readonly string[]): Promise<TagRow[]> {
  if (resourceIds.length === 0) return [];
  const links = db.build
    .selectFrom('tags_of_resources')
    .innerJoin('resource_tags', 'resource_tags.id', 'tags_of_resources.tag_id')
    .select(['tags_of_resources.resource_id', 'resource_tags.id', 'resource_tags.name'])
    .where('tags_of_resources.resource_id', 'in', [...resourceIds]);
  return db.read<TagRow>(toStatement(links.orderBy('resource_tags.name')));
}

type Seen = { readonly accountId: string };

/** Undefined for one of another account. */
export async function getResource(db: Db, { accountId, id }: Seen & { id: string }): Promise<ResourceRow | undefined> {
  const query = matching(db, { accountId }).select(COLUMNS).where('resources.id', '=', id);
  return (await db.read<ResourceRow>(toStatement(query)))[0];
}

/** The one that an owner has under the value that a loader takes. */
export async function findResource(
  db: Db,
  { accountId, type, nodeModelName }: Seen & { type: string; nodeModelName: string },
): Promise<ResourceRow | undefined> {
  const query = selectResources(db)
    .select(COLUMNS)
    .where('resources.account_id', '=', accountId)
    .where('resources.type', '=', type)
    .where('resources.node_model_name', '=', nodeModelName);
  return (await db.read<ResourceRow>(toStatement(query)))[0];
}
