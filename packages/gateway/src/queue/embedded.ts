import { EventEmitter, once } from 'node:events';
import { sql } from 'kysely';
import type { Db, Statement } from '../store/db.ts';
import { prepare, prepareInsert } from '../store/statement.ts';
import type { ClaimedJob, Lease, Queue } from './queue.ts';

const insertJob = prepareInsert('jobs', [
  'id', 'queue', 'group_key', 'priority', 'run_at_ms', 'attempts', 'payload', 'holder', 'fence', 'last_error',
  'created_at_ms',
]); // biome-ignore format: one list of columns

const upsertHolder = prepare<{ id: string; lease_until_ms: number }>((db, p) =>
  db
    .insertInto('holders')
    .values({ id: p('id'), lease_until_ms: p('lease_until_ms') })
    .onConflict((conflict) => conflict.column('id').doUpdateSet({ lease_until_ms: p('lease_until_ms') })),
);
const extendHolder = prepare<{ id: string; lease_until_ms: number }>(
  (db, p) =>
    db
      .updateTable('holders')
      .set({ lease_until_ms: p('lease_until_ms') })
      .where('id', '=', p('id')),
  { expect: 1 },
);
/** Frees the jobs of holders that have not been heard of in time. */
const freeLapsed = prepare<{ nowMs: number }>((db, p) =>
  db
    .updateTable('jobs')
    .set({ holder: null })
    .where('holder', 'in', (lapsed) =>
      lapsed.selectFrom('holders').select('id').where('lease_until_ms', '<=', p('nowMs')),
    ),
);
const deleteLapsed = prepare<{ nowMs: number }>((db, p) =>
  db.deleteFrom('holders').where('lease_until_ms', '<=', p('nowMs')),
);

type Claim = { queue: string; holder: string; nowMs: number; limit: number; groupLimit: number };
type Claimed = { id: string; payload: string; attempts: number; fence: number };

/** Due jobs nobody holds, in order; of a group no more than its limit leaves free. */
const claimJobs = (hasGroupLimit: boolean) =>
  prepare<Claim, Claimed>((db, p, dialect) => {
    const due = db
      .selectFrom('jobs')
      .select('id')
      .where('queue', '=', p('queue'))
      .where('holder', 'is', null)
      .where('run_at_ms', '<=', p('nowMs'))
      .orderBy('priority', 'desc')
      .orderBy('run_at_ms')
      .orderBy('id')
      .limit(p('limit'));
    const held = sql<number>`(select count(*) from jobs as held where held.queue = jobs.queue and held.group_key = jobs.group_key and held.holder is not null)`;
    const place = sql<number>`row_number() over (partition by group_key order by priority desc, run_at_ms, id)`;
    const withinLimit = db
      .selectFrom((inner) =>
        inner
          .selectFrom('jobs')
          .select(['id as ranked_id', place.as('place'), held.as('held')])
          .where('queue', '=', p('queue'))
          .where('holder', 'is', null)
          .where('run_at_ms', '<=', p('nowMs'))
          .as('ranked'),
      )
      .select('ranked_id')
      .where(sql<boolean>`place + held <= ${p('groupLimit')}`);
    const chosen = hasGroupLimit ? due.where('id', 'in', withinLimit) : due;
    return db
      .updateTable('jobs')
      .set({ holder: p('holder'), fence: sql`fence + 1`, attempts: sql`attempts + 1` })
      .where('id', 'in', dialect === 'postgres' ? chosen.forUpdate().skipLocked() : chosen)
      .returning(['id', 'payload', 'attempts', 'fence']);
  });
const claimAny = claimJobs(false);
const claimWithinGroups = claimJobs(true);

type Held = { id: string; holder: string; fence: number };
const touchJob = prepare<Held>(
  (db, p) =>
    db
      .updateTable('jobs')
      .set({ fence: p('fence') })
      .where('id', '=', p('id'))
      .where('holder', '=', p('holder'))
      .where('fence', '=', p('fence')),
  { expect: 1 },
);
const deleteJob = prepare<Held>(
  (db, p) =>
    db.deleteFrom('jobs').where('id', '=', p('id')).where('holder', '=', p('holder')).where('fence', '=', p('fence')),
  { expect: 1 },
);
const giveBack = prepare<Held & { run_at_ms: number; last_error: string | null }>(
  (db, p) =>
    db
      .updateTable('jobs')
      .set({ holder: null, run_at_ms: p('run_at_ms'), last_error: p('last_error') })
      .where('id', '=', p('id'))
      .where('holder', '=', p('holder'))
      .where('fence', '=', p('fence')),
  { expect: 1 },
);
const countHeld = prepare<{ holder: string }, { held: number }>((db, p) =>
  db
    .selectFrom('jobs')
    .select(({ fn }) => fn.countAll<number>().as('held'))
    .where('holder', '=', p('holder')),
);
const selectHeld = prepare<{ holder: string }, { id: string; fence: number }>((db, p) =>
  db.selectFrom('jobs').select(['id', 'fence']).where('holder', '=', p('holder')),
);
/** When the next job becomes due, or the next holder lapses. */
const selectNext = prepare<{ queue: string; holder: string; nowMs: number }, { at: number | null }>((db, p) =>
  db
    .selectFrom('jobs')
    .select(({ fn }) => fn.min('run_at_ms').as('at'))
    .where('queue', '=', p('queue'))
    .where('holder', 'is', null)
    .where('run_at_ms', '>', p('nowMs'))
    .unionAll(
      db
        .selectFrom('holders')
        .select(({ fn }) => fn.min('lease_until_ms').as('at'))
        .where('id', '<>', p('holder')),
    ),
);

