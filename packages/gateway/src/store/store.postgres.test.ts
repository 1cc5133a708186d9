import { tmpdir } from 'node:os';
import pg from 'pg';
import { describe, expect, onTestFinished, test } from 'vitest';
import { type Db, WriteLost } from './db.ts';
import { BEFORE_ALL_EVENTS, insertEvent, listEvents } from './events.ts';
import { openDb } from './open.ts';
import { getSetting, insertSetting } from './settings.ts';
import { describeStore } from './store.contract.ts';
import { getTask, insertTask, moveTask } from './tasks.ts';
import { startCuttingProxy } from './testing/cutting-proxy.ts';
import { createPostgresDatabase, createPostgresDb, POSTGRES_URL } from './testing/databases.ts';
import { taskRow } from './testing/rows.ts';

/** Closed at the end of the test, as all that follows. */
async function openAt(databaseUrl: string): Promise<Db> {
  const db = await openDb({ dataDir: tmpdir(), databaseUrl, onFatal: (error) => Promise.reject(error) });
  onTestFinished(() => db.close());
  return db;
}
async function createDatabase(): Promise<URL> {
  const { url, drop } = await createPostgresDatabase();
  onTestFinished(drop);
  return new URL(url);
}
const create = async (): Promise<Db> => openAt((await createDatabase()).href);
const plain = (sql: string) => ({ sql, parameters: [] });
/** A transaction that has written, and stays open. @returns what ends it. */
async function write(url: URL): Promise<() => Promise<unknown>> {
  const client = new pg.Client({ connectionString: url.href });
  await client.connect();
  onTestFinished(() => client.end());
  await client.query('begin');
  await client.query('select pg_current_xact_id()');
  return () => client.query('commit');
}

if (POSTGRES_URL === undefined) {
  test.skip('PostgreSQL: set REELAY_TEST_DATABASE_URL to run the store suite on it', () => undefined);
} else {
  describeStore('PostgreSQL', createPostgresDb);
  describe('PostgreSQL', () => {
    test('processes that start together on an empty database migrate it once', async () => {
      const url = await createDatabase();
      const opened = await Promise.all(Array.from({ length: 5 }, () => openAt(url.href)));
      const [one] = opened;
      const numbers =
        (await one?.read<{ number: number }>(plain('select number from migrations order by number'))) ?? [];
      expect(numbers.length).toBeGreaterThan(5);
      expect(numbers.map(({ number }) => number)).toEqual(numbers.map((_, index) => index + 1));
    });

    test('what the server undid because of another transaction is run again, a bounded number of times', async () => {
      const db = await create();
      // A sequence counts on when a transaction is undone.
      await db.write([
        plain('create sequence tries'),
        plain(`create function fail_until(wanted integer) returns void language plpgsql as
          $$ begin if nextval('tries') < wanted then raise exception 'undone' using errcode = '40001'; end if; end $$`),
      ]);
      const outcome = await db.write([insertTask(db, taskRow('1')), plain('select fail_until(4)')]);
      expect(outcome.committed).toBe(true);
      expect(await getTask(db, '1')).toBeDefined();
      await expect(db.write([plain('select fail_until(1000)')])).rejects.toMatchObject({ code: '40001' });
      expect(await db.read(plain('select last_value from tries'))).toEqual([{ last_value: 12 }]);
    });

    test('events wait for older transactions of their own database, and for none of another', async () => {
      const [url, other] = [await createDatabase(), await createDatabase()];
      const db = await openAt(url.href);
      const tell = (n: number) =>
        db.write([insertEvent(db, { account_id: 'a', task_id: '1', type: `${n}`, at_ms: n })]);
      const types = async () => (await listEvents(db, { after: BEFORE_ALL_EVENTS, limit: 9 })).map(({ type }) => type);
      await write(other);
      await tell(1);
      await expect.poll(types).toEqual(['1']);
      const end = await write(url);
      await tell(2);
      expect(await types()).toEqual(['1']);
      await end();
      await expect.poll(types).toEqual(['1', '2']);
    });

    test.each([
      ['one statement', 1, false],
      ['several statements', 2, false],
      ['a condition', 2, true],
    ])(
      'a connection that breaks around the commit of %s leaves the fate open, and says so',
      async (_name, size, isConditional) => {
        const url = await createDatabase();
        const proxy = await startCuttingProxy({ host: url.hostname, port: Number(url.port || 5432) });
        onTestFinished(() => proxy.close());
        url.host = `127.0.0.1:${proxy.port}`;
        const db = await openAt(url.href);
        await db.write([insertTask(db, taskRow('1'))]);
        const batch = (id: string) => [
          ...(isConditional ? [moveTask(db, { id: '1', from: 'queued', to: 'queued' })] : []),
          ...Array.from({ length: size }, (_, i) => insertSetting(db, { name: `${id}-${i}`, value: 'cut here' })),
        ];
        proxy.cutAt('client', size === 1 ? 'cut here' : 'commit');
        await expect(db.write(batch('before'))).rejects.toThrow(WriteLost);
        proxy.cutAt('server', size === 1 ? 'INSERT' : 'COMMIT');
        await expect(db.write(batch('after'))).rejects.toThrow(WriteLost);
        // The pool replaces what broke, and both ends of "open" are real.
        expect((await db.write(batch('whole'))).committed).toBe(true);
        expect(await getSetting(db, 'before-0')).toBeUndefined();
        expect(await getSetting(db, 'whole-0')).toBe('cut here');
        expect(await getSetting(db, 'after-0')).toBe('cut here');
      },
    );

    test('a connection that breaks before the commit has changed nothing, and is no lost write', async () => {
      const db = await create();
      const end = plain('select pg_terminate_backend(pg_backend_pid())');
      const write = db.write([
        insertTask(db, taskRow('1')),
        end,
        moveTask(db, { id: '1', from: 'queued', to: 'submitting' }),
      ]);
      const error = await write.catch((reason: unknown) => reason);
      expect(error).toBeInstanceOf(Error);
      expect(error).not.toBeInstanceOf(WriteLost);
      expect(await getTask(db, '1')).toBeUndefined();
      expect((await db.write([insertTask(db, taskRow('1'))])).committed).toBe(true);
    });

    test('a failed condition is the answer even when a later statement fails as well', async () => {
      const db = await create();
      const outcome = await db.write([
        moveTask(db, { id: 'none', from: 'queued', to: 'submitting' }),
        insertTask(db, taskRow('1')),
        insertTask(db, taskRow('1')),
      ]);
      expect(outcome).toEqual({ committed: false, failed: 0 });
      expect(await getTask(db, '1')).toBeUndefined();
    });

    test('a server that is not there is an error at start', async () => {
      await expect(openAt('postgres://postgres@127.0.0.1:1/none')).rejects.toThrow('ECONNREFUSED');
    });
  });
}
