/** Wiring: the one file that knows everything. */
import { randomBytes, randomInt, randomUUID } from 'node:crypto';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { catalog } from '@reelay/catalog';
import { createRenderer, type Renderer } from '@reelay/preview';
import { ensureFirstKey } from './accounts/bootstrap.ts';
import { createCallers } from './accounts/keys.ts';
import { createApp } from './api/app.ts';
import { openBlobs } from './assets/blobs.ts';
import { createIntake } from './assets/intake.ts';
import { createLinks, loadLinkSecret } from './assets/links.ts';
import { createAssets } from './assets/service.ts';
import { type Channel, createChannels } from './channels/channels.ts';
import type { Config } from './config.ts';
import type { Log } from './contract/log.ts';
import { systemClock } from './lib/clock.ts';
import { createFetchGuard } from './lib/fetch-guard.ts';
import { createIds, type Ids } from './lib/ids.ts';
import { createPreviewProvider } from './providers/preview/preview.ts';
import { createEmbeddedQueue } from './queue/embedded.ts';
import type { Db } from './store/db.ts';
import { openDb } from './store/open.ts';
import { acquireOwnerLock } from './store/owner-lock.ts';
import { createDriver } from './tasks/driver.ts';
import { createLiveProgress } from './tasks/live.ts';
import { createReferences } from './tasks/references.ts';
import { DRIVER_LIMITS } from './tasks/run.ts';
import { createTaskService } from './tasks/service.ts';
import { createTimings } from './tasks/timings.ts';
import { createAlarms } from './tasks/waiting.ts';
import { createWorker } from './tasks/worker.ts';
import { createLog, type LogLevel } from './telemetry/log.ts';

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
  /** False: accepts and answers, and leaves the tasks to other processes on the same store. Default true. */
  readonly runsTasks?: boolean;
  /** Channels before the preview channel, given what a provider needs to announce news of a task. */
  readonly channels?: (tools: { wake: (taskId: string) => void }) => readonly Channel[];
};

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

/** Everything that stores, serves and fetches files. */
async function openFiles(p: { config: Config; db: Db; renderer: Renderer; ids: Ids; log: Log; origin: () => string }) {
  const { config, db, ids, log } = p;
  const { limits, dataDir } = config;
  const clock = systemClock;
  const secret = await loadLinkSecret(db, randomBytes);
  const links = createLinks({ secret, origin: p.origin, lifetimeMs: limits.linkLifetimeMs, nowMs: clock.nowMs });
  const blobs = await openBlobs({ dataDir, randomName: randomUUID });
  const inspect: Renderer['inspect'] = (path, options) => p.renderer.inspect(path, options);
  const assets = createAssets({ db, blobs, links, inspect, ids, clock, log });
  const guard = createFetchGuard({ allowPrivateNetwork: config.allowPrivateNetwork });
  const intake = createIntake({ db, assets, links, guard, clock, random: Math.random, limits });
  return { assets, guard, intake };
}

async function start(
  config: Config,
  options: ServerOptions,
  teardown: ReturnType<typeof createTeardown>,
): Promise<Server> {
  const { limits, dataDir } = config;
  const log = createLog(options.logLevel ?? 'info');
  const clock = systemClock;
  const { nowMs } = clock;
  const failed = Promise.withResolvers<void>();

  const lock = acquireOwnerLock(dataDir);
  teardown.add(() => lock.release());
  const onFatal = (error: Error) => {
    log.error({ err: error }, 'the store is gone');
    failed.resolve();
  };
  const db = await openDb({ dataDir, databaseUrl: config.databaseUrl, onFatal });
  teardown.add(() => db.close());
  const firstKey = await ensureFirstKey({ db, adminKey: config.adminKey, randomBytes, nowMs });

  const renderer = createRenderer({});
  teardown.add(() => renderer.close());
  const ids = createIds({ nowMs, node: randomInt(1_024), randomBytes });
  let origin = config.publicUrl ?? '';
  const { assets, guard, intake } = await openFiles({ config, db, renderer, ids, log, origin: () => origin });

  const queue = createEmbeddedQueue({ db, holder: randomUUID(), isAlone: config.databaseUrl === undefined });
  teardown.add(() => queue.close());
  const alarms = createAlarms(clock);
  const wake = (taskId: string) => alarms.wake(taskId);
  const preview: Channel = {
    name: 'preview',
    provider: createPreviewProvider({ renderer, rendersDir: join(dataDir, 'renders'), wake, log }),
    serves: () => true,
  };
  const upstreams = options.channels?.({ wake }) ?? [];
  const channels = createChannels([...upstreams, preview]);
  // With nothing but the renderer, tasks wait in the queue, where they cost a row, and not in front of it. Twice as many
  // as can draw at once, so that the next render begins while the last one's file is being stored.
  const maxTasksInFlight = upstreams.length > 0 ? limits.maxTasksInFlight : 2 * availableParallelism();
  const live = createLiveProgress();
  const references = createReferences({ db, catalog, assets });
  const service = { db, queue, catalog, intake, references, assets, live, alarms, ids, clock, log, limits };
  const tasks = createTaskService(service);
  const common = { db, queue, clock, random: Math.random, log };
  const drive = createDriver({
    ...common,
    catalog,
    channels,
    intake,
    references,
    assets,
    guard,
    live,
    alarms,
    timings: createTimings(db),
    limits: DRIVER_LIMITS,
  });
  const worker = createWorker({ ...common, drive, alarms, limits: { ...limits, maxTasksInFlight } });
  teardown.add(() => worker.stop({ graceMs: limits.shutdownGraceMs }));
  const callers = createCallers({ db, nowMs });
  const app = await createApp({ config, catalog, tasks, assets, callers, log, nowMs, origin: () => origin });
  teardown.add(() => app.close());
  const url = await app.listen({ host: config.host, port: config.port });
  if (config.publicUrl === undefined) origin = url;
  lock.describe({ url });
  if (options.runsTasks ?? true) worker.start();
  log.info({ address: url, store: db.dialect }, 'listening');
  return { url, firstKey, failed: failed.promise, close: teardown.run };
}
