import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { readdir, readFile, rm, symlink } from 'node:fs/promises';
import { request as httpRequest } from 'node:http';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { mp4Bytes, pngBytes } from '../../assets/testing/media.ts';
import { KEEP_UPLOAD_MS, openRoom, type Room, STALLED_MS } from '../../assets/testing/room.ts';
import type { Statement } from '../../store/db.ts';
import { setUploadContent } from '../../store/uploads.ts';
import { KEYS } from '../testing/services.ts';
import { createTestApp, type TestApp } from '../testing/test-app.ts';

let room: Room;
let test_: TestApp;
let url: string;
beforeEach(async () => {
  room = await openRoom();
  const { assets, shelf, uploads } = room;
  test_ = await createTestApp({
    deps: { assets, shelf, uploads },
    limits: { maxResumableUploadMegabytes: 5_120 },
  });
  url = (await test_.listen()).url;
});
afterEach(async () => {
  await test_.close();
  await room.close();
});

const sha256 = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex');
const OWNER = { authorization: `Bearer ${KEYS.owner}` };
const STRANGER = { authorization: `Bearer ${KEYS.stranger}` };
const TUS = { 'tus-resumable': '1.0.0' };
const call = (method: string, path: string, headers: Record<string, string> = {}, body?: Buffer | Readable) =>
  fetch(new URL(path, url), {
    method,
    headers: { ...OWNER, ...TUS, ...headers },
    ...(body === undefined ? {} : { body: body as Buffer<ArrayBuffer>, duplex: 'half' }), // fetch takes streams, too.
  });
const create = async (sizeBytes: number, headers: Record<string, string> = {}): Promise<string> => {
  const answer = await call('POST', '/api/v1/uploads', { 'upload-length': String(sizeBytes), ...headers });
  expect(answer.status).toBe(201);
  return answer.headers.get('location') ?? '';
};
const send = (path: string, offset: number, body: Buffer | Readable, headers: Record<string, string> = {}) =>
  call(
    'PATCH',
    path,
    { 'upload-offset': String(offset), 'content-type': 'application/offset+octet-stream', ...headers },
    body,
  );
const offsetOf = async (path: string) => Number((await call('HEAD', path)).headers.get('upload-offset'));
type View = { id: string; offsetBytes: number; asset: null | Record<string, unknown> };
const viewOf = async (path: string) => (await (await call('GET', path)).json()) as View; // The tests look at its fields.
/** Sends the beginning of a piece and leaves the connection open. @returns what ends it. */
function begin(path: string, offset: number, length: number, bytes: Buffer) {
  const headers = {
    ...OWNER,
    ...TUS,
    'upload-offset': offset,
    'content-length': length,
    'content-type': 'application/offset+octet-stream',
  };
  const request = httpRequest(new URL(path, url), { method: 'PATCH', headers });
  request.on('error', () => undefined);
  request.write(bytes);
  return request;
}
const parts = () => readdir(join(room.dataDir, 'blobs', 'parts'));
/** Waits for what another request does, which nobody announces. */
async function until(isSo: () => Promise<boolean>): Promise<void> {
  while (!(await isSo())) await new Promise((resolve) => setImmediate(resolve));
}

test('a file arrives in pieces and becomes an asset that tasks take', async () => {
  const bytes = pngBytes({ widthPx: 64, heightPx: 48 });
  const name = Buffer.from('cat.png').toString('base64');
  const path = await create(bytes.length, { 'upload-metadata': `filename ${name},private` });
  expect(path).toMatch(/^\/api\/v1\/uploads\/upload_[0-9a-f]{24}$/);
  const first = await send(path, 0, bytes.subarray(0, 50));
  expect([first.status, first.headers.get('upload-offset'), await first.text()]).toEqual([204, '50', '']);
  const head = await call('HEAD', path);
  expect(Object.fromEntries(head.headers)).toMatchObject({
    'tus-resumable': '1.0.0',
    'upload-offset': '50',
    'upload-length': String(bytes.length),
    'upload-metadata': `filename ${name},private`,
    'upload-expires': new Date(room.time.nowMs + KEEP_UPLOAD_MS).toUTCString(),
    'cache-control': 'no-store',
  });
  expect(await viewOf(path)).toMatchObject({ offsetBytes: 50, fileName: 'cat.png', asset: null });
  expect((await send(path, 50, bytes.subarray(50))).status).toBe(204);
  const { asset } = await viewOf(path);
  expect(asset).toMatchObject({
    fileName: `openapi/${sha256(bytes)}.png`,
    kind: 'image',
    mediaType: 'image/png',
    widthPx: 64,
    heightPx: 48,
    sizeBytes: bytes.length,
    origin: 'upload',
  });
  const stored = await room.assets.get(String(asset?.id));
  expect(await readFile(stored?.path ?? '')).toEqual(bytes);
  expect(await parts()).toEqual([]);
  expect(await offsetOf(path)).toBe(bytes.length);
});

