import { randomBytes, randomUUID } from 'node:crypto';
import { type Catalog, catalog, type Json } from '@reelay/catalog';
import { createExchange } from '../../accounts/exchange.ts';
import { type Blobs, openBlobs } from '../../assets/blobs.ts';
import { createIntake } from '../../assets/intake.ts';
import { createLinks, loadLinkSecret } from '../../assets/links.ts';
import { createAssets } from '../../assets/service.ts';
import { inspectByHead } from '../../assets/testing/media.ts';
import { type Channel, everyEndpoint } from '../../channels/channels.ts';
import type { OpenChannels } from '../../channels/open-channels.ts';
import { openTestChannels, type TestChannels } from '../../channels/testing/open-test-channels.ts';
import type { AssetService } from '../../contract/asset.ts';
import type { Log } from '../../contract/log.ts';
import type { FailoverDefault } from '../../contract/routing.ts';
import type { Caller, TaskService, TaskView } from '../../contract/task.ts';
import { createBell } from '../../lib/bell.ts';
import type { Clock } from '../../lib/clock.ts';
import { createFetchGuard } from '../../lib/fetch-guard.ts';
import { createIds } from '../../lib/ids.ts';
import type { Provider } from '../../providers/provider.ts';
import { createEmbeddedQueue } from '../../queue/embedded.ts';
import type { Queue } from '../../queue/queue.ts';
import type { Drive, Worker } from '../../queue/worker.ts';
import { getAccount, insertAccount } from '../../store/accounts.ts';
import { insertKey } from '../../store/api-keys.ts';
import type { Db } from '../../store/db.ts';
import { openDb } from '../../store/open.ts';
import { accountRow, keyRow } from '../../store/testing/rows.ts';
import { createDriver } from '../driver.ts';
import { createLiveProgress } from '../live.ts';
import { createReferences } from '../references.ts';
import { DRIVER_LIMITS, type DriverLimits } from '../run.ts';
import { createTaskService } from '../service.ts';
import { createTimings } from '../timings.ts';
import { type Alarms, createAlarms } from '../waiting.ts';
import { createTaskWorker } from '../worker.ts';

export const OWNER: Caller = { accountId: 'acct_owner', keyId: 'key_owner', isAdmin: false };
export const STRANGER: Caller = { accountId: 'acct_stranger', keyId: 'key_stranger', isAdmin: false };

/** An endpoint without files, and what it takes. */
export const TEXT_ENDPOINT = 'rhart-video-s-official/text-to-video-pro';
export const TEXT_BODY: Record<string, Json> = { prompt: 'A paper boat.', size: '720x1280', duration: '4' };

export const LEASE_MS = 15_000;
export const DEADLINE_MS = 600_000;

export type House = {
  readonly db: Db;
  readonly queue: Queue;
  readonly blobs: Blobs;
  readonly assets: AssetService;
  readonly tasks: TaskService;
  readonly drive: Drive;
  readonly worker: Worker;
  readonly alarms: Alarms;
  readonly room: OpenChannels;
  /** Every line of the log. */
  readonly logged: { level: string; fields: Readonly<Record<string, unknown>>; message: string }[];
  submit(body?: Record<string, Json>, endpoint?: string): Promise<TaskView>;
  view(taskId: string): Promise<TaskView>;
  close(): Promise<void>;
};

type Options = {
  readonly dataDir: string;
  /** Default: SQLite in the data folder. */
  readonly databaseUrl?: string;
  readonly clock: Clock;
  /** Channels in order, each serving everything, named as their provider. */
  readonly providers: readonly Provider[];
  /** What their owner says of these channels, by name; and other channels beside them. */
  readonly policies?: Readonly<Record<string, Channel['policy']>>;
  readonly channels?: TestChannels;
  readonly catalog?: Pick<Catalog, 'get'>;
  readonly limits?: Partial<DriverLimits>;
  readonly failover?: FailoverDefault;
  readonly checkpoint?: (name: string) => void;
  /** May put something between the parts and the house, such as a count of what is under way. */
  readonly wrap?: <T extends object>(part: T) => T;
  readonly onFatal?: (error: Error) => void;
  /** Keeps the ids of several houses on one store apart. */
  readonly node?: number;
  /** Others may hold jobs of the same store. */
  readonly isShared?: boolean;
  readonly maxTasksInFlight?: number;
};

