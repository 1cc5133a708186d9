import { spawn } from 'node:child_process';
import { randomBytes, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { access, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { afterEach, beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { openBlobs } from '../assets/blobs.ts';
import { openParts } from '../assets/parts.ts';
import { createKeeper } from '../assets/service.ts';
import { inspectByHead, pngBytes } from '../assets/testing/media.ts';
import { KEEP_UPLOAD_MS, openRoom, type Room } from '../assets/testing/room.ts';
import { createUploads } from '../assets/uploads.ts';
import type { Asset } from '../contract/asset.ts';
import { type Clock, systemClock } from '../lib/clock.ts';
import { createIds } from '../lib/ids.ts';
import { insertTaskInput } from '../store/assets.ts';
import { BEFORE_ALL_EVENTS, insertEvent, listEvents } from '../store/events.ts';
import { openDb } from '../store/open.ts';
import { insertOutput, listOutputs } from '../store/outputs.ts';
import { getTask, insertTask } from '../store/tasks.ts';
import { taskRow } from '../store/testing/rows.ts';
import { createSweeper, type Sweeper } from './sweeper.ts';

const DAY_MS = 24 * 3_600_000;
const KEEP = {
  outputsMs: 20 * DAY_MS,
  uploadsMs: 10 * DAY_MS,
  tasksMs: 15 * DAY_MS,
  eventsMs: 5 * DAY_MS,
  deliveriesMs: 5 * DAY_MS,
  idempotencyKeysMs: DAY_MS,
  unfinishedUploadsMs: KEEP_UPLOAD_MS,
};
const FOR_EVER = {
  ...KEEP,
  outputsMs: null,
  uploadsMs: null,
  tasksMs: null,
  eventsMs: null,
  deliveriesMs: null,
  idempotencyKeysMs: null,
};

let room: Room;
/** What the sweeper waited for. */
let delays: number[];
beforeEach(async () => {
  room = await openRoom();
  delays = [];
  // Files have real dates.
  room.time.nowMs = Date.now();
});
afterEach(() => room.close());

const never = new AbortController().signal;
const clock: Clock = {
  nowMs: () => room.time.nowMs,
  after(ms, callback) {
    delays.push(ms);
    setImmediate(callback);
    return () => undefined;
  },
};
const log = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };
const createOver = (keep: typeof KEEP | typeof FOR_EVER): Sweeper => {
  const { db, blobs, parts } = room;
  return createSweeper({ db, blobs, parts, keep, log, clock, random: () => 0 });
};
const sweepAfter = async (days: number, keep: typeof KEEP | typeof FOR_EVER = KEEP) => {
  room.time.nowMs += days * DAY_MS;
  await createOver(keep).sweep(never);
};
const png = (note: string) => pngBytes({ widthPx: 8, heightPx: 8, note });
const putOutput = (note: string) =>
  room.assets.store({
    accountId: 'acct_owner',
    stream: Readable.from([png(note)]),
    maxBytes: 1_000_000,
    origin: 'output',
  });
const isThere = ({ path }: Asset) =>
  access(path).then(
    () => true,
    () => false,
  );

test('uploads and outputs go after their own time, from disk too; a used one begins anew', async () => {
  const [upload, used, output] = [await room.put(png('a')), await room.put(png('b')), await putOutput('c')];
  room.time.nowMs += 9 * DAY_MS;
  await room.put(png('b'));
  await sweepAfter(1);
  await sweepAfter(1);
  expect([await isThere(upload), await isThere(used), await isThere(output)]).toEqual([false, true, true]);
  expect(await room.assets.get(upload.id)).toBeUndefined();
  await sweepAfter(10);
  expect([await isThere(used), await isThere(output)]).toEqual([false, false]);
});

test('what was sent and made is kept for the longer of the two times', async () => {
  const asset = await room.put(png('a'));
  await putOutput('a');
  await sweepAfter(11);
  expect(await isThere(asset)).toBe(true);
  await sweepAfter(10);
  expect(await isThere(asset)).toBe(false);
});

test('the same bytes of another account stay', async () => {
  const mine = await room.put(png('a'));
  room.time.nowMs += 5 * DAY_MS;
  const theirs = await room.put(png('a'), { accountId: 'acct_stranger' });
  await sweepAfter(6);
  expect([await room.assets.get(mine.id), await isThere(theirs)]).toEqual([undefined, true]);
});

test('an upload is kept for as long as a task needs it', async () => {
  const asset = await room.put(png('a'));
  const { db } = room;
  await db.write([insertTask(db, taskRow('1')), insertTaskInput(db, { task_id: '1', asset_id: asset.id })]);
  await sweepAfter(100);
  expect(await isThere(asset)).toBe(true);
  await db.write([
    { sql: `update tasks set status = 'failed', ended_at_ms = ${room.time.nowMs} where id = '1'`, parameters: [] },
  ]);
  await sweepAfter(0);
  expect(await isThere(asset)).toBe(false);
});

test('tasks that ended, and events, go after their time; a task that has not ended stays', async () => {
  const { db, time } = room;
  await db.write([
    insertTask(db, taskRow('1', { ended_at_ms: time.nowMs })),
    insertTask(db, taskRow('2')),
    insertEvent(db, { account_id: 'a', task_id: '1', type: 'task.queued', at_ms: time.nowMs }),
    insertEvent(db, { account_id: 'a', task_id: '1', type: 'task.failed', at_ms: time.nowMs }),
  ]);
  await sweepAfter(14);
  expect([await getTask(db, '1'), await getTask(db, '2')]).toMatchObject([{ id: '1' }, { id: '2' }]);
  expect((await listEvents(db, { after: BEFORE_ALL_EVENTS, limit: 9 })).map(({ type }) => type)).toEqual([
    'task.failed',
  ]);
  await sweepAfter(2);
  expect([await getTask(db, '1'), await getTask(db, '2')]).toMatchObject([undefined, { id: '2' }]);
});

test('a result whose file has grown old has no address', async () => {
  const { db } = room;
  const output = await putOutput('a');
  const forOutputs = { task_id: '1', position: 0, text: null, extension: 'png' };
  await db.write([insertTask(db, taskRow('1')), insertOutput(db, { ...forOutputs, asset_id: output.id })]);
  await sweepAfter(21);
  expect(await listOutputs(db, '1')).toEqual([{ ...forOutputs, asset_id: null }]);
});

test('an upload that is not gone on with goes, and what arrived of it', async () => {
  const p = { accountId: 'acct_owner', sizeBytes: 10, fileName: null, metadata: null };
  const { id } = await room.uploads.create(p);
  await room.uploads.append({ accountId: 'acct_owner', id, offsetBytes: 0, stream: Readable.from([Buffer.alloc(5)]) });
  await sweepAfter(0.9);
  expect(await room.parts.list()).toEqual([id]);
  await sweepAfter(0.2);
  expect(await room.parts.list()).toEqual([]);
});

test('what is kept for ever is kept for ever', async () => {
  const { db, time } = room;
  const files = [await room.put(png('a')), await putOutput('b')];
  await db.write([insertTask(db, taskRow('1', { ended_at_ms: time.nowMs }))]);
  await sweepAfter(10_000, FOR_EVER);
  expect(await Promise.all(files.map(isThere))).toEqual([true, true]);
  expect(await getTask(db, '1')).toBeDefined();
});

test('much goes in small bites with rests between; nothing to do is no rest at all', async () => {
  const { db, time } = room;
  const rows = Array.from({ length: 450 }, (_, n) =>
    insertTask(db, taskRow(`${1_000 + n}`, { ended_at_ms: time.nowMs })),
  );
  await db.write(rows);
  await sweepAfter(16);
  expect(delays).toEqual([100, 100]);
  expect(await db.read({ sql: 'select id from tasks', parameters: [] })).toEqual([]);
  delays = [];
  await sweepAfter(0);
  expect(delays).toEqual([]);
});

test('two that sweep one store do no harm to each other', async () => {
  const files = await Promise.all(Array.from({ length: 30 }, (_, n) => room.put(png(`${n}`))));
  room.time.nowMs += 11 * DAY_MS;
  const [one, two] = [createOver(KEEP), createOver(KEEP)];
  await Promise.all([one.sweep(never), two.sweep(never)]);
  expect(await Promise.all(files.map(isThere))).toEqual(files.map(() => false));
});

test('files that no row names go once they are a day old; the others stay', async () => {
  const kept = await room.put(png('kept'));
  const orphan = await room.blobs.receive(Readable.from([png('orphan')]), { maxBytes: 1_000_000 });
  const path = await orphan.keep(async (where) => where);
  await room.parts.create('upload_nobody');
  const p = { accountId: 'acct_owner', sizeBytes: 10, fileName: null, metadata: null };
  const { id } = await room.uploads.create(p);
  const sweeper = createOver(FOR_EVER);
  await sweeper.sweepOrphans(never);
  expect([await isThere({ ...kept, path }), (await room.parts.list()).length]).toEqual([true, 2]);
  room.time.nowMs += 2 * DAY_MS;
  await sweeper.sweepOrphans(never);
  expect([await isThere({ ...kept, path }), await isThere(kept), await room.parts.list()]).toEqual([false, true, [id]]);
});

test('it sweeps by itself, and stops in the middle when it is told to', async () => {
  const asset = await room.put(png('a'));
  room.time.nowMs += 11 * DAY_MS;
  const sweeper = createOver(KEEP);
  sweeper.start();
  while (await isThere(asset)) await new Promise((resolve) => setImmediate(resolve));
  await sweeper.stop();
  const waited = delays.length;
  await new Promise((resolve) => setImmediate(resolve));
  expect(delays.length).toBe(waited);
});

describe('a sweep that is killed', () => {
  const script = join(import.meta.dirname, 'testing/sweep-and-die.ts');
  const sweepIn = async (dataDir: string, ...moment: string[]) => {
    const [code, signal] = await once(
      spawn(process.execPath, [script, dataDir, ...moment], { stdio: 'inherit' }),
      'exit',
    );
    return signal ?? code;
  };

  test.each([
    ['write', '1'],
    ['write', '3'],
    ['remove', '1'],
    ['remove', '2'],
    ['remove', '4'],
  ])('at %s %s leaves no row without its file, and the next one leaves nothing', async (moment, at) => {
    const dir = await furnish();
    expect(await sweepIn(dir, moment, at)).toBe('SIGKILL');
    await expectRowsHaveFiles(dir);
    expect(await sweepIn(dir)).toBe(0);
    expect(await listFiles(dir)).toEqual([]);
  });

  const openIn = (dataDir: string) =>
    openDb({ dataDir, databaseUrl: undefined, onFatal: (error) => Promise.reject(error) });
  /** A folder with uploads, some of which share their bytes, and unfinished ones. */
  async function furnish(): Promise<string> {
    const dataDir = await mkdtemp(join(tmpdir(), 'reelay-sweep-'));
    onTestFinished(() => rm(dataDir, { recursive: true }));
    const db = await openIn(dataDir);
    const blobs = await openBlobs({ dataDir, randomName: randomUUID });
    const parts = await openParts(blobs.root);
    const ids = createIds({ nowMs: Date.now, node: 1, randomBytes });
    const stored = { db, blobs, parts, inspect: inspectByHead, ids, clock: systemClock, log };
    const keepDraft = createKeeper(stored);
    const limits = { maxResumableUploadMegabytes: 5, maxUnfinishedUploads: 5, stalledUploadMs: 1_000 };
    const uploads = createUploads({ ...stored, keepDraft, keepMs: DAY_MS, limits });
    for (const [accountId, note] of [
      ['a', '1'],
      ['a', '2'],
      ['a', '3'],
      ['b', '1'],
    ] as const) {
      const draft = await blobs.receive(Readable.from([png(note)]), { maxBytes: 1_000_000 });
      await keepDraft(draft, { accountId, fileName: '', unreadable: 'refuse', origin: 'upload' });
      await draft.discard();
      const { id } = await uploads.create({ accountId, sizeBytes: 10, fileName: null, metadata: null });
      await uploads.append({ accountId, id, offsetBytes: 0, stream: Readable.from([Buffer.alloc(3)]) });
    }
    await db.close();
    expect(await listFiles(dataDir)).toHaveLength(3 + 4);
    return dataDir;
  }
  const listFiles = async (dataDir: string) =>
    (await readdir(join(dataDir, 'blobs'), { recursive: true, withFileTypes: true }))
      .filter((entry) => entry.isFile())
      .map(({ name }) => name);
  async function expectRowsHaveFiles(dataDir: string): Promise<void> {
    const files = await listFiles(dataDir);
    const db = await openIn(dataDir);
    const named = 'select sha256 as name from assets union select id as name from uploads';
    const rows = await db.read<{ name: string }>({ sql: named, parameters: [] });
    await db.close();
    expect(files).toEqual(expect.arrayContaining(rows.map(({ name }) => name)));
  }
});
