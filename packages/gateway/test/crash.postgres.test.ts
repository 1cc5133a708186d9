import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { test } from 'vitest';
import { describeCrashes } from './crash.suite.ts';

const server = process.env.REELAY_TEST_DATABASE_URL;

async function withAdmin(run: (client: pg.Client) => Promise<unknown>): Promise<void> {
  const client = new pg.Client({ connectionString: server });
  await client.connect();
  try {
    await run(client);
  } finally {
    await client.end();
  }
}

if (server === undefined) {
  test.skip('PostgreSQL: set REELAY_TEST_DATABASE_URL to run the crash suite on it', () => undefined);
} else {
  describeCrashes('PostgreSQL', async () => {
    const name = `reelay_crash_${randomUUID().replaceAll('-', '')}`;
    await withAdmin((client) => client.query(`create database ${name}`));
    const url = new URL(server);
    url.pathname = `/${name}`;
    return {
      env: { DATABASE_URL: url.href },
      drop: () => withAdmin((client) => client.query(`drop database ${name} with (force)`)),
    };
  });
}
