import { type Expression, type SqlBool, sql } from 'kysely';
import type { Db, Query } from './db.ts';
import type { Schema } from './schema.ts';
import { prepare, toStatement } from './statement.ts';
import type { DeliveryRow } from './webhook-outbox.ts';

/** A delivery, and its endpoint as it is now. */
export type DeliveryOfEndpoint = DeliveryRow & {
  readonly endpoint_url: string | null;
  readonly endpoint_disabled_at_ms: number | null;
};

const selectDelivery = prepare<{ number: number }, DeliveryOfEndpoint>((db, p) =>
  db
    .selectFrom('webhook_deliveries as delivery')
    .leftJoin('webhook_endpoints as endpoint', 'endpoint.id', 'delivery.endpoint_id')
    .selectAll('delivery')
    .select(['endpoint.url as endpoint_url', 'endpoint.disabled_at_ms as endpoint_disabled_at_ms'])
    .where('delivery.number', '=', p('number')),
);
export const getDelivery = async (db: Db, number: number): Promise<DeliveryOfEndpoint | undefined> =>
  (await db.read(selectDelivery(db, { number })))[0];

const selectOfTask = prepare<{ task_id: string }, DeliveryOfEndpoint>((db, p) =>
  db
    .selectFrom('webhook_deliveries as delivery')
    .selectAll('delivery')
    .select([sql<null>`null`.as('endpoint_url'), sql<null>`null`.as('endpoint_disabled_at_ms')])
    .where('delivery.task_id', '=', p('task_id'))
    .where('delivery.endpoint_id', 'is', null),
);
/** To the address that the task itself names. */
export const getDeliveryOfTask = async (db: Db, taskId: string): Promise<DeliveryOfEndpoint | undefined> =>
  (await db.read(selectOfTask(db, { task_id: taskId })))[0];

const selectAttempts = prepare<{ delivery: number }, Schema['webhook_attempts']>((db, p) =>
  db.selectFrom('webhook_attempts').selectAll().where('delivery', '=', p('delivery')).orderBy('number'),
);
export const listAttemptsOf = (db: Db, delivery: number): Promise<Schema['webhook_attempts'][]> =>
  db.read(selectAttempts(db, { delivery }));

/** What came of a try. */
export type Outcome = {
  number: number;
  /** That the try belongs to: after a resend meanwhile it decides nothing. */
  round: number;
  state: string;
  next_at_ms: number | null;
  now_ms: number;
  last_status: number | null;
  last_response: string | null;
  last_error: string | null;
};

const update = (isTry: boolean) =>
  prepare<Outcome>((db, p) => {
    const inRound = <T>(value: T, otherwise: 'state' | 'next_at_ms' | 'tries') =>
      sql<never>`case when round = ${p('round')} then ${value} else ${sql.ref(otherwise)} end`;
    return db
      .updateTable('webhook_deliveries')
      .set({
        state: inRound(p('state'), 'state'),
        next_at_ms: inRound(p('next_at_ms'), 'next_at_ms'),
        updated_at_ms: p('now_ms'),
        last_status: p('last_status'),
        last_response: p('last_response'),
        last_error: p('last_error'),
        ...(isTry ? { attempts: sql<number>`attempts + 1`, tries: inRound(sql`tries + 1`, 'tries') } : {}),
      })
      .where('number', '=', p('number'));
  });
/** Counts the try. First in its batch: whoever else writes to the delivery waits for it. */
export const endTry = update(true);
/** Nothing was tried, and nothing will be. */
export const giveUp = update(false);

type NewAttempt = Omit<Schema['webhook_attempts'], 'number'>;

/** Numbered as the delivery counts it, so after `endTry` in its batch. */
export const insertAttemptOf = prepare<NewAttempt>((db, p) =>
  db
    .insertInto('webhook_attempts')
    .columns(['delivery', 'number', 'url', 'started_at_ms', 'duration_ms', 'status', 'response', 'error'])
    .expression(({ selectFrom }) =>
      selectFrom('webhook_deliveries')
        .select([
          'webhook_deliveries.number as delivery',
          'attempts as number',
          sql<string>`cast(${p('url')} as text)`.as('url'),
          sql<number>`cast(${p('started_at_ms')} as bigint)`.as('started_at_ms'),
          sql<number>`cast(${p('duration_ms')} as integer)`.as('duration_ms'),
          sql<number>`cast(${p('status')} as integer)`.as('status'),
          sql<string>`cast(${p('response')} as text)`.as('response'),
          sql<string>`cast(${p('error')} as text)`.as('error'),
        ])
        .where('webhook_deliveries.number', '=', p('delivery')),
    ),
);

