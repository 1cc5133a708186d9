import { sql } from 'kysely';
import type { Db } from './db.ts';
import { prepare } from './statement.ts';

export type MeasureRow = {
  endpoint: string;
  /** The currency in which these tasks were priced, and the one in which the upstream said what they cost. */
  currency: string;
  vendor_currency: string | null;
  good: number;
  bad: number;
  /** Of the good ones. */
  price_micros: number;
  vendor_micros: number;
};

/** The latest attempts of a channel, as many as are looked at. */
const MAX_ATTEMPTS = 1_000;
/** Ends that say something about the channel; others say something about what was asked. */
const BAD = ['generation_failed', 'timed_out', 'outcome_unknown', 'provider_unavailable', 'internal'];

const selectMeasures = prepare<{ channel: string; sinceMs: number }, MeasureRow>((db, p) => {
  const count = (where: string) => sql<number>`count(*) filter (where ${sql.raw(where)})`;
  const sum = (column: string) =>
    sql<number>`cast(coalesce(sum(${sql.ref(column)}) filter (where latest.outcome = 'succeeded'), 0) as bigint)`;
  return db
    .selectFrom(
      db
        .selectFrom('attempts')
        .select(['task_id', 'outcome', 'error_code', 'vendor_micros'])
        // What was estimated would teach nothing but itself.
        .select(sql<string | null>`case when vendor_is_estimate = 0 then vendor_currency end`.as('vendor_currency'))
        .where('channel', '=', p('channel'))
        .where('started_at_ms', '>', p('sinceMs'))
        .orderBy('started_at_ms', 'desc')
        .limit(MAX_ATTEMPTS)
        .as('latest'),
    )
    .innerJoin('tasks', 'tasks.id', 'latest.task_id')
    .select(['tasks.endpoint', 'tasks.currency', 'latest.vendor_currency'])
    .select([
      count("latest.outcome = 'succeeded'").as('good'),
      count(`latest.outcome <> 'succeeded' and latest.error_code in (${BAD.map((code) => `'${code}'`).join()})`).as(
        'bad',
      ),
      sum('tasks.price_micros').as('price_micros'),
      sum('latest.vendor_micros').as('vendor_micros'),
    ])
    .groupBy(['tasks.endpoint', 'tasks.currency', 'latest.vendor_currency']);
});

/** How the latest attempts of a channel ended, and what they cost, by endpoint. */
export const listMeasures = async (db: Db, p: { channel: string; sinceMs: number }): Promise<MeasureRow[]> =>
  (await db.read(selectMeasures(db, p))).map((row) => ({ ...row, good: Number(row.good), bad: Number(row.bad) }));
