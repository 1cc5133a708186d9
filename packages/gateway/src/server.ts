/** Wiring: the one file that knows everything. */
import { randomBytes, randomInt, randomUUID } from 'node:crypto';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { catalog } from '@reelay/catalog';
import { createRenderer } from '@reelay/preview';
import { ensureFirstKey } from './accounts/bootstrap.ts';
import { createExchange } from './accounts/exchange.ts';
import { openAccounts } from './accounts/open-accounts.ts';
import { createApp } from './api/app.ts';
import { createWebhookRenderer } from './api/webhook-bodies.ts';
import { loadLinkSecret } from './assets/links.ts';
import { openFiles } from './assets/open-files.ts';
import { type Channel, everyEndpoint } from './channels/channels.ts';
import { openChannels } from './channels/open-channels.ts';
import { readSources } from './channels/sources.ts';
import type { Config } from './config.ts';
import { createBell } from './lib/bell.ts';
import { type Clock, systemClock } from './lib/clock.ts';
import { createGuardedAgent } from './lib/guarded-agent.ts';
import { createIds } from './lib/ids.ts';
import { canBeReached } from './lib/reachable.ts';
import { createSealedBox, loadSecretKeys } from './lib/sealed-box.ts';
import { openLibrary } from './library/open-library.ts';
import { createSpool } from './providers/kit/spool.ts';
import { createPreviewProvider } from './providers/preview/preview.ts';
import type { ProviderDeps } from './providers/provider-type.ts';
import { PROVIDER_TYPES } from './providers/registry.ts';
import { createEmbeddedQueue } from './queue/embedded.ts';
import { createSweeper } from './retention/sweeper.ts';
import { openDb } from './store/open.ts';
import { acquireOwnerLock } from './store/owner-lock.ts';
import { createCallbackAddresses, createCallbackService } from './tasks/callbacks.ts';
import { watchDeadlines } from './tasks/deadlines.ts';
import { createDriver } from './tasks/driver.ts';
import { createEventFeed } from './tasks/events.ts';
import { createLiveProgress } from './tasks/live.ts';
import { TASK_QUEUE } from './tasks/queue-name.ts';
import { createReferences } from './tasks/references.ts';
import { DRIVER_LIMITS } from './tasks/run.ts';
import { createTaskService } from './tasks/service.ts';
import { createTimings } from './tasks/timings.ts';
import { createAlarms } from './tasks/waiting.ts';
import { createTaskWorker } from './tasks/worker.ts';
import { createLog, type LogLevel } from './telemetry/log.ts';
import { openWebhooks } from './webhooks/open-webhooks.ts';

export type Server = {
  /** Where it listens. */
  readonly url: string;
  /** The key that the very first start made. */
  readonly firstKey: string | undefined;
  /** Resolves when the server cannot go on, because its store is gone. */
  readonly failed: Promise<void>;
  /** Stops taking requests, gives running tasks back to the queue, closes everything. May be called twice. */
  close(): Promise<void>;
};

/** Undoes in reverse order what was set up, and goes on when one step fails. */
function createTeardown() {
  const steps: (() => unknown)[] = [];
  let running: Promise<void> | undefined;
  const run = async () => {
    const errors: unknown[] = [];
    for (const step of steps.reverse())
      await Promise.resolve()
        .then(step)
        .catch((error: unknown) => errors.push(error));
    if (errors.length > 0) throw new AggregateError(errors, 'Closing did not go cleanly');
  };
  return { add: (step: () => unknown) => void steps.push(step), run: () => (running ??= run()) };
}

export type ServerOptions = {
  readonly logLevel?: LogLevel;
  /** False: accepts and answers, and leaves the tasks and their webhooks to other processes on the same store. Default true. */
  readonly runsTasks?: boolean;
  /** Channels before the preview channel, in order, given what a provider needs to announce news of a task. */
  readonly channels?: (tools: { wake: (taskId: string) => void }) => readonly Channel[];
  /** Default: that of the system. */
  readonly clock?: Clock;
  /** May put something between the server and the parts that reach outside (store, files, upstreams), such as a count of
   *  what is under way: a clock that a test moves has to stand still meanwhile. Answers a part of the same shape. */
  readonly wrap?: <T extends object>(part: T) => T;
};

const asItIs = <T extends object>(part: T): T => part;

/** What the configuration says of channels. @throws {ChannelsFileError} */
function channelSources(config: Config, { clock, wrap }: Required<Pick<ServerOptions, 'clock' | 'wrap'>>) {
  const { channelsFile: file, variable: variables, dataDir, allowPrivateNetwork } = config;
  return {
    types: PROVIDER_TYPES.map((type) => ({ ...type, create: (deps: ProviderDeps) => wrap(type.create(deps)) })),
    defined: readSources({ types: PROVIDER_TYPES, catalog, variables, file }),
    providerDeps: {
      canBeReached: canBeReached(config),
      clock,
      random: Math.random,
      spool: createSpool(join(dataDir, 'spool')),
    },
    guardedDispatcher: createGuardedAgent({ allowPrivateNetwork, isFresh: true }),
    order: config.channelOrder,
    previews: config.previews,
    allowsOwn: config.ownChannels,
    allowPrivateNetwork,
    ownPriceFactor: config.ownPriceFactor,
  };
}

/** Starts a gateway that listens. @throws {ConfigError}, {AlreadyRunningError}; whatever keeps the store from opening. */
export async function startServer(config: Config, options: ServerOptions = {}): Promise<Server> {
  const teardown = createTeardown();
  try {
    return await start(config, options, teardown);
  } catch (error) {
    await teardown.run().catch(() => undefined);
    throw error;
  }
}

