import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { surfaceOf } from './errors.ts';
import { talk } from './testing/raw-client.ts';
import { KEYS } from './testing/services.ts';
import { createTestApp, type TestApp } from './testing/test-app.ts';

const SUBMIT = '/openapi/v2/test-vendor/film-1/text-to-video';
const FLAT = { taskId: '', status: '', results: null };
const MEGABYTE = 1_048_576;

let test_: TestApp;
beforeAll(async () => {
  test_ = await createTestApp();
});
afterAll(() => test_.close());
const open: TestApp[] = [];
afterEach(async () => {
  for (const one of open.splice(0)) await one.close();
});
async function listening(limits: Parameters<typeof createTestApp>[0] = {}) {
  const one = await createTestApp(limits);
  open.push(one);
  return { ...one, ...(await one.listen()) };
}
const raw = (payload: string | Buffer, headers: Record<string, string>, url = SUBMIT) =>
  test_.send({ method: 'POST', url, headers: { authorization: KEYS.owner, ...headers }, payload });

test.each([
  ['/openapi/v2/query', 'flat'],
  ['//openapi//v2/query?x=/api/v1', 'flat'],
  ['/openapi/v2', 'flat'],
  ['/openapi/v2/media/upload/binary?a=b', 'upload'],
  ['/openapi/v2/price-preview/a/b', 'price'],
  ['/openapi/v20/query', 'flat'],
  ['/openapi.json', 'problem'],
  ['/task/openapi/outputs', 'legacy'],
  ['/api/task/openapi/outputs', 'legacy'],
  ['/uc/openapi/accountStatus', 'legacy'],
  ['/api/v1/tasks/1', 'problem'],
  ['/v1/images/generations', 'openai'],
  ['/v1', 'openai'],
  ['/v10', 'problem'],
  ['/files/x.png', 'problem'],
  ['/', 'problem'],
] as const)('%s speaks %s', (url, surface) => {
  expect(surfaceOf(url)).toBe(surface);
});

test.each<[string, string, Record<string, string>]>([
  ['half an object', '{"prompt":', { 'content-type': 'application/json' }],
  ['a form', 'prompt=x&duration=4', { 'content-type': 'application/x-www-form-urlencoded' }],
  ['XML', '<prompt/>', { 'content-type': 'text/xml' }],
  ['a multipart form', '--b\r\n\r\nx\r\n--b--', { 'content-type': 'multipart/form-data; boundary=b' }],
  ['a list', '[]', { 'content-type': 'application/json' }],
  ['a text', '"x"', { 'content-type': 'application/json' }],
  ['something without a name', '{}', { 'content-type': 'nonsense' }],
  ['bytes', '\u0000\u0001', { 'content-type': 'application/octet-stream' }],
  ['a nesting bomb', `{"a":${'['.repeat(500_000)}`, { 'content-type': 'application/json' }],
  [
    'a closed nesting bomb',
    `{"a":${'['.repeat(250_000)}${']'.repeat(250_000)}}`,
    { 'content-type': 'application/json' },
  ],
])('%s instead of a JSON object is 1007', async (_name, payload, headers) => {
  const answer = await raw(payload, headers);
  expect(answer.statusCode).toBe(200);
  expect(answer.headers['content-type']).toBe('application/json; charset=utf-8');
  expect(answer.json()).toEqual({ ...FLAT, errorCode: '1007', errorMessage: expect.stringMatching(/^Bad request: /) });
});

test.each<Record<string, string>>([
  {},
  { 'content-type': 'text/plain' },
  { 'content-type': 'application/json; charset=UTF-8' },
])('JSON is read under any name: %j', async (headers) => {
  expect((await raw('{"prompt":"x","duration":"4"}', headers)).json()).toMatchObject({ status: 'QUEUED' });
});

test('a body over the limit is 1008, although its length was not declared', async () => {
  const { port } = await listening();
  const answer = await talk(port, async (send, drained) => {
    send(`POST ${SUBMIT} HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n`);
    const chunk = Buffer.from(`10000\r\n${'x'.repeat(65_536)}\r\n`);
    for (let sent = 0; sent < 100 * MEGABYTE; sent += 65_536) {
      const isRoom = send(chunk);
      if (!isRoom) await drained();
    }
  });
  expect(answer.status).toBe(200);
  expect(answer.head).toMatch(/connection: close/i);
  expect(JSON.parse(answer.body)).toEqual({
    ...FLAT,
    errorCode: '1008',
    errorMessage: expect.stringMatching(/^Bad request: /),
  });
  expect(answer.bytesSent).toBeLessThan(50 * MEGABYTE);
});

