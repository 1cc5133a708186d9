import { createHash } from 'node:crypto';
import { type FileHandle, mkdir, open, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { GatewayError } from '../contract/errors.ts';

/** Bytes on our disk that nothing refers to yet. Ends with exactly one of `keep` and `discard`. */
export type Draft = {
  readonly path: string;
  readonly sha256: string;
  readonly sizeBytes: number;
  /** Gives the bytes their name. Afterwards they are there after a crash too. @returns where they are now. */
  keep(): Promise<string>;
  discard(): Promise<void>;
};

/** Bytes by their SHA-256: a file is there whole, or not at all. */
export type Blobs = {
  /** Streams to disk while hashing. @throws {GatewayError} `body_too_large` above `maxBytes`; whatever the stream
   *  throws. Nothing is left behind then. */
  receive(stream: Readable, p: { maxBytes: number }): Promise<Draft>;
  pathOf(sha256: string): string;
  has(sha256: string): Promise<boolean>;
};

const MEGABYTE = 1_048_576;

/** Opens `<dataDir>/blobs`, where bytes are at `ab/<sha256>`. What a crash left unfinished is removed, so the folder must
 *  have one owner. */
export async function openBlobs(p: { dataDir: string; randomName: () => string }): Promise<Blobs> {
  const root = join(p.dataDir, 'blobs');
  // Drafts are on the same filesystem, or they could not be renamed into place.
  const drafts = join(root, 'tmp');
  await rm(drafts, { recursive: true, force: true });
  await mkdir(drafts, { recursive: true, mode: 0o700 });
  const folderOf = (sha256: string) => join(root, sha256.slice(0, 2));
  const pathOf = (sha256: string) => join(folderOf(sha256), sha256);
  return {
    pathOf,
    has: (sha256) => isFile(pathOf(sha256)),
    async receive(stream, { maxBytes }) {
      const path = join(drafts, p.randomName());
      const discard = () => rm(path, { force: true });
      try {
        const { sha256, sizeBytes } = await writeAndHash(stream, path, maxBytes);
        const keep = async () => {
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
        return { path, sha256, sizeBytes, keep, discard };
      } catch (error) {
        await discard();
        throw error;
      }
    },
  };
}

async function writeAndHash(
  stream: Readable,
  path: string,
  maxBytes: number,
): Promise<{ sha256: string; sizeBytes: number }> {
  const digest = createHash('sha256');
  let sizeBytes = 0;
  const file = await open(path, 'wx', 0o600);
  try {
    for await (const chunk of stream) {
      // A stream of text chunks is as good as one of buffers.
      const bytes = typeof chunk === 'string' ? Buffer.from(chunk) : (chunk as Buffer);
      sizeBytes += bytes.length;
      if (sizeBytes > maxBytes) {
        throw new GatewayError('body_too_large', `a file may have ${Math.floor(maxBytes / MEGABYTE)} MB at most`);
      }
      digest.update(bytes);
      await writeAll(file, bytes);
    }
    await file.sync();
  } finally {
    await file.close();
  }
  return { sha256: digest.digest('hex'), sizeBytes };
}

async function writeAll(file: FileHandle, bytes: Buffer): Promise<void> {
  let written = 0;
  while (written < bytes.length) written += (await file.write(bytes, written)).bytesWritten;
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
