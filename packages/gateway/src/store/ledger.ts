import { sql } from 'kysely';
import type { Db, Statement } from './db.ts';
import type { Schema } from './schema.ts';
import { prepare, prepareInsert, toStatement } from './statement.ts';

export type Transfer = Schema['transfers'];

/** Fails on an id that exists: each kind of move happens to a task once. */
// biome-ignore format: one list of columns
export const insertTransfer = prepareInsert('transfers', [
  'id', 'account_id', 'task_id', 'kind', 'from_book', 'to_book', 'micros', 'currency', 'created_at_ms', 'note',
  'reference',
]);

/** The same for money from outside; of one reference the first counts, for any other the whole batch is undone. */
export const insertPayment = (db: Db, row: Transfer): Statement => ({
  ...insertOnce(db, row),
  expect: 1,
});
const insertOnce = prepareInsert(
  'transfers',
  ['id', 'account_id', 'kind', 'from_book', 'to_book', 'micros', 'currency', 'created_at_ms', 'note', 'reference'],
  { onConflict: 'do nothing' },
);

const selectPayment = prepare<{ account_id: string; reference: string }, Transfer>((db, p) =>
  db
    .selectFrom('transfers')
    .selectAll()
    .where('account_id', '=', p('account_id'))
    .where('reference', '=', p('reference')),
);
export const getPayment = async (db: Db, p: { account_id: string; reference: string }): Promise<Transfer | undefined> =>
  (await db.read(selectPayment(db, p)))[0];

/** Payments of an account, newest first. Their ids are ordered by time. */
export const listPayments = (
  db: Db,
  p: { accountId: string; before: string | undefined; limit: number },
): Promise<Transfer[]> => {
  const payments = db.build
    .selectFrom('transfers')
    .selectAll()
    .where('account_id', '=', p.accountId)
    .where('task_id', 'is', null)
    .orderBy('id', 'desc')
    .limit(p.limit);
  return db.read<Transfer>(toStatement(p.before === undefined ? payments : payments.where('id', '<', p.before)));
};

/** Every move of a task, oldest first. */
export const listMoves = (db: Db, taskId: string): Promise<Transfer[]> =>
  db.read<Transfer>(
    toStatement(
      db.build
        .selectFrom('transfers')
        .selectAll()
        .where(
          'id',
          'in',
          MOVES.map((kind) => `${taskId}.${kind}`),
        )
        .orderBy('created_at_ms'),
    ),
  );
const MOVES = ['hold', 'extra_hold', 'part_release', 'charge', 'release'];

/** Sets money aside. Touches the account only when it has that much left, or needs not have it. */
export const holdFunds = prepare<{ account_id: string; micros: number }>(
  (db, p) =>
    db
      .updateTable('accounts')
      .set({ held_micros: sql`held_micros + ${p('micros')}` })
      .where('id', '=', p('account_id'))
      .where('disabled_at_ms', 'is', null)
      .where(({ or, eb }) =>
        or([eb('is_unlimited', '=', 1), eb(sql<number>`balance_micros - held_micros`, '>=', p('micros'))]),
      ),
  { expect: 1 },
);

/** Ends a hold: what was charged is gone, the rest is free again. */
export const settleFunds = prepare<{ account_id: string; held: number; charged: number }>(
  (db, p) =>
    db
      .updateTable('accounts')
      .set({
        balance_micros: sql`balance_micros - ${p('charged')}`,
        held_micros: sql`held_micros - ${p('held')}`,
      })
      .where('id', '=', p('account_id')),
  { expect: 1 },
);

/** Money from outside, or back to it. A withdrawal, which is negative, takes only what is free. */
export const payIn = prepare<{ account_id: string; micros: number }>(
  (db, p) =>
    db
      .updateTable('accounts')
      .set({ balance_micros: sql`balance_micros + ${p('micros')}` })
      .where('id', '=', p('account_id'))
      .where(({ or, eb }) =>
        or([
          eb('is_unlimited', '=', 1),
          eb(sql<number>`balance_micros - held_micros + ${p('micros')}`, '>=', 0),
          eb(sql<number>`cast(${p('micros')} as bigint)`, '>=', 0),
        ]),
      ),
  { expect: 1 },
);

type Use = Schema['key_usage'] & { max_tasks: number; max_micros: number };

/** Counts what a key uses in a period. Touches nothing where that would be more than it may; the first use of a period
 *  is not checked here. */
export const useKey = prepare<Use>(
  (db, p) =>
    db
      .insertInto('key_usage')
      .values({ key_id: p('key_id'), period: p('period'), tasks: p('tasks'), micros: p('micros') })
      .onConflict((conflict) =>
        conflict
          .columns(['key_id', 'period'])
          .doUpdateSet({
            tasks: sql`key_usage.tasks + ${p('tasks')}`,
            micros: sql`key_usage.micros + ${p('micros')}`,
          })
          .where(sql<number>`key_usage.tasks + ${p('tasks')}`, '<=', p('max_tasks'))
          .where(sql<number>`key_usage.micros + ${p('micros')}`, '<=', p('max_micros')),
      ),
  { expect: 1 },
);

/** Sets what a key used in a period to what its tasks since then hold or cost, where `column` has no limit yet: use that
 *  no limit asked for was not counted. */
export function countUse(
  db: Db,
  p: { keyId: string; period: string; sinceMs: number; column: `${'hour' | 'day' | 'total'}_budget_micros` },
): Statement {
  const { keyId, period, sinceMs, column } = p;
  const micros = sql<number>`coalesce(sum(case when ended_at_ms is null then price_micros else coalesce(charge_micros, 0) end), 0)`;
  return toStatement(
    db.build
      .insertInto('key_usage')
      .columns(['key_id', 'period', 'tasks', 'micros'])
      .expression(({ selectFrom, exists }) =>
        selectFrom('tasks')
          .select([
            sql.lit(keyId).as('key_id'),
            sql.lit(period).as('period'),
            sql.lit(0).as('tasks'),
            micros.as('micros'),
          ])
          .where('key_id', '=', keyId)
          .where('created_at_ms', '>=', sinceMs)
          .having(exists(selectFrom('api_keys').select('id').where('id', '=', keyId).where(column, 'is', null))),
      )
      .onConflict((conflict) =>
        conflict.columns(['key_id', 'period']).doUpdateSet(({ ref }) => ({ micros: ref('excluded.micros') })),
      ),
  );
}

/** Gives money back to the periods in which it was counted. */
export const unuseKey = prepare<{ key_id: string; hour: string; day: string; micros: number }>((db, p) =>
  db
    .updateTable('key_usage')
    .set({ micros: sql`micros - ${p('micros')}` })
    .where('key_id', '=', p('key_id'))
    .where('period', 'in', [p('hour'), p('day'), 'total']),
);

/** Touches the key while fewer than `max` of its jobs wait. */
export const requireRoom = prepare<{ key_id: string; queue: string; max: number }>(
  (db, p) =>
    db
      .updateTable('api_keys')
      .set(({ ref }) => ({ id: ref('id') }))
      .where('id', '=', p('key_id'))
      .where(
        ({ selectFrom }) =>
          selectFrom((from) =>
            from
              .selectFrom('jobs')
              .select('jobs.id')
              .where('queue', '=', p('queue'))
              .where('group_key', '=', p('key_id'))
              .where('holder', 'is', null)
              .limit(p('max'))
              .as('waiting'),
          ).select(({ fn }) => fn.countAll<number>().as('count')),
        '<',
        p('max'),
      ),
  { expect: 1 },
);
