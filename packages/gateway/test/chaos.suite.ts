import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { type ServerProcess, startProcess } from './server-process.ts';

const TASKS = Number(process.env.REELAY_TEST_CHAOS_TASKS ?? 1_000);
const KILLS = 4;
const SUBMITTERS = 16;
const ADMIN_KEY = '0123456789abcdef0123456789abcdef';
const POLL_MS = 50;
const ENDPOINT = 'rhart-video-s-official/text-to-video-pro';
const BODY = { prompt: 'A paper boat crosses a pond.', size: '720x1280' };

const Account = z.object({ id: z.string() });
const Key = z.object({ id: z.string(), key: z.string() });
const Audit = z.looseObject({ isBalanced: z.boolean(), discrepancies: z.array(z.unknown()) });
const Answer = z.object({ taskId: z.string(), errorCode: z.string(), errorMessage: z.string() });
const Task = z.looseObject({
  id: z.string(),
  status: z.string(),
  keyId: z.string(),
  charge: z.object({ micros: z.number() }).nullable(),
});
const Page = z.object({ items: z.array(Task), nextCursor: z.string().nullable() });

/** The same numbers for the same seed (mulberry32). */
function createRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

type Player = {
  readonly accountId: string;
  readonly keyId: string;
  readonly key: string;
  readonly budgetMicros: number;
};

/** A gateway that is killed and started again under its clients, who try until they get an answer. */
function createWorld(settings: Record<string, string>) {
  let server: ServerProcess | undefined;
  const start = async () => {
    server = await startProcess(settings, join(import.meta.dirname, 'chaos-server.ts'));
  };
  const call = async (key: string, path: string, body?: unknown, headers: Record<string, string> = {}) => {
    for (;;) {
      try {
        const response = await fetch(`${server?.url}${path}`, {
          method: body === undefined ? 'GET' : 'POST',
          headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json', ...headers },
          body: body === undefined ? null : JSON.stringify(body),
        });
        const text = await response.text();
        if (response.status < 500) return JSON.parse(text) as unknown;
      } catch {
        // The process was killed under the call; whether it counted is what the idempotency key is for.
      }
      await sleep(POLL_MS);
    }
  };
  return {
    start,
    call,
    async kill() {
      await server?.stop('SIGKILL');
      await start();
    },
    close: async () => (await server?.stop('SIGTERM'))?.code,
    /** After a failure: nothing may write any more into a folder that is removed. */
    end: async () => void (await server?.stop('SIGKILL')),
  };
}
type World = ReturnType<typeof createWorld>;

/** Ten accounts with five keys each. Some have no end of money, some run dry; every key has a budget of its own. */
async function invite(world: World, random: () => number): Promise<Player[]> {
  const players: Player[] = [];
  for (let n = 0; n < 10; n += 1) {
    const currency = n % 2 === 0 ? 'CNY' : 'USD';
    const request = { name: `account ${n}`, currency, isUnlimited: n === 0 };
    const { id: accountId } = Account.parse(await world.call(ADMIN_KEY, '/api/v1/accounts', request));
    // A task costs a few units; the poorest account can pay for a few of them.
    const deposit = { micros: Math.round((10 + random() * TASKS) * 1e6), reference: 'first' };
    await world.call(ADMIN_KEY, `/api/v1/accounts/${accountId}/deposits`, deposit);
    for (let k = 0; k < 5; k += 1) {
      const budgetMicros = Math.round((5 + random() * (TASKS / 25)) * 1e6);
      const limits = { totalBudgetMicros: budgetMicros, maxRunning: 1 + Math.floor(random() * 20) };
      const made = await world.call(ADMIN_KEY, `/api/v1/accounts/${accountId}/keys`, { name: `key ${k}`, limits });
      const { id: keyId, key } = Key.parse(made);
      players.push({ accountId, keyId, key, budgetMicros });
    }
  }
  return players;
}

/** Plays one task: submits it until there is an answer, sometimes twice, and sometimes cancels it.
 *  @returns its id; undefined when it was refused for want of money. */
async function play(world: World, { key }: Player, n: number, random: () => number): Promise<string | undefined> {
  const headers = { 'idempotency-key': `chaos-${n}` };
  const body = { ...BODY, duration: random() < 0.5 ? '4' : '8' };
  const isTwice = random() < 0.1;
  const willCancel = random() < 0.15;
  const submit = async () => Answer.parse(await world.call(key, `/openapi/v2/${ENDPOINT}`, body, headers));
  const answers = await Promise.all([submit(), ...(isTwice ? [submit()] : [])]);
  // A refusal makes nothing, so it is not remembered: the second may find money that the first did not.
  for (const answer of answers) if (answer.taskId === '') expect(answer).toMatchObject({ errorCode: '416' });
  const [taskId, ...others] = new Set(answers.map((answer) => answer.taskId).filter((id) => id !== ''));
  expect(others).toEqual([]);
  if (taskId === undefined) return undefined;
  if (willCancel) {
    await sleep(random() * 300);
    await world.call(key, '/task/openapi/cancel', { taskId });
  }
  return taskId;
}

