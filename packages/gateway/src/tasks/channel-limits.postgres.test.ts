import { onTestFinished, test } from 'vitest';
import { createPostgresDatabase, POSTGRES_URL } from '../store/testing/databases.ts';
import { describeChannelLimits } from './channel-limits.suite.ts';

const databaseUrl = async () => {
  const { url, drop } = await createPostgresDatabase();
  onTestFinished(drop);
  return url;
};

if (POSTGRES_URL === undefined) {
  test.skip('PostgreSQL: set REELAY_TEST_DATABASE_URL to run the limits of channels on it', () => undefined);
} else {
  describeChannelLimits('three processes on PostgreSQL', { houses: 3, tasks: 100, databaseUrl });
}
