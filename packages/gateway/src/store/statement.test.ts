import { afterAll, beforeAll, expect, test } from 'vitest';
import { createBuilder } from './builder.ts';
import type { Db } from './db.ts';
import { prepare, prepareInsert } from './statement.ts';
import { createSqliteDb, type TestDb } from './testing/databases.ts';
import { taskRow } from './testing/rows.ts';

let opened: TestDb;
beforeAll(async () => {
  opened = await createSqliteDb();
});
afterAll(() => opened.drop());

/** Compiles for PostgreSQL, which needs no server. */
const postgres = (): Db => ({ ...opened.db, dialect: 'postgres', build: createBuilder('postgres') });

test('a query is built once for each database, and each call binds its own values by name', () => {
  let built = 0;
  const rename = prepare<{ id: string; name: string }>(
    (db, p) => {
      built += 1;
      return db
        .updateTable('accounts')
        .set({ name: p('name') })
        .where('id', '=', p('id'))
        .where('name', '<>', p('name'));
    },
    { expect: 1 },
  );
  const [one, two] = [opened.db, postgres()];
  expect(rename(one, { name: 'a', id: '1' }).parameters).toEqual(['a', '1', 'a']);
  expect(rename(one, { id: '2', name: 'b' }).parameters).toEqual(['b', '2', 'b']);
  expect(built).toBe(1);
  expect(rename(two, { id: '3', name: 'c' })).toMatchObject({ parameters: ['c', '3', 'c'], expect: 1 });
  expect(built).toBe(2);
  expect(rename(two, { id: '', name: '' }).sql).toContain('$1');
  expect(rename(one, { id: '', name: '' }).sql).toContain('?');
});

test('the text is the same object at each call, so that the caches below find it without comparing', () => {
  const count = prepare<object, { count: number }>((db) =>
    db.selectFrom('accounts').select(({ fn }) => fn.countAll<number>().as('count')),
  );
  expect(Object.is(count(opened.db, {}).sql, count(opened.db, {}).sql)).toBe(true);
  expect('expect' in count(opened.db, {})).toBe(false);
});

test('falsy values are bound as they are', () => {
  const set = prepare<{ progress: number; handle: string | null; input: string }>((db, p) =>
    db.updateTable('tasks').set({ progress: p('progress'), handle: p('handle'), input: p('input') }),
  );
  expect(set(opened.db, { progress: 0, handle: null, input: '' }).parameters).toEqual([0, null, '']);
});

test('literals of the query stay where they are among the named values', () => {
  const find = prepare<{ id: string }>((db, p) =>
    db.selectFrom('tasks').select('id').where('status', 'in', ['queued', 'running']).where('id', '=', p('id')).limit(3),
  );
  expect(find(opened.db, { id: 'x' }).parameters).toEqual(['queued', 'running', 'x', 3]);
});

test('an insert takes the columns it was told, whatever the order of the row', async () => {
  const insert = prepareInsert('settings', ['name', 'value']);
  expect(insert(opened.db, { value: 'v', name: 'n' }).parameters).toEqual(['n', 'v']);
});

test('a column that an insert forgot is refused by the database', async () => {
  const incomplete = prepareInsert('tasks', ['id', 'account_id']);
  await expect(opened.db.write([incomplete(opened.db, taskRow('1'))])).rejects.toThrow(/NOT NULL/);
});
