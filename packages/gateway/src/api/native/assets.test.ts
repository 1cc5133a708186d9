import { createHash } from 'node:crypto';
import { access, rm } from 'node:fs/promises';
import fc from 'fast-check';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { pngBytes } from '../../assets/testing/media.ts';
import { openRoom, type Room } from '../../assets/testing/room.ts';
import { insertTaskInput } from '../../store/assets.ts';
import { insertOutput, listOutputs } from '../../store/outputs.ts';
import { insertTask } from '../../store/tasks.ts';
import { taskRow } from '../../store/testing/rows.ts';
import { FORM_TYPE, toForm } from '../testing/form.ts';
import { KEYS } from '../testing/services.ts';
import { createTestApp, type TestApp } from '../testing/test-app.ts';

let room: Room;
let test_: TestApp;
beforeEach(async () => {
  room = await openRoom();
  const { assets, shelf, uploads } = room;
  test_ = await createTestApp({ deps: { assets, shelf, uploads } });
});
afterEach(async () => {
  await test_.close();
  await room.close();
});

const OWNER = { authorization: `Bearer ${KEYS.owner}` };
const STRANGER = { authorization: `Bearer ${KEYS.stranger}` };
const png = (note: string) => pngBytes({ widthPx: 64, heightPx: 48, note });
const get = (path: string, headers = OWNER) => test_.send({ method: 'GET', url: `/api/v1/assets${path}`, headers });
const remove = (id: string, headers = OWNER) => test_.send({ method: 'DELETE', url: `/api/v1/assets/${id}`, headers });
type Page = { items: { id: string }[]; nextCursor: string | null };
const list = async (query = '') => (await get(query)).json() as Page; // The tests look at its fields.
const idsIn = ({ items }: Page) => items.map(({ id }) => id);
const isThere = (path: string) =>
  access(path).then(
    () => true,
    () => false,
  );

test('a small file takes one request', async () => {
  const bytes = png('a');
  const answer = await test_.send({
    method: 'POST',
    url: '/api/v1/assets',
    headers: { ...OWNER, 'content-type': FORM_TYPE },
    payload: toForm([{ name: 'file', fileName: 'a.png', value: bytes }]),
  });
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  expect([answer.statusCode, answer.json()]).toMatchObject([
    201,
    { kind: 'image', widthPx: 64, sha256, fileName: `openapi/${sha256}.png`, origin: 'upload' },
  ]);
  const again = await test_.send({ method: 'GET', url: String(answer.headers.location), headers: OWNER });
  expect(again.json()).toEqual(answer.json());
});

test('the files of an account come newest first, in pages that miss and repeat nothing', async () => {
  const ids: string[] = [];
  for (let n = 0; n < 7; n += 1) {
    // Two at the same moment each.
    room.time.nowMs += n % 2;
    ids.push((await room.put(png(`${n}`))).id);
  }
  await room.put(png('other'), { accountId: 'acct_stranger' });
  const seen: string[] = [];
  let cursor: string | null = '';
  while (cursor !== null) {
    const page: Page = await list(`?limit=3${cursor === '' ? '' : `&cursor=${cursor}`}`);
    seen.push(...idsIn(page));
    cursor = page.nextCursor;
  }
  expect(seen.toSorted()).toEqual(ids.toSorted());
  const wrong = await get('?cursor=x&limit=0&colour=red');
  expect([wrong.statusCode, wrong.json()]).toMatchObject([
    400,
    { problems: [{ field: 'limit' }, { field: 'colour' }] },
  ]);
  expect((await get('?cursor=x')).json()).toMatchObject({ problems: [{ field: 'cursor' }] });
});

test('they are found by origin, kind, type, time, and task', async () => {
  const picture = await room.put(png('a'));
  room.time.nowMs += 60_000;
  const text = await room.put('words', { fileName: 'a.txt' });
  const { db } = room;
  await db.write([
    insertTask(db, taskRow('1', { account_id: 'acct_owner' })),
    insertTaskInput(db, { task_id: '1', asset_id: picture.id }),
  ]);
  const at = new Date(room.time.nowMs).toISOString();
  expect(idsIn(await list('?kind=image'))).toEqual([picture.id]);
  expect(idsIn(await list('?type=text/plain'))).toEqual([text.id]);
  expect(idsIn(await list(`?from=${at}`))).toEqual([text.id]);
  expect(idsIn(await list(`?to=${at}`))).toEqual([picture.id]);
  expect(idsIn(await list('?origin=upload'))).toHaveLength(2);
  expect(idsIn(await list('?origin=output'))).toEqual([]);
  expect(idsIn(await list('?task=1'))).toEqual([picture.id]);
});

