import { test } from 'vitest';
import { describeChaos } from './chaos.suite.ts';
import { createDatabase } from './postgres.ts';

const server = process.env.REELAY_TEST_DATABASE_URL;
if (server === undefined) {
  test.skip('PostgreSQL: set REELAY_TEST_DATABASE_URL to run the chaos suite on it', () => undefined);
} else {
  describeChaos('PostgreSQL', () => createDatabase(server));
}
