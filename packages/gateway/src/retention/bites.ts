import type { Blobs } from '../assets/blobs.ts';
import type { Parts } from '../assets/parts.ts';
import { removeAsset } from '../assets/removal.ts';
import type { Keep } from '../config.ts';
import type { Log } from '../contract/log.ts';
import { mapLimited } from '../lib/map-limited.ts';
import { dayOf, hourOf, minuteOf } from '../lib/periods.ts';
import type { Db, Query } from '../store/db.ts';
import { deleteOldEvents } from '../store/events.ts';
import {
  deleteIdleGroups,
  deleteOldChannelUsage,
  deleteOldDeliveries,
  deleteOldIdempotencyKeys,
  deleteOldKeyUsage,
  deleteTasks,
  listEndedTasks,
  listUnusedAssets,
} from '../store/retention.ts';
import { deleteExpiredUpload, listExpiredUploads } from '../store/uploads.ts';
import { DELIVERY_PRIORITY, DELIVERY_QUEUE } from '../webhooks/ids.ts';

/** Rows of one bite. One batch of so many deletes takes a few milliseconds, which is what a submit behind it waits. */
export const BITE_ROWS = 200;
/** Of the files of one bite: their rows share a commit, and their names a queue of the disk. */
const MAX_FILES_AT_ONCE = 16;

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** How long the use of a key, or of a channel, is known by the minute, hour and day. Longer than a limit looks back, and than a hold that is
 *  given back may be old. */
const KEEP_USAGE = [
  { of: minuteOf, from: 'minute:0', ms: HOUR_MS },
  { of: hourOf, from: 'hour:0', ms: 7 * DAY_MS },
  { of: dayOf, from: 'day:0', ms: 400 * DAY_MS },
] as const;

export type Deps = {
  readonly db: Db;
  readonly blobs: Blobs;
  readonly parts: Parts;
  readonly keep: Keep;
  readonly log: Log;
};
/** Deletes up to `BITE_ROWS` of what is old. `found` tells how many there were: as many as fit, and there may be more. */
export type Bite = {
  readonly name: string;
  take(nowMs: number): Promise<{ found: number; deleted: number; freedBytes?: number }>;
};

/** One for each kind of thing that grows old. What is kept for ever has none. */
export function createBites(deps: Deps): readonly Bite[] {
  const { db, keep } = deps;
  const rows = (name: string, keepMs: number | null, statement: (before_ms: number) => Query<never>): Bite[] =>
    keepMs === null ? [] : [{ name, take: async (nowMs) => count(db, statement(nowMs - keepMs)) }];
  const limit = BITE_ROWS;
  return [
    { name: 'uploads', take: (nowMs) => takeUploads(deps, nowMs) },
    ...files(deps, 'upload', keep.uploadsMs),
    ...files(deps, 'output', keep.outputsMs),
    // What was sent and made is kept for the longer of the two.
    ...files(
      deps,
      'both',
      keep.uploadsMs === null || keep.outputsMs === null ? null : Math.max(keep.uploadsMs, keep.outputsMs),
    ),
    ...(keep.tasksMs === null ? [] : [tasks(deps, keep.tasksMs)]),
    ...rows('events', keep.eventsMs, (before_ms) => deleteOldEvents(db, { before_ms, limit })),
    ...rows('deliveries', keep.deliveriesMs, (before_ms) => deleteOldDeliveries(db, { before_ms, limit })),
    // However young: they are made anew when they are needed.
    ...rows('receivers', 0, () => deleteIdleGroups(db, { queue: DELIVERY_QUEUE, priority: DELIVERY_PRIORITY, limit })),
    ...rows('idempotency keys', keep.idempotencyKeysMs, (before_ms) =>
      deleteOldIdempotencyKeys(db, { before_ms, limit }),
    ),
    ...KEEP_USAGE.flatMap(({ of, from, ms }) => [
      ...rows('key usage', ms, (before) => deleteOldKeyUsage(db, { from, before: of(before), limit })),
      ...rows('channel usage', ms, (before) => deleteOldChannelUsage(db, { from, before: of(before), limit })),
    ]),
  ];
}

async function count(db: Db, statement: Query<never>): Promise<{ found: number; deleted: number }> {
  const outcome = await db.write([statement]);
  const deleted = outcome.committed ? (outcome.results[0]?.changes ?? 0) : 0;
  return { found: deleted, deleted };
}

const tasks = ({ db }: Deps, keepMs: number): Bite => ({
  name: 'tasks',
  async take(nowMs) {
    const ids = await listEndedTasks(db, { before_ms: nowMs - keepMs, limit: BITE_ROWS });
    if (ids.length > 0) await db.write(deleteTasks(db, ids));
    return { found: ids.length, deleted: ids.length };
  },
});

const files = (deps: Deps, origin: 'upload' | 'output' | 'both', keepMs: number | null): Bite[] =>
  keepMs === null
    ? []
    : [
        {
          name: `files (${origin})`,
          async take(nowMs) {
            const bite = { origin, before_ms: nowMs - keepMs, limit: BITE_ROWS };
            const found = await listUnusedAssets(deps.db, bite);
            const freed = await mapLimited(found, MAX_FILES_AT_ONCE, (asset) => removeAsset(deps, asset));
            const deleted = freed.filter((bytes) => bytes !== undefined);
            const freedBytes = deleted.reduce((sum, bytes) => sum + bytes, 0);
            return { found: found.length, deleted: deleted.length, freedBytes };
          },
        },
      ];

/** The row first: bytes without one are found again, by `orphans.ts`. */
async function takeUploads({ db, parts }: Deps, nowMs: number): Promise<{ found: number; deleted: number }> {
  const ids = await listExpiredUploads(db, { now_ms: nowMs, limit: BITE_ROWS });
  const gone = await mapLimited(ids, MAX_FILES_AT_ONCE, async (id) => {
    const { committed } = await db.write([deleteExpiredUpload(db, { id, now_ms: nowMs })]);
    if (committed) await parts.remove(id);
    return committed;
  });
  return { found: ids.length, deleted: gone.filter(Boolean).length };
}
