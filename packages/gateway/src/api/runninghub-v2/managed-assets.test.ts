import { access } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { catalog, type Endpoint } from '@reelay/catalog';
import { afterEach, beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { mp4Bytes, pngBytes } from '../../assets/testing/media.ts';
import { openRoom, type Room } from '../../assets/testing/room.ts';
import { createFetchGuard } from '../../lib/fetch-guard.ts';
import { openTestLibrary } from '../../library/testing/open-library.ts';
import { type StandInServer, startStandIn } from '../../providers/testing/stand-in-server.ts';
import { createSweeper } from '../../retention/sweeper.ts';
import { KEYS } from '../testing/services.ts';
import { createTestApp, type TestApp } from '../testing/test-app.ts';

type Library = ReturnType<typeof openTestLibrary>;
let room: Room;
let web: StandInServer;
let library: Library;
let test_: TestApp;
let url: string;
beforeEach(async () => {
  room = await openRoom();
  web = await startStandIn();
  library = openTestLibrary(room);
  test_ = await createTestApp({ deps: { ...library, assets: room.assets, shelf: room.shelf } });
  url = (await test_.listen()).url;
});
afterEach(async () => {
  await library.close();
  await test_.close();
  await web.close();
  await room.close();
});

const GROUP = 'group-20310506102030-abcde';
const png = (note = '') => pngBytes({ widthPx: 64, heightPx: 48, note });
type Answer = { code: number; msg: string; data: Record<string, unknown> & { items: Record<string, unknown>[] } };
async function call(path: string, body: object = {}, key: string = KEYS.owner): Promise<Answer> {
  const answer = await fetch(`${url}/openapi/v2/assets/${path}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  expect(answer.status).toBe(200);
  return (await answer.json()) as Answer; // The tests look at its fields.
}
const success = (data: unknown) => ({ code: 0, msg: 'success', errorMessages: null, data });
const refusal = (code: number, msg: unknown) => ({ code, msg, message: msg, errorMessages: null, data: null });
const create = async (address: string, more: object = {}) =>
  (await call('create', { groupId: GROUP, name: 'face-1', url: address, assetType: 'Image', ...more })).data;
const createId = async (address: string, more: object = {}) => String((await create(address, more)).assetId);
const serve = (name: string, bytes: Buffer | number | 'broken') => {
  web.files.set(name, bytes);
  return `${web.url}/files/${name}`;
};
/** What it has become once it is no longer processing. */
async function settle(assetId: string) {
  for (;;) {
    const { data } = await call('query', { assetId });
    if (data.status !== 'PROCESSING') return data;
  }
}
const filesOf = async (key: string = KEYS.owner) => {
  const answer = await fetch(`${url}/api/v1/assets`, { headers: { authorization: key } });
  return ((await answer.json()) as { items: { id: string }[] }).items.map(({ id }) => id);
};
const removeFile = (id: string) =>
  fetch(`${url}/api/v1/assets/${id}`, { method: 'DELETE', headers: { authorization: KEYS.owner } });
const isThere = (path: string) =>
  access(path).then(
    () => true,
    () => false,
  );

test('an upload is registered, found, renamed and deleted, as the reference has it', async () => {
  const file = await room.put(png());
  const made = await call('create', {
    groupId: GROUP,
    name: 'face-1',
    url: room.assets.link(file),
    assetType: 'Image',
  });
  const assetId = String(made.data.assetId);
  expect(made).toEqual(success({ assetId: expect.stringMatching(/^asset-\d{14}-[0-9a-v]{10}$/), status: 'ACTIVE' }));
  const asset = { assetId, status: 'ACTIVE', assetType: 'Image', previewUrl: room.assets.link(file), name: 'face-1' };
  expect(await call('query', { assetId })).toEqual(success(asset));
  const list = { pageNumber: 1, pageSize: 20, groupId: GROUP };
  expect(await call('list', list)).toEqual(success({ items: [{ ...asset, groupId: GROUP }], totalCount: 1 }));
  expect(await call('update', { assetId, name: 'face-2' })).toEqual(
    success({ assetId, name: 'face-2', status: 'ACTIVE' }),
  );
  expect(await call('delete', { assetId })).toEqual(success(null));
  expect(await call('query', { assetId })).toEqual(refusal(1004, `Bad request: no asset ${assetId}`));
  expect(await call('delete', { assetId })).toMatchObject({ code: 1004 });
  expect(await call('list', list)).toEqual(success({ items: [], totalCount: 0 }));
});

test('a file on the internet is fetched, and can be named in a request once it is active', async () => {
  const made = await create(serve('face.png', png()), { assetType: 'image' });
  expect(made.status).toBe('PROCESSING');
  const assetId = String(made.assetId);
  expect((await call('query', { assetId })).data).toEqual({
    assetId,
    status: 'PROCESSING',
    assetType: 'Image',
    previewUrl: '',
    name: 'face-1',
  });
  await expect(take(assetId)).rejects.toThrow('still being processed');
  library.mediaFetcher.start();
  const active = await settle(assetId);
  expect(active).toMatchObject({ status: 'ACTIVE', previewUrl: expect.stringContaining('/files/asset_') });
  const [file] = await filesOf();
  expect(await take(assetId)).toBe(`asset://${file}`);
  await expect(take(assetId, 'acct_stranger')).rejects.toThrow('there is no such asset');
  await expect(take('asset-20310506102030-fghij')).rejects.toThrow('there is no such asset');
});

const endpoint = (id: string): Endpoint => catalog.get(id) ?? expect.unreachable(`no endpoint ${id}`);
/** What a model is given for a managed asset. */
async function take(assetId: string, accountId = 'acct_owner'): Promise<unknown> {
  const { input } = await room.intake.take({
    accountId,
    endpoint: endpoint('rhart-video-v3.1-pro/image-to-video'),
    input: { imageUrl: `asset://${assetId}` },
  });
  return input.imageUrl;
}

test('a file that cannot be had, or does not fit, makes it fail, and says why', async () => {
  library.mediaFetcher.start();
  const cases = [
    [png(), 'Video', 'the file is an image, not a video'],
    [mp4Bytes({ durationMs: 5_000 }), 'Audio', 'the file is a video, not audio'],
    [Buffer.from('words'), 'Image', 'the file is no image (bin)'],
    [mp4Bytes({ durationMs: 1, isBroken: true }), 'Video', 'cut off'],
    [404, 'Image', 'status 404'],
    [503, 'Image', 'status 503'],
    ['broken', 'Image', 'the connection failed'],
    [Buffer.alloc(5 * 1_048_576), 'Image', 'more than 4 MB'],
  ] as const;
  await Promise.all(
    cases.map(async ([bytes, assetType, why], n) => {
      const assetId = await createId(serve(`file-${n}`, bytes), { assetType });
      expect(await settle(assetId)).toEqual({
        assetId,
        status: 'FAILED',
        assetType,
        previewUrl: '',
        name: 'face-1',
        errorMessage: expect.stringContaining(why),
      });
      await expect(take(assetId)).rejects.toThrow(why);
    }),
  );
  expect(await filesOf()).toEqual([]);
});

test('an address in a private network is not fetched', async () => {
  const guarded = openTestLibrary({ ...room, guard: createFetchGuard({ allowPrivateNetwork: false }) });
  onTestFinished(() => guarded.close());
  guarded.mediaFetcher.start();
  const own = { accountId: 'acct_owner', groupId: GROUP, name: 'a', kind: 'image' } as const;
  const { id } = await guarded.media.create({ ...own, address: serve('x.png', png()) });
  expect(await settle(id)).toMatchObject({ status: 'FAILED', errorMessage: expect.stringContaining('public') });
  expect(web.fetches.size).toBe(0);
});

test('a file of ours of another kind, of another account, or gone, is refused at once', async () => {
  const file = await room.put(png());
  const foreign = await room.put(png('b'), { accountId: 'acct_stranger' });
  const forged = room.assets.link(file).replace(/.$/, 'x');
  const ask = (address: string, assetType = 'Image') =>
    call('create', { groupId: GROUP, name: 'a', url: address, assetType });
  const says = (words: string) => refusal(1007, `Invalid parameter: url: ${words}`);
  expect(await ask(`asset://${file.id}`, 'Video')).toEqual(says('the file is an image, not a video'));
  expect(await ask(`asset://${foreign.id}`)).toEqual(says('there is no such asset'));
  expect(await ask(`openapi/${foreign.sha256}.png`)).toEqual(says('there is no such upload'));
  expect(await ask('asset://asset-20310506102030-fghij')).toEqual(says('there is no such asset'));
  expect(await ask(forged)).toMatchObject({ code: 1007, msg: expect.stringContaining('the link was changed') });
  for (const address of ['face.png', 'ftp://example.com/a.png', 'file:///etc/passwd', 'asset://'])
    expect(await ask(address)).toMatchObject({ code: 1007, msg: expect.stringContaining('must be an https address') });
  expect((await call('list')).data.totalCount).toBe(0);
  expect((await call('groups/list')).data.totalCount).toBe(0);
});

test('every way to name a file of ours makes it active, also another managed asset and the file itself', async () => {
  const { id, sha256 } = await room.put(png());
  const first = await createId(`asset://${id}`);
  const inlined = `data:image/png;base64,${png('inlined').toString('base64')}`;
  for (const address of [`openapi/${sha256}.png`, `asset://${first}`, inlined])
    expect(await create(address)).toMatchObject({ status: 'ACTIVE' });
  expect((await call('list')).data.totalCount).toBe(4);
});

test("a link to another account's file makes a copy, which that account cannot take away", async () => {
  const foreign = await room.put(png(), { accountId: 'acct_stranger' });
  const assetId = await createId(room.assets.link(foreign));
  await room.shelf.remove({ accountId: 'acct_stranger', id: foreign.id });
  const [own] = await filesOf();
  expect(await take(assetId)).toBe(`asset://${own}`);
  expect(await isThere(foreign.path)).toBe(true);
});

test('what was being fetched when the server stopped is fetched by the next', async () => {
  const assetId = await createId(serve('face.png', png()));
  await library.close();
  const next = openTestLibrary(room);
  onTestFinished(() => next.close());
  next.mediaFetcher.start();
  expect(await settle(assetId)).toMatchObject({ status: 'ACTIVE' });
});

test('one that is deleted while its file is on its way leaves nothing', async () => {
  const assetId = await createId(serve('face.png', png()));
  await call('delete', { assetId });
  library.mediaFetcher.start();
  // One behind the other: once this one is there, that one was looked at.
  expect(await settle(await createId(serve('other.png', png('other'))))).toMatchObject({ status: 'ACTIVE' });
  expect(await filesOf()).toHaveLength(1);
  expect(await room.db.read({ sql: 'select id from jobs', parameters: [] })).toEqual([]);
});

describe('its file', () => {
  test('is kept for as long as it is managed, and goes with the last who manages it', async () => {
    const file = await room.put(png());
    const [one, two] = [await createId(`asset://${file.id}`), await createId(`asset://${file.id}`)];
    room.time.nowMs += 1_000 * 86_400_000;
    await sweepUploads();
    const kept = await removeFile(file.id);
    expect([kept.status, await kept.json()]).toMatchObject([409, { detail: expect.stringContaining('managed asset') }]);
    await call('delete', { assetId: one });
    expect(await isThere(file.path)).toBe(true);
    await call('delete', { assetId: two });
    expect([await isThere(file.path), await filesOf()]).toEqual([false, []]);
  });

  test('stays where a task made it', async () => {
    const made = await room.assets.store({
      accountId: 'acct_owner',
      stream: Readable.from([png()]),
      maxBytes: 10_000,
      origin: 'output',
    });
    await call('delete', { assetId: await createId(`asset://${made.id}`) });
    expect(await filesOf()).toEqual([made.id]);
  });

  const sweepUploads = () => {
    const forEver = { outputsMs: null, tasksMs: null, eventsMs: null, deliveriesMs: null, idempotencyKeysMs: null };
    const keep = { ...forEver, uploadsMs: 86_400_000 };
    const log = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };
    const clock = { nowMs: () => room.time.nowMs, after: () => () => undefined };
    const { db, blobs, parts } = room;
    const deps = { db, blobs, parts, log, clock, random: () => 0 };
    return createSweeper({ ...deps, keep: { ...keep, unfinishedUploadsMs: 86_400_000 } }).sweep(
      new AbortController().signal,
    );
  };
});