test('what the client was told of the server: its version, its extensions and its limit', async () => {
  const answer = await fetch(`${url}/api/v1/uploads`, { method: 'OPTIONS' });
  expect([answer.status, Object.fromEntries(answer.headers)]).toMatchObject([
    204,
    {
      'tus-version': '1.0.0',
      'tus-max-size': String(5_120 * 1_048_576),
      'tus-extension': 'creation,creation-with-upload,termination,expiration,checksum',
      'tus-checksum-algorithm': 'sha256,sha1,md5',
    },
  ]);
});

test('the whole file may come with the request that creates the upload, from a shell without the headers of tus', async () => {
  const bytes = randomBytes(300_000);
  const answer = await fetch(`${url}/api/v1/uploads`, {
    method: 'POST',
    headers: { ...OWNER, 'upload-length': '300000', 'content-type': 'application/offset+octet-stream' },
    body: bytes,
  });
  expect([answer.status, answer.headers.get('upload-offset')]).toEqual([201, '300000']);
  expect(await answer.json()).toMatchObject({ asset: { sha256: sha256(bytes), kind: 'file' } });
});

test('an empty file is an upload too', async () => {
  expect(await viewOf(await create(0))).toMatchObject({ offsetBytes: 0, asset: { sizeBytes: 0 } });
});

test('a lost connection loses nothing that arrived, and the hash of the whole is right', async () => {
  const bytes = randomBytes(3_000_000);
  const path = await create(bytes.length);
  const request = begin(path, 0, bytes.length, bytes.subarray(0, 2_000_000));
  await until(async () => (await offsetOf(path)) === 2_000_000);
  request.destroy();
  await until(async () => (await send(path, 2_000_000, Buffer.alloc(0))).status === 204);
  expect((await send(path, 2_000_000, Readable.from([bytes.subarray(2_000_000)]))).status).toBe(204);
  expect(await viewOf(path)).toMatchObject({ asset: { sha256: sha256(bytes) } });
});

test('a wrong offset is a conflict and changes nothing', async () => {
  const path = await create(100);
  await send(path, 0, Buffer.alloc(40));
  for (const offset of [0, 39, 41, 100]) {
    const answer = await send(path, offset, Buffer.alloc(10));
    expect([answer.status, await answer.json()]).toMatchObject([
      409,
      { code: 'conflict', detail: 'the upload goes on at 40' },
    ]);
  }
  expect(await offsetOf(path)).toBe(40);
});

test('of two that send at the same time one is refused, and the other is not disturbed', async () => {
  const bytes = randomBytes(200_000);
  const path = await create(bytes.length);
  const request = begin(path, 0, bytes.length, bytes.subarray(0, 100_000));
  await until(async () => (await offsetOf(path)) === 100_000);
  const second = await send(path, 100_000, bytes.subarray(100_000));
  expect([second.status, await second.json()]).toMatchObject([409, { code: 'conflict' }]);
  request.end(bytes.subarray(100_000));
  const [answer] = await once(request, 'response');
  expect(answer.statusCode).toBe(204);
  expect(await viewOf(path)).toMatchObject({ asset: { sha256: sha256(bytes) } });
});

test('many that begin at the same moment: one wins', async () => {
  const bytes = randomBytes(100_000);
  const path = await create(bytes.length);
  const answers = await Promise.all(Array.from({ length: 8 }, () => send(path, 0, bytes)));
  const statuses = answers.map(({ status }) => status);
  // Whoever comes after the end finds another offset: a conflict as well.
  expect(statuses.toSorted()).toEqual([204, ...Array(7).fill(409)]);
  expect(await viewOf(path)).toMatchObject({ asset: { sha256: sha256(bytes) } });
});

test('a sender that says nothing any more gives way to the next', async () => {
  const bytes = randomBytes(200_000);
  const path = await create(bytes.length);
  begin(path, 0, bytes.length, bytes.subarray(0, 100_000));
  await until(async () => (await offsetOf(path)) === 100_000);
  room.time.nowMs += STALLED_MS;
  expect((await send(path, 100_000, bytes.subarray(100_000))).status).toBe(204);
  expect(await viewOf(path)).toMatchObject({ asset: { sha256: sha256(bytes) } });
});

test('more than was announced is refused, and nothing of it is kept', async () => {
  const path = await create(100);
  const answer = await send(path, 0, Buffer.alloc(101));
  expect([answer.status, await answer.json()]).toMatchObject([
    413,
    { detail: 'the upload was announced with 100 bytes' },
  ]);
  expect(await offsetOf(path)).toBe(0);
  expect((await send(path, 0, Buffer.alloc(100))).status).toBe(204);
  expect((await send(path, 100, Buffer.alloc(1))).status).toBe(413);
  expect((await send(path, 100, Buffer.alloc(0))).status).toBe(204);
});

