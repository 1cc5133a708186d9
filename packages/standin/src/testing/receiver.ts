import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

export type Received = { readonly headers: Readonly<Record<string, string>>; readonly body: string };

/** Where callbacks arrive. `status` is what the next ones are answered with. */
export type Receiver = { readonly url: string; status: number; readonly received: Received[]; close(): Promise<void> };

export async function startReceiver(): Promise<Receiver> {
  const server = createServer(async (request, response) => {
    const headers = Object.entries(request.headers).map(([name, value]) => [name, String(value)]);
    receiver.received.push({ headers: Object.fromEntries(headers), body: await text(request) });
    response.writeHead(receiver.status).end();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  // A listening TCP server has an address of this shape.
  const { port } = server.address() as AddressInfo;
  const receiver: Receiver = {
    url: `http://127.0.0.1:${port}/hook`,
    status: 200,
    received: [],
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
  return receiver;
}
