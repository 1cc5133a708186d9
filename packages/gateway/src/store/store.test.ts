import { fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openDb } from './open.ts';
import { AlreadyRunningError, acquireOwnerLock } from './owner-lock.ts';
import { getSetting, insertSetting } from './settings.ts';
import { openSqlite, type SqliteDb } from './sqlite/open-sqlite.ts';
import { describeStore } from './store.contract.ts';
import { getTask, insertTask } from './tasks.ts';
import { createSqliteDb } from './testing/databases.ts';
import { taskRow } from './testing/rows.ts';

describeStore('SQLite', createSqliteDb);

const WRITE_FOREVER = join(import.meta.dirname, 'testing/write-forever.ts');

const inFolder = async (run: (dataDir: string) => Promise<void>) => {
  const dataDir = await mkdtemp(join(tmpdir(), 'reelay-store-'));
  try {
    await run(dataDir);
  } finally {
    await rm(dataDir, { recursive: true });
  }
};
const neverFatal = (error: Error) => {
  throw error;
};

test('batches that wait together share one commit', () =>
  inFolder(async (dataDir) => {
    await (await openDb({ dataDir, databaseUrl: undefined, onFatal: neverFatal })).close();
    const db: SqliteDb = await openSqlite({ path: join(dataDir, 'reelay.db'), onFatal: neverFatal });
    await Promise.all(
      Array.from({ length: 500 }, (_, i) => db.write([insertSetting(db, { name: `${i}`, value: '' })])),
    );
    expect(db.stats()).toEqual({ batches: 500, commits: 2 });
    await db.close();
  }));

test('a group is bounded, in batches and in bytes', () =>
  inFolder(async (dataDir) => {
    await (await openDb({ dataDir, databaseUrl: undefined, onFatal: neverFatal })).close();
    const db = await openSqlite({ path: join(dataDir, 'reelay.db'), onFatal: neverFatal });
    // The first goes alone, for the writer is idle.
    await Promise.all(
      Array.from({ length: 2_001 }, (_, i) => db.write([insertSetting(db, { name: `${i}`, value: '' })])),
    );
    expect(db.stats()).toEqual({ batches: 2_001, commits: 3 });
    const value = 'x'.repeat(12 * 1_048_576);
    await Promise.all(Array.from({ length: 5 }, (_, i) => db.write([insertSetting(db, { name: `big-${i}`, value })])));
    expect(db.stats()).toEqual({ batches: 2_006, commits: 6 });
    await db.close();
  }));

test('a full disk is reported to those whose batch did not fit, and the store goes on when there is room again', () =>
  inFolder(async (dataDir) => {
    const db = await openDb({ dataDir, databaseUrl: undefined, onFatal: neverFatal });
    const limitPages = (pages: number) => db.write([{ sql: `pragma max_page_count = ${pages}`, parameters: [] }]);
    await limitPages(60);
    const value = 'x'.repeat(20_000);
    const answers = await Promise.allSettled(
      Array.from({ length: 40 }, (_, i) => db.write([insertSetting(db, { name: `${i}`, value })])),
    );
    const refused = answers.filter(({ status }) => status === 'rejected');
    expect(refused.length).toBeGreaterThan(0);
    expect(refused[0]).toMatchObject({ reason: { message: 'database or disk is full', errcode: 13 } });
    for (const [i, { status }] of answers.entries())
      expect((await getSetting(db, `${i}`)) !== undefined).toBe(status === 'fulfilled');
    await limitPages(1_000_000);
    expect(await db.write([insertSetting(db, { name: 'after', value })])).toMatchObject({ committed: true });
    await db.close();
  }));

test('a writer that dies is told to the owner once, and to everybody who waits or comes later', () =>
  inFolder(async (dataDir) => {
    await (await openDb({ dataDir, databaseUrl: undefined, onFatal: neverFatal })).close();
    const fatal: Error[] = [];
    const db = await openSqlite({
      path: join(dataDir, 'reelay.db'),
      onFatal: (error) => fatal.push(error),
      writerMemoryMb: 48,
    });
    // More than the writer has memory for.
    const sql = `with recursive n(i) as (select 1 union all select i + 1 from n limit 150)
      select hex(randomblob(500000)) from n`;
    const answers = await Promise.allSettled([
      db.write([{ sql, parameters: [] }]),
      db.write([insertSetting(db, { name: 'waits', value: '' })]),
    ]);
    await expect(db.write([insertSetting(db, { name: 'late', value: '' })])).rejects.toThrow('writer failed');
    for (const answer of answers)
      expect(answer).toMatchObject({ reason: { message: expect.stringContaining('memory') } });
    expect(fatal).toHaveLength(1);
    await db.close();
  }));

test('a file that is no database is refused, and nothing is left running', () =>
  inFolder(async (dataDir) => {
    await writeFile(join(dataDir, 'reelay.db'), 'a letter to my mother, long enough to have a header'.repeat(99));
    await expect(openDb({ dataDir, databaseUrl: undefined, onFatal: neverFatal })).rejects.toThrow('not a database');
  }));

