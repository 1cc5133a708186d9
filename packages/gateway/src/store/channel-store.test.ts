import { describeChannelStore } from './channel-store.contract.ts';
import { createSqliteDb } from './testing/databases.ts';

describeChannelStore('SQLite', createSqliteDb);
