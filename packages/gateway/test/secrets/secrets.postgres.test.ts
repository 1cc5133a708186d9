import { test } from 'vitest';
import { createDatabase } from '../postgres.ts';
import { describeSecrets } from './secrets.suite.ts';

const serverUrl = process.env.REELAY_TEST_DATABASE_URL;

if (serverUrl === undefined) {
  test.skip('PostgreSQL: set REELAY_TEST_DATABASE_URL to look for secrets in it', () => undefined);
} else {
  describeSecrets('secrets on PostgreSQL', { createDatabase: () => createDatabase(serverUrl) });
}