test.each(['POST', 'PUT'])('a body that declares 100 MB is answered before it is sent (%s)', async (method) => {
  const { port } = await listening();
  const answer = await talk(port, (send) => {
    send(
      `${method} ${SUBMIT} HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: ${100 * MEGABYTE}\r\n\r\n{`,
    );
  });
  expect(answer.status).toBe(200);
  expect(answer.head).toMatch(/connection: close/i);
  expect(JSON.parse(answer.body)).toMatchObject({ ...FLAT, errorCode: expect.stringMatching(/^100[89]$/) });
});

test('an upload that declares 100 MB is answered before it is sent', async () => {
  const { port } = await listening();
  const answer = await talk(port, (send) => {
    send(
      `POST /openapi/v2/media/upload/binary HTTP/1.1\r\nHost: x\r\nAuthorization: ${KEYS.owner}\r\nContent-Type: multipart/form-data; boundary=b\r\nContent-Length: ${100 * MEGABYTE}\r\n\r\n--b`,
    );
  });
  expect(answer.status).toBe(200);
  expect(JSON.parse(answer.body)).toMatchObject({ code: 1008, data: null });
});

test('an ordinary client that sends 100 MB reads the answer', async () => {
  const { url } = await listening();
  const response = await fetch(url + SUBMIT, { method: 'POST', body: Buffer.alloc(100 * MEGABYTE, 'x') });
  expect(await response.json()).toMatchObject({ ...FLAT, errorCode: '1008' });
});

test('a refusal leaves the connection open for the next request', async () => {
  const { url } = await listening();
  const requests: [string, RequestInit][] = [
    ['/nothing', {}],
    ['/openapi/v2/query', {}],
    ['/openapi/v2/query', { method: 'POST', body: '{}' }],
    [SUBMIT, { method: 'POST', body: '{"prompt":1}', headers: { authorization: KEYS.owner } }],
    ['/openapi/v2/no-such/model', { method: 'POST', body: '{}', headers: { authorization: KEYS.owner } }],
  ];
  for (const [path, init] of requests) {
    const response = await fetch(url + path, init);
    await response.text();
    expect([path, response.headers.get('connection')]).toEqual([path, 'keep-alive']);
  }
});

const SLOW_LIMITS = { limits: { requestTimeoutMs: 300, headersTimeoutMs: 200 } };
test.each([
  ['its first byte', 'P'],
  ['half its headers', `POST ${SUBMIT} HTTP/1.1\r\nHost: x\r\n`],
  [
    'half its body',
    `POST ${SUBMIT} HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 30\r\n\r\n{"pro`,
  ],
  [
    'half its file',
    `POST /openapi/v2/media/upload/binary HTTP/1.1\r\nHost: x\r\nAuthorization: ${KEYS.owner}\r\nContent-Type: multipart/form-data; boundary=b\r\nContent-Length: 3000\r\n\r\n--b\r\nContent-Disposition: form-data; name="file"; filename="a.png"\r\n\r\nhalf`,
  ],
])('a client that stalls after %s is told in JSON and cut off', async (_name, bytes) => {
  const { port, logged } = await listening(SLOW_LIMITS);
  const answer = await talk(port, (send) => void send(bytes));
  expect(answer.status).toBe(408);
  expect(JSON.parse(answer.body)).toMatchObject({
    ...FLAT,
    code: 301,
    errorCode: '1007',
    errorMessage: expect.stringMatching(/Bad request/),
  });
  expect(logged.filter(({ level }) => Number(level) >= 50)).toEqual([]);
});

test.each([
  ['no HTTP', 'hello\r\n\r\n', 400],
  ['headers without end', `GET / HTTP/1.1\r\nHost: x\r\nX: ${'y'.repeat(100_000)}\r\n\r\n`, 431],
  ['two lengths', `POST ${SUBMIT} HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\n{}`, 400],
])('%s is answered in JSON, and the server lives', async (_name, bytes, status) => {
  const { port, url } = await listening();
  const answer = await talk(port, (send) => void send(bytes));
  expect(answer.status).toBe(status);
  expect(JSON.parse(answer.body)).toMatchObject({ ...FLAT, msg: expect.any(String), errorCode: '1007' });
  expect((await fetch(`${url}/healthz`)).status).toBe(200);
});

