import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Channel, everyEndpoint } from '../src/channels/channels.ts';
import { loadConfig } from '../src/config.ts';
import { type Server, startServer } from '../src/server.ts';

const ADMIN = '0123456789abcdef0123456789abcdef';
const ENDPOINT = 'rhart-video-s-official/text-to-video-pro';
const BODY = { prompt: 'A paper boat.', size: '720x1280', duration: '4' };

/** Takes every job and never ends one: what is held stays held. */
const patience: Channel = {
  name: 'patience',
  routeOf: everyEndpoint('patience'),
  provider: {
    name: 'patience',
    submitIsRepeatable: false,
    submit: async () => ({ handle: {} }),
    poll: async () => ({ state: 'pending' }),
    cancel: async () => undefined,
  },
};

let dataDir: string;
let server: Server;
beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'reelay-accounts-'));
  const env = { REELAY_PORT: '0', REELAY_DATA_DIR: dataDir, REELAY_ADMIN_KEY: ADMIN };
  server = await startServer(loadConfig(env, dataDir), { logLevel: 'error', channels: () => [patience] });
});
afterAll(async () => {
  await server.close();
  await rm(dataDir, { recursive: true, force: true });
});

type Answer = { status: number; body: Record<string, unknown> & { id: string; key: string } };
async function call(method: string, path: string, body?: unknown, key = ADMIN): Promise<Answer> {
  const response = await fetch(server.url + path, {
    method,
    headers: { authorization: `Bearer ${key}`, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
    body: body === undefined ? null : JSON.stringify(body),
  });
  const text = await response.text();
  return { status: response.status, body: text === '' ? {} : JSON.parse(text) };
}
const post = (path: string, body: unknown, key = ADMIN) => call('POST', path, body, key);
const submit = (key: string) => post(`/openapi/v2/${ENDPOINT}`, BODY, key);

/** An account with a key. */
async function open(p: { micros?: number; account?: object; key?: object } = {}) {
  const { body: account } = await post('/api/v1/accounts', { name: 'studio', ...p.account });
  if (p.micros !== undefined) await post(`/api/v1/accounts/${account.id}/deposits`, { micros: p.micros });
  const { body: key } = await post(`/api/v1/accounts/${account.id}/keys`, { name: 'one', ...p.key });
  return { accountId: account.id, keyId: key.id, key: key.key };
}
const money = (micros: number, text: string, currency = 'CNY') => ({ micros, currency, text });

describe('accounts', () => {
  test('are opened, listed page by page, changed and disabled', async () => {
    const made = await post('/api/v1/accounts', { name: 'Paper Boats', currency: 'USD' });
    expect(made).toMatchObject({
      status: 201,
      body: {
        name: 'Paper Boats',
        currency: 'USD',
        isUnlimited: false,
        isDisabled: false,
        balance: money(0, '0.00', 'USD'),
      },
    });
    const { id } = made.body;
    await post('/api/v1/accounts', { name: 'second' });
    const ids: string[] = [];
    for (let cursor: unknown = ''; cursor !== null; ) {
      const { body } = await call('GET', `/api/v1/accounts?limit=1${cursor === '' ? '' : `&cursor=${cursor}`}`);
      ids.push(...(body.items as { id: string }[]).map((account) => account.id));
      cursor = body.nextCursor;
    }
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids.slice(0, 2)).toEqual(['acct_default', id]);
    expect((await call('PATCH', `/api/v1/accounts/${id}`, { name: 'Boats' })).body.name).toBe('Boats');
    const { body: key } = await post(`/api/v1/accounts/${id}/keys`, {});
    expect((await call('GET', '/api/v1/account', undefined, key.key)).status).toBe(200);
    await call('PATCH', `/api/v1/accounts/${id}`, { isDisabled: true });
    expect((await call('GET', '/api/v1/account', undefined, key.key)).status).toBe(401);
    await call('PATCH', `/api/v1/accounts/${id}`, { isDisabled: false });
    expect((await call('GET', '/api/v1/account', undefined, key.key)).status).toBe(200);
  });

  test('and keys are made once for one Idempotency-Key, and a key is never shown twice', async () => {
    const make = async (path: string, body: unknown, idempotencyKey: string) => {
      const headers = {
        authorization: `Bearer ${ADMIN}`,
        'content-type': 'application/json',
        'idempotency-key': idempotencyKey,
      };
      const response = await fetch(server.url + path, { method: 'POST', headers, body: JSON.stringify(body) });
      return { status: response.status, body: (await response.json()) as Answer['body'] };
    };
    const first = await make('/api/v1/accounts', { name: 'once' }, 'open-1');
    expect(await make('/api/v1/accounts', { name: 'once' }, 'open-1')).toEqual(first);
    expect(await make('/api/v1/accounts', { name: 'other' }, 'open-1')).toMatchObject({
      status: 409,
      body: { code: 'idempotency_conflict' },
    });
    const keys = `/api/v1/accounts/${first.body.id}/keys`;
    const made = await make(keys, { name: 'one' }, 'key-1');
    expect(made.status).toBe(201);
    const again = await make(keys, { name: 'one' }, 'key-1');
    expect(again).toMatchObject({ status: 409, body: { code: 'conflict' } });
    expect(JSON.stringify(again)).toContain(made.body.id);
    expect(JSON.stringify(again)).not.toContain(made.body.key);
    expect((await call('GET', keys)).body.items).toHaveLength(1);
  });

  test('are paid into and out of, each reference once, and never below what is held', async () => {
    const { accountId, key } = await open();
    const pay = (body: object) => post(`/api/v1/accounts/${accountId}/deposits`, body);
    const first = await pay({ micros: 30_000_000, reference: 'invoice 7', note: 'thank you' });
    expect(first).toMatchObject({ status: 201, body: { kind: 'deposit', amount: money(30_000_000, '30.00') } });
    expect((await pay({ micros: 30_000_000, reference: 'invoice 7' })).body.id).toBe(first.body.id);
    expect((await pay({ micros: 31_000_000, reference: 'invoice 7' })).status).toBe(409);
    const { body: task } = await submit(key);
    const { body: account } = await call('GET', '/api/v1/account', undefined, key);
    const held = (account.held as { micros: number }).micros;
    expect(held).toBeGreaterThan(0);
    expect(account.balance).toEqual(money(30_000_000, '30.00'));
    expect((await pay({ micros: -30_000_000 })).status).toBe(409);
    expect((await pay({ micros: held - 30_000_000 })).status).toBe(201);
    expect((await call('GET', '/api/v1/account', undefined, key)).body.available).toEqual(money(0, '0.00'));
    const { body: payments } = await call('GET', `/api/v1/accounts/${accountId}/transfers`);
    expect(payments.items).toMatchObject([{ kind: 'withdrawal' }, { kind: 'deposit', reference: 'invoice 7' }]);
    const { body: moves } = await call('GET', `/api/v1/accounts/${accountId}/transfers?task=${task.taskId}`);
    expect(moves.items).toMatchObject([{ kind: 'hold', amount: { micros: held } }]);
  });

  test('without enough money are refused in the words of each surface', async () => {
    const { key } = await open({ micros: 10 });
    expect((await submit(key)).body).toMatchObject({
      taskId: '',
      errorCode: '416',
      errorMessage: expect.stringMatching(/balance|insufficient/i),
    });
    const status = await post('/uc/openapi/accountStatus', {}, key);
    expect(status.body).toMatchObject({ code: 0, data: { remainCoins: '0', remainMoney: '0.000', currency: 'CNY' } });
  });

  test.each([
    ['POST', '/api/v1/accounts', { name: '', currency: 'EUR', colour: 'red' }, ['name', 'currency', 'colour']],
    ['POST', '/api/v1/accounts/acct_default/deposits', { micros: 0.5 }, ['micros']],
    ['POST', '/api/v1/accounts/acct_default/deposits', { micros: 0 }, ['micros']],
    [
      'POST',
      '/api/v1/accounts/acct_default/keys',
      {
        scopes: ['fly'],
        models: ['no-such-*'],
        addresses: ['10.0.0.0/33'],
        limits: { maxRunning: 0 },
        expiresAt: 'soon',
      },
      ['scopes[0]', 'models[0]', 'addresses[0]', 'limits.maxRunning', 'expiresAt'],
    ],
    ['GET', '/api/v1/usage?groupBy=moon', undefined, ['groupBy']],
    ['GET', '/api/v1/accounts?cursor=x', undefined, ['cursor']],
  ])('%s %s names everything that is wrong with %j', async (method, path, body, fields) => {
    const answer = await call(method, path, body);
    expect(answer.status).toBe(400);
    const named = (answer.body.problems as { field: string }[]).map(({ field }) => field);
    expect(named.sort()).toEqual([...fields].sort());
  });
});

