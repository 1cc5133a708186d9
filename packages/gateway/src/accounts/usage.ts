import type { UsageRow, UsageService } from '../contract/account.ts';
import { GatewayError } from '../contract/errors.ts';
import { getAccount } from '../store/accounts.ts';
import type { Db } from '../store/db.ts';
import { sumUsage, type UsageSum } from '../store/usage.ts';

const MAX_ROWS = 1_000;
const DAY_MS = 86_400_000;

/** What tasks cost, added up from the tasks themselves. */
export const createUsage = ({ db }: { db: Db }): UsageService => ({
  async read({ accountId, ...p }) {
    const account = await getAccount(db, accountId);
    if (account === undefined) throw new GatewayError('not_found', `no account ${accountId}`);
    const rows = await sumUsage(db, { accountId, ...p, limit: MAX_ROWS });
    return rows.map((row) => toRow(row, account.currency));
  },
});

const toRow = (row: UsageSum, currency: string): UsageRow => ({
  group: toName(row.name),
  tasks: row.tasks,
  succeeded: row.succeeded,
  failed: row.failed,
  canceled: row.canceled,
  chargedMicros: row.charged,
  heldMicros: row.held,
  currency,
  vendorCosts: [
    { micros: row.vendor_cny, estimatedMicros: row.estimated_cny, currency: 'CNY' },
    { micros: row.vendor_usd, estimatedMicros: row.estimated_usd, currency: 'USD' },
  ].filter(({ micros }) => micros > 0),
});

/** Days are counted since 1970; tasks of before there were keys have none. */
function toName(name: UsageSum['name']): string {
  if (typeof name === 'number') return new Date(name * DAY_MS).toISOString().slice(0, 10);
  return name ?? 'unknown';
}
