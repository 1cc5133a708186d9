import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTaskView, KEYS } from '../testing/services.ts';
import { createTestApp, type TestApp } from '../testing/test-app.ts';

let test_: TestApp;
beforeAll(async () => {
  test_ = await createTestApp();
  for (const [index, status] of (['queued', 'queued', 'running', 'succeeded'] as const).entries()) {
    test_.tasks.put('acct_owner', createTaskView({ id: `210000000000000010${index}`, status }));
  }
});
afterAll(() => test_.close());
const ask = async (key: string) =>
  (
    await test_.send({ method: 'GET', url: '/openapi/v2/queue/status', headers: { authorization: `Bearer ${key}` } })
  ).json();

test('what runs and what waits is counted, as texts, and the limit is a number', async () => {
  expect(await ask(KEYS.owner)).toEqual({
    code: 0,
    msg: 'success',
    errorMessages: null,
    data: {
      apiKeyType: 'SHARED',
      concurrentLimit: 100,
      runningCount: '1',
      queuedCount: '2',
      totalCurrentTasks: '3',
      instanceCount: 0,
    },
  });
  expect(await ask(KEYS.stranger)).toMatchObject({ data: { totalCurrentTasks: '0' } });
});

test('a wrong key is code 401 with the text in both places', async () => {
  expect(await ask('x')).toEqual({
    code: 401,
    msg: expect.stringContaining('ApiKey verification failed'),
    message: expect.stringContaining('ApiKey verification failed'),
    errorMessages: null,
    data: null,
  });
});
