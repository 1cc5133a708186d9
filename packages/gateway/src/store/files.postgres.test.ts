import { test } from 'vitest';
import { describeFiles } from './files.contract.ts';
import { createPostgresDb, POSTGRES_URL } from './testing/databases.ts';

if (POSTGRES_URL === undefined) {
  test.skip('PostgreSQL: set REELAY_TEST_DATABASE_URL to run the suite of files on it', () => undefined);
} else {
  describeFiles('PostgreSQL', createPostgresDb);
}
