import type { AuditReport, Discrepancy } from '../contract/audit.ts';
import { dayOf, EVER, hourOf, startOfDayMs, startOfHourMs } from '../lib/periods.ts';
import {
  auditOrphans,
  auditTasks,
  countAudited,
  listWrongAccounts,
  listWrongBudgets,
  sumBooks,
  type TaskMoves,
} from '../store/audit.ts';
import type { Db } from '../store/db.ts';

/** How many tasks, or moves, one statement looks at: other work gets its turn between two of them. */
const ROWS = 2_000;
const MAX_SHOWN = 100;

/** Adds up everything that can be, and says what does not agree. Only reads.
 *  @param p.signal ends it between two statements. */
export async function audit(
  { db, nowMs }: { db: Db; nowMs: () => number },
  { signal }: { signal: AbortSignal },
): Promise<AuditReport> {
  const found: Discrepancy[] = [];
  for (const row of await listWrongAccounts(db, MAX_SHOWN)) {
    const message = `the account has ${row.balance} and holds ${row.held}, its books ${row.booked} and ${row.booked_held}`;
    found.push({ what: 'account', id: row.id, message });
  }
  await inBites(signal, async (after) => {
    const { last, wrong } = await auditTasks(db, { after, rows: ROWS });
    found.push(...wrong.map((row) => ({ what: 'task' as const, id: row.id, message: toMessage(row) })));
    return last;
  });
  await inBites(signal, async (after) => {
    const { last, wrong } = await auditOrphans(db, { after, rows: ROWS });
    for (const { id, held, given } of wrong)
      found.push({ what: 'orphan', id, message: `a task that is gone held ${held} and gave ${given}` });
    return last;
  });
  found.push(...(await auditBudgets(db, nowMs())));
  const books = await sumBooks(db);
  const [counts = { accounts: 0, tasks: 0 }] = await countAudited(db);
  return {
    isBalanced: found.length === 0,
    totals: books.map(({ transfers: _, ...totals }) => totals),
    counts: { ...counts, transfers: books.reduce((sum, { transfers }) => sum + transfers, 0) },
    discrepancies: found.slice(0, MAX_SHOWN),
  };
}

async function inBites(signal: AbortSignal, bite: (after: string) => Promise<string | undefined>): Promise<void> {
  for (let after: string | undefined = ''; after !== undefined; ) {
    signal.throwIfAborted();
    after = await bite(after);
  }
}

function toMessage({ ended, price, charged, held, given }: TaskMoves): string {
  if (ended === 0) return `the task has not ended, costs ${price}, and holds ${held} less ${given}`;
  return `the task held ${held}, gave ${given}, and says that ${charged} was charged`;
}

async function auditBudgets(db: Db, nowMs: number): Promise<Discrepancy[]> {
  const periods = [
    { column: 'hour_budget_micros', period: hourOf(nowMs), sinceMs: startOfHourMs(nowMs) },
    { column: 'day_budget_micros', period: dayOf(nowMs), sinceMs: startOfDayMs(nowMs) },
    { column: 'total_budget_micros', period: EVER, sinceMs: 0 },
  ] as const;
  const found: Discrepancy[] = [];
  for (const one of periods) {
    for (const { id, counted, used } of await listWrongBudgets(db, { ...one, limit: MAX_SHOWN })) {
      const message = `its budget counts ${counted} in ${one.period}, its tasks hold and cost ${used}`;
      found.push({ what: 'budget', id, message });
    }
  }
  return found;
}
