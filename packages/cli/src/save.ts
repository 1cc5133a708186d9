import { createWriteStream } from 'node:fs';
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Output, Task } from '@reelay/client';
import { Failure } from './errors.ts';

/** Downloads what a task has made. A file is there whole or not at all.
 *  @returns the paths of the files */
export async function saveOutputs(
  { id, outputs }: Pick<Task, 'id' | 'outputs'>,
  { folder, signal }: { folder: string; signal: AbortSignal },
): Promise<string[]> {
  await mkdir(folder, { recursive: true });
  const paths: string[] = [];
  for (const [n, output] of outputs.entries()) {
    // The extension comes from the server, and goes into a path.
    const extension = /^[a-z0-9]{1,10}$/i.test(output.extension) ? output.extension : 'bin';
    const path = join(folder, `${id}-${n + 1}.${extension}`);
    const part = `${path}.part`;
    try {
      await write(output, part, signal);
      await rename(part, path);
    } catch (error) {
      await rm(part, { force: true });
      throw error;
    }
    paths.push(path);
  }
  return paths;
}

async function write({ url, text }: Output, path: string, signal: AbortSignal): Promise<void> {
  if (url === null) return writeFile(path, text ?? '');
  // Its link needs no key, and may lead to another host.
  const response = await fetch(url, { signal }).catch((cause: unknown) => {
    signal.throwIfAborted();
    throw new Failure(`a result cannot be fetched from ${new URL(url).origin}`, UNREACHABLE, { cause });
  });
  if (!response.ok || response.body === null) throw new Failure(`a result cannot be fetched: ${response.status}`);
  await pipeline(Readable.fromWeb(response.body), createWriteStream(path), { signal });
}
const UNREACHABLE = 'Set REELAY_PUBLIC_URL on the server to an address at which you can reach it.';
