import { type AssetRow, deleteAsset, deleteUploadsOfAsset, forgetOutputs, getAsset } from '../store/assets.ts';
import { listReferenced } from '../store/blob-references.ts';
import type { Db } from '../store/db.ts';
import type { Blobs } from './blobs.ts';

type Seen = Pick<AssetRow, 'id' | 'sha256' | 'used_at_ms'>;

/** Deletes an asset as it was seen, with everything that shows it, and then its bytes where nobody else has them: a crash
 *  in between leaves bytes without a row, which are swept up later, and never a row without bytes.
 *  @returns the bytes of disk that this freed; undefined when nothing was deleted, because the asset was used since, is
 *    gone, or is needed. */
export async function removeAsset(
  p: { db: Db; blobs: Blobs },
  { id, sha256, used_at_ms }: Seen,
): Promise<number | undefined> {
  const { db } = p;
  const { committed } = await db.write([
    deleteAsset(db, { id, used_at_ms }),
    forgetOutputs(db, { asset_id: id }),
    deleteUploadsOfAsset(db, { asset_id: id }),
  ]);
  return committed ? removeBytes(p, sha256) : undefined;
}

/** Deletes bytes that no row refers to. @returns how many that freed. */
export const removeBytes = ({ db, blobs }: { db: Db; blobs: Blobs }, sha256: string): Promise<number> =>
  blobs.remove(sha256, async () => (await listReferenced(db, [sha256])).has(sha256));

/** Deletes an upload that nothing needs any more. What a task made stays: it is shown by the task, and grows old by itself. */
export async function releaseAsset(p: { db: Db; blobs: Blobs }, id: string): Promise<void> {
  const row = await getAsset(p.db, id);
  if (row?.origin === 'upload') await removeAsset(p, row);
}
