import { execFile, spawnSync } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { judge } from '../../preview/test/judge.ts';
import { makePng } from './png.ts';
import { type ServerProcess, startProcess } from './server-process.ts';

// The examples as a reader runs them: each a program of its own, against a server of its own.

const EXAMPLES = join(import.meta.dirname, '../../../examples');
const KEY = '0123456789abcdef0123456789abcdef';
const execute = promisify(execFile);

let folder: string;
let dataDir: string;
let server: ServerProcess;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'reelay-examples-'));
  dataDir = await mkdtemp(join(tmpdir(), 'reelay-examples-data-'));
  server = await startProcess({ REELAY_DATA_DIR: dataDir, REELAY_ADMIN_KEY: KEY });
  await writeFile(
    join(folder, 'picture.png'),
    makePng(640, 360, (x, y) => [x % 256, y % 256, (x + y) % 256]),
  );
});
afterAll(async () => {
  await server.stop('SIGTERM');
  for (const path of [folder, dataDir]) await rm(path, { recursive: true });
});

/** Runs a program in the folder. @returns what it printed */
async function run(command: string, file: string, ...args: string[]): Promise<string> {
  const env = { ...process.env, REELAY_URL: server.url, REELAY_KEY: KEY, REELAY_POLL_MS: '100' };
  return (await execute(command, [join(EXAMPLES, file), ...args], { cwd: folder, env })).stdout;
}
const judged = (name: string) => judge(join(folder, name), name.split('.').at(-1) ?? '');

test('complete: a file from words', async () => {
  expect(await run(process.execPath, 'complete.mjs', 'A paper boat.')).toMatch(
    /^task \d{19}\n(\w+\n)+saved complete.mp4/,
  );
  expect(await judged('complete.mp4')).toMatchObject({ kind: 'video', widthPx: 720, heightPx: 1280 });
});

const hasPython = spawnSync('python3', ['--version']).status === 0;
test.skipIf(!hasPython)('complete, in Python (skipped where python3 is not installed)', async () => {
  expect(await run('python3', 'complete.py', 'A paper boat.')).toContain('saved complete-py.mp4');
  expect(await judged('complete-py.mp4')).toMatchObject({ kind: 'video', widthPx: 720, heightPx: 1280 });
});

test('advanced: prices, an upload, two tasks at once, and what is wrong in words', async () => {
  const said = await run(process.execPath, 'advanced.mjs', 'picture.png');
  expect(said).toMatch(/^2 clips, \d+\.\d\d CNY/);
  expect(said).toMatch(/as expected: .*prompt.*firstImageUrl/s);
  for (const name of ['advanced-1.mp4', 'advanced-2.mp4']) {
    expect(said).toContain(`saved ${name}`);
    expect((await judged(name)).durationMs).toBeCloseTo(5_000, -2);
  }
});

test('progress: a bar that ends full', async () => {
  expect(await run(process.execPath, 'progress.mjs')).toMatch(/100% done\s+\nsaved progress.mp4/);
  expect(await judged('progress.mp4')).toMatchObject({ kind: 'video', widthPx: 1280, heightPx: 720 });
});

test('full workflow: what one endpoint makes, the next one takes', async () => {
  const said = await run(process.execPath, 'full-workflow.mjs');
  expect(said).toContain('saved full-workflow.mp4 and full-workflow.mp3');
  expect((await judged('full-workflow.mp4')).durationMs).toBeGreaterThan(6_500);
  expect(await judged('full-workflow.mp3')).toMatchObject({ kind: 'audio', hasSound: true });
});

test('every example is run by a test, and listed', async () => {
  const files = (await readdir(EXAMPLES)).toSorted();
  expect(files).toEqual([
    'README.md',
    'advanced.mjs',
    'client.mjs',
    'complete.mjs',
    'complete.py',
    'full-workflow.mjs',
    'progress.mjs',
  ]);
  const readme = await readFile(join(EXAMPLES, 'README.md'), 'utf8');
  for (const file of files.slice(1)) expect(readme).toContain(`\`${file}\``);
});
