import { afterEach, describe, expect, test } from 'vitest';
import { insertAccount } from './accounts.ts';
import { deleteGroup, ensureGroup, getGroup, listGroups, updateGroup } from './asset-groups.ts';
import { type AssetRow, deleteAsset, getAsset, insertAsset, useAsset } from './assets.ts';
import type { Db } from './db.ts';
import {
  activateManaged,
  deleteManaged,
  deleteManagedOfGroup,
  failManaged,
  getManaged,
  insertManaged,
  listManaged,
  type ManagedRow,
  renameManaged,
} from './managed-assets.ts';
import {
  countResources,
  deleteResource,
  EVERYBODY,
  findResource,
  getResource,
  insertResource,
  listResources,
  listTags,
  listVersions,
  type ResourceRow,
  replaceTags,
  replaceVersions,
  updateResource,
  type VersionRow,
} from './resources.ts';
import { listUnusedAssets } from './retention.ts';
import type { TestDb } from './testing/databases.ts';
import { accountRow, NOW_MS } from './testing/rows.ts';

const file = (n: number): AssetRow => ({
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
});
const group = (id: string, n = 0, accountId = 'acct_a') => ({
  account_id: accountId,
  id,
  name: `Gesichter ÄÖ ${id}`,
  description: '',
  created_at_ms: NOW_MS + n,
});
const managed = (n: number, changes: Partial<ManagedRow> = {}): ManagedRow => ({
  id: `asset-${n}`,
  account_id: 'acct_a',
  group_id: 'one',
  name: `Face ${n}`,
  kind: 'image',
  status: 'processing',
  source: 'https://example.com/a.png',
  asset_id: null,
  error: null,
  created_at_ms: NOW_MS + n,
  ...changes,
});
const resource = (n: number, changes: Partial<ResourceRow> = {}) => {
  const { account_name: _, ...row } = {
    id: `${n}`.padStart(19, '2'),
    account_id: EVERYBODY,
    type: 'LORA',
    name: `Tusche 100% ${n}`,
    description: '',
    node_model_name: `ink-${n}.safetensors`,
    poster_url: '',
    thumbnail_url: '',
    owner_name: '',
    owner_avatar: '',
    asset_id: null,
    created_at_ms: NOW_MS + n,
    account_name: null,
    ...changes,
  };
  return row;
};
const version = (resourceId: string, n: number, baseModel: string): VersionRow => ({
  id: `${resourceId}${n}`,
  resource_id: resourceId,
  position: n,
  version: `v${n}`,
  name: `ink-v${n}`,
  base_model: baseModel,
  base_model_subtype: '',
  trigger_words: '',
  description: '',
  posters: '[]',
});

