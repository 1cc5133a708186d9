import { test } from 'vitest';
import { describeLibrary } from './library.contract.ts';
import { createPostgresDb, POSTGRES_URL } from './testing/databases.ts';

if (POSTGRES_URL === undefined) {
  test.skip('PostgreSQL: set REELAY_TEST_DATABASE_URL to run the suite of the library on it', () => undefined);
} else {
  describeLibrary('PostgreSQL', createPostgresDb);
}
