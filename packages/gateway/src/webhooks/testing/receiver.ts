import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

export type Received = {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
};

/** How it answers: with a status, or
 *  - `hang`: takes the request and says nothing;
 *  - `drip`: says 200 and never ends its body;
 *  - `endless`: says 200 and sends bytes for as long as anybody takes them;
 *  - `break`: closes the connection. */
export type Manner =
  | number
  | 'hang'
  | 'drip'
  | 'endless'
  | 'break'
  | { readonly status: number; readonly headers?: Record<string, string>; readonly body?: string | Buffer };

export type Receiver = {
  readonly url: string;
  /** What arrived, in order. */
  readonly requests: Received[];
  /** @param n how many came before. */
  answer: (request: Received, n: number) => Manner;
  /** Requests that wait for an answer now, and the most that ever did. */
  stats(): { readonly open: number; readonly most: number; readonly sentBytes: number };
  close(): Promise<void>;
};

/** A receiver of webhooks on a real socket, that can be told to misbehave. Says 200 unless told otherwise. */
export async function startReceiver(): Promise<Receiver> {
  let open = 0;
  let most = 0;
  let sentBytes = 0;
  const server = createServer(async (request: IncomingMessage, response: ServerResponse) => {
    open += 1;
    most = Math.max(most, open);
    response.once('close', () => {
      open -= 1;
    });
    const received = { path: request.url ?? '', headers: request.headers, body: await text(request) };
    receiver.requests.push(received);
    respond(response, receiver.answer(received, receiver.requests.length - 1), (bytes) => {
      sentBytes += bytes;
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo; // A listening TCP server has one.
  const receiver: Receiver = {
    url: `http://127.0.0.1:${port}/hook`,
    requests: [],
    answer: () => 200,
    stats: () => ({ open, most, sentBytes }),
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
  return receiver;
}

const CHUNK = Buffer.alloc(65_536, 'x');

function respond(response: ServerResponse, manner: Manner, count: (bytes: number) => void): void {
  if (manner === 'hang') return;
  if (manner === 'break') return void response.destroy();
  if (manner === 'drip') return void response.writeHead(200).write('so far');
  if (manner === 'endless') {
    response.writeHead(200, { 'content-type': 'text/plain' });
    flood(response, count);
    return;
  }
  const { status, headers = {}, body = 'ok' } = typeof manner === 'number' ? { status: manner } : manner;
  response.writeHead(status, headers).end(body);
}

function flood(response: ServerResponse, count: (bytes: number) => void): void {
  while (!response.destroyed) {
    count(CHUNK.length);
    if (response.write(CHUNK)) continue;
    response.once('drain', () => flood(response, count));
    return;
  }
}
