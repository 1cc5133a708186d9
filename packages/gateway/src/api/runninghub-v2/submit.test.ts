import { afterAll, beforeAll, expect, test } from 'vitest';
import { GatewayError } from '../../contract/errors.ts';
import { testCatalog } from '../testing/catalog.ts';
import { createTaskView, createTestTasks, KEYS } from '../testing/services.ts';
import { createTestApp, type TestApp } from '../testing/test-app.ts';

const PATH = '/openapi/v2/test-vendor/film-1/text-to-video';
const BODY = { prompt: 'a paper boat on a puddle', duration: '4' };
const ACCEPTED = {
  taskId: expect.stringMatching(/^\d{19}$/),
  status: 'QUEUED',
  errorCode: '',
  errorMessage: '',
  results: null,
  clientId: expect.stringMatching(/^[0-9a-f]{32}$/),
  promptTips: '{"result": true, "error": null, "outputs_to_execute": ["1"], "node_errors": {}}',
};
const UNKNOWN = {
  taskId: '',
  status: '',
  errorCode: '1001',
  errorMessage: expect.stringContaining('nvalid URL'),
  results: null,
};

let test_: TestApp;
beforeAll(async () => {
  test_ = await createTestApp();
});
afterAll(() => test_.close());

test('a task is accepted in the flat shape', async () => {
  const answer = await test_.post(PATH, BODY);
  expect(answer.statusCode).toBe(200);
  expect(answer.headers['content-type']).toBe('application/json; charset=utf-8');
  expect(answer.json()).toEqual(ACCEPTED);
  expect(test_.tasks.submits.at(-1)).toEqual({
    endpoint: 'test-vendor/film-1/text-to-video',
    body: BODY,
    accountId: 'acct_owner',
  });
});

test('a task that is finished at once is answered with its results', async () => {
  const url = 'https://reelay.test/files/a.png';
  const view = createTaskView({ status: 'succeeded', outputs: [{ url, text: null, extension: 'png' }] });
  const tasks = { ...createTestTasks({ catalog: testCatalog, nowMs: () => 0 }), submit: async () => view };
  const quick = await createTestApp({ deps: { tasks } });
  expect((await quick.post(PATH, BODY)).json()).toEqual({
    ...ACCEPTED,
    status: 'SUCCESS',
    results: [{ url, nodeId: null, outputType: 'png', text: null }],
  });
  await quick.close();
});

test.each([
  PATH,
  `${PATH}/`,
  '//openapi//v2/test-vendor//film-1/text-to-video',
  '/openapi/v2/film-1/text-to-video',
  '/openapi/v2/test-vendor%2Ffilm-1%2Ftext-to-video',
  `${PATH}?webhookUrl=x`,
])('%s leads to the endpoint', async (url) => {
  expect((await test_.post(url, BODY)).json()).toEqual(ACCEPTED);
});

test('an id with brackets and a space is reached by its escaped path', async () => {
  const url = '/openapi/v2/%5BDeprecated%5D%20film-0/text-to-video';
  expect((await test_.post(url, { prompt: 'x' })).json()).toEqual(ACCEPTED);
});

test('fields that clients add are let through to the catalog, which ignores them', async () => {
  const body = {
    ...BODY,
    apiKey: KEYS.owner,
    workflowId: '1',
    appCode: 'node',
    webhookUrl: 'https://x.test',
    none: null,
  };
  expect((await test_.post(PATH, body)).json()).toEqual(ACCEPTED);
});

test('everything that is wrong is said at once, in words that stop a client from repeating', async () => {
  const answer = await test_.post(PATH, { duration: '5', seed: 'x' });
  expect(answer.statusCode).toBe(200);
  expect(answer.json()).toEqual({
    taskId: '',
    status: '',
    errorCode: '1007',
    errorMessage: expect.stringMatching(/^Invalid parameter: .*prompt.*; .*duration.*4.*8.*12.*; .*seed/),
    results: null,
  });
});

test('a body without anything in it is said to lack what the endpoint needs', async () => {
  for (const payload of ['', '{}', 'null']) {
    const answer = await test_.send({ method: 'POST', url: PATH, headers: { authorization: KEYS.owner }, payload });
    expect(answer.json()).toMatchObject({ errorCode: '1007', errorMessage: expect.stringMatching(/prompt.*duration/) });
  }
});

