import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { parseEnv } from 'node:util';
import { z } from 'zod';
import {
  CHANNEL_ORDERS,
  type ChannelOrder,
  FAILOVER_MOMENTS,
  type FailoverDefault,
  PREVIEW_MODES,
  type PreviewMode,
} from './contract/routing.ts';
import { SECRET_KEY } from './lib/sealed-box.ts';

/** Every limit of the server, named with its unit. */
export const LIMITS = {
  maxJsonMegabytes: 64,
  maxUploadMegabytes: 512,
  /** An upload that arrives in pieces. */
  maxResumableUploadMegabytes: 5_120,
  /** Of one account at a time. */
  maxUnfinishedUploads: 100,
  /** Nothing arrived for so long: another request may go on with the upload in place of the one that sends it. */
  stalledUploadMs: 10_000,
  /** A picture or clip fetched from a caller's URL. */
  maxFetchMegabytes: 512,
  fetchTimeoutMs: 120_000,
  /** How long a client may take to send its headers and its body. */
  requestTimeoutMs: 300_000,
  headersTimeoutMs: 15_000,
  /** That the system holds until we come to them. Of a thousand that come at once, Node's 511 turn some away. */
  maxUnacceptedConnections: 4_096,
  linkLifetimeMs: 7 * 24 * 3_600_000,
  /** A LoRA file in one request; and how long the link for it works. */
  maxLoraMegabytes: 5_120,
  loraLinkLifetimeMs: 3_600_000,
  /** Of one key, of the list of models. */
  maxResourceListsPerMinute: 120,
  taskDeadlineMs: 6 * 3_600_000,
  leaseMs: 15_000,
  heartbeatMs: 4_000,
  maxTasksInFlight: 100_000,
  shutdownGraceMs: 10_000,
} as const;

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** How long something is kept. Null: for ever. Zero is refused, for it could mean that as well as the opposite. */
const keep = (unitMs: number, fallback: number | null) =>
  z
    .string()
    .regex(/^([1-9]\d{0,4}|forever)$/, 'must be a whole number from 1 to 99999, or forever')
    .transform((value) => (value === 'forever' ? null : Number(value) * unitMs))
    .default(fallback === null ? null : fallback * unitMs);

/** Names of the command line and the examples. Whoever sets them for those may start a server in the same shell. */
const NAMES_OF_CLIENTS: ReadonlySet<string> = new Set(['REELAY_URL', 'REELAY_KEY']);

const Environment = z.object({
  REELAY_HOST: z.string().min(1).default('127.0.0.1'),
  REELAY_PORT: z
    .string()
    .regex(/^\d{1,5}$/, 'must be a whole number from 0 to 65535')
    .transform(Number)
    .refine((port) => port <= 65_535, 'must be a whole number from 0 to 65535')
    .default(8_090),
  REELAY_DATA_DIR: z.string().min(1).default('data'),
  REELAY_ADMIN_KEY: z
    .string()
    .regex(/^[0-9a-f]{32}$/, 'must be 32 lower-case hexadecimal digits')
    .optional(),
  REELAY_SECRET_KEY: z
    .string()
    .transform((value) => value.split(',').map((one) => one.trim()))
    .refine(
      (keys) => keys.every((key) => SECRET_KEY.test(key)),
      'must be 64 hexadecimal digits, or several such keys with commas between, the newest first',
    )
    .optional(),
  REELAY_PUBLIC_URL: z.url({ protocol: /^https?$/, error: 'must be an http or https address' }).optional(),
  REELAY_ALLOW_PRIVATE_NETWORK: z.enum(['true', 'false'], { error: 'must be true or false' }).default('false'),
  REELAY_WEBHOOK_EVENT_DATA: z.enum(['object', 'string'], { error: 'must be object or string' }).default('object'),
  REELAY_CNY_PER_USD: z
    .string()
    .regex(/^\d{1,6}(\.\d{1,6})?$/, 'must be a decimal number such as 7.2')
    .refine((rate) => Number(rate) > 0, 'must be more than 0')
    .transform((rate) => Math.round(Number(rate) * 1_000_000))
    .default(7_200_000),
  REELAY_CHANNELS_FILE: z.string().min(1).optional(),
  REELAY_CHANNEL_ORDER: z
    .enum(CHANNEL_ORDERS, { error: `must be one of ${CHANNEL_ORDERS.join(', ')}` })
    .default('weight'),
  REELAY_PREVIEW: z.enum(PREVIEW_MODES, { error: `must be one of ${PREVIEW_MODES.join(', ')}` }).default('auto'),
  REELAY_OWN_CHANNELS: z.enum(['true', 'false'], { error: 'must be true or false' }).default('false'),
  REELAY_FAILOVER: z
    .enum(['off', ...FAILOVER_MOMENTS], { error: `must be one of off, ${FAILOVER_MOMENTS.join(', ')}` })
    .default('off'),
  REELAY_CALLERS_FAILOVER: z.enum(['true', 'false'], { error: 'must be true or false' }).default('false'),
  REELAY_FAILOVER_AFTER_SECONDS: z
    .string()
    .regex(/^[1-9]\d{0,4}$/, 'must be a whole number from 1 to 99999')
    .transform(Number)
    .default(300),
  REELAY_FAILOVER_MAX_SPEND_FACTOR: z
    .string()
    .regex(/^\d{1,3}(\.\d{1,6})?$/, 'must be a decimal number such as 2.5')
    .transform(Number)
    .default(2),
  REELAY_OWN_CHANNEL_PRICE_FACTOR: z
    .string()
    .regex(/^(0|1|0?\.\d{1,6}|1\.0{1,6})$/, 'must be a decimal number from 0 to 1')
    .transform(Number)
    .default(0),
  REELAY_CANCELED_STATUS: z.enum(['FAILED', 'CANCEL'], { error: 'must be FAILED or CANCEL' }).default('FAILED'),
  REELAY_KEEP_OUTPUTS_DAYS: keep(DAY_MS, null),
  REELAY_KEEP_UPLOADS_DAYS: keep(DAY_MS, 30),
  REELAY_KEEP_TASKS_DAYS: keep(DAY_MS, null),
  REELAY_KEEP_EVENTS_DAYS: keep(DAY_MS, 30),
  REELAY_KEEP_DELIVERIES_DAYS: keep(DAY_MS, 30),
  REELAY_KEEP_IDEMPOTENCY_KEYS_HOURS: keep(HOUR_MS, 72),
  REELAY_KEEP_UNFINISHED_UPLOADS_HOURS: z
    .string()
    .regex(/^[1-9]\d{0,4}$/, 'must be a whole number from 1 to 99999')
    .transform((value) => Number(value) * HOUR_MS)
    .default(24 * HOUR_MS),
  DATABASE_URL: z.url({ protocol: /^postgres(ql)?$/, error: 'must be a postgres:// address' }).optional(),
});

