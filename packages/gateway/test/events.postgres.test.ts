import { test } from 'vitest';
import { describeEvents } from './events.suite.ts';
import { createDatabase } from './postgres.ts';

const serverUrl = process.env.REELAY_TEST_DATABASE_URL;

if (serverUrl === undefined) {
  test.skip('PostgreSQL: set REELAY_TEST_DATABASE_URL to run the streams on it', () => undefined);
} else {
  describeEvents('events on PostgreSQL', () => createDatabase(serverUrl));
}
