import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startProcess } from '../test/server-process.ts';
import { median } from './load.ts';

export type StartRow = { readonly msToAnswer: number; readonly megabytes: number };

/** Wall time of the server process from its start to an answered /healthz, and its resident memory then. */
export async function measureStart(p: { rounds: number }): Promise<StartRow> {
  const dataDir = await mkdtemp(join(tmpdir(), 'reelay-bench-'));
  const walls: number[] = [];
  const sizes: number[] = [];
  try {
    for (let round = 0; round <= p.rounds; round++) {
      const startedAtMs = performance.now();
      const server = await startProcess({ REELAY_DATA_DIR: dataDir });
      await (await fetch(`${server.url}/healthz`)).arrayBuffer();
      // The first start makes the tables, which no later one does.
      if (round > 0) {
        walls.push(performance.now() - startedAtMs);
        sizes.push(await residentMegabytes(server.child.pid));
      }
      await server.stop('SIGTERM');
    }
    return { msToAnswer: Math.round(median(walls)), megabytes: Math.round(median(sizes)) };
  } finally {
    await rm(dataDir, { recursive: true, force: true });
  }
}

/** Linux tells; elsewhere not a number. */
async function residentMegabytes(pid: number | undefined): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
  return Number(/VmRSS:\s+(\d+)/.exec(status)?.[1] ?? Number.NaN) / 1_024;
}
