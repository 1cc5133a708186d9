import { type Client, createClient, ReelayError } from '@reelay/client';
import { UsageError } from './errors.ts';
import type { Io } from './io.ts';
import { createOutput, type Output } from './output.ts';

export const DEFAULT_URL = 'http://127.0.0.1:8090';
/** A person waits: two more tries are soon over. */
const RETRIES = 2;

/** The options that every command takes. */
export type Globals = { url?: string; key?: string; json?: boolean; quiet?: boolean };

/** What commands work with. */
export type Context = {
  readonly io: Io;
  readonly out: Output;
  /** @throws {UsageError} where no key is known, or the address is none. */
  readonly client: Client;
};

/** @param globals as they are once the command line was read. */
export function createContext(io: Io, globals: () => Globals): Context {
  return {
    io,
    get out() {
      const { json = false, quiet = false } = globals();
      return createOutput(io, { isJson: json, isQuiet: quiet });
    },
    get client() {
      return connect(io, globals());
    },
  };
}

function connect({ env }: Io, globals: Globals): Client {
  const url = globals.url ?? (env.REELAY_URL || DEFAULT_URL);
  const key = globals.key ?? env.REELAY_KEY;
  if (key === undefined || key === '') {
    const next = 'Set REELAY_KEY, or pass --key. A server prints its first key when it first starts.';
    throw new UsageError('no key', next);
  }
  try {
    return createClient({ url, key, retries: RETRIES });
  } catch (error) {
    if (!(error instanceof ReelayError)) throw error;
    throw new UsageError(error.message.replace(/^(url|key)/, (name) => `--${name} (or REELAY_${name.toUpperCase()})`));
  }
}
