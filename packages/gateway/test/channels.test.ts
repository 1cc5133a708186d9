import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { catalog } from '@reelay/catalog';
import { createStandin, findDefinition, type Standin } from '@reelay/standin';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { loadConfig } from '../src/config.ts';
import { type Server, startServer } from '../src/server.ts';

const ADMIN = '0123456789abcdef0123456789abcdef';
/** What the stand-in takes; and what must never be in an answer. */
const SECRET = 'vda_standin_7f3c9a51e8';
const ENDPOINT = 'vidu/text-to-video-q3-pro';

function requireDefinition(provider: string) {
  const definition = findDefinition(provider);
  if (definition === undefined) throw new Error(`there is no stand-in for ${provider}`);
  return definition;
}

let dataDir: string;
let vidu: Standin;
let server: Server;
/** Everything that was answered. */
let answers = '';
beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'reelay-channels-'));
  vidu = await createStandin(requireDefinition('vidu'), { pace: { queuedMs: 0, runningMs: 0 } });
  const env = {
    REELAY_PORT: '0',
    REELAY_DATA_DIR: dataDir,
    REELAY_ADMIN_KEY: ADMIN,
    REELAY_ALLOW_PRIVATE_NETWORK: 'true',
    REELAY_OWN_CHANNELS: 'true',
    REELAY_PREVIEW: 'off',
  };
  server = await startServer(loadConfig(env, dataDir), { logLevel: 'error' });
});
afterAll(async () => {
  expect(answers).not.toContain(SECRET);
  await server.close();
  await vidu.close();
  await rm(dataDir, { recursive: true, force: true });
});

type Body = Record<string, unknown> & { id: string; items: Record<string, unknown>[]; problems: { field: string }[] };
async function call(method: string, path: string, body?: unknown, p: { key?: string; route?: string } = {}) {
  const response = await fetch(server.url + path, {
    method,
    headers: {
      authorization: `Bearer ${p.key ?? ADMIN}`,
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...(p.route === undefined ? {} : { 'reelay-route': p.route }),
    },
    body: body === undefined ? null : JSON.stringify(body),
  });
  const text = await response.text();
  // A key is shown once, to whom it is made for.
  answers += text;
  return { status: response.status, body: (text === '' ? {} : JSON.parse(text)) as Body };
}
const input = catalog.get(ENDPOINT)?.example;
const made = (settings = {}) => ({
  provider: 'vidu',
  credentials: { apiKey: SECRET },
  settings: { baseUrl: `${vidu.url}/ent/v2`, ...settings },
});

async function open(micros: number) {
  const { body: account } = await call('POST', '/api/v1/accounts', { name: 'studio' });
  if (micros > 0) await call('POST', `/api/v1/accounts/${account.id}/deposits`, { micros });
  const { body: key } = await call('POST', `/api/v1/accounts/${account.id}/keys`, {});
  return { id: account.id, key: String(key.key) };
}

/** Submits, and waits for the end. */
async function run({
  endpoint = ENDPOINT,
  input = catalog.get(endpoint)?.example,
  ...p
}: {
  key?: string;
  route?: string;
  endpoint?: string;
  input?: Record<string, unknown> | undefined;
} = {}) {
  const { body } = await call('POST', '/api/v1/tasks', { endpoint, input }, p);
  if (body.id === undefined) throw new Error(`refused: ${JSON.stringify(body)}`);
  for (;;) {
    const { body: task } = await call('GET', `/api/v1/tasks/${body.id}`, undefined, p);
    if (task.endedAt !== null) return task;
    const stream = await fetch(`${server.url}/api/v1/tasks/${body.id}/events`, {
      headers: { authorization: `Bearer ${p.key ?? ADMIN}`, accept: 'text/event-stream' },
    });
    await stream.body?.getReader().read();
    await stream.body?.cancel().catch(() => undefined);
  }
}

