import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import type { FastifyInstance } from 'fastify';
import pino from 'pino';
import { createExchange } from '../../accounts/exchange.ts';
import type { WebhookService } from '../../contract/webhook.ts';
import { type AppDeps, createApp } from '../app.ts';
import { createWebhookRenderer } from '../webhook-bodies.ts';
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

const absent = () => Promise.reject(new Error('not in this test'));
/** Files are listed, and arrive in pieces, only where a test brings the real thing. */
const NOWHERE = {
  update: absent,
  pay: absent,
  listTransfers: absent,
  revoke: absent,
  read: absent,
  list: absent,
  get: absent,
  create: absent,
  require: absent,
  append: absent,
  remove: absent,
};

const NO_MEDIA = {
  ...NOWHERE,
  rename: absent,
  createGroup: absent,
  requireGroup: absent,
  listGroups: absent,
  updateGroup: absent,
  removeGroup: absent,
};
const NO_MODELS = { ...NOWHERE, page: absent, register: absent, adopt: absent, findFile: absent };

const NO_CHANNELS = {
  ...NOWHERE,
  listProviders: () => [],
  listProviderRoutes: () => undefined,
  check: absent,
  listRoutes: absent,
  switchRoute: absent,
};

const NOWHERE_EVENTS = {
  list: absent,
  page: absent,
  follow: () => {
    throw new Error('not in this test');
  },
};

export const NOWHERE_WEBHOOKS: WebhookService = {
  createEndpoint: absent,
  listEndpoints: absent,
  getEndpoint: absent,
  updateEndpoint: absent,
  deleteEndpoint: absent,
  testEndpoint: absent,
  listSecrets: absent,
  rotateSecret: absent,
  listDeliveries: absent,
  getDelivery: absent,
  listAttempts: absent,
  getDeliveryOfTask: absent,
  resend: absent,
  resendMany: absent,
};

const UNLIMITED = {
  name: 'test',
  currency: 'CNY',
  isUnlimited: true,
  isDisabled: false,
  balanceMicros: 0,
  heldMicros: 0,
  createdAtMs: 0,
} as const;

/** The real application over services in memory. */
export async function createTestApp(
  p: {
    limits?: Partial<AppDeps['config']['limits']>;
    canceledStatus?: AppDeps['config']['canceledStatus'];
    deps?: Partial<AppDeps>;
  } = {},
): Promise<TestApp> {
  let clockMs = Date.UTC(2026, 0, 2);
  const nowMs = () => clockMs;
  const logged: Record<string, unknown>[] = [];
  const log = pino({ level: 'debug' }, { write: (line: string) => void logged.push(JSON.parse(line)) });
  const tasks = createTestTasks({ catalog: testCatalog, nowMs });
  const assets = await createTestAssets({ nowMs, origin: ORIGIN, linkLifetimeMs: LINK_LIFETIME_MS });
  const limits = {
    maxTasksInFlight: 100,
    maxJsonMegabytes: 1,
    maxUploadMegabytes: 2,
    maxResumableUploadMegabytes: 5,
    requestTimeoutMs: 60_000,
    headersTimeoutMs: 30_000,
    maxLoraMegabytes: 2,
    maxResourceListsPerMinute: 60,
    ...p.limits,
  };
  const app = await createApp({
    config: { limits, canceledStatus: p.canceledStatus ?? 'FAILED', ownChannels: true },
    exchange: createExchange({ cnyMicrosPerUsd: 7_200_000 }),
    catalog: testCatalog,
    tasks,
    events: NOWHERE_EVENTS,
    callbacks: { receive: async () => ({}) },
    channels: NO_CHANNELS,
    webhooks: NOWHERE_WEBHOOKS,
    renderWebhook: createWebhookRenderer({ eventData: 'object', canceledStatus: p.canceledStatus ?? 'FAILED' }),
    assets,
    shelf: NOWHERE,
    uploads: NOWHERE,
    media: NO_MEDIA,
    models: NO_MODELS,
    loras: {
      createLink: () => {
        throw new Error('not in this test');
      },
      receive: absent,
    },
    tempDir: tmpdir(),
    callers: createTestCallers(),
    accounts: { ...NOWHERE, get: async (id) => ({ ...UNLIMITED, id }) },
    keys: NOWHERE,
    usage: NOWHERE,
    audit: absent,
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
