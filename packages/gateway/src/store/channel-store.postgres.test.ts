import { test } from 'vitest';
import { describeChannelStore } from './channel-store.contract.ts';
import { createPostgresDb, POSTGRES_URL } from './testing/databases.ts';

if (POSTGRES_URL === undefined) {
  test.skip('PostgreSQL: set REELAY_TEST_DATABASE_URL to run the tables of channels on it', () => undefined);
} else {
  describeChannelStore('PostgreSQL', createPostgresDb);
}
