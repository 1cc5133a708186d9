import { describeFiles } from './files.contract.ts';
import { createSqliteDb } from './testing/databases.ts';

describeFiles('SQLite', createSqliteDb);
