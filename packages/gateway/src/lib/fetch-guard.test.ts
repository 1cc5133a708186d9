import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { buildConnector } from 'undici';
import { afterEach, expect, test } from 'vitest';
import { createFetchGuard } from './fetch-guard.ts';
import { isPublicAddress } from './guarded-agent.ts';

const servers: Server[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
  }
});

async function serve(listener: RequestListener): Promise<{ port: number }> {
  const server = createServer(listener).listen(0, '127.0.0.1');
  servers.push(server);
  await once(server, 'listening');
  // A listening TCP server has an address of this shape.
  return { port: (server.address() as AddressInfo).port };
}

/** A guard for which every checked address leads to the local server, and what was dialled. */
function createGuard(port: number, resolve: (host: string) => Promise<{ address: string; family: number }[]>) {
  const dialled: string[] = [];
  const connect = buildConnector({ allowH2: false });
  const guard = createFetchGuard({
    allowPrivateNetwork: false,
    resolve,
    dial: (options, done) => {
      dialled.push(options.hostname);
      connect({ ...options, hostname: '127.0.0.1', port: String(port) }, done);
    },
  });
  return { guard, dialled };
}

const PUBLIC = { address: '8.8.4.4', family: 4 };
const toPublic = async () => [PUBLIC];
const limits = (p: { maxBytes?: number; timeoutMs?: number; signal?: AbortSignal } = {}) => ({
  maxBytes: 1_000_000,
  timeoutMs: 30_000,
  signal: new AbortController().signal,
  ...p,
});

test('a file is fetched with its name and type', async () => {
  const { port } = await serve((_request, response) => response.setHeader('content-type', 'image/png').end('pixels'));
  const { guard } = createGuard(port, toPublic);
  const file = await guard.open('http://media.test/a/red%20car.png?size=2', limits());
  expect({ name: file.fileName, type: file.contentType }).toEqual({ name: 'red car.png', type: 'image/png' });
  expect((await buffer(file.stream)).toString()).toBe('pixels');
});

test('the address that was checked is the one that is dialled, whatever the name says next', async () => {
  const { port } = await serve((_request, response) => response.end('public'));
  const answers = [[PUBLIC], [{ address: '127.0.0.1', family: 4 }]];
  const { guard, dialled } = createGuard(port, async () => answers.shift() ?? []);
  const file = await guard.open('http://rebinding.test/', limits());
  expect((await buffer(file.stream)).toString()).toBe('public');
  expect(dialled).toEqual([PUBLIC.address]);
  await expect(guard.open('http://rebinding.test/', limits())).rejects.toMatchObject({ code: 'media_unusable' });
  expect(dialled).toEqual([PUBLIC.address]);
});

test('a name with one private address among public ones is refused, and the address is not told', async () => {
  const { guard, dialled } = createGuard(1, async () => [PUBLIC, { address: '10.9.8.7', family: 4 }]);
  const opening = guard.open('http://mixed.test/', limits());
  await expect(opening).rejects.toMatchObject({ code: 'media_unusable', message: expect.not.stringContaining('10.9') });
  expect(dialled).toEqual([]);
});

test('the next address is tried when one does not answer', async () => {
  const { port } = await serve((_request, response) => response.end('second'));
  const connect = buildConnector({ allowH2: false });
  const guard = createFetchGuard({
    allowPrivateNetwork: false,
    resolve: async () => [{ address: '2606:4700::1', family: 6 }, PUBLIC],
    dial: (options, done) => {
      if (options.hostname.includes(':')) done(new Error('unreachable'), null);
      else connect({ ...options, hostname: '127.0.0.1', port: String(port) }, done);
    },
  });
  expect((await buffer((await guard.open('http://two.test/', limits())).stream)).toString()).toBe('second');
});