test("another account's media and groups are like none", async () => {
  const assetId = await createId(`asset://${(await room.put(png())).id}`);
  const ask = (path: string, body: object) => call(path, body, KEYS.stranger);
  const noAsset = refusal(1004, `Bad request: no asset ${assetId}`);
  for (const [path, body] of [
    ['query', {}],
    ['update', { name: 'x' }],
    ['delete', {}],
  ] as const)
    expect(await ask(path, { assetId, ...body })).toEqual(noAsset);
  const noGroup = refusal(1004, `Bad request: no group ${GROUP}`);
  for (const [path, body] of [
    ['query', {}],
    ['update', { name: 'x' }],
    ['delete', {}],
  ] as const)
    expect(await ask(`groups/${path}`, { groupId: GROUP, ...body })).toEqual(noGroup);
  for (const path of ['list', 'groups/list'])
    expect(await ask(path, {})).toEqual(success({ items: [], totalCount: 0 }));
  expect((await call('query', { assetId })).data).toMatchObject({ name: 'face-1' });
});

describe('groups', () => {
  test('are made, found, renamed and deleted, as the reference has it', async () => {
    const made = await call('groups/create', { name: 'faces', description: 'test' });
    const groupId = String(made.data.groupId);
    expect(groupId).toMatch(/^group-\d{14}-[0-9a-v]{10}$/);
    expect(made).toEqual(success({ groupId, name: 'faces', description: 'test' }));
    await createId(`asset://${(await room.put(png())).id}`, { groupId });
    const group = { groupId, name: 'faces', description: 'test', assetCount: 1 };
    expect(await call('groups/query', { groupId })).toEqual(success(group));
    expect(await call('groups/list', { pageNumber: 1, pageSize: 20 })).toEqual(
      success({ items: [group], totalCount: 1 }),
    );
    expect(await call('groups/update', { groupId, name: 'faces-2' })).toEqual(
      success({ groupId, name: 'faces-2', description: 'test' }),
    );
    expect(await call('groups/update', { groupId, description: 'new' })).toEqual(
      success({ groupId, name: 'faces-2', description: 'new' }),
    );
    expect(await call('groups/delete', { groupId })).toEqual(success(null));
    expect(await call('groups/delete', { groupId })).toMatchObject({ code: 1004 });
    expect([(await call('list')).data.totalCount, await filesOf()]).toEqual([0, []]);
  });

  test('of any id are there as soon as something is put into them', async () => {
    const file = await room.put(png());
    for (const groupId of ['group-20260327004931-dvjbj', 'my faces', 42])
      await create(`asset://${file.id}`, { groupId });
    expect((await call('groups/query', { groupId: '42' })).data).toEqual({
      groupId: '42',
      name: '42',
      description: '',
      assetCount: 1,
    });
    expect((await call('groups/list', { name: 'FACES' })).data).toMatchObject({
      items: [{ groupId: 'my faces' }],
      totalCount: 1,
    });
  });
});

