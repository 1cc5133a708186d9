import { type Kysely, sql } from 'kysely';
import type { Db, Statement } from './db.ts';
import { eachOf } from './json-list.ts';
import type { Schema } from './schema.ts';
import { prepare } from './statement.ts';

// A delivery is written in the batch of its event, pending and without a job: for endpoints by a trigger of the table of
// events (migration 0014), for the address of a task by a statement. Whoever sends gives it a job.

export type DeliveryRow = Omit<Schema['webhook_deliveries'], 'number'> & { readonly number: number };

type NewDelivery = {
  account_id: string;
  task_id: string | null;
  endpoint_id: string | null;
  url: string | null;
  type: string;
  at_ms: number;
};
const insert = (db: Kysely<Schema>, p: <N extends keyof NewDelivery>(name: N) => NewDelivery[N]) =>
  db.insertInto('webhook_deliveries').values({
    account_id: p('account_id'),
    task_id: p('task_id'),
    endpoint_id: p('endpoint_id'),
    type: p('type'),
    url: p('url'),
    state: 'pending',
    round: 1,
    tries: 0,
    attempts: 0,
    is_queued: 0,
    created_at_ms: p('at_ms'),
    updated_at_ms: p('at_ms'),
    next_at_ms: p('at_ms'),
    last_status: null,
    last_response: null,
    last_error: null,
  });

/** For an address that was named: by a task, for its end. */
export const insertDelivery = prepare<NewDelivery>((db, p) => insert(db, p));
/** The same, and which one it is. */
export const insertDeliveryReturning = prepare<NewDelivery, DeliveryRow>((db, p) => insert(db, p).returningAll());

/** What has no job yet, oldest first. `target` is null where its endpoint was deleted. */
export type NewJobRow = { number: number; round: number; next_at_ms: number | null; target: string | null };

const selectNew = prepare<{ limit: number }, NewJobRow>((db, p) =>
  db
    .selectFrom('webhook_deliveries as delivery')
    .leftJoin('webhook_endpoints as endpoint', 'endpoint.id', 'delivery.endpoint_id')
    .select(({ fn }) => [
      'delivery.number',
      'delivery.round',
      'delivery.next_at_ms',
      fn.coalesce('delivery.url', 'endpoint.url').as('target'),
    ])
    // A literal, so that SQLite sees that the index covers it.
    .where('delivery.is_queued', '=', sql.lit(0))
    .orderBy('delivery.number')
    .limit(p('limit')),
);
export const listNew = (db: Db, limit: number): Promise<NewJobRow[]> => db.read(selectNew(db, { limit }));

const updateQueued = prepare<{ jobs: string }>((db, p, dialect) =>
  db
    .updateTable('webhook_deliveries')
    .set({ is_queued: 1 })
    .where('is_queued', '=', sql.lit(0))
    .where(sql<boolean>`(number || '.' || round) in (${eachOf(dialect, p('jobs'))})`),
);
/** Touches exactly these, in the rounds that were seen. When somebody else was faster with one of them, or it was sent
 *  anew, its batch is undone. */
export const markQueued = (db: Db, jobs: readonly NewJobRow[]): Statement => ({
  ...updateQueued(db, { jobs: JSON.stringify(jobs.map(({ number, round }) => `${number}.${round}`)) }),
  expect: jobs.length,
});
