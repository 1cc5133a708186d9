import { createHash, randomBytes } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { FORM_TYPE, type Part, toForm } from '../testing/form.ts';
import { KEYS } from '../testing/services.ts';
import { createTestApp, type TestApp } from '../testing/test-app.ts';

const BYTES = randomBytes(20_000);
const SHA256 = createHash('sha256').update(BYTES).digest('hex');
const KEY: Part = { name: 'apiKey', value: KEYS.owner };
const FILE: Part = { name: 'file', fileName: 'cat.png', type: 'image/png', value: BYTES };

let test_: TestApp;
beforeAll(async () => {
  test_ = await createTestApp();
});
afterAll(() => test_.close());
const upload = async (parts: readonly Part[], url = '/task/openapi/upload') => {
  const headers = { 'content-type': FORM_TYPE };
  const answer = await test_.send({ method: 'POST', url, headers, payload: toForm(parts) });
  expect(answer.statusCode).toBe(200);
  return answer.json();
};
const stored = (fileName: string) => ({
  code: 0,
  msg: 'success',
  errorMessages: null,
  data: { fileName, fileType: 'input' },
});

test.each([
  ['as the reference has it', [KEY, { name: 'fileType', value: 'input' }, FILE]],
  ['of another type', [KEY, { name: 'fileType', value: 'whatever' }, FILE]],
  ['with the key behind the file', [FILE, KEY]],
  ['under a generic part name', [KEY, { ...FILE, name: 'upload' }]],
] as const)('an upload %s is named by its content', async (_name, parts) => {
  expect(await upload(parts)).toEqual(stored(`api/${SHA256}.png`));
  expect(await upload(parts, '/api/task/openapi/upload')).toEqual(stored(`api/${SHA256}.png`));
});

test('an archive goes by its bare name', async () => {
  const zip = Buffer.concat([Buffer.from('PK\u0003\u0004'), BYTES]);
  const name = createHash('sha256').update(zip).digest('hex');
  const file: Part = { name: 'file', fileName: 'pictures.zip', type: 'application/zip', value: zip };
  expect(await upload([KEY, file])).toEqual(stored(`api/${name}`));
});

test.each([
  ['without a key', [FILE], 802, 'APIKEY_UNAUTHORIZED'],
  ['with a wrong key', [{ name: 'apiKey', value: 'x'.repeat(32) }, FILE], 802, 'APIKEY_UNAUTHORIZED'],
  ['that is too large', [KEY, { ...FILE, value: Buffer.alloc(3_000_000, 7) }], 809, 'APIKEY_FILE_SIZE_EXCEEDED'],
  ['without a file', [KEY], 301, expect.stringContaining('file')],
] as const)('an upload %s is refused', async (_name, parts, code, msg) => {
  expect(await upload(parts)).toEqual({ code, msg, errorMessages: null, data: null });
});
