import { createHash, randomBytes } from 'node:crypto';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { FORM_TYPE, type Part, toForm } from '../testing/form.ts';
import { KEYS } from '../testing/services.ts';
import { createTestApp, ORIGIN, type TestApp } from '../testing/test-app.ts';

const PATH = '/openapi/v2/media/upload/binary';
const BYTES = randomBytes(70_000);
const SHA256 = createHash('sha256').update(BYTES).digest('hex');
const FILE: Part = { name: 'file', fileName: 'cat.png', type: 'image/png', value: BYTES };
const KEY: Part = { name: 'apiKey', value: KEYS.owner };
const BEARER = { authorization: `Bearer ${KEYS.owner}` };

const tempDir = mkdtempSync(join(tmpdir(), 'reelay-forms-'));
let test_: TestApp;
beforeAll(async () => {
  test_ = await createTestApp({ deps: { tempDir } });
});
afterAll(async () => {
  await test_.close();
  rmSync(tempDir, { recursive: true });
});
const upload = (parts: readonly Part[], headers: Record<string, string> = BEARER, url = PATH) =>
  test_.send({ method: 'POST', url, headers: { 'content-type': FORM_TYPE, ...headers }, payload: toForm(parts) });
const waitingUploads = () => readdirSync(tempDir);

test('an upload answers with its link, its content name in both spellings, and its size in a string', async () => {
  const answer = await upload([FILE]);
  expect(answer.statusCode).toBe(200);
  expect(answer.json()).toEqual({
    code: 0,
    message: 'success',
    msg: 'success',
    data: {
      type: 'image',
      download_url: expect.stringMatching(new RegExp(`^${ORIGIN}/files/asset_\\w+\\.png\\?`)),
      fileName: `openapi/${SHA256}.png`,
      filename: `openapi/${SHA256}.png`,
      size: '70000',
    },
  });
});

test('the link leads to the same bytes', async () => {
  // The shape is asserted above.
  const { data } = (await upload([FILE])).json() as { data: { download_url: string } };
  const file = await test_.send({ method: 'GET', url: data.download_url.slice(ORIGIN.length) });
  expect(file.rawPayload.equals(BYTES)).toBe(true);
});

test.each<[string, Part]>([
  ['another part name', { ...FILE, name: 'upload' }],
  ['a file name without extension', { ...FILE, name: 'blob', fileName: 'blob' }],
  ['no type', { name: 'file', fileName: 'cat.png', value: BYTES }],
  ['no file name', { name: 'file', type: 'image/png', value: BYTES }],
  ['no file name and another part name', { name: 'blob', type: 'application/octet-stream', value: BYTES }],
  ['a file name that climbs', { ...FILE, fileName: '../../etc/passwd' }],
])('a part with %s is taken', async (_name, part) => {
  expect((await upload([part])).json()).toMatchObject({ code: 0, data: { size: '70000' } });
});

test('other parts and further files are ignored', async () => {
  const parts = [
    { name: 'fileType', value: 'input' },
    FILE,
    { ...FILE, fileName: 'second.mp4' },
    { name: 'text', value: 'x' },
  ];
  expect((await upload(parts)).json()).toMatchObject({
    code: 0,
    data: { type: 'image', fileName: `openapi/${SHA256}.png` },
  });
});

test.each<[string, Part[], Record<string, string>, string]>([
  ['form, before the file', [KEY, FILE], {}, PATH],
  ['form, behind the file', [FILE, KEY], {}, PATH],
  ['form, in lower case', [{ ...KEY, name: 'apikey' }, FILE], {}, PATH],
  ['query', [FILE], {}, `${PATH}?apiKey=${KEYS.owner}`],
  ['header, although the form has a wrong one', [{ ...KEY, value: 'wrong' }, FILE], BEARER, PATH],
])('the key is found in the %s', async (_name, parts, headers, url) => {
  expect((await upload(parts, headers, url)).json()).toMatchObject({ code: 0, message: 'success' });
  expect(waitingUploads()).toEqual([]);
});

test.each<[string, Part[], Record<string, string>]>([
  ['none', [FILE], {}],
  ['a wrong one in the header', [FILE], { authorization: 'Bearer wrong' }],
  ['a wrong one before the file', [{ ...KEY, value: 'wrong' }, FILE], {}],
  ['a wrong one behind the file', [FILE, { ...KEY, value: 'wrong' }], {}],
])('of keys, %s is refused with 401 in both texts and HTTP 200', async (_name, parts, headers) => {
  const answer = await upload(parts, headers);
  expect(answer.statusCode).toBe(200);
  const message = 'Unauthorized: ApiKey verification failed';
  expect(answer.json()).toEqual({ code: 401, message, msg: message, data: null });
  expect(waitingUploads()).toEqual([]);
});

test('a file over the limit is refused while it arrives', async () => {
  const answer = await upload([{ ...FILE, value: Buffer.alloc(2 * 1_048_576 + 1) }]);
  expect(answer.statusCode).toBe(200);
  expect(answer.json()).toEqual({
    code: 1008,
    message: expect.stringContaining('too large'),
    msg: expect.any(String),
    data: null,
  });
});

test('a file that says it is over the limit is refused unread, and the connection ends', async () => {
  const answer = await upload([FILE], { ...BEARER, 'content-length': String(100 * 1_048_576) });
  expect(answer.json()).toMatchObject({ code: 1008, data: null });
  expect(answer.headers.connection).toBe('close');
});

test.each<[string, string, string | Buffer]>([
  ['no form', 'application/json', '{}'],
  ['a bare picture', 'image/png', BYTES],
  ['a form without a boundary', 'multipart/form-data', toForm([FILE])],
  ['a form without a file', FORM_TYPE, toForm([{ name: 'text', value: 'x' }])],
  ['a form without a part', FORM_TYPE, toForm([])],
  ['nothing', FORM_TYPE, ''],
  ['a form that ends too early', FORM_TYPE, toForm([FILE]).subarray(0, 40_000)],
  ['a form that ends within a header', FORM_TYPE, toForm([FILE]).subarray(0, 40)],
  ['a field that attacks prototypes', FORM_TYPE, toForm([{ name: '__proto__', value: 'x' }, FILE])],
])('%s is refused with 1007 in the shape of an upload', async (_name, type, payload) => {
  const answer = await test_.send({ method: 'POST', url: PATH, headers: { ...BEARER, 'content-type': type }, payload });
  expect(answer.statusCode).toBe(200);
  expect(answer.json()).toEqual({ code: 1007, message: expect.any(String), msg: expect.any(String), data: null });
});

test('GET is refused with 1009 in the shape of an upload', async () => {
  const answer = await test_.send({ method: 'GET', url: PATH });
  expect(answer.json()).toMatchObject({ code: 1009, message: expect.stringContaining('POST'), data: null });
});
