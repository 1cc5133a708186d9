import { spawn, spawnSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { makePng } from '../png.ts';
import { type ServerProcess, startProcess } from '../server-process.ts';

// Submit, poll, download, webhook, its detail, and sending it again: by two clients that know the API from its description
// only, each a program of its own, on both generations.

const KEY = '0123456789abcdef0123456789abcdef';
let dataDir: string;
let server: ServerProcess;
beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'reelay-clients-'));
  server = await startProcess({
    REELAY_DATA_DIR: dataDir,
    REELAY_ADMIN_KEY: KEY,
    REELAY_ALLOW_PRIVATE_NETWORK: 'true',
  });
});
afterAll(async () => {
  await server.stop('SIGTERM');
  await rm(dataDir, { recursive: true });
});

async function run(command: string, file: string, generation: string): Promise<Record<string, unknown>> {
  const child = spawn(command, [join(import.meta.dirname, file), server.url, KEY, generation]);
  child.stdin.end(makePng(64, 64, (x, y) => [x, y, 0]));
  const [said, complaints] = await Promise.all([text(child.stdout), text(child.stderr)]);
  expect(complaints).toBe('');
  return JSON.parse(said);
}

const hasPython = spawnSync('python3', ['-c', 'import sys; sys.exit(sys.version_info < (3, 8))']).status === 0;

describe.each([
  { name: 'plain fetch', command: process.execPath, file: 'client.mjs', isThere: true },
  { name: 'Python (skipped without python3)', command: 'python3', file: 'client.py', isThere: hasPython },
])('$name', ({ command, file, isThere }) => {
  test.skipIf(!isThere).each(['v2', 'legacy'])('goes all the way on %s', async (generation) => {
    const met = await run(command, file, generation);
    const { taskId } = met;
    const event = { event: 'TASK_END', taskId, eventData: { taskId, status: 'SUCCESS', errorCode: '' } };
    expect(met).toMatchObject({
      uploaded: expect.stringMatching(generation === 'v2' ? /^http.*\.png\?/ : /^api\/[0-9a-f]{64}\.png$/),
      taskId: expect.stringMatching(/^\d{19}$/),
      magic: '89504e470d0a1a0a',
      paths: ['/first', '/second'],
      first: event,
      second: event,
      detail: { taskId, event: 'TASK_END', callbackStatus: 'SUCCESS', retryCount: 0 },
      resent: 0,
    });
  });
});
