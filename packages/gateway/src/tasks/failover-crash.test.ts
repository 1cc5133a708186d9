import { describeFailoverCrashes } from './failover-crash.suite.ts';

describeFailoverCrashes('SQLite');
