import { createHash, randomBytes } from 'node:crypto';
import { access, readdir } from 'node:fs/promises';
import { request as httpRequest } from 'node:http';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openRoom, type Room } from '../assets/testing/room.ts';
import { openTestLibrary } from '../library/testing/open-library.ts';
import { insertAccount, updateAccount } from '../store/accounts.ts';
import { listUnusedAssets } from '../store/retention.ts';
import { accountRow } from '../store/testing/rows.ts';
import { KEYS } from './testing/services.ts';
import { createTestApp, type TestApp } from './testing/test-app.ts';

const MEGABYTE = 1_048_576;
const MAX_LORA_MEGABYTES = 2;

let room: Room;
let library: ReturnType<typeof openTestLibrary>;
let test_: TestApp;
let url: string;
beforeEach(async () => {
  room = await openRoom();
  library = openTestLibrary(room, { origin: () => url, maxLoraMegabytes: MAX_LORA_MEGABYTES });
  const { assets, shelf } = room;
  const limits = { maxLoraMegabytes: MAX_LORA_MEGABYTES };
  test_ = await createTestApp({ limits, deps: { ...library, assets, shelf } });
  url = (await test_.listen()).url;
  await room.db.write([
    insertAccount(room.db, accountRow('acct_owner', { name: 'sam' })),
    insertAccount(room.db, accountRow('acct_stranger')),
  ]);
});
afterEach(async () => {
  await library.close();
  await test_.close();
  await room.close();
});

const md5Of = (bytes: Buffer) => createHash('md5').update(bytes).digest('hex');
const success = (data: unknown) => ({ code: 0, msg: 'success', errorMessages: null, data });
async function post(path: string, body: object, key: string = KEYS.owner): Promise<unknown> {
  const answer = await fetch(url + path, { method: 'POST', body: JSON.stringify({ apiKey: key, ...body }) });
  expect(answer.status).toBe(200);
  return answer.json();
}
const ask = (body: object, key?: string) => post('/api/openapi/getLoraUploadUrl', body, key);
async function linkFor(bytes: Buffer, name = 'my-style', key?: string): Promise<string> {
  const answer = (await ask({ loraName: name, md5Hex: md5Of(bytes) }, key)) as { data: { url: string } };
  return answer.data.url;
}
const put = (link: string, bytes: Buffer) =>
  fetch(link, { method: 'PUT', headers: { 'content-type': 'application/octet-stream' }, body: new Uint8Array(bytes) });
