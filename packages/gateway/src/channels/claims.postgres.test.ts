import { test } from 'vitest';
import { createPostgresDb, POSTGRES_URL } from '../store/testing/databases.ts';
import { describeClaims } from './claims.contract.ts';

if (POSTGRES_URL === undefined) {
  test.skip('PostgreSQL: set REELAY_TEST_DATABASE_URL to run the claims of places on it', () => undefined);
} else {
  describeClaims('PostgreSQL', createPostgresDb, { rooms: 3 });
}
