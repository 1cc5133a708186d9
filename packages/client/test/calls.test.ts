import { type Clock, createClient, eachItem, ReelayError } from '@reelay/client';
import { describe, expect, test } from 'vitest';
import { cut, problem, silence, startStub } from './stub.ts';

const TASK = { endpoint: 'a/b', input: { prompt: 'x' } };
const failing = (promise: Promise<unknown>): Promise<ReelayError> =>
  promise.then(
    () => expect.fail('it did not fail'),
    (error) => (error instanceof ReelayError ? error : expect.fail(String(error))),
  );

describe('a refusal', () => {
  test('is one error with the code, every problem, and the name of the request in the log', async () => {
    const problems = [
      { field: 'prompt', message: 'prompt is required' },
      { field: 'size', message: 'size is not known' },
    ];
    const { client } = await startStub([problem(400, 'invalid_input', { detail: 'two things', problems })]);
    const error = await failing(client.tasks.create(TASK));
    expect(error).toMatchObject({ code: 'invalid_input', status: 400, message: 'two things', requestId: 'req_1' });
    expect(error.problems).toEqual(problems);
    expect(error.retryable).toBe(false);
  });

  test.each([
    ['a page of a proxy', { status: 404, body: '<h1>Not found</h1>' }, 404],
    ['another API', { status: 400, body: { error: 'no' } }, 400],
    ['a page that is not even an error', { status: 200, body: '<h1>Welcome</h1>' }, undefined],
  ])('by %s is a bad answer', async (_name, reply, status) => {
    const { client, received } = await startStub([reply]);
    expect(await failing(client.account.get())).toMatchObject({ code: 'bad_answer', status, retryable: false });
    expect(received).toHaveLength(1);
  });

  test('by a redirect is not followed: the key is for this server', async () => {
    const { client, received } = await startStub([{ status: 307, headers: { location: 'http://127.0.0.1:9/' } }]);
    expect(await failing(client.accounts.create({ name: 'a' }))).toMatchObject({ code: 'connection_failed' });
    expect(received).toHaveLength(1);
  });
});

describe('a repeat', () => {
  test('after 429 comes when the server says, and also of what is not safe to repeat: it did nothing', async () => {
    const { client, clock, received } = await startStub([
      problem(429, 'rate_limited', { retryable: true }),
      { ...problem(429, 'rate_limited', { retryable: true }), headers: { 'retry-after': '7' } },
      { body: { id: 'acct_1' } },
    ]);
    expect(await client.accounts.create({ name: 'a' })).toEqual({ id: 'acct_1' });
    expect(clock.pauses).toEqual([375, 7_000]);
    expect(new Set(received.map(({ headers }) => headers['idempotency-key'])).size).toBe(1);
  });

  test('may be asked for by date', async () => {
    const headers = { 'retry-after': 'Thu, 01 Jan 1970 00:00:09 GMT' };
    const { client, clock } = await startStub([{ status: 503, headers, body: '' }, { body: {} }]);
    await client.account.get();
    expect(clock.pauses).toEqual([9_000]);
  });

  test('is given up where the server asks for more than a minute, and the error says so', async () => {
    const { client, clock } = await startStub([{ status: 429, headers: { 'retry-after': '61' }, body: '' }]);
    expect(await failing(client.account.get())).toMatchObject({ status: 429, retryAfterMs: 61_000, retryable: true });
    expect(clock.pauses).toEqual([]);
  });

  test('of a submit whose answer was lost sends the same key, so that one task is made', async () => {
    const { client, clock, received } = await startStub([cut, cut, { status: 201, body: { id: '1' } }]);
    expect(await client.tasks.create(TASK)).toEqual({ id: '1' });
    expect(clock.pauses).toEqual([375, 750]);
    const keys = received.map(({ headers }) => headers['idempotency-key']);
    expect(keys[0]).toMatch(/^[0-9a-f]{32}$/);
    expect(new Set(keys).size).toBe(1);
    expect(received.map(({ body }) => JSON.parse(body))).toEqual([TASK, TASK, TASK]);
  });

  test('of a payment whose answer was lost sends the same reference', async () => {
    const { client, received } = await startStub([cut, { status: 201, body: {} }]);
    await client.deposits.create('acct_1', { micros: 5 });
    const [first, second] = received.map(({ body }) => JSON.parse(body) as { reference: string });
    expect(first?.reference).toMatch(/^client-[0-9a-f]{32}$/);
    expect(second).toEqual(first);
  });

  test.each([
    ['an account', (client: ReturnType<typeof createClient>) => client.accounts.create({ name: 'a' })],
    ['a key', (client: ReturnType<typeof createClient>) => client.keys.create('acct_1')],
  ])('of what would make %s twice is left to the caller', async (_name, call) => {
    const { client, received } = await startStub([cut]);
    expect(await failing(call(client))).toMatchObject({ code: 'connection_failed', retryable: true });
    expect(received).toHaveLength(1);
  });

  test.each([
    [500, 'internal', true, 4],
    [502, 'provider_unavailable', true, 4],
    [400, 'invalid_input', false, 1],
    [404, 'task_not_found', false, 1],
  ])('of a GET after %i %s', async (status, code, retryable, tries) => {
    const { client, received } = await startStub([problem(status, code, { retryable })]);
    expect(await failing(client.tasks.get('1'))).toMatchObject({ code, status });
    expect(received).toHaveLength(tries);
  });

  test('of a cancel whose answer was lost finds the task canceled, which is what was wanted', async () => {
    const { client } = await startStub([cut, problem(409, 'cancel_not_allowed'), { body: { status: 'canceled' } }]);
    expect(await client.tasks.cancel('1')).toEqual({ status: 'canceled' });
    const other = await startStub([problem(409, 'cancel_not_allowed'), { body: { status: 'succeeded' } }]);
    expect(await failing(other.client.tasks.cancel('1'))).toMatchObject({ code: 'cancel_not_allowed' });
  });

  test('comes as often as was asked for, and zero is a number', async () => {
    const { client, received } = await startStub([cut], { retries: 0 });
    await failing(client.account.get());
    expect(received).toHaveLength(1);
  });
});

