import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { makePng } from '../../gateway/test/png.ts';
import { type ServerProcess, startProcess } from '../../gateway/test/server-process.ts';

// docs/cli.md as a reader runs it: every block, from top to bottom, in one shell.

const KEY = '0123456789abcdef0123456789abcdef';
const BIN = join(import.meta.dirname, '../bin/reelay.mjs');
const DOCS = join(import.meta.dirname, '../../../docs');
/** A server of its own is there already; its address and key are not those of the page. */
const LEFT_OUT = /reelay start|reelay standin \w|^export|reelay complete/m;

let folder: string;
let server: ServerProcess;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'reelay-cli-docs-'));
  server = await startProcess({ REELAY_DATA_DIR: folder, REELAY_ADMIN_KEY: KEY });
});
afterAll(async () => {
  await server.stop('SIGTERM');
  await rm(folder, { recursive: true });
});

test.skipIf(process.platform === 'win32')(
  'the samples do what they say (skipped where there is no sh)',
  async () => {
    const page = await readFile(join(DOCS, 'cli.md'), 'utf8');
    const blocks = [...page.matchAll(/^```sh\n([\s\S]*?)^```/gm)].map(([, code = '']) => code);
    const run = blocks.filter((code) => !LEFT_OUT.test(code));
    expect(run.length).toBeGreaterThanOrEqual(4);
    const picture = makePng(320, 240, (x, y) => [x % 256, y % 256, 128]);
    await writeFile(join(folder, 'photo.png'), picture);
    // `npx reelay` without npm.
    const script = ['set -eu', `npx() { shift; "${process.execPath}" "${BIN}" "$@"; }`, ...run].join('\n');
    const env = { PATH: process.env.PATH, HOME: process.env.HOME, REELAY_URL: server.url, REELAY_KEY: KEY };
    const { stdout } = await promisify(execFile)('sh', ['-c', script], { cwd: folder, env });
    for (const words of [
      /Usage: reelay/,
      /\d\.\d+ CNY/,
      /status +succeeded/,
      /"attempts"/,
      /deposit +50\.00 CNY +invoice 7/,
      /render farm/,
      /balanced/,
    ])
      expect(stdout).toMatch(words);
    expect((await readdir(join(folder, 'pictures'))).length).toBe(2);
    // Some fifteen processes one after another, which a busy machine takes its time for.
  },
  240_000,
);

test('every command and every option that the page names exists', async () => {
  const page = await readFile(join(DOCS, 'cli.md'), 'utf8');
  const sources = await Promise.all(
    ['commands', '.'].map(async (name) => {
      const at = join(import.meta.dirname, '../src', name);
      const files = (await readdir(at)).filter((file) => file.endsWith('.ts'));
      return Promise.all(files.map((file) => readFile(join(at, file), 'utf8')));
    }),
  );
  const options = new Set(sources.flat().flatMap((text) => text.match(/--[a-z][a-z-]+/g) ?? []));
  for (const [option] of page.matchAll(/--[a-z][a-z-]+/g)) expect(options).toContain(option);
});
