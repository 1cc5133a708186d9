import { createHash } from 'node:crypto';
import { type FileHandle, mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Chunks } from '../contract/asset.ts';
import { GatewayError } from '../contract/errors.ts';
import { createKeyedLock } from '../lib/keyed-lock.ts';

/** Bytes on our disk that nothing refers to yet. Ends with exactly one of `keep` and `discard`. */
export type Draft = {
  readonly path: string;
  readonly sha256: string;
  readonly sizeBytes: number;
  /** Gives the bytes their name, where they are after a crash too, and writes with `refer` the row that refers to them.
   *  Nobody removes these bytes meanwhile. @returns what `refer` does. */
  keep<T>(refer: (path: string) => Promise<T>): Promise<T>;
  discard(): Promise<void>;
};

/** Bytes by their SHA-256: a file is there whole, or not at all. */
export type Blobs = {
  /** Streams to disk while hashing. @throws {GatewayError} `body_too_large` above `maxBytes`, `storage_full`; whatever
   *  the stream throws. Nothing is left behind then. */
  receive(stream: Chunks, p: { maxBytes: number }): Promise<Draft>;
  /** A draft of a file of ours that is on the same filesystem, whole and synced. */
  adopt(file: { path: string; sha256: string; sizeBytes: number }): Draft;
  /** A draft of bytes that have their name already. To discard it changes nothing. */
  existing(file: { sha256: string; sizeBytes: number }): Draft;
  pathOf(sha256: string): string;
  has(sha256: string): Promise<boolean>;
  /** Deletes the bytes unless some row refers to them. The row that did must be gone before. @returns how many bytes of
   *  disk that freed. */
  remove(sha256: string, isReferenced: () => Promise<boolean>): Promise<number>;
  /** What is in one of the 256 folders, by the first two digits. */
  list(prefix: string): Promise<{ sha256: string; path: string }[]>;
  /** `<dataDir>/blobs`. */
  readonly root: string;
  /** Within it, for files that are needed for a moment: what a crash leaves there is gone at the next start. */
  readonly tempDir: string;
};

const MEGABYTE = 1_048_576;
const HASH = /^[0-9a-f]{64}$/;

/** Opens `<dataDir>/blobs`, where bytes are at `ab/<sha256>`. What a crash left unfinished is removed, so the folder must
 *  have one owner, and within it the lock by hash decides between those who keep bytes and those who remove them. */
export async function openBlobs(p: { dataDir: string; randomName: () => string }): Promise<Blobs> {
  const root = join(p.dataDir, 'blobs');
  // Drafts are on the same filesystem, or they could not be renamed into place.
  const drafts = join(root, 'tmp');
  await rm(drafts, { recursive: true, force: true });
  await mkdir(drafts, { recursive: true, mode: 0o700 });
  const locked = createKeyedLock();
  const folderOf = (sha256: string) => join(root, sha256.slice(0, 2));
  const pathOf = (sha256: string) => join(folderOf(sha256), sha256);

  const adopt: Blobs['adopt'] = ({ path, sha256, sizeBytes }) => {
    const discard = () => rm(path, { force: true });
    const name = async (): Promise<string> => {
      const kept = pathOf(sha256);
      await mkdir(folderOf(sha256), { recursive: true, mode: 0o700 });
      // Identical bytes are there already, whole: the second copy is not needed.
      if (await isFile(kept)) await discard();
      else await rename(path, kept);
      // The bytes were synced before; now the names are, or a power cut could leave a row without its file. Also
      // where another made the folder or the file a moment ago: its own sync may still be under way.
      await syncFolder(folderOf(sha256));
      await syncFolder(root);
      return kept;
    };
    return { path, sha256, sizeBytes, keep: (refer) => locked(sha256, async () => refer(await name())), discard };
  };

  return {
    root,
    tempDir: drafts,
    pathOf,
    has: (sha256) => isFile(pathOf(sha256)),
    adopt,
    existing({ sha256, sizeBytes }) {
      const path = pathOf(sha256);
      return {
        path,
        sha256,
        sizeBytes,
        keep: (refer) => locked(sha256, () => refer(path)),
        discard: () => Promise.resolve(),
      };
    },
    async receive(stream, { maxBytes }) {
      const path = join(drafts, p.randomName());
      try {
        return adopt({ path, ...(await writeAndHash(stream, path, maxBytes)) });
      } catch (error) {
        await rm(path, { force: true });
        throw toStorageFault(error);
      }
    },
    remove: (sha256, isReferenced) =>
      locked(sha256, async () => {
        if (await isReferenced()) return 0;
        const found = await stat(pathOf(sha256)).catch(() => undefined);
        await rm(pathOf(sha256), { force: true });
        return found?.size ?? 0;
      }),
    async list(prefix) {
      const names = await readdir(join(root, prefix)).catch(() => []);
      return names.filter((name) => HASH.test(name)).map((sha256) => ({ sha256, path: pathOf(sha256) }));
    },
  };
}

