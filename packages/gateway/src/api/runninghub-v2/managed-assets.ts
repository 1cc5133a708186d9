import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import type { Callers } from '../../accounts/keys.ts';
import type { Asset } from '../../contract/asset.ts';
import type { Scope } from '../../contract/key.ts';
import { MANAGED_STATUSES, type ManagedAsset, MEDIA_KINDS, type MediaLibrary } from '../../contract/media-library.ts';
import { count, readFields, text, word } from '../fields.ts';
import { toObject } from '../json-body.ts';
import { credentialsOf } from '../request-key.ts';
import { type LegacyAnswer, succeeded } from '../runninghub-legacy/render.ts';

const MAX_NAME_CHARS = 200;
const MAX_ID_CHARS = 128;
const MAX_DESCRIPTION_CHARS = 1_000;
/** What fits into a body: an address may be the file itself. */
const MAX_URL_CHARS = Number.MAX_SAFE_INTEGER;

const assetId = text(MAX_ID_CHARS);
const groupId = text(MAX_ID_CHARS);
const name = text(MAX_NAME_CHARS);
const page = {
  pageNumber: count({ min: 1, max: 1_000_000, fallback: 1 }),
  pageSize: count({ min: 1, max: 100, fallback: 20 }),
};
const Fields = {
  create: z.object({ groupId, name, url: text(MAX_URL_CHARS), assetType: word(MEDIA_KINDS) }),
  asset: z.object({ assetId }),
  list: z.object({
    ...page,
    groupId: groupId.optional(),
    status: word(MANAGED_STATUSES).optional(),
    name: name.optional(),
  }),
  rename: z.object({ assetId, name }),
  createGroup: z.object({ name, description: text(MAX_DESCRIPTION_CHARS).default('') }),
  group: z.object({ groupId }),
  listGroups: z.object({ ...page, name: name.optional() }),
  updateGroup: z.object({
    groupId,
    name: name.optional(),
    description: text(MAX_DESCRIPTION_CHARS).optional(),
  }),
};

type Deps = {
  readonly media: MediaLibrary;
  readonly assets: { link(asset: Asset): string };
  readonly callers: Callers;
};

/** `/openapi/v2/assets/*` and `/openapi/v2/assets/groups/*`: media that are registered once and then named by their ids. */
export function managedAssetRoutes(app: FastifyInstance, { media, assets, callers }: Deps): void {
  const add = <S extends z.ZodType>(
    path: string,
    scope: Scope,
    schema: S,
    handle: (accountId: string, fields: z.output<S>) => Promise<unknown>,
  ) =>
    app.post(`/openapi/v2/assets/${path}`, async (request): Promise<LegacyAnswer> => {
      const body = toObject(request.body);
      const { accountId } = await callers(credentialsOf(request, body), scope);
      return succeeded((await handle(accountId, readFields(schema, body))) ?? null);
    });
  const toAsset = (asset: ManagedAsset) => toWireAsset(asset, assets);

  add('create', 'assets:write', Fields.create, async (accountId, { assetType: kind, url: address, ...named }) => {
    const { id, status } = await media.create({ accountId, kind, address, ...named });
    return { assetId: id, status: STATUS_WORDS[status] };
  });
  add('query', 'assets:read', Fields.asset, async (accountId, { assetId: id }) => {
    const { groupId: _, ...asset } = toAsset(await media.require({ accountId, id }));
    return asset;
  });
  add('list', 'assets:read', Fields.list, async (accountId, { pageNumber, pageSize, ...filter }) => {
    const { items, total } = await media.list({
      filter: { accountId, ...filter },
      page: { number: pageNumber, size: pageSize },
    });
    return { items: items.map(toAsset), totalCount: total };
  });
  add('update', 'assets:write', Fields.rename, async (accountId, { assetId: id, name }) => {
    const renamed = await media.rename({ accountId, id, name });
    return { assetId: id, name: renamed.name, status: STATUS_WORDS[renamed.status] };
  });
  add('delete', 'assets:write', Fields.asset, (accountId, { assetId: id }) => media.remove({ accountId, id }));

  add('groups/create', 'assets:write', Fields.createGroup, async (accountId, fields) => {
    const group = await media.createGroup({ accountId, ...fields });
    return { groupId: group.id, name: group.name, description: group.description };
  });
  add('groups/query', 'assets:read', Fields.group, async (accountId, { groupId: id }) => {
    const { id: groupId, ...group } = await media.requireGroup({ accountId, id });
    return { groupId, ...group };
  });
  add('groups/list', 'assets:read', Fields.listGroups, async (accountId, { pageNumber, pageSize, name }) => {
    const { items, total } = await media.listGroups({ accountId, name, page: { number: pageNumber, size: pageSize } });
    return { items: items.map(({ id: groupId, ...group }) => ({ groupId, ...group })), totalCount: total };
  });
  add('groups/update', 'assets:write', Fields.updateGroup, async (accountId, { groupId: id, ...changes }) => {
    const group = await media.updateGroup({ accountId, id, ...changes });
    return { groupId: group.id, name: group.name, description: group.description };
  });
  add('groups/delete', 'assets:write', Fields.group, (accountId, { groupId: id }) =>
    media.removeGroup({ accountId, id }),
  );
}

const KIND_WORDS: Record<ManagedAsset['kind'], string> = { image: 'Image', video: 'Video', audio: 'Audio' };
const STATUS_WORDS: Record<ManagedAsset['status'], string> = {
  processing: 'PROCESSING',
  active: 'ACTIVE',
  failed: 'FAILED',
};

/** Why it failed stands there only when it did. */
const toWireAsset = ({ id, groupId, name, kind, status, error, file }: ManagedAsset, assets: Deps['assets']) => ({
  assetId: id,
  groupId,
  name,
  assetType: KIND_WORDS[kind],
  status: STATUS_WORDS[status],
  previewUrl: file === null ? '' : assets.link(file),
  ...(error === null ? {} : { errorMessage: error }),
});
