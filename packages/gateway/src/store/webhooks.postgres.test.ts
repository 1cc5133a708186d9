import { test } from 'vitest';
import { createPostgresDb, POSTGRES_URL } from './testing/databases.ts';
import { describeWebhookStore } from './webhooks.contract.ts';

if (POSTGRES_URL === undefined) {
  test.skip('PostgreSQL: set REELAY_TEST_DATABASE_URL to run the suite of webhooks on it', () => undefined);
} else {
  describeWebhookStore('PostgreSQL', createPostgresDb);
}