describe('keys', () => {
  test('are shown once, then masked', async () => {
    const { accountId, key, keyId } = await open({ key: { scopes: ['usage'] } });
    expect(key).toMatch(/^[0-9a-f]{32}$/);
    const { body } = await call('GET', `/api/v1/keys/${keyId}`);
    expect(JSON.stringify(body)).not.toContain(key);
    expect(body.masked).toBe(`${key.slice(0, 4)}${'*'.repeat(24)}${key.slice(-4)}`);
    const { body: list } = await call('GET', '/openapi/v2/api-key/list', undefined, key);
    expect(list).toMatchObject({
      code: 0,
      msg: 'success',
      data: [{ key: body.masked, apiKeyName: 'one', status: 1, quotaUsed: 0 }],
    });
    expect((await call('GET', `/api/v1/accounts/${accountId}/keys`)).body.items).toMatchObject([{ id: keyId }]);
  });

  test('that are revoked, or have expired, are refused on the very next request', async () => {
    const { key, keyId } = await open();
    expect((await call('GET', '/api/v1/account', undefined, key)).status).toBe(200);
    expect((await call('DELETE', `/api/v1/keys/${keyId}`)).status).toBe(204);
    expect((await call('GET', '/api/v1/account', undefined, key)).status).toBe(401);
    expect((await call('DELETE', `/api/v1/keys/${keyId}`)).status).toBe(204);
    expect((await call('PATCH', `/api/v1/keys/${keyId}`, { name: 'back' })).status).toBe(409);
    const other = await open();
    expect((await call('GET', '/api/v1/account', undefined, other.key)).status).toBe(200);
    await call('PATCH', `/api/v1/keys/${other.keyId}`, { expiresAt: '2026-01-01T00:00:00Z' });
    expect((await call('GET', '/api/v1/account', undefined, other.key)).body).toMatchObject({
      code: 'unauthorized',
      detail: expect.stringContaining('expired'),
    });
    expect((await post('/task/openapi/status', { taskId: '1' }, other.key)).body.code).toBe(802);
  });

  test('may do what their scopes, endpoints and addresses say, on every surface', async () => {
    const reader = await open({ key: { scopes: ['tasks:read'] } });
    expect((await submit(reader.key)).body).toMatchObject({
      errorCode: '1014',
      errorMessage: expect.stringContaining('tasks:write'),
    });
    expect((await post('/task/openapi/cancel', { taskId: '1' }, reader.key)).body.code).toBe(802);
    expect((await call('GET', '/api/v1/account', undefined, reader.key)).status).toBe(403);
    const painter = await open({ key: { models: ['kling-*'] }, account: { isUnlimited: true } });
    expect((await submit(painter.key)).body).toMatchObject({
      errorCode: '1014',
      errorMessage: expect.stringContaining(ENDPOINT),
    });
    const far = await open({ key: { addresses: ['203.0.113.0/24', '2001:db8::/32'] } });
    expect((await call('GET', '/api/v1/account', undefined, far.key)).body).toMatchObject({
      code: 'forbidden',
      detail: expect.stringContaining('127.0.0.1'),
    });
    await call('PATCH', `/api/v1/keys/${far.keyId}`, { addresses: ['127.0.0.0/8'] });
    expect((await call('GET', '/api/v1/account', undefined, far.key)).status).toBe(200);
    await call('PATCH', `/api/v1/keys/${far.keyId}`, { addresses: null });
    expect((await call('GET', '/api/v1/account', undefined, far.key)).status).toBe(200);
  });

  test('of an administrator are never all gone', async () => {
    const { body: keys } = await call('GET', '/api/v1/accounts/acct_default/keys');
    const [own] = keys.items as { id: string }[];
    expect((await call('DELETE', `/api/v1/keys/${own?.id}`)).status).toBe(409);
    expect((await call('PATCH', `/api/v1/keys/${own?.id}`, { isAdmin: false })).status).toBe(409);
    const second = await post('/api/v1/accounts/acct_default/keys', { isAdmin: true });
    expect((await call('DELETE', `/api/v1/keys/${second.body.id}`)).status).toBe(204);
  });

  test('that do not administer may not', async () => {
    const { key, accountId } = await open();
    expect((await post('/api/v1/accounts', { name: 'mine' }, key)).status).toBe(403);
    expect((await call('GET', `/api/v1/usage?account=acct_default`, undefined, key)).status).toBe(403);
    expect((await call('GET', `/api/v1/usage?account=${accountId}`, undefined, key)).status).toBe(200);
  });
});

