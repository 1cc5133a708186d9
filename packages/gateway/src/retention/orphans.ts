import { stat } from 'node:fs/promises';
import type { Blobs } from '../assets/blobs.ts';
import type { Parts } from '../assets/parts.ts';
import { removeBytes } from '../assets/removal.ts';
import { listReferenced } from '../store/blob-references.ts';
import type { Db } from '../store/db.ts';
import { listKnownUploads } from '../store/retention.ts';

/** Younger ones may be on their way to a row, in another process of the same store. */
const MIN_AGE_MS = 24 * 3_600_000;
/** Asked about at once. */
const MAX_NAMES = 200;

type Deps = { readonly db: Db; readonly blobs: Blobs; readonly parts: Parts };
type Found = { readonly files: number; readonly freedBytes: number };

/** Every folder of blobs, by the first two digits of its hashes. */
const PREFIXES = Array.from({ length: 256 }, (_, n) => n.toString(16).padStart(2, '0'));

/** Deletes files that no row names: what a crash between a row and its file left behind. Reads the names of all files and
 *  looks at those only that nobody refers to. @param rest is awaited after each folder that holds something. */
export async function removeOrphans(deps: Deps, nowMs: number, rest: () => Promise<void>): Promise<Found> {
  let files = 0;
  let freedBytes = 0;
  const isOld = async (path: string) => {
    const found = await stat(path).catch(() => undefined);
    return found !== undefined && nowMs - Math.max(found.mtimeMs, found.ctimeMs) >= MIN_AGE_MS ? found.size : undefined;
  };
  for (const prefix of PREFIXES) {
    const all = await deps.blobs.list(prefix);
    for (const some of inGroups(all)) {
      const hashes = some.map(({ sha256 }) => sha256);
      const referenced = await listReferenced(deps.db, hashes);
      for (const { sha256, path } of some) {
        if (referenced.has(sha256) || (await isOld(path)) === undefined) continue;
        freedBytes += await removeBytes(deps, sha256);
        files += 1;
      }
      await rest();
    }
  }
  for (const ids of inGroups(await deps.parts.list())) {
    const known = await listKnownUploads(deps.db, ids);
    for (const id of ids) {
      const sizeBytes = known.has(id) ? undefined : await isOld(deps.parts.pathOf(id));
      if (sizeBytes === undefined) continue;
      await deps.parts.remove(id);
      freedBytes += sizeBytes;
      files += 1;
    }
    await rest();
  }
  return { files, freedBytes };
}

function inGroups<T>(all: readonly T[]): T[][] {
  const groups: T[][] = [];
  for (let at = 0; at < all.length; at += MAX_NAMES) groups.push(all.slice(at, at + MAX_NAMES));
  return groups;
}