async function start(
  config: Config,
  options: ServerOptions,
  teardown: ReturnType<typeof createTeardown>,
): Promise<Server> {
  const { limits, dataDir } = config;
  const log = createLog(options.logLevel ?? 'info');
  const { clock = systemClock, wrap = asItIs } = options;
  const { nowMs } = clock;
  const failed = Promise.withResolvers<void>();

  const lock = acquireOwnerLock(dataDir);
  teardown.add(() => lock.release());
  const onFatal = (error: Error) => {
    log.error({ err: error }, 'the store is gone');
    failed.resolve();
  };
  const db = wrap(await openDb({ dataDir, databaseUrl: config.databaseUrl, onFatal }));
  teardown.add(() => db.close());
  const firstKey = await ensureFirstKey({ db, adminKey: config.adminKey, randomBytes, nowMs });

  const renderer = createRenderer({});
  teardown.add(() => renderer.close());
  const ids = createIds({ nowMs, node: randomInt(1_024), randomBytes });
  let origin = config.publicUrl ?? '';
  const files = await openFiles({ config, db, renderer, ids, clock, log, origin: () => origin });
  const { intake } = files;
  const [assets, guard] = [wrap(files.assets), wrap(files.guard)];

  const queue = createEmbeddedQueue({
    db,
    holder: randomUUID(),
    isAlone: config.databaseUrl === undefined,
    after: clock.after,
  });
  teardown.add(() => queue.close());
  const alarms = createAlarms(clock);
  const wake = (taskId: string) => alarms.wake(taskId);
  const preview: Channel = {
    name: 'preview',
    provider: createPreviewProvider({ renderer, rendersDir: join(dataDir, 'renders'), wake, log }),
    routeOf: everyEndpoint('preview'),
    priceFactor: 0,
  };
  const exchange = createExchange(config);
  const { channels, ...room } = openChannels({
    ...channelSources(config, { clock, wrap }),
    fixed: [...(options.channels?.({ wake }) ?? []), preview],
    db,
    box: createSealedBox({ keys: loadSecretKeys({ configured: config.secretKeys, dataDir }) }),
    catalog,
    ids,
    exchange,
    queue: TASK_QUEUE,
    notify: queue.notify,
    clock,
    random: Math.random,
    log,
  });
  // With nothing but the renderer, tasks wait in the queue, where they cost a row, and not in front of it. Twice as many
  // as can draw at once, so that the next render begins while the last one's file is being stored.
  const workerLimits = {
    ...limits,
    get maxTasksInFlight() {
      return room.hasUpstreams() ? limits.maxTasksInFlight : 2 * availableParallelism();
    },
  };
  const live = createLiveProgress();
  const references = createReferences({ db, catalog, assets });
  const bell = createBell();
  const callbacks = createCallbackAddresses({
    secret: await loadLinkSecret(db, randomBytes),
    origin: () => (canBeReached(config) ? origin : undefined),
  });
  const service = {
    db,
    queue,
    catalog,
    intake,
    references,
    assets,
    live,
    alarms,
    bell,
    exchange,
    outlook: room.outlook,
    ids,
    clock,
    log,
    limits,
    allowPrivateNetwork: config.allowPrivateNetwork,
    callersFailover: config.callersFailover,
  };
  const tasks = createTaskService(service);
  const common = { db, queue, clock, random: Math.random, log };
  const drive = createDriver({
    ...common,
    catalog,
    channels,
    callbacks,
    intake,
    references,
    assets,
    guard,
    live,
    alarms,
    bell,
    exchange,
    timings: createTimings(db),
    failover: config.failover,
    limits: DRIVER_LIMITS,
  });
  const worker = createTaskWorker({ ...common, drive, alarms, limits: workerLimits });
  teardown.add(() => worker.stop({ graceMs: limits.shutdownGraceMs }));
  teardown.add(await room.start());
  const library = openLibrary({ ...common, config, files, ids, origin: () => origin });
  teardown.add(() => library.mediaFetcher.stop());
  const renderWebhook = createWebhookRenderer({ ...config, eventData: config.webhookEventData });
  const webhooks = await openWebhooks({
    ...common,
    box: createSealedBox({ keys: loadSecretKeys({ configured: config.secretKeys, dataDir }) }),
    ids,
    bell,
    render: renderWebhook,
    readTask: ({ accountId, taskId }) => tasks.get({ caller: { accountId, keyId: '', isAdmin: false }, taskId }),
    reach: config,
    limits,
  });
  teardown.add(() => webhooks.close());
  teardown.add(() => webhooks.dispatcher.stop({ graceMs: limits.shutdownGraceMs }));
  const app = await createApp({
    config,
    catalog,
    tasks,
    events: createEventFeed({ ...common, bell }),
    callbacks: createCallbackService({ ...common, addresses: callbacks, channels, alarms }),
    channels: room.service,
    webhooks: webhooks.service,
    renderWebhook,
    ...files,
    ...library,
    exchange,
    ...openAccounts({ db, ids, nowMs, queue, taskQueue: TASK_QUEUE }),
    log,
    nowMs,
    origin: () => origin,
  });
  teardown.add(() => app.close());
  const url = await app.listen({ host: config.host, port: config.port, backlog: limits.maxUnacceptedConnections });
  if (config.publicUrl === undefined) origin = url;
  lock.describe({ url });
  if (options.runsTasks ?? true) {
    worker.start();
    library.mediaFetcher.start();
    webhooks.dispatcher.start();
  }
  teardown.add(watchDeadlines({ ...common, bell }));
  const sweeper = createSweeper({ ...common, ...files, keep: config.keep });
  teardown.add(() => sweeper.stop());
  sweeper.start();
  log.info({ address: url, store: db.dialect }, 'listening');
  return { url, firstKey, failed: failed.promise, close: teardown.run };
}