/** The real parts of a gateway without its HTTP side: store, queue, assets, tasks. */
export async function openHouse(options: Options): Promise<House> {
  const { dataDir, clock, wrap = <T>(part: T) => part } = options;
  const fail = (error: Error) => {
    throw error;
  };
  const db = wrap(await openDb({ dataDir, databaseUrl: options.databaseUrl, onFatal: options.onFatal ?? fail }));
  for (const { accountId, keyId } of [OWNER, STRANGER]) {
    if ((await getAccount(db, accountId)) !== undefined) continue;
    const key = keyRow({ id: keyId, account_id: accountId, hash: keyId });
    await db.write([insertAccount(db, accountRow(accountId)), insertKey(db, key)]);
  }
  const logged: House['logged'] = [];
  const log = createTestLog(logged);
  const queue = createEmbeddedQueue({
    db,
    holder: randomUUID(),
    isAlone: options.isShared !== true,
    after: clock.after,
  });
  const { nowMs } = clock;
  const ids = createIds({ nowMs, node: options.node ?? 1, randomBytes });
  const secret = await loadLinkSecret(db, randomBytes);
  const links = createLinks({ secret, origin: () => 'http://reelay.test', lifetimeMs: 3_600_000, nowMs });
  const blobs = await openBlobs({ dataDir, randomName: randomUUID });
  const assets = wrap(createAssets({ db, blobs, links, inspect: inspectByHead, ids, clock, log }));
  const guard = wrap(createFetchGuard({ allowPrivateNetwork: true }));
  const random = () => 0.5;
  const limits = { maxFetchMegabytes: 10, fetchTimeoutMs: 30_000, taskDeadlineMs: DEADLINE_MS };
  const intake = createIntake({ db, assets, links, guard, clock, random, limits });
  const endpoints = options.catalog ?? catalog;
  const references = createReferences({ db, catalog: endpoints, assets });
  const live = createLiveProgress();
  const alarms = createAlarms(clock);
  const fixed = options.providers.map((provider) => ({
    name: provider.name,
    provider: wrap(provider),
    routeOf: everyEndpoint(provider.name),
    ...(options.policies?.[provider.name] === undefined ? {} : { policy: options.policies[provider.name] ?? {} }),
  }));
  const bell = createBell();
  const exchange = createExchange({ cnyMicrosPerUsd: 7_200_000 });
  const room = openTestChannels({
    db,
    catalog,
    queue,
    dataDir,
    clock,
    random,
    exchange,
    log,
    fixed,
    ...options.channels,
  });
  const { channels } = room;
  const common = {
    db,
    queue,
    catalog: endpoints,
    intake,
    references,
    assets,
    live,
    bell,
    exchange,
    clock,
    random,
    log,
  };
  const tasks = createTaskService({
    ...common,
    alarms,
    ids,
    limits,
    allowPrivateNetwork: true,
    callersFailover: true,
    outlook: room.outlook,
  });
  const drive = createDriver({
    ...common,
    channels,
    callbacks: { addressOf: () => undefined },
    guard,
    alarms,
    timings: createTimings(db),
    failover: options.failover,
    limits: { ...DRIVER_LIMITS, fetchTimeoutMs: 30_000, ...options.limits },
    ...(options.checkpoint === undefined ? {} : { checkpoint: options.checkpoint }),
  });
  const workerLimits = { leaseMs: LEASE_MS, heartbeatMs: 4_000, maxTasksInFlight: options.maxTasksInFlight ?? 1_000 };
  const worker = createTaskWorker({ ...common, drive, alarms, limits: workerLimits });
  const view = async (taskId: string) => {
    const found = await tasks.get({ caller: OWNER, taskId });
    if (found === undefined) throw new Error(`no task ${taskId}`);
    return found;
  };
  return {
    db,
    queue,
    blobs,
    assets,
    tasks,
    drive,
    worker,
    alarms,
    room,
    logged,
    view,
    submit: (body = TEXT_BODY, endpoint = TEXT_ENDPOINT) => tasks.submit({ caller: OWNER, endpoint, body }),
    async close() {
      await worker.stop({ graceMs: 5_000 });
      await queue.close();
      await db.close();
    },
  };
}

export const createTestLog = (logged: House['logged']): Log => {
  const at = (level: string) => (fields: Readonly<Record<string, unknown>>, message: string) =>
    void logged.push({ level, fields, message });
  return { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') };
};
