/** An upstream that accepts any number of jobs and ends each after a skewed random time. A process of its own.
 *  POST /jobs → { id }; GET /jobs/<id> → { endedAtMs: number | null }. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

const MEDIAN_MS = Number(process.argv[2] ?? 20_000);
const SPREAD = Number(process.argv[3] ?? 0.3);

/** Box-Muller: most jobs end near the median; with a spread of 0.3 one in forty takes nearly twice as long. */
const duration = () =>
  MEDIAN_MS * Math.exp(SPREAD * Math.sqrt(-2 * Math.log(1 - Math.random())) * Math.cos(2 * Math.PI * Math.random()));

const endsAtMs: number[] = [];
const server = createServer((request, response) => {
  const answer = (body: unknown) => response.setHeader('content-type', 'application/json').end(JSON.stringify(body));
  if (request.method === 'POST') {
    request.resume().on('end', () => answer({ id: endsAtMs.push(Date.now() + duration()) - 1 }));
    return;
  }
  const at = endsAtMs[Number(request.url?.split('/').at(-1))] ?? Number.POSITIVE_INFINITY;
  answer({ endedAtMs: at <= Date.now() ? at : null });
});
server.keepAliveTimeout = 60_000;
server.listen(0, '127.0.0.1', () => {
  // A listening TCP server has such an address.
  console.log(`upstream at http://127.0.0.1:${(server.address() as AddressInfo).port}`);
});
process.on('disconnect', () => process.exit(0));