/** Every task of an account, page by page. */
async function listTasks(world: World, key: string): Promise<z.infer<typeof Task>[]> {
  const tasks: z.infer<typeof Task>[] = [];
  for (let cursor: string | null = ''; cursor !== null; ) {
    const query: string = cursor === '' ? '' : `&cursor=${encodeURIComponent(cursor)}`;
    const page: z.infer<typeof Page> = Page.parse(await world.call(key, `/api/v1/tasks?limit=100${query}`));
    tasks.push(...page.items);
    cursor = page.nextCursor;
  }
  return tasks;
}

const ENDED = ['succeeded', 'failed', 'canceled'];

async function untilAllEnded(world: World, keys: readonly string[]): Promise<z.infer<typeof Task>[]> {
  for (;;) {
    const tasks = (await Promise.all(keys.map((key) => listTasks(world, key)))).flat();
    if (tasks.every(({ status }) => ENDED.includes(status))) return tasks;
    await sleep(10 * POLL_MS);
  }
}

/** Submits everything from many clients at once, and kills the gateway under them. */
async function playAll(world: World, players: readonly Player[], random: () => number): Promise<string[]> {
  const acknowledged: string[] = [];
  const killAt = Array.from({ length: KILLS }, (_, n) => Math.floor(((n + 0.3 + 0.5 * random()) * TASKS) / KILLS));
  let next = 0;
  let kills = Promise.resolve();
  const submitter = async () => {
    while (next < TASKS) {
      const n = next;
      next += 1;
      if (killAt.includes(n)) kills = kills.then(() => world.kill());
      const player = players[Math.floor(random() * players.length)];
      const taskId = player === undefined ? undefined : await play(world, player, n, random);
      if (taskId !== undefined) acknowledged.push(taskId);
    }
  };
  await Promise.all(Array.from({ length: SUBMITTERS }, submitter));
  await kills;
  return acknowledged;
}

/** @param env settings of the database, and what removes it. */
export function describeChaos(
  name: string,
  env: () => Promise<{ env: Record<string, string>; drop(): Promise<void> }>,
): void {
  test(`${name}: ${TASKS} tasks of 50 keys, ${KILLS} kills: the books balance, no budget is passed, nothing is made twice`, {
    timeout: 1_800_000,
  }, async () => {
    const dataDir = await mkdtemp(join(tmpdir(), 'reelay-chaos-'));
    const { env: extra, drop } = await env();
    const seed = Number(process.env.REELAY_TEST_CHAOS_SEED ?? Date.now() % 1_000_000);
    const random = createRandom(seed);
    const world = createWorld({ REELAY_DATA_DIR: dataDir, REELAY_ADMIN_KEY: ADMIN_KEY, ...extra });
    try {
      await world.start();
      const players = await invite(world, random);
      const acknowledged = await playAll(world, players, random);
      const accounts = new Map(players.map(({ accountId, key }) => [accountId, key]));
      const tasks = await untilAllEnded(world, [...accounts.values()]);
      const hint = `REELAY_TEST_CHAOS_SEED=${seed}`;
      // What was acknowledged is there, and nothing else is.
      expect(tasks.map(({ id }) => id).sort(), hint).toEqual([...acknowledged].sort());
      expect(acknowledged.length, hint).toBeGreaterThan(TASKS / 4);
      expect(new Set(tasks.map(({ status }) => status)), hint).toEqual(new Set(ENDED));
      for (const { keyId, budgetMicros } of players) {
        const spent = tasks.filter((task) => task.keyId === keyId).map(({ charge }) => charge?.micros ?? 0);
        expect(
          spent.reduce((sum, micros) => sum + micros, 0),
          `${hint} ${keyId}`,
        ).toBeLessThanOrEqual(budgetMicros);
      }
      const jobs = (await readFile(join(dataDir, 'jobs.log'), 'utf8')).trim().split('\n');
      expect(new Set(jobs).size, hint).toBe(jobs.length);
      const audit = Audit.parse(await world.call(ADMIN_KEY, '/api/v1/audit'));
      expect(audit, hint).toMatchObject({ isBalanced: true, discrepancies: [] });
      expect(await world.close(), hint).toBe(0);
    } finally {
      await world.end();
      await drop();
      await rm(dataDir, { recursive: true, force: true });
    }
  });
}
