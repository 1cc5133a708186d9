import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createTaskView, KEYS } from '../testing/services.ts';
import { createTestApp, type TestApp } from '../testing/test-app.ts';

const ID = '2100000000000000101';
const MADE = 'https://reelay.test/files/a.mp4';
let test_: TestApp;
beforeAll(async () => {
  test_ = await createTestApp();
});
afterAll(() => test_.close());

/** A task in this state, and what a path says of it. */
async function ask(path: string, view: Parameters<typeof createTaskView>[0], body: object = { taskId: ID }) {
  test_.tasks.put('acct_owner', createTaskView({ id: ID, ...view }));
  const answer = await test_.send({
    method: 'POST',
    url: path,
    headers: { 'content-type': 'application/json' },
    payload: JSON.stringify({ apiKey: KEYS.owner, ...body }),
  });
  expect(answer.statusCode).toBe(200);
  return answer.json();
}
const envelope = (code: number, msg: string, data: unknown) => ({ code, msg, errorMessages: null, data });
const FAILURE = { code: 'generation_failed', message: 'the model said no' } as const;

describe('outputs', () => {
  test.each([
    ['queued', { status: 'queued' }, envelope(813, 'APIKEY_TASK_IS_QUEUED', null)],
    ['submitting', { status: 'submitting' }, envelope(804, 'APIKEY_TASK_IS_RUNNING', { netWssUrl: null })],
    ['running', { status: 'running' }, envelope(804, 'APIKEY_TASK_IS_RUNNING', { netWssUrl: null })],
    ['collecting', { status: 'collecting' }, envelope(804, 'APIKEY_TASK_IS_RUNNING', { netWssUrl: null })],
    [
      'failed',
      { status: 'failed', error: FAILURE },
      envelope(805, 'APIKEY_TASK_STATUS_ERROR', {
        failedReason: { exception_type: 'generation_failed', exception_message: 'the model said no' },
      }),
    ],
    [
      'canceled',
      { status: 'canceled', error: { code: 'canceled', message: 'x' } },
      envelope(805, 'APIKEY_TASK_STATUS_ERROR', { failedReason: {} }),
    ],
    ['done without files', { status: 'succeeded', outputs: [] }, envelope(0, 'success', [])],
  ] as const)('of a task that is %s', async (_name, view, expected) => {
    expect(await ask('/task/openapi/outputs', view)).toEqual(expected);
  });

  test('of a task that is done are its files, with what it cost, also where the result is words', async () => {
    const outputs = [
      { url: MADE, text: null, extension: 'mp4' },
      { url: 'https://reelay.test/files/b.txt', text: 'A boat.', extension: 'txt' },
    ];
    const cost = { thirdPartyConsumeMoney: '1.25', consumeMoney: null, consumeCoins: null, taskCostTime: '0' };
    const view = {
      status: 'succeeded',
      outputs,
      channel: 'vendor-a',
      priceMicros: 2_000_000,
      chargeMicros: 1_250_000,
    } as const;
    expect(await ask('/task/openapi/outputs', view)).toEqual(
      envelope(0, 'success', [
        { fileUrl: MADE, fileType: 'mp4', nodeId: '1', ...cost },
        { fileUrl: 'https://reelay.test/files/b.txt', fileType: 'txt', nodeId: '1', ...cost },
      ]),
    );
  });
});

test.each([
  ['queued', 'QUEUED'],
  ['running', 'RUNNING'],
  ['collecting', 'RUNNING'],
  ['succeeded', 'SUCCESS'],
  ['failed', 'FAILED'],
  ['canceled', 'FAILED'],
] as const)('the status of a task that is %s is the bare word %s', async (status, word) => {
  expect(await ask('/task/openapi/status', { status })).toEqual(envelope(0, 'success', word));
});

describe.each(['status', 'outputs', 'cancel'])('%s', (name) => {
  const path = `/task/openapi/${name}`;

  test.each([
    ['no such task', { taskId: '2100000000000000999' }, 807, 'APIKEY_TASK_NOT_FOUND'],
    ['zero', { taskId: '0' }, 301, 'taskId must be positive'],
    ['a word', { taskId: 'x' }, 301, 'taskId must be positive'],
    ['no id', { taskId: undefined }, 301, 'taskId must not be null'],
    ['a wrong key', { apiKey: 'x'.repeat(32) }, 802, 'APIKEY_UNAUTHORIZED'],
    ['a foreign key', { apiKey: KEYS.stranger }, 807, 'APIKEY_TASK_NOT_FOUND'],
  ])('refuses %s', async (_name, change, code, msg) => {
    expect(await ask(path, {}, { taskId: ID, ...change })).toEqual(envelope(code, msg, null));
  });

  test('is also there below /api, with the key in the header, its other spelling, or an id as a number', async () => {
    const expected = await ask(path, {});
    expect(expected).not.toMatchObject({ code: 807 });
    expect(await ask(`/api${path}`, {})).toEqual(expected);
    expect(await ask(path, {}, { apiKey: undefined, apikey: KEYS.owner, taskId: ID })).toEqual(expected);
    const raw = await test_.send({
      method: 'POST',
      url: path,
      headers: { authorization: `Bearer ${KEYS.owner}` },
      payload: `{"taskId": ${ID}}`,
    });
    if (name !== 'cancel') expect(raw.json()).toEqual(expected);
  });
});

test.each(['status', 'outputs'])('%s can be read with GET', async (name) => {
  const expected = await ask(`/task/openapi/${name}`, { status: 'running' });
  const read = await test_.send({ method: 'GET', url: `/task/openapi/${name}?apiKey=${KEYS.owner}&taskId=${ID}` });
  expect(read.json()).toEqual(expected);
});

describe('cancel', () => {
  test.each(['queued', 'running'] as const)('of a task that is %s is accepted', async (status) => {
    expect(await ask('/task/openapi/cancel', { status })).toEqual(envelope(0, 'success', null));
  });

  test('of a task that has ended is refused', async () => {
    expect(await ask('/task/openapi/cancel', { status: 'succeeded', endedAtMs: 1 })).toEqual(
      envelope(817, 'APIKEY_TASK_CANCEL_NOT_ALLOWED', null),
    );
  });

  test('on our own surface answers the task as it is then', async () => {
    const cancel = (status: 'queued' | 'running') => {
      test_.tasks.put('acct_owner', createTaskView({ id: ID, status }));
      return test_.post(`/api/v1/tasks/${ID}/cancel`);
    };
    const [queued, running] = [await cancel('queued'), await cancel('running')];
    expect([queued.statusCode, queued.json()]).toMatchObject([200, { id: ID, status: 'canceled' }]);
    expect([running.statusCode, running.json()]).toMatchObject([202, { id: ID, status: 'running' }]);
    expect((await test_.post('/api/v1/tasks/7/cancel')).statusCode).toBe(404);
    expect((await test_.send({ method: 'GET', url: `/api/v1/tasks/${ID}/cancel` })).statusCode).toBe(405);
    test_.tasks.put('acct_owner', createTaskView({ id: ID, status: 'failed', endedAtMs: 1 }));
    const ended = await test_.post(`/api/v1/tasks/${ID}/cancel`);
    expect([ended.statusCode, ended.json()]).toMatchObject([409, { code: 'cancel_not_allowed', retryable: false }]);
  });
});
