import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { loadConfig } from '../src/config.ts';
import { type Server, startServer } from '../src/server.ts';

const KEY = '0123456789abcdef0123456789abcdef';
let dataDir: string;
let server: Server;
beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'reelay-closing-'));
  const env = { REELAY_PORT: '0', REELAY_DATA_DIR: dataDir, REELAY_ADMIN_KEY: KEY };
  server = await startServer(loadConfig(env, dataDir), { logLevel: 'error' });
});
afterEach(async () => {
  await server.close();
  await rm(dataDir, { recursive: true });
});

async function open(sent: string): Promise<Socket> {
  const socket = connect(Number(new URL(server.url).port), '127.0.0.1');
  socket.on('error', () => undefined); // How it ends is what the tests look at.
  await once(socket, 'connect');
  socket.write(sent);
  // An answered call of another connection: the server has looked at this one by then.
  await fetch(`${server.url}/healthz`);
  return socket;
}

test.each([
  ['nothing was sent', ''],
  ['the head of a request was begun', 'POST /openapi/v2/query HTTP/1.1\r\nHost: x\r\n'],
])('closing does not wait for a connection on which %s', async (_name, sent) => {
  const socket = await open(sent);
  const ended = once(socket, 'close');
  await server.close();
  await ended;
});

test('a request that was read is answered before the end', async () => {
  const body = '{"prompt":"A paper boat."}';
  const head = `POST /api/v1/tasks/1/cancel HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${KEY}\r\nContent-Length: ${body.length}\r\n\r\n`;
  const socket = await open(head);
  const chunks: Buffer[] = [];
  socket.on('data', (chunk) => chunks.push(chunk));
  const ended = once(socket, 'close');
  const closed = server.close();
  socket.write(body);
  await Promise.all([closed, ended]);
  expect(Buffer.concat(chunks).toString()).toMatch(/^HTTP\/1.1 404 /);
});
