import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Channel, everyEndpoint } from '../src/channels/channels.ts';
import { loadConfig } from '../src/config.ts';
import { type Server, startServer } from '../src/server.ts';

const ADMIN = '0123456789abcdef0123456789abcdef';
const ENDPOINT = 'rhart-video-s-official/text-to-video-pro';
const INPUT = { prompt: 'A paper boat.', size: '720x1280', duration: '4' };

const channel: Channel = {
  name: 'upstream',
  routeOf: everyEndpoint('upstream'),
  provider: {
    name: 'upstream',
    submitIsRepeatable: false,
    submit: async () => ({ handle: {} }),
    poll: async () => ({ state: 'succeeded', outputs: [{ kind: 'text', text: 'done' }] }),
  },
};

type Message = { id: string | undefined; event: string | undefined; data: string };

/** Reads a stream until it has seen so many bytes, or `isEnough`, or the end. Only whole messages count. */
async function readStream(
  url: string,
  p: { headers: Record<string, string>; maxBytes?: number | undefined; isEnough?: (message: Message) => boolean },
): Promise<{ status: number; messages: Message[]; lastId: string | undefined }> {
  const breaking = new AbortController();
  const response = await fetch(url, { headers: p.headers, signal: breaking.signal });
  const messages: Message[] = [];
  let lastId: string | undefined;
  let text = '';
  let bytes = 0;
  const take = (): boolean => {
    for (let end = text.indexOf('\n\n'); end >= 0; end = text.indexOf('\n\n')) {
      const lines = text.slice(0, end).split('\n');
      text = text.slice(end + 2);
      const fieldOf = (name: string) => lines.find((line) => line.startsWith(`${name}: `))?.slice(name.length + 2);
      const message = { id: fieldOf('id'), event: fieldOf('event'), data: fieldOf('data') ?? '' };
      lastId = message.id ?? lastId;
      if (message.data !== '') messages.push(message);
      if (p.isEnough?.(message) === true) return true;
    }
    return false;
  };
  const decoder = new TextDecoder();
  try {
    for await (const chunk of response.body ?? []) {
      bytes += chunk.length;
      text += decoder.decode(chunk, { stream: true });
      // Cut in the middle of what arrived, wherever that is.
      const isOver = p.maxBytes !== undefined && bytes >= p.maxBytes;
      if (isOver) text = text.slice(0, Math.max(0, text.length - (bytes - (p.maxBytes ?? 0))));
      if (take() || isOver) break;
    }
  } finally {
    breaking.abort();
  }
  return { status: response.status, messages, lastId };
}

