import { type Clock, systemClock } from '../lib/clock.ts';
import type { Db, Query, Statement } from '../store/db.ts';
import type { Schema } from '../store/schema.ts';
import { countAhead } from './ahead.ts';
import {
  type Claimed,
  claimOfGroup,
  claimOfLimitedGroup,
  limitGroup,
  noteServed,
  selectDueGroups,
  selectLastServed,
  toDueGroup,
} from './claim-statements.ts';
import {
  countGroup,
  deleteJob,
  deleteLapsed,
  freeLapsed,
  giveBackJob,
  type Held,
  insertJob,
  lockGroups,
  selectDueLevels,
  selectLapsed,
  selectNext,
  touchJob,
} from './job-statements.ts';
import { createNotifier } from './notifier.ts';
import type { ClaimedJob, Lease, NewJob, Queue } from './queue.ts';
import { createSessions, type Sessions } from './sessions.ts';
import { type Share, shareOut } from './shares.ts';

/** No instant is later. */
const END_OF_TIME_MS = Number.MAX_SAFE_INTEGER;

type ClaimParameters = Parameters<Queue['claim']>[0];

/** The queue in the tables of the store.
 *
 *  What this process holds belongs to its session, one row with one lease, so that a heartbeat writes one row however
 *  many jobs are held. A session that was not extended in time is ended by whoever claims next: its jobs are free, and
 *  its row is gone for good, which is how its holder learns that it lost them all. The next claim opens another session.
 *
 *  A claim that finds nothing to do writes nothing.
 *  @param p.holder names this process; new for each start.
 *  @param p.isAlone says that nobody else can hold jobs of this store (an embedded database has one owner). Then the
 *    leases of a process that died end with our first claim rather than with their time. */
export function createEmbeddedQueue(p: { db: Db; holder: string; isAlone?: boolean; after?: Clock['after'] }): Queue {
  const { db } = p;
  const after = p.after ?? systemClock.after;
  const notifier = createNotifier();
  const sessions = createSessions(db, p.holder);
  /** Instants up to which the last claim found all that was due. */
  const emptyUntilMs = new Map<string, number>();
  let othersEnded: Promise<unknown> | undefined = p.isAlone === true ? undefined : Promise.resolve();

  const endHolders = (untilMs: number) =>
    db.write([freeLapsed(db, { nowMs: untilMs }), deleteLapsed(db, { nowMs: untilMs })]);
  /** Frees the jobs of whoever is dead. */
  async function endLapsed(nowMs: number): Promise<void> {
    othersEnded ??= endHolders(END_OF_TIME_MS).catch((error) => {
      othersEnded = undefined;
      throw error;
    });
    await othersEnded;
    if ((await db.read(selectLapsed(db, { nowMs }))).length === 0) return;
    await endHolders(nowMs);
    // The freed jobs may belong to any queue, and were due long ago.
    emptyUntilMs.clear();
    notifier.notifyAll();
  }

  return {
    enqueue: (job, nowMs) => [insertJob(db, toRow(job, nowMs))],
    notify: notifier.notify,
    async claim(c) {
      notifier.forget(c.queue);
      await sessions.undoUnanswered();
      await endLapsed(c.nowMs);
      const levels = c.limit > 0 ? await db.read(selectDueLevels(db, { queue: c.queue, nowMs: c.nowMs })) : [];
      const claimed: ClaimedJob[] = [];
      emptyUntilMs.delete(c.queue);
      try {
        for (const { priority } of levels) await claimLevel(db, sessions, { ...c, priority }, claimed);
      } catch (error) {
        // What was taken before the failure is held, so its holder must hear of it.
        if (claimed.length === 0) throw error;
        return claimed;
      }
      if (claimed.length < c.limit) emptyUntilMs.set(c.queue, c.nowMs);
      return claimed;
    },
    wait: (w) => waitForDue({ db, notifier, after, afterMs: emptyUntilMs.get(w.queue) ?? -END_OF_TIME_MS }, w),
    limitGroup: ({ queue, groupKey, maxHeld }) => [limitGroup(db, { queue, group_key: groupKey, max_held: maxHeld })],
    heartbeat: (leases, { leaseMs, nowMs }) => sessions.extend(leases, nowMs + leaseMs),
    guard: (lease) => touchJob(db, toHeld(lease)),
    complete: (lease) => deleteJob(db, toHeld(lease)),
    reschedule: (lease, { runAtMs, error }) =>
      giveBackJob(db, { ...toHeld(lease), run_at_ms: runAtMs, last_error: error ?? null }),
    async count({ queue, groupKey }) {
      const [row] = await db.read(countGroup(db, { queue, group_key: groupKey }));
      return { held: Number(row?.held ?? 0), waiting: Number(row?.waiting ?? 0) };
    },
    ahead: (job) => countAhead(db, job),
    async close() {
      notifier.close();
      // A store that cannot be written any more is no reason to fail: the leases lapse by themselves.
      await sessions.end().catch(() => undefined);
    },
  };
}

