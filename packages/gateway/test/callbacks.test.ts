import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Channel, everyEndpoint } from '../src/channels/channels.ts';
import { loadConfig } from '../src/config.ts';
import { type Server, startServer } from '../src/server.ts';
import { createClient } from './server-process.ts';

const ADMIN = '0123456789abcdef0123456789abcdef';
const ENDPOINT = 'rhart-video-s-official/text-to-video-pro';
const BODY = { prompt: 'A paper boat.', size: '720x1280', duration: '4' };
const NEVER_MS = 3_600_000;

/** An upstream that is done as soon as it says so, and that asks to be polled in an hour. */
const jobs = new Map<string, { callbackUrl: string | undefined; polls: number; isDone: boolean }>();
const jobOf = (taskId: unknown) => {
  const job = jobs.get(String(taskId));
  if (job === undefined) throw new Error('the upstream has no such job');
  return job;
};
const channel: Channel = {
  name: 'up/stream',
  routeOf: everyEndpoint('upstream'),
  provider: {
    name: 'upstream',
    submitIsRepeatable: false,
    async submit({ taskId, callbackUrl }) {
      jobs.set(taskId, { callbackUrl, polls: 0, isDone: false });
      return { handle: taskId, isDone: true };
    },
    async poll(taskId) {
      const job = jobOf(taskId);
      job.polls += 1;
      if (!job.isDone) return { state: 'pending', pollAfterMs: NEVER_MS };
      return { state: 'succeeded', outputs: [{ kind: 'text', text: 'done' }] };
    },
    verifyCallback: async ({ headers, body }) => {
      if (headers['x-signature'] === undefined) return 'hint';
      return headers['x-signature'] === `signed:${body.toString()}` ? 'genuine' : 'forged';
    },
  },
};

let dataDir: string;
let server: Server;
beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'reelay-callbacks-'));
  const env = {
    REELAY_PORT: '0',
    REELAY_DATA_DIR: dataDir,
    REELAY_ADMIN_KEY: ADMIN,
    REELAY_ALLOW_PRIVATE_NETWORK: 'true',
  };
  server = await startServer(loadConfig(env, dataDir), { logLevel: 'error', channels: () => [channel] });
});
afterAll(async () => {
  await server.close();
  await rm(dataDir, { recursive: true, force: true });
});

/** A task that waits for its upstream, and the address that the upstream was given. */
async function submit() {
  const client = createClient(server.url, ADMIN);
  const taskId = String((await client.post(`/openapi/v2/${ENDPOINT}`, BODY)).taskId);
  await expect.poll(() => jobs.get(taskId)?.polls).toBe(1);
  const url = jobOf(taskId).callbackUrl ?? '';
  const status = async () => (await client.post('/openapi/v2/query', { taskId })).status;
  return { taskId, url, status, job: jobOf(taskId) };
}

const post = (url: string, body: string, headers: Record<string, string> = {}) =>
  fetch(url, { method: 'POST', body, headers });

test('a call of the upstream ends the wait at once; called again, it is told that all is well', async () => {
  const { url, status, job } = await submit();
  job.isDone = true;
  const signed = { 'x-signature': 'signed:{"status":"done"}', 'content-type': 'application/json' };
  expect((await post(url, '{"status":"done"}', signed)).status).toBe(200);
  await expect.poll(status).toBe('SUCCESS');
  expect(job.polls).toBe(2);
  expect((await post(url, '{"status":"done"}', signed)).status).toBe(200);
  expect(job.polls).toBe(2);
});

test('what is not signed by the upstream wakes nobody, and what it says is not believed', async () => {
  const { url, status, job } = await submit();
  const forged = await post(url, '{"status":"done"}', { 'x-signature': 'signed:{"status":"failed"}' });
  expect(forged.status).toBe(403);
  const elsewhere = await post(`${url.slice(0, -1)}x`, '{}');
  expect(elsewhere.status).toBe(404);
  expect(job.polls).toBe(1);
  // A hint is a reason to ask, and the upstream says that the job goes on.
  expect((await post(url, 'not even JSON')).status).toBe(200);
  await expect.poll(() => job.polls).toBe(2);
  expect(await status()).toBe('RUNNING');
});

test('an upstream that asks whether its calls are wanted gets its word back', async () => {
  const { url, job } = await submit();
  const answer = await post(url, '{"challenge":"8f3a"}', { 'content-type': 'application/json' });
  expect(await answer.json()).toEqual({ challenge: '8f3a' });
  expect(job.polls).toBe(1);
});