async function writeAndHash(
  stream: Chunks,
  path: string,
  maxBytes: number,
): Promise<{ sha256: string; sizeBytes: number }> {
  const digest = createHash('sha256');
  const file = await open(path, 'wx', 0o600);
  try {
    const sizeBytes = await writeStream(file, stream, {
      offset: 0,
      maxBytes,
      onWritten: (bytes) => digest.update(bytes),
    });
    await file.sync();
    return { sha256: digest.digest('hex'), sizeBytes };
  } finally {
    await file.close();
  }
}

/** Writes a stream into a file from an offset on. @returns how many bytes that were.
 *  @throws {GatewayError} `body_too_large` above `maxBytes`; whatever the stream and the disk throw. What was written by
 *    then stays. */
export async function writeStream(
  file: FileHandle,
  stream: Chunks,
  p: { offset: number; maxBytes: number; onWritten: (bytes: Buffer) => void },
): Promise<number> {
  let sizeBytes = 0;
  for await (const chunk of stream) {
    // A stream of text chunks is as good as one of buffers.
    const bytes = typeof chunk === 'string' ? Buffer.from(chunk) : chunk;
    if (sizeBytes + bytes.length > p.maxBytes) {
      throw new GatewayError('body_too_large', `a file may have ${Math.floor(p.maxBytes / MEGABYTE)} MB at most`);
    }
    await writeAll(file, bytes, p.offset + sizeBytes);
    sizeBytes += bytes.length;
    // Last, for it may use the chunk up.
    p.onWritten(bytes);
  }
  return sizeBytes;
}

/** Gives the memory of a chunk back now. At the speed of a fast upload the garbage of the time until the next collection
 *  would be most of what the process has. */
export function freeChunk({ buffer, byteLength }: Buffer): void {
  // Part of a larger one: somebody else's bytes are beside it.
  if (buffer instanceof ArrayBuffer && buffer.byteLength === byteLength) buffer.transfer(0);
}

async function writeAll(file: FileHandle, bytes: Buffer, offset: number): Promise<void> {
  let written = 0;
  while (written < bytes.length) {
    const { bytesWritten } = await file.write(bytes, written, bytes.length - written, offset + written);
    written += bytesWritten;
  }
}

/** No space, or no quota, left. */
const FULL = new Set(['ENOSPC', 'EDQUOT']);

export function toStorageFault(error: unknown): unknown {
  const isFull = error instanceof Error && 'code' in error && FULL.has(String(error.code));
  return isFull ? new GatewayError('storage_full', 'the server has no room left for files', { cause: error }) : error;
}

async function syncFolder(path: string): Promise<void> {
  // Windows cannot open a folder; its filesystem journals names itself.
  if (process.platform === 'win32') return;
  const folder = await open(path, 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

async function isFile(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isFile();
  } catch {
    return false;
  }
}
