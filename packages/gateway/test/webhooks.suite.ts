import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type Channel, everyEndpoint } from '../src/channels/channels.ts';
import { loadConfig } from '../src/config.ts';
import { type Server, startServer } from '../src/server.ts';
import { type Received, type Receiver, startReceiver } from '../src/webhooks/testing/receiver.ts';
import { expectSigned, isSignedWith } from '../src/webhooks/testing/verify.ts';

const ADMIN = '0123456789abcdef0123456789abcdef';
const ENDPOINT = 'rhart-video-s-official/text-to-video-pro';
const INPUT = { prompt: 'A paper boat.', size: '720x1280', duration: '4' };

/** Refuses what has "bad" in its prompt, never ends what has "slow", and ends everything else at the first poll. */
const channel: Channel = {
  name: 'upstream',
  routeOf: everyEndpoint('upstream'),
  provider: {
    name: 'upstream',
    submitIsRepeatable: false,
    submit: async ({ input }) => ({ handle: String(input.prompt) }),
    poll: async (handle) => {
      if (String(handle).includes('slow')) return { state: 'pending' };
      return String(handle).includes('bad')
        ? { state: 'failed', code: 'generation_failed', message: 'the model said no' }
        : { state: 'succeeded', outputs: [{ kind: 'text', text: 'done' }] };
    },
    cancel: async () => undefined,
  },
};

type Answer = Record<string, unknown> & { readonly status: number };
type Delivery = { id: string; taskId: string | null; status: string; type: string; attempts: number };
type Secrets = { items: { secret: string; publicKey: string; expiresAt: string | null }[] };

/** The settings of a store of its own, and what removes it. */
export type MakeEnv = () => Promise<{ env: Record<string, string>; drop(): unknown }>;

