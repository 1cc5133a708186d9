import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, vi } from 'vitest';
import { type Channel, everyEndpoint } from '../../src/channels/channels.ts';
import { loadConfig } from '../../src/config.ts';
import { GatewayError } from '../../src/contract/errors.ts';
import { startServer } from '../../src/server.ts';
import { makePng } from '../png.ts';
import { FATES, type Fate, KEY, MODEL } from './names.ts';

/** The parts that a request of the table may name. */
export type World = {
  readonly url: string;
  readonly tasks: Readonly<Record<Fate, string>>;
  /** Of a task without a webhook, and of nobody. */
  readonly unknownTask: '2100000000000000999';
  /** Another account's key. */
  readonly strangerKey: string;
  /** A key that may do nothing, for an account without money. */
  readonly poorKey: string;
  readonly uploadUrl: string;
  readonly fileName: string;
  readonly webhookId: string;
  readonly received: readonly { readonly event: string; readonly taskId: string; readonly eventData: unknown }[];
  /** Ids that earlier rows of the table were answered. */
  readonly learnt: Map<string, string>;
  close(): Promise<void>;
};

const PATIENCE = { timeout: 180_000, interval: 50 };

/** Picks a fate by the first word of the prompt, and keeps it. */
function createUpstream(fileUrl: string): Channel {
  const fateOf = (prompt: unknown): Fate => {
    const [word = ''] = String(prompt).split(' ');
    return FATES.find((fate) => fate === word) ?? 'words';
  };
  return {
    name: 'upstream',
    routeOf: everyEndpoint('upstream'),
    provider: {
      name: 'upstream',
      submitIsRepeatable: false,
      async submit({ input }) {
        const fate = fateOf(input.prompt);
        if (fate === 'queued') throw new GatewayError('provider_unavailable', 'nobody is there');
        if (fate === 'refused') throw new GatewayError('content_refused', 'the prompt breaks a rule');
        return { handle: fate, isDone: true };
      },
      async poll(fate) {
        if (fate === 'running' || fate === 'canceled') return { state: 'pending', pollAfterMs: 3_600_000 };
        if (fate === 'failed') return { state: 'failed', code: 'generation_failed', message: 'out of luck' };
        if (fate === 'picture') return { state: 'succeeded', outputs: [{ kind: 'url', url: fileUrl }] };
        return { state: 'succeeded', outputs: [{ kind: 'text', text: fate === 'silence' ? '' : 'A boat.' }] };
      },
      cancel: async () => undefined,
    },
  };
}

/** Serves a picture, and takes the webhooks. */
async function startNeighbour() {
  const received: { event: string; taskId: string; eventData: unknown }[] = [];
  const server = createServer((request, response) => {
    if (request.method === 'GET')
      return void response.setHeader('content-type', 'image/png').end(makePng(8, 8, () => [9, 9, 9]));
    let text = '';
    request.on('data', (chunk) => (text += chunk));
    request.on('end', () => {
      received.push(JSON.parse(text));
      response.end('ok');
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  // A listening TCP server has an address of this shape.
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const close = async () => {
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
  };
  return { url, received, close };
}

/** A gateway with one task in every state, an upload, a webhook that was sent, and somebody else. */
export async function createWorld(): Promise<World> {
  const dataDir = await mkdtemp(join(tmpdir(), 'reelay-wire-'));
  const neighbour = await startNeighbour();
  const env = {
    REELAY_PORT: '0',
    REELAY_DATA_DIR: dataDir,
    REELAY_ADMIN_KEY: KEY,
    REELAY_ALLOW_PRIVATE_NETWORK: 'true',
  };
  const server = await startServer(loadConfig(env, dataDir), {
    logLevel: 'error',
    channels: () => [createUpstream(`${neighbour.url}/a.png`)],
  });
  const call = async (path: string, body: unknown, key = KEY): Promise<Record<string, unknown>> => {
    const response = await fetch(server.url + path, {
      method: 'POST',
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    return (await response.json()) as Record<string, unknown>;
  };
  const tasks = {} as Record<Fate, string>; // Filled below, a fate each.
  for (const fate of FATES) {
    const body = {
      prompt: `${fate} is the fate`,
      size: '720x1280',
      duration: '4',
      webhookUrl: `${neighbour.url}/hook`,
    };
    tasks[fate] = String((await call(`/openapi/v2/${MODEL}`, body)).taskId);
  }
  await call('/task/openapi/cancel', { taskId: tasks.canceled });
  const statusOf = async (fate: Fate) => (await call('/openapi/v2/query', { taskId: tasks[fate] })).status;
  const until = (fates: readonly Fate[], status: string) =>
    vi.waitFor(async () => {
      for (const fate of fates) expect(await statusOf(fate)).toBe(status);
    }, PATIENCE);
  await until(['picture', 'words', 'silence'], 'SUCCESS');
  await until(['failed', 'refused', 'canceled'], 'FAILED');
  await until(['running'], 'RUNNING');
  const stranger = await call('/api/v1/accounts', { name: 'stranger', currency: 'CNY' });
  const keyOf = async (rights: object) =>
    String((await call(`/api/v1/accounts/${stranger.id}/keys`, { name: 'key', ...rights })).key);
  const form = new FormData();
  form.set('file', new Blob([makePng(9, 9, () => [9, 9, 9])]), 'photo.png');
  const uploaded = await fetch(`${server.url}/openapi/v2/media/upload/binary`, {
    method: 'POST',
    headers: { authorization: `Bearer ${KEY}` },
    body: form,
  });
  // As the table itself checks.
  const { data } = (await uploaded.json()) as { data: { download_url: string; fileName: string } };
  const detail = async () =>
    (await call('/task/openapi/getWebhookDetail', { taskId: tasks.picture })).data as { id: string } | null;
  await vi.waitFor(async () => expect(await detail()).not.toBeNull(), PATIENCE);
  return {
    url: server.url,
    tasks,
    unknownTask: '2100000000000000999',
    strangerKey: await keyOf({}),
    poorKey: await keyOf({ scopes: ['assets:read'] }),
    uploadUrl: data.download_url,
    fileName: data.fileName,
    webhookId: (await detail())?.id ?? '',
    received: neighbour.received,
    learnt: new Map(),
    async close() {
      await server.close();
      await neighbour.close();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}
