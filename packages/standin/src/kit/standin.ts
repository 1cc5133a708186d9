import type { AddressInfo } from 'node:net';
import Fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import { z } from 'zod';
import { type Control, controlRoutes, type Seen } from './control.ts';
import type { Definition, Route, WireRequest } from './definition.ts';
import { createHandler, type Handler } from './handle.ts';
import type { Job } from './jobs.ts';
import { FILES_PREFIX } from './links.ts';
import { createOrders } from './orders.ts';
import { createRandom } from './random.ts';
import { serveFile } from './serve-file.ts';
import { type Clock, createTime, systemClock, type Time } from './time.ts';
import { toWireRequest } from './wire.ts';
import { createWorkshop, type Pace, type Workshop } from './world.ts';

export type StandinOptions = {
  /** Default: any that is free. */
  readonly port?: number;
  readonly host?: string;
  readonly clock?: Clock;
  /** Decides ids and addresses. */
  readonly seed?: number;
  readonly pace?: Pace;
};
export type Standin = {
  /** Without a slash at its end. */
  readonly url: string;
  /** The environment with which Reelay uses it. */
  readonly env: Readonly<Record<string, string>>;
  readonly control: Control;
  /** Answers a request without a socket. What needs one (a reset, an answer that breaks off) cannot be had like this. */
  answer(request: {
    method: string;
    /** With the query. */
    path: string;
    headers: Readonly<Record<string, string>>;
    body?: Buffer | string;
  }): Promise<{ status: number; headers: Readonly<Record<string, string>>; body: Buffer }>;
  close(): Promise<void>;
};

/** Inlined pictures and clips. */
const MAX_BODY_BYTES = 512 * 1024 ** 2;
const MAX_SEEN = 10_000;
export const DEFAULT_PACE: Pace = { queuedMs: 1_000, runningMs: 4_000 };

/** Starts a local fake of a service. Its jobs are made up, its files are real, and it costs nothing. */
export async function createStandin(definition: Definition, options: StandinOptions = {}): Promise<Standin> {
  const { port = 0, host = '127.0.0.1', clock = systemClock, seed = 1, pace = DEFAULT_PACE } = options;
  let url = '';
  const time = createTime(clock);
  const random = createRandom(seed);
  const orders = createOrders();
  const workshop = createWorkshop({ definition, time, random, pace, origin: () => url });
  const seen: Seen[] = [];
  const waiting = new Set<(job: Job) => void>();
  const handle = createHandler({
    definition,
    workshop,
    orders,
    time,
    onJob: (job) => {
      for (const resolve of waiting) resolve(job);
      waiting.clear();
    },
  });
  const note = (request: WireRequest, kind: Seen['kind']): void => {
    const { method, path, body } = request;
    seen.push({ method, path, kind, body: withoutKey(body), atMs: time.nowMs() });
    if (seen.length > MAX_SEEN) seen.shift();
  };
  const control: Control = {
    fault: (fault, fits = {}) => orders.add({ fault, ...fits }),
    jobs: workshop.world.jobs,
    requests: seen,
    deliveries: workshop.callbacks?.deliveries ?? [],
    get underWay() {
      return { callbacks: workshop.callbacks?.underWay ?? 0, held: time.pauses };
    },
    nowMs: time.nowMs,
    async advance(ms) {
      time.advance(ms);
      await workshop.callbacks?.settle();
    },
    nextJob: () => new Promise((resolve) => waiting.add(resolve)),
    reset() {
      orders.clear();
      workshop.reset();
      seen.splice(0);
    },
  };
  const app = createApp();
  controlRoutes(app, control, orders);
  fileRoutes(app, { definition, workshop, time, note });
  mountRoutes(app, { definition, routes: definition.routes(workshop.world), handle, note });
  await app.listen({ port, host });
  // A listening TCP server has an address of this shape.
  url = `http://${host}:${(app.server.address() as AddressInfo).port}`;
  return {
    url,
    env: definition.env(url),
    control,
    async answer({ method, path, headers, body }) {
      // Fastify takes any method that a route has.
      // Signatures may cover the host, so it is the one that a socket would have led to.
      const options = { method: method as 'GET', url: path, headers: { host: new URL(url).host, ...headers } };
      const response = await app.inject(body === undefined ? options : { ...options, payload: body });
      const flat = Object.entries(response.headers).map(([name, value]) => [name, String(value)]);
      return { status: response.statusCode, headers: Object.fromEntries(flat), body: response.rawPayload };
    },
    async close() {
      time.clear();
      app.server.closeAllConnections();
      await app.close();
      await workshop.callbacks?.settle();
    },
  };
}

/** Some services want their key in the body. */
function withoutKey(body: unknown): unknown {
  const isSaid = typeof body === 'object' && body !== null && 'api_key' in body;
  return isSaid ? { ...body, api_key: '…' } : body;
}

function createApp(): FastifyInstance {
  const app = Fastify({
    bodyLimit: MAX_BODY_BYTES,
    exposeHeadRoutes: false,
    forceCloseConnections: true,
    routerOptions: { maxParamLength: 500 },
  });
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
  app.setErrorHandler((error, _request, reply) => {
    const isWrongOrder = error instanceof z.ZodError || error instanceof SyntaxError;
    const message = isWrongOrder ? 'the order cannot be read' : 'the stand-in itself failed';
    const detail = error instanceof z.ZodError ? z.prettifyError(error) : String(error);
    return reply.code(isWrongOrder ? 400 : 500).send({ standin: message, detail });
  });
  return app;
}

type Note = (request: WireRequest, kind: Seen['kind']) => void;

function fileRoutes(
  app: FastifyInstance,
  p: { definition: Definition; workshop: Workshop; time: Time; note: Note },
): void {
  app.get(`${FILES_PREFIX}/*`, async (request, reply) => {
    const wire = await toWireRequest(request);
    p.note(wire, 'file');
    const file = p.workshop.links.find(wire.path);
    if (file === undefined) return reply.code(404).type('text/plain').send('no such file\n');
    if (file.needsCredentials && !p.definition.authorize(wire)) {
      return reply.code(401).type('text/plain').send('credentials are needed\n');
    }
    await serveFile(reply, file, p.time);
    return reply;
  });
}

/** Routes that share method and path are told apart by what they say of the request. */
function mountRoutes(
  app: FastifyInstance,
  p: { definition: Definition; routes: readonly Route[]; handle: Handler; note: Note },
): void {
  const byPlace = Map.groupBy(p.routes, ({ method, path }) => `${method} ${path}`);
  const unknown = async (request: FastifyRequest, reply: FastifyReply) => {
    const wire = await toWireRequest(request);
    p.note(wire, 'unknown');
    const said = p.definition.refusals['model-gone']({ message: `There is nothing at ${wire.path}.` }, wire);
    if ('file' in said) return reply.code(404).send();
    return reply
      .code(404)
      .headers({ 'content-type': 'application/json', ...said.headers })
      .send(JSON.stringify(said.body ?? {}));
  };
  for (const routes of byPlace.values()) {
    const [first] = routes;
    if (first === undefined) continue;
    app.route({
      method: first.method,
      url: first.path,
      async handler(request, reply) {
        const wire = await toWireRequest(request);
        const route = routes.find(({ when }) => when === undefined || when(wire));
        if (route === undefined) return unknown(request, reply);
        p.note(wire, route.kind);
        await p.handle(route, wire, reply);
        return reply;
      },
    });
  }
  app.setNotFoundHandler(unknown);
}
