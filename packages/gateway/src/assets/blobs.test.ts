import { spawn } from 'node:child_process';
import { createHash, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openBlobs } from './blobs.ts';

let dataDir: string;
beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'reelay-blobs-'));
});
afterEach(() => rm(dataDir, { recursive: true }));

const open = () => openBlobs({ dataDir, randomName: randomUUID });
/** A row of nobody's. */
const asIs = async (path: string) => path;
const limit = { maxBytes: 1_000_000 };
const sha256 = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex');
async function listFiles(): Promise<string[]> {
  const entries = await readdir(join(dataDir, 'blobs'), { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map(({ name }) => name);
}

test('bytes are kept under their hash', async () => {
  const blobs = await open();
  const bytes = Buffer.from('a picture');
  const draft = await blobs.receive(Readable.from([bytes.subarray(0, 3), bytes.subarray(3)]), limit);
  expect(draft).toMatchObject({ sha256: sha256(bytes), sizeBytes: 9 });
  expect(await blobs.has(draft.sha256)).toBe(false);
  const path = await draft.keep(asIs);
  expect(path).toBe(join(dataDir, 'blobs', draft.sha256.slice(0, 2), draft.sha256));
  expect(await readFile(path)).toEqual(bytes);
  expect(await blobs.has(draft.sha256)).toBe(true);
  expect(await listFiles()).toEqual([draft.sha256]);
});

test('identical bytes are stored once, also when they arrive together', async () => {
  const blobs = await open();
  const drafts = await Promise.all([1, 2, 3].map(() => blobs.receive(Readable.from([Buffer.from('same')]), limit)));
  const paths = await Promise.all(drafts.map((draft) => draft.keep(asIs)));
  expect(new Set(paths).size).toBe(1);
  expect(await listFiles()).toHaveLength(1);
});

test('a stream that is too long, or breaks, leaves nothing', async () => {
  const blobs = await open();
  const long = Readable.from([Buffer.alloc(600_000), Buffer.alloc(600_000)]);
  await expect(blobs.receive(long, limit)).rejects.toMatchObject({ code: 'body_too_large' });
  const fault = new Error('the client went away');
  async function* broken() {
    yield Buffer.from('half');
    throw fault;
  }
  await expect(blobs.receive(Readable.from(broken()), limit)).rejects.toBe(fault);
  expect(await listFiles()).toEqual([]);
});

test('a stream of exactly the limit is kept, and so is an empty one', async () => {
  const blobs = await open();
  const full = await blobs.receive(Readable.from([Buffer.alloc(limit.maxBytes)]), limit);
  expect(full.sizeBytes).toBe(limit.maxBytes);
  const empty = await blobs.receive(Readable.from([]), limit);
  expect(empty.sizeBytes).toBe(0);
});

test('what is discarded is gone, and may be discarded again', async () => {
  const blobs = await open();
  const draft = await blobs.receive(Readable.from([Buffer.from('no')]), limit);
  await draft.discard();
  await draft.discard();
  expect(await listFiles()).toEqual([]);
});

test.each([
  ['writing', 0],
  ['written', 0],
  ['kept', 1],
])('a process that is killed when %s leaves whole files only', async (moment, kept) => {
  const child = spawn(process.execPath, [join(import.meta.dirname, 'testing/write-and-die.ts'), dataDir, moment]);
  const [, signal] = await once(child, 'exit');
  expect(signal).toBe('SIGKILL');
  // The next start finds the unfinished draft.
  expect((await listFiles()).includes('draft')).toBe(kept === 0);
  await open();
  const files = await listFiles();
  expect(files).toHaveLength(kept);
  for (const name of files) {
    expect(sha256(await readFile(join(dataDir, 'blobs', name.slice(0, 2), name)))).toBe(name);
  }
});
