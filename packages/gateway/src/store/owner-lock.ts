import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

/** SQLite's "somebody else has it". */
const BUSY = 5;

/** Another process owns the data folder. */
export class AlreadyRunningError extends Error {
  override readonly name = 'AlreadyRunningError';
}

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
    throw new AlreadyRunningError(
      `Reelay is already running on ${dataDir}${describeOwner(note)}. Stop it first, or set REELAY_DATA_DIR to another folder.`,
    );
  }
  const write = (url: string | null) => writeFileSync(note, JSON.stringify({ pid: process.pid, url }));
  write(null);
  return { describe: ({ url }) => write(url), release: () => lock.close() };
}

function describeOwner(note: string): string {
  try {
    const { pid, url } = JSON.parse(readFileSync(note, 'utf8'));
    return ` (process ${pid}${url === null ? '' : `, at ${url}`})`;
  } catch {
    return '';
  }
}