test('an upload above the limit is refused when it is announced', async () => {
  const create = (length: string) => call('POST', '/api/v1/uploads', { 'upload-length': length });
  const tooLarge = await create(String(5_120 * 1_048_576 + 1));
  expect([tooLarge.status, await tooLarge.json()]).toMatchObject([
    413,
    { detail: 'an upload may have 5120 MB at most' },
  ]);
  expect(await parts()).toEqual([]);
});

test.runIf(process.platform === 'linux')('a full disk is said to be one', async () => {
  const path = await create(100);
  const [part = ''] = await parts();
  await rm(room.parts.pathOf(part));
  await symlink('/dev/full', room.parts.pathOf(part));
  const answer = await send(path, 0, Buffer.alloc(100));
  expect([answer.status, await answer.json()]).toMatchObject([507, { code: 'storage_full', retryable: true }]);
});

describe('a checksum', () => {
  const header = (algorithm: string, bytes: Buffer) => ({
    'upload-checksum': `${algorithm} ${createHash(algorithm).update(bytes).digest('base64')}`,
  });
  test.each(['sha256', 'sha1', 'md5'])('%s: a piece that does not fit is not kept', async (algorithm) => {
    const bytes = randomBytes(1_000);
    const path = await create(bytes.length);
    await send(path, 0, bytes.subarray(0, 400), header(algorithm, bytes.subarray(0, 400)));
    const answer = await send(path, 400, randomBytes(600), header(algorithm, bytes.subarray(400)));
    expect([answer.status, await answer.json()]).toMatchObject([460, { code: 'checksum_mismatch' }]);
    expect(await offsetOf(path)).toBe(400);
    expect((await send(path, 400, bytes.subarray(400), header(algorithm, bytes.subarray(400)))).status).toBe(204);
    expect(await viewOf(path)).toMatchObject({ asset: { sha256: sha256(bytes) } });
  });
  test('half a piece cannot be checked, so nothing of it is kept', async () => {
    const path = await create(100);
    const cut = new Readable({ read: () => undefined });
    cut.push(Buffer.alloc(50));
    const sending = room.uploads.append({
      accountId: 'acct_owner',
      id: path.split('/').at(-1) ?? '',
      offsetBytes: 0,
      stream: cut,
      checksum: { algorithm: 'md5', hash: Buffer.alloc(16) },
    });
    await until(async () => (await offsetOf(path)) === 50);
    cut.destroy(new Error('gone'));
    await expect(sending).rejects.toThrow('gone');
    expect(await offsetOf(path)).toBe(0);
  });
});

test("another account's upload, one that does not exist and one that has expired answer the same", async () => {
  const path = await create(10);
  const missing = '/api/v1/uploads/upload_000000000000000000000000';
  const ask = async (at: string, headers: Record<string, string>) => {
    const answers = [await call('GET', at, headers), await send(at, 0, Buffer.alloc(10), headers)];
    answers.push(await call('DELETE', at, headers), await call('HEAD', at, headers));
    return answers.map(({ status }) => status);
  };
  expect(await ask(path, STRANGER)).toEqual([404, 404, 404, 404]);
  expect(await ask(missing, {})).toEqual([404, 404, 404, 404]);
  room.time.nowMs += KEEP_UPLOAD_MS;
  expect(await ask(path, {})).toEqual([404, 404, 404, 404]);
});

test('an upload that goes on does not expire', async () => {
  const path = await create(30);
  for (const offset of [0, 10, 20]) {
    room.time.nowMs += KEEP_UPLOAD_MS - 1;
    expect((await send(path, offset, Buffer.alloc(10))).status).toBe(204);
  }
});

test('a deleted upload is gone from disk; a file that it has become stays', async () => {
  const path = await create(10);
  await send(path, 0, Buffer.alloc(5));
  expect((await call('DELETE', path)).status).toBe(204);
  expect([await parts(), (await call('HEAD', path)).status]).toEqual([[], 404]);
  const finished = await create(3);
  await send(finished, 0, Buffer.from('abc'));
  const { asset } = await viewOf(finished);
  expect((await call('DELETE', finished)).status).toBe(204);
  expect(await room.assets.get(String(asset?.id))).toBeDefined();
});

