import { execFile, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { cp, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { chromium } from 'playwright-core';
import ts from 'typescript';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type ServerProcess, startProcess } from '../../gateway/test/server-process.ts';

// The client where it is not at home: without its types, on an older Node and in a page of another origin.

const KEY = '0123456789abcdef0123456789abcdef';
const CHROMIUM = process.env.REELAY_TEST_CHROMIUM ?? '/usr/bin/chromium';
const SOURCE = join(import.meta.dirname, '../src');

/** What is done there. Written in what all of them have. */
const PROGRAM = `
import { createClient, ReelayError } from './index.js';
export async function use(url, key) {
  const client = createClient({ url, key });
  const input = { prompt: 'Three names for a bakery.' };
  const { id } = await client.tasks.create({ endpoint: 'rhart-text-g-25-flash/text-to-text', input });
  const types = [];
  const task = await client.tasks.wait(id, { onEvent: ({ type }) => types.push(type) });
  const file = new Blob([new Uint8Array(100_000)]);
  const asset = await client.uploads.send(file, { fileName: 'zeros.bin', pieceBytes: 40_000 });
  const whole = await client.assets.create(file, { fileName: 'zeros.bin' });
  const error = await client.tasks.get('1').catch((one) => one);
  return {
    status: task.status,
    types: types.filter((type) => type !== 'task.progress'),
    isOneFile: asset.id === whole.id,
    error: [error instanceof ReelayError, error.code, /^req_/.test(error.requestId)],
  };
}
`;
const EXPECTED = {
  status: 'succeeded',
  types: ['task.queued', 'task.running', 'task.succeeded'],
  isOneFile: true,
  error: [true, 'task_not_found', true],
};

let folder: string;
let server: ServerProcess;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'reelay-client-elsewhere-'));
  await cp(SOURCE, join(folder, 'src'), { recursive: true });
  const files = await readdir(join(folder, 'src'), { recursive: true });
  for (const name of files.filter((one) => one.endsWith('.ts'))) {
    const path = join(folder, 'src', name);
    await writeFile(path.replace(/\.ts$/, '.js'), toJavaScript(await readFile(path, 'utf8')));
  }
  await writeFile(join(folder, 'src/use.js'), PROGRAM);
  await writeFile(join(folder, 'package.json'), '{"type":"module"}');
  server = await startProcess({ REELAY_DATA_DIR: folder, REELAY_ADMIN_KEY: KEY });
});
afterAll(async () => {
  await server.stop('SIGTERM');
  await rm(folder, { recursive: true });
});

/** Only the types go: what the sources use, the platform must have. */
function toJavaScript(source: string): string {
  const compilerOptions: ts.CompilerOptions = {
    target: ts.ScriptTarget.ESNext,
    module: ts.ModuleKind.ESNext,
    verbatimModuleSyntax: true,
    rewriteRelativeImportExtensions: true,
  };
  return ts.transpileModule(source, { compilerOptions }).outputText;
}

const olderNode = (process.env.PATH ?? '')
  .split(delimiter)
  .map((path) => join(path, 'node'))
  .find((path) => {
    const major = Number(spawnSync(path, ['-p', 'process.versions.node'], { encoding: 'utf8' }).stdout?.split('.')[0]);
    return major >= 20 && major < 24;
  });
test.skipIf(olderNode === undefined)('on an older Node (skipped where there is none)', async () => {
  const program = `import { use } from './src/use.js'; console.log(JSON.stringify(await use('${server.url}', '${KEY}')));`;
  const args = ['--input-type=module', '-e', program];
  const { stdout } = await promisify(execFile)(olderNode ?? '', args, {
    cwd: folder,
    env: { PATH: dirname(olderNode ?? '') },
  });
  expect(JSON.parse(stdout)).toEqual(EXPECTED);
});

test.skipIf(!existsSync(CHROMIUM))(
  'in a page of another origin (skipped where Chromium is not installed)',
  async () => {
    const site = createServer(async ({ url = '' }, response) => {
      if (url === '/') return response.setHeader('content-type', 'text/html').end('<!doctype html><title>Mine</title>');
      const file = await readFile(join(folder, url)).catch(() => undefined);
      response.writeHead(file === undefined ? 404 : 200, { 'content-type': 'text/javascript' }).end(file);
    }).listen(0, '127.0.0.1');
    await once(site, 'listening');
    const args = ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-component-update'];
    const browser = await chromium.launch({ executablePath: CHROMIUM, args });
    try {
      const page = await browser.newPage();
      await page.goto(`http://127.0.0.1:${(site.address() as AddressInfo).port}/`);
      const program = `import('/src/use.js').then(({ use }) => use('${server.url}', '${KEY}'))`;
      expect(await page.evaluate(program)).toEqual(EXPECTED);
    } finally {
      await browser.close();
      site.close();
    }
  },
);
