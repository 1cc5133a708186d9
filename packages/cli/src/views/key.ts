import type { Currency, Key, KeyLimits } from '@reelay/client';
import { showMicros } from '../money.ts';
import type { Fields } from '../output.ts';

const or = (list: readonly string[] | null, all: string): string => (list === null ? all : list.join(', ') || 'none');

/** Of lists. */
export const keyColumns: Fields<Key> = {
  id: ({ id }) => id,
  name: ({ name }) => name,
  key: ({ masked }) => masked,
  role: ({ isAdmin }) => (isAdmin ? 'admin' : 'user'),
  scopes: ({ scopes }) => or(scopes, 'all'),
  expires: ({ expiresAt }) => expiresAt ?? 'never',
  state: ({ revokedAt }) => (revokedAt === null ? 'active' : 'revoked'),
};

/** Everything there is to say. @param currency of its account, in which its budgets are */
export const keyFields = (currency: Currency): Fields<Key> => ({
  id: ({ id }) => id,
  account: ({ accountId }) => accountId,
  name: ({ name }) => name,
  key: ({ masked }) => masked,
  role: ({ isAdmin }) => (isAdmin ? 'admin' : 'user'),
  scopes: ({ scopes }) => or(scopes, 'all'),
  models: ({ models }) => or(models, 'all'),
  addresses: ({ addresses }) => or(addresses, 'all'),
  limits: ({ limits }) => showLimits(limits, currency),
  created: ({ createdAt }) => createdAt,
  expires: ({ expiresAt }) => expiresAt ?? 'never',
  revoked: ({ revokedAt }) => revokedAt ?? '',
});

function showLimits(limits: KeyLimits, currency: Currency): string {
  const { maxRunning, maxWaiting, tasksPerMinute, hourBudgetMicros, dayBudgetMicros, totalBudgetMicros } = limits;
  const budget = (micros: number | null) => (micros === null ? null : showMicros(micros, currency));
  const named = {
    running: maxRunning,
    waiting: maxWaiting,
    'a minute': tasksPerMinute,
    'an hour': budget(hourBudgetMicros),
    'a day': budget(dayBudgetMicros),
    'in all': budget(totalBudgetMicros),
  };
  const set = Object.entries(named).filter(([, value]) => value !== null);
  return set.map(([name, value]) => `${value} ${name}`).join('\n') || 'none';
}
