import type { Asset } from '../contract/asset.ts';
import { GatewayError } from '../contract/errors.ts';
import { useAsset } from '../store/assets.ts';
import { findResource, insertResource, type ResourceRow, replaceVersions, updateResource } from '../store/resources.ts';
import type { ModelDeps } from './models.ts';

/** Another may store the same LoRA at the same moment. */
const MAX_TRIES = 3;

/** What a loader node takes for a LoRA whose bytes have this MD5. */
export const loraNameOf = (md5: string): string => `api-lora-cn/${md5}.safetensors`;

/** Makes a model of a file that is stored. An account has each LoRA once: a second time only its name may change.
 *  @throws {GatewayError} `conflict` when the file was deleted meanwhile, or for other bytes of the same MD5. */
export async function keepLora(
  { db, ids, clock }: Pick<ModelDeps, 'db' | 'ids' | 'clock'>,
  { accountId, file, name, md5 }: { accountId: string; file: Asset; name: string; md5: string },
): Promise<ResourceRow> {
  const key = { accountId, type: 'LORA', nodeModelName: loraNameOf(md5) };
  for (let tries = 1; tries <= MAX_TRIES; tries += 1) {
    const known = await findResource(db, key);
    if (known !== undefined) {
      if (known.asset_id !== file.id) throw new GatewayError('conflict', 'other bytes have this MD5 here');
      if (known.name === name) return known;
      const { account_name: _, ...seen } = known;
      if ((await db.write([updateResource(db, seen, { name })])).committed) return { ...known, name };
      continue;
    }
    const row = toRow({ id: ids.resourceId(), accountId, file, name, md5 }, clock.nowMs());
    const { committed } = await db.write([
      useAsset(db, { id: file.id, used_at_ms: row.created_at_ms }),
      insertResource(db, row),
      ...replaceVersions(db, row.id, [firstVersion(ids.resourceId(), row)]),
    ]);
    const made = committed ? await findResource(db, key) : undefined;
    if (made !== undefined) return made;
  }
  throw new GatewayError('conflict', 'the file was deleted meanwhile: send it again');
}

type Lora = { id: string; accountId: string; file: Asset; name: string; md5: string };
const toRow = ({ id, accountId, file, name, md5 }: Lora, nowMs: number): Omit<ResourceRow, 'account_name'> => ({
  id,
  account_id: accountId,
  type: 'LORA',
  name,
  description: '',
  node_model_name: loraNameOf(md5),
  poster_url: '',
  thumbnail_url: '',
  owner_name: '',
  owner_avatar: '',
  asset_id: file.id,
  created_at_ms: nowMs,
});
const firstVersion = (id: string, resource: { id: string; name: string }) => ({
  id,
  resource_id: resource.id,
  position: 0,
  version: 'v1',
  name: resource.name,
  base_model: '',
  base_model_subtype: '',
  trigger_words: '',
  description: '',
  posters: '[]',
});
