import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import type { Channel } from '../src/channels/channels.ts';
import { loadConfig } from '../src/config.ts';
import { systemClock } from '../src/lib/clock.ts';
import { createSpool } from '../src/providers/kit/spool.ts';
import type { Job } from '../src/providers/provider.ts';
import { runninghub } from '../src/providers/runninghub/runninghub.ts';
import { type Server, startServer } from '../src/server.ts';
import { makePng } from './png.ts';

const KEY = '0123456789abcdef0123456789abcdef';
const FAR_KEY = 'fedcba9876543210fedcba9876543210';

let folder: string;
/** Has no upstream: it draws previews. */
let far: Server;
/** Relays everything to the other one. */
let near: Server;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'reelay-relay-'));
  far = await startServer(config('far', FAR_KEY), { logLevel: 'error' });
  near = await startServer(config('near', KEY), { logLevel: 'error', channels: () => [spy, relayTo(far.url)] });
});
afterAll(async () => {
  await near.close();
  await far.close();
  await rm(folder, { recursive: true, force: true });
});

const config = (name: string, key: string) =>
  loadConfig(
    {
      REELAY_PORT: '0',
      REELAY_DATA_DIR: join(folder, name),
      REELAY_ADMIN_KEY: key,
      REELAY_ALLOW_PRIVATE_NETWORK: 'true',
    },
    folder,
  );

const seen: Job[] = [];
/** Takes one endpoint, and remembers what it was given. */
const spy: Channel = {
  name: 'spy',
  provider: {
    name: 'spy',
    submitIsRepeatable: false,
    submit: async (job) => {
      seen.push(job);
      return { handle: null, isDone: true };
    },
    poll: async () => ({ state: 'succeeded', outputs: [{ kind: 'text', text: 'seen' }] }),
  },
  routeOf: ({ id }) =>
    id === 'rhart-text-g-25-flash/text-to-text' ? { endpoint: id, model: 'spy', status: 'ok' } : undefined,
};

function relayTo(baseUrl: string): Channel {
  const provider = runninghub.create({
    credentials: { apiKey: FAR_KEY },
    settings: { baseUrl, maxHops: '1', idempotent: 'true' },
    canBeReached: false,
    clock: systemClock,
    random: Math.random,
    spool: createSpool(join(folder, 'spool')),
    log: { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} },
  });
  const routes = new Map(runninghub.routes.routes.map((route) => [route.endpoint, route]));
  return { name: 'relay', provider, routeOf: ({ id }) => routes.get(id) };
}

const Ended = z.object({
  taskId: z.string(),
  status: z.string(),
  errorCode: z.string(),
  errorMessage: z.string(),
  results: z.array(z.object({ url: z.string().nullable(), text: z.string().nullable() })).nullable(),
});
type Ended = z.infer<typeof Ended>;

async function post(server: Server, path: string, body: unknown, headers: Record<string, string> = {}): Promise<Ended> {
  const response = await fetch(`${server.url}/openapi/v2/${path}`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${server === far ? FAR_KEY : KEY}`,
      'content-type': 'application/json',
      prefer: 'wait=60',
      ...headers,
    },
    body: JSON.stringify(body),
  });
  return Ended.parse(await response.json());
}

test('a task is made by the other gateway, from a file of ours, and its result is ours', async () => {
  const picture = makePng(720, 1280, (x, y) => [x & 255, y & 255, 90]);
  const done = await post(near, 'rhart-image-g-2-official/image-to-image', {
    prompt: 'A paper boat.',
    imageUrls: [`data:image/png;base64,${picture.toString('base64')}`],
    aspectRatio: '1:1',
    resolution: '1k',
    quality: 'low',
  });
  expect(done).toMatchObject({ status: 'SUCCESS', errorCode: '' });
  const url = done.results?.[0]?.url ?? '';
  expect(url.startsWith(near.url)).toBe(true);
  const file = Buffer.from(await (await fetch(url)).arrayBuffer());
  expect(file.toString('latin1', 1, 4)).toBe('PNG');
});

test('an answer in words is that of the other gateway, with the id that it knows', async () => {
  const picture = makePng(720, 1280, (x, y) => [x & 255, 40, y & 255]);
  const inlined = `data:image/png;base64,${picture.toString('base64')}`;
  const element = await post(near, 'kling-elements', {
    name: 'Miro',
    description: 'A young fox.',
    imageUrl: inlined,
    elementReferList: [inlined],
  });
  const { element_id } = z.object({ element_id: z.string() }).parse(JSON.parse(element.results?.[0]?.text ?? ''));
  expect(element_id).not.toBe(element.taskId);
  expect(await post(far, 'query', { taskId: element_id })).toMatchObject({ status: 'SUCCESS' });
});

test.each([
  ['nobody', {}, 0],
  ['a proxy', { via: '1.1 nginx' }, 0],
  ['a gateway behind a proxy', { via: '1.1 reelay, 1.1 nginx' }, 1],
  ['two gateways', { via: '1.1 reelay,1.1 Reelay' }, 2],
])('a task that %s handed on is known as that', async (_name, headers: Record<string, string>, hops) => {
  const done = await post(near, 'rhart-text-g-25-flash/text-to-text', { prompt: 'Hello.' }, headers);
  expect(done.status).toBe('SUCCESS');
  expect(seen.at(-1)?.hops).toBe(hops);
});