test('everything that is wrong with the headers is said at once', async () => {
  const bad = await call('POST', '/api/v1/uploads', {
    'upload-defer-length': '1',
    'upload-metadata': 'filename ???',
    'upload-checksum': 'crc32 AAAA',
  });
  const problems = ['Upload-Length', 'Upload-Defer-Length', 'Upload-Metadata', 'Upload-Checksum'];
  expect([bad.status, await bad.json()]).toMatchObject([400, { problems: problems.map((field) => ({ field })) }]);
  const piece = await call('PATCH', await create(10), { 'upload-offset': '-1' }, Buffer.alloc(1));
  expect(await piece.json()).toMatchObject({ problems: [{ field: 'Upload-Offset' }, { field: 'Content-Type' }] });
  const version = await call('POST', '/api/v1/uploads', { 'tus-resumable': '0.2.2', 'upload-length': '1' });
  expect([version.status, version.headers.get('tus-version')]).toEqual([412, '1.0.0']);
  expect((await fetch(`${url}/api/v1/uploads`, { method: 'POST', headers: { 'upload-length': '1' } })).status).toBe(
    401,
  );
});

test('a client that can only POST sends its pieces too', async () => {
  const path = await create(3);
  const type = { 'upload-offset': '0', 'content-type': 'application/offset+octet-stream' };
  expect((await call('POST', path, type, Buffer.from('abc'))).status).toBe(405);
  expect((await call('POST', path, { ...type, 'x-http-method-override': 'PATCH' }, Buffer.from('abc'))).status).toBe(
    204,
  );
  expect(await offsetOf(path)).toBe(3);
});

test('media that cannot be read is refused with its last byte, and whoever missed the answer hears it again', async () => {
  await test_.close();
  await room.close();
  const { RenderError } = await import('@reelay/preview');
  room = await openRoom({ inspect: () => Promise.reject(new RenderError('bad_media', 'There is no frame.')) });
  test_ = await createTestApp({ deps: { assets: room.assets, shelf: room.shelf, uploads: room.uploads } });
  url = (await test_.listen()).url;
  const bytes = mp4Bytes({ durationMs: 1_000 });
  const path = await create(bytes.length);
  const refusal = [422, { code: 'media_unusable', detail: expect.stringContaining('There is no frame') }];
  const answer = await send(path, 0, bytes);
  expect([answer.status, await answer.json()]).toMatchObject(refusal);
  expect(await parts()).toEqual([]);
  const again = await call('GET', path);
  expect([again.status, await again.json()]).toMatchObject(refusal);
});

test('an account has a bounded number of unfinished uploads', async () => {
  const [first = ''] = await Promise.all(Array.from({ length: 5 }, () => create(10)));
  const answer = await call('POST', '/api/v1/uploads', { 'upload-length': '10' });
  expect([answer.status, await answer.json()]).toMatchObject([429, { code: 'rate_limited' }]);
  expect(await parts()).toHaveLength(5);
  await call('DELETE', first);
  await create(10);
});

test('the same file again is the same asset, and leaves nothing behind', async () => {
  const bytes = pngBytes({ widthPx: 8, heightPx: 8 });
  const [one, two] = [await create(bytes.length), await create(bytes.length)];
  await send(one, 0, bytes);
  await send(two, 0, bytes);
  expect((await viewOf(one)).asset?.id).toBe((await viewOf(two)).asset?.id);
  expect(await parts()).toEqual([]);
});

describe('a whole upload whose end was cut short by a crash is finished by whoever asks for it', () => {
  const bytes = pngBytes({ widthPx: 16, heightPx: 16 });
  const hash = sha256(bytes);
  /** What each step leaves behind. */
  const steps: [string, (id: string) => Promise<void>][] = [
    ['all bytes arrived', async () => undefined],
    ['its hash was written', (id) => write(setUploadContent(room.db, { id, sha256: hash }))],
    ['its bytes moved', () => move(async () => undefined)],
    ['its asset was written', () => move(async () => void (await room.put(bytes)))],
  ];
  const write = async (statement: Statement) => void (await room.db.write([statement]));
  const move = async (refer: () => Promise<void>) => {
    const [id = ''] = await parts();
    await write(setUploadContent(room.db, { id, sha256: hash }));
    const file = { path: room.parts.pathOf(id), sha256: hash, sizeBytes: bytes.length };
    await room.blobs.adopt(file).keep(async () => undefined);
    await refer();
  };

  test.each(steps)('%s', async (_name, step) => {
    const path = await create(bytes.length);
    const id = path.split('/').at(-1) ?? '';
    const stream = Readable.from([Buffer.from(bytes)]);
    await room.parts.append(id, { offset: 0, stream, maxBytes: bytes.length, onBytes: () => undefined });
    await step(id);
    const [head, ...views] = await Promise.all([call('HEAD', path), viewOf(path), viewOf(path)]);
    expect(head.headers.get('upload-offset')).toBe(String(bytes.length));
    for (const view of views) expect(view).toMatchObject({ asset: { sha256: hash, kind: 'image' } });
    const { items } = await room.shelf.list({ query: { accountId: 'acct_owner' }, limit: 9 });
    expect([items.length, await parts()]).toEqual([1, []]);
    expect(await readFile(items[0]?.path ?? '')).toEqual(bytes);
  });
});