test('a list has pages, and is filtered by group, status and part of the name', async () => {
  const file = await room.put(png());
  for (let n = 1; n <= 5; n += 1) {
    room.time.nowMs += 1_000;
    await create(`asset://${file.id}`, { name: `Gesicht ${n}`, groupId: n < 3 ? 'one' : 'two' });
  }
  await create('https://example.com/a.png', { name: 'later' });
  const names = async (body: object) => {
    const { data } = await call('list', body);
    return [data.items.map(({ name }) => name), data.totalCount];
  };
  expect(await names({ pageNumber: 2, pageSize: 2, status: 'active' })).toEqual([['Gesicht 3', 'Gesicht 2'], 5]);
  expect(await names({ pageNumber: '3', pageSize: '2', status: 'ACTIVE' })).toEqual([['Gesicht 1'], 5]);
  expect(await names({ pageNumber: 9 })).toEqual([[], 6]);
  expect(await names({ groupId: 'one', name: 'GESICHT' })).toEqual([['Gesicht 2', 'Gesicht 1'], 2]);
  expect(await names({ status: 'PROCESSING' })).toEqual([['later'], 1]);
  expect(await names({ groupId: 'none' })).toEqual([[], 0]);
  expect(await names({ groupId: null, status: '', name: '', pageNumber: null })).toMatchObject([{ length: 6 }, 6]);
});

