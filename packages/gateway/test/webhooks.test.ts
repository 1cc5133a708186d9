import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { loadConfig } from '../src/config.ts';
import { startServer } from '../src/server.ts';
import { describeWebhooks, type MakeEnv } from './webhooks.suite.ts';
import { describeWebhookKill } from './webhooks-kill.suite.ts';

const onSqlite: MakeEnv = async () => ({ env: {}, drop: () => undefined });
describeWebhooks('webhooks on SQLite', onSqlite);
describeWebhookKill('webhooks on SQLite', onSqlite);

test('an address that is plainly inside is refused at submit, unless that is allowed', async () => {
  const dataDir = await mkdtemp(join(tmpdir(), 'reelay-webhooks-inside-'));
  const key = '0123456789abcdef0123456789abcdef';
  const env = { REELAY_PORT: '0', REELAY_DATA_DIR: dataDir, REELAY_ADMIN_KEY: key };
  const server = await startServer(loadConfig(env, dataDir), { logLevel: 'error', runsTasks: false });
  const submit = async (path: string, body: object) => {
    const response = await fetch(server.url + path, {
      method: 'POST',
      headers: { authorization: `Bearer ${key}` },
      body: JSON.stringify(body),
    });
    return response.json();
  };
  const endpoint = 'rhart-video-s-official/text-to-video-pro';
  const input = { prompt: 'A paper boat.', size: '720x1280', duration: '4' };
  for (const webhookUrl of ['http://127.0.0.1:9/', 'http://localhost/', 'http://[::1]/', 'http://169.254.169.254/']) {
    const message = 'webhookUrl must be on the public internet';
    expect(await submit('/api/v1/tasks', { endpoint, input, webhookUrl })).toMatchObject({
      code: 'invalid_input',
      problems: [{ field: 'webhookUrl', message }],
    });
    expect(await submit(`/openapi/v2/${endpoint}`, { ...input, webhookUrl })).toMatchObject({
      errorCode: '1007',
      errorMessage: expect.stringContaining(message),
    });
    expect(await submit('/api/v1/webhooks/endpoints', { url: webhookUrl })).toMatchObject({ code: 'invalid_input' });
  }
  await server.close();
  await rm(dataDir, { recursive: true });
});