// biome-ignore format: a table of addresses
test.each([
  'http://127.0.0.1/', 'http://127.1/', 'http://2130706433/', 'http://0x7f000001/', 'http://0x7f.1/', 'http://0177.0.0.1/',
  'http://017700000001/', 'http://0/', 'http://0.0.0.0/', 'http://10.0.0.1/', 'http://172.16.0.1/', 'http://192.168.1.1/',
  'http://169.254.169.254/latest/meta-data/', 'http://100.64.0.1/', 'http://100.100.100.200/', 'http://192.0.0.192/',
  'http://198.18.0.1/', 'http://203.0.113.1/', 'http://224.0.0.1/', 'http://255.255.255.255/', 'http://240.0.0.1/',
  'http://１２７.０.０.１/', 'http://127。0。0。1/',
  'http://[::1]/', 'http://[::]/', 'http://[::127.0.0.1]/', 'http://[::ffff:127.0.0.1]/', 'http://[::ffff:a9fe:a9fe]/',
  'http://[::ffff:0:127.0.0.1]/', 'http://[64:ff9b::127.0.0.1]/', 'http://[64:ff9b::a9fe:a9fe]/',
  'http://[64:ff9b:1::808:808]/', 'http://[2002:7f00:1::]/', 'http://[2002:a9fe:a9fe::1]/',
  'http://[2001:0:4136:e378:8000:63bf:80ff:fffe]/', 'http://[2001:0:a00:1::f7f7:f7f7]/',
  'http://[2600::5efe:7f00:1]/', 'http://[2600::200:5efe:a00:1]/',
  'http://[fe80::1]/', 'http://[fc00::1]/', 'http://[fd00:ec2::254]/', 'http://[fec0::1]/', 'http://[ff02::1]/',
  'http://[2001:db8::1]/', 'http://[100::1]/', 'http://[4000::1]/',
])('%s is refused without a connection', async (url) => {
  const { guard, dialled } = createGuard(1, async () => { throw new Error('a number needs no resolver'); });
  await expect(guard.open(url, limits())).rejects.toMatchObject({
    code: 'media_unusable',
    message: expect.stringContaining('not on the public internet'),
  });
  expect(dialled).toEqual([]);
});

test.each([
  '8.8.8.8',
  '2606:4700::1111',
  '::ffff:8.8.8.8',
  '64:ff9b::808:808',
  '2002:808:808::1',
  '2600::5efe:808:808',
])('%s is a public address', (address) => expect(isPublicAddress(address)).toBe(true));

test.each([
  ['file:///etc/passwd', 'http'],
  ['ftp://media.test/a', 'http'],
  ['data:text/plain,a', 'http'],
  ['http://user@media.test/', 'user name'],
  ['http://:secret@media.test/', 'user name'],
  ['http://', 'not a URL'],
])('%s is refused', async (url, message) => {
  const { guard, dialled } = createGuard(1, toPublic);
  const refusal = { code: 'media_unusable', message: expect.stringContaining(message) };
  await expect(guard.open(url, limits())).rejects.toMatchObject(refusal);
  expect(dialled).toEqual([]);
});

test('an address of many thousand characters is refused', async () => {
  const { guard } = createGuard(1, toPublic);
  const opening = guard.open(`http://media.test/${'a'.repeat(9_000)}`, limits());
  await expect(opening).rejects.toMatchObject({ code: 'media_unusable' });
});

test('redirects are followed to the file', async () => {
  const { port } = await serve((request, response) => {
    const hop = Number(request.url?.slice(1));
    if (hop === 5) response.end('there');
    else response.writeHead([301, 302, 303, 307, 308][hop] ?? 500, { location: `/${hop + 1}` }).end('moved');
  });
  const { guard } = createGuard(port, toPublic);
  expect((await buffer((await guard.open('http://hops.test/0', limits())).stream)).toString()).toBe('there');
});

test.each([
  ['http://169.254.169.254/latest/meta-data/', 'not on the public internet'],
  ['//127.0.0.1/', 'not on the public internet'],
  ['http://inside.test/', 'not on the public internet'],
  ['file:///etc/passwd', 'http'],
  ['http://user:secret@media.test/', 'user name'],
  ['/again', 'redirects more than 5 times'],
])('a redirect to %s is refused', async (location, message) => {
  let asked = 0;
  const { port } = await serve((_request, response) => {
    asked += 1;
    response.writeHead(302, { location }).end();
  });
  const resolve = async (host: string) => [host === 'inside.test' ? { address: '192.168.0.7', family: 4 } : PUBLIC];
  const { guard } = createGuard(port, resolve);
  const refusal = { code: 'media_unusable', message: expect.stringContaining(message) };
  await expect(guard.open('http://media.test/', limits())).rejects.toMatchObject(refusal);
  expect(asked).toBe(location === '/again' ? 6 : 1);
});