describe('limits', () => {
  const budgets = [['hourBudgetMicros'], ['dayBudgetMicros'], ['totalBudgetMicros']] as const;
  test.each(budgets)('%s holds to the unit, also for 200 submits at the same time', async (budget) => {
    const price = await priceOf();
    const { key } = await open({ account: { isUnlimited: true }, key: { limits: { [budget]: 5 * price + 1 } } });
    const answers = await Promise.all(Array.from({ length: 200 }, () => submit(key)));
    expect(answers.filter(({ body }) => body.taskId !== '')).toHaveLength(5);
    expect(answers.filter(({ body }) => body.errorCode === '416')).toHaveLength(195);
    const { body: usage } = await call('GET', '/api/v1/usage?groupBy=endpoint', undefined, key);
    expect(usage.items).toMatchObject([
      { group: ENDPOINT, tasks: 5, held: { micros: 5 * price }, charged: { micros: 0 } },
    ]);
  });

  test('a budget that is set later counts what was used before, and gives back what is released', async () => {
    const price = await priceOf();
    const { key, keyId } = await open({ account: { isUnlimited: true } });
    const first = await submit(key);
    await submit(key);
    await call('PATCH', `/api/v1/keys/${keyId}`, { limits: { totalBudgetMicros: 3 * price } });
    expect((await submit(key)).body.errorCode).toBe('');
    expect((await submit(key)).body.errorCode).toBe('416');
    await post('/task/openapi/cancel', { taskId: first.body.taskId }, key);
    await expect.poll(async () => (await submit(key)).body.errorCode).toBe('');
    expect((await submit(key)).body.errorCode).toBe('416');
    await call('PATCH', `/api/v1/keys/${keyId}`, { limits: { totalBudgetMicros: null } });
    expect((await submit(key)).body.errorCode).toBe('');
  });

  test('tasks a minute, over which a client is told to wait', async () => {
    const { key } = await open({ account: { isUnlimited: true }, key: { limits: { tasksPerMinute: 3 } } });
    const answers = await Promise.all(Array.from({ length: 20 }, () => submit(key)));
    // A minute may end in the middle.
    expect([3, 6]).toContain(answers.filter(({ body }) => body.taskId !== '').length);
    expect(answers.find(({ body }) => body.taskId === '')).toMatchObject({ status: 429, body: { errorCode: '1003' } });
  });
});

async function priceOf(): Promise<number> {
  const { body } = await post(`/openapi/v2/price-preview/${ENDPOINT}`, BODY);
  return Math.round(Number(body.estimatedPrice) * 1_000_000);
}