describe('channels of the gateway', () => {
  test('are made, tested, used, switched off and deleted', async () => {
    const { status, body: channel } = await call('POST', '/api/v1/channels', made());
    expect({ status, name: channel.name, state: channel.state }).toEqual({ status: 201, name: 'vidu', state: 'ok' });
    expect(channel.credentials).toEqual({ apiKey: '********51e8' });
    expect((await call('POST', '/api/v1/channels', made())).status).toBe(409);
    expect((await call('POST', '/api/v1/channels/vidu/test')).body).toMatchObject({ isWorking: true });

    const dry = await call('POST', '/api/v1/tasks?dryRun=true', { endpoint: ENDPOINT, input });
    expect(dry.body.route).toMatchObject({ outcome: 'runs', channel: 'vidu', provider: 'vidu' });
    const task = await run({ route: 'only=vidu' });
    expect(task).toMatchObject({ status: 'succeeded', channel: 'vidu', route: { only: ['vidu'] } });
    expect(task.attempts).toMatchObject([
      { channel: 'vidu', provider: 'vidu', considered: [{ channel: 'vidu', verdict: 'chosen' }] },
    ]);

    const off = await call('PUT', `/api/v1/channels/${channel.id}/routes/${ENDPOINT}`, { isOn: false });
    expect(off.body.items).toMatchObject([{ endpoint: ENDPOINT, isUsed: false, isOff: true }]);
    expect(await run()).toMatchObject({ status: 'failed', error: { code: 'no_channel' } });
    await call('PUT', `/api/v1/channels/vidu/routes/${encodeURIComponent(ENDPOINT)}`, { isOn: true });
    const { body: routes } = await call('GET', '/api/v1/channels/vidu/routes?endpoint=vidu/text-*');
    expect(routes.items.every(({ endpoint }) => String(endpoint).startsWith('vidu/text-'))).toBe(true);
    expect(routes.items.find(({ endpoint }) => endpoint === ENDPOINT)).toMatchObject({ isOff: false });

    await call('PATCH', '/api/v1/channels/vidu', { isEnabled: false });
    expect((await call('GET', '/api/v1/channels/vidu')).body).toMatchObject({ isEnabled: false, state: 'disabled' });
    expect(await run()).toMatchObject({ status: 'failed', error: { code: 'no_channel' } });
    expect((await call('DELETE', '/api/v1/channels/vidu')).status).toBe(204);
    expect((await call('GET', `/api/v1/channels/${channel.id}`)).status).toBe(404);
  });

  test('with wrong credentials are told so, and hide what others need not know', async () => {
    const wrong = { ...made(), name: 'wrong', credentials: { apiKey: 'vda_not_this_one_at_all' } };
    await call('POST', '/api/v1/channels', wrong);
    const { body } = await call('POST', '/api/v1/channels/wrong/test');
    expect(body).toMatchObject({ isWorking: false });
    expect(JSON.stringify(body)).not.toContain(wrong.credentials.apiKey);
    await call('DELETE', '/api/v1/channels/wrong');
  });

  test('are checked with everything that is wrong at once', async () => {
    const channel = { provider: 'vidu', name: 'odd', credentials: { key: 'x' }, include: ['no-such-*'] };
    const { status, body } = await call('POST', '/api/v1/channels', channel);
    expect(status).toBe(400);
    const fields = body.problems.map(({ field }) => field).sort();
    expect(fields).toEqual(['credentials.apiKey', 'credentials.key', 'include[0]']);
  });

  test('take an administrator key', async () => {
    const { key } = await open(0);
    expect((await call('GET', '/api/v1/channels', undefined, { key })).status).toBe(403);
    expect((await call('GET', '/api/v1/providers', undefined, { key })).body.items.length).toBeGreaterThan(5);
  });
});

describe('a second job', () => {
  test('follows one that failed, where an administrator agreed; the account pays once', async () => {
    for (const [name, priority] of Object.entries({ first: 2, second: 1 })) {
      await call('POST', '/api/v1/channels', { ...made(), name, priority });
    }
    const route = 'only=first,second';
    vidu.control.fault('fail-upstream');
    expect(await run({ route: `${route}; failover=failure, max-spend=100` })).toMatchObject({
      status: 'succeeded',
      channel: 'second',
      attempts: [
        { channel: 'first', outcome: 'failed' },
        { channel: 'second', outcome: 'succeeded' },
      ],
    });
    vidu.control.fault('fail-upstream');
    expect(await run({ route })).toMatchObject({ status: 'failed', attempts: [{ channel: 'first' }] });
    for (const name of ['first', 'second']) await call('DELETE', `/api/v1/channels/${name}`);
  });

  test('is not for others to agree to, unless the owner lets them', async () => {
    const { key } = await open(1_000_000_000);
    const route = { failover: { after: 'failure', maxSpend: 100 } };
    const refused = await call('POST', '/api/v1/tasks', { endpoint: ENDPOINT, input, route }, { key });
    expect(refused).toMatchObject({ status: 400, body: { problems: [{ field: 'route.failover' }] } });
  });
});

