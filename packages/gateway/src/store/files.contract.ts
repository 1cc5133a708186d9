import { afterEach, describe, expect, test } from 'vitest';
import {
  type AssetRow,
  deleteAsset,
  getAsset,
  insertAsset,
  insertTaskInput,
  listAssets,
  restoreAsset,
  useAsset,
} from './assets.ts';
import { listReferenced } from './blob-references.ts';
import { useBudget } from './channel-places.ts';
import type { Db } from './db.ts';
import { BEFORE_ALL_EVENTS, deleteOldEvents, insertEvent, listEvents } from './events.ts';
import { claimIdempotencyKey, getIdempotencyKey } from './idempotency.ts';
import { insertTransfer, useKey } from './ledger.ts';
import { upsertNamedResult } from './named-results.ts';
import { insertOutput } from './outputs.ts';
import {
  deleteOldChannelUsage,
  deleteOldIdempotencyKeys,
  deleteOldKeyUsage,
  deleteTasks,
  listEndedTasks,
  listKnownUploads,
  listUnusedAssets,
} from './retention.ts';
import { getTask, insertTask, insertTaskTag } from './tasks.ts';
import type { TestDb } from './testing/databases.ts';
import { NOW_MS, taskRow } from './testing/rows.ts';
import { finishUpload, getUpload, insertUpload, setUploadContent } from './uploads.ts';

const assetRow = (n: number, changes: Partial<AssetRow> = {}): AssetRow => ({
  id: `asset_${n}`,
  account_id: 'acct_a',
  sha256: `${n}`.padStart(64, '0'),
  size_bytes: 5_000_000_000,
  media_type: 'image/png',
  extension: 'png',
  kind: 'image',
  width_px: 720,
  height_px: 1280,
  duration_ms: null,
  has_audio: null,
  created_at_ms: NOW_MS + n,
  origin: 'upload',
  used_at_ms: NOW_MS + n,
  ...changes,
});
const transferRow = (taskId: string) => ({
  id: `${taskId}.hold`,
  account_id: 'acct_a',
  task_id: taskId,
  kind: 'hold',
  from_book: 'available:acct_a',
  to_book: 'held:acct_a',
  micros: 1,
  currency: 'CNY',
  created_at_ms: NOW_MS,
  note: null,
  reference: null,
});
const upload = (n: number) => ({
  id: `upload_${n}`,
  account_id: 'acct_a',
  size_bytes: 5_000_000_000,
  file_name: 'a.png',
  metadata: null,
  created_at_ms: NOW_MS,
  expires_at_ms: NOW_MS + 1,
  max: 2,
});