test('a client that leaves in the middle of its body is no error of ours', async () => {
  const { port, url, logged } = await listening();
  const { createConnection } = await import('node:net');
  const socket = createConnection(port, '127.0.0.1');
  socket.write(`POST ${SUBMIT} HTTP/1.1\r\nHost: x\r\nContent-Length: 30\r\n\r\n{"pro`, () => socket.destroy());
  await new Promise((resolve) => socket.on('close', resolve));
  expect((await fetch(`${url}/healthz`)).status).toBe(200);
  expect(logged.filter(({ level }) => Number(level) >= 40)).toEqual([]);
});

test.each([
  ['GET', '/task/openapi/view/a.png?apiKey=x', { code: 412, msg: 'TOKEN_INVALID', errorMessages: null, data: null }],
  ['POST', '/uc/openapi/nothing', { code: 412, msg: 'TOKEN_INVALID', errorMessages: null, data: null }],
  ['POST', '/api/task/openapi/create', { code: 412, msg: 'TOKEN_INVALID', errorMessages: null, data: null }],
  ['GET', '/task', { code: 412, msg: 'TOKEN_INVALID', errorMessages: null, data: null }],
  ['POST', '/task/nothing', { code: 412, msg: 'TOKEN_INVALID', errorMessages: null, data: null }],
  ['POST', '/api/nothing', { code: 412, msg: 'TOKEN_INVALID', errorMessages: null, data: null }],
  ['POST', '/uc/nothing', { code: 412, msg: 'TOKEN_INVALID', errorMessages: null, data: null }],
] as const)(
  '%s %s, which this release does not serve, is a wrong path in the legacy words',
  async (method, url, expected) => {
    const answer = await test_.send({ method, url });
    expect(answer.statusCode).toBe(200);
    expect(answer.json()).toEqual(expected);
  },
);

test.each([
  '/openapi/v2/cancel',
  '/openapi/v2/task/cancel',
  '/openapi/v2/tasks',
  '/openapi/v2/webhook',
  '/openapi/v2/run',
  '/openapi/v2',
  '/openapi/v1/query',
  '/openapi/query',
  '/openapi',
])('%s, which a client may guess, is an invalid URL', async (url) => {
  for (const method of ['GET', 'POST'] as const) {
    const answer = await test_.send({ method, url, headers: { authorization: KEYS.owner } });
    expect([answer.statusCode, answer.json()]).toMatchObject([200, { taskId: '', status: '', errorCode: '1001' }]);
  }
});

test.each(['queue/status', 'api-key/list'])('%s takes GET, and says so to any other method', async (path) => {
  for (const method of ['POST', 'PUT', 'DELETE'] as const) {
    const url = `/openapi/v2/${path}`;
    const answer = await test_.send({ method, url, headers: { authorization: KEYS.owner } });
    expect([answer.statusCode, answer.json()]).toMatchObject([200, { code: 1009, data: null }]);
    expect(answer.headers.allow).toBe('GET, HEAD');
  }
});

test.each(['/nothing', '/api/v1', '/api/v1/nothing', '/files', '/favicon.ico'])(
  'GET %s is a problem with status 404',
  async (url) => {
    const answer = await test_.send({ method: 'GET', url });
    expect(answer.statusCode).toBe(404);
    expect(answer.headers['content-type']).toBe('application/problem+json; charset=utf-8');
    expect(answer.json()).toMatchObject({
      type: 'urn:reelay:error:unknown_route',
      status: 404,
      code: 'unknown_route',
      retryable: false,
    });
  },
);

test.each(['/healthz', '/openapi.json', '/docs', '/docs/', '/api/v1/tasks/1', '/files/a.png'])(
  'POST %s is a problem with status 405',
  async (url) => {
    const answer = await test_.post(url, {});
    expect(answer.statusCode).toBe(405);
    expect(answer.headers.allow).toMatch(/^GET, HEAD/);
    expect(answer.json()).toMatchObject({ code: 'method_not_allowed' });
  },
);

