import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openDb } from './open.ts';
import { AlreadyRunningError, acquireOwnerLock } from './owner-lock.ts';
import { insertSetting } from './settings.ts';
import { openSqlite, type SqliteDb } from './sqlite/open-sqlite.ts';
import { describeStore } from './store.contract.ts';
import { getTask, insertTask } from './tasks.ts';
import { createSqliteDb } from './testing/databases.ts';
import { taskRow } from './testing/rows.ts';

describeStore('SQLite', createSqliteDb);

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

test('a second owner of a data folder is told who has it, and a released folder can be owned again', () =>
  inFolder(async (dataDir) => {
    const lock = acquireOwnerLock(dataDir);
    lock.describe({ url: 'http://127.0.0.1:8090' });
    expect(() => acquireOwnerLock(dataDir)).toThrow(AlreadyRunningError);
    expect(() => acquireOwnerLock(dataDir)).toThrow(new RegExp(`process ${process.pid}, at http://127.0.0.1:8090`));
    lock.release();
    acquireOwnerLock(dataDir).release();
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

test('killed while writing, the file has every acknowledged batch and no half of one', { timeout: 60_000 }, () =>
  inFolder(async (dataDir) => {
    let highest = -1;
    for (let round = 0; round < 5; round++) {
      const child = fork(join(import.meta.dirname, 'testing/write-forever.ts'), [dataDir, `${round}`]);
      let seen = 0;
      child.on('message', (acknowledged: number) => {
        highest = Math.max(highest, acknowledged);
        seen += 1;
        if (seen === 40) child.kill('SIGKILL');
      });
      await once(child, 'exit');
      const db = await openDb({ dataDir, databaseUrl: undefined, onFatal: neverFatal });
      // Numbers are given in order, and each batch writes the same number twice.
      for (let n = 0; n <= highest; n++) expect(await getTask(db, `a${round}-${n}`), `${round}-${n}`).toBeDefined();
      const [counts] = await db.read<{ a: number; b: number }>({
        sql: `select sum(id like 'a%') as a, sum(id like 'b%') as b from tasks`,
        parameters: [],
      });
      expect(counts?.a).toBe(counts?.b);
      highest = -1;
      await db.close();
    }
  }),
);