test.each([
  [404, false],
  [403, false],
  [304, false],
  [408, true],
  [429, true],
  [500, true],
  [503, true],
])('status %i is an error that may pass: %s', async (status, isPassing) => {
  const { port } = await serve((_request, response) => response.writeHead(status).end());
  const { guard } = createGuard(port, toPublic);
  const refusal = { code: 'media_unusable', message: expect.stringContaining(String(status)), isPassing };
  await expect(guard.open('http://media.test/a.png', limits())).rejects.toMatchObject(refusal);
});

test.each([
  ['ENOTFOUND', false],
  ['EAI_AGAIN', true],
])('a name lookup that ends with %s may pass: %s', async (code, isPassing) => {
  const { guard } = createGuard(1, async () => {
    throw Object.assign(new Error(`getaddrinfo ${code}`), { code });
  });
  const refusal = { code: 'media_unusable', message: 'the name media.test cannot be resolved', isPassing };
  await expect(guard.open('http://media.test/', limits())).rejects.toMatchObject(refusal);
});

test('a name without addresses is refused', async () => {
  const { guard } = createGuard(1, async () => []);
  await expect(guard.open('http://media.test/', limits())).rejects.toMatchObject({ isPassing: false });
});

test('a body that says it is too large is not read', async () => {
  const { port } = await serve((_request, response) => {
    response.writeHead(200, { 'content-length': 1_000_001 }).write('a');
  });
  const { guard } = createGuard(port, toPublic);
  const refusal = { code: 'media_unusable', message: expect.stringContaining('limit') };
  await expect(guard.open('http://media.test/', limits())).rejects.toMatchObject(refusal);
});

test('a body without an end is cut at the limit', async () => {
  const { port } = await serve((request, response) => {
    const more = () => {
      while (!request.destroyed && response.write(Buffer.alloc(65_536)));
    };
    response.on('drain', more);
    more();
  });
  const { guard } = createGuard(port, toPublic);
  const { stream } = await guard.open('http://media.test/', limits({ maxBytes: 300_000 }));
  await expect(buffer(stream)).rejects.toMatchObject({ code: 'media_unusable' });
});

test('a body of exactly the limit is whole', async () => {
  const { port } = await serve((_request, response) => response.end(Buffer.alloc(300_000)));
  const { guard } = createGuard(port, toPublic);
  const { stream } = await guard.open('http://media.test/', limits({ maxBytes: 300_000 }));
  expect((await buffer(stream)).length).toBe(300_000);
});

test('a body that stops coming ends with the time limit', async () => {
  const { port } = await serve((_request, response) => void response.write('a'));
  const { guard } = createGuard(port, toPublic);
  const { stream } = await guard.open('http://media.test/', limits({ timeoutMs: 300 }));
  const refusal = { code: 'media_unusable', message: expect.stringContaining('within 0.3 s') };
  await expect(buffer(stream)).rejects.toMatchObject(refusal);
});

test('a name that is never resolved ends with the time limit', async () => {
  const { guard } = createGuard(1, () => new Promise(() => {}));
  const refusal = { code: 'media_unusable', message: expect.stringContaining('within 0.05 s') };
  await expect(guard.open('http://media.test/', limits({ timeoutMs: 50 }))).rejects.toMatchObject(refusal);
});

test('a canceled fetch ends with the reason of its signal, before and within the body', async () => {
  const { port } = await serve((_request, response) => void response.write('a'));
  const { guard } = createGuard(port, toPublic);
  const controller = new AbortController();
  const { stream } = await guard.open('http://media.test/', limits({ signal: controller.signal }));
  const reason = new Error('the task was canceled');
  stream.once('data', () => controller.abort(reason));
  await expect(once(stream, 'end')).rejects.toBe(reason);
  await expect(guard.open('http://media.test/', limits({ signal: controller.signal }))).rejects.toBe(reason);
});