/** How long things are kept. Null: for ever. */
export type Keep = {
  /** Since they were made, or last used. */
  readonly outputsMs: number | null;
  readonly uploadsMs: number | null;
  /** Since they ended. */
  readonly tasksMs: number | null;
  readonly eventsMs: number | null;
  /** Since their event. */
  readonly deliveriesMs: number | null;
  readonly idempotencyKeysMs: number | null;
  /** Since something of it arrived. */
  readonly unfinishedUploadsMs: number;
};

export type Config = {
  readonly host: string;
  /** 0 lets the system choose a free port. */
  readonly port: number;
  readonly dataDir: string;
  readonly adminKey: string | undefined;
  /** What secrets in the store are sealed with, the newest first. Undefined: a key in the data folder. */
  readonly secretKeys: readonly string[] | undefined;
  /** Where clients reach us, without a slash at the end. Undefined: the address we listen on. */
  readonly publicUrl: string | undefined;
  readonly allowPrivateNetwork: boolean;
  /** What the webhook of a v2 task carries as `eventData`: the answer of `query` as it is, or as a text. */
  readonly webhookEventData: 'object' | 'string';
  /** What one US dollar costs in yuan, in millionths: prices are in yuan, and accounts may be in dollars. */
  readonly cnyMicrosPerUsd: number;
  /** The status of a canceled task in the answers of `/openapi/v2/query`. */
  readonly canceledStatus: 'FAILED' | 'CANCEL';
  /** Undefined: the embedded SQLite file. */
  readonly databaseUrl: string | undefined;
  /** What describes channels beside the API, and whether that file was named: only then it must be there. */
  readonly channelsFile: { readonly path: string; readonly isRequired: boolean };
  /** What channels of the same priority are put in order by. */
  readonly channelOrder: ChannelOrder;
  readonly previews: PreviewMode;
  /** Whether accounts may bring channels. */
  readonly ownChannels: boolean;
  /** Undefined: what an upstream took is begun elsewhere only where the caller says so. */
  readonly failover: FailoverDefault | undefined;
  /** Whether callers who are no administrators may agree to second jobs, which the owners of channels pay for. */
  readonly callersFailover: boolean;
  /** What a task costs an account on a channel that it brought, as a share of its price. */
  readonly ownPriceFactor: number;
  /** A variable of the environment, or of `reelay.env`, that is no setting of ours: for the credentials of channels. */
  readonly variable: (name: string) => string | undefined;
  readonly keep: Keep;
  readonly limits: typeof LIMITS;
};