/** Status and code of a refusal. */
async function refused(answer: Response) {
  return [answer.status, ((await answer.json()) as { code: string }).code];
}
type Record_ = { id: string; resourceName: string; nodeModelName: string; owner: object };
async function list(key?: string): Promise<Record_[]> {
  const answer = (await post('/openapi/v2/resource/list', { resourceType: 'LORA' }, key)) as {
    data: { records: Record_[] };
  };
  return answer.data.records;
}
/** What lies in the folder of files, drafts and all. */
const listFiles = async () =>
  (await readdir(join(room.dataDir, 'blobs'), { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile())
    .map(({ name }) => name);

test('a LoRA is announced, sent, listed, and found under the name that a loader takes', async () => {
  const bytes = randomBytes(300_000);
  const md5 = md5Of(bytes);
  const answer = (await ask({ loraName: 'Tusche & Ink +1', md5Hex: md5.toUpperCase() })) as {
    data: { url: string };
  };
  const fileName = `api-lora-cn/${md5}.safetensors`;
  expect(answer).toEqual(success({ fileName, url: expect.stringContaining(`${url}/put/${fileName}?`) }));
  expect(await list()).toEqual([]);
  const sent = await put(answer.data.url, bytes);
  expect([sent.status, await sent.text(), sent.headers.get('etag')]).toEqual([200, '', `"${md5}"`]);
  expect(await list()).toEqual([
    {
      id: expect.stringMatching(/^\d{19}$/),
      resourceName: 'Tusche & Ink +1',
      resourceType: 'LORA',
      createTime: '2026-01-02T00:00:00',
      desc: '',
      nodeModelName: fileName,
      posterUrl: '',
      thumbnailUrl: '',
      owner: { name: 'sam', avatar: '' },
      tags: [],
      versions: [
        {
          id: expect.stringMatching(/^\d{19}$/),
          version: 'v1',
          versionResourceName: 'Tusche & Ink +1',
          baseModel: '',
          baseModelSubtype: '',
          triggerWords: '',
          desc: '',
          posterInfos: [],
        },
      ],
    },
  ]);
  const key = { accountId: 'acct_owner', type: 'LORA', nodeModelName: fileName } as const;
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  expect(await library.models.findFile(key)).toMatchObject({ sha256, kind: 'file', extension: 'safetensors' });
  expect(await library.models.findFile({ ...key, accountId: 'acct_stranger' })).toBeUndefined();
  expect(await list(KEYS.stranger)).toEqual([]);
});

test('what looks like a picture is kept as the bytes that it is', async () => {
  const bytes = Buffer.concat([Buffer.from('89504e470d0a1a0a', 'hex'), randomBytes(100)]);
  expect((await put(await linkFor(bytes), bytes)).status).toBe(200);
  expect(room.inspected).toEqual([]);
  expect(await list()).toHaveLength(1);
});

test('the same bytes again are the same LoRA, under its newest name; an account has its own', async () => {
  const bytes = randomBytes(1_000);
  const link = await linkFor(bytes);
  const sent = await Promise.all([put(link, bytes), put(link, bytes), put(await linkFor(bytes), bytes)]);
  expect(sent.map(({ status }) => status)).toEqual([200, 200, 200]);
  const [first] = await list();
  expect((await put(await linkFor(bytes, 'renamed'), bytes)).status).toBe(200);
  expect(await list()).toMatchObject([{ id: first?.id, resourceName: 'renamed' }]);
  expect((await put(await linkFor(bytes, 'theirs', KEYS.stranger), bytes)).status).toBe(200);
  expect(await list(KEYS.stranger)).toMatchObject([{ resourceName: 'theirs' }]);
  expect(await list()).toHaveLength(1);
  expect(await listFiles()).toHaveLength(1);
});

test('a link that was changed, or has expired, takes nothing', async () => {
  const bytes = randomBytes(1_000);
  const link = await linkFor(bytes);
  const changed = (name: string, value: string) => {
    const other = new URL(link);
    other.searchParams.set(name, value);
    return other.href;
  };
  const links = [
    changed('account', 'acct_stranger'),
    changed('name', 'other'),
    changed('expires', '9999999999'),
    changed('signature', '00'),
    changed('signature', ''),
    `${link}0`,
    `${link}&name=twice`,
    link.replace(md5Of(bytes), md5Of(Buffer.from('other'))),
    link.replace('.safetensors', '.ckpt'),
    link.split('?')[0] ?? '',
  ];
  for (const one of links) expect(await refused(await put(one, bytes))).toEqual([403, 'forbidden']);
  // A link to a file of ours is signed with the same secret, for another purpose.
  room.time.nowMs += 3_600_000 - 1_000;
  expect((await put(link, bytes)).status).toBe(200);
  room.time.nowMs += 1_000;
  expect(await refused(await put(link, bytes))).toEqual([403, 'link_expired']);
  expect(await list()).toHaveLength(1);
});

test('bytes with another MD5, too many of them, and those of a disabled account leave nothing', async () => {
  const bytes = randomBytes(1_000);
  const link = await linkFor(bytes);
  expect(await refused(await put(link, randomBytes(1_000)))).toEqual([460, 'checksum_mismatch']);
  expect(await refused(await put(link, Buffer.alloc(0)))).toEqual([460, 'checksum_mismatch']);
  const large = Buffer.alloc(MAX_LORA_MEGABYTES * MEGABYTE + 1);
  expect(await refused(await put(await linkFor(large), large))).toEqual([413, 'body_too_large']);
  // Without a length the excess shows only on the way.
  const chunked = await fetch(await linkFor(large), {
    method: 'PUT',
    body: new Blob([large]).stream(),
    duplex: 'half',
  } as RequestInit);
  expect(await refused(chunked)).toEqual([413, 'body_too_large']);
  await room.db.write([updateAccount(room.db, 'acct_owner', { disabled_at_ms: 1 })]);
  expect(await refused(await put(link, bytes))).toEqual([403, 'forbidden']);
  expect([await list(), await listFiles()]).toEqual([[], []]);
});

test('a PUT that is cut in the middle leaves nothing, and can be sent again', async () => {
  const bytes = randomBytes(MEGABYTE);
  const link = await linkFor(bytes);
  const request = httpRequest(link, { method: 'PUT', headers: { 'content-length': bytes.length } });
  request.on('error', () => undefined);
  const closed = new Promise((resolve) => request.on('close', resolve));
  request.write(bytes.subarray(0, MEGABYTE / 2));
  // Until something of it is on disk.
  while ((await listFiles()).length === 0) await new Promise((resolve) => setImmediate(resolve));
  request.destroy();
  await closed;
  while ((await listFiles()).length > 0) await new Promise((resolve) => setImmediate(resolve));
  expect(await list()).toEqual([]);
  expect((await put(link, bytes)).status).toBe(200);
  expect(await list()).toHaveLength(1);
});

test('its file is not swept, not deleted by itself, and goes with it', async () => {
  const bytes = randomBytes(1_000);
  await put(await linkFor(bytes), bytes);
  const [{ id } = { id: '' }] = await list();
  const headers = { authorization: KEYS.owner };
  const remove = (path: string, key: string = KEYS.owner) =>
    fetch(url + path, { method: 'DELETE', headers: { authorization: key } });
  const shown = (await (await fetch(`${url}/api/v1/assets`, { headers })).json()) as { items: { id: string }[] };
  const [{ id: assetId } = { id: '' }] = shown.items;
  const { path } = (await room.assets.get(assetId)) ?? { path: '' };
  const unused = { origin: 'upload', before_ms: Number.MAX_SAFE_INTEGER, limit: 9 };
  expect(await listUnusedAssets(room.db, unused)).toEqual([]);
  expect((await remove(`/api/v1/assets/${assetId}`)).status).toBe(409);
  expect((await remove(`/api/v1/resources/${id}`, KEYS.stranger)).status).toBe(404);
  expect((await remove(`/api/v1/resources/${id}`)).status).toBe(204);
  expect((await remove(`/api/v1/resources/${id}`)).status).toBe(404);
  await expect(access(path)).rejects.toMatchObject({ code: 'ENOENT' });
  expect([await list(), await room.assets.get(assetId)]).toEqual([[], undefined]);
  expect((await put(await linkFor(bytes), bytes)).status).toBe(200);
});

test('the link is asked for in every usual way, and refused in the words of the family', async () => {
  const md5Hex = md5Of(Buffer.from('a'));
  const fields = { loraName: 'x', md5Hex };
  const path = '/api/openapi/getLoraUploadUrl';
  const link = success({ fileName: `api-lora-cn/${md5Hex}.safetensors`, url: expect.any(String) });
  const json = async (answer: Response) => answer.json();
  const bearer = { authorization: `Bearer ${KEYS.owner}` };
  const query = new URLSearchParams({ ...fields, apiKey: KEYS.owner });
  expect(
    await json(await fetch(url + path, { method: 'POST', headers: bearer, body: JSON.stringify(fields) })),
  ).toEqual(link);
  expect(await post(path, { apiKey: undefined, apikey: KEYS.owner, ...fields })).toEqual(link);
  expect(await json(await fetch(`${url}${path}?${query}`))).toEqual(link);
  const refusal = (code: number, msg: unknown) => ({ code, msg, errorMessages: null, data: null });
  expect(await ask(fields, 'wrong')).toEqual(refusal(802, 'APIKEY_UNAUTHORIZED'));
  expect(await ask({})).toEqual(refusal(301, 'loraName must not be null; md5Hex must not be null'));
  for (const wrong of ['x', 7, {}, md5Hex.slice(1), `${md5Hex}0`])
    expect(await ask({ ...fields, md5Hex: wrong })).toEqual(
      refusal(301, 'md5Hex must be the MD5 of the file: 32 hexadecimal digits'),
    );
  expect(await ask({ ...fields, loraName: 'x'.repeat(201) })).toEqual(
    refusal(301, 'loraName must have 200 characters at most'),
  );
  const head = await fetch(url + path, { method: 'DELETE', headers: bearer });
  expect([head.status, await head.json()]).toEqual([200, refusal(412, 'TOKEN_INVALID')]);
});

test('a page of somebody else may send it too', async () => {
  const answer = await fetch(await linkFor(Buffer.from('a')), {
    method: 'OPTIONS',
    headers: { origin: 'https://example.com', 'access-control-request-method': 'PUT' },
  });
  expect(answer.headers.get('access-control-allow-origin')).toBe('*');
  expect(answer.headers.get('access-control-allow-methods')).toContain('PUT');
});
