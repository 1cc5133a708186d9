import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Db } from './db.ts';
import { migrate } from './migrate.ts';
import { openPostgres } from './postgres/open-postgres.ts';
import { openSqlite } from './sqlite/open-sqlite.ts';

/** Opens the database that the configuration names, with its tables brought up to date.
 *  @param onFatal is called when nothing can be written any more. */
export async function openDb(p: {
  dataDir: string;
  databaseUrl: string | undefined;
  onFatal: (error: Error) => void;
  nowMs?: number;
}): Promise<Db> {
  await mkdir(p.dataDir, { recursive: true, mode: 0o700 });
  const db =
    p.databaseUrl === undefined
      ? await openSqlite({ path: join(p.dataDir, 'reelay.db'), onFatal: p.onFatal })
      : await openPostgres({ url: p.databaseUrl });
  try {
    await migrate(db, p.nowMs ?? Date.now());
    return db;
  } catch (error) {
    await db.close();
    throw error;
  }
}
