import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import type { Json } from '@reelay/catalog';
import { createSpool } from '../kit/spool.ts';
import type { Provider } from '../provider.ts';
import type { ProviderType } from '../provider-type.ts';

/** One call that is expected, and what it gets. */
export type Exchange = {
  /** `POST /models/a/predictions` */
  readonly call: string;
  /** Default 200. */
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Json;
};
type Heard = { readonly headers: Readonly<Record<string, string>>; readonly body: Json };
export type Replay = {
  readonly url: string;
  /** What was said with each call. */
  readonly heard: readonly Heard[];
  close(): Promise<void>;
};

/** A server that answers calls in one order only: anything else gets a 599. */
export async function startReplay(exchanges: readonly Exchange[]): Promise<Replay> {
  const left = [...exchanges];
  const heard: Heard[] = [];
  const server = createServer(async (request, response) => {
    const bytes = await buffer(request);
    const [next] = left;
    if (next?.call !== `${request.method} ${request.url}`) {
      response.writeHead(599).end(`expected ${next?.call ?? 'nothing'}, got ${request.method} ${request.url}`);
      return;
    }
    left.shift();
    const headers = Object.entries(request.headers).map(([name, value]) => [name, String(value)] as const);
    heard.push({ headers: Object.fromEntries(headers), body: readJson(bytes.toString('utf8')) });
    response.writeHead(next.status ?? 200, { 'content-type': 'application/json', ...next.headers });
    response.end(JSON.stringify(next.body ?? null));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  // A listening TCP server has an address of this shape.
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    heard,
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

/** A body that is no JSON is a text. */
function readJson(text: string): Json {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** A channel of a provider whose upstream is such a server. Its settings are their defaults. */
export async function createReplayed(
  type: ProviderType,
  exchanges: readonly Exchange[],
  p: { credentials: Readonly<Record<string, string>>; settings?: Readonly<Record<string, string>>; nowMs?: number },
): Promise<{ readonly replay: Replay; readonly provider: Provider }> {
  const replay = await startReplay(exchanges);
  const usual = type.settings.flatMap(({ name, default: value }) => (value === undefined ? [] : [[name, value]]));
  const provider = type.create({
    credentials: p.credentials,
    settings: { ...Object.fromEntries(usual), baseUrl: replay.url, ...p.settings },
    canBeReached: true,
    clock: { nowMs: () => p.nowMs ?? 0, after: () => () => {} },
    random: () => 0.5,
    spool: createSpool('/nowhere'),
    log: { debug() {}, info() {}, warn() {}, error() {} },
  });
  return { replay, provider };
}
