import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { type Client, createClient, type ServerProcess, startProcess } from './server-process.ts';

/** Often enough to catch a task in a short step, and not so often that polling takes the core that draws. */
const POLL_MS = 10;
const KEY = '0123456789abcdef0123456789abcdef';
const ROUNDS = Number(process.env.REELAY_TEST_CRASH_ROUNDS ?? 8);
const SUBMIT = '/openapi/v2/seedance-v1.5-pro/text-to-video';
const body = (round: number, n: number) => ({
  prompt: `Paper boat number ${n} of round ${round} drifts over a puddle.`,
  aspectRatio: '1:1',
  duration: '4',
  resolution: '480p',
  generateAudio: 'true',
  cameraFixed: 'false',
});
const TaskAnswer = z.object({ status: z.string(), progress: z.number() });
const QueryAnswer = z.object({
  status: z.string(),
  errorMessage: z.string(),
  results: z.array(z.object({ url: z.string(), outputType: z.string() })).nullable(),
});

/** Submits; remembers the task only when its answer arrived, because only then was it promised. */
async function submit(client: Client, round: number, n: number, acknowledged: Set<string>): Promise<void> {
  const answer = await client.post(SUBMIT, body(round, n)).catch(() => undefined);
  if (typeof answer?.taskId === 'string' && answer.taskId !== '') acknowledged.add(answer.taskId);
  else if (answer !== undefined) throw new Error(`refused: ${JSON.stringify(answer)}`);
}

/** Polls until one of the tasks is where the round wants it, or has ended before we saw it there. */
async function untilSome(
  client: Client,
  ids: Iterable<string>,
  isThere: (task: z.infer<typeof TaskAnswer>) => boolean,
) {
  for (;;) {
    for (const id of ids) {
      const task = TaskAnswer.parse(await (await client.get(`/api/v1/tasks/${id}`)).json());
      if (isThere(task) || task.status === 'succeeded') return;
      if (task.status === 'failed') throw new Error(`task ${id} failed`);
    }
    await sleep(POLL_MS);
  }
}

/** What happens before the kill, by the step that the kill is to hit. */
const MOMENTS: Record<string, (client: Client, round: number, acknowledged: Set<string>) => Promise<void>> = {
  submit: async (client, round, acknowledged) => {
    const all = [0, 1, 2, 3].map((n) => submit(client, round, n, acknowledged));
    await Promise.race(all);
    for (const one of all) one.catch(() => undefined);
  },
  queued: async (client, round, acknowledged) => {
    await Promise.all([0, 1, 2].map((n) => submit(client, round, n, acknowledged)));
  },
  rendering: async (client, round, acknowledged) => {
    const mine = new Set<string>();
    await submit(client, round, 0, mine);
    for (const id of mine) acknowledged.add(id);
    await untilSome(client, mine, ({ progress }) => progress > 0.2);
  },
  collecting: async (client, round, acknowledged) => {
    const mine = new Set<string>();
    await submit(client, round, 0, mine);
    for (const id of mine) acknowledged.add(id);
    await untilSome(client, mine, ({ status, progress }) => status === 'collecting' || progress >= 0.99);
  },
};

/** An MP4 whose top-level boxes add up to the file's length, with its index in front: complete, and fast to start. */
function expectWholeMp4(bytes: Buffer): void {
  const boxes: string[] = [];
  let at = 0;
  while (at < bytes.length) {
    boxes.push(bytes.toString('latin1', at + 4, at + 8));
    const size = bytes.readUInt32BE(at);
    expect(size).toBeGreaterThan(7);
    at += size;
  }
  expect(at).toBe(bytes.length);
  expect(boxes.indexOf('moov')).toBeLessThan(boxes.indexOf('mdat'));
  expect(boxes).toContain('moov');
}

async function expectAllEnded(server: ServerProcess, client: Client, acknowledged: Set<string>): Promise<void> {
  const files = new Set<string>();
  for (const taskId of acknowledged) {
    let answer = QueryAnswer.parse(await client.post('/openapi/v2/query', { taskId }));
    while (['QUEUED', 'RUNNING'].includes(answer.status)) {
      await sleep(POLL_MS);
      answer = QueryAnswer.parse(await client.post('/openapi/v2/query', { taskId }));
    }
    expect(answer, server.output().stderr.slice(-2_000)).toMatchObject({ status: 'SUCCESS', errorMessage: '' });
    expect(answer.results).toHaveLength(1);
    const url = answer.results?.[0]?.url ?? '';
    files.add(new URL(url).pathname);
    expectWholeMp4(Buffer.from(await (await fetch(url)).arrayBuffer()));
  }
  // Each task has its own prompt and so its own file: two tasks with one file would be a mix-up.
  expect(files.size).toBe(acknowledged.size);
}

async function listFiles(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  return entries.filter((entry) => entry.isFile()).map((entry) => entry.name);
}

/** Kills the gateway at every step of a task's life, over and over, on one data folder; then starts it once more. */
export function describeCrashes(
  name: string,
  env: () => Promise<{ env: Record<string, string>; drop(): Promise<void> }>,
) {
  test(`${name}: every acknowledged task survives ${ROUNDS} kills, and is delivered once and whole`, {
    timeout: 2_700_000,
  }, async () => {
    const dataDir = await mkdtemp(join(tmpdir(), 'reelay-crash-'));
    const { env: extra, drop } = await env();
    const settings = { REELAY_DATA_DIR: dataDir, REELAY_ADMIN_KEY: KEY, ...extra };
    const acknowledged = new Set<string>();
    try {
      for (let round = 0; round < ROUNDS; round++) {
        const server = await startProcess(settings);
        const moments = Object.values(MOMENTS);
        await moments[round % moments.length]?.(createClient(server.url, KEY), round, acknowledged);
        expect((await server.stop('SIGKILL')).signal).toBe('SIGKILL');
      }
      expect(acknowledged.size).toBeGreaterThanOrEqual(ROUNDS / 2);
      const server = await startProcess(settings);
      await expectAllEnded(server, createClient(server.url, KEY), acknowledged);
      expect((await server.stop('SIGTERM')).code).toBe(0);
      expect(await listFiles(join(dataDir, 'renders'))).toEqual([]);
      // A blob is named by its hash; anything else would be a piece of an unfinished one.
      const blobs = await listFiles(join(dataDir, 'blobs'));
      expect(blobs.filter((file) => !/^[0-9a-f]{64}$/.test(file))).toEqual([]);
    } finally {
      await drop();
      await rm(dataDir, { recursive: true, force: true });
    }
  });
}
