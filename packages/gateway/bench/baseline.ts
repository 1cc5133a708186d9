/** The same HTTP server doing the least possible: what the gateway is measured against. A process of its own, so that
 *  it has an event loop to itself, as the gateway has. Prints its address.
 *  `/insert` makes one row durable through the same grouped commits; `/constant` answers a body of a query's size. */
import { randomUUID } from 'node:crypto';
import Fastify from 'fastify';
import { openDb } from '../src/store/open.ts';
import { insertSetting } from '../src/store/settings.ts';

const dataDir = process.argv[2] ?? '';
const answer = process.argv[3] ?? '{}';
const db = await openDb({ dataDir, databaseUrl: undefined, onFatal: () => process.exit(1) });
const app = Fastify();
app.post('/insert', async (request) => {
  await db.write([insertSetting(db, { name: randomUUID(), value: JSON.stringify(request.body) })]);
  return { ok: true };
});
app.post('/constant', async (_request, reply) => reply.type('application/json').send(answer));
console.log(`baseline at ${await app.listen({ port: 0, host: '127.0.0.1' })}`);
process.on('disconnect', () => process.exit(0));
