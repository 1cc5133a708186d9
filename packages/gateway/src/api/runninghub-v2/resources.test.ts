import { createHash } from 'node:crypto';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { pngBytes } from '../../assets/testing/media.ts';
import { openRoom, type Room } from '../../assets/testing/room.ts';
import { openTestLibrary } from '../../library/testing/open-library.ts';
import { KEYS } from '../testing/services.ts';
import { createTestApp, type TestApp } from '../testing/test-app.ts';

let room: Room;
let library: ReturnType<typeof openTestLibrary>;
let test_: TestApp;
let url: string;
beforeEach(async () => {
  room = await openRoom();
  library = openTestLibrary(room);
  test_ = await createTestApp({
    limits: { maxResourceListsPerMinute: 60 },
    deps: { ...library, assets: room.assets, shelf: room.shelf },
  });
  url = (await test_.listen()).url;
});
afterEach(async () => {
  await library.close();
  await test_.close();
  await room.close();
});

type Answer = { status: number; headers: Headers; body: Record<string, unknown> & { id: string; data: Page } };
type Page = Record<string, unknown> & { records: { id: string; resourceName: string }[] };
async function call(method: string, path: string, body?: object, key: string = KEYS.owner): Promise<Answer> {
  const { status, headers, ...answer } = await fetch(url + path, {
    method,
    headers: { authorization: `Bearer ${key}` },
    body: body === undefined ? null : JSON.stringify(body),
  }).then(async (one) => ({ status: one.status, headers: one.headers, text: await one.text() }));
  return { status, headers, body: answer.text === '' ? {} : JSON.parse(answer.text) };
}
const list = (body: object, key?: string) => call('POST', '/openapi/v2/resource/list', body, key);
const names = async (body: object, key?: string) =>
  (await list(body, key)).body.data.records.map(({ resourceName }) => resourceName);
const register = async (body: object, key?: string) => {
  room.time.nowMs += 1_000;
  return call('POST', '/api/v1/resources', body, key);
};
const POSTER = {
  posterUrl: 'https://a.test/p.jpg',
  thumbnailUrl: 'https://a.test/t.jpg',
  widthPx: 1024,
  heightPx: 768,
};
const INK = {
  type: 'LORA',
  name: 'Ink wash',
  nodeModelName: 'ink-wash-v1.safetensors',
  posterUrl: 'https://a.test/p.jpg',
  thumbnailUrl: 'https://a.test/t.jpg',
  owner: { name: 'sam', avatarUrl: 'https://a.test/s.png' },
  tags: ['style'],
  versions: [{ version: 'v1', name: 'ink-wash-v1', baseModel: 'SDXL', triggerWords: 'inkwash', posters: [POSTER] }],
};
const DIGITS = expect.stringMatching(/^\d{19}$/);

test('what an administrator registers is listed for everybody, as the reference has it', async () => {
  const made = await register(INK);
  expect([made.status, made.headers.get('location')]).toEqual([201, `/api/v1/resources/${made.body.id}`]);
  const body = { resourceType: 'LORA', resourceName: 'ink', baseModels: [], tags: [], current: 1, size: 20 };
  expect((await list(body, KEYS.stranger)).body).toEqual({
    code: 0,
    msg: 'success',
    errorMessages: null,
    data: {
      records: [
        {
          id: made.body.id,
          resourceName: 'Ink wash',
          resourceType: 'LORA',
          createTime: '2026-01-02T00:00:01',
          desc: '',
          nodeModelName: 'ink-wash-v1.safetensors',
          posterUrl: 'https://a.test/p.jpg',
          thumbnailUrl: 'https://a.test/t.jpg',
          owner: { name: 'sam', avatar: 'https://a.test/s.png' },
          tags: [{ id: expect.any(Number), name: 'style' }],
          versions: [
            {
              id: DIGITS,
              version: 'v1',
              versionResourceName: 'ink-wash-v1',
              baseModel: 'SDXL',
              baseModelSubtype: '',
              triggerWords: 'inkwash',
              desc: '',
              posterInfos: [
                {
                  posterUrl: 'https://a.test/p.jpg',
                  thumbnailUrl: 'https://a.test/t.jpg',
                  imageWidth: 1024,
                  imageHeight: 768,
                },
              ],
            },
          ],
        },
      ],
      size: 20,
      current: 1,
      total: 1,
      pages: 1,
      hasNext: false,
      hasPrevious: false,
    },
  });
});

