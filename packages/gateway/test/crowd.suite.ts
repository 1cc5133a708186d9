import { mkdtemp, rm } from 'node:fs/promises';
import { Agent, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { json } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Channel, everyEndpoint } from '../src/channels/channels.ts';
import { LIMITS, loadConfig } from '../src/config.ts';
import { type Server, startServer } from '../src/server.ts';

const ADMIN = '0123456789abcdef0123456789abcdef';
const ENDPOINT = 'rhart-video-s-official/text-to-video-pro';
const INPUT = { prompt: 'A paper boat.', size: '720x1280', duration: '4' };
const TASK = { endpoint: ENDPOINT, input: INPUT };
/** How many tasks run at a time. */
const PLACES = 10;
const CROWD = 1_000;

type View = Record<string, unknown> & { id: string; startedAt: string | null };
type Body = View & { items: View[]; nextCursor: string | null; key: string };

/** What happens when a thousand come at once, on a real server. */
export function describeCrowd(name: string, makeEnv: () => Promise<{ env: Record<string, string>; drop(): unknown }>) {
  describe(name, () => {
    let dataDir: string;
    let server: Server;
    let database: Awaited<ReturnType<typeof makeEnv>>;
    /** Jobs that the upstream has begun and not ended. */
    const open = new Set<string>();
    let isHeld = true;
    let wake: (taskId: string) => void;
    const upstream: Channel = {
      name: 'upstream',
      routeOf: everyEndpoint('upstream'),
      provider: {
        name: 'upstream',
        submitIsRepeatable: false,
        submit: async ({ taskId }) => {
          open.add(taskId);
          return isHeld ? { handle: taskId } : { handle: taskId, isDone: true };
        },
        poll: async (handle) => {
          if (isHeld) return { state: 'pending' };
          open.delete(String(handle));
          return { state: 'succeeded', outputs: [{ kind: 'text', text: 'done' }] };
        },
      },
    };
    const release = () => {
      isHeld = false;
      for (const taskId of open) wake(taskId);
    };

    beforeAll(async () => {
      dataDir = await mkdtemp(join(tmpdir(), 'reelay-crowd-'));
      database = await makeEnv();
      const env = { REELAY_PORT: '0', REELAY_DATA_DIR: dataDir, REELAY_ADMIN_KEY: ADMIN, ...database.env };
      // Few places; and a thousand connections may take a busy machine longer than clients are given otherwise. The type of
      // the limits knows only those of the product.
      const limits = { ...LIMITS, maxTasksInFlight: PLACES, headersTimeoutMs: 120_000 } as unknown as typeof LIMITS;
      server = await startServer(
        { ...loadConfig(env, dataDir), limits },
        {
          logLevel: 'error',
          channels: (tools) => {
            wake = tools.wake;
            return [upstream];
          },
        },
      );
    });
    afterAll(async () => {
      await server.close();
      await database.drop();
      await rm(dataDir, { recursive: true, force: true });
    });

    /** A connection for each call: one that was kept open may be closed by the server just when it is used again. */
    const agent = new Agent({ keepAlive: false });
    const call = (key: string, path: string, body?: unknown, headers: Record<string, string> = {}) =>
      new Promise<{ status: number | undefined; body: Body }>((resolve, reject) => {
        const sent = request(server.url + path, {
          agent,
          method: body === undefined ? 'GET' : 'POST',
          headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json', ...headers },
        });
        sent.on('error', reject);
        sent.on('response', (answer) => {
          // The tests look at its fields.
          json(answer).then((value) => resolve({ status: answer.statusCode, body: value as Body }), reject);
        });
        sent.end(body === undefined ? undefined : JSON.stringify(body));
      });
    /** A key of a new account that may spend without end. */
    const newKey = async (): Promise<string> => {
      const { body: account } = await call(ADMIN, '/api/v1/accounts', { name: 'a', isUnlimited: true });
      return (await call(ADMIN, `/api/v1/accounts/${account.id}/keys`, {})).body.key;
    };
    const listAll = async (key: string, query = ''): Promise<View[]> => {
      const all: View[] = [];
      for (let cursor: string | null = ''; cursor !== null; ) {
        const { body } = await call(key, `/api/v1/tasks?limit=100${query}${cursor === '' ? '' : `&cursor=${cursor}`}`);
        all.push(...body.items);
        cursor = body.nextCursor;
      }
      return all;
    };

    test.each([
      ['/api/v1/tasks', TASK, (body: Body) => body.id],
      [`/openapi/v2/${ENDPOINT}`, INPUT, (body: Body) => body.taskId],
    ])(
      'an Idempotency-Key sent 1,000 times at once to %s makes one task and one hold, and one answer',
      async (path, body, idOf) => {
        isHeld = true;
        const key = await newKey();
        const headers = { 'idempotency-key': 'the one' };
        const answers = await Promise.all(Array.from({ length: CROWD }, () => call(key, path, body, headers)));
        expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1);
        const tasks = await listAll(key);
        expect(tasks.map(({ id }) => id)).toEqual([answers[0] && idOf(answers[0].body)]);
        const { body: account } = await call(key, '/api/v1/account');
        expect(account.held).toEqual(tasks[0]?.price);
        const { body: moves } = await call(ADMIN, `/api/v1/accounts/${account.id}/transfers?task=${tasks[0]?.id}`);
        expect(moves.items.map(({ kind }) => kind)).toEqual(['hold']);
        release();
      },
    );

    test('nobody waits for the backlog of another key', async () => {
      isHeld = true;
      const many = await newKey();
      const few = await newKey();
      await call(many, '/api/v1/batches', { tasks: Array.from({ length: CROWD }, () => TASK) });
      await expect.poll(() => open.size).toBe(PLACES);
      const { body: one } = await call(few, '/api/v1/tasks', TASK);
      release();
      const path = `/api/v1/tasks/${one.id}`;
      await expect.poll(async () => (await call(few, path)).body.status).toBe('succeeded');
      const startedAtMs = Date.parse(String((await call(few, path)).body.startedAt));
      const backlog = await listAll(many);
      expect(backlog).toHaveLength(CROWD);
      const isBefore = ({ startedAt }: View) => startedAt !== null && Date.parse(startedAt) < startedAtMs;
      const before = backlog.filter(isBefore).length;
      // Those that ran already, and those that were claimed together with it.
      expect(before).toBeGreaterThan(0);
      expect(before).toBeLessThan(3 * PLACES);
    });
  });
}