test('a voice is used where it was made, whichever channel comes first', async () => {
  const minimax = await createStandin(requireDefinition('minimax'), { pace: { queuedMs: 0, runningMs: 0 } });
  const { MINIMAX_API_KEY: apiKey, MINIMAX_BASE_URL: baseUrl } = minimax.env;
  for (const [name, priority] of Object.entries({ old: 2, young: 1 })) {
    const channel = { provider: 'minimax', name, priority, credentials: { apiKey }, settings: { baseUrl } };
    expect((await call('POST', '/api/v1/channels', channel)).status).toBe(201);
  }
  try {
    const voice = await run({ endpoint: 'minimax/voice-design' });
    expect(voice).toMatchObject({ status: 'succeeded', channel: 'old' });
    await call('PATCH', '/api/v1/channels/young', { priority: 3 });
    const speech = { endpoint: 'rhart-audio/text-to-audio/speech-02-hd' };
    expect(await run(speech)).toMatchObject({ status: 'succeeded', channel: 'young' });
    expect(
      await run({ ...speech, input: { ...catalog.get(speech.endpoint)?.example, voice_id: voice.id } }),
    ).toMatchObject({
      status: 'succeeded',
      channel: 'old',
      attempts: [
        {
          considered: [
            { channel: 'old', verdict: 'chosen' },
            { channel: 'young', verdict: 'out' },
          ],
        },
      ],
    });
  } finally {
    for (const name of ['old', 'young']) await call('DELETE', `/api/v1/channels/${name}`);
    await minimax.close();
  }
});

test('what an account brought runs its tasks without money, and nobody else sees or uses it', async () => {
  const [a, b] = [await open(0), await open(1_000_000_000)];
  const own = { ...made(), name: 'mine' };
  const { status } = await call('POST', '/api/v1/account/channels', own, a);
  expect(status).toBe(201);
  expect((await call('POST', '/api/v1/account/channels', { ...own, priceFactor: 0 }, a)).status).toBe(400);
  expect(await run({ key: a.key })).toMatchObject({
    status: 'succeeded',
    channel: 'mine',
    charge: { micros: 0 },
  });

  expect((await call('GET', '/api/v1/account/channels', undefined, b)).body.items).toEqual([]);
  expect((await call('GET', '/api/v1/account/channels/mine', undefined, b)).status).toBe(404);
  expect((await call('GET', '/api/v1/channels')).body.items.map(({ name }) => name)).not.toContain('mine');
  expect(await run({ key: b.key })).toMatchObject({ status: 'failed', error: { code: 'no_channel' } });
  const named = await call('POST', '/api/v1/tasks', { endpoint: ENDPOINT, input, route: { only: ['mine'] } }, b);
  expect(named.body).toMatchObject({ code: 'invalid_input', problems: [{ field: 'route.only' }] });
  expect((await call('GET', `/api/v1/channels?account=${a.id}`)).body.items).toMatchObject([{ name: 'mine' }]);
});

test('what an account brings is on the public internet, unless the operator says otherwise', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'reelay-own-'));
  const env = { REELAY_PORT: '0', REELAY_DATA_DIR: folder, REELAY_ADMIN_KEY: ADMIN, REELAY_OWN_CHANNELS: 'true' };
  const strict = await startServer(loadConfig(env, folder), { logLevel: 'error' });
  const post = async (path: string, baseUrl: string) => {
    const headers = { authorization: `Bearer ${ADMIN}`, 'content-type': 'application/json' };
    const body = JSON.stringify({ ...made(), settings: { baseUrl } });
    const response = await fetch(strict.url + path, { method: 'POST', headers, body });
    return { status: response.status, body: await response.json() };
  };
  try {
    expect(await post('/api/v1/account/channels', 'http://169.254.169.254/latest')).toMatchObject({
      status: 400,
      body: { problems: [{ field: 'settings.baseUrl' }] },
    });
    // The operator's own word counts.
    expect((await post('/api/v1/channels', vidu.url)).status).toBe(201);
  } finally {
    await strict.close();
    await rm(folder, { recursive: true, force: true });
  }
});

test('credentials outlive the key that sealed them, once it is put behind a new one; without either, a channel is broken', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'reelay-rotation-'));
  const [old, young, other] = ['a', 'b', 'c'].map((digit) => digit.repeat(64));
  const headers = { authorization: `Bearer ${ADMIN}`, 'content-type': 'application/json' };
  const withKeys = async (keys: string, ask: (url: string) => Promise<Response>) => {
    const env = { REELAY_PORT: '0', REELAY_DATA_DIR: folder, REELAY_ADMIN_KEY: ADMIN, REELAY_SECRET_KEY: keys };
    const one = await startServer(loadConfig(env, folder), { logLevel: 'silent' });
    try {
      const response = await ask(`${one.url}/api/v1/channels`);
      return (await response.json()) as Body;
    } finally {
      await one.close();
    }
  };
  const test = (url: string) => fetch(`${url}/vidu/test`, { method: 'POST', headers });
  try {
    const body = JSON.stringify(made());
    await withKeys(old ?? '', (url) => fetch(url, { method: 'POST', headers, body }));
    expect(await withKeys(`${young},${old}`, test)).toMatchObject({ isWorking: true });
    expect(await withKeys(young ?? '', test)).toMatchObject({ isWorking: true });
    const { items } = await withKeys(other ?? '', (url) => fetch(url, { headers }));
    expect(items.find(({ name }) => name === 'vidu')).toMatchObject({ state: 'broken' });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});