/** Webhooks from the request to the receiver, on a real server. */
export function describeWebhooks(name: string, makeEnv: MakeEnv) {
  describe(name, () => {
    let dataDir: string;
    let server: Server;
    let database: Awaited<ReturnType<typeof makeEnv>>;
    let receiver: Receiver;
    beforeAll(async () => {
      dataDir = await mkdtemp(join(tmpdir(), 'reelay-webhooks-'));
      database = await makeEnv();
      const env = {
        REELAY_PORT: '0',
        REELAY_DATA_DIR: dataDir,
        REELAY_ADMIN_KEY: ADMIN,
        REELAY_ALLOW_PRIVATE_NETWORK: 'true',
        ...database.env,
      };
      server = await startServer(loadConfig(env, dataDir), { logLevel: 'error', channels: () => [channel] });
    });
    afterAll(async () => {
      await server.close();
      await database.drop();
      await rm(dataDir, { recursive: true, force: true });
    });
    beforeEach(async () => {
      receiver = await startReceiver();
    });
    afterEach(() => receiver.close());

    async function send(key: string, method: string, path: string, body?: unknown): Promise<Answer> {
      const response = await fetch(server.url + path, {
        method,
        headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
        body: body === undefined ? null : JSON.stringify(body),
      });
      const text = await response.text();
      // Every answer is an object, whose fields the tests look at one by one.
      const fields = text === '' ? {} : (JSON.parse(text) as Record<string, unknown>);
      return { httpStatus: response.status, ...fields } as unknown as Answer;
    }
    const newKey = async (rights: object = {}): Promise<string> => {
      const account = await send(ADMIN, 'POST', '/api/v1/accounts', { name: 'a', isUnlimited: true });
      return String((await send(ADMIN, 'POST', `/api/v1/accounts/${account.id}/keys`, rights)).key);
    };
    const submit = async (key: string, changes: object = {}, input: object = {}): Promise<string> => {
      const asked = { endpoint: ENDPOINT, input: { ...INPUT, ...input }, ...changes };
      return String((await send(key, 'POST', '/api/v1/tasks', asked)).id);
    };
    const arrived = (count: number) => expect.poll(() => receiver.requests.length).toBe(count);
    const parsed = ({ body }: Received) =>
      JSON.parse(body) as Record<string, unknown> & { data: Record<string, unknown> };
    const list = async (key: string, query = ''): Promise<Delivery[]> =>
      (await send(key, 'GET', `/api/v1/webhooks/deliveries${query}`)).items as Delivery[];
    const settled = (key: string) =>
      expect.poll(async () => (await list(key)).every(({ status }) => status !== 'pending')).toBe(true);

    test('the address of a task hears of its end in the words of its API, signed', async () => {
      const key = await newKey();
      const { taskId } = await send(key, 'POST', `/openapi/v2/${ENDPOINT}`, { ...INPUT, webhookUrl: receiver.url });
      await arrived(1);
      const id = await submit(key, { webhookUrl: receiver.url }, { prompt: 'bad' });
      await arrived(2);
      const [v2, native] = receiver.requests as [Received, Received];
      expect(parsed(v2)).toMatchObject({ event: 'TASK_END', taskId, eventData: { taskId, status: 'SUCCESS' } });
      expect(parsed(native)).toMatchObject({
        type: 'task.failed',
        data: { id, status: 'failed', error: { code: 'generation_failed', message: 'the model said no' } },
      });
      const { items } = (await send(key, 'GET', '/api/v1/webhooks/secrets')) as unknown as Secrets;
      for (const request of [v2, native]) for (const keys of items) expectSigned(request, keys);
      expect(v2.headers['content-type']).toBe('application/json');
      await settled(key);
      const detail = await send(key, 'POST', '/task/openapi/getWebhookDetail', { taskId });
      expect(detail).toMatchObject({
        code: 0,
        data: { taskId, callbackStatus: 'SUCCESS', callbackResponse: 'ok', retryCount: 0 },
      });
      const { id: webhookId, eventData } = detail.data as { id: string; eventData: string };
      expect(JSON.parse(eventData)).toMatchObject({ taskId, status: 'SUCCESS' });
      const elsewhere = await startReceiver();
      const again = { webhookId, webhookUrl: elsewhere.url };
      expect(await send(key, 'POST', '/task/openapi/retryWebhook', again)).toMatchObject({ code: 0, data: null });
      await expect.poll(() => elsewhere.requests.length).toBe(1);
      expect(elsewhere.requests[0]?.headers['webhook-id']).toBe(v2.headers['webhook-id']);
      await settled(key);
      expect(await send(key, 'POST', '/task/openapi/getWebhookDetail', { taskId })).toMatchObject({
        data: { webhookUrl: elsewhere.url, callbackStatus: 'SUCCESS', retryCount: 1 },
      });
      const foreign = await newKey();
      const refused = await send(foreign, 'POST', '/task/openapi/retryWebhook', { webhookId });
      expect(refused).toMatchObject({ code: 1, msg: 'webhook event not exists' });
      await elsewhere.close();
    });

    test('every end is told, also of what never began, and no end is told twice', async () => {
      const key = await newKey();
      const webhookUrl = receiver.url;
      const slow = await submit(key, { webhookUrl }, { prompt: 'slow' });
      await send(key, 'POST', `/api/v1/tasks/${slow}/cancel`);
      const late = await submit(key, { webhookUrl, endWithinSeconds: 1 }, { prompt: 'slow' });
      const good = await submit(key, { webhookUrl });
      await arrived(3);
      await settled(key);
      const told = receiver.requests.map(parsed).map(({ type, data }) => [data.id, type, data.status]);
      expect(told.sort()).toEqual(
        [
          [slow, 'task.canceled', 'canceled'],
          [late, 'task.failed', 'failed'],
          [good, 'task.succeeded', 'succeeded'],
        ].sort(),
      );
      expect(await list(key)).toHaveLength(3);
    });

    test('an endpoint hears of what it asked for, of every task, and can be tested, changed, disabled and deleted', async () => {
      const key = await newKey();
      const made = await send(key, 'POST', '/api/v1/webhooks/endpoints', { url: receiver.url, description: 'mine' });
      expect(made).toMatchObject({ httpStatus: 201, isEnabled: true, eventTypes: ['task.*'], description: 'mine' });
      const [keys] = (made as unknown as Secrets).items;
      const path = `/api/v1/webhooks/endpoints/${made.id}`;
      const task = await submit(key);
      await arrived(3);
      const types = () => receiver.requests.map(parsed).map(({ type }) => String(type));
      expect(types().sort()).toEqual(['task.queued', 'task.running', 'task.succeeded']);
      for (const request of receiver.requests) if (keys !== undefined) expectSigned(request, keys);
      const changed = await send(key, 'PATCH', path, { eventTypes: ['task.failed'], description: '' });
      expect(changed).toMatchObject({ eventTypes: ['task.failed'], description: '', url: receiver.url });
      await submit(key);
      const bad = await submit(key, {}, { prompt: 'bad' });
      await arrived(4);
      expect(parsed(receiver.requests[3] as Received)).toMatchObject({ type: 'task.failed', data: { id: bad } });
      const tested = await send(key, 'POST', `${path}/test`);
      expect(tested).toMatchObject({ httpStatus: 202, type: 'webhook.test', taskId: null });
      await arrived(5);
      await settled(key);
      const one = await send(key, 'GET', `/api/v1/webhooks/deliveries/${tested.id}`);
      expect(one).toMatchObject({
        status: 'succeeded',
        history: [{ number: 1, url: receiver.url, status: 200, response: 'ok', error: null }],
        payload: { type: 'webhook.test' },
      });
      expect(await list(key, `?task=${task}`)).toHaveLength(3);
      expect(await list(key, `?endpoint=${made.id}&type=task.failed`)).toHaveLength(1);
      expect(await send(key, 'PATCH', path, { isEnabled: false })).toMatchObject({
        isEnabled: false,
        disabledReason: 'disabled by its owner',
      });
      await submit(key, {}, { prompt: 'bad' });
      expect(await send(key, 'POST', `${path}/test`)).toMatchObject({ httpStatus: 409, code: 'conflict' });
      expect((await send(key, 'DELETE', path)).httpStatus).toBe(204);
      expect(await send(key, 'GET', path)).toMatchObject({ httpStatus: 404, code: 'not_found' });
      expect(receiver.requests).toHaveLength(5);
    });

    test('secrets are replaced with an overlap', async () => {
      const key = await newKey();
      const { id } = await send(key, 'POST', '/api/v1/webhooks/endpoints', {
        url: receiver.url,
        eventTypes: ['task.succeeded'],
      });
      const path = `/api/v1/webhooks/endpoints/${id}/secrets`;
      const before = ((await send(key, 'GET', path)) as unknown as Secrets).items;
      const after = ((await send(key, 'POST', `${path}/rotate`, { overlapHours: 1 })) as unknown as Secrets).items;
      expect(after).toEqual([
        expect.objectContaining({ expiresAt: null }),
        { ...before[0], expiresAt: expect.any(String) },
      ]);
      await submit(key);
      await arrived(1);
      for (const keys of after) expect(isSignedWith(receiver.requests[0] as Received, keys)).toBe(true);
      const own = (await send(key, 'POST', '/api/v1/webhooks/secrets/rotate', {
        overlapHours: 0,
      })) as unknown as Secrets;
      expect(own.items).toHaveLength(1);
      expect(await send(key, 'POST', `${path}/rotate`, { overlapHours: 1_000 })).toMatchObject({
        code: 'invalid_input',
      });
    });

    test('deliveries are sent again, one or many', async () => {
      const key = await newKey();
      receiver.answer = () => 410;
      for (let n = 0; n < 3; n += 1) await submit(key, { webhookUrl: receiver.url });
      await arrived(3);
      await settled(key);
      const failed = await list(key, '?status=failed&limit=2');
      expect(failed).toHaveLength(2);
      receiver.answer = () => 200;
      const again = await send(key, 'POST', `/api/v1/webhooks/deliveries/${failed[0]?.id}/resend`);
      expect(again).toMatchObject({ httpStatus: 202, status: 'pending' });
      await arrived(4);
      await settled(key);
      const elsewhere = await startReceiver();
      const rest = await send(key, 'POST', '/api/v1/webhooks/deliveries/resend', { url: elsewhere.url });
      expect(rest).toMatchObject({ httpStatus: 202, count: 2, nextCursor: null });
      await expect.poll(() => elsewhere.requests.length).toBe(2);
      await settled(key);
      expect((await list(key)).map(({ status, attempts }) => [status, attempts])).toEqual(
        Array(3).fill(['succeeded', 2]),
      );
      const range = { status: 'succeeded', from: '2020-01-01T00:00:00Z', to: '2020-01-02T00:00:00Z' };
      const none = await send(key, 'POST', '/api/v1/webhooks/deliveries/resend', range);
      expect(none).toMatchObject({ count: 0, nextCursor: null });
      await elsewhere.close();
    });

    test('what is wrong is said with its field, and what is others is not there', async () => {
      const [key, foreign] = [await newKey(), await newKey()];
      const endpoints = '/api/v1/webhooks/endpoints';
      for (const url of ['ftp://hooks.test/', 'x', 'https://user:word@hooks.test/'])
        expect(await send(key, 'POST', endpoints, { url })).toMatchObject({
          httpStatus: 400,
          problems: [{ field: 'url' }],
        });
      expect(await send(key, 'POST', endpoints, { url: receiver.url, eventTypes: [] })).toMatchObject({
        httpStatus: 400,
      });
      const wrong = { endpoint: ENDPOINT, input: INPUT, webhookUrl: 'mailto:me' };
      expect(await send(key, 'POST', '/api/v1/tasks', wrong)).toMatchObject({ problems: [{ field: 'webhookUrl' }] });
      const { id } = await send(key, 'POST', endpoints, { url: receiver.url });
      await submit(key, { webhookUrl: receiver.url });
      await arrived(4);
      const [delivery] = await list(key);
      for (const [method, path] of [
        ['GET', `${endpoints}/${id}`],
        ['PATCH', `${endpoints}/${id}`],
        ['DELETE', `${endpoints}/${id}`],
        ['POST', `${endpoints}/${id}/test`],
        ['GET', `${endpoints}/${id}/secrets`],
        ['POST', `${endpoints}/${id}/secrets/rotate`],
        ['GET', `/api/v1/webhooks/deliveries/${delivery?.id}`],
        ['POST', `/api/v1/webhooks/deliveries/${delivery?.id}/resend`],
      ] as const)
        expect((await send(foreign, method, path, method === 'GET' ? undefined : {})).httpStatus, path).toBe(404);
      expect([await list(foreign), await list(key, '?cursor=1000000000000000001')]).toEqual([[], []]);
      expect(await send(key, 'GET', '/api/v1/webhooks/deliveries?cursor=x')).toMatchObject({ code: 'invalid_input' });
      const narrow = await newKey({ scopes: ['tasks:read', 'tasks:write'] });
      expect(await send(narrow, 'GET', endpoints)).toMatchObject({ httpStatus: 403, code: 'forbidden' });
      for (let n = 1; n < 50; n += 1) await send(key, 'POST', endpoints, { url: receiver.url });
      expect(await send(key, 'POST', endpoints, { url: receiver.url })).toMatchObject({ httpStatus: 409 });
    });
  });
}
