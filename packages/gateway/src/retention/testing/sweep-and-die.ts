/** Sweeps a data folder, two years from now, and is killed right after its n-th write to the store, or right before its
 *  n-th removal of a file. */
import { randomBytes, randomUUID } from 'node:crypto';
import { openBlobs } from '../../assets/blobs.ts';
import { openParts } from '../../assets/parts.ts';
import { systemClock } from '../../lib/clock.ts';
import { openDb } from '../../store/open.ts';
import { createSweeper } from '../sweeper.ts';

const [dataDir = '', moment = '', at = ''] = process.argv.slice(2);
let left = Number(at);
const count = (now: string) => {
  if (now !== moment) return;
  left -= 1;
  if (left === 0) process.kill(process.pid, 'SIGKILL');
};
const onFatal = (error: Error) => {
  throw error;
};
const db = await openDb({ dataDir, databaseUrl: undefined, onFatal });
const blobs = await openBlobs({ dataDir, randomName: randomUUID });
const parts = await openParts(blobs.root);
const dying: typeof db = {
  ...db,
  async write(batch) {
    const outcome = await db.write(batch);
    count('write');
    return outcome;
  },
};
const ignore = () => undefined;
const day = 24 * 3_600_000;
const sweeper = createSweeper({
  db: dying,
  blobs: {
    ...blobs,
    remove: (sha256, isReferenced) => {
      count('remove');
      return blobs.remove(sha256, isReferenced);
    },
  },
  parts: {
    ...parts,
    remove: (id) => {
      count('remove');
      return parts.remove(id);
    },
  },
  keep: {
    outputsMs: day,
    uploadsMs: day,
    tasksMs: day,
    eventsMs: day,
    deliveriesMs: day,
    idempotencyKeysMs: day,
    unfinishedUploadsMs: day,
  },
  log: { debug: ignore, info: ignore, warn: ignore, error: ignore },
  clock: { ...systemClock, nowMs: () => Date.now() + 730 * day },
  random: () => randomBytes(1).readUInt8() / 256,
});
const { signal } = new AbortController();
await sweeper.sweep(signal);
await sweeper.sweepOrphans(signal);
await db.close();
