import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import type { Callers } from '../../accounts/keys.ts';
import { createTestApp, type TestApp } from '../testing/test-app.ts';

const PATH = '/openapi/v2/price-preview/test-vendor/film-1/text-to-video';
const BODY = { prompt: 'a paper boat on a puddle', duration: '4' };
const NOTHING = {
  estimatedPrice: 0,
  currency: 'CNY',
  priceText: '',
  priceTextEn: '',
  freeLimit: false,
  freeLimitCount: 0,
  remainingFreeLimitCount: 0,
  isFreeThisCall: false,
};
let test_: TestApp;
beforeAll(async () => {
  test_ = await createTestApp();
});
afterAll(() => test_.close());

test('a price is a number in whole units, with words in both languages, and nothing is created', async () => {
  const answer = await test_.post(PATH, BODY);
  expect(answer.statusCode).toBe(200);
  expect(answer.json()).toEqual({
    ...NOTHING,
    errorCode: '',
    errorMessage: '',
    estimatedPrice: 1.25,
    priceText: expect.stringContaining('1.25'),
    priceTextEn: expect.stringContaining('1.25'),
  });
  expect(test_.tasks.submits).toEqual([]);
});

test('an endpoint without a published price says so in words', async () => {
  const url = '/openapi/v2/price-preview/%5BDeprecated%5D%20film-0/text-to-video';
  expect((await test_.post(url, { prompt: 'x' })).json()).toEqual({
    ...NOTHING,
    errorCode: '',
    errorMessage: '',
    priceText: '未公布价格',
    priceTextEn: 'no price is published',
  });
});

test('a body that the submit would refuse is refused here, with the same words', async () => {
  expect((await test_.post(PATH, { duration: '5' })).json()).toEqual({
    ...NOTHING,
    errorCode: '1007',
    errorMessage: expect.stringMatching(/^Invalid parameter: .*prompt.*; .*duration/),
  });
});

test.each([
  ['an unknown endpoint', '/openapi/v2/price-preview/no-such/model', '{}', '1001'],
  ['no endpoint at all', '/openapi/v2/price-preview', '{}', '1001'],
  ['malformed JSON', PATH, '{', '1007'],
])('%s is answered in the shape of a price', async (_name, url, payload, errorCode) => {
  const answer = await test_.send({
    method: 'POST',
    url,
    headers: { authorization: '0123456789abcdef0123456789abcdef' },
    payload,
  });
  expect(answer.statusCode).toBe(200);
  expect(answer.json()).toEqual({ ...NOTHING, errorCode, errorMessage: expect.any(String) });
});

test('a wrong key is 1002', async () => {
  const answer = await test_.post(PATH, BODY, { authorization: 'Bearer wrong' });
  expect(answer.json()).toEqual({
    ...NOTHING,
    errorCode: '1002',
    errorMessage: expect.stringContaining('ApiKey verification failed'),
  });
});

test('an account in dollars is told dollars, as a submit would hold them', async () => {
  const dollars: Callers = async () => ({ accountId: 'acct_usd', keyId: 'key_usd', isAdmin: false, currency: 'USD' });
  const other = await createTestApp({ deps: { callers: dollars } });
  onTestFinished(() => other.close());
  // 1.25 yuan at 7.2, rounded up to a millionth.
  expect((await other.post(PATH, BODY)).json()).toMatchObject({
    estimatedPrice: 0.173612,
    currency: 'USD',
    priceText: expect.stringMatching(/1\.25 元.* = 0\.173612 USD$/),
    priceTextEn: expect.stringMatching(/1\.25 CNY.* = 0\.173612 USD$/),
  });
});
