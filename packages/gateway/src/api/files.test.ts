import { createHash } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Asset } from '../contract/asset.ts';
import { createTestApp, LINK_LIFETIME_MS, ORIGIN, type TestApp } from './testing/test-app.ts';

const BYTES = Buffer.from(Array.from({ length: 1_000 }, (_, index) => index % 251));
const SHA256 = createHash('sha256').update(BYTES).digest('hex');
const ETAG = `"${SHA256}"`;

let test_: TestApp;
let clip: Asset;
beforeAll(async () => {
  test_ = await createTestApp();
  clip = await store('clip.mp4', BYTES);
});
afterAll(() => test_.close());
const store = (fileName: string, bytes: Buffer | string) =>
  test_.assets.store({ accountId: 'acct_owner', stream: Readable.from([Buffer.from(bytes)]), fileName, maxBytes: 1e6 });
const linkOf = (asset: Asset) => test_.assets.link(asset).slice(ORIGIN.length);
const get = (url: string, headers: Record<string, string> = {}, method: 'GET' | 'HEAD' = 'GET') =>
  test_.send({ method, url, headers });

test('a link gives the bytes without a key, with their type, for keeping', async () => {
  const answer = await get(linkOf(clip));
  expect(answer.statusCode).toBe(200);
  expect(answer.rawPayload.equals(BYTES)).toBe(true);
  expect(answer.headers).toMatchObject({
    'content-type': 'video/mp4',
    'content-length': '1000',
    'accept-ranges': 'bytes',
    etag: ETAG,
    'cache-control': 'private, max-age=31536000, immutable',
    'x-content-type-options': 'nosniff',
    'access-control-allow-origin': '*',
    'cross-origin-resource-policy': 'cross-origin',
    'access-control-expose-headers': expect.stringContaining('Content-Range'),
  });
  expect(answer.headers['content-disposition']).toBeUndefined();
});

test('HEAD gives the same headers and no bytes', async () => {
  const { port } = await test_.listen();
  const answer = await fetch(`http://127.0.0.1:${port}${linkOf(clip)}`, { method: 'HEAD' });
  expect(answer.status).toBe(200);
  expect(Object.fromEntries(answer.headers)).toMatchObject({
    'content-length': '1000',
    'content-type': 'video/mp4',
    etag: ETAG,
  });
  expect((await answer.arrayBuffer()).byteLength).toBe(0);
});

test.each([
  ['bytes=0-0', 0, 1],
  ['bytes=10-19', 10, 20],
  ['bytes=990-', 990, 1_000],
  ['bytes=-5', 995, 1_000],
  ['bytes=900-5000', 900, 1_000],
])('the range %s is those bytes', async (range, start, end) => {
  const answer = await get(linkOf(clip), { range });
  expect(answer.statusCode).toBe(206);
  expect(answer.headers).toMatchObject({
    'content-range': `bytes ${start}-${end - 1}/1000`,
    'content-length': String(end - start),
  });
  expect(answer.rawPayload.equals(BYTES.subarray(start, end))).toBe(true);
});

test.each(['bytes=0-1,5-6', 'lines=1-2'])('the range %s is ignored', async (range) => {
  const answer = await get(linkOf(clip), { range });
  expect([answer.statusCode, answer.rawPayload.length]).toEqual([200, 1_000]);
});

test('a range behind the end is 416 and says how long the file is', async () => {
  const answer = await get(linkOf(clip), { range: 'bytes=1000-' });
  expect([answer.statusCode, answer.headers['content-range'], answer.body]).toEqual([416, 'bytes */1000', '']);
});

test('a range under If-Range is given for the same content only', async () => {
  const range = 'bytes=0-9';
  expect((await get(linkOf(clip), { range, 'if-range': ETAG })).statusCode).toBe(206);
  for (const ifRange of ['"other"', `W/${ETAG}`, 'Fri, 02 Jan 2026 00:00:00 GMT']) {
    const answer = await get(linkOf(clip), { range, 'if-range': ifRange });
    expect([answer.statusCode, answer.rawPayload.length]).toEqual([200, 1_000]);
  }
});

test.each([ETAG, `W/${ETAG}`, `"other", ${ETAG}`, '*'])('If-None-Match %s is 304', async (value) => {
  const answer = await get(linkOf(clip), { 'if-none-match': value });
  expect([answer.statusCode, answer.body, answer.headers.etag]).toEqual([304, '', ETAG]);
});

test('If-None-Match of other content gives the file', async () => {
  expect((await get(linkOf(clip), { 'if-none-match': '"other"' })).statusCode).toBe(200);
});

test.each([
  ['page.html', 'text/html'],
  ['drawing.svg', 'image/svg+xml'],
  ['thing.bin', 'application/octet-stream'],
])('%s is handed over as a download in a sandbox', async (fileName, type) => {
  const answer = await get(linkOf(await store(fileName, '<script>alert(1)</script>')));
  expect(answer.headers).toMatchObject({
    'content-type': type,
    'content-disposition': 'attachment',
    'content-security-policy': "default-src 'none'; sandbox",
    'x-content-type-options': 'nosniff',
  });
});

test('text is shown as text, in UTF-8', async () => {
  const answer = await get(linkOf(await store('answer.txt', 'Ein Schiff — 船')));
  expect(answer.headers['content-type']).toBe('text/plain; charset=utf-8');
  expect(answer.headers['content-disposition']).toBeUndefined();
  expect(answer.body).toBe('Ein Schiff — 船');
});

test('an empty file is an empty answer', async () => {
  const answer = await get(linkOf(await store('empty.bin', '')));
  expect([answer.statusCode, answer.headers['content-length'], answer.body]).toEqual([200, '0', '']);
});

test('a link works until it expires', async () => {
  const link = linkOf(clip);
  test_.advance(LINK_LIFETIME_MS - 1);
  expect((await get(link)).statusCode).toBe(200);
  test_.advance(1);
  const answer = await get(link);
  expect(answer.statusCode).toBe(403);
  expect(answer.headers['content-type']).toBe('application/problem+json; charset=utf-8');
  expect(answer.json()).toMatchObject({ code: 'link_expired', status: 403 });
  expect(answer.headers.etag).toBeUndefined();
});

test.each([
  ['a changed signature', (link: string) => link.replace(/signature=.{4}/, 'signature=AAAA')],
  ['a changed date', (link: string) => link.replace(/expires=\d/, 'expires=9')],
  ['a changed file', (link: string) => link.replace('.mp4', '.html')],
  ['no signature', (link: string) => link.replace(/&signature=.*/, '')],
  ['two signatures', (link: string) => `${link}&signature=x`],
  ['nothing but the path', (link: string) => link.replace(/\?.*/, '')],
  ['another path', () => '/files/..%2f..%2fetc%2fpasswd?expires=1&signature=x'],
])('a link with %s is 404', async (_name, change) => {
  const answer = await get(change(linkOf(clip)));
  expect(answer.statusCode).toBe(404);
  expect(answer.json()).toMatchObject({ code: 'file_not_found' });
});

test('a file whose bytes are gone is 404', async () => {
  const lost = await store('lost.mp4', 'x');
  await rm(lost.path);
  const answer = await get(linkOf(lost));
  expect([answer.statusCode, answer.headers['content-type']]).toEqual([404, 'application/problem+json; charset=utf-8']);
});
