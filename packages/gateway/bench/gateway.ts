/** A gateway that accepts and answers and runs nothing, so that what is measured is the surface and the store and not
 *  the renderer beside them. A process of its own. Prints its address. */
import { loadConfig } from '../src/config.ts';
import { startServer } from '../src/server.ts';

const [dataDir = '', key = ''] = process.argv.slice(2);
const config = loadConfig({ REELAY_PORT: '0', REELAY_DATA_DIR: dataDir, REELAY_ADMIN_KEY: key }, dataDir);
const server = await startServer(config, { logLevel: 'error', runsTasks: false });
console.log(`gateway at ${server.url}`);
process.on('disconnect', () => process.exit(0));
