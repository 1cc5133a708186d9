import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Channel, everyEndpoint } from '../src/channels/channels.ts';
import { loadConfig } from '../src/config.ts';
import { type Server, startServer } from '../src/server.ts';

const ADMIN = '0123456789abcdef0123456789abcdef';
const ENDPOINT = 'rhart-video-s-official/text-to-video-pro';
const INPUT = { prompt: 'A paper boat.', size: '720x1280', duration: '4' };

/** Ends what has "quick" in its prompt at the first poll, and nothing else. */
const channel: Channel = {
  name: 'upstream',
  routeOf: everyEndpoint('upstream'),
  provider: {
    name: 'upstream',
    submitIsRepeatable: false,
    submit: async ({ input }) => ({ handle: { isQuick: String(input.prompt).includes('quick') } }),
    poll: async (handle) =>
      (handle as { isQuick: boolean }).isQuick
        ? { state: 'succeeded', outputs: [{ kind: 'text', text: 'done' }] }
        : { state: 'pending' },
    cancel: async () => undefined,
  },
};

let dataDir: string;
let server: Server;
const config = () => loadConfig({ REELAY_PORT: '0', REELAY_DATA_DIR: dataDir, REELAY_ADMIN_KEY: ADMIN }, dataDir);
const start = () => startServer(config(), { logLevel: 'error', channels: () => [channel] });
beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'reelay-native-'));
  server = await start();
});
afterAll(async () => {
  await server.close();
  await rm(dataDir, { recursive: true, force: true });
});

type Body = Record<string, unknown> & { id: string; items: (Record<string, unknown> & { id: string })[] };
type Answer = { status: number; headers: Headers; body: Body };
async function call(
  method: string,
  path: string,
  body?: unknown,
  { key = ADMIN, ...headers }: Record<string, string> = {},
): Promise<Answer> {
  const response = await fetch(server.url + path, {
    method,
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json', ...headers },
    body: body === undefined ? null : JSON.stringify(body),
  });
  return { status: response.status, headers: response.headers, body: (await response.json()) as Body };
}
const post = (path: string, body: unknown, headers?: Record<string, string>) => call('POST', path, body, headers);
const get = (path: string, headers?: Record<string, string>) => call('GET', path, undefined, headers);
const task = (changes: object = {}) => ({ endpoint: ENDPOINT, input: INPUT, ...changes });
/** A key of a new account that may spend without end. */
async function newKey(): Promise<{ key: string }> {
  const { body: account } = await post('/api/v1/accounts', { name: 'a', isUnlimited: true });
  return { key: String((await post(`/api/v1/accounts/${account.id}/keys`, {})).body.key) };
}

describe('submitting', () => {
  test('answers 201 with the task and where it is', async () => {
    const made = await post('/api/v1/tasks', task({ tags: ['boats', 'boats'], priority: -5 }));
    expect(made.status).toBe(201);
    expect(made.headers.get('location')).toBe(`/api/v1/tasks/${made.body.id}`);
    expect(made.body).toMatchObject({
      status: 'queued',
      surface: 'native',
      tags: ['boats'],
      priority: -5,
      charge: null,
    });
    const { body } = await get(`/api/v1/tasks/${made.body.id}`);
    expect(body).toMatchObject({ input: INPUT, price: made.body.price });
  });

  test('waits where the client prefers to, on both surfaces', async () => {
    const quick = { ...INPUT, prompt: 'quick' };
    const native = await post('/api/v1/tasks', task({ input: quick }), { prefer: 'respond-async, wait=30' });
    expect(native.headers.get('preference-applied')).toBe('wait=30');
    expect(native.body).toMatchObject({ status: 'succeeded', outputs: [{ text: 'done' }] });
    const v2 = await post(`/openapi/v2/${ENDPOINT}`, quick, { prefer: 'wait=30' });
    expect(v2.body).toMatchObject({ status: 'SUCCESS', results: [{ text: 'done' }] });
    const slow = await post('/api/v1/tasks', task(), { prefer: 'wait=1' });
    expect(['queued', 'submitting', 'running']).toContain(slow.body.status);
  });

  test('only looks, and stores nothing, in a dry run', async () => {
    const { key } = await newKey();
    const good = await post('/api/v1/tasks?dryRun=true', task(), { key });
    expect(good).toMatchObject({
      status: 200,
      body: { isValid: true, problems: [], price: { currency: 'CNY', isExact: true } },
    });
    const bad = await post('/api/v1/tasks?dryRun=true', task({ input: { size: 'big' }, priority: 1 }), { key });
    expect(bad.body).toMatchObject({ isValid: false, price: null });
    const fields = (bad.body.problems as { field: string }[]).map(({ field }) => field);
    expect(fields).toEqual(expect.arrayContaining(['prompt', 'size', 'priority']));
    expect((await get('/api/v1/tasks', { key })).body.items).toEqual([]);
  });

  test('names every problem, as an RFC 9457 problem', async () => {
    const { key } = await newKey();
    const { status, headers, body } = await post(
      '/api/v1/tasks',
      task({ webhookUrl: 'ftp://x', endWithinSeconds: 600_000 }),
      {
        key,
      },
    );
    expect(status).toBe(400);
    expect(headers.get('content-type')).toContain('application/problem+json');
    expect(body).toMatchObject({ status: 400, code: 'invalid_input', retryable: false, charged: false });
    const fields = (body.problems as { field: string }[]).map(({ field }) => field);
    expect(fields).toEqual(['webhookUrl', 'endWithinSeconds']);
    expect((await post('/api/v1/tasks', task({ colour: 'red' }))).body.problems).toMatchObject([{ field: 'colour' }]);
    expect((await post('/api/v1/tasks', task({ endpoint: 'no/such' }))).status).toBe(404);
  });

  test('above priority 0 takes an administrator', async () => {
    expect((await post('/api/v1/tasks', task({ priority: 100 }))).status).toBe(201);
    expect((await post('/api/v1/tasks', task({ priority: 101 }))).status).toBe(400);
    const { key } = await newKey();
    expect((await post('/api/v1/tasks', task({ priority: 1 }), { key })).body.problems).toMatchObject([
      { field: 'priority' },
    ]);
  });
});

