import { randomUUID } from 'node:crypto';
import pg from 'pg';

/** A database of its own on this server: the settings that use it, and what removes it.
 *  @param serverUrl of a role that may create databases. */
export async function createDatabase(serverUrl: string) {
  const name = `reelay_test_${randomUUID().replaceAll('-', '')}`;
  const run = async (statement: string) => {
    const client = new pg.Client({ connectionString: serverUrl });
    await client.connect();
    try {
      await client.query(statement);
    } finally {
      await client.end();
    }
  };
  await run(`create database ${name}`);
  const url = new URL(serverUrl);
  url.pathname = `/${name}`;
  return { env: { DATABASE_URL: url.href }, drop: () => run(`drop database ${name} with (force)`) };
}