test('pages say where they are; the echo is what was asked for', async () => {
  for (let n = 1; n <= 5; n += 1)
    await register({ type: 'UNET', name: `Unet ${n}`, nodeModelName: `unet-${n}.safetensors` });
  const page = async (current: unknown, size: unknown) => {
    const { records, ...rest } = (await list({ current, size })).body.data;
    return [records.map(({ resourceName }) => resourceName), rest];
  };
  const of = (current: number, hasNext: boolean, hasPrevious: boolean) => ({
    size: 2,
    current,
    total: 5,
    pages: 3,
    hasNext,
    hasPrevious,
  });
  expect(await page(1, 2)).toEqual([['Unet 5', 'Unet 4'], of(1, true, false)]);
  expect(await page('3', '2')).toEqual([['Unet 1'], of(3, false, true)]);
  expect(await page(7, 2)).toEqual([[], of(7, false, true)]);
  expect((await list({})).body.data).toMatchObject({ current: 1, size: 10, total: 5, pages: 1 });
});

test('every filter counts', async () => {
  await register(INK);
  await register({
    ...INK,
    name: 'Ölfarbe',
    nodeModelName: 'oil',
    tags: ['oil'],
    versions: [{ version: 'x', baseModel: 'Flux' }],
  });
  await register({ ...INK, type: 'GGUF', name: 'Ink', versions: [] });
  const { body } = await list({ resourceType: 'lora', resourceName: 'ÖL' });
  expect(body.data.records.map(({ resourceName }) => resourceName)).toEqual(['Ölfarbe']);
  const [{ id: oil } = { id: 0 }] = (body.data.records[0] as unknown as { tags: { id: number }[] }).tags;
  expect(await names({ resourceType: 'GGUF' })).toEqual(['Ink']);
  expect(await names({ resourceName: 'ink' })).toEqual(['Ink', 'Ink wash']);
  expect(await names({ baseModels: ['SDXL', 'Flux'] })).toEqual(['Ölfarbe', 'Ink wash']);
  expect(await names({ tags: [oil] })).toEqual(['Ölfarbe']);
  expect(
    await names({ tags: [String(oil)], baseModels: ['Flux'], resourceType: 'LORA', resourceName: 'farb' }),
  ).toEqual(['Ölfarbe']);
  expect(await names({ tags: [999_999] })).toEqual([]);
  expect(await names({ resourceType: '', resourceName: null, baseModels: null, tags: '' })).toHaveLength(3);
});

test('what does not fit is refused in the words of the family', async () => {
  const cases = [
    [{ resourceType: 'VAE' }, 'resourceType must be one of CHECKPOINT, UNET, LORA, GGUF'],
    [{ size: 0 }, 'size must be a whole number from 1 to 50'],
    [
      { size: 51, current: 0 },
      'current must be a whole number from 1 to 1000000; size must be a whole number from 1 to 50',
    ],
    [{ current: 1.5 }, 'current must be a whole number'],
    [{ tags: ['style'] }, 'must be a whole number'],
    [{ tags: 3 }, 'tags must be a list of numbers'],
    [{ baseModels: 'SDXL' }, 'baseModels must be a list of texts'],
    [{ resourceName: {} }, 'resourceName must be a text'],
  ] as const;
  for (const [body, words] of cases)
    expect(await list(body)).toMatchObject({
      status: 200,
      body: { code: 1007, msg: expect.stringContaining(words), data: null },
    });
  expect((await list({}, 'wrong')).body).toMatchObject({ code: 401, data: null });
  expect((await call('GET', '/openapi/v2/resource/list')).body).toMatchObject({ code: 1009, data: null });
  expect((await call('POST', '/openapi/v2/resource/read', {})).body).toMatchObject({ code: 1001, data: null });
});

test('a key may ask so often and no more, whatever another does', async () => {
  for (let n = 0; n < 60; n += 1) expect((await list({})).status).toBe(200);
  const refused = await list({});
  expect([refused.status, refused.headers.get('retry-after'), refused.body]).toMatchObject([
    429,
    '1',
    { code: 1016, msg: 'Too many requests: 60 a minute', data: null },
  ]);
  expect((await list({}, KEYS.stranger)).status).toBe(200);
  test_.advance(1_000);
  expect([(await list({})).status, (await list({})).status]).toEqual([200, 429]);
});

