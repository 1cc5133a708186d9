import { sql } from 'kysely';
import type { Db } from './db.ts';
import type { Schema } from './schema.ts';
import { prepare } from './statement.ts';

// The circuit breaker. Each change is one statement that the database decides alone: several processes see the same
// channel fail at the same time.

export type HealthRow = Schema['channel_health'];
type Key = Pick<HealthRow, 'channel' | 'endpoint'>;

/** So many failures in a row, each soon after the one before it, and the channel gets a rest. */
export const MAX_FAILURES = 5;
const MAX_GAP_MS = 600_000;
/** The first rest; the next ones are twice as long, up to the last. */
const REST_MS = 30_000;
const MAX_DOUBLINGS = 5;
/** The same for pauses that the upstream wants and does not say how long. */
const PAUSE_MS = 2_000;
/** A pause this long after the last one is a first one again. */
const PAUSE_MEMORY_MS = 120_000;

const selectHealth = prepare<object, HealthRow>((db) => db.selectFrom('channel_health').selectAll());
/** Everything that is not well. */
export const listHealth = (db: Db): Promise<HealthRow[]> => db.read(selectHealth(db, {}));

const doubled = (ms: number, times: string) =>
  sql<number>`${sql.lit(ms)} * (1 << (case when ${sql.ref(times)} > ${sql.lit(MAX_DOUBLINGS)} then ${sql.lit(MAX_DOUBLINGS)} else ${sql.ref(times)} end))`;

/** PostgreSQL would take a number beside a small one for a small one. */
const big = (value: number) => sql<number>`cast(${value} as bigint)`;

/** Counts a failure, and opens the circuit where it is one too many, or where it was the try that should have shown that
 *  the channel works again. What fails while it is open began before. */
export const recordFailure = prepare<Key & { nowMs: number; reason: string }>((db, p) => {
  const now = big(p('nowMs'));
  const isSoon = sql`channel_health.failed_at_ms >= ${now} - ${sql.lit(MAX_GAP_MS)}`;
  const opens = sql`(channel_health.open_until_ms is null and ${isSoon} and channel_health.failures + 1 >= ${sql.lit(MAX_FAILURES)}
    or channel_health.open_until_ms <= ${now})`;
  return db
    .insertInto('channel_health')
    .values({
      channel: p('channel'),
      endpoint: p('endpoint'),
      failures: 1,
      failed_at_ms: p('nowMs'),
      openings: 0,
      open_until_ms: null,
      probe_until_ms: null,
      pauses: 0,
      paused_until_ms: null,
      reason: p('reason'),
    })
    .onConflict((conflict) =>
      conflict.columns(['channel', 'endpoint']).doUpdateSet({
        failures: sql`case when channel_health.open_until_ms is null and not (${isSoon}) then 1 else channel_health.failures + 1 end`,
        failed_at_ms: p('nowMs'),
        open_until_ms: sql`case when ${opens} then ${now} + ${doubled(REST_MS, 'channel_health.openings')} else channel_health.open_until_ms end`,
        openings: sql`case when ${opens} then channel_health.openings + 1 else channel_health.openings end`,
        probe_until_ms: sql`case when ${opens} then null else channel_health.probe_until_ms end`,
        reason: p('reason'),
      }),
    );
});

/** Never shortens a pause.
 *  @param p.pauseMs as the upstream said; 0: it did not say. */
export const recordPause = prepare<{ channel: string; nowMs: number; pauseMs: number; reason: string }>((db, p) => {
  const [now, pause] = [big(p('nowMs')), big(p('pauseMs'))];
  const isSoon = sql`channel_health.paused_until_ms >= ${now} - ${sql.lit(PAUSE_MEMORY_MS)}`;
  const until = sql`${now} + case when ${pause} > 0 then ${pause}
    when ${isSoon} then ${doubled(PAUSE_MS, 'channel_health.pauses')} else ${sql.lit(PAUSE_MS)} end`;
  return db
    .insertInto('channel_health')
    .values({
      channel: p('channel'),
      endpoint: '',
      failures: 0,
      failed_at_ms: 0,
      openings: 0,
      open_until_ms: null,
      probe_until_ms: null,
      pauses: 1,
      paused_until_ms: sql`${now} + case when ${pause} > 0 then ${pause} else ${sql.lit(PAUSE_MS)} end`,
      reason: p('reason'),
    })
    .onConflict((conflict) =>
      conflict.columns(['channel', 'endpoint']).doUpdateSet({
        pauses: sql`case when ${isSoon} then channel_health.pauses + 1 else 1 end`,
        paused_until_ms: sql`case when channel_health.paused_until_ms > ${until} then channel_health.paused_until_ms else ${until} end`,
        reason: p('reason'),
      }),
    );
});

/** It works: the trouble is over, but for a pause that was asked for. */
export const recordSuccess = prepare<Key & { nowMs: number }>((db, p) =>
  db
    .deleteFrom('channel_health')
    .where('channel', '=', p('channel'))
    .where('endpoint', '=', p('endpoint'))
    .where(({ or, eb }) => or([eb('paused_until_ms', 'is', null), eb('paused_until_ms', '<=', p('nowMs'))])),
);

/** Lets one job through after a rest. Touches the row for the first that asks. */
export const claimProbe = prepare<Key & { nowMs: number; untilMs: number }>(
  (db, p) =>
    db
      .updateTable('channel_health')
      .set({ probe_until_ms: p('untilMs') })
      .where('channel', '=', p('channel'))
      .where('endpoint', '=', p('endpoint'))
      .where('open_until_ms', '<=', p('nowMs'))
      .where(({ or, eb }) => or([eb('probe_until_ms', 'is', null), eb('probe_until_ms', '<=', p('nowMs'))])),
  { expect: 1 },
);

/** After a fault whose end nobody can ask for: the next job shows. */
export const beginProbation = prepare<{ channel: string; nowMs: number; reason: string }>((db, p) => {
  const values = { open_until_ms: p('nowMs'), probe_until_ms: null, reason: p('reason') };
  return db
    .insertInto('channel_health')
    .values({
      channel: p('channel'),
      endpoint: '',
      failures: 0,
      failed_at_ms: p('nowMs'),
      openings: 0,
      pauses: 0,
      paused_until_ms: null,
      ...values,
    })
    .onConflict((conflict) => conflict.columns(['channel', 'endpoint']).doUpdateSet(values));
});

export const forgetHealth = prepare<{ channel: string }>((db, p) =>
  db.deleteFrom('channel_health').where('channel', '=', p('channel')),
);
