import cors from '@fastify/cors';
import Fastify, { type FastifyBaseLogger, type FastifyInstance, type FastifyRequest } from 'fastify';
import type { Callers } from '../accounts/keys.ts';
import type { AssetService } from '../contract/asset.ts';
import { GatewayError } from '../contract/errors.ts';
import type { TaskService } from '../contract/task.ts';
import type { CatalogReader } from './catalog-reader.ts';
import { answerClientFault } from './client-faults.ts';
import { docsRoutes } from './docs/routes.ts';
import { createErrorHandler, pathOf } from './errors.ts';
import { fileRoutes } from './files.ts';
import { healthRoutes } from './health.ts';
import { parseJson } from './json-body.ts';
import { methodOf } from './methods.ts';
import { nativeTaskRoutes } from './native/tasks.ts';
import { openApiRoutes } from './openapi.ts';
import { accountRoutes } from './runninghub-legacy/account.ts';
import { legacyTaskRoutes } from './runninghub-legacy/tasks.ts';
import { legacyUploadRoutes } from './runninghub-legacy/upload.ts';
import { pricePreviewRoutes } from './runninghub-v2/price-preview.ts';
import { queryRoutes } from './runninghub-v2/query.ts';
import { submitRoutes } from './runninghub-v2/submit.ts';
import { uploadRoutes } from './runninghub-v2/upload.ts';
import { watchTasks } from './slow-calls.ts';

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
  /** The address under which clients reach us, as the documents name it. */
  readonly origin: () => string;
};

const MEGABYTE = 1_048_576;
/** How often slow clients are looked for: a tenth of what they may take, but not all the time. */
const MAX_CHECK_INTERVAL_MS = 5_000;

/** Everything this server answers. Listens to nothing yet; `close()` ends it. */
export async function createApp(deps: AppDeps): Promise<FastifyInstance> {
  const { assets, callers, catalog, log, nowMs } = deps;
  const { limits } = deps.config;
  const tasks = watchTasks(deps.tasks, { log, nowMs });
  const app = createServer(limits, createErrorHandler(log));
  app.setNotFoundHandler((request) => {
    throw toRouteError(request, catalog);
  });
  readJson(app);
  await app.register(cors, {
    origin: '*',
    methods: ['GET', 'HEAD', 'POST', 'PUT', 'OPTIONS'],
    // The request's own list of headers is allowed: there are no cookies that a foreign page could abuse.
    maxAge: 86_400,
    strictPreflight: false,
  });
  queryRoutes(app, { tasks, callers });
  submitRoutes(app, { tasks, callers });
  pricePreviewRoutes(app, { catalog, callers });
  uploadRoutes(app, { assets, callers, maxUploadMegabytes: limits.maxUploadMegabytes });
  legacyUploadRoutes(app, { assets, callers, maxUploadMegabytes: limits.maxUploadMegabytes });
  fileRoutes(app, { assets, log });
  legacyTaskRoutes(app, { tasks, callers });
  accountRoutes(app, { tasks, callers });
  nativeTaskRoutes(app, { tasks, callers });
  healthRoutes(app, { nowMs });
  openApiRoutes(app, { catalog });
  docsRoutes(app, { catalog, origin: deps.origin });
  await app.ready();
  return app;
}

type ErrorHandler = ReturnType<typeof createErrorHandler>;

/** The framework gets no logger: a line, or a child logger, for each request would cost more than a query does. What is
 *  worth a line is logged by the error handler, `slow-calls.ts` and `files.ts`. */
function createServer(limits: AppDeps['config']['limits'], handleError: ErrorHandler): FastifyInstance {
  const app = Fastify({
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
      handleError(error, request, reply);
    },
    routerOptions: { ignoreTrailingSlash: true, ignoreDuplicateSlashes: true },
  });
  app.setErrorHandler(handleError);
  return app;
}

/** Bodies are JSON, whatever a client calls them. */
function readJson(app: FastifyInstance): void {
  const parse = (_request: FastifyRequest, body: string, done: (error: Error | null, body?: unknown) => void) => {
    // What this throws, the framework hands to the error handler.
    done(null, body === '' ? undefined : parseJson(body));
  };
  app.removeAllContentTypeParsers();
  app.addContentTypeParser(['application/json', '*'], { parseAs: 'string' }, parse);
}

/** Tells a wrong method from a wrong path. */
function toRouteError(request: FastifyRequest, catalog: CatalogReader): GatewayError {
  const path = pathOf(request.raw.url ?? '');
  const allow = methodOf(path, catalog);
  return allow === undefined || allow.split(', ').includes(request.method)
    ? new GatewayError('unknown_route', `${request.method} ${path}`)
    : new GatewayError('method_not_allowed', `${path} takes ${allow}`, { details: { allow } });
}
