import cors from '@fastify/cors';
import Fastify, {
  type FastifyBaseLogger,
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
  LogController,
} from 'fastify';
import type { Callers } from '../accounts/keys.ts';
import type { AssetService } from '../contract/asset.ts';
import { GatewayError } from '../contract/errors.ts';
import type { TaskService } from '../contract/task.ts';
import type { CatalogReader } from './catalog-reader.ts';
import { answerClientFault } from './client-faults.ts';
import { docsRoutes } from './docs.ts';
import { pathOf, sendError } from './errors.ts';
import { fileRoutes } from './files.ts';
import { healthRoutes } from './health.ts';
import { parseJson } from './json-body.ts';
import { methodOf } from './methods.ts';
import { nativeTaskRoutes } from './native/tasks.ts';
import { openApiRoutes } from './openapi.ts';
import { pricePreviewRoutes } from './runninghub-v2/price-preview.ts';
import { queryRoutes } from './runninghub-v2/query.ts';
import { submitRoutes } from './runninghub-v2/submit.ts';
import { uploadRoutes } from './runninghub-v2/upload.ts';

export type AppDeps = {
  /** Of the configuration, the limits. */
  readonly config: {
    readonly limits: {
      readonly maxJsonMegabytes: number;
      readonly maxUploadMegabytes: number;
      readonly requestTimeoutMs: number;
      readonly headersTimeoutMs: number;
    };
  };
  readonly catalog: CatalogReader;
  readonly tasks: TaskService;
  readonly assets: AssetService;
  readonly callers: Callers;
  readonly log: FastifyBaseLogger;
  readonly nowMs: () => number;
};

const MEGABYTE = 1_048_576;
/** How often slow clients are looked for: a tenth of what they may take, but not all the time. */
const MAX_CHECK_INTERVAL_MS = 5_000;
/** Clients give up after five seconds; an answer that takes this long is worth a line. */
const SLOW_ANSWER_MS = 1_000;
/** Routes that take as long as the client's line needs. */
const TRANSFERS = new Set(['/files/:fileName', '/openapi/v2/media/upload/binary']);

/** Everything this server answers. Listens to nothing yet; `close()` ends it. */
export async function createApp(deps: AppDeps): Promise<FastifyInstance> {
  const app = createServer(deps);
  app.setErrorHandler(sendError);
  app.setNotFoundHandler((request) => {
    const path = pathOf(request.raw.url ?? '');
    const allow = methodOf(path, deps.catalog);
    if (allow === undefined || allow.split(', ').includes(request.method)) {
      throw new GatewayError('unknown_route', `${request.method} ${path}`);
    }
    throw new GatewayError('method_not_allowed', `${path} takes ${allow}`, { details: { allow } });
  });
  // Bodies are JSON, whatever a client calls them.
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', { parseAs: 'string' }, async (_request: unknown, body: string) =>
    body === '' ? undefined : parseJson(body),
  );
  await app.register(cors, {
    origin: '*',
    methods: ['GET', 'HEAD', 'POST', 'PUT', 'OPTIONS'],
    // The request's own list is allowed: there are no cookies that a foreign page could abuse.
    exposedHeaders: ['Accept-Ranges', 'Content-Disposition', 'Content-Length', 'Content-Range', 'ETag'],
    maxAge: 86_400,
    strictPreflight: false,
  });
  app.addHook('onResponse', (request, reply, done) => {
    if (reply.elapsedTime > SLOW_ANSWER_MS && !TRANSFERS.has(request.routeOptions.url ?? '')) logSlow(request, reply);
    done();
  });
  const { limits } = deps.config;
  queryRoutes(app, deps);
  submitRoutes(app, deps);
  pricePreviewRoutes(app, deps);
  uploadRoutes(app, { ...deps, maxUploadMegabytes: limits.maxUploadMegabytes });
  fileRoutes(app, deps);
  nativeTaskRoutes(app, deps);
  healthRoutes(app, deps);
  openApiRoutes(app, deps);
  docsRoutes(app);
  await app.ready();
  return app;
}

function createServer({ config: { limits }, log }: AppDeps): FastifyInstance {
  return Fastify({
    loggerInstance: log,
    // One line a request would cost more than the request; errors and slow answers are logged where they show.
    logController: new LogController({ disableRequestLogging: true }),
    // A child logger a request is only worth its price where requests are logged.
    childLoggerFactory: (logger) => logger,
    bodyLimit: limits.maxJsonMegabytes * MEGABYTE,
    requestTimeout: limits.requestTimeoutMs,
    http: {
      headersTimeout: limits.headersTimeoutMs,
      connectionsCheckingInterval: Math.min(limits.headersTimeoutMs / 10, MAX_CHECK_INTERVAL_MS),
    },
    // While the server closes, requests that made it here are still answered, in their own family's words.
    return503OnClosing: false,
    clientErrorHandler: answerClientFault,
    frameworkErrors: (error, request, reply) => {
      // Thrown before hooks run, so the one header that they would have set is set here.
      reply.header('access-control-allow-origin', '*');
      sendError(error, request, reply);
    },
    routerOptions: { ignoreTrailingSlash: true, ignoreDuplicateSlashes: true },
  });
}

/** The pattern of the route, not the address that was asked for: that may hold a key or a signature. */
function logSlow(request: FastifyRequest, reply: FastifyReply): void {
  const { id: requestId, method } = request;
  const elapsedMs = Math.round(reply.elapsedTime);
  request.log.warn({ requestId, method, route: request.routeOptions.url, status: reply.statusCode, elapsedMs }, 'slow');
}