test('our own API registers, shows, changes and deletes; who is no administrator only looks', async () => {
  const made = await register(INK);
  const path = `/api/v1/resources/${made.body.id}`;
  const { id: versionId } = (made.body.versions as { id: string }[])[0] ?? { id: '' };
  expect(made.body).toMatchObject({ ...INK, tags: [{ name: 'style' }], isShared: true, assetId: null });
  expect((await call('GET', path, undefined, KEYS.stranger)).body).toEqual(made.body);
  expect(await register(INK)).toMatchObject({ status: 409, body: { code: 'conflict' } });
  const change = {
    name: 'Ink',
    tags: ['ink', 'ink', 'style'],
    versions: [{ version: 'v2', baseModel: 'Flux' }, { version: 'v1' }],
  };
  const changed = await call('PATCH', path, change);
  expect(changed.body).toMatchObject({
    name: 'Ink',
    nodeModelName: INK.nodeModelName,
    tags: [{ name: 'ink' }, { name: 'style' }],
    versions: [
      { version: 'v2', baseModel: 'Flux' },
      { version: 'v1', id: versionId, baseModel: '' },
    ],
  });
  expect((await call('PATCH', path, {})).body).toEqual(changed.body);
  const other = await register({ ...INK, nodeModelName: 'other' });
  expect((await call('PATCH', `/api/v1/resources/${other.body.id}`, { nodeModelName: INK.nodeModelName })).status).toBe(
    409,
  );
  for (const [method, body] of [
    ['POST', INK],
    ['PATCH', { name: 'x' }],
    ['DELETE', undefined],
  ] as const) {
    const at = method === 'POST' ? '/api/v1/resources' : path;
    expect((await call(method, at, body, KEYS.stranger)).status).toBe(403);
  }
  expect((await call('DELETE', path)).status).toBe(204);
  expect([(await call('GET', path)).status, (await call('DELETE', path)).status]).toEqual([404, 404]);
  expect((await call('PATCH', path, { name: 'x' })).status).toBe(404);
});

test('our own API says everything that is wrong, and lists by cursor', async () => {
  const wrong = await register({
    type: 'VAE',
    posterUrl: 'ftp://x',
    colour: 'red',
    versions: [{ version: 'a' }, { version: 'a' }],
  });
  const problems = wrong.body.problems as { field: string }[];
  expect(problems.map(({ field }) => field).toSorted()).toEqual(['colour', 'name', 'posterUrl', 'type', 'versions']);
  expect((await register({ name: 'x' })).body).toMatchObject({
    problems: [{ field: 'type' }, { field: 'nodeModelName' }],
  });
  for (let n = 1; n <= 3; n += 1) await register({ ...INK, name: `Ink ${n}`, nodeModelName: `${n}` });
  const first = await call('GET', '/api/v1/resources?limit=2&type=LORA&name=ink&baseModel=SDXL');
  expect(first.body).toMatchObject({ items: [{ name: 'Ink 3' }, { name: 'Ink 2' }] });
  const last = await call('GET', `/api/v1/resources?limit=2&cursor=${first.body.nextCursor}`);
  expect(last.body).toMatchObject({ items: [{ name: 'Ink 1' }], nextCursor: null });
  const [{ tags } = { tags: [] }] = last.body.items as { tags: { id: number }[] }[];
  const tagged = await call('GET', `/api/v1/resources?tag=${tags[0]?.id}`);
  expect((tagged.body.items as []).length).toBe(3);
  expect((await call('GET', '/api/v1/resources?cursor=x')).status).toBe(400);
});

test('a LoRA that arrived in pieces becomes a model of its account, and of no other', async () => {
  const file = await room.put('weights', { fileName: 'ink.safetensors' });
  const md5 = createHash('md5').update('weights').digest('hex');
  const made = await register({ name: 'Ink', asset: file.id, tags: ['mine'] }, KEYS.owner);
  expect(made).toMatchObject({
    status: 201,
    body: {
      type: 'LORA',
      name: 'Ink',
      nodeModelName: `api-lora-cn/${md5}.safetensors`,
      assetId: file.id,
      isShared: false,
      tags: [{ name: 'mine' }],
    },
  });
  expect((await register({ name: 'Ink', asset: file.id })).body.id).toBe(made.body.id);
  const path = `/api/v1/resources/${made.body.id}`;
  expect((await call('GET', path, undefined, KEYS.stranger)).status).toBe(404);
  expect((await call('PATCH', path, { name: 'x' }, KEYS.stranger)).status).toBe(404);
  expect(
    (await call('PATCH', path, { description: 'd', versions: [{ version: 'v1', baseModel: 'SDXL' }] })).body,
  ).toMatchObject({
    description: 'd',
    versions: [{ baseModel: 'SDXL' }],
  });
  const fixed = await call('PATCH', path, { type: 'GGUF', nodeModelName: 'x', owner: { name: 'x' } });
  expect(fixed.body).toMatchObject({
    status: 400,
    problems: [{ field: 'type' }, { field: 'nodeModelName' }, { field: 'owner' }],
  });
  const foreign = await room.put('theirs', { accountId: 'acct_stranger', fileName: 'a.safetensors' });
  const picture = await room.put(pngBytes({ widthPx: 8, heightPx: 8 }));
  for (const asset of [foreign.id, picture.id, 'asset_none'])
    expect(await register({ name: 'x', asset })).toMatchObject({
      status: 400,
      body: { problems: [{ field: 'asset' }] },
    });
  // Who is no administrator may have models too.
  const own = await register({ name: 'theirs', asset: foreign.id }, KEYS.stranger);
  expect([own.status, await names({}, KEYS.stranger), await names({})]).toEqual([201, ['theirs'], ['Ink']]);
});
