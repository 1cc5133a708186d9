/** The gateway with the most talkative log. Prints what `npm start` prints, so that `startProcess` can start it. */
import { loadConfig } from '../../src/config.ts';
import { startServer } from '../../src/server.ts';

const server = await startServer(loadConfig(process.env), { logLevel: 'debug' });
process.stdout.write(`Reelay is at ${server.url}\n`);
process.on('SIGTERM', () => void server.close().then(() => process.exit(0)));
