import { sql } from 'kysely';
import type { Db, Row } from './db.ts';

// Each check is one statement, so each sees one moment, and may run while tasks are submitted and end.

const big = (expression: string) => sql.raw(`cast(coalesce(${expression}, 0) as bigint)`);

async function read<R>(db: Db, query: ReturnType<typeof sql<R>>): Promise<R[]> {
  const { sql: text, parameters } = query.compile(db.build);
  return (await db.read<Row>({ sql: text, parameters })) as R[]; // The callers write the columns that they name.
}

const gain = (book: string) =>
  `sum(case when to_book ${book} then micros else 0 end) - sum(case when from_book ${book} then micros else 0 end)`;

export type BookTotals = { currency: string; outside: number; revenue: number; available: number; held: number };

export const sumBooks = (db: Db) =>
  read<BookTotals & { transfers: number }>(
    db,
    sql`select currency, count(*) as transfers,
               ${big(gain("= 'outside'"))} as outside, ${big(gain("= 'revenue'"))} as revenue,
               ${big(gain("like 'available:%'"))} as available, ${big(gain("like 'held:%'"))} as held
          from transfers group by currency order by currency`,
  );

export const countAudited = (db: Db) =>
  read<{ accounts: number; tasks: number }>(
    db,
    sql`select (select count(*) from accounts) as accounts, (select count(*) from tasks) as tasks`,
  );

/** Accounts whose row says something else than their books. */
export const listWrongAccounts = (db: Db, limit: number) =>
  read<{ id: string; balance: number; held: number; booked: number; booked_held: number }>(
    db,
    sql`select id, balance_micros as balance, held_micros as held,
               ${big('booked')} as booked, ${big('booked_held')} as booked_held
          from accounts left join (
            select account_id,
                   ${sql.raw(gain("= 'available:' || account_id"))} + ${sql.raw(gain("= 'held:' || account_id"))} as booked,
                   ${sql.raw(gain("= 'held:' || account_id"))} as booked_held
              from transfers group by account_id) as books on books.account_id = accounts.id
         where balance_micros <> coalesce(booked, 0) or held_micros <> coalesce(booked_held, 0)
         order by id limit ${limit}`,
  );

const KINDS = ['hold', 'extra_hold', 'part_release', 'charge', 'release'] as const;
type Kind = (typeof KINDS)[number];
const amount = (kind: Kind) => `coalesce(${kind}.micros, 0)`;
const movesOf = (id: string) =>
  sql.raw(KINDS.map((kind) => `left join transfers ${kind} on ${kind}.id = ${id} || '.${kind}'`).join(' '));
const HELD = `${amount('hold')} + ${amount('extra_hold')}`;
const GIVEN = `${amount('part_release')} + ${amount('charge')} + ${amount('release')}`;

export type TaskMoves = { id: string; ended: number; price: number; charged: number; held: number; given: number };

/** Of the tasks after one, in the order of their ids: the last that was looked at, and those that moved something else
 *  than they should. */
export async function auditTasks(
  db: Db,
  p: { after: string; rows: number },
): Promise<{ last: string | undefined; wrong: TaskMoves[] }> {
  const wrong = await read<TaskMoves>(
    db,
    sql`select tasks.id, case when ended_at_ms is null then 0 else 1 end as ended, price_micros as price,
               ${big('charge_micros')} as charged, ${big(HELD)} as held, ${big(GIVEN)} as given
          from (select id, ended_at_ms, price_micros, charge_micros from tasks
                 where id > ${p.after} order by id limit ${p.rows}) as tasks ${movesOf('tasks.id')}
         where case when ended_at_ms is null
                    then ${sql.raw(HELD)} - ${sql.raw(amount('part_release'))} <> price_micros
                         or ${sql.raw(amount('charge'))} + ${sql.raw(amount('release'))} <> 0
                    else ${sql.raw(HELD)} <> ${sql.raw(GIVEN)}
                         or (charge.micros is not null and charge.micros <> coalesce(charge_micros, 0))
                         or (charge.micros is null and coalesce(charge_micros, 0) <> 0) end
         order by tasks.id`,
  );
  const [last] = await read<{ id: string }>(
    db,
    sql`select id from tasks where id > ${p.after} order by id limit 1 offset ${p.rows - 1}`,
  );
  return { last: last?.id, wrong };
}

/** The same of moves whose task is gone: what it held must have been given. */
export async function auditOrphans(
  db: Db,
  p: { after: string; rows: number },
): Promise<{ last: string | undefined; wrong: { id: string; held: number; given: number }[] }> {
  const wrong = await read<{ id: string; held: number; given: number }>(
    db,
    sql`select distinct moves.task_id as id, ${big(HELD)} as held, ${big(GIVEN)} as given
          from (select id, task_id from transfers where id > ${p.after} order by id limit ${p.rows}) as moves
               ${movesOf('moves.task_id')}
         where moves.task_id is not null and ${sql.raw(HELD)} <> ${sql.raw(GIVEN)}
           and not exists (select 1 from tasks where tasks.id = moves.task_id)`,
  );
  const [last] = await read<{ id: string }>(
    db,
    sql`select id from transfers where id > ${p.after} order by id limit 1 offset ${p.rows - 1}`,
  );
  return { last: last?.id, wrong };
}

/** Keys whose counter of a period says something else than their tasks. Of `total` it may say more: tasks that were
 *  deleted are still counted. */
export const listWrongBudgets = (
  db: Db,
  p: {
    column: 'hour_budget_micros' | 'day_budget_micros' | 'total_budget_micros';
    period: string;
    sinceMs: number;
    limit: number;
  },
) =>
  read<{ id: string; counted: number; used: number }>(
    db,
    sql`select * from (
          select api_keys.id,
                 ${big(`(select micros from key_usage where key_id = api_keys.id and period = '${p.period}')`)} as counted,
                 (select ${big('sum(case when ended_at_ms is null then price_micros else coalesce(charge_micros, 0) end)')}
                    from tasks where key_id = api_keys.id and created_at_ms >= ${p.sinceMs}) as used
            from api_keys where ${sql.ref(p.column)} is not null and revoked_at_ms is null) as budgets
         where ${p.period === 'total' ? sql`counted < used` : sql`counted <> used`} order by id limit ${p.limit}`,
  );