describe('refuses', () => {
  test('fields that are missing, mistyped or out of range, all of them at once', async () => {
    const cases = [
      ['create', {}, 'groupId must not be null; name must not be null; url must not be null; assetType must not'],
      ['create', { assetType: 'Model' }, 'assetType must be one of image, video, audio'],
      ['create', { name: ['x'] }, 'name must be a text'],
      ['update', { assetId: 'x', name: 'x'.repeat(201) }, 'name must have 200 characters at most'],
      ['groups/create', { name: 'a\u0000b' }, 'name must not hold control characters'],
      ['list', { pageNumber: 0 }, 'pageNumber must be a whole number from 1 to 1000000'],
      ['list', { pageSize: 101 }, 'pageSize must be a whole number from 1 to 100'],
      ['groups/list', { pageSize: 1.5 }, 'pageSize must be a whole number from 1 to 100'],
      ['list', { pageSize: 'many' }, 'pageSize must be a whole number from 1 to 100'],
      ['list', { status: 'DONE?' }, 'status must be one of processing, active, failed'],
      ['query', {}, 'assetId must not be null'],
      ['groups/delete', { groupId: '' }, 'groupId must not be null'],
      ['delete', { assetId: {} }, 'assetId must be a text'],
    ] as const;
    for (const [path, body, words] of cases)
      expect(await call(path, body)).toMatchObject({ code: 1007, msg: expect.stringContaining(words), data: null });
  });

  test('a body that is no JSON, or no object', async () => {
    for (const body of ['{', '[]', '"x"', '7']) {
      const answer = await fetch(`${url}/openapi/v2/assets/list`, {
        method: 'POST',
        headers: { authorization: KEYS.owner },
        body,
      });
      expect([answer.status, await answer.json()]).toMatchObject([200, { code: 1007, data: null }]);
    }
  });

  test('a wrong key, another method and another path, in the words of the family', async () => {
    const words = 'Unauthorized: ApiKey verification failed';
    for (const path of ['create', 'query', 'list', 'update', 'delete'])
      for (const place of ['', 'groups/']) {
        expect(await call(place + path, {}, 'wrong')).toEqual(refusal(401, words));
        const get = await fetch(`${url}/openapi/v2/assets/${place}${path}`, { headers: { authorization: KEYS.owner } });
        expect([get.status, await get.json()]).toMatchObject([200, { code: 1009, data: null }]);
      }
    expect(await call('rename', {})).toMatchObject({ code: 1001, data: null });
  });
});

test('the key is found wherever a client puts it', async () => {
  const ask = async (body: object, query = '') => {
    const answer = await fetch(`${url}/openapi/v2/assets/list${query}`, { method: 'POST', body: JSON.stringify(body) });
    return answer.json();
  };
  const nothing = success({ items: [], totalCount: 0 });
  expect(await ask({ apiKey: KEYS.owner })).toEqual(nothing);
  expect(await ask({ apikey: KEYS.owner })).toEqual(nothing);
  expect(await ask({}, `?apiKey=${KEYS.owner}`)).toEqual(nothing);
  expect(await ask({}, `?apikey=${KEYS.owner}`)).toEqual(nothing);
  expect(await ask({})).toMatchObject({ code: 401 });
});
