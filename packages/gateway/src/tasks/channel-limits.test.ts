import { describeChannelLimits } from './channel-limits.suite.ts';

describeChannelLimits('one process on SQLite', { houses: 1, tasks: 200 });
