import { describeLibrary } from './library.contract.ts';
import { createSqliteDb } from './testing/databases.ts';

describeLibrary('SQLite', createSqliteDb);
