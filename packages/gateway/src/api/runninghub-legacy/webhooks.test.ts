import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { GatewayError } from '../../contract/errors.ts';
import type { WebhookDelivery } from '../../contract/webhook.ts';
import { createTaskView, KEYS } from '../testing/services.ts';
import { createTestApp, NOWHERE_WEBHOOKS, type TestApp } from '../testing/test-app.ts';

const TASK = '2100000000000000101';
const WEBHOOK = '1000000000000005001';
const CREATED_MS = Date.UTC(2031, 4, 6, 10, 20, 30, 999);
const DELIVERY: WebhookDelivery = {
  id: WEBHOOK,
  messageId: 'msg_1',
  taskId: TASK,
  endpointId: null,
  type: 'task.succeeded',
  url: 'https://hooks.example.test/rh',
  state: 'pending',
  attempts: 4,
  createdAtMs: CREATED_MS,
  updatedAtMs: CREATED_MS + 185_000,
  nextAttemptAtMs: CREATED_MS + 200_000,
  lastStatus: null,
  lastResponse: null,
  lastError: 'no answer within 10 s',
};

let test_: TestApp;
let delivery: WebhookDelivery | undefined;
let resent: unknown[];
beforeAll(async () => {
  test_ = await createTestApp({
    deps: {
      webhooks: {
        ...NOWHERE_WEBHOOKS,
        getDeliveryOfTask: async ({ taskId }) => (taskId === TASK ? delivery : undefined),
        async resend(p) {
          resent.push(p);
          if (p.accountId !== 'acct_owner' || p.id !== WEBHOOK) throw new GatewayError('webhook_not_found', 'no');
          return DELIVERY;
        },
      },
    },
  });
  for (const id of [TASK, '2100000000000000102'])
    test_.tasks.put(
      'acct_owner',
      createTaskView({ id, surface: 'legacy', status: 'succeeded', endedAtMs: CREATED_MS }),
    );
});
beforeEach(() => {
  delivery = DELIVERY;
  resent = [];
});
afterAll(() => test_.close());

const DETAIL = '/task/openapi/getWebhookDetail';
const RETRY = '/task/openapi/retryWebhook';
async function ask(path: string, body: object | string, headers: Record<string, string> = {}) {
  const payload = typeof body === 'string' ? body : JSON.stringify({ apiKey: KEYS.owner, ...body });
  const answer = await test_.send({ method: 'POST', url: path, headers, payload });
  expect(answer.statusCode).toBe(200);
  return answer.json();
}
const refusal = (code: number, msg: string) => ({ code, msg, errorMessages: null, data: null });

