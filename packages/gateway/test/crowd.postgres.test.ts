import { test } from 'vitest';
import { describeCrowd } from './crowd.suite.ts';
import { createDatabase } from './postgres.ts';

const serverUrl = process.env.REELAY_TEST_DATABASE_URL;

if (serverUrl === undefined) {
  test.skip('PostgreSQL: set REELAY_TEST_DATABASE_URL to run the crowd on it', () => undefined);
} else {
  describeCrowd('a crowd on PostgreSQL', () => createDatabase(serverUrl));
}
