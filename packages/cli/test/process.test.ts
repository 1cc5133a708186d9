import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';

// The command as a process, from `bin` on.

const BIN = join(import.meta.dirname, '../bin/reelay.mjs');
const KEY = '0123456789abcdef0123456789abcdef';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'reelay-cli-process-'));
});
afterAll(() => rm(folder, { recursive: true }));

/** A Node that needs the launcher. */
const olderNode = (process.env.PATH ?? '')
  .split(delimiter)
  .map((path) => join(path, 'node'))
  .find((path) => {
    const major = Number(spawnSync(path, ['-p', 'process.versions.node'], { encoding: 'utf8' }).stdout?.split('.')[0]);
    return major >= 20 && major < 24;
  });

function spawnReelay(args: readonly string[], p: { env?: Record<string, string>; node?: string } = {}) {
  const child = spawn(p.node ?? process.execPath, [BIN, ...args], {
    env: {
      PATH: process.env.PATH,
      HOME: process.env.HOME,
      NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE,
      ...p.env,
    },
    cwd: folder,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  const said = { stdout: '', stderr: '' };
  child.stdout.on('data', (chunk) => {
    said.stdout += chunk;
  });
  child.stderr.on('data', (chunk) => {
    said.stderr += chunk;
  });
  const ended = once(child, 'close').then(([code, signal]) => ({ code, signal, ...said }));
  return { child, ended, said };
}
const reelay = (...p: Parameters<typeof spawnReelay>) => spawnReelay(...p).ended;

/** Starts a server with `reelay start`. @returns its address, once it listens */
async function startServer(args: readonly string[]) {
  // What its clients are told by, it may be told as well.
  const env = { REELAY_ADMIN_KEY: KEY, REELAY_KEY: KEY, REELAY_URL: 'http://127.0.0.1:1' };
  const one = spawnReelay(['start', '--port', '0', ...args], { env });
  const url = await new Promise<string>((resolve, reject) => {
    one.child.stdout.on('data', () => {
      const found = /Reelay is at (\S+)/.exec(one.said.stdout)?.[1];
      if (found !== undefined) resolve(found);
    });
    one.ended.then(({ stderr }) => reject(new Error(stderr)));
  });
  return { ...one, url };
}
const isUp = (url: string) =>
  fetch(`${url}/healthz`).then(
    ({ ok }) => ok,
    () => false,
  );

test.skipIf(olderNode === undefined)('runs on an older Node (skipped where there is none)', async () => {
  const { code, stdout, stderr } = await reelay(['--version'], { node: olderNode ?? '' });
  expect([code, stdout, stderr]).toEqual([0, expect.stringMatching(/^\d+\.\d+\.\d+\n$/), '']);
  expect(await reelay(['tasks', 'lst'], { node: olderNode ?? '' })).toMatchObject({ code: 2, stdout: '' });
});

test('start is a server with the settings that the options say, and ends it when it is asked to', async () => {
  const server = await startServer(['--data-dir', 'kept', '--set', 'REELAY_CNY_PER_USD=7', '--host', '127.0.0.1']);
  expect(server.said.stdout).toContain(join(folder, 'kept'));
  const env = { REELAY_URL: server.url, REELAY_KEY: KEY };
  expect(await reelay(['audit', '-q'], { env })).toMatchObject({ code: 0, stdout: 'balanced\n', stderr: '' });
  const film = ['rhart-video-s-official/text-to-video-pro', 'prompt=x', 'size=720x1280', 'duration=20'];
  const submitted = await reelay(['tasks', 'submit', ...film, '-q'], { env });
  const waiting = spawnReelay(['tasks', 'wait', submitted.stdout.trim()], { env });
  await once(waiting.child.stderr ?? process, 'data');
  waiting.child.kill('SIGINT');
  expect(await waiting.ended).toMatchObject({ code: 130, stdout: '' });
  server.child.kill('SIGTERM');
  expect(await server.ended).toMatchObject({ code: 0 });
  expect(await isUp(server.url)).toBe(false);
});

test.each(['SIGINT', 'SIGKILL'] as const)('a server does not outlive a start that got %s', async (signal) => {
  const server = await startServer(['--data-dir', signal]);
  expect(await isUp(server.url)).toBe(true);
  server.child.kill(signal);
  await server.ended;
  await expect.poll(() => isUp(server.url)).toBe(false);
});

test('a setting that is wrong is told by the server, by its name', async () => {
  const { code, stderr } = await reelay([
    'start',
    '--set',
    'REELAY_KEEP_TASKS_DAYS=0',
    '--set',
    'REELAY_NO_SUCH=1',
    '--public-url',
    'x',
  ]);
  expect(code).toBe(1);
  for (const name of ['REELAY_KEEP_TASKS_DAYS', 'REELAY_NO_SUCH', 'REELAY_PUBLIC_URL']) expect(stderr).toContain(name);
});

test('shells are told what fits', async () => {
  expect((await reelay(['complete', 'bash'])).stdout).toContain('reelay complete --');
  const fits = async (...words: string[]) => (await reelay(['complete', '--', ...words])).stdout;
  expect(await fits('tasks', '')).toMatch(/^submit\t.*\nget\t[\s\S]*cancel\t/);
  expect(await fits('admin', 'accounts', 'create', 'x', '--currency', '')).toMatch(/^CNY\t\nUSD\t\n/);
});

test('a reader that has read enough ends it in peace', async () => {
  const { child, ended } = spawnReelay(['--help']);
  (child as ChildProcess).stdout?.destroy();
  expect(await ended).toMatchObject({ code: 0, stderr: '' });
});
