import { sql } from 'kysely';
import type { UsageGroup } from '../contract/account.ts';
import type { Db } from './db.ts';
import { toStatement } from './statement.ts';

export type UsageSum = {
  readonly name: string | number | null;
  readonly tasks: number;
  readonly succeeded: number;
  readonly failed: number;
  readonly canceled: number;
  readonly charged: number;
  readonly held: number;
  readonly vendor_cny: number;
  readonly vendor_usd: number;
  /** Of these, what is of tasks some of whose jobs nobody said the cost of. */
  readonly estimated_cny: number;
  readonly estimated_usd: number;
};

const DAY_MS = 86_400_000;
/** Integers divide to integers in both dialects. */
const GROUPS = { day: sql`created_at_ms / ${sql.lit(DAY_MS)}`, endpoint: sql`endpoint`, key: sql`key_id` };
const sum = (amount: string, where: string) =>
  sql<number>`cast(coalesce(sum(${sql.raw(amount)}) filter (where ${sql.raw(where)}), 0) as bigint)`;
const count = (status: string) => sql<number>`count(*) filter (where status = ${sql.lit(status)})`;

/** Of the tasks of an account that were submitted in a span of time. */
export function sumUsage(
  db: Db,
  p: { accountId: string; groupBy: UsageGroup; fromMs: number; toMs: number; limit: number },
): Promise<UsageSum[]> {
  const name = GROUPS[p.groupBy];
  return db.read<UsageSum>(
    toStatement(
      db.build
        .selectFrom('tasks')
        .select(({ fn }) => [
          name.as('name'),
          fn.countAll<number>().as('tasks'),
          count('succeeded').as('succeeded'),
          count('failed').as('failed'),
          count('canceled').as('canceled'),
          sum('charge_micros', 'charge_micros is not null').as('charged'),
          sum('price_micros', 'ended_at_ms is null').as('held'),
          sum('vendor_micros', "vendor_currency = 'CNY'").as('vendor_cny'),
          sum('vendor_micros', "vendor_currency = 'USD'").as('vendor_usd'),
          sum('vendor_micros', "vendor_currency = 'CNY' and vendor_is_estimate = 1").as('estimated_cny'),
          sum('vendor_micros', "vendor_currency = 'USD' and vendor_is_estimate = 1").as('estimated_usd'),
        ])
        .where('account_id', '=', p.accountId)
        .where('created_at_ms', '>=', p.fromMs)
        .where('created_at_ms', '<', p.toMs)
        .groupBy(name)
        .orderBy('charged', 'desc')
        .orderBy('tasks', 'desc')
        .limit(p.limit),
    ),
  );
}