describe('an Idempotency-Key', () => {
  test('is remembered over a restart, belongs to its account, and takes no other request', async () => {
    const { key } = await newKey();
    const headers = { key, 'idempotency-key': 'again' };
    const { body: first } = await post('/api/v1/tasks', task(), headers);
    await server.close();
    server = await start();
    expect((await post('/api/v1/tasks', task(), headers)).body).toEqual(first);
    const other = await newKey();
    expect((await post('/api/v1/tasks', task(), { ...other, 'idempotency-key': 'again' })).body.id).not.toBe(first.id);
    const changed = task({ input: { ...INPUT, prompt: 'Another.' } });
    expect(await post('/api/v1/tasks', changed, headers)).toMatchObject({
      status: 409,
      body: { code: 'idempotency_conflict' },
    });
    const v2 = await post(`/openapi/v2/${ENDPOINT}`, { ...INPUT, duration: '8' }, headers);
    expect(v2.body).toMatchObject({
      taskId: '',
      errorCode: '1007',
      errorMessage: expect.stringContaining('Idempotency-Key'),
    });
    expect((await post('/api/v1/tasks', task(), { key, 'idempotency-key': 'x'.repeat(256) })).status).toBe(400);
  });
});

test('a batch is all or nothing, and fast', async () => {
  const { key } = await newKey();
  const many = Array.from({ length: 1_000 }, (_, n) =>
    task({ input: { ...INPUT, prompt: `Boat ${n}.` }, tags: [`n${n % 3}`] }),
  );
  const broken = await post(
    '/api/v1/batches',
    { tasks: many.with(3, task({ input: {} })).with(7, task({ endpoint: 'no/such' })) },
    { key },
  );
  expect(broken.status).toBe(400);
  const fields = (broken.body.problems as { field: string }[]).map(({ field }) => field);
  expect(fields).toEqual(expect.arrayContaining(['tasks[3].prompt', 'tasks[7].endpoint']));
  expect((await get('/api/v1/tasks', { key })).body.items).toEqual([]);
  const headers = { key, 'idempotency-key': 'all' };
  const made = await post('/api/v1/batches', { tasks: many }, headers);
  expect(made.status).toBe(201);
  expect(made.body.items).toHaveLength(1_000);
  expect((await post('/api/v1/batches', { tasks: many }, headers)).body).toEqual(made.body);
  expect((await post('/api/v1/batches', { tasks: [...many, task()] }, { key })).body.problems).toMatchObject([
    { field: 'tasks' },
  ]);
});

test('a list is filtered and read page by page, newest first, while tasks are added', async () => {
  const { key } = await newKey();
  const ids: string[] = [];
  for (let n = 0; n < 12; n += 1) {
    const { body } = await post('/api/v1/tasks', task({ tags: [n % 2 === 0 ? 'even' : 'odd'] }), { key });
    ids.unshift(body.id);
  }
  const seen: string[] = [];
  for (let cursor: unknown = ''; cursor !== null; ) {
    const { body } = await get(`/api/v1/tasks?limit=5${cursor === '' ? '' : `&cursor=${cursor}`}`, { key });
    seen.push(...body.items.map(({ id }) => id));
    cursor = body.nextCursor;
    await post('/api/v1/tasks', task(), { key });
  }
  expect(seen).toEqual(ids);
  const count = async (query: string) => (await get(`/api/v1/tasks?limit=100&${query}`, { key })).body.items.length;
  expect(await count('tag=even')).toBe(6);
  expect(await count('endpoint=rhart-video-*')).toBe(15);
  expect(await count('endpoint=rhart-video-_-official/text-to-video-pro')).toBe(0);
  expect(await count('status=succeeded,failed')).toBe(0);
  expect(await count('from=2020-01-01T00:00:00Z&to=2020-01-02T00:00:00Z')).toBe(0);
  expect((await get('/api/v1/tasks?status=done', { key })).status).toBe(400);
  expect((await get('/api/v1/tasks?cursor=x', { key })).status).toBe(400);
  expect((await get('/api/v1/tasks?account=acct_default', { key })).status).toBe(403);
  const [last = ''] = ids;
  await call('PATCH', `/api/v1/tasks/${last}`, { tags: ['new'] }, { key });
  expect([await count('tag=new'), await count('tag=odd')]).toEqual([1, 5]);
  expect((await call('PATCH', `/api/v1/tasks/${last}`, { tags: [] })).status).toBe(404);
});

test('a rerun asks for the same with changes, and says of what it is one', async () => {
  const { key } = await newKey();
  const { body: first } = await post('/api/v1/tasks', task({ tags: ['boats'] }), { key });
  const { status, body: second } = await post(`/api/v1/tasks/${first.id}/rerun`, { input: { duration: '8' } }, { key });
  expect(status).toBe(201);
  expect(second).toMatchObject({ rerunOf: first.id, tags: ['boats'], status: 'queued' });
  expect((await get(`/api/v1/tasks/${second.id}`, { key })).body.input).toEqual({ ...INPUT, duration: '8' });
  const bad = await post(`/api/v1/tasks/${first.id}/rerun`, { input: { prompt: null } }, { key });
  expect(bad.body.problems).toMatchObject([{ field: 'prompt' }]);
  expect((await post(`/api/v1/tasks/${first.id}/rerun`, {})).status).toBe(404);
});
