import { sql } from 'kysely';
import type { Db } from './db.ts';
import type { Schema } from './schema.ts';
import { prepare } from './statement.ts';

export type NewEvent = Pick<Schema['events'], 'account_id' | 'task_id' | 'type' | 'at_ms'>;
export type EventRow = NewEvent & { readonly number: number; readonly tx: number };

/** A place in the order of the commits: everything up to it was seen. */
export type EventCursor = { readonly tx: number; readonly number: number };
export const BEFORE_ALL_EVENTS: EventCursor = { tx: 0, number: 0 };

/** A cursor as clients keep it: `<tx>-<number>`. */
export const toCursorText = ({ tx, number }: EventCursor): string => `${tx}-${number}`;
/** Undefined for a text that is no cursor. */
export function parseCursor(text: string): EventCursor | undefined {
  const [, tx, number] = /^(\d{1,15})-(\d{1,15})$/.exec(text) ?? [];
  return tx === undefined ? undefined : { tx: Number(tx), number: Number(number) };
}

type After = { tx: number; number: number; limit: number };

/** On PostgreSQL a transaction that is still under way may yet commit an event with an older number; whatever is younger
 *  than the oldest of them waits for it. A transaction counts unless it is seen to run in another database: the numbers
 *  are the server's, and somebody else's long migration must not hold our events back. */
const SETTLED = sql<boolean>`tx < (
  select coalesce(min(running::text::bigint), pg_snapshot_xmax(pg_current_snapshot())::text::bigint)
  from pg_snapshot_xip(pg_current_snapshot()) as running
  where not exists (
    select from pg_stat_activity where backend_xid = running::xid and datname <> current_database()
  )
)`;

const select = (scope: 'all' | 'account_id' | 'task_id') =>
  prepare<After & { of: string }, EventRow>((db, p, dialect) => {
    const events = db
      .selectFrom('events')
      .select(['number', 'tx', 'account_id', 'task_id', 'type', 'at_ms'])
      .limit(p('limit'));
    const own = scope === 'all' ? events : events.where(scope, '=', p('of'));
    if (dialect === 'sqlite') return own.where('number', '>', p('number')).orderBy('number');
    return own
      .where(({ eb, refTuple, tuple }) => eb(refTuple('tx', 'number'), '>', tuple(p('tx'), p('number'))))
      .where(SETTLED)
      .orderBy('tx')
      .orderBy('number');
  });
const selectAll = select('all');
const selectOfAccount = select('account_id');
const selectOfTask = select('task_id');

const selectNewest = (scope: 'all' | 'account_id') =>
  prepare<{ of: string }, EventCursor>((db, p, dialect) => {
    const events = db.selectFrom('events').select(['number', 'tx']).limit(1);
    const own = scope === 'all' ? events : events.where(scope, '=', p('of'));
    if (dialect === 'sqlite') return own.orderBy('number', 'desc');
    return own.where(SETTLED).orderBy('tx', 'desc').orderBy('number', 'desc');
  });
const selectNewestOfAll = selectNewest('all');
const selectNewestOfAccount = selectNewest('account_id');

/** Where the events, of an account or of all, end by now: whatever is told later comes after it. */
export async function getNewestCursor(db: Db, accountId?: string): Promise<EventCursor> {
  const query =
    accountId === undefined ? selectNewestOfAll(db, { of: '' }) : selectNewestOfAccount(db, { of: accountId });
  return (await db.read(query))[0] ?? BEFORE_ALL_EVENTS;
}

/** For the batch of the change that it tells of. */
export const insertEvent = prepare<NewEvent>((db, p) =>
  db.insertInto('events').values({
    account_id: p('account_id'),
    task_id: p('task_id'),
    type: p('type'),
    at_ms: p('at_ms'),
  }),
);

/** The events after a cursor, in the order of their commits: of everybody, of an account, or of a task. */
export function listEvents(
  db: Db,
  { after, limit, ...of }: { after: EventCursor; limit: number; accountId?: string; taskId?: string },
): Promise<EventRow[]> {
  const p = { tx: after.tx, number: after.number, limit };
  if (of.taskId !== undefined) return db.read(selectOfTask(db, { ...p, of: of.taskId }));
  if (of.accountId !== undefined) return db.read(selectOfAccount(db, { ...p, of: of.accountId }));
  return db.read(selectAll(db, { ...p, of: '' }));
}

/** Deletes events from before, as far as they are among the `limit` oldest. Never the newest of all: on SQLite its number
 *  would be given out again, and whoever has read up to it would miss its successor. */
export const deleteOldEvents = prepare<{ before_ms: number; limit: number }>((db, p) =>
  db
    .deleteFrom('events')
    .where('number', 'in', ({ selectFrom }) =>
      selectFrom(selectFrom('events').select(['number', 'at_ms']).orderBy('number').limit(p('limit')).as('oldest'))
        .select('oldest.number')
        .where('oldest.at_ms', '<', p('before_ms')),
    )
    .where('number', '<', ({ selectFrom }) =>
      selectFrom('events').select(({ fn }) => fn.max<number>('number').as('newest')),
    ),
);