test.each([
  '/openapi/v2/no-such/model',
  '/openapi/v2/x',
  '/openapi/v2/test-vendor/film-1',
  '/openapi/v2/',
  '/openapi/v2',
])('POST %s is an unknown path', async (url) => {
  const answer = await test_.post(url, BODY);
  expect(answer.statusCode).toBe(200);
  expect(answer.json()).toEqual(UNKNOWN);
});

test.each(['run/workflow/19', 'run/ai-app/19', 'media/upload', 'run'])(
  'the reserved path %s, which this release does not serve, is an unknown path',
  async (path) => {
    expect((await test_.post(`/openapi/v2/${path}`, {})).json()).toEqual(UNKNOWN);
    expect((await test_.send({ method: 'GET', url: `/openapi/v2/${path}` })).json()).toEqual(UNKNOWN);
  },
);

test.each([
  ['unauthorized', 200, '1002'],
  ['media_unusable', 200, '1013'],
  ['no_channel', 200, '1010'],
  ['provider_unavailable', 200, '1012'],
  ['outcome_unknown', 200, '1012'],
  ['body_too_large', 200, '1008'],
  ['rate_limited', 429, '1003'],
  ['internal', 500, '1005'],
] as const)('%s from below is HTTP %i with code %s', async (code, status, errorCode) => {
  const submit = async () => {
    throw new GatewayError(code, 'what happened');
  };
  const broken = await createTestApp({
    deps: { tasks: { ...createTestTasks({ catalog: testCatalog, nowMs: () => 0 }), submit } },
  });
  const answer = await broken.post(PATH, BODY);
  expect(answer.statusCode).toBe(status);
  expect(answer.json()).toMatchObject({
    taskId: '',
    status: '',
    errorCode,
    results: null,
    errorMessage: expect.stringContaining('what happened'),
  });
  await broken.close();
});

test('a bug is HTTP 500 with code 1005; its text goes to the log and not to the caller', async () => {
  const submit = async () => {
    throw new TypeError('secret detail');
  };
  const broken = await createTestApp({
    deps: { tasks: { ...createTestTasks({ catalog: testCatalog, nowMs: () => 0 }), submit } },
  });
  const answer = await broken.post(`${PATH}?apiKey=${KEYS.owner}`, BODY);
  expect(answer.statusCode).toBe(500);
  expect(answer.json()).toEqual({
    taskId: '',
    status: '',
    errorCode: '1005',
    errorMessage: 'Internal server error',
    results: null,
  });
  const errors = broken.logged.filter(({ level }) => level === 50);
  expect(errors).toHaveLength(1);
  expect(errors[0]).toMatchObject({ method: 'POST', route: '/openapi/v2/*', err: { message: 'secret detail' } });
  expect(JSON.stringify(broken.logged)).not.toContain(KEYS.owner);
  await broken.close();
});

test('a refusal writes no line at the usual level', async () => {
  const quiet = await createTestApp();
  await quiet.post(PATH, {});
  await quiet.post('/openapi/v2/query', { taskId: '1' });
  expect(quiet.logged.filter(({ level }) => Number(level) >= 30)).toEqual([]);
  await quiet.close();
});

test.each(['GET', 'PUT', 'DELETE'] as const)(
  '%s on an endpoint, on query and on price-preview is 1009',
  async (method) => {
    for (const url of [
      PATH,
      '/openapi/v2/film-1/text-to-video',
      '/openapi/v2/query',
      '/openapi/v2/query/',
      '/openapi/v2/run/query',
      '/openapi/v2/%5BDeprecated%5D%20film-0/text-to-video',
    ]) {
      const answer = await test_.send({ method, url, headers: { authorization: KEYS.owner } });
      expect(answer.statusCode).toBe(200);
      expect(answer.headers.allow).toBe('POST');
      expect(answer.json()).toEqual({
        taskId: '',
        status: '',
        errorCode: '1009',
        errorMessage: expect.stringContaining('POST'),
        results: null,
      });
    }
    const price = await test_.send({ method, url: `/openapi/v2/price-preview/${PATH.slice('/openapi/v2/'.length)}` });
    expect(price.json()).toMatchObject({ errorCode: '1009', estimatedPrice: 0 });
  },
);
