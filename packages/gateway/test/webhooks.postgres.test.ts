import { test } from 'vitest';
import { createDatabase } from './postgres.ts';
import { describeWebhooks } from './webhooks.suite.ts';
import { describeWebhookKill } from './webhooks-kill.suite.ts';

const serverUrl = process.env.REELAY_TEST_DATABASE_URL;

if (serverUrl === undefined) {
  test.skip('PostgreSQL: set REELAY_TEST_DATABASE_URL to send webhooks from it', () => undefined);
} else {
  describeWebhooks('webhooks on PostgreSQL', () => createDatabase(serverUrl));
  describeWebhookKill('webhooks on PostgreSQL', () => createDatabase(serverUrl));
}