test.skipIf(process.platform === 'win32')(
  'a disk that refuses to take more bytes loses nothing that was acknowledged',
  () =>
    inFolder(async (dataDir) => {
      await (await openDb({ dataDir, databaseUrl: undefined, onFatal: neverFatal })).close();
      // The shell's limit on the size of a file makes every write beyond it fail, as a broken disk would.
      // Far above what the migrations take.
      const command = 'ulimit -f 2400; exec "$0" "$@"';
      const child = spawn('sh', ['-c', command, process.execPath, WRITE_FOREVER, dataDir, '0'], {
        stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
      });
      let highest = -1;
      let failure = '';
      child.on('message', (message: number | string) => {
        if (typeof message === 'string') failure = message;
        else highest = Math.max(highest, message);
      });
      const [code] = await once(child, 'exit');
      expect(code).toBe(3);
      expect(failure).toMatch(/disk/);
      expect(highest).toBeGreaterThan(10);
      await expectWhole(dataDir, '0', highest);
    }),
);

test('a write that was accepted before close is durable, one after it is refused', () =>
  inFolder(async (dataDir) => {
    const db = await openDb({ dataDir, databaseUrl: undefined, onFatal: neverFatal });
    const writes = Array.from({ length: 50 }, (_, i) => db.write([insertTask(db, taskRow(`${i}`))]));
    const closing = db.close();
    await expect(db.write([insertTask(db, taskRow('late'))])).rejects.toThrow('closed');
    await Promise.all(writes);
    await closing;
    const again = await openDb({ dataDir, databaseUrl: undefined, onFatal: neverFatal });
    expect(await getTask(again, '49')).toBeDefined();
    await again.close();
  }));

const refusal = (dataDir: string): unknown => {
  try {
    acquireOwnerLock(dataDir).release();
    return undefined;
  } catch (error) {
    return error;
  }
};

test('a second owner of a data folder is told who has it, and a released folder can be owned again', () =>
  inFolder(async (dataDir) => {
    const lock = acquireOwnerLock(dataDir);
    expect(refusal(dataDir)).toMatchObject({ pid: process.pid, url: undefined });
    const url = 'http://127.0.0.1:8090';
    lock.describe({ url });
    const error = refusal(dataDir);
    expect(error).toBeInstanceOf(AlreadyRunningError);
    expect(error).toMatchObject({ pid: process.pid, url });
    expect(String(error)).toContain(`process ${process.pid}, at ${url}`);
    await rm(join(dataDir, 'owner.json'));
    expect(refusal(dataDir)).toMatchObject({ name: 'AlreadyRunningError', pid: undefined });
    lock.release();
    expect(refusal(dataDir)).toBeUndefined();
  }));

test('the folder of a process that was killed can be owned at once', () =>
  inFolder(async (dataDir) => {
    const child = fork(join(import.meta.dirname, 'testing/own-forever.ts'), [dataDir]);
    await once(child, 'message');
    expect(refusal(dataDir)).toMatchObject({ pid: child.pid, url: 'http://owner.test' });
    child.kill('SIGKILL');
    await once(child, 'exit');
    expect(refusal(dataDir)).toBeUndefined();
  }));

test('a database of a newer release is refused', () =>
  inFolder(async (dataDir) => {
    const db = await openDb({ dataDir, databaseUrl: undefined, onFatal: neverFatal });
    await db.write([
      { sql: `insert into migrations (number, name, applied_at_ms) values (99, 'future', 0)`, parameters: [] },
    ]);
    await db.close();
    await expect(openDb({ dataDir, databaseUrl: undefined, onFatal: neverFatal })).rejects.toThrow('newer Reelay');
  }));

test('killed while writing, the file has every acknowledged batch and no half of one', () =>
  inFolder(async (dataDir) => {
    for (let round = 0; round < 5; round++) {
      const child = fork(WRITE_FOREVER, [dataDir, `${round}`]);
      let highest = -1;
      let seen = 0;
      child.on('message', (acknowledged: number) => {
        highest = Math.max(highest, acknowledged);
        seen += 1;
        if (seen === 40 * (round + 1)) child.kill('SIGKILL');
      });
      const [, signal] = await once(child, 'exit');
      expect(signal).toBe('SIGKILL');
      await expectWhole(dataDir, `${round}`, highest);
    }
  }));

/** Every batch up to `highest` is there, and of none only one half. */
async function expectWhole(dataDir: string, round: string, highest: number): Promise<void> {
  const db = await openDb({ dataDir, databaseUrl: undefined, onFatal: neverFatal });
  for (let n = 0; n <= highest; n++) expect(await getTask(db, `a${round}-${n}`), `${round}-${n}`).toBeDefined();
  const halves = await db.read<{ id: string }>({
    sql: `select id from tasks as one where not exists (select 1 from tasks as other
            where other.id = case when one.id like 'a%' then 'b' else 'a' end || substr(one.id, 2))`,
    parameters: [],
  });
  expect(halves).toEqual([]);
  expect(await db.read({ sql: 'pragma integrity_check', parameters: [] })).toEqual([{ integrity_check: 'ok' }]);
  await db.close();
}
