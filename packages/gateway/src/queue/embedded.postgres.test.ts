import { test } from 'vitest';
import { createPostgresDb, POSTGRES_URL } from '../store/testing/databases.ts';
import { createEmbeddedQueue } from './embedded.ts';
import { describeQueue } from './queue.contract.ts';

if (POSTGRES_URL === undefined) {
  test.skip('PostgreSQL: set REELAY_TEST_DATABASE_URL to run the queue suite on it', () => undefined);
} else {
  describeQueue('embedded queue on PostgreSQL', { create: createPostgresDb, createQueue: createEmbeddedQueue });
}