/** Which deliveries of an account. */
export type DeliveryFilter = {
  readonly accountId: string;
  readonly state?: string | undefined;
  readonly type?: string | undefined;
  readonly endpointId?: string | undefined;
  readonly taskId?: string | undefined;
  /** Of events from here, up to but not at. */
  readonly fromMs?: number | undefined;
  readonly toMs?: number | undefined;
};

const conditionsOf = (db: Db, { accountId, state, type, endpointId, taskId, fromMs, toMs }: DeliveryFilter) => {
  const all: Expression<SqlBool>[] = [sql`delivery.account_id = ${accountId}`];
  if (state !== undefined) all.push(sql`delivery.state = ${state}`);
  if (type !== undefined) all.push(sql`delivery.type = ${type}`);
  if (endpointId !== undefined) all.push(sql`delivery.endpoint_id = ${endpointId}`);
  if (taskId !== undefined) all.push(sql`delivery.task_id = ${taskId}`);
  if (fromMs !== undefined) all.push(sql`delivery.created_at_ms >= ${fromMs}`);
  if (toMs !== undefined) all.push(sql`delivery.created_at_ms < ${toMs}`);
  return db.build.selectFrom('webhook_deliveries as delivery').where(({ and }) => and(all));
};

/** Newest first. */
export function listDeliveries(
  db: Db,
  filter: DeliveryFilter,
  p: { before: number | undefined; limit: number },
): Promise<DeliveryOfEndpoint[]> {
  const deliveries = conditionsOf(db, filter)
    .leftJoin('webhook_endpoints as endpoint', 'endpoint.id', 'delivery.endpoint_id')
    .selectAll('delivery')
    .select(['endpoint.url as endpoint_url', 'endpoint.disabled_at_ms as endpoint_disabled_at_ms'])
    .orderBy('delivery.number', 'desc')
    .limit(p.limit);
  const page = p.before === undefined ? deliveries : deliveries.where('delivery.number', '<', p.before);
  return db.read<DeliveryOfEndpoint>(toStatement(page));
}

/** Begins a new round of up to `limit` of them, oldest first, to their own addresses or to another one, and returns their
 *  numbers. Not of those whose endpoint was deleted: nothing could sign for them. */
export function resend(
  db: Db,
  filter: DeliveryFilter & { readonly number?: number },
  p: { url: string | undefined; after?: number | undefined; now_ms: number; limit: number },
): Query<{ number: number }> {
  const { number } = filter;
  const { after } = p;
  let some = conditionsOf(db, filter)
    .select('delivery.number')
    .where(({ or, eb, exists, selectFrom }) =>
      or([
        eb('delivery.endpoint_id', 'is', null),
        exists(
          selectFrom('webhook_endpoints as endpoint')
            .select('endpoint.id')
            .whereRef('endpoint.id', '=', 'delivery.endpoint_id'),
        ),
      ]),
    )
    .orderBy('delivery.number')
    .limit(p.limit);
  if (number !== undefined) some = some.where('delivery.number', '=', number);
  if (after !== undefined) some = some.where('delivery.number', '>', after);
  return toStatement(
    db.build
      .updateTable('webhook_deliveries')
      .set({
        state: 'pending',
        round: sql<number>`round + 1`,
        tries: 0,
        is_queued: 0,
        updated_at_ms: p.now_ms,
        next_at_ms: p.now_ms,
        ...(p.url === undefined ? {} : { url: p.url }),
      })
      .where('number', 'in', some)
      .returning('number'),
  );
}

/** Gives up what is on its way to an endpoint. */
export const failOfEndpoint = prepare<{ endpoint_id: string; now_ms: number; error: string }>((db, p) =>
  db
    .updateTable('webhook_deliveries')
    .set({ state: 'failed', next_at_ms: null, updated_at_ms: p('now_ms'), last_error: p('error') })
    .where('endpoint_id', '=', p('endpoint_id'))
    .where('state', '=', 'pending')
    .where('url', 'is', null),
);
