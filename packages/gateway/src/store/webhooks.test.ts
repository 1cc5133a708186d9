import { createSqliteDb } from './testing/databases.ts';
import { describeWebhookStore } from './webhooks.contract.ts';

describeWebhookStore('webhooks on SQLite', createSqliteDb);