/** All names that are wrong, without their values: a value may be a secret. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
  readonly problems: readonly string[];
  constructor(problems: readonly string[]) {
    super(`Configuration is wrong:\n${problems.map((problem) => `  ${problem}`).join('\n')}`);
    this.problems = problems;
  }
}

/** Reads the optional file `reelay.env` (or the one that `REELAY_CONFIG_FILE` names) under the real environment, which
 *  wins. An empty variable counts as absent. @throws {ConfigError} with every bad name at once. */
export function loadConfig(env: Readonly<Record<string, string | undefined>>, cwd = process.cwd()): Config {
  const given = present(env);
  const merged = { ...readEnvFile(given.REELAY_CONFIG_FILE, cwd), ...given };
  const known = new Set([...Object.keys(Environment.shape), 'REELAY_CONFIG_FILE']);
  const unknown = Object.keys(merged).filter(
    (name) => name.startsWith('REELAY_') && !known.has(name) && !NAMES_OF_CLIENTS.has(name),
  );
  const parsed = Environment.safeParse(merged);
  const problems = [
    ...unknown.map((name) => `${name}: no such setting; known are ${[...known].join(', ')}`),
    ...(parsed.success ? [] : parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`)),
  ];
  if (!parsed.success || problems.length > 0) throw new ConfigError(problems);
  const values = parsed.data;
  return Object.freeze({
    host: values.REELAY_HOST,
    port: values.REELAY_PORT,
    dataDir: resolve(cwd, values.REELAY_DATA_DIR),
    adminKey: values.REELAY_ADMIN_KEY,
    secretKeys: values.REELAY_SECRET_KEY,
    publicUrl: values.REELAY_PUBLIC_URL?.replace(/\/+$/, ''),
    allowPrivateNetwork: values.REELAY_ALLOW_PRIVATE_NETWORK === 'true',
    webhookEventData: values.REELAY_WEBHOOK_EVENT_DATA,
    cnyMicrosPerUsd: values.REELAY_CNY_PER_USD,
    canceledStatus: values.REELAY_CANCELED_STATUS,
    databaseUrl: values.DATABASE_URL,
    channelsFile: {
      path: resolve(cwd, values.REELAY_CHANNELS_FILE ?? 'reelay.channels.json'),
      isRequired: values.REELAY_CHANNELS_FILE !== undefined,
    },
    channelOrder: values.REELAY_CHANNEL_ORDER,
    previews: values.REELAY_PREVIEW,
    ownChannels: values.REELAY_OWN_CHANNELS === 'true',
    callersFailover: values.REELAY_CALLERS_FAILOVER === 'true',
    failover:
      values.REELAY_FAILOVER === 'off'
        ? undefined
        : {
            after: values.REELAY_FAILOVER,
            afterSeconds: values.REELAY_FAILOVER_AFTER_SECONDS,
            maxSpendFactor: values.REELAY_FAILOVER_MAX_SPEND_FACTOR,
          },
    ownPriceFactor: values.REELAY_OWN_CHANNEL_PRICE_FACTOR,
    // Our own secrets are no credentials of anybody.
    variable: (name) => (name.startsWith('REELAY_') || name === 'DATABASE_URL' ? undefined : merged[name]),
    keep: {
      outputsMs: values.REELAY_KEEP_OUTPUTS_DAYS,
      uploadsMs: values.REELAY_KEEP_UPLOADS_DAYS,
      tasksMs: values.REELAY_KEEP_TASKS_DAYS,
      eventsMs: values.REELAY_KEEP_EVENTS_DAYS,
      deliveriesMs: values.REELAY_KEEP_DELIVERIES_DAYS,
      idempotencyKeysMs: values.REELAY_KEEP_IDEMPOTENCY_KEYS_HOURS,
      unfinishedUploadsMs: values.REELAY_KEEP_UNFINISHED_UPLOADS_HOURS,
    },
    limits: LIMITS,
  });
}

const present = (env: Readonly<Record<string, string | undefined>>): Record<string, string> =>
  Object.fromEntries(Object.entries(env).filter((entry): entry is [string, string] => (entry[1] ?? '') !== ''));

/** The file must be there only where it was named. */
function readEnvFile(named: string | undefined, cwd: string): Record<string, string> {
  const path = resolve(cwd, named ?? 'reelay.env');
  try {
    return present(parseEnv(readFileSync(path, 'utf8')));
  } catch (error) {
    const isMissing = (error as NodeJS.ErrnoException).code === 'ENOENT'; // readFileSync throws only these.
    if (isMissing && named === undefined) return {};
    throw new ConfigError([`REELAY_CONFIG_FILE: cannot read ${path}`]);
  }
}