/** PostgreSQL lets two claims run side by side; a group's limit needs them one after the other. */
const GROUP_LOCK = 7_214_554;
const lockGroups = prepare<object>((db) =>
  db.selectNoFrom(sql`pg_advisory_xact_lock(${sql.lit(GROUP_LOCK)})`.as('locked')),
);

/** The queue in the tables of the store. All leases of one holder live and lapse together, so a heartbeat is one row
 *  however many jobs it holds; a lapsed holder's jobs are freed by whoever claims next.
 *  @param holder names this process, and must be new for each start. */
export function createEmbeddedQueue({ db, holder }: { db: Db; holder: string }): Queue {
  const notifications = new EventEmitter<Record<string, [queue: string]>>();
  notifications.setMaxListeners(0);
  const notified = new Set<string>();
  const closed = new AbortController();
  const held = ({ jobId, fence, holder: by }: Lease): Held => ({ id: jobId, holder: by, fence });
  return {
    enqueue: (job, nowMs): Statement[] => [
      insertJob(db, {
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
        created_at_ms: nowMs,
      }),
    ],
    notify(queue) {
      notified.add(queue);
      notifications.emit('due', queue);
    },
    async claim({ queue, limit, groupLimit, leaseMs, nowMs }) {
      notified.delete(queue);
      const p = { queue, holder, nowMs, limit, groupLimit: groupLimit ?? 0 };
      const outcome = await db.write([
        ...(groupLimit !== undefined && db.dialect === 'postgres' ? [lockGroups(db, {})] : []),
        upsertHolder(db, { id: holder, lease_until_ms: nowMs + leaseMs }),
        freeLapsed(db, { nowMs }),
        deleteLapsed(db, { nowMs }),
        groupLimit === undefined ? claimAny(db, p) : claimWithinGroups(db, p),
      ]);
      if (!outcome.committed) return [];
      // The last statement returns these columns, by its own text.
      const rows = (outcome.results.at(-1)?.rows ?? []) as unknown as Claimed[];
      return rows.map(
        ({ id, payload, attempts, fence }): ClaimedJob => ({
          id,
          payload,
          attempts,
          lease: { jobId: id, holder, fence },
        }),
      );
    },
    async wait({ queue, maxWaitMs, nowMs, signal }) {
      if (notified.has(queue)) return;
      const until = new AbortController();
      const stop = AbortSignal.any([signal, closed.signal, until.signal]);
      const due = awaitNotification(notifications, queue, stop);
      const next = (await db.read(selectNext(db, { queue, holder, nowMs }))).flatMap(({ at }) =>
        at === null ? [] : [at],
      );
      const waitMs = Math.min(maxWaitMs, ...next.map((at) => Math.max(0, at - nowMs)));
      const timer = setTimeout(() => until.abort(), waitMs);
      await due;
      clearTimeout(timer);
    },
    async heartbeat(leases, { leaseMs, nowMs }) {
      const { committed } = await db.write([extendHolder(db, { id: holder, lease_until_ms: nowMs + leaseMs })]);
      if (!committed) return [];
      // Counting is cheap and nearly always enough; the list is read only when something is missing.
      const [count] = await db.read(countHeld(db, { holder }));
      if ((count?.held ?? 0) >= leases.length) return [...leases];
      const fences = new Map((await db.read(selectHeld(db, { holder }))).map(({ id, fence }) => [id, fence]));
      return leases.filter(({ jobId, fence }) => fences.get(jobId) === fence);
    },
    guard: (lease) => touchJob(db, held(lease)),
    complete: (lease) => deleteJob(db, held(lease)),
    reschedule: (lease, { runAtMs, error }) =>
      giveBack(db, { ...held(lease), run_at_ms: runAtMs, last_error: error ?? null }),
    async close() {
      closed.abort();
    },
  };
}

/** Resolves at a notification of the queue, or when told to stop. */
async function awaitNotification(
  notifications: EventEmitter<Record<string, [queue: string]>>,
  queue: string,
  signal: AbortSignal,
): Promise<void> {
  try {
    for (;;) {
      const [name] = await once(notifications, 'due', { signal });
      if (name === queue) return;
    }
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}
