import { createReadStream } from 'node:fs';
import { isMediaAddress } from '@reelay/catalog';
import type { Blobs } from '../assets/blobs.ts';
import { type LocateDeps, locateAsset } from '../assets/locate.ts';
import { releaseAsset } from '../assets/removal.ts';
import type { Asset } from '../contract/asset.ts';
import { GatewayError } from '../contract/errors.ts';
import type { AssetGroup, ManagedAsset, MediaLibrary, NumberedPage } from '../contract/media-library.ts';
import type { Ids } from '../lib/ids.ts';
import { mapLimited } from '../lib/map-limited.ts';
import type { Queue } from '../queue/queue.ts';
import { deleteGroup, ensureGroup, type GroupRow, getGroup, listGroups, updateGroup } from '../store/asset-groups.ts';
import { useAsset } from '../store/assets.ts';
import {
  deleteManaged,
  deleteManagedOfGroup,
  getManaged,
  insertManaged,
  listManaged,
  type ManagedRow,
  renameManaged,
} from '../store/managed-assets.ts';
import { MEDIA_QUEUE, wrongKind } from './media-queue.ts';

type Deps = LocateDeps & {
  readonly queue: Pick<Queue, 'enqueue' | 'notify'>;
  readonly blobs: Blobs;
  readonly ids: Pick<Ids, 'managedAssetId' | 'assetGroupId'>;
};
type Own = { readonly accountId: string; readonly id: string };

/** Of the files of a group that is deleted. */
const MAX_AT_ONCE = 8;

export function createMediaLibrary(deps: Deps): MediaLibrary {
  const { db, assets, clock, ids, queue } = deps;
  const toManaged = async (row: ManagedRow): Promise<ManagedAsset> => ({
    id: row.id,
    groupId: row.group_id,
    name: row.name,
    // The columns hold what `create` and the fetcher write.
    kind: row.kind as ManagedAsset['kind'],
    status: row.status as ManagedAsset['status'],
    error: row.error,
    file: row.asset_id === null ? null : ((await assets.get(row.asset_id)) ?? null),
    createdAtMs: row.created_at_ms,
  });
  const require = async ({ accountId, id }: Own): Promise<ManagedAsset> => {
    const row = await getManaged(db, { account_id: accountId, id });
    if (row === undefined) throw new GatewayError('not_found', `no asset ${id}`);
    return toManaged(row);
  };
  const requireGroup = async ({ accountId, id }: Own): Promise<AssetGroup> => {
    const row = await getGroup(db, { account_id: accountId, id });
    if (row === undefined) throw noGroup(id);
    return toGroup(row);
  };

  return {
    async create({ accountId, groupId, name, kind, address }) {
      const file = await locate(deps, { accountId, kind, address });
      const id = ids.managedAssetId();
      const nowMs = clock.nowMs();
      const row: ManagedRow = {
        id,
        account_id: accountId,
        group_id: groupId,
        name,
        kind,
        status: file === undefined ? 'processing' : 'active',
        source: file === undefined ? address : null,
        asset_id: file?.id ?? null,
        error: null,
        created_at_ms: nowMs,
      };
      const group = { account_id: accountId, id: groupId, name: groupId, description: '', created_at_ms: nowMs };
      const { committed } = await db.write([
        ...(file === undefined ? [] : [useAsset(db, { id: file.id, used_at_ms: nowMs })]),
        ensureGroup(db, group),
        insertManaged(db, row),
        ...(file === undefined
          ? queue.enqueue({ id, queue: MEDIA_QUEUE, groupKey: accountId, payload: accountId }, nowMs)
          : []),
      ]);
      if (!committed) throw inUrl(new GatewayError('invalid_input', 'the file is no longer stored'));
      queue.notify(MEDIA_QUEUE);
      return toManaged(row);
    },
    require,
    async list({ filter, page }) {
      const { rows, total } = await listManaged(db, filter, toSpan(page));
      return { items: await Promise.all(rows.map(toManaged)), total };
    },
    async rename({ accountId, id, name }) {
      await db.write([renameManaged(db, { account_id: accountId, id, name })]);
      return require({ accountId, id });
    },
    async remove({ accountId, id }) {
      const outcome = await db.write([deleteManaged(db, { account_id: accountId, id })]);
      if (!outcome.committed) throw new GatewayError('not_found', `no asset ${id}`);
      await release(deps, outcome.results[0]?.rows);
    },

    async createGroup({ accountId, name, description }) {
      const id = ids.assetGroupId();
      await db.write([ensureGroup(db, { account_id: accountId, id, name, description, created_at_ms: clock.nowMs() })]);
      return { id, name, description, assetCount: 0 };
    },
    requireGroup,
    async listGroups({ page, ...filter }) {
      const { rows, total } = await listGroups(db, { ...filter, ...toSpan(page) });
      return { items: rows.map(toGroup), total };
    },
    async updateGroup({ accountId, id, ...changes }) {
      await db.write([updateGroup(db, { account_id: accountId, id }, changes)]);
      return requireGroup({ accountId, id });
    },
    async removeGroup({ accountId, id }) {
      const outcome = await db.write([
        deleteGroup(db, { account_id: accountId, id }),
        deleteManagedOfGroup(db, { account_id: accountId, group_id: id }),
      ]);
      if (!outcome.committed) throw noGroup(id);
      await release(deps, outcome.results[1]?.rows);
    },
  };
}

const noGroup = (id: string): GatewayError => new GatewayError('not_found', `no group ${id}`);
const toGroup = ({ id, name, description, assets }: GroupRow): AssetGroup => ({
  id,
  name,
  description,
  assetCount: Number(assets),
});
const toSpan = ({ number, size }: NumberedPage) => ({ limit: size, offset: (number - 1) * size });

/** The file of ours, of the right kind and in this account; undefined for one on the internet. */
async function locate(
  deps: Deps,
  { accountId, kind, address }: { accountId: string; kind: ManagedAsset['kind']; address: string },
): Promise<Asset | undefined> {
  try {
    if (!isMediaAddress(address)) {
      throw new GatewayError('invalid_input', 'must be an https address, an upload of yours, or asset://<id>');
    }
    const file = await locateAsset(deps, { accountId, address, maxMegabytes: deps.limits.maxFetchMegabytes });
    const fault = file === undefined ? undefined : wrongKind(file, kind);
    if (fault !== undefined) throw new GatewayError('invalid_input', fault);
    if (file === undefined || file.accountId === accountId) return file;
    // A link that works may be another account's, which is free to delete its file.
    const stream = createReadStream(file.path);
    const fileName = `file.${file.extension}`;
    return await deps.assets.store({ accountId, stream, fileName, maxBytes: file.sizeBytes });
  } catch (error) {
    throw error instanceof GatewayError ? inUrl(error) : error;
  }
}

const inUrl = ({ code, message }: GatewayError): GatewayError =>
  new GatewayError(code, `url: ${message}`, { details: [{ field: 'url', message }] });

async function release(deps: Deps, rows: readonly Readonly<Record<string, unknown>>[] = []): Promise<void> {
  const files = new Set(rows.flatMap(({ asset_id: id }) => (typeof id === 'string' ? [id] : [])));
  await mapLimited([...files], MAX_AT_ONCE, (id) => releaseAsset(deps, id));
}
