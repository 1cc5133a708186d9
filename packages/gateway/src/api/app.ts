import { randomBytes } from 'node:crypto';
import cors from '@fastify/cors';
import Fastify, { type FastifyBaseLogger, type FastifyInstance, type FastifyRequest } from 'fastify';
import type { Exchange } from '../accounts/exchange.ts';
import type { Callers } from '../accounts/keys.ts';
import type { AccountService, KeyService, UsageService } from '../contract/account.ts';
import type { AssetService, Shelf } from '../contract/asset.ts';
import type { AuditReport } from '../contract/audit.ts';
import type { CallbackService } from '../contract/callback.ts';
import type { ChannelService } from '../contract/channel.ts';
import { GatewayError } from '../contract/errors.ts';
import type { EventFeed } from '../contract/event.ts';
import type { MediaLibrary } from '../contract/media-library.ts';
import type { LoraUploads, ModelLibrary } from '../contract/model-library.ts';
import type { TaskService } from '../contract/task.ts';
import type { UploadService } from '../contract/upload.ts';
import type { RenderWebhook, WebhookService } from '../contract/webhook.ts';
import { parseJson } from '../lib/lossless-json.ts';
import { callbackRoutes } from './callbacks.ts';
import type { CatalogReader } from './catalog-reader.ts';
import { answerClientFault } from './client-faults.ts';
import { docsRoutes } from './docs/routes.ts';
import { createErrorHandler, pathOf } from './errors.ts';
import { fileRoutes } from './files.ts';
import { healthRoutes } from './health.ts';
import { loraPutRoutes } from './lora-put.ts';
import { collectMethods, type Methods } from './methods.ts';
import { nativeAccountRoutes } from './native/accounts.ts';
import { nativeAssetRoutes } from './native/assets.ts';
import { nativeAuditRoutes } from './native/audit.ts';
import { nativeChannelRoutes, nativeOwnChannelRoutes, nativeProviderRoutes } from './native/channels.ts';
import { nativeEventRoutes } from './native/events.ts';
import { nativeKeyRoutes } from './native/keys.ts';
import { nativeOwnAccountRoutes } from './native/own-account.ts';
import { nativeResourceRoutes } from './native/resources.ts';
import { createNativeApi } from './native/route.ts';
import { nativeSubmitRoutes } from './native/submit.ts';
import { nativeTaskRoutes } from './native/tasks.ts';
import { resumableUploadRoutes } from './native/uploads.ts';
import { nativeDeliveryRoutes } from './native/webhook-deliveries.ts';
import { nativeEndpointRoutes } from './native/webhook-endpoints.ts';
import { openAiImageRoutes } from './openai/images.ts';
import { openAiModelRoutes } from './openai/models.ts';
import { openAiSpeechRoutes } from './openai/speech.ts';
import { openAiVideoRoutes } from './openai/videos.ts';
import { openApiRoutes } from './openapi.ts';
import { closeQuietConnections } from './quiet-connections.ts';
import { createRequestIds, EXPOSED_HEADERS } from './request-id.ts';
import { accountRoutes } from './runninghub-legacy/account.ts';
import { loraLinkRoutes } from './runninghub-legacy/lora.ts';
import { legacyTaskRoutes } from './runninghub-legacy/tasks.ts';
import { legacyUploadRoutes } from './runninghub-legacy/upload.ts';
import { legacyWebhookRoutes } from './runninghub-legacy/webhooks.ts';
import { apiKeyRoutes } from './runninghub-v2/api-keys.ts';
import { managedAssetRoutes } from './runninghub-v2/managed-assets.ts';
import { pricePreviewRoutes } from './runninghub-v2/price-preview.ts';
import { queryRoutes } from './runninghub-v2/query.ts';
import { queueStatusRoutes } from './runninghub-v2/queue-status.ts';
import type { CanceledStatus } from './runninghub-v2/render.ts';
import { resourceRoutes } from './runninghub-v2/resources.ts';
import { submitRoutes } from './runninghub-v2/submit.ts';
import { uploadRoutes } from './runninghub-v2/upload.ts';
import { watchTasks } from './slow-calls.ts';

