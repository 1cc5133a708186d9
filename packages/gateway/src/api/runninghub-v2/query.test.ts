import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import type { TaskView } from '../../contract/task.ts';
import { createTaskView, KEYS } from '../testing/services.ts';
import { createTestApp, type TestApp } from '../testing/test-app.ts';

const ID = '2100000000000000101';
const CLIENT_ID = '5c1f0a9be27d4c3388a6d1f4e0b97a21';
const TIPS = '{"result": true, "error": null, "outputs_to_execute": ["1"], "node_errors": {}}';
let test_: TestApp;
beforeAll(async () => {
  test_ = await createTestApp();
});
afterAll(() => test_.close());
const query = async (taskId: unknown) => (await test_.post('/openapi/v2/query', { taskId })).json();

test.each([
  ['queued', 'QUEUED'],
  ['submitting', 'RUNNING'],
  ['running', 'RUNNING'],
  ['collecting', 'RUNNING'],
] as const)('a task that is %s is %s, without results and without error texts', async (status, word) => {
  test_.tasks.put('acct_owner', createTaskView({ status }));
  expect(await query(ID)).toEqual({
    taskId: ID,
    status: word,
    errorCode: '',
    errorMessage: '',
    results: null,
    clientId: CLIENT_ID,
    promptTips: TIPS,
    failedReason: null,
    usage: null,
  });
});

test('a finished task has its file, its extension and what it cost', async () => {
  const url = 'https://reelay.test/files/asset_1.mp4?expires=1&signature=x';
  test_.tasks.put(
    'acct_owner',
    createTaskView({
      status: 'succeeded',
      progress: 1,
      channel: 'vendor-a',
      priceMicros: 2_000_000,
      chargeMicros: 1_250_000,
      outputs: [{ url, text: null, extension: 'mp4' }],
    }),
  );
  expect(await query(ID)).toEqual({
    taskId: ID,
    status: 'SUCCESS',
    errorCode: '',
    errorMessage: '',
    results: [{ url, nodeId: null, outputType: 'mp4', text: null }],
    clientId: CLIENT_ID,
    promptTips: TIPS,
    failedReason: null,
    usage: { thirdPartyConsumeMoney: '1.25', consumeMoney: null, consumeCoins: null, taskCostTime: '0' },
  });
});

test('a preview costs nothing, whatever the endpoint is priced at', async () => {
  const outputs = [{ url: 'https://reelay.test/files/a.mp4', text: null, extension: 'mp4' }];
  test_.tasks.put(
    'acct_owner',
    createTaskView({ status: 'succeeded', channel: 'preview', priceMicros: 900_000, chargeMicros: 0, outputs }),
  );
  expect(await query(ID)).toMatchObject({ usage: { thirdPartyConsumeMoney: '0', taskCostTime: '0' } });
});

test('a text model answers in text', async () => {
  test_.tasks.put(
    'acct_owner',
    createTaskView({ status: 'succeeded', outputs: [{ url: null, text: 'A boat.', extension: 'txt' }] }),
  );
  expect(await query(ID)).toMatchObject({ results: [{ url: null, outputType: 'txt', text: 'A boat.' }] });
});

test('a failed task says why', async () => {
  test_.tasks.put(
    'acct_owner',
    createTaskView({ status: 'failed', error: { code: 'generation_failed', message: 'risk control' } }),
  );
  expect(await query(ID)).toEqual({
    taskId: ID,
    status: 'FAILED',
    errorCode: '1015',
    errorMessage: expect.stringContaining('risk control'),
    results: null,
    clientId: CLIENT_ID,
    promptTips: TIPS,
    failedReason: null,
    usage: null,
  });
});

test.each([[null], [{ code: 'canceled', message: 'Canceled by its owner' } as const]])(
  'a cancelled task is a failed one with code 805 (stored error: %j)',
  async (error) => {
    test_.tasks.put('acct_owner', createTaskView({ status: 'canceled', error }));
    expect(await query(ID)).toMatchObject({
      status: 'FAILED',
      errorCode: '805',
      errorMessage: expect.stringMatching(/cancel/i),
      results: null,
    });
  },
);

test('a cancelled task is CANCEL where the operator wants that word, and the others are as they were', async () => {
  const other = await createTestApp({ canceledStatus: 'CANCEL' });
  onTestFinished(() => other.close());
  const ask = async (status: TaskView['status']) => {
    other.tasks.put('acct_owner', createTaskView({ status }));
    return (await other.post('/openapi/v2/query', { taskId: ID })).json();
  };
  expect(await ask('canceled')).toMatchObject({ status: 'CANCEL', errorCode: '805', results: null });
  expect(await ask('failed')).toMatchObject({ status: 'FAILED', errorCode: '1015' });
});

test.each([
  ['a string', `{"taskId":"${ID}"}`],
  ['a number of 19 digits', `{"taskId":${ID}}`],
  ['a padded string', `{"taskId":" ${ID} "}`],
])('the id is taken as %s and echoed as a string', async (_name, payload) => {
  test_.tasks.put('acct_owner', createTaskView());
  const answer = await test_.send({
    method: 'POST',
    url: '/openapi/v2/query',
    headers: { authorization: KEYS.owner, 'content-type': 'application/json' },
    payload,
  });
  expect(answer.json()).toMatchObject({ taskId: ID, status: 'QUEUED' });
});

