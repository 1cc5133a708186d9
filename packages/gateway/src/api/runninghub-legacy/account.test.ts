import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTaskView, KEYS } from '../testing/services.ts';
import { createTestApp, type TestApp } from '../testing/test-app.ts';

let test_: TestApp;
beforeAll(async () => {
  test_ = await createTestApp();
  const statuses = ['queued', 'running', 'collecting', 'succeeded', 'failed'] as const;
  for (const [index, status] of statuses.entries()) {
    test_.tasks.put('acct_owner', createTaskView({ id: `210000000000000010${index}`, status }));
  }
});
afterAll(() => test_.close());
const ask = async (body: object, headers: Record<string, string> = {}) => {
  const payload = JSON.stringify(body);
  return (await test_.send({ method: 'POST', url: '/uc/openapi/accountStatus', headers, payload })).json();
};
const status = (currentTaskCounts: string) => ({
  code: 0,
  msg: 'success',
  errorMessages: null,
  data: { remainCoins: '999999', currentTaskCounts, remainMoney: '999999.000', currency: 'CNY', apiType: 'SHARED' },
});

test.each([
  ['its own spelling', { apikey: KEYS.owner }],
  ['the usual one', { apiKey: KEYS.owner }],
  ['both', { apikey: KEYS.owner, apiKey: KEYS.owner }],
])('the tasks that run are counted, with the key in %s', async (_name, body) => {
  expect(await ask(body)).toEqual(status('2'));
});

test('the header will do, and so will GET', async () => {
  expect(await ask({}, { authorization: `Bearer ${KEYS.owner}` })).toEqual(status('2'));
  const url = `/uc/openapi/accountStatus?apikey=${KEYS.owner}`;
  expect((await test_.send({ method: 'GET', url })).json()).toEqual(status('2'));
});

test('another account has tasks of its own', async () => {
  expect(await ask({ apikey: KEYS.stranger })).toEqual(status('0'));
});

test('no key, and a wrong one, are refused', async () => {
  const refused = { code: 802, msg: 'APIKEY_UNAUTHORIZED', errorMessages: null, data: null };
  expect([await ask({}), await ask({ apikey: 'x' })]).toEqual([refused, refused]);
});