export type AppDeps = {
  readonly config: {
    readonly canceledStatus: CanceledStatus;
    /** Whether accounts may bring channels. */
    readonly ownChannels: boolean;
    readonly limits: {
      readonly maxTasksInFlight: number;
      readonly maxJsonMegabytes: number;
      readonly maxUploadMegabytes: number;
      readonly maxResumableUploadMegabytes: number;
      readonly requestTimeoutMs: number;
      readonly headersTimeoutMs: number;
      readonly maxLoraMegabytes: number;
      readonly maxResourceListsPerMinute: number;
    };
  };
  readonly catalog: CatalogReader;
  readonly tasks: TaskService;
  readonly events: EventFeed;
  readonly callbacks: CallbackService;
  readonly channels: ChannelService;
  readonly webhooks: WebhookService;
  readonly renderWebhook: RenderWebhook;
  readonly assets: AssetService;
  readonly shelf: Shelf;
  readonly uploads: UploadService;
  readonly media: MediaLibrary;
  readonly models: ModelLibrary;
  readonly loras: LoraUploads;
  /** For files that are needed for a moment. */
  readonly tempDir: string;
  readonly callers: Callers;
  readonly exchange: Exchange;
  readonly accounts: AccountService;
  readonly keys: KeyService;
  readonly usage: UsageService;
  readonly audit: (p: { signal: AbortSignal }) => Promise<AuditReport>;
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
  closeQuietConnections(app);
  const methods = collectMethods(app, catalog);
  app.setNotFoundHandler((request) => {
    throw toRouteError(request, methods);
  });
  readJson(app);
  await app.register(cors, {
    origin: '*',
    methods: ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'],
    exposedHeaders: EXPOSED_HEADERS,
    // The request's own list of headers is allowed: there are no cookies that a foreign page could abuse.
    maxAge: 86_400,
    strictPreflight: false,
  });
  queryRoutes(app, { tasks, callers, canceledStatus: deps.config.canceledStatus });
  submitRoutes(app, { tasks, callers });
  pricePreviewRoutes(app, deps);
  const { maxUploadMegabytes, maxResumableUploadMegabytes } = limits;
  const forms = { assets, callers, maxUploadMegabytes, tempDir: deps.tempDir };
  uploadRoutes(app, forms);
  legacyUploadRoutes(app, forms);
  fileRoutes(app, { assets, log });
  legacyTaskRoutes(app, { tasks, callers });
  legacyWebhookRoutes(app, { ...deps, tasks, canceledStatus: deps.config.canceledStatus });
  accountRoutes(app, deps);
  apiKeyRoutes(app, deps);
  queueStatusRoutes(app, { tasks, callers, maxTasksInFlight: limits.maxTasksInFlight });
  loraLinkRoutes(app, deps);
  loraPutRoutes(app, { loras: deps.loras, maxLoraMegabytes: limits.maxLoraMegabytes });
  resourceRoutes(app, { ...deps, maxResourceListsPerMinute: limits.maxResourceListsPerMinute });
  managedAssetRoutes(app, deps);
  const native = createNativeApi(app, callers);
  nativeSubmitRoutes(native, { tasks });
  nativeTaskRoutes(native, { tasks });
  nativeEventRoutes(native, app, { ...deps, tasks });
  nativeEndpointRoutes(native, deps);
  nativeDeliveryRoutes(native, { ...deps, tasks });
  nativeAccountRoutes(native, deps);
  nativeKeyRoutes(native, deps);
  nativeChannelRoutes(native, deps);
  nativeOwnChannelRoutes(native, { ...deps, isAllowed: deps.config.ownChannels });
  nativeProviderRoutes(native, deps);
  nativeOwnAccountRoutes(native, deps);
  nativeAuditRoutes(native, deps);
  nativeAssetRoutes(native, app, { ...forms, shelf: deps.shelf });
  nativeResourceRoutes(native, deps);
  resumableUploadRoutes(native, app, { assets, uploads: deps.uploads, maxResumableUploadMegabytes });
  const openAi = { ...deps, tasks, maxUploadMegabytes };
  openAiModelRoutes(app, openAi);
  await openAiImageRoutes(app, openAi);
  await openAiVideoRoutes(app, openAi);
  openAiSpeechRoutes(app, openAi);
  await callbackRoutes(app, deps);
  healthRoutes(app, { nowMs });
  openApiRoutes(app, { catalog, operations: native.operations });
  docsRoutes(app, { catalog, origin: deps.origin });
  await app.ready();
  return app;
}

type ErrorHandler = ReturnType<typeof createErrorHandler>;

/** The framework gets no logger: a line, or a child logger, for each request would cost more than a query does. What is
 *  worth a line is logged by the error handler, `slow-calls.ts` and `files.ts`. */
function createServer(limits: AppDeps['config']['limits'], handleError: ErrorHandler): FastifyInstance {
  const app = Fastify({
    genReqId: createRequestIds(randomBytes(5).toString('hex')),
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
function toRouteError(request: FastifyRequest, methods: Methods): GatewayError {
  const path = pathOf(request.raw.url ?? '');
  const allow = methods(path);
  return allow === undefined || allow.split(', ').includes(request.method)
    ? new GatewayError('unknown_route', `${request.method} ${path}`)
    : new GatewayError('method_not_allowed', `${path} takes ${allow}`, { details: { allow } });
}
