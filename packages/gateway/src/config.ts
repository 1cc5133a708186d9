import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { parseEnv } from 'node:util';
import { z } from 'zod';

/** Every limit of the server, named with its unit. */
export const LIMITS = {
  maxJsonMegabytes: 64,
  maxUploadMegabytes: 512,
  /** A picture or clip fetched from a caller's URL. */
  maxFetchMegabytes: 512,
  fetchTimeoutMs: 120_000,
  /** How long a client may take to send its headers and its body. */
  requestTimeoutMs: 300_000,
  headersTimeoutMs: 15_000,
  linkLifetimeMs: 7 * 24 * 3_600_000,
  taskDeadlineMs: 6 * 3_600_000,
  leaseMs: 15_000,
  heartbeatMs: 4_000,
  maxTasksInFlight: 100_000,
  shutdownGraceMs: 10_000,
} as const;

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
  REELAY_PUBLIC_URL: z.url({ protocol: /^https?$/, error: 'must be an http or https address' }).optional(),
  REELAY_ALLOW_PRIVATE_NETWORK: z.enum(['true', 'false'], { error: 'must be true or false' }).default('false'),
  DATABASE_URL: z.url({ protocol: /^postgres(ql)?$/, error: 'must be a postgres:// address' }).optional(),
});

export type Config = {
  readonly host: string;
  /** 0 lets the system choose a free port. */
  readonly port: number;
  readonly dataDir: string;
  readonly adminKey: string | undefined;
  /** Where clients reach us, without a slash at the end. Undefined: the address we listen on. */
  readonly publicUrl: string | undefined;
  readonly allowPrivateNetwork: boolean;
  /** Undefined: the embedded SQLite file. */
  readonly databaseUrl: string | undefined;
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
  const unknown = Object.keys(merged).filter((name) => name.startsWith('REELAY_') && !known.has(name));
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
    publicUrl: values.REELAY_PUBLIC_URL?.replace(/\/+$/, ''),
    allowPrivateNetwork: values.REELAY_ALLOW_PRIVATE_NETWORK === 'true',
    databaseUrl: values.DATABASE_URL,
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
