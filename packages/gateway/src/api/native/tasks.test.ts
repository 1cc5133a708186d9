import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTaskView, KEYS } from '../testing/services.ts';
import { createTestApp, type TestApp } from '../testing/test-app.ts';

const ID = '2100000000000000101';
/** What attempts of earlier releases do not say. */
const UNKNOWN = {
  provider: null,
  model: null,
  reason: null,
  considered: [],
  chargeMicros: null,
  vendorCost: null,
};
let test_: TestApp;
beforeAll(async () => {
  test_ = await createTestApp();
});
afterAll(() => test_.close());
const get = (id: string, headers: Record<string, string> = { authorization: `Bearer ${KEYS.owner}` }) =>
  test_.send({ method: 'GET', url: `/api/v1/tasks/${id}`, headers });

test('a task has its progress, its channel, its price and its attempts', async () => {
  const startedAtMs = Date.UTC(2026, 0, 2, 3, 4, 6);
  const failure = { code: 'provider_unavailable', message: 'no answer' };
  test_.tasks.put(
    'acct_owner',
    createTaskView({
      status: 'succeeded',
      progress: 1,
      channel: 'preview',
      priceMicros: 1_250_000,
      startedAtMs,
      endedAtMs: startedAtMs + 2_000,
      outputs: [{ url: 'https://reelay.test/files/a.mp4', text: null, extension: 'mp4' }],
    }),
    [
      {
        ...UNKNOWN,
        number: 1,
        channel: 'vendor-a',
        startedAtMs,
        acceptedAtMs: null,
        endedAtMs: startedAtMs + 500,
        outcome: 'not_accepted',
        error: failure,
      },
      {
        ...UNKNOWN,
        number: 2,
        channel: 'preview',
        startedAtMs: startedAtMs + 1_000,
        acceptedAtMs: startedAtMs + 1_001,
        endedAtMs: null,
        outcome: null,
        error: null,
      },
    ],
  );
  const answer = await get(ID);
  expect(answer.statusCode).toBe(200);
  expect(answer.headers['cache-control']).toBe('no-store');
  expect(answer.json()).toMatchObject({
    id: ID,
    endpoint: 'test-vendor/film-1/text-to-video',
    status: 'succeeded',
    progress: 1,
    channel: 'preview',
    isPreview: true,
    clientId: '5c1f0a9be27d4c3388a6d1f4e0b97a21',
    error: null,
    outputs: [{ url: 'https://reelay.test/files/a.mp4', text: null, extension: 'mp4' }],
    price: { micros: 1_250_000, currency: 'CNY' },
    createdAt: '2026-01-02T03:04:05.678Z',
    startedAt: '2026-01-02T03:04:06.000Z',
    endedAt: '2026-01-02T03:04:08.000Z',
    attempts: [
      {
        number: 1,
        channel: 'vendor-a',
        outcome: 'not_accepted',
        error: failure,
        startedAt: '2026-01-02T03:04:06.000Z',
        acceptedAt: null,
        endedAt: '2026-01-02T03:04:06.500Z',
      },
      {
        number: 2,
        channel: 'preview',
        outcome: null,
        error: null,
        startedAt: '2026-01-02T03:04:07.000Z',
        acceptedAt: '2026-01-02T03:04:07.001Z',
        endedAt: null,
      },
    ],
  });
});

test('a failed task has its error in our own words', async () => {
  test_.tasks.put(
    'acct_owner',
    createTaskView({ status: 'failed', error: { code: 'timed_out', message: 'too late' } }),
  );
  expect((await get(ID)).json()).toMatchObject({
    status: 'failed',
    isPreview: false,
    error: { code: 'timed_out', message: 'too late', retryable: true },
  });
});

test("a missing task, another account's and an id that is none are a problem with status 404", async () => {
  test_.tasks.put('acct_stranger', createTaskView({ id: '2100000000000000999' }));
  for (const id of ['2100000000000000999', '2100000000000000998', 'x', '-1', '1'.repeat(30)]) {
    const answer = await get(id);
    expect(answer.statusCode).toBe(404);
    expect(answer.headers['content-type']).toBe('application/problem+json; charset=utf-8');
    expect(answer.json()).toEqual({
      type: 'urn:reelay:error:task_not_found',
      title: 'task not found',
      charged: false,
      status: 404,
      detail: `no task ${id}`,
      code: 'task_not_found',
      retryable: false,
    });
  }
});

test('without a key it is a problem with status 401', async () => {
  for (const headers of [{}, { authorization: 'Bearer wrong' }]) {
    const answer = await get(ID, headers);
    expect([answer.statusCode, answer.headers['www-authenticate']]).toEqual([401, 'Bearer']);
    expect(answer.json()).toMatchObject({ code: 'unauthorized', status: 401 });
  }
});

test('canceling a task that is canceled already answers as the first time', async () => {
  test_.tasks.put('acct_owner', createTaskView({ id: ID }));
  const first = await test_.post(`/api/v1/tasks/${ID}/cancel`);
  const again = await test_.post(`/api/v1/tasks/${ID}/cancel`);
  expect([first.statusCode, again.statusCode]).toEqual([200, 200]);
  expect(again.json()).toEqual(first.json());
});
