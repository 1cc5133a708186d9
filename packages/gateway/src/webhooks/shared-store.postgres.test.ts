import { test } from 'vitest';
import { createPostgresDb, POSTGRES_URL } from '../store/testing/databases.ts';
import { describeSharedStore } from './shared-store.contract.ts';

if (POSTGRES_URL === undefined) {
  test.skip('PostgreSQL: set REELAY_TEST_DATABASE_URL to send from it', () => undefined);
} else {
  describeSharedStore('deliveries from PostgreSQL', createPostgresDb);
}
