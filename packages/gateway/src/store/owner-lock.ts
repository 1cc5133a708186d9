import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { z } from 'zod';

/** SQLite's "somebody else has it". */
const BUSY = 5;

/** Another process owns the data folder. What it said of itself is undefined when it had no time to say it. */
export class AlreadyRunningError extends Error {
  override readonly name = 'AlreadyRunningError';
  readonly pid: number | undefined;
  readonly url: string | undefined;
  constructor(dataDir: string, { pid, url }: Owner) {
    const who = [pid === undefined ? [] : `process ${pid}`, url === undefined ? [] : `at ${url}`].flat().join(', ');
    super(
      `Reelay is already running on ${dataDir}${who === '' ? '' : ` (${who})`}. Stop it first, or set REELAY_DATA_DIR to another folder.`,
    );
    this.pid = pid;
    this.url = url;
  }
}

const Owner = z.object({ pid: z.number().optional(), url: z.string().optional() });
type Owner = { readonly pid?: number | undefined; readonly url?: string | undefined };

export type OwnerLock = {
  /** Tells whoever comes second where we are. */
  describe(p: { url: string }): void;
  release(): void;
};

/** Makes this process the owner of a data folder. The lock is an open exclusive transaction on a file of its own, which
 *  the kernel ends with the process however it dies: there is no stale lock to clean up.
 *  @throws {AlreadyRunningError} that says which process owns it, and its address. */
export function acquireOwnerLock(dataDir: string): OwnerLock {
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  const note = join(dataDir, 'owner.json');
  const lock = new DatabaseSync(join(dataDir, 'owner.lock'), { timeout: 0 });
  try {
    lock.exec('begin exclusive');
  } catch (error) {
    lock.close();
    if ((error as { errcode?: number }).errcode !== BUSY) throw error; // node:sqlite's errors carry one.
    throw new AlreadyRunningError(dataDir, readOwner(note));
  }
  const write = (owner: Owner) => writeFileSync(note, JSON.stringify(owner), { mode: 0o600 });
  write({ pid: process.pid });
  return { describe: ({ url }) => write({ pid: process.pid, url }), release: () => lock.close() };
}

function readOwner(note: string): Owner {
  try {
    return Owner.parse(JSON.parse(readFileSync(note, 'utf8')));
  } catch {
    // The owner may be writing it this moment; who it is only makes the message better.
    return {};
  }
}