/** The streams of `/api/v1` on a real server. */
export function describeEvents(name: string, makeEnv: () => Promise<{ env: Record<string, string>; drop(): unknown }>) {
  describe(name, () => {
    let dataDir: string;
    let server: Server;
    let database: Awaited<ReturnType<typeof makeEnv>>;
    beforeAll(async () => {
      dataDir = await mkdtemp(join(tmpdir(), 'reelay-events-'));
      database = await makeEnv();
      const env = { REELAY_PORT: '0', REELAY_DATA_DIR: dataDir, REELAY_ADMIN_KEY: ADMIN, ...database.env };
      server = await startServer(loadConfig(env, dataDir), { logLevel: 'error', channels: () => [channel] });
    });
    afterAll(async () => {
      await server.close();
      await database.drop();
      await rm(dataDir, { recursive: true, force: true });
    });

    const send = async (method: string, path: string, key: string, body?: unknown) => {
      const response = await fetch(server.url + path, {
        method,
        headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
        body: body === undefined ? null : JSON.stringify(body),
      });
      // The tests know what they asked for.
      return (await response.json()) as Record<string, unknown> & { id: string };
    };
    const newKey = async (): Promise<string> => {
      const account = await send('POST', '/api/v1/accounts', ADMIN, { name: 'a', isUnlimited: true });
      return String((await send('POST', `/api/v1/accounts/${account.id}/keys`, ADMIN, {})).key);
    };
    const submit = (key: string) => send('POST', '/api/v1/tasks', key, { endpoint: ENDPOINT, input: INPUT });

    test('a client that drops at random sees every event once and in order, while others write', async () => {
      const drops = fc.array(fc.integer({ min: 0, max: 900 }), { minLength: 1, maxLength: 8 });
      await fc.assert(
        fc.asyncProperty(drops, fc.integer({ min: 1, max: 4 }), async (points, writers) => {
          const key = await newKey();
          const headers = { authorization: `Bearer ${key}` };
          const work = Promise.all(
            Array.from({ length: writers }, async () => {
              const ids = [];
              for (let n = 0; n < 4; n += 1) ids.push((await submit(key)).id);
              return ids;
            }),
          );
          const seen: Message[] = [];
          let lastId = '0-0';
          let left = writers * 4;
          const isEnough = ({ event }: Message): boolean => {
            if (event === 'task.succeeded') left -= 1;
            return left === 0;
          };
          for (let n = 0; left > 0; n += 1) {
            const part = await readStream(`${server.url}/api/v1/events/stream`, {
              headers: { ...headers, 'last-event-id': lastId },
              isEnough,
              maxBytes: points[n],
            });
            seen.push(...part.messages);
            lastId = part.lastId ?? lastId;
          }
          const ids = (await work).flat();
          const told = seen.map(({ data }) => JSON.parse(data) as { id: string; taskId: string; type: string });
          expect(new Set(told.map(({ id }) => id)).size).toBe(told.length);
          const order = told.map(({ id }) => id.split('-').map(Number) as [number, number]);
          expect(order).toEqual([...order].sort((a, b) => a[0] - b[0] || a[1] - b[1]));
          for (const id of ids) {
            const types = told.filter(({ taskId }) => taskId === id).map(({ type }) => type);
            expect(types).toEqual(['task.queued', 'task.running', 'task.succeeded']);
          }
          expect(told).toHaveLength(ids.length * 3);
        }),
        { numRuns: 12 },
      );
    });

    test('the events of a task are a list, or a stream that ends with it and is over for good', async () => {
      const key = await newKey();
      const { id } = await submit(key);
      const url = `${server.url}/api/v1/tasks/${id}/events`;
      const headers = { authorization: `Bearer ${key}`, accept: 'text/event-stream' };
      const { messages, lastId = '' } = await readStream(url, { headers });
      const types = ['task.queued', 'task.running', 'task.succeeded'];
      expect(messages.filter((one) => one.id !== undefined).map(({ event }) => event)).toEqual(types);
      const list = (await send('GET', `/api/v1/tasks/${id}/events`, key)) as unknown as { items: { type: string }[] };
      expect(list.items.map(({ type }) => type)).toEqual(types);
      expect((await readStream(url, { headers: { ...headers, 'last-event-id': lastId } })).status).toBe(204);
      const foreign = await send('GET', `/api/v1/tasks/${id}/events`, await newKey());
      expect(foreign.code).toBe('task_not_found');
    });

    test('a stream begins now, tells what was asked for, and remembers what it left out', async () => {
      const key = await newKey();
      await submit(key);
      const headers = { authorization: `Bearer ${key}` };
      const url = `${server.url}/api/v1/events/stream?types=task.succeeded`;
      const all = (messages: Message[]) => messages.map(({ event }) => event);
      const first = await readStream(`${url}&after=0-0`, { headers, isEnough: ({ data }) => data !== '' });
      expect(all(first.messages)).toEqual(['task.succeeded']);
      let asked: Promise<unknown> | undefined;
      const second = await readStream(url, {
        headers,
        isEnough: ({ id, data }) => {
          if (id !== undefined) asked ??= submit(key);
          return data !== '';
        },
      });
      expect(all(second.messages)).toEqual(['task.succeeded']);
      await asked;
      expect((await send('GET', '/api/v1/events/stream?types=task.x', key)).code).toBe('invalid_input');
      expect((await send('GET', '/api/v1/events/stream?after=x', key)).code).toBe('invalid_input');
    });

    test('who asks rather than listens gets every event once, in pages, of the types that it wants', async () => {
      const key = await newKey();
      const ids = [(await submit(key)).id, (await submit(key)).id];
      type Page = { items: { id: string; type: string; taskId: string }[]; nextAfter: string; hasMore: boolean };
      const read = async (query: string) => (await send('GET', `/api/v1/events?${query}`, key)) as unknown as Page;
      await expect.poll(async () => (await read('limit=500')).items.length).toBe(6);
      const seen: Page['items'] = [];
      let page = await read('limit=2');
      for (seen.push(...page.items); page.hasMore; seen.push(...page.items))
        page = await read(`limit=2&after=${page.nextAfter}`);
      expect(new Set(seen.map(({ id }) => id)).size).toBe(6);
      const types = ['task.queued', 'task.running', 'task.succeeded'];
      for (const id of ids) expect(seen.filter(({ taskId }) => taskId === id).map(({ type }) => type)).toEqual(types);
      const ended = await read('types=task.succeeded,task.failed');
      expect(ended.items.map(({ taskId }) => taskId).sort()).toEqual([...ids].sort());
      expect((await read(`types=task.*&task=${ids[0]}`)).items.map(({ type }) => type)).toEqual(types);
      const after = await read(`after=${page.nextAfter}`);
      expect(after).toMatchObject({ items: [], nextAfter: page.nextAfter, hasMore: false });
      expect((await send('GET', '/api/v1/events?after=x', key)).code).toBe('invalid_input');
      expect((await send('GET', `/api/v1/events?task=${ids[0]}`, await newKey())).code).toBe('task_not_found');
    });

    test('a key has so many streams and no more, and gets them back', async () => {
      const key = await newKey();
      const headers = { authorization: `Bearer ${key}` };
      const ends: AbortController[] = [];
      const open = async () => {
        const end = new AbortController();
        const response = await fetch(`${server.url}/api/v1/events/stream`, { headers, signal: end.signal });
        if (response.status === 200) ends.push(end);
        else await response.body?.cancel();
        return response;
      };
      for (let n = 0; n < 20; n += 1) expect((await open()).status).toBe(200);
      const refused = await open();
      expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, '5']);
      for (const end of ends.splice(0, 3)) end.abort();
      await expect.poll(async () => (await open()).status).toBe(200);
      for (const end of ends) end.abort();
    });

    test('streams end when the server closes', async () => {
      const key = await newKey();
      const reading = readStream(`${server.url}/api/v1/events/stream`, { headers: { authorization: `Bearer ${key}` } });
      await submit(key);
      await server.close();
      expect((await reading).status).toBe(200);
    });
  });
}