const toRow = (job: NewJob, nowMs: number): Schema['jobs'] => ({
  id: job.id,
  queue: job.queue,
  group_key: job.groupKey,
  priority: job.priority ?? 0,
  run_at_ms: job.runAtMs ?? nowMs,
  attempts: 0,
  payload: job.payload,
  holder: null,
  fence: 0,
  last_error: null,
  claim: null,
  created_at_ms: nowMs,
});

type Waiting = {
  readonly db: Db;
  readonly notifier: ReturnType<typeof createNotifier>;
  readonly after: Clock['after'];
  /** Jobs due up to here are known to be none. */
  readonly afterMs: number;
};

/** Ends at a notification, at the next instant at which a job or a lapse is due, or after `maxWaitMs`. */
async function waitForDue({ db, notifier, after, afterMs }: Waiting, p: Parameters<Queue['wait']>[0]): Promise<void> {
  const waiting = notifier.wait(p.queue, p.signal);
  if (waiting === undefined) return;
  let cancel = () => {};
  try {
    const next = await db.read(selectNext(db, { queue: p.queue, afterMs }));
    const dueInMs = next.map(({ at }) => Math.max(0, (at ?? END_OF_TIME_MS) - p.nowMs));
    cancel = after(Math.min(p.maxWaitMs, ...dueInMs), waiting.stop);
    await waiting.ended;
  } finally {
    cancel();
    waiting.stop();
  }
}

type LevelClaim = ClaimParameters & { priority: number };

/** How many places are shared out at once. */
const MAX_PLACES = 1_000;

/** Adds jobs of one priority to `claimed`, fairly between groups, until there are enough or no more. */
async function claimLevel(db: Db, sessions: Sessions, c: LevelClaim, claimed: ClaimedJob[]): Promise<void> {
  while (claimed.length < c.limit) {
    const rows = await db.read(selectDueGroups(db, { queue: c.queue, priority: c.priority, nowMs: c.nowMs }));
    const groups = rows.flatMap((row) => toDueGroup(row) ?? []);
    const places = Math.min(c.limit - claimed.length, MAX_PLACES);
    const shares = shareOut(groups, { places, groupLimit: c.groupLimit });
    if (shares.length === 0) return;
    const [last] = await db.read(selectLastServed(db, { queue: c.queue }));
    const { rows: taken, holder } = await sessions.claim(c, (mark) =>
      claimStatements(db, { ...c, ...mark, shares, served: last?.served ?? 0 }),
    );
    for (const { id, payload, attempts, fence } of inOrder(taken, shares))
      claimed.push({ id, payload, attempts, lease: { jobId: id, holder, fence } });
    // Somebody else was faster, everywhere.
    if (taken.length === 0) return;
  }
}

type Claims = LevelClaim & {
  readonly holder: string;
  readonly claim: number;
  readonly shares: readonly Share[];
  /** Of the group that was served last. */
  readonly served: number;
};

function claimStatements(db: Db, c: Claims): (Statement | Query<Claimed>)[] {
  const { queue, priority, holder, claim, nowMs, shares, groupLimit } = c;
  const isLimited = shares.some(({ group }) => group.maxHeld !== null) || groupLimit !== undefined;
  return [
    ...(isLimited && db.dialect === 'postgres' ? [lockGroups(db, {})] : []),
    ...shares.flatMap(({ group, jobs }, index) => {
      const { groupKey: group_key, maxHeld } = group;
      const own = { queue, priority, holder, claim, nowMs, group_key, jobs };
      const limit = groupLimit ?? Number.MAX_SAFE_INTEGER;
      const most = maxHeld === null ? groupLimit : Math.min(maxHeld, limit);
      return [
        most === undefined ? claimOfGroup(db, { ...own, most: limit }) : claimOfLimitedGroup(db, { ...own, most }),
        noteServed(db, { queue, group_key, served: c.served + 1 + index }),
      ];
    }),
  ];
}

/** As the places were given away: first the first of each group, or where a group holds more already, later. */
function inOrder(taken: readonly Claimed[], shares: readonly Share[]): Claimed[] {
  const byGroup = Object.groupBy(taken, ({ group_key }) => group_key);
  return shares
    .flatMap(({ group }, index) =>
      // `returning` has no order.
      [...(byGroup[group.groupKey] ?? [])]
        .sort((a, b) => a.run_at_ms - b.run_at_ms || (a.id < b.id ? -1 : 1))
        .map((job, place) => ({ job, held: group.held + place, index })),
    )
    .sort((a, b) => a.held - b.held || a.index - b.index)
    .map(({ job }) => job);
}

const toHeld = ({ jobId, fence, holder }: Lease): Held => ({ id: jobId, holder, fence });
