import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type ClientOptions, createClient } from '@reelay/client';
import { onTestFinished } from 'vitest';

export type Received = {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
};

/** What the stub does with a request: an answer, or anything that a server may do to a connection. */
export type Reply =
  | { readonly status?: number; readonly headers?: Record<string, string>; readonly body?: unknown }
  | ((response: ServerResponse) => void);

/** Breaks the connection. */
export const cut: Reply = (response) => response.destroy();
/** Never answers. */
export const silence: Reply = () => {};

export const problem = (status: number, code: string, more: object = {}): Reply => ({
  status,
  headers: { 'content-type': 'application/problem+json', 'x-request-id': 'req_1' },
  body: {
    type: `urn:reelay:error:${code}`,
    title: code,
    status,
    detail: `it is ${code}`,
    code,
    retryable: false,
    charged: false,
    ...more,
  },
});

/** Time that tests move: a pause is over at once and remembered, a limit is over when the test says so. */
export function createTestClock(nowMs = 0) {
  const pauses: number[] = [];
  const limits = new Map<symbol, { ms: number; callback: () => void }>();
  return {
    pauses,
    nowMs: () => nowMs,
    after(ms: number, callback: () => void) {
      const id = Symbol();
      // No pause of the client is as long as its shortest limit.
      if (ms >= 30_000) limits.set(id, { ms, callback });
      else {
        pauses.push(ms);
        setImmediate(() => limits.get(id)?.callback());
        limits.set(id, { ms, callback });
      }
      return () => limits.delete(id);
    },
    /** Ends the limits of so many milliseconds that run now. */
    expire(ms: number) {
      for (const limit of [...limits.values()]) if (limit.ms === ms) limit.callback();
    },
  };
}

/** A server that answers as the test says, request by request, and a client of it.
 *  @param answer the last of a list is given again and again. */
export async function startStub(
  answer: readonly Reply[] | ((request: Received, n: number) => Reply | Promise<Reply>),
  options: Partial<ClientOptions> = {},
) {
  const received: Received[] = [];
  // biome-ignore format: a table of cases
  const server = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request.setEncoding('latin1')) body += chunk;
    const { method = '', url: path = '', headers } = request;
    const n = received.push({ method, path, headers, body }) - 1;
    const reply = typeof answer === 'function' ? await answer({ method, path, headers, body }, n) : answer.at(Math.min(n, answer.length - 1));
    if (typeof reply === 'function') return reply(response);
    response.writeHead(reply?.status ?? 200, reply?.headers ?? {});
    response.end(typeof reply?.body === 'string' ? reply.body : JSON.stringify(reply?.body));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const clock = createTestClock();
  return { url, received, clock, client: createClient({ url, key: 'k', clock, random: () => 0.5, ...options }) };
}
