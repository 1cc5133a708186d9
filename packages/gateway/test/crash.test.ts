import { describeCrashes } from './crash.suite.ts';

describeCrashes('SQLite', async () => ({ env: {}, drop: async () => undefined }));
