import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { getAccount } from '../store/accounts.ts';
import { countKeys, insertKey, listActiveAdminKeys } from '../store/api-keys.ts';
import type { Db } from '../store/db.ts';
import { openDb } from '../store/open.ts';
import { keyRow } from '../store/testing/rows.ts';
import { ensureFirstKey } from './bootstrap.ts';
import { createCallers, hashKey } from './keys.ts';

const A = 'a'.repeat(32);
const B = 'b'.repeat(32);
let folder: string;
let db: Db;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'reelay-bootstrap-'));
  db = await openDb({ dataDir: folder, databaseUrl: undefined, onFatal: () => undefined });
});
afterEach(async () => {
  await db.close();
  await rm(folder, { recursive: true, force: true });
});
const start = (adminKey?: string) => ensureFirstKey({ db, adminKey, randomBytes, nowMs: () => 1_000 });
const activeHashes = async () => (await listActiveAdminKeys(db)).map(({ hash }) => hash);

test('the first start makes an account and a key, and shows the key once', async () => {
  const key = await start();
  expect(key).toMatch(/^[0-9a-f]{32}$/);
  expect(await createCallers({ db, nowMs: () => 0 })({ key: key, address: '127.0.0.1' }, 'admin')).toMatchObject({
    accountId: 'acct_default',
    isAdmin: true,
  });
  expect(await getAccount(db, 'acct_default')).toMatchObject({
    name: 'Default',
    created_at_ms: 1_000,
    is_unlimited: 1,
  });
  expect(await listActiveAdminKeys(db)).toMatchObject([
    { hint: `${key?.slice(0, 4)}${key?.slice(-4)}`, created_at_ms: 1_000 },
  ]);
  expect(await start()).toBeUndefined();
  expect(await countKeys(db)).toBe(1);
});

test('of starts that happen together one makes the key', async () => {
  const keys = await Promise.all(Array.from({ length: 8 }, () => start()));
  const made = keys.filter((key) => key !== undefined);
  expect(made).toHaveLength(1);
  expect(await activeHashes()).toEqual(made.map(hashKey));
});

test('a configured key is the one admin key, and nothing is shown', async () => {
  expect(await start(A)).toBeUndefined();
  expect(await start(A)).toBeUndefined();
  expect(await activeHashes()).toEqual([hashKey(A)]);
  expect(await createCallers({ db, nowMs: () => 0 })({ key: A, address: '127.0.0.1' }, 'admin')).toMatchObject({
    accountId: 'acct_default',
    isAdmin: true,
  });
});

test('starts that happen together with one configured key agree', async () => {
  await Promise.all(Array.from({ length: 8 }, () => start(A)));
  expect(await activeHashes()).toEqual([hashKey(A)]);
  expect(await countKeys(db)).toBe(1);
});

test('another configured key replaces the former one, and going back restores it', async () => {
  for (const [now, before] of [
    [A, undefined],
    [B, A],
    [A, B],
  ] as const) {
    await start(now);
    expect(await activeHashes()).toEqual([hashKey(now)]);
    if (before !== undefined) {
      await expect(
        createCallers({ db, nowMs: () => 0 })({ key: before, address: '127.0.0.1' }, 'admin'),
      ).rejects.toMatchObject({ code: 'unauthorized' });
    }
  }
  expect(await countKeys(db)).toBe(2);
});

test('a configured key replaces a made one that was lost', async () => {
  const lost = await start();
  await start(A);
  expect(await activeHashes()).toEqual([hashKey(A)]);
  await expect(
    createCallers({ db, nowMs: () => 0 })({ key: lost, address: '127.0.0.1' }, 'admin'),
  ).rejects.toMatchObject({ code: 'unauthorized' });
});

test('taking the configured key away leaves it in force and makes no other', async () => {
  await start(A);
  expect(await start()).toBeUndefined();
  expect(await activeHashes()).toEqual([hashKey(A)]);
});

test('the made key may be configured later', async () => {
  const key = await start();
  await start(key);
  expect(await activeHashes()).toEqual([hashKey(key ?? '')]);
  expect(await countKeys(db)).toBe(1);
});

test('a configured key leaves the keys alone that were made by API', async () => {
  await start(A);
  await db.write([insertKey(db, keyRow({ id: 'key_api', account_id: 'acct_default', hash: 'made', is_admin: 1 }))]);
  await start(B);
  expect((await activeHashes()).sort()).toEqual([hashKey(B), 'made'].sort());
});
