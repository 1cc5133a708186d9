import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import type { Db } from '../db.ts';
import { openDb } from '../open.ts';

/** A fresh database for one test, and what removes it. */
export type TestDb = {
  readonly db: Db;
  /** A second opening of the same tables. */
  reopen(): Promise<Db>;
  drop(): Promise<void>;
};

const failTest = (error: Error) => {
  throw error;
};

export async function createSqliteDb(): Promise<TestDb> {
  const dataDir = await mkdtemp(join(tmpdir(), 'reelay-store-'));
  const open = () => openDb({ dataDir, databaseUrl: undefined, onFatal: failTest });
  const db = await open();
  return {
    db,
    reopen: async () => {
      await db.close();
      return open();
    },
    drop: async () => {
      await db.close();
      await rm(dataDir, { recursive: true });
    },
  };
}

/** The server on which test databases may be made; absent, the PostgreSQL suites are skipped. */
export const POSTGRES_URL = process.env.REELAY_TEST_DATABASE_URL;

async function asAdmin(sql: string): Promise<void> {
  const client = new pg.Client({ connectionString: POSTGRES_URL });
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}

/** @returns the address of a new empty database, and what drops it. */
export async function createPostgresDatabase(): Promise<{ url: string; drop(): Promise<void> }> {
  const name = `reelay_test_${randomUUID().replaceAll('-', '')}`;
  await asAdmin(`create database ${name}`);
  const url = new URL(POSTGRES_URL ?? '');
  url.pathname = `/${name}`;
  return { url: url.href, drop: () => asAdmin(`drop database ${name} with (force)`) };
}

export async function createPostgresDb(): Promise<TestDb> {
  const database = await createPostgresDatabase();
  const opened: Db[] = [];
  const open = async () => {
    const db = await openDb({ dataDir: tmpdir(), databaseUrl: database.url, onFatal: failTest });
    opened.push(db);
    return db;
  };
  return {
    db: await open(),
    reopen: open,
    drop: async () => {
      await Promise.all(opened.map((one) => one.close()));
      await database.drop();
    },
  };
}
