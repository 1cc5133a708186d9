import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createClient } from '../test/server-process.ts';
import { type BenchChild, startChild } from './child.ts';
import { type Load, load, median } from './load.ts';

const KEY = '0123456789abcdef0123456789abcdef';
const CLIENTS = [1, 64, 256];
const ENDPOINT = '/openapi/v2/rhart-video-s-official/text-to-video-pro';
const SUBMIT = {
  prompt:
    'An elderly glassblower exhales into a pipe. A molten vase glows in the dark workshop. The camera slowly pushes in.',
  size: '720x1280',
  duration: '12',
};

export type HttpRow = {
  readonly what: 'submit' | 'query';
  readonly clients: number;
  readonly perSecond: number;
  readonly baselinePerSecond: number;
  readonly ratio: number;
  readonly p99Ms: number;
  readonly errors: number;
};

/** Submits and queries per second beside the same HTTP server doing the least possible. Gateway and baseline take turns,
 *  so that a machine whose speed drifts slows both; medians of `rounds`. The load generator shares the cores with both. */
export async function measureHttp(p: { seconds: number; rounds: number }): Promise<HttpRow[]> {
  const folders = await Promise.all([1, 2].map(() => mkdtemp(join(tmpdir(), 'reelay-bench-'))));
  const [dataDir = '', baselineDir = ''] = folders;
  const server = await startChild('gateway.ts', [dataDir, KEY]);
  const client = createClient(server.url, KEY);
  let baseline: BenchChild | undefined;
  try {
    const taskId = String((await client.post(ENDPOINT, SUBMIT)).taskId);
    const answer = JSON.stringify(await client.post('/openapi/v2/query', { taskId }));
    baseline = await startChild('baseline.ts', [baselineDir, answer]);
    const cases = [
      { what: 'query', path: '/openapi/v2/query', body: { taskId }, against: '/constant' },
      { what: 'submit', path: ENDPOINT, body: SUBMIT, against: '/insert' },
    ] as const;
    const rows: HttpRow[] = [];
    for (const { what, path, body, against } of cases) {
      for (const clients of CLIENTS) {
        const ours: Load[] = [];
        const theirs: Load[] = [];
        for (let round = 0; round < p.rounds; round++) {
          const common = { key: KEY, body, clients, seconds: p.seconds };
          ours.push(await load({ ...common, url: server.url + path }));
          theirs.push(await load({ ...common, url: baseline.url + against }));
        }
        const perSecond = median(ours.map((one) => one.perSecond));
        const baselinePerSecond = median(theirs.map((one) => one.perSecond));
        rows.push({
          what,
          clients,
          perSecond,
          baselinePerSecond,
          ratio: Number((perSecond / baselinePerSecond).toFixed(2)),
          p99Ms: median(ours.map((one) => one.p99Ms)),
          errors: ours.reduce((sum, one) => sum + one.errors, 0),
        });
      }
    }
    return rows;
  } finally {
    baseline?.child.kill('SIGKILL');
    server.child.kill('SIGKILL');
    await Promise.all(folders.map((folder) => rm(folder, { recursive: true, force: true })));
  }
}