describe('getWebhookDetail', () => {
  const expected = {
    code: 0,
    msg: 'success',
    errorMessages: null,
    data: {
      id: WEBHOOK,
      userApiKey: '********',
      taskId: TASK,
      webhookUrl: 'https://hooks.example.test/rh',
      event: 'TASK_END',
      eventData: JSON.stringify({ code: 0, msg: 'success', data: [] }),
      callbackStatus: 'FAILED',
      callbackResponse: 'no answer within 10 s',
      retryCount: 3,
      createTime: '2031-05-06T10:20:30',
      updateTime: '2031-05-06T10:23:35',
    },
  };

  test('says what came of it, for an id as text or number, with the key in either spelling or the header', async () => {
    expect(await ask(DETAIL, { taskId: TASK })).toEqual(expected);
    expect(await ask(`/api${DETAIL}`, { taskId: TASK })).toEqual(expected);
    expect(await ask(DETAIL, `{"apikey":"${KEYS.owner}","taskId":${TASK}}`)).toEqual(expected);
    expect(await ask(DETAIL, `{"taskId":${TASK}}`, { authorization: `Bearer ${KEYS.owner}` })).toEqual(expected);
    const read = await test_.send({ method: 'GET', url: `${DETAIL}?apiKey=${KEYS.owner}&taskId=${TASK}` });
    expect(read.json()).toEqual(expected);
  });

  test.each([
    ['before the first try', { attempts: 0, lastError: null }, ['FAILED', 'not sent yet', 0]],
    [
      'taken',
      { state: 'succeeded', attempts: 1, lastStatus: 200, lastResponse: 'ok', lastError: null },
      ['SUCCESS', 'ok', 0],
    ],
    [
      'taken in silence',
      { state: 'succeeded', lastStatus: 204, lastResponse: '', lastError: null },
      ['SUCCESS', '', 3],
    ],
    ['refused', { lastStatus: 500, lastResponse: 'no', lastError: null }, ['FAILED', 'no', 3]],
    ['refused in silence', { lastStatus: 500, lastResponse: '', lastError: null }, ['FAILED', 'HTTP 500', 3]],
    ['given up', { state: 'failed', attempts: 10 }, ['FAILED', 'no answer within 10 s', 9]],
  ] as const)('%s', async (_name, changes, [callbackStatus, callbackResponse, retryCount]) => {
    delivery = { ...DELIVERY, ...changes };
    expect(await ask(DETAIL, { taskId: TASK })).toMatchObject({
      data: { callbackStatus, callbackResponse, retryCount },
    });
  });

  test('of a task without one, without a task, and without an id', async () => {
    expect(await ask(DETAIL, { taskId: '2100000000000000102' })).toEqual(refusal(1, 'webhook event not exists'));
    expect(await ask(DETAIL, { taskId: '7' })).toEqual(refusal(807, 'APIKEY_TASK_NOT_FOUND'));
    expect(await ask(DETAIL, { taskId: TASK, apiKey: KEYS.stranger })).toEqual(refusal(807, 'APIKEY_TASK_NOT_FOUND'));
    expect(await ask(DETAIL, {})).toEqual(refusal(301, 'taskId must not be null'));
    expect(await ask(DETAIL, { taskId: '0' })).toEqual(refusal(301, 'taskId must be positive'));
    expect(await ask(DETAIL, { taskId: TASK, apiKey: 'x' })).toEqual(refusal(802, 'APIKEY_UNAUTHORIZED'));
  });
});

describe('retryWebhook', () => {
  const ok = { code: 0, msg: 'success', errorMessages: null, data: null };

  test('sends it again, to its own address or another', async () => {
    expect(await ask(RETRY, { webhookId: WEBHOOK })).toEqual(ok);
    expect(await ask(`/api${RETRY}`, { webhookId: WEBHOOK, webhookUrl: '' })).toEqual(ok);
    expect(await ask(RETRY, `{"apikey":"${KEYS.owner}","webhookId":${WEBHOOK},"webhookUrl":null}`)).toEqual(ok);
    expect(await ask(RETRY, { webhookId: WEBHOOK, webhookUrl: 'https://hooks.example.test/rh2' })).toEqual(ok);
    const own = { accountId: 'acct_owner', id: WEBHOOK, urlField: 'webhookUrl', url: undefined };
    expect(resent).toEqual([own, own, own, { ...own, url: 'https://hooks.example.test/rh2' }]);
  });

  test('refuses what it cannot send', async () => {
    expect(await ask(RETRY, { webhookId: '5' })).toEqual(refusal(1, 'webhook event not exists'));
    expect(await ask(RETRY, { webhookId: WEBHOOK, apiKey: KEYS.stranger })).toEqual(
      refusal(1, 'webhook event not exists'),
    );
    expect(await ask(RETRY, {})).toEqual(refusal(301, 'webhookId must not be null'));
    expect(await ask(RETRY, { webhookId: WEBHOOK, webhookUrl: 7 })).toEqual(refusal(301, 'webhookUrl must be a text'));
    expect(await ask(RETRY, { webhookId: WEBHOOK, apiKey: 'x' })).toEqual(refusal(802, 'APIKEY_UNAUTHORIZED'));
    expect(resent).toHaveLength(2);
  });
});