test('a missing task and a task of another account answer alike', async () => {
  test_.tasks.put('acct_stranger', createTaskView({ id: '2100000000000000999' }));
  const refusal = {
    status: '',
    errorCode: '1004',
    errorMessage: expect.stringContaining('task not found'),
    results: null,
  };
  expect(await query('2100000000000000999')).toEqual({ taskId: '2100000000000000999', ...refusal });
  expect(await query('2100000000000000998')).toEqual({ taskId: '2100000000000000998', ...refusal });
});

test.each([undefined, null, ''])('an id of %j is said to be missing', async (taskId) => {
  const answer = await test_.post('/openapi/v2/query', { taskId });
  expect(answer.statusCode).toBe(200);
  expect(answer.json()).toEqual({
    taskId: '',
    status: '',
    errorCode: '1007',
    errorMessage: 'Invalid parameter: taskId must not be null',
    results: null,
  });
});

test.each([0, '0', '000', -5, 1.5, 'abc', '12x', '1'.repeat(20), {}, [], true, '٣'])(
  'an id of %j is malformed',
  async (taskId) => {
    const echo = typeof taskId === 'string' || typeof taskId === 'number' ? String(taskId) : '';
    expect(await query(taskId)).toMatchObject({
      taskId: echo,
      status: '',
      errorCode: '1007',
      errorMessage: 'Invalid parameter: taskId must be positive',
    });
  },
);

test.each([
  '/openapi/v2/query',
  '/openapi/v2/run/query',
  '/openapi/v2/query/',
  '//openapi//v2/query',
  '/openapi/v2/query?x=1',
])('%s is the same place', async (url) => {
  test_.tasks.put('acct_owner', createTaskView());
  expect((await test_.post(url, { taskId: ID })).json()).toMatchObject({ taskId: ID, status: 'QUEUED' });
});

test('unknown fields are ignored', async () => {
  test_.tasks.put('acct_owner', createTaskView());
  const body = { taskId: ID, workflowId: '19', appCode: 'x', nested: { a: [1] } };
  expect((await test_.post('/openapi/v2/query', body)).json()).toMatchObject({ status: 'QUEUED' });
});

test.each([
  ['header', { authorization: `Bearer ${KEYS.owner}` }, {}, ''],
  ['header in lower case', { authorization: `bearer ${KEYS.owner}` }, {}, ''],
  ['header with more space', { authorization: `  BEARER   ${KEYS.owner} ` }, {}, ''],
  ['header without Bearer', { authorization: KEYS.owner }, {}, ''],
  ['body', {}, { apiKey: KEYS.owner }, ''],
  ['body in lower case', {}, { apikey: KEYS.owner }, ''],
  ['query', {}, {}, `?apiKey=${KEYS.owner}`],
  ['query in lower case', {}, {}, `?apikey=${KEYS.owner}`],
  ['header before body', { authorization: `Bearer ${KEYS.owner}` }, { apiKey: KEYS.stranger }, ''],
  ['body before query', {}, { apiKey: KEYS.owner }, `?apiKey=${KEYS.stranger}`],
  ['apiKey before apikey', {}, { apiKey: KEYS.owner, apikey: KEYS.stranger }, ''],
  ['body when the header is empty', { authorization: 'Bearer ' }, { apiKey: KEYS.owner }, ''],
])('the key is found in the %s', async (_name, headers, body, search) => {
  test_.tasks.put('acct_owner', createTaskView());
  const answer = await test_.send({
    method: 'POST',
    url: `/openapi/v2/query${search}`,
    headers: { 'content-type': 'application/json', ...headers },
    payload: JSON.stringify({ taskId: ID, ...body }),
  });
  expect(answer.json()).toMatchObject({ taskId: ID, status: 'QUEUED', errorCode: '' });
});

test.each([
  ['no key', {}, {}],
  ['an unknown key', { authorization: `Bearer ${'0'.repeat(32)}` }, {}],
  ['a wrong key in the header and a right one in the body', { authorization: 'Bearer wrong' }, { apiKey: KEYS.owner }],
  ['a key that is no string', {}, { apiKey: { $ne: null } }],
  ['a key behind a prototype', {}, { ['__proto__']: { apiKey: KEYS.owner } }],
])('%s is refused with 1002 and HTTP 200', async (_name, headers, body) => {
  const answer = await test_.send({
    method: 'POST',
    url: '/openapi/v2/query',
    headers: { 'content-type': 'application/json', ...headers },
    payload: JSON.stringify({ taskId: ID, ...body }),
  });
  expect(answer.statusCode).toBe(200);
  expect(answer.json()).toEqual({
    taskId: '',
    status: '',
    errorCode: '1002',
    errorMessage: 'Unauthorized: ApiKey verification failed',
    results: null,
  });
});
