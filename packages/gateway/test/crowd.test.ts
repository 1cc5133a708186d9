import { describeCrowd } from './crowd.suite.ts';

describeCrowd('a crowd on SQLite', async () => ({ env: {}, drop: () => undefined }));
