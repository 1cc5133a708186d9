import { createHash } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { insertAccount } from '../store/accounts.ts';
import { insertKey, revokeKey } from '../store/api-keys.ts';
import type { Db } from '../store/db.ts';
import { openDb } from '../store/open.ts';
import { accountRow, keyRow as newKeyRow } from '../store/testing/rows.ts';
import { createCallers, hashKey } from './keys.ts';

const KEY = '0123456789abcdef0123456789abcdef';
let folder: string;
let db: Db;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'reelay-keys-'));
  db = await openDb({ dataDir: folder, databaseUrl: undefined, onFatal: () => undefined });
  await db.write([
    insertAccount(db, accountRow('acct_a')),
    keyRow('key_admin', KEY, 1),
    keyRow('key_plain', 'f'.repeat(32), 0),
    keyRow('key_old', 'e'.repeat(32), 1),
    revokeKey(db, { id: 'key_old', revoked_at_ms: 2 }),
  ]);
});
afterAll(async () => {
  await db.close();
  await rm(folder, { recursive: true, force: true });
});
const from = (key: string | undefined) => ({ key, address: '127.0.0.1' });
const keyRow = (id: string, key: string, isAdmin: number) =>
  insertKey(db, newKeyRow({ id, hash: hashKey(key), hint: key.slice(-4), is_admin: isAdmin }));

test('a key is stored as its SHA-256', () => {
  expect(hashKey(KEY)).toBe(createHash('sha256').update(KEY).digest('hex'));
});

test('a key says whose it is and whether it administers', async () => {
  const callers = createCallers({ db, nowMs: () => 0 });
  expect(await callers(from(KEY), 'tasks:read')).toEqual({
    accountId: 'acct_a',
    keyId: 'key_admin',
    isAdmin: true,
    currency: 'CNY',
  });
  expect(await callers(from('f'.repeat(32)), 'tasks:read')).toEqual({
    accountId: 'acct_a',
    keyId: 'key_plain',
    isAdmin: false,
    currency: 'CNY',
  });
});

test.each([
  ['no key', undefined],
  ['an empty key', ''],
  ['an unknown key', '0'.repeat(32)],
  ['a revoked key', 'e'.repeat(32)],
  ['the hash of a key', hashKey(KEY)],
  ['a key in capitals', KEY.toUpperCase()],
  ['a key of a megabyte', 'a'.repeat(1_048_576)],
])('%s is unauthorized', async (_name, key) => {
  await expect(createCallers({ db, nowMs: () => 0 })(from(key), 'tasks:read')).rejects.toMatchObject({
    code: 'unauthorized',
    message: 'ApiKey verification failed',
  });
});

test('a key that is revoked stops within a second', async () => {
  let clockMs = 5_000;
  const callers = createCallers({ db, nowMs: () => clockMs });
  await db.write([keyRow('key_short', 'd'.repeat(32), 0)]);
  expect(await callers(from('d'.repeat(32)), 'tasks:read')).toMatchObject({ keyId: 'key_short' });
  await db.write([revokeKey(db, { id: 'key_short', revoked_at_ms: 3 })]);
  clockMs += 1_000;
  await expect(callers(from('d'.repeat(32)), 'tasks:read')).rejects.toMatchObject({ code: 'unauthorized' });
});

test('a key that is made is known at once, although it was refused before', async () => {
  const callers = createCallers({ db, nowMs: () => 0 });
  await expect(callers(from('c'.repeat(32)), 'tasks:read')).rejects.toMatchObject({ code: 'unauthorized' });
  await db.write([keyRow('key_late', 'c'.repeat(32), 0)]);
  expect(await callers(from('c'.repeat(32)), 'tasks:read')).toMatchObject({ keyId: 'key_late' });
});
