import { createSqliteDb } from '../store/testing/databases.ts';
import { describeSharedStore } from './shared-store.contract.ts';

describeSharedStore('deliveries from SQLite', createSqliteDb);
