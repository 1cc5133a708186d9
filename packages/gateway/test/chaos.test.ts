import { describeChaos } from './chaos.suite.ts';

describeChaos('SQLite', async () => ({ env: {}, drop: async () => undefined }));
