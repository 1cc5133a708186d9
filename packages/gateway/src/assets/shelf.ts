import type { Shelf } from '../contract/asset.ts';
import { GatewayError } from '../contract/errors.ts';
import { toPage, toPlace } from '../lib/cursor.ts';
import { getAsset, listAssets } from '../store/assets.ts';
import type { Db } from '../store/db.ts';
import type { Blobs } from './blobs.ts';
import { removeAsset } from './removal.ts';
import { fromRow } from './service.ts';

/** An asset that is used again and again while it is being deleted is in use. */
const MAX_TRIES = 3;

/** What an account may do with its files, beside using them. */
export function createShelf({ db, blobs }: { db: Db; blobs: Blobs }): Shelf {
  const findOwn = async ({ accountId, id }: { accountId: string; id: string }) => {
    const row = await getAsset(db, id);
    return row?.account_id === accountId ? row : undefined;
  };
  return {
    async list({ query, limit, cursor }) {
      const rows = await listAssets(db, query, { after: toPlace(cursor), limit: limit + 1 });
      const { items, nextCursor } = toPage(rows, limit);
      return { items: items.map((row) => fromRow(row, blobs.pathOf(row.sha256))), nextCursor };
    },
    async get(own) {
      const row = await findOwn(own);
      return row === undefined ? undefined : fromRow(row, blobs.pathOf(row.sha256));
    },
    async remove(own) {
      for (let tries = 1; tries <= MAX_TRIES; tries += 1) {
        const row = await findOwn(own);
        if (row === undefined) throw new GatewayError('file_not_found', `no asset ${own.id}`);
        if ((await removeAsset({ db, blobs }, row)) !== undefined) return;
      }
      throw new GatewayError('conflict', 'a task that has not ended, a managed asset or a model needs this file');
    },
  };
}
