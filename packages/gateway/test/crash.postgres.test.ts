import { test } from 'vitest';
import { describeCrashes } from './crash.suite.ts';
import { createDatabase } from './postgres.ts';

const server = process.env.REELAY_TEST_DATABASE_URL;
if (server === undefined) {
  test.skip('PostgreSQL: set REELAY_TEST_DATABASE_URL to run the crash suite on it', () => undefined);
} else {
  describeCrashes('PostgreSQL', () => createDatabase(server));
}
