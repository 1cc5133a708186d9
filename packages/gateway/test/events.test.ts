import { describeEvents } from './events.suite.ts';

describeEvents('events on SQLite', async () => ({ env: {}, drop: () => undefined }));