/** What both dialects promise of managed media and models. */
export function describeLibrary(name: string, create: () => Promise<TestDb>): void {
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

    test('a group that is there stays as it is, and two accounts may have one of the same id', async () => {
      const db = await open();
      await db.write([ensureGroup(db, group('one')), ensureGroup(db, { ...group('one', 5), name: 'other' })]);
      await db.write([ensureGroup(db, group('one', 0, 'acct_b')), ensureGroup(db, group('two', 1))]);
      await db.write([insertManaged(db, managed(1)), insertManaged(db, managed(2, { account_id: 'acct_b' }))]);
      expect(await getGroup(db, { account_id: 'acct_a', id: 'one' })).toEqual({ ...group('one'), assets: 1 });
      await db.write([updateGroup(db, { account_id: 'acct_a', id: 'one' }, { description: 'new' })]);
      const nothing = await db.write([updateGroup(db, { account_id: 'acct_a', id: 'none' }, {})]);
      expect(nothing.committed).toBe(false);
      const { rows, total } = await listGroups(db, { accountId: 'acct_a', limit: 1, offset: 1 });
      expect([rows, total]).toEqual([[{ ...group('one'), description: 'new', assets: 1 }], 2]);
      const named = await listGroups(db, { accountId: 'acct_a', name: 'äö ONE', limit: 9, offset: 0 });
      expect(named).toMatchObject({ rows: [{ id: 'one' }], total: 1 });
      expect(await listGroups(db, { accountId: 'acct_a', name: '%', limit: 9, offset: 0 })).toEqual({
        rows: [],
        total: 0,
      });
    });

    test('a managed asset gets its file once, and nothing once it is gone', async () => {
      const db = await open();
      await db.write([insertManaged(db, managed(1)), insertManaged(db, managed(2)), insertManaged(db, managed(3))]);
      const activate = async (id: string) =>
        (await db.write([activateManaged(db, { id, asset_id: 'asset_1' })])).committed;
      expect([await activate('asset-1'), await activate('asset-1'), await activate('asset-9')]).toEqual([
        true,
        false,
        false,
      ]);
      await db.write([
        failManaged(db, { id: 'asset-1', error: 'too late' }),
        failManaged(db, { id: 'asset-2', error: 'e' }),
      ]);
      const get = (id: string) => getManaged(db, { account_id: 'acct_a', id });
      expect(await get('asset-1')).toMatchObject({ status: 'active', asset_id: 'asset_1', source: null, error: null });
      expect(await get('asset-2')).toMatchObject({ status: 'failed', asset_id: null, source: null, error: 'e' });
      expect(await getManaged(db, { account_id: 'acct_b', id: 'asset-1' })).toBeUndefined();
      await db.write([renameManaged(db, { account_id: 'acct_a', id: 'asset-3', name: 'Boat' })]);
      const foreign = { account_id: 'acct_b', id: 'asset-3' };
      expect((await db.write([renameManaged(db, { ...foreign, name: 'x' })])).committed).toBe(false);
      expect((await db.write([deleteManaged(db, foreign)])).committed).toBe(false);
      const gone = await db.write([deleteManaged(db, { account_id: 'acct_a', id: 'asset-1' })]);
      expect(gone).toMatchObject({ committed: true, results: [{ rows: [{ asset_id: 'asset_1' }] }] });
      const find = async (filter: object) =>
        (await listManaged(db, { accountId: 'acct_a', ...filter }, { limit: 9, offset: 0 })).rows.map(({ id }) => id);
      expect(await find({})).toEqual(['asset-3', 'asset-2']);
      expect(await find({ status: 'failed' })).toEqual(['asset-2']);
      expect(await find({ name: 'bOA' })).toEqual(['asset-3']);
      expect(await find({ groupId: 'two' })).toEqual([]);
      expect(await listManaged(db, { accountId: 'acct_a' }, { limit: 1, offset: 1 })).toMatchObject({
        rows: [{ id: 'asset-2' }],
        total: 2,
      });
    });

    test('of a group that is deleted while media are added to it none is left without a group', async () => {
      const db = await open();
      for (let n = 0; n < 20; n += 1) {
        await db.write([ensureGroup(db, group('one'))]);
        const key = { account_id: 'acct_a', id: 'one' };
        await Promise.all([
          db.write([ensureGroup(db, group('one')), insertManaged(db, managed(n))]),
          db.write([deleteGroup(db, key), deleteManagedOfGroup(db, { account_id: 'acct_a', group_id: 'one' })]),
        ]);
        const isThere = (await getManaged(db, { account_id: 'acct_a', id: `asset-${n}` })) !== undefined;
        expect((await getGroup(db, key)) !== undefined).toBe(isThere);
      }
    });

    test('a file that is managed, or a model, is neither old nor deleted', async () => {
      const db = await open();
      const files = [file(1), file(2), file(3)];
      await db.write([
        ...files.map((row) => insertAsset(db, row)),
        insertManaged(db, managed(1, { status: 'active', asset_id: 'asset_1' })),
        insertResource(db, resource(1, { asset_id: 'asset_2' })),
      ]);
      const unused = await listUnusedAssets(db, { origin: 'upload', before_ms: NOW_MS * 2, limit: 9 });
      expect(unused.map(({ id }) => id)).toEqual(['asset_3']);
      const remove = async (row: AssetRow) => (await db.write([deleteAsset(db, row)])).committed;
      expect([await remove(file(1)), await remove(file(2)), await remove(file(3))]).toEqual([false, false, true]);
      await db.write([
        deleteManaged(db, { account_id: 'acct_a', id: 'asset-1' }),
        ...deleteResource(db, resource(1).id),
      ]);
      expect([await remove(file(1)), await remove(file(2))]).toEqual([true, true]);
    });

    test('of a file that begins to be managed while it is deleted one wins', async () => {
      const db = await open();
      for (let n = 0; n < 20; n += 1) {
        const row = file(n);
        await db.write([insertAsset(db, row)]);
        const [used, deleted] = await Promise.all([
          db.write([
            useAsset(db, { id: row.id, used_at_ms: NOW_MS }),
            insertManaged(db, managed(n, { status: 'active', asset_id: row.id })),
          ]),
          db.write([deleteAsset(db, row)]),
        ]);
        expect(used.committed).toBe(!deleted.committed);
        expect((await getAsset(db, row.id)) === undefined).toBe(deleted.committed);
      }
    });

    test('models are found by each filter, by all together, and by nobody else', async () => {
      const db = await open();
      const [one, two, three, four] = [
        resource(1),
        resource(2, { account_id: 'acct_a', name: 'Ink' }),
        resource(3, { type: 'GGUF' }),
        resource(4, { account_id: 'acct_b' }),
      ];
      await db.write([
        insertAccount(db, accountRow('acct_a', { name: 'sam' })),
        ...[one, two, three, four].map((row) => insertResource(db, row)),
        ...replaceVersions(db, one.id, [version(one.id, 0, 'SDXL'), version(one.id, 1, 'Flux')]),
        ...replaceVersions(db, two.id, [version(two.id, 0, 'Flux')]),
        ...replaceTags(db, one.id, ['style', 'ink']),
        ...replaceTags(db, two.id, ['ink']),
      ]);
      const find = async (filter: object, page = {}) =>
        (await listResources(db, { accountId: 'acct_a', ...filter }, { limit: 9, ...page })).map(({ id }) => id);
      expect(await find({})).toEqual([three.id, two.id, one.id]);
      expect(await find({}, { offset: 1, limit: 1 })).toEqual([two.id]);
      expect(await find({}, { after: two })).toEqual([one.id]);
      expect(await find({ type: 'GGUF' })).toEqual([three.id]);
      expect(await find({ name: '100%' })).toEqual([three.id, one.id]);
      expect(await find({ name: '1__%' })).toEqual([]);
      expect(await find({ baseModels: ['SDXL', 'none'] })).toEqual([one.id]);
      expect(await find({ baseModels: ['Flux'] })).toEqual([two.id, one.id]);
      const tags = await listTags(db, [one.id, two.id]);
      const idOf = (tag: string) => tags.find(({ name }) => name === tag)?.id ?? -1;
      expect(tags).toHaveLength(3);
      expect(await find({ tags: [idOf('style')] })).toEqual([one.id]);
      expect(await find({ tags: [idOf('ink'), 999] })).toEqual([two.id, one.id]);
      const all = { type: 'LORA', name: 'tusche', baseModels: ['Flux'], tags: [idOf('ink')] };
      expect(await find(all)).toEqual([one.id]);
      expect(await countResources(db, { accountId: 'acct_a', baseModels: ['Flux'] })).toBe(2);
      expect(await countResources(db, { accountId: 'acct_c' })).toBe(2);
      expect(await listVersions(db, [one.id])).toEqual([version(one.id, 0, 'SDXL'), version(one.id, 1, 'Flux')]);
      expect([await listVersions(db, []), await listTags(db, [])]).toEqual([[], []]);
      expect(await getResource(db, { accountId: 'acct_a', id: two.id })).toEqual({ ...two, account_name: 'sam' });
      expect(await getResource(db, { accountId: 'acct_a', id: four.id })).toBeUndefined();
    });

    test('a model is there once for its owner, changes, and goes with everything of its own', async () => {
      const db = await open();
      const one = resource(1, { account_id: 'acct_a' });
      const insert = async (row: typeof one) => (await db.write([insertResource(db, row)])).committed;
      expect([await insert(one), await insert({ ...one, id: '7' })]).toEqual([true, false]);
      expect(await insert({ ...one, id: '8', account_id: 'acct_b' })).toBe(true);
      const key = { accountId: 'acct_a', type: 'LORA', nodeModelName: one.node_model_name };
      expect(await findResource(db, key)).toMatchObject({ id: one.id });
      await db.write([
        updateResource(db, one, { name: 'ÜBER', description: 'd' }),
        ...replaceTags(db, one.id, ['a', 'b']),
        ...replaceVersions(db, one.id, [version(one.id, 0, 'SDXL')]),
      ]);
      const [{ id: tagA } = { id: 0 }] = await listTags(db, [one.id]);
      await db.write(replaceTags(db, one.id, ['a', 'c']));
      expect((await listTags(db, [one.id])).map(({ name }) => name)).toEqual(['a', 'c']);
      expect((await listTags(db, [one.id]))[0]?.id).toBe(tagA);
      expect((await listResources(db, { accountId: 'acct_a', name: 'über' }, { limit: 9 })).length).toBe(1);
      const two = resource(2, { account_id: 'acct_a' });
      await db.write([insertResource(db, two)]);
      const { node_model_name } = one;
      expect((await db.write([updateResource(db, two, { node_model_name })])).committed).toBe(false);
      expect((await db.write([updateResource(db, two, { node_model_name, type: 'GGUF' })])).committed).toBe(true);
      expect((await db.write(deleteResource(db, one.id))).committed).toBe(true);
      expect((await db.write(deleteResource(db, one.id))).committed).toBe(false);
      expect((await db.write([updateResource(db, one, {})])).committed).toBe(false);
      expect([await listTags(db, [one.id]), await listVersions(db, [one.id])]).toEqual([[], []]);
      expect(await findResource(db, key)).toBeUndefined();
    });
  });
}
