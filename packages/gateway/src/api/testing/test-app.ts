import type { AddressInfo } from 'node:net';
import type { FastifyInstance } from 'fastify';
import pino from 'pino';
import { type AppDeps, createApp } from '../app.ts';
import { testCatalog } from './catalog.ts';
import {
  createTestAssets,
  createTestCallers,
  createTestTasks,
  KEYS,
  type TestAssets,
  type TestTasks,
} from './services.ts';

export const LINK_LIFETIME_MS = 60_000;
/** Where links of the tests point; nothing listens there. */
export const ORIGIN = 'https://reelay.test';

export type TestApp = {
  readonly app: FastifyInstance;
  readonly tasks: TestTasks;
  readonly assets: TestAssets;
  /** What was logged, a parsed line each. */
  readonly logged: Record<string, unknown>[];
  /** Moves the clock. */
  advance(ms: number): void;
  /** Opens a free port. @returns its address */
  listen(): Promise<{ url: string; port: number }>;
  /** POSTs JSON with the owner's key, in the header. */
  post(url: string, payload?: unknown, headers?: Record<string, string>): ReturnType<TestApp['send']>;
  send(options: {
    method: 'GET' | 'HEAD' | 'POST' | 'PUT' | 'DELETE' | 'OPTIONS';
    url: string;
    headers?: Record<string, string>;
    payload?: string | Buffer;
  }): Promise<Sent>;
  close(): Promise<void>;
};
type Sent = {
  statusCode: number;
  headers: Record<string, string | string[] | number | undefined>;
  body: string;
  rawPayload: Buffer;
  json(): unknown;
};

/** The real application over services in memory. */
export async function createTestApp(
  p: { limits?: Partial<AppDeps['config']['limits']>; deps?: Partial<AppDeps> } = {},
): Promise<TestApp> {
  let clockMs = Date.UTC(2026, 0, 2);
  const nowMs = () => clockMs;
  const logged: Record<string, unknown>[] = [];
  const log = pino({ level: 'debug' }, { write: (line: string) => void logged.push(JSON.parse(line)) });
  const tasks = createTestTasks({ catalog: testCatalog, nowMs });
  const assets = await createTestAssets({ nowMs, origin: ORIGIN, linkLifetimeMs: LINK_LIFETIME_MS });
  const limits = {
    maxJsonMegabytes: 1,
    maxUploadMegabytes: 2,
    requestTimeoutMs: 60_000,
    headersTimeoutMs: 30_000,
    ...p.limits,
  };
  const app = await createApp({
    config: { limits },
    catalog: testCatalog,
    tasks,
    assets,
    callers: createTestCallers(),
    log,
    nowMs,
    origin: () => ORIGIN,
    ...p.deps,
  });
  const send: TestApp['send'] = (options) => app.inject(options);
  return {
    app,
    tasks,
    assets,
    logged,
    send,
    advance: (ms) => {
      clockMs += ms;
    },
    async listen() {
      await app.listen({ host: '127.0.0.1', port: 0 });
      const { port } = app.server.address() as AddressInfo; // A TCP listener has a port.
      return { url: `http://127.0.0.1:${port}`, port };
    },
    post: (url, payload, headers = {}) =>
      send({
        method: 'POST',
        url,
        headers: { authorization: `Bearer ${KEYS.owner}`, 'content-type': 'application/json', ...headers },
        ...(payload === undefined ? {} : { payload: JSON.stringify(payload) }),
      }),
    async close() {
      await app.close();
      await assets.close();
    },
  };
}
