import { createWriteStream } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { ProviderOutput } from '../provider.ts';
import type { Inlined } from './long-json.ts';

/** A place for results that an upstream answers as bytes, until they are stored as outputs. */
export type Spool = {
  /** Writes the bytes durably, under a name that the task and the position decide: writing twice is writing once.
   *  @param p.extension without a dot. */
  save(p: {
    taskId: string;
    position: number;
    extension: string;
    bytes: Readable | Uint8Array;
    signal: AbortSignal;
  }): Promise<ProviderOutput & { kind: 'file' }>;
  /** Removes what a task left. */
  clear(taskId: string): Promise<void>;
};

/** @param folder nothing else is in it. */
export function createSpool(folder: string): Spool {
  const folderOf = (taskId: string) => join(folder, taskId);
  return {
    async save({ taskId, position, extension, bytes, signal }) {
      await mkdir(folderOf(taskId), { recursive: true, mode: 0o700 });
      const path = join(folderOf(taskId), `${position}.${extension}`);
      const source = bytes instanceof Readable ? bytes : Readable.from([bytes]);
      await pipeline(source, createWriteStream(path, { mode: 0o600, flush: true }), { signal });
      return { kind: 'file', path, extension };
    },
    clear: (taskId) => rm(folderOf(taskId), { recursive: true, force: true }),
  };
}

/** Saves the files of one answer for a task, in their order. They are in `files` once the answer has been read. */
export function intoSpool(
  spool: Spool,
  p: { taskId: string; extension: string; members: Inlined['members']; signal: AbortSignal },
): { readonly files: ProviderOutput[]; readonly inlined: Inlined } {
  const files: ProviderOutput[] = [];
  const { members, ...task } = p;
  const save: Inlined['save'] = async (position, bytes) => {
    files[position] = await spool.save({ ...task, position, bytes });
  };
  return { files, inlined: { members, save } };
}
