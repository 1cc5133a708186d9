import { onTestFinished, test } from 'vitest';
import { createPostgresDatabase, POSTGRES_URL } from '../store/testing/databases.ts';
import { describeFailoverCrashes } from './failover-crash.suite.ts';

const databaseUrl = async () => {
  const { url, drop } = await createPostgresDatabase();
  onTestFinished(drop);
  return url;
};

if (POSTGRES_URL === undefined) {
  test.skip('PostgreSQL: set REELAY_TEST_DATABASE_URL to run failover that is killed on it', () => undefined);
} else {
  describeFailoverCrashes('PostgreSQL', { databaseUrl });
}