test("another account's file is like none", async () => {
  const asset = await room.put(png('a'));
  expect((await get(`/${asset.id}`, STRANGER)).statusCode).toBe(404);
  expect((await remove(asset.id, STRANGER)).statusCode).toBe(404);
  expect((await get(`/${asset.id}`)).statusCode).toBe(200);
});

test('bytes leave the disk with the last asset that has them, and its links answer 404', async () => {
  const mine = await room.put(png('a'));
  const theirs = await room.put(png('a'), { accountId: 'acct_stranger' });
  const link = new URL(room.assets.link(mine));
  const open = () => test_.send({ method: 'GET', url: link.pathname + link.search });
  expect((await open()).statusCode).toBe(200);
  expect((await remove(mine.id)).statusCode).toBe(204);
  expect([(await open()).statusCode, await isThere(mine.path)]).toEqual([404, true]);
  expect((await remove(theirs.id, STRANGER)).statusCode).toBe(204);
  expect(await isThere(mine.path)).toBe(false);
  expect((await remove(mine.id)).statusCode).toBe(404);
});

test('a result whose file is deleted has neither address nor words', async () => {
  const { db } = room;
  const asset = await room.put('words', { fileName: 'a.txt' });
  await db.write([
    insertTask(db, taskRow('1', { account_id: 'acct_owner', status: 'succeeded', ended_at_ms: 1 })),
    insertOutput(db, { task_id: '1', position: 0, asset_id: asset.id, text: 'words', extension: 'txt' }),
  ]);
  await remove(asset.id);
  expect(await listOutputs(db, '1')).toEqual([
    { task_id: '1', position: 0, asset_id: null, text: null, extension: 'txt' },
  ]);
});

test('a file that a task needs is kept until the task has ended', async () => {
  const { db } = room;
  const asset = await room.put(png('a'));
  await db.write([
    insertTask(db, taskRow('1', { account_id: 'acct_owner' })),
    insertTaskInput(db, { task_id: '1', asset_id: asset.id }),
  ]);
  const refused = await remove(asset.id);
  expect([refused.statusCode, refused.json()]).toMatchObject([409, { code: 'conflict' }]);
  await db.write([{ sql: `update tasks set status = 'failed', ended_at_ms = 5 where id = '1'`, parameters: [] }]);
  expect((await remove(asset.id)).statusCode).toBe(204);
});

test('whoever stores and whoever deletes the same bytes: no asset is without its file, and no file without an asset', async () => {
  const accounts = ['acct_owner', 'acct_stranger'] as const;
  const history = fc.array(
    fc.record({ does: fc.constantFrom('store', 'store', 'delete'), who: fc.constantFrom(...accounts) }),
    { minLength: 2, maxLength: 12 },
  );
  let round = 0;
  await fc.assert(
    fc.asyncProperty(history, async (steps) => {
      round += 1;
      const bytes = png(`round ${round}`);
      const known = new Map<string, string>();
      for (const accountId of accounts) known.set(accountId, (await room.put(bytes, { accountId })).id);
      await Promise.all(
        steps.map(async ({ does, who: accountId }) => {
          if (does === 'store') known.set(accountId, (await room.put(bytes, { accountId })).id);
          else await room.shelf.remove({ accountId, id: known.get(accountId) ?? '' }).catch(() => undefined);
        }),
      );
      const left = await Promise.all(accounts.map((accountId) => room.shelf.list({ query: { accountId }, limit: 10 })));
      const items = left.flatMap((page) => page.items);
      const path = room.blobs.pathOf(createHash('sha256').update(bytes).digest('hex'));
      expect(await isThere(path)).toBe(items.length > 0);
      for (const { accountId, id } of items) await room.shelf.remove({ accountId, id });
      expect(await isThere(path)).toBe(false);
    }),
    { numRuns: 40 },
  );
});

test('a file that is gone from disk by hand can still be deleted', async () => {
  const asset = await room.put(png('a'));
  await rm(asset.path);
  expect((await remove(asset.id)).statusCode).toBe(204);
});
