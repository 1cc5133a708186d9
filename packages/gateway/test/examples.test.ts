import { execFile, spawnSync } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
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
  const env = {
    ...process.env,
    REELAY_URL: server.url,
    REELAY_KEY: KEY,
    REELAY_POLL_MS: '100',
    PYTHONDONTWRITEBYTECODE: '1',
  };
  return (await execute(command, [join(EXAMPLES, file), ...args], { cwd: folder, env })).stdout;
}
const judged = (name: string) => judge(join(folder, name), name.split('.').at(-1) ?? '');

const hasPython = spawnSync('python3', ['-c', 'import sys; sys.exit(sys.version_info < (3, 10))']).status === 0;
// What a program is run with, what its files end in, and what its results are called.
// biome-ignore format: a table
const LANGUAGES = [
  { name: 'JavaScript', command: process.execPath, extension: 'mjs', suffix: '', isThere: true },
  { name: 'Python (skipped where python3 ≥ 3.10 is missing)', command: 'python3', extension: 'py', suffix: '-py', isThere: hasPython },
];

describe.each(LANGUAGES)('in $name', ({ command, extension, suffix, isThere }) => {
  test.skipIf(!isThere)('complete: a file from words', async () => {
    const said = await run(command, `complete.${extension}`, 'A paper boat.');
    expect(said).toMatch(/^task \d{19}\n(\w+\n)+saved /);
    expect(said).toContain(`saved complete${suffix}.mp4`);
    expect(await judged(`complete${suffix}.mp4`)).toMatchObject({ kind: 'video', widthPx: 720, heightPx: 1280 });
  });

  test.skipIf(!isThere)('advanced: prices, an upload, two tasks at once, and what is wrong in words', async () => {
    const said = await run(command, `advanced.${extension}`, 'picture.png');
    expect(said).toMatch(/^2 pictures, \d+\.\d\d CNY/);
    expect(said).toMatch(/as expected: .*prompt.*imageUrls.*resolution/s);
    for (const number of [1, 2]) {
      const [, name = ''] = new RegExp(`saved (advanced${suffix}-${number}\\.\\w+)`).exec(said) ?? [];
      expect(await judged(name)).toMatchObject({ kind: 'image' });
    }
  });

  test.skipIf(!isThere)('progress: a bar that ends full', async () => {
    expect(await run(command, `progress.${extension}`)).toMatch(/100% done\s+\nsaved progress/);
    expect(await judged(`progress${suffix}.mp4`)).toMatchObject({ kind: 'video', widthPx: 1280, heightPx: 720 });
  });

  test.skipIf(!isThere)('full workflow: what one endpoint makes, the next one takes', async () => {
    const said = await run(command, `full-workflow.${extension}`);
    expect(said).toContain(`saved full-workflow${suffix}.mp4 and full-workflow${suffix}.mp3`);
    expect((await judged(`full-workflow${suffix}.mp4`)).durationMs).toBeGreaterThan(6_500);
    expect(await judged(`full-workflow${suffix}.mp3`)).toMatchObject({ kind: 'audio', hasSound: true });
  });
});

test('every example is there in both languages, and listed', async () => {
  const files = (await readdir(EXAMPLES, { withFileTypes: true }))
    .filter((one) => one.isFile())
    .map(({ name }) => name);
  const programs = ['advanced', 'client', 'complete', 'full-workflow', 'progress'];
  expect(files.toSorted()).toEqual(['README.md', ...programs.flatMap((name) => [`${name}.mjs`, `${name}.py`])]);
  const readme = await readFile(join(EXAMPLES, 'README.md'), 'utf8');
  for (const program of programs) expect(readme).toContain(`\`${program}\``);
});
