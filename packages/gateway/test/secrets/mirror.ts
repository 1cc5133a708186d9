import { once } from 'node:events';
import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';

/** What a mirror does with requests: hands them on, or answers with all that it was told, credentials included. `at`: only
 *  with those that make something, or only with those that ask. */
export type Manner = 'pass' | { readonly status: number; readonly as: 'json' | 'html'; readonly at: 'submit' | 'poll' };

export type Mirror = {
  readonly url: string;
  manner: Manner;
  /** What came as proof of who asks, each once. */
  readonly proofs: ReadonlySet<string>;
  /** How often it answered by itself. */
  readonly echoes: number;
  close(): Promise<void>;
};

const MIN_PROOF_CHARS = 16;

/** Stands between the gateway and an upstream, and is the worst that an upstream can be: it quotes what it was sent. */
export async function startMirror(upstreamUrl: string): Promise<Mirror> {
  const proofs = new Set<string>();
  let echoes = 0;
  const server = createServer(async (asked, answer) => {
    const body = await buffer(asked);
    for (const [name, value] of Object.entries(asked.headers)) {
      // Our own id of a task is no secret.
      if (!/^authorization$|key|token/i.test(name) || name === 'idempotency-key') continue;
      for (const word of String(value).split(/[\s,]+/)) if (word.length >= MIN_PROOF_CHARS) proofs.add(word);
    }
    const { manner } = mirror;
    // What stands behind a token is asked for in peace.
    const isLogin = asked.url?.includes('token') === true;
    if (manner === 'pass' || isLogin || (asked.method === 'POST' ? 'submit' : 'poll') !== manner.at) {
      return handOn(upstreamUrl, asked, body, answer);
    }
    echoes += 1;
    echo(manner, asked, body, answer);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo; // A listening TCP server has one.
  const mirror: Mirror = {
    url: `http://127.0.0.1:${port}`,
    manner: 'pass',
    proofs,
    get echoes() {
      return echoes;
    },
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
  return mirror;
}

function handOn(upstreamUrl: string, { method, url, headers }: IncomingMessage, body: Buffer, answer: ServerResponse) {
  const { hostname, port } = new URL(upstreamUrl);
  const onward = request({ hostname, port, method, path: url, headers }, (response) => {
    answer.writeHead(response.statusCode ?? 502, response.headers);
    response.pipe(answer);
  });
  onward.on('error', () => answer.destroy());
  onward.end(body);
}

const MAX_QUOTED_CHARS = 4_000;

/** The members in which upstreams put their words, each with all headers and the body in every form. */
function echo(
  { status, as }: Exclude<Manner, 'pass'>,
  { url = '', rawHeaders }: IncomingMessage,
  body: Buffer,
  answer: ServerResponse,
) {
  const proof = `${rawHeaders.join(' ')} ${body.toString().slice(0, MAX_QUOTED_CHARS)}`;
  // Long enough before it that whoever cuts the text cuts a secret.
  const said = `refused: ${proof} ${encodeURIComponent(proof)} ${Buffer.from(proof).toString('base64')} at ${url}`;
  const words = {
    message: said,
    msg: said,
    detail: said,
    errorMessage: said,
    status_msg: said,
    err_code: said,
    title: said,
  };
  const json = {
    ...words,
    code: status,
    request_id: 'mirror',
    error: { ...words, code: 'invalid_request', type: said },
    base_resp: { status_code: status === 200 ? 0 : 1000, status_msg: said },
    data: { ...words, task_status_msg: said },
    output: { ...words, task_status: 'FAILED' },
    status: 'failed',
    state: 'failed',
  };
  const text = as === 'json' ? JSON.stringify(json) : `<html><body><h1>${said}</h1></body></html>`;
  answer.writeHead(status, { 'content-type': as === 'json' ? 'application/json' : 'text/html' }).end(text);
}
