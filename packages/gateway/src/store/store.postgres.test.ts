import { test } from 'vitest';
import { describeStore } from './store.contract.ts';
import { createPostgresDb, POSTGRES_URL } from './testing/databases.ts';

if (POSTGRES_URL === undefined) {
  test.skip('PostgreSQL: set REELAY_TEST_DATABASE_URL to run the store suite on it', () => undefined);
} else {
  describeStore('PostgreSQL', createPostgresDb);
}