test.each([
  ['/openapi/v2/%zz', { errorCode: '1001' }],
  ['/openapi/v2/%', { errorCode: '1001' }],
  ['/openapi/v2/media/upload/binary/%ff', { code: 1001 }],
  [`/files/${'x'.repeat(500)}`, { code: 'unknown_route' }],
  ['/api/v1/tasks/%ff', { code: 'unknown_route' }],
])('the path %s, which is no URL, is a wrong path and readable from any page', async (url, expected) => {
  const answer = await test_.send({ method: 'GET', url });
  expect(answer.json()).toMatchObject(expected);
  expect(answer.headers['access-control-allow-origin']).toBe('*');
});

test.each([
  '/openapi/v2/query',
  SUBMIT,
  '/openapi/v2/media/upload/binary',
  '/files/a.png',
  '/api/v1/tasks/1',
  '/nothing',
])('any page may call %s', async (url) => {
  const preflight = await test_.send({
    method: 'OPTIONS',
    url,
    headers: {
      origin: 'https://page.test',
      'access-control-request-method': 'POST',
      'access-control-request-headers': 'authorization, content-type, idempotency-key',
    },
  });
  expect(preflight.statusCode).toBe(204);
  expect(preflight.headers['access-control-allow-origin']).toBe('*');
  expect(String(preflight.headers['access-control-allow-methods']).split(', ')).toEqual(
    expect.arrayContaining(['GET', 'POST', 'PUT', 'OPTIONS']),
  );
  expect(preflight.headers['access-control-allow-headers']).toBe('authorization, content-type, idempotency-key');
  const answer = await test_.post(url, {}, { origin: 'https://page.test' });
  expect(answer.headers['access-control-allow-origin']).toBe('*');
});

test('no key reaches the log, whatever goes wrong with its request', async () => {
  const one = await createTestApp();
  const secret = '5ec2e7'.repeat(6);
  for (const url of ['/openapi/v2/%zz', '/nothing', '/openapi/v2/query', '/files/a.png', '/api/v1/tasks/1', '/%ff']) {
    for (const method of ['GET', 'POST'] as const) {
      const headers = { authorization: `Bearer ${secret}` };
      const search = `?apiKey=${secret}&signature=${secret}`;
      await one.send({ method, url: url + search, headers, payload: `{"apiKey":"${secret}"` });
    }
  }
  expect(one.logged.length).toBeGreaterThan(0);
  expect(JSON.stringify(one.logged)).not.toContain(secret);
  await one.close();
});

test('an OPTIONS request that is no preflight is answered too', async () => {
  expect((await test_.send({ method: 'OPTIONS', url: '/openapi/v2/query' })).statusCode).toBe(204);
});

test.each(['www.runninghub.cn', 'evil.test:99', 'a b', ''])('the host %j changes nothing', async (host) => {
  const answer = await test_.post('/openapi/v2/query', { taskId: '1' }, { host });
  expect(answer.json()).toMatchObject({ errorCode: '1004' });
  for (const url of ['/', '/docs', '/docs/', '/openapi.json']) {
    const page = await test_.send({ method: 'GET', url, headers: { host } });
    expect(page.statusCode).toBe(url === '/' ? 302 : 200);
    expect(JSON.stringify(page.headers) + page.body).not.toContain('evil.test');
  }
});

test('while the server closes, a request that made it is answered as ever', async () => {
  const one = await listening();
  const isClosing = one.app.close();
  const answer = await one.post('/openapi/v2/query', { taskId: '1' }).catch(() => undefined);
  if (answer !== undefined) expect(answer.json()).toMatchObject({ errorCode: '1004' });
  await isClosing;
});

test('an answer names its request as the log does, and no two of them alike', async () => {
  const one = await createTestApp();
  open.push(one);
  const send = (url: string) => one.send({ method: 'GET', url, headers: { authorization: KEYS.owner } });
  const answers = [await send('/api/v1/tasks/1'), await send('/api/v1/nothing'), await send('/openapi/v2/query')];
  const ids = answers.map(({ headers }) => headers['x-request-id']);
  expect(one.logged.map(({ requestId }) => requestId)).toEqual(ids);
  expect(new Set(ids).size).toBe(3);
  expect(answers[0]?.headers['access-control-expose-headers']).toContain('X-Request-Id');
});
