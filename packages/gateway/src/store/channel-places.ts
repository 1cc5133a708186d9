import { sql } from 'kysely';
import type { Db, Statement } from './db.ts';
import type { Schema } from './schema.ts';
import { prepare, toStatement } from './statement.ts';

// Places and rates are counted from the attempts themselves, so that no crash can leave a place taken. Every count ends at
// the limit that it is compared with.

type Limits = { channel: string; max: number; perMinute: number; sinceMs: number };

const countOpen = (channel: unknown, max: unknown) =>
  sql<number>`(select count(*) from (select 1 from attempts where channel = ${channel} and outcome is null limit ${max}) as open_ones)`;
const countRecent = (channel: unknown, sinceMs: unknown, most: unknown) =>
  sql<number>`(select count(*) from (select 1 from attempts where channel = ${channel} and started_at_ms > ${sinceMs} limit ${most}) as recent_ones)`;

export type PlacesTaken = {
  open: number;
  recent: number;
  /** The first start that has to be past before there may be another. */
  first_at_ms: number | null;
};

const selectPlaces = prepare<Limits & { skip: number }, PlacesTaken>((db, p) =>
  db
    .selectNoFrom(({ selectFrom }) => [
      countOpen(p('channel'), p('max')).as('open'),
      countRecent(p('channel'), p('sinceMs'), p('perMinute')).as('recent'),
      selectFrom('attempts')
        .select('started_at_ms')
        .where('channel', '=', p('channel'))
        .where('started_at_ms', '>', p('sinceMs'))
        .orderBy('started_at_ms', 'desc')
        .limit(1)
        .offset(p('skip'))
        .as('first_at_ms'),
    ])
    .$castTo<PlacesTaken>(),
);

/** How much of its limits a channel uses; counted no further than they are. */
export async function getPlaces(db: Db, limits: Limits): Promise<PlacesTaken> {
  const [row] = await db.read(selectPlaces(db, { ...limits, skip: Math.max(0, limits.perMinute - 1) }));
  return { open: Number(row?.open ?? 0), recent: Number(row?.recent ?? 0), first_at_ms: row?.first_at_ms ?? null };
}

/** Two claims on one channel come one after the other, from here to their commit. SQLite has one writer anyway. */
export const lockChannel = (db: Db, channel: string): Statement[] =>
  db.dialect === 'postgres' ? [lock(db, { channel })] : [];
/** Any constant: with the hash of the name it is the lock. */
const LOCKS = 7_214_555;
const lock = prepare<{ channel: string }>((db, p) =>
  db.selectNoFrom(sql`pg_advisory_xact_lock(${sql.lit(LOCKS)}, hashtext(${p('channel')}))`.as('locked')),
);

/** Touches the task while fewer than `max` attempts are open on the channel. After `lockChannel`. */
export const requirePlace = prepare<{ taskId: string; channel: string; max: number }>(
  (db, p) =>
    db
      .updateTable('tasks')
      .set(({ ref }) => ({ id: ref('id') }))
      .where('id', '=', p('taskId'))
      .where(countOpen(p('channel'), p('max')), '<', p('max')),
  { expect: 1 },
);

/** The same while fewer than `perMinute` were begun since then. */
export const requireRate = prepare<{ taskId: string; channel: string; perMinute: number; sinceMs: number }>(
  (db, p) =>
    db
      .updateTable('tasks')
      .set(({ ref }) => ({ id: ref('id') }))
      .where('id', '=', p('taskId'))
      .where(countRecent(p('channel'), p('sinceMs'), p('perMinute')), '<', p('perMinute')),
  { expect: 1 },
);

type Usage = Schema['channel_usage'];

const selectUsage = prepare<{ channel: string; hour: string; day: string }, Usage>((db, p) =>
  db
    .selectFrom('channel_usage')
    .selectAll()
    .where('channel', '=', p('channel'))
    .where('period', 'in', [p('hour'), p('day'), 'total']),
);
export const listUsage = (db: Db, p: { channel: string; hour: string; day: string }): Promise<Usage[]> =>
  db.read(selectUsage(db, p));

/** Counts what an attempt may cost. Touches nothing where that would be more than `max`; the first use of a period is not
 *  checked here. */
export const useBudget = prepare<Usage & { max: number }>(
  (db, p) =>
    db
      .insertInto('channel_usage')
      .values({ channel: p('channel'), period: p('period'), micros: p('micros') })
      .onConflict((conflict) =>
        conflict
          .columns(['channel', 'period'])
          .doUpdateSet({ micros: sql`channel_usage.micros + ${p('micros')}` })
          .where(sql<number>`channel_usage.micros + ${p('micros')}`, '<=', p('max')),
      ),
  { expect: 1 },
);

type Attempt = { task_id: string; number: number };
const HOUR_MS = 3_600_000;

/** Puts what an attempt did cost in the place of what it was thought to, in the periods in which it was counted. */
export const settleBudget = (db: Db, p: Attempt & { channel: string; micros: number }): Statement[] => [
  correctUsage(db, p),
  setEstimate(db, p),
];
const correctUsage = prepare<Attempt & { channel: string; micros: number }>((db, p) => {
  const attempt = () => db.selectFrom('attempts').where('task_id', '=', p('task_id')).where('number', '=', p('number'));
  const period = (name: string, ms: number) =>
    attempt().select(sql<string>`${sql.lit(`${name}:`)} || cast(started_at_ms / ${sql.lit(ms)} as text)`.as('period'));
  return db
    .updateTable('channel_usage')
    .set({ micros: sql`micros + ${p('micros')} - coalesce((${attempt().select('estimate_micros')}), 0)` })
    .where('channel', '=', p('channel'))
    .where(({ or, eb }) =>
      or([
        eb('period', '=', 'total'),
        eb('period', '=', period('hour', HOUR_MS)),
        eb('period', '=', period('day', 24 * HOUR_MS)),
      ]),
    )
    .where(({ exists }) => exists(attempt().select('number').where('is_counted', '=', 1)));
});
const setEstimate = prepare<Attempt & { micros: number }>((db, p) =>
  db
    .updateTable('attempts')
    .set({ estimate_micros: p('micros') })
    .where('task_id', '=', p('task_id'))
    .where('number', '=', p('number')),
);

/** Sets what a channel cost in a period to what its attempts since then cost, and counts them from now on: without a
 *  budget nothing was counted. */
export function countChannelUse(
  db: Db,
  p: { channel: string; periods: readonly { period: string; sinceMs: number }[] },
) {
  const ofChannel = (sinceMs: number) =>
    db.build.selectFrom('attempts').where('channel', '=', p.channel).where('started_at_ms', '>=', sinceMs);
  return [
    ...lockChannel(db, p.channel),
    toStatement(
      db.build
        .updateTable('attempts')
        .set({ is_counted: 1 })
        .where('channel', '=', p.channel)
        .where('outcome', 'is', null),
    ),
    ...p.periods.map(({ period, sinceMs }) =>
      toStatement(
        db.build
          .insertInto('channel_usage')
          .columns(['channel', 'period', 'micros'])
          .expression(
            ofChannel(sinceMs).select([
              sql.lit(p.channel).as('channel'),
              sql.lit(period).as('period'),
              sql<number>`cast(coalesce(sum(estimate_micros), 0) as bigint)`.as('micros'),
            ]),
          )
          .onConflict((conflict) =>
            conflict.columns(['channel', 'period']).doUpdateSet(({ ref }) => ({ micros: ref('excluded.micros') })),
          ),
      ),
    ),
  ];
}
