import { createHash, type Hash } from 'node:crypto';
import { mkdir, open, readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { GatewayError } from '../contract/errors.ts';
import type { Checksum } from '../contract/upload.ts';
import { freeChunk, toStorageFault, writeStream } from './blobs.ts';

/** Of how many uploads the hash so far is kept. Any other is read again at its end. */
const MAX_HASHES = 1_000;
const READ_BYTES = 1_048_576;

/** The files of uploads that are not whole yet. How much has arrived is how long the file is. */
export type Parts = {
  create(id: string): Promise<void>;
  /** Undefined: there is no such file. */
  sizeOf(id: string): Promise<number | undefined>;
  pathOf(id: string): string;
  /** Writes a stream at the end of the file; its chunks are used up. What arrived is on disk when this resolves or throws.
   *  @throws {GatewayError} `checksum_mismatch`, `body_too_large`, `storage_full`; whatever the stream throws. With a
   *    checksum nothing is kept then. */
  append(
    id: string,
    p: { offset: number; stream: Readable; maxBytes: number; checksum?: Checksum | undefined; onBytes: () => void },
  ): Promise<void>;
  /** SHA-256 of the whole file, of which only what did not pass through this process is read. */
  hash(id: string): Promise<string>;
  remove(id: string): Promise<void>;
  list(): Promise<string[]>;
};

/** Keeps them in `<root>/parts`: on the filesystem of the blobs, so that a whole one becomes a blob by its name alone. */
export async function openParts(root: string): Promise<Parts> {
  const folder = join(root, 'parts');
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const pathOf = (id: string) => join(folder, id);
  // The state of a hash cannot be written down, so it lives no longer than the process.
  const hashes = new Map<string, { digest: Hash; sizeBytes: number }>();
  const remember = (id: string, state: { digest: Hash; sizeBytes: number }) => {
    hashes.delete(id);
    hashes.set(id, state);
    const [oldest] = hashes.keys();
    if (hashes.size > MAX_HASHES && oldest !== undefined) hashes.delete(oldest);
  };

  return {
    pathOf,
    async create(id) {
      await (await open(pathOf(id), 'wx', 0o600)).close();
    },
    sizeOf: async (id) => (await stat(pathOf(id)).catch(() => undefined))?.size,
    async append(id, { offset, stream, maxBytes, checksum, onBytes }) {
      const known = offset === 0 ? { digest: createHash('sha256'), sizeBytes: 0 } : hashes.get(id);
      const so = known?.sizeBytes === offset ? { digest: known.digest.copy(), sizeBytes: offset } : undefined;
      const sum = checksum === undefined ? undefined : createHash(checksum.algorithm);
      const onWritten = (bytes: Buffer) => {
        onBytes();
        sum?.update(bytes);
        so?.digest.update(bytes);
        if (so !== undefined) so.sizeBytes += bytes.length;
        freeChunk(bytes);
      };
      const file = await open(pathOf(id), 'r+');
      try {
        await writeStream(file, stream, { offset, maxBytes, onWritten });
        if (checksum !== undefined && !checksum.hash.equals(sum?.digest() ?? Buffer.alloc(0))) {
          throw new GatewayError('checksum_mismatch', `the ${checksum.algorithm} of what arrived is another`);
        }
        // The offset that is said next is a promise.
        await file.sync();
        if (so !== undefined) remember(id, so);
      } catch (error) {
        // Nobody can check half of what the checksum was made of.
        if (checksum !== undefined) await file.truncate(offset);
        else if (so !== undefined) remember(id, so);
        await file.sync().catch(() => undefined);
        throw toStorageFault(error);
      } finally {
        await file.close();
      }
    },
    async hash(id) {
      const known = hashes.get(id) ?? { digest: createHash('sha256'), sizeBytes: 0 };
      const digest = known.digest.copy();
      const file = await open(pathOf(id), 'r');
      try {
        // One buffer for all of it, for the same reason as in `freeChunk`.
        const buffer = Buffer.allocUnsafe(READ_BYTES);
        for (let at = known.sizeBytes; ; ) {
          const { bytesRead } = await file.read(buffer, 0, READ_BYTES, at);
          if (bytesRead === 0) return digest.digest('hex');
          digest.update(buffer.subarray(0, bytesRead));
          at += bytesRead;
        }
      } finally {
        await file.close();
      }
    },
    async remove(id) {
      hashes.delete(id);
      await rm(pathOf(id), { force: true });
    },
    list: () => readdir(folder),
  };
}
