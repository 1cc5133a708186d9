import { createSqliteDb } from '../store/testing/databases.ts';
import { describeClaims } from './claims.contract.ts';

describeClaims('SQLite', createSqliteDb, { rooms: 1 });