/** What both dialects promise of files. */
export function describeFiles(name: string, create: () => Promise<TestDb>): void {
  describe(name, () => {
    let current: TestDb | undefined;
    const open = async (): Promise<Db> => {
      current = await create();
      return current.db;
    };
    afterEach(async () => {
      await current?.drop();
      current = undefined;
    });

    test('a file that was used since it was seen is not deleted', async () => {
      const db = await open();
      const row = assetRow(1);
      await db.write([insertAsset(db, row)]);
      // At the same moment, or even before it: still another use.
      await db.write([useAsset(db, { id: row.id, used_at_ms: row.used_at_ms })]);
      await db.write([restoreAsset(db, { id: row.id, origin: 'output', used_at_ms: 0 })]);
      expect((await db.write([deleteAsset(db, row)])).committed).toBe(false);
      const seen = await getAsset(db, row.id);
      expect(seen).toMatchObject({ used_at_ms: row.used_at_ms + 2, origin: 'both' });
      expect((await db.write([deleteAsset(db, { ...row, ...seen })])).committed).toBe(true);
      expect((await db.write([useAsset(db, { id: row.id, used_at_ms: 0 })])).committed).toBe(false);
    });

    test('of a submit and a deletion at the same moment one wins', async () => {
      const db = await open();
      for (let n = 0; n < 20; n += 1) {
        const row = assetRow(n);
        await db.write([insertAsset(db, row)]);
        const task = taskRow(`${1_000 + n}`);
        const [used, deleted] = await Promise.all([
          db.write([
            useAsset(db, { id: row.id, used_at_ms: NOW_MS }),
            insertTask(db, task),
            insertTaskInput(db, { task_id: task.id, asset_id: row.id }),
          ]),
          db.write([deleteAsset(db, row)]),
        ]);
        expect(used.committed).toBe(!deleted.committed);
        expect((await getAsset(db, row.id)) === undefined).toBe(deleted.committed);
      }
    });

    test('assets are found by each of their filters and by all together', async () => {
      const db = await open();
      await db.write([
        insertAsset(db, assetRow(1)),
        insertAsset(db, assetRow(2, { origin: 'output', kind: 'video', media_type: 'video/mp4', extension: 'mp4' })),
        insertAsset(db, assetRow(3, { origin: 'both' })),
        insertAsset(db, assetRow(4, { account_id: 'acct_b' })),
        insertOutput(db, { task_id: '7', position: 0, asset_id: 'asset_2', text: null, extension: 'mp4' }),
        insertTaskInput(db, { task_id: '7', asset_id: 'asset_1' }),
      ]);
      const find = async (filter: object, page = {}) =>
        (await listAssets(db, { accountId: 'acct_a', ...filter }, { limit: 10, ...page })).map(({ id }) => id);
      expect(await find({})).toEqual(['asset_3', 'asset_2', 'asset_1']);
      expect(await find({}, { after: assetRow(3), limit: 1 })).toEqual(['asset_2']);
      expect(await find({ origin: 'output' })).toEqual(['asset_3', 'asset_2']);
      expect(await find({ kind: 'video' })).toEqual(['asset_2']);
      expect(await find({ mediaType: 'image/png' })).toEqual(['asset_3', 'asset_1']);
      expect(await find({ fromMs: NOW_MS + 2, toMs: NOW_MS + 3 })).toEqual(['asset_2']);
      expect(await find({ taskId: '7' })).toEqual(['asset_2', 'asset_1']);
      const all = { origin: 'output', kind: 'video', mediaType: 'video/mp4', taskId: '7', fromMs: 0, toMs: NOW_MS * 2 };
      expect(await find(all, { after: assetRow(3) })).toEqual(['asset_2']);
    });

    test('an account has so many unfinished uploads and no more', async () => {
      const db = await open();
      const insert = async (n: number) => (await db.write([insertUpload(db, upload(n))])).committed;
      expect([await insert(1), await insert(2), await insert(3)]).toEqual([true, true, false]);
      expect(await getUpload(db, 'upload_1')).toMatchObject({
        size_bytes: 5_000_000_000,
        sha256: null,
        asset_id: null,
      });
      await db.write([finishUpload(db, { id: 'upload_1', asset_id: 'asset_1', expires_at_ms: 9 })]);
      expect(await insert(3)).toBe(true);
    });

    test('tasks that ended go with everything of theirs but the ledger, and the others stay as they are', async () => {
      const db = await open();
      const ids = ['1', '2', '3', '4'];
      await db.write(
        ids.flatMap((id, n) => [
          insertTask(db, taskRow(id, { ended_at_ms: n === 3 ? null : NOW_MS + n })),
          insertOutput(db, { task_id: id, position: 0, asset_id: null, text: 'x', extension: 'txt' }),
          insertTaskInput(db, { task_id: id, asset_id: 'asset_1' }),
          insertTaskTag(db, { account_id: 'acct_a', tag: 't', task_id: id }),
          upsertNamedResult(db, { account_id: 'acct_a', name: `voice ${id}`, task_id: id }),
          insertTransfer(db, transferRow(id)),
        ]),
      );
      expect(await listEndedTasks(db, { before_ms: NOW_MS + 2, limit: 1 })).toEqual(['1']);
      const old = await listEndedTasks(db, { before_ms: NOW_MS + 2, limit: 10 });
      expect(old).toEqual(['1', '2']);
      expect((await db.write(deleteTasks(db, old))).committed).toBe(true);
      for (const table of ['tasks', 'outputs', 'task_inputs', 'task_tags', 'named_results', 'transfers']) {
        const [row] = await db.read<{ n: number }>({ sql: `select count(*) as n from ${table}`, parameters: [] });
        expect([table, row?.n]).toEqual([table, table === 'transfers' ? 4 : 2]);
      }
      expect(await getTask(db, '3')).toBeDefined();
    });

    test('old events go oldest first, and never the newest', async () => {
      const db = await open();
      for (let n = 0; n < 5; n += 1)
        await db.write([insertEvent(db, { account_id: 'a', task_id: '1', type: `task.${n}`, at_ms: n })]);
      const types = async () => (await listEvents(db, { after: BEFORE_ALL_EVENTS, limit: 10 })).map(({ type }) => type);
      await db.write([deleteOldEvents(db, { before_ms: 3, limit: 2 })]);
      await expect.poll(types).toEqual(['task.2', 'task.3', 'task.4']);
      await db.write([deleteOldEvents(db, { before_ms: 100, limit: 10 })]);
      await expect.poll(types).toEqual(['task.4']);
      await db.write([deleteOldEvents(db, { before_ms: 100, limit: 10 })]);
      await expect.poll(types).toEqual(['task.4']);
    });

    test('old idempotency keys and old use of keys and channels go, up to a limit', async () => {
      const db = await open();
      const key = (n: number) => ({ account_id: 'a', key: `${n}`, fingerprint: 'f', task_ids: '[]', created_at_ms: n });
      const use = (period: string) =>
        useKey(db, { key_id: 'k', period, tasks: 1, micros: 1, max_tasks: 9, max_micros: 9 });
      await db.write([1, 2, 3, 4].map((n) => claimIdempotencyKey(db, key(n))));
      await db.write(['minute:29833333', 'minute:29833334', 'hour:497222', 'day:20717', 'total'].map(use));
      await db.write([deleteOldIdempotencyKeys(db, { before_ms: 4, limit: 2 })]);
      expect(await getIdempotencyKey(db, key(2))).toBeUndefined();
      expect(await getIdempotencyKey(db, key(3))).toBeDefined();
      await db.write([deleteOldIdempotencyKeys(db, { before_ms: 4, limit: 9 })]);
      expect(await getIdempotencyKey(db, key(3))).toBeUndefined();
      expect(await getIdempotencyKey(db, key(4))).toBeDefined();
      await db.write([deleteOldKeyUsage(db, { from: 'minute:0', before: 'minute:29833334', limit: 9 })]);
      const periodsOf = async (table: string) => {
        const sql = `select period from ${table} order by period`;
        return (await db.read<{ period: string }>({ sql, parameters: [] })).map(({ period }) => period);
      };
      expect(await periodsOf('key_usage')).toEqual(['day:20717', 'hour:497222', 'minute:29833334', 'total']);
      const spent = (period: string) => useBudget(db, { channel: 'c', period, micros: 1, max: 9 });
      await db.write(['hour:497221', 'hour:497222', 'day:20717', 'total'].map(spent));
      await db.write([deleteOldChannelUsage(db, { from: 'hour:0', before: 'hour:497222', limit: 9 })]);
      expect(await periodsOf('channel_usage')).toEqual(['day:20717', 'hour:497222', 'total']);
    });

    test('unused assets are those of an origin that nobody used since and no open task needs', async () => {
      const db = await open();
      await db.write([
        insertAsset(db, assetRow(1)),
        insertAsset(db, assetRow(2)),
        insertAsset(db, assetRow(3, { origin: 'output' })),
        insertAsset(db, assetRow(9)),
        insertTask(db, taskRow('1')),
        insertTaskInput(db, { task_id: '1', asset_id: 'asset_1' }),
      ]);
      const list = async (origin: string) =>
        (await listUnusedAssets(db, { origin, before_ms: NOW_MS + 9, limit: 10 })).map(({ id }) => id);
      expect([await list('upload'), await list('output'), await list('both')]).toEqual([['asset_2'], ['asset_3'], []]);
    });

    test('uploads are known by their ids', async () => {
      const db = await open();
      await db.write([insertUpload(db, upload(1))]);
      expect(await listKnownUploads(db, ['upload_1', 'upload_2'])).toEqual(new Set(['upload_1']));
    });

    test('bytes are referred to by assets, and by uploads on their way to become one', async () => {
      const db = await open();
      const hashes = Array.from({ length: 200 }, (_, n) => assetRow(n).sha256);
      await db.write([insertAsset(db, assetRow(5)), insertUpload(db, upload(1))]);
      await db.write([setUploadContent(db, { id: 'upload_1', sha256: hashes[6] ?? '' })]);
      expect([...(await listReferenced(db, hashes))].toSorted()).toEqual([hashes[5], hashes[6]]);
      await db.write([finishUpload(db, { id: 'upload_1', asset_id: 'asset_5', expires_at_ms: 9 })]);
      expect([...(await listReferenced(db, hashes))]).toEqual([hashes[5]]);
      expect(await listReferenced(db, [])).toEqual(new Set());
    });
  });
}