describe('a bound', () => {
  test('ends a call that nobody answers; safe ones are tried again', async () => {
    const { client, clock, received } = await startStub((_request, n) => {
      if (n === 2) return { body: { id: 'acct_1' } };
      setImmediate(() => clock.expire(60_000));
      return silence;
    });
    expect(await client.account.get()).toEqual({ id: 'acct_1' });
    expect(received).toHaveLength(3);
    const other = await startStub(() => {
      setImmediate(() => other.clock.expire(60_000));
      return silence;
    });
    expect(await failing(other.client.keys.create('acct_1'))).toMatchObject({ code: 'no_answer' });
  });

  test('also ends a body that does not come to its end', async () => {
    const { client, clock } = await startStub(
      () => (response) => {
        response.write('{"id":');
        setImmediate(() => clock.expire(60_000));
      },
      { retries: 0 },
    );
    expect(await failing(client.account.get())).toMatchObject({ code: 'no_answer' });
  });

  test('is longer where the server was asked to wait', async () => {
    const { client, clock, received } = await startStub(
      () => {
        setImmediate(() => clock.expire(60_000));
        setImmediate(() => clock.expire(90_000));
        return silence;
      },
      { retries: 0 },
    );
    expect((await failing(client.tasks.create(TASK, { waitSeconds: 30 }))).message).toContain('90 s');
    expect(received[0]?.headers.prefer).toBe('wait=30');
  });

  test.each(['during the call', 'during a pause', 'before'])(
    "is the caller's signal %s, and throws its reason",
    async (when) => {
      const stop = new AbortController();
      const reason = new Error('enough');
      const clock: Clock = {
        nowMs: () => 0,
        after(ms) {
          if (ms < 60_000) setImmediate(() => stop.abort(reason));
          return () => {};
        },
      };
      const answer = () => {
        if (when === 'during a pause') return problem(503, 'no_channel', { retryable: true });
        stop.abort(reason);
        return silence;
      };
      const { client, received } = await startStub(answer, { clock });
      if (when === 'before') stop.abort(reason);
      await expect(client.account.get({ signal: stop.signal })).rejects.toBe(reason);
      expect(received).toHaveLength(when === 'before' ? 0 : 1);
    },
  );
});

describe('an argument', () => {
  test.each(['http://user:hunter2@host', 'ftp://hunter2', 'hunter2', ''])(
    'url %j is refused, and not repeated',
    (url) => {
      const make = () => createClient({ url, key: 'k' });
      expect(make).toThrow(/^url must be/);
      expect(make).not.toThrow(/hunter2/);
    },
  );

  test.each(['hunter2\nx', 'hunter2 x', '', 'hünter2'])('key %j is refused, and not repeated', (key) => {
    const make = () => createClient({ url: 'http://127.0.0.1', key });
    expect(make).toThrow(/^key must be/);
    expect(make).not.toThrow(/nter2/);
  });

  test.each(['', '.', '..'])('the id %j leads nowhere else', async (id) => {
    const { client, received } = await startStub([{ body: {} }]);
    expect(() => client.accounts.get(id)).toThrow(/is no id/);
    expect(received).toHaveLength(0);
  });

  test('an id stays one part of the path, below the path of the address', async () => {
    const { url, received } = await startStub([{ body: {} }]);
    await createClient({ url: `${url}/media//`, key: 'k' }).tasks.get('a/../b?c');
    expect(received[0]?.path).toBe('/media/api/v1/tasks/a%2F..%2Fb%3Fc');
  });
});

test('lists are asked for with what was given and nothing else, page by page', async () => {
  const { client, received } = await startStub((_request, n) => ({
    body: { items: [n], nextCursor: n < 2 ? `after ${n}` : null },
  }));
  const seen = [];
  const filter = { status: ['queued', 'running'], tag: undefined } as const;
  for await (const one of eachItem((cursor) => client.tasks.list({ ...filter, cursor, limit: 1 }))) seen.push(one);
  expect(seen).toEqual([0, 1, 2]);
  const paths = ['', '&cursor=after+0', '&cursor=after+1'].map(
    (end) => `/api/v1/tasks?status=queued%2Crunning${end}&limit=1`,
  );
  expect(received.map(({ path }) => path)).toEqual(paths);
});

test('the key goes with every request and is no part of the client', async () => {
  const { client, received } = await startStub([{ body: { items: [], nextCursor: null } }], { key: 'secret' });
  await client.keys.list('acct_1');
  expect(received[0]?.headers.authorization).toBe('Bearer secret');
  expect(JSON.stringify(client)).not.toContain('secret');
});
