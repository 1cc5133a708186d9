/** How many durable batches (a task and its job, guarded) the store commits per second, by number of concurrent callers,
 *  and what the queue costs with a large backlog. Ratios are against one caller of the same run.
 *  With DATABASE_URL set, PostgreSQL too: an empty database that may be filled. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createEmbeddedQueue } from '../src/queue/embedded.ts';
import type { Db } from '../src/store/db.ts';
import { openDb } from '../src/store/open.ts';
import { getTask, insertTask, setProgress, type TaskRow } from '../src/store/tasks.ts';
import { taskRow } from '../src/store/testing/rows.ts';
import { printTable } from './table.ts';

const RUN_MS = 1_200;
const CALLERS = [1, 64, 256];

const newRow = (id: string): TaskRow =>
  taskRow(id, {
    account_id: 'acct_bench',
    input: JSON.stringify({ prompt: 'a paper boat crosses a pond. '.repeat(15), size: '720x1280', duration: '12' }),
  });

let lastId = 0;

async function measureWrites(db: Db, callers: number) {
  const queue = createEmbeddedQueue({ db, holder: `bench-${callers}` });
  const stopAtMs = performance.now() + RUN_MS;
  const latenciesMs: number[] = [];
  const call = async () => {
    while (performance.now() < stopAtMs) {
      const id = String(++lastId);
      const fromMs = performance.now();
      await db.write([
        insertTask(db, newRow(id)),
        ...queue.enqueue({ id, queue: 'bench', groupKey: 'acct_bench', payload: id }, Date.now()),
        setProgress(db, { id, progress: 0 }),
      ]);
      latenciesMs.push(performance.now() - fromMs);
    }
  };
  const fromMs = performance.now();
  await Promise.all(Array.from({ length: callers }, call));
  const perSecond = Math.round((latenciesMs.length / (performance.now() - fromMs)) * 1_000);
  latenciesMs.sort((a, b) => a - b);
  const at = (part: number) => (latenciesMs[Math.floor(latenciesMs.length * part)] ?? Number.NaN).toFixed(2);
  return { callers, perSecond, p50Ms: at(0.5), p99Ms: at(0.99) };
}

async function timed(what: string, times: number, run: () => Promise<unknown>) {
  const fromMs = performance.now();
  for (let i = 0; i < times; i++) await run();
  return { what, eachMs: ((performance.now() - fromMs) / times).toFixed(3) };
}

async function measureQueue(db: Db) {
  const backlog = 50_000;
  const queue = createEmbeddedQueue({ db, holder: 'bench-queue' });
  const at = { leaseMs: 60_000 };
  const fill = async (name: string, runAtMs: number) => {
    for (let from = 0; from < backlog; from += 500)
      await db.write(
        Array.from({ length: 500 }, (_, i) => ({
          id: `${name}-${from + i}`,
          queue: name,
          groupKey: `group-${i % 250}`,
          payload: '',
          runAtMs,
        })).flatMap((job) => queue.enqueue(job, runAtMs)),
      );
  };
  const claim = (name: string, limit: number, groupLimit?: number) => () =>
    queue.claim({ queue: name, limit, ...at, nowMs: Date.now(), ...(groupLimit === undefined ? {} : { groupLimit }) });
  await fill('due', Date.now());
  await fill('later', Date.now() + 3_600_000);
  // What autovacuum does within a minute; until then PostgreSQL plans for an empty table.
  if (db.dialect === 'postgres') await db.write([{ sql: 'analyze', parameters: [] }]);
  const rows = [
    await timed('claim, empty queue', 300, claim('empty', 100)),
    await timed(`claim, ${backlog} jobs, none due`, 100, claim('later', 100)),
    await timed(`claim 10 with a group limit, ${backlog} due`, 10, claim('due', 10, 1_000)),
    await timed(`claim 1 of ${backlog} due`, 100, claim('due', 1)),
    await timed(`claim 1000 of ${backlog} due`, 20, claim('due', 1_000)),
  ];
  const leases = (await queue.claim({ queue: 'due', limit: backlog / 2, ...at, nowMs: Date.now() })).map(
    (job) => job.lease,
  );
  rows.push(
    await timed(`heartbeat of ${leases.length} leases`, 20, () =>
      queue.heartbeat(leases, { ...at, nowMs: Date.now() }),
    ),
    await timed(`claim 10 with a group limit, ${backlog / 2} held, all groups full`, 10, claim('due', 10, 1)),
  );
  await queue.close();
  return rows;
}

async function measure(name: string, db: Db) {
  const writes = [];
  for (const callers of CALLERS) writes.push(await measureWrites(db, callers));
  const base = writes[0]?.perSecond ?? Number.NaN;
  printTable(
    `${name}: durable batches of 3 statements`,
    writes.map((row) => ({ ...row, ratio: (row.perSecond / base).toFixed(2) })),
  );
  const reads = await timed('getTask', 20_000, () => getTask(db, String(lastId)));
  printTable(`${name}: reads and queue`, [reads, ...(await measureQueue(db))]);
}

const dataDir = await mkdtemp(join(tmpdir(), 'reelay-bench-'));
for (const databaseUrl of [undefined, process.env.DATABASE_URL]) {
  if (databaseUrl === undefined && process.argv.includes('--postgres-only')) continue;
  const db = await openDb({ dataDir, databaseUrl, onFatal: (error) => console.error(error) });
  await measure(db.dialect, db);
  await db.close();
  if (process.env.DATABASE_URL === undefined) break;
}
await rm(dataDir, { recursive: true });
