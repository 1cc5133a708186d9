import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import type { Blobs } from '../assets/blobs.ts';
import { releaseAsset } from '../assets/removal.ts';
import type { AssetService } from '../contract/asset.ts';
import { GatewayError } from '../contract/errors.ts';
import type { ModelLibrary, Resource, ResourceChange, ResourceFields } from '../contract/model-library.ts';
import { toPage, toPlace } from '../lib/cursor.ts';
import type { Ids } from '../lib/ids.ts';
import type { Db, Statement } from '../store/db.ts';
import {
  countResources,
  deleteResource,
  EVERYBODY,
  findResource,
  getResource,
  insertResource,
  listResources,
  listVersions,
  type ResourceChanges,
  type ResourceRow,
  replaceTags,
  replaceVersions,
  updateResource,
} from '../store/resources.ts';
import { keepLora } from './lora-files.ts';
import { toResources } from './resource-view.ts';

export type ModelDeps = {
  readonly db: Db;
  readonly blobs: Blobs;
  readonly assets: Pick<AssetService, 'get'>;
  readonly ids: Pick<Ids, 'resourceId'>;
  readonly clock: { nowMs(): number };
};

export function createModelLibrary(deps: ModelDeps): ModelLibrary {
  const { db, assets, ids, clock } = deps;
  const requireRow = async (seen: { accountId: string; id: string }): Promise<ResourceRow> => {
    const row = await getResource(db, seen);
    if (row === undefined) throw noResource(seen.id);
    return row;
  };
  /** @throws {GatewayError} unless it may change. */
  const requireOwn = async (p: { accountId: string; isAdmin: boolean; id: string }): Promise<ResourceRow> => {
    const row = await requireRow(p);
    if (row.account_id !== EVERYBODY || p.isAdmin) return row;
    throw new GatewayError('forbidden', 'a shared model takes an administrator key');
  };
  const view = async (row: ResourceRow): Promise<Resource> => {
    const [resource] = await toResources(db, [row]);
    return resource ?? Promise.reject(noResource(row.id));
  };

  return {
    async page({ query, page: { number, size } }) {
      const [rows, total] = await Promise.all([
        listResources(db, query, { limit: size, offset: (number - 1) * size }),
        countResources(db, query),
      ]);
      return { items: await toResources(db, rows), total };
    },
    async list({ query, limit, cursor }) {
      const rows = await listResources(db, query, { after: toPlace(cursor), limit: limit + 1 });
      const { items, nextCursor } = toPage(rows, limit);
      return { items: await toResources(db, items), nextCursor };
    },
    require: async (seen) => view(await requireRow(seen)),
    async register(fields) {
      const id = ids.resourceId();
      const row = {
        id,
        account_id: EVERYBODY,
        ...toColumns(fields),
        asset_id: null,
        created_at_ms: clock.nowMs(),
        account_name: null,
      };
      const { account_name: _, ...inserted } = row;
      const { committed } = await db.write([insertResource(db, inserted), ...(await toParts(deps, id, fields))]);
      if (!committed) throw taken(fields.nodeModelName);
      return view(row);
    },
    async adopt({ accountId, assetId, name }) {
      const file = await assets.get(assetId);
      if (file?.accountId !== accountId) throw inAsset('there is no such asset');
      if (file.facts !== null) throw inAsset(`the file is ${file.kind} (${file.extension}), no model`);
      return view(await keepLora(deps, { accountId, file, name, md5: await md5Of(file.path) }));
    },
    async update({ fields, ...own }) {
      const row = await requireOwn(own);
      if (row.account_id !== EVERYBODY) refuseFixed(fields);
      const { account_name: _, ...seen } = row;
      const parts = await toParts(deps, row.id, fields);
      const { committed } = await db.write([updateResource(db, seen, toColumns(fields)), ...parts]);
      if (!committed) {
        await requireRow(own);
        throw taken(fields.nodeModelName ?? row.node_model_name);
      }
      return view(await requireRow(own));
    },
    async remove(own) {
      const row = await requireOwn(own);
      const { committed } = await db.write(deleteResource(db, row.id));
      if (!committed) throw noResource(row.id);
      if (row.asset_id !== null) await releaseAsset(deps, row.asset_id);
    },
    async findFile(key) {
      const row = await findResource(db, key);
      return row === undefined || row.asset_id === null ? undefined : assets.get(row.asset_id);
    },
  };
}

const noResource = (id: string): GatewayError => new GatewayError('not_found', `no resource ${id}`);
const taken = (nodeModelName: string): GatewayError =>
  new GatewayError('conflict', `there is another resource of this type that is called ${nodeModelName}`);
const inAsset = (message: string): GatewayError =>
  new GatewayError('invalid_input', `asset: ${message}`, { details: [{ field: 'asset', message }] });

/** What the file of an account's own model decides. */
function refuseFixed(fields: ResourceChange): void {
  const fixed = (['type', 'nodeModelName', 'owner'] as const).filter((field) => fields[field] !== undefined);
  if (fixed.length === 0) return;
  const details = fixed.map((field) => ({ field, message: 'cannot be changed: the file decides' }));
  throw new GatewayError('invalid_input', 'the file decides', { details });
}

const defined = <T extends object>(fields: T): { [K in keyof T]: Exclude<T[K], undefined> } =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as never;

/** The columns that the fields name; all of them for all fields. */
function toColumns(fields: ResourceFields): Required<ResourceChanges>;
function toColumns(fields: ResourceChange): ResourceChanges;
function toColumns(fields: ResourceChange): ResourceChanges {
  return defined({
    type: fields.type,
    name: fields.name,
    description: fields.description,
    node_model_name: fields.nodeModelName,
    poster_url: fields.posterUrl,
    thumbnail_url: fields.thumbnailUrl,
    owner_name: fields.owner?.name,
    owner_avatar: fields.owner?.avatarUrl,
  });
}

/** Versions and tags, where they are named. */
async function toParts(
  { db, ids }: ModelDeps,
  resourceId: string,
  { tags, versions }: ResourceChange,
): Promise<Statement[]> {
  const statements: Statement[] = [];
  if (tags !== undefined) statements.push(...replaceTags(db, resourceId, [...new Set(tags)]));
  if (versions !== undefined) {
    const known = new Map((await listVersions(db, [resourceId])).map(({ version, id }) => [version, id]));
    const rows = versions.map((one, position) => ({
      id: known.get(one.version) ?? ids.resourceId(),
      resource_id: resourceId,
      position,
      version: one.version,
      name: one.name,
      base_model: one.baseModel,
      base_model_subtype: one.baseModelSubtype,
      trigger_words: one.triggerWords,
      description: one.description,
      posters: JSON.stringify(one.posters),
    }));
    statements.push(...replaceVersions(db, resourceId, rows));
  }
  return statements;
}

async function md5Of(path: string): Promise<string> {
  const digest = createHash('md5');
  for await (const chunk of createReadStream(path)) digest.update(chunk);
  return digest.digest('hex');
}