test('a connection that breaks in the middle is an error, and says nothing of ours', async () => {
  const { port } = await serve((_request, response) => {
    response.writeHead(200, { 'content-length': 100 }).write('a', () => response.destroy());
  });
  const { guard } = createGuard(port, toPublic);
  const refusal = { code: 'media_unusable', message: expect.not.stringContaining('127.0.0.1'), isPassing: true };
  const reading = guard.open('http://media.test/', limits()).then(({ stream }) => buffer(stream));
  await expect(reading).rejects.toMatchObject(refusal);
});

test('private addresses are reached where that is allowed, and every other rule still holds', async () => {
  const { port } = await serve((request, response) => {
    if (request.url === '/away') response.writeHead(302, { location: 'file:///etc/passwd' }).end();
    else response.end('inside');
  });
  const guard = createFetchGuard({ allowPrivateNetwork: true });
  const { stream } = await guard.open(`http://127.0.0.1:${port}/a.png`, limits());
  expect((await buffer(stream)).toString()).toBe('inside');
  await expect(guard.open(`http://127.0.0.1:${port}/away`, limits())).rejects.toMatchObject({ code: 'media_unusable' });
});

test.each([
  [500, true],
  [503, true],
  [429, true],
  [408, true],
  [404, false],
  [403, false],
  [410, false],
])('status %d passes by itself: %s', async (status, isPassing) => {
  const { port } = await serve((_request, response) => response.writeHead(status).end());
  const { guard } = createGuard(port, toPublic);
  await expect(guard.open('http://media.test/', limits())).rejects.toMatchObject({ isPassing });
});

test('a connection that breaks may hold the next time; a refused address never will', async () => {
  const { port } = await serve((request) => request.destroy());
  const { guard } = createGuard(port, toPublic);
  await expect(guard.open('http://media.test/', limits())).rejects.toMatchObject({ isPassing: true });
  await expect(guard.open('http://127.0.0.1/', limits())).rejects.toMatchObject({ isPassing: false });
});

test('a trusted origin may be in a private network and gets its headers, but no origin that it redirects to does', async () => {
  const seen: (string | undefined)[] = [];
  const { port } = await serve((request, response) => {
    seen.push(request.headers.authorization);
    if (request.url === '/away') response.writeHead(302, { location: `http://localhost:${port}/file` });
    response.end('bytes');
  });
  const origin = `http://127.0.0.1:${port}`;
  const guard = createFetchGuard({ allowPrivateNetwork: false });
  const trusted = { origin, headers: { authorization: 'Bearer secret' } };
  const file = await guard.open(`${origin}/file`, { ...limits(), trusted });
  expect((await buffer(file.stream)).toString()).toBe('bytes');
  await expect(guard.open(`${origin}/away`, { ...limits(), trusted })).rejects.toMatchObject({
    code: 'media_unusable',
  });
  await expect(guard.open(`${origin}/file`, limits())).rejects.toMatchObject({ code: 'media_unusable' });
  expect(seen).toEqual(['Bearer secret', 'Bearer secret']);
});

test.each([
  ['content-md5', createHash('md5').update('bytes').digest('base64'), true],
  ['content-md5', createHash('md5').update('other').digest('base64'), false],
  ['x-goog-hash', `crc32c=AAAAAA==,md5=${createHash('md5').update('other').digest('base64')}`, false],
  ['content-digest', `sha-256=:${createHash('sha256').update('bytes').digest('base64')}:`, true],
  ['content-digest', `sha-256=:${createHash('sha256').update('other').digest('base64')}:`, false],
])('a file is compared with the digest that its server names: %s %s', async (name, value, isSame) => {
  const { port } = await serve((_request, response) => response.setHeader(name, value).end('bytes'));
  const { guard } = createGuard(port, toPublic);
  const { stream } = await guard.open('http://digest.test/', limits());
  const reading = buffer(stream);
  if (isSame) expect((await reading).toString()).toBe('bytes');
  else await expect(reading).rejects.toMatchObject({ code: 'media_unusable', isPassing: true });
});
