import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { type Received, startReceiver } from '../src/webhooks/testing/receiver.ts';
import { createClient, startProcess } from './server-process.ts';
import type { MakeEnv } from './webhooks.suite.ts';

const ADMIN = '0123456789abcdef0123456789abcdef';
const ENDPOINT = 'rhart-video-s-official/text-to-video-pro';
const INPUT = { prompt: 'A paper boat.', size: '720x1280', duration: '4' };
const TASKS = 6;

/** Kills the server while webhooks are on their way, and starts it again. */
export function describeWebhookKill(name: string, makeEnv: MakeEnv) {
  test(`${name}: a server that is killed between tries and in the middle of them loses none`, {
    timeout: 480_000,
  }, async () => {
    const dataDir = await mkdtemp(join(tmpdir(), 'reelay-webhooks-kill-'));
    const database = await makeEnv();
    const receiver = await startReceiver();
    const settings = {
      REELAY_DATA_DIR: dataDir,
      REELAY_ADMIN_KEY: ADMIN,
      REELAY_ALLOW_PRIVATE_NETWORK: 'true',
      ...database.env,
    };
    const start = () => startProcess(settings, join(import.meta.dirname, 'chaos-server.ts'));
    const taskOf = ({ body }: Received) => (JSON.parse(body) as { taskId: string }).taskId;
    const heard = () => new Set(receiver.requests.map(taskOf));
    const taken: string[] = [];
    let isUp = false;
    // Every other task is refused once; whoever else comes before the kill waits for an answer.
    receiver.answer = (request, n) => {
      if (isUp) taken.push(taskOf(request));
      return isUp ? 200 : n % 2 === 0 && n < TASKS ? 500 : 'hang';
    };
    try {
      const first = await start();
      const client = createClient(first.url, ADMIN);
      const asked = { ...INPUT, webhookUrl: receiver.url };
      const submits = Array.from({ length: TASKS }, () => client.post(`/openapi/v2/${ENDPOINT}`, asked));
      const ids = (await Promise.all(submits)).map(({ taskId }) => String(taskId));
      await expect.poll(() => heard().size).toBe(TASKS);
      const refused = async () => {
        const response = await client.get('/api/v1/webhooks/deliveries');
        const { items } = (await response.json()) as { items: { attempts: number }[] };
        return items.filter(({ attempts }) => attempts > 0).length;
      };
      await expect.poll(refused).toBeGreaterThanOrEqual(TASKS / 2);
      expect((await first.stop('SIGKILL')).signal).toBe('SIGKILL');
      isUp = true;
      const second = await start();
      await expect.poll(() => [...new Set(taken)].sort()).toEqual(ids.sort());
      for (const id of ids) {
        const own = receiver.requests.filter((request) => taskOf(request) === id);
        expect(own.length).toBeGreaterThan(1);
        expect(new Set(own.map(({ headers }) => headers['webhook-id'])).size).toBe(1);
        const other = createClient(second.url, ADMIN);
        const detail = () => other.post('/task/openapi/getWebhookDetail', { taskId: id });
        await expect.poll(async () => (await detail()).data).toMatchObject({ callbackStatus: 'SUCCESS' });
      }
      expect(taken).toHaveLength(TASKS);
      expect((await second.stop('SIGTERM')).code).toBe(0);
    } finally {
      await receiver.close();
      await database.drop();
      await rm(dataDir, { recursive: true, force: true });
    }
  });
}
