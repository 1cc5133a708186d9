import { type Http, path } from '../http.ts';
import type { Page, PageOptions } from '../pages.ts';
import { type CallOptions, idempotency, type MakeOptions, type Money } from '../values.ts';

export type Currency = 'CNY' | 'USD';

export type Account = {
  readonly id: string;
  readonly name: string;
  readonly currency: Currency;
  /** It may spend what it does not have. */
  readonly isUnlimited: boolean;
  /** Its keys do not work. */
  readonly isDisabled: boolean;
  /** What was paid in less what was charged. */
  readonly balance: Money;
  /** What may still be spent: the balance without what is held. */
  readonly available: Money;
  /** What tasks that have not ended may cost. */
  readonly held: Money;
  readonly createdAt: string;
};

export type NewAccount = {
  readonly name: string;
  /** Default `CNY`; it stays so. */
  readonly currency?: Currency | undefined;
  readonly isUnlimited?: boolean | undefined;
};

export type AccountChange = {
  readonly name?: string | undefined;
  readonly isUnlimited?: boolean | undefined;
  readonly isDisabled?: boolean | undefined;
};

/** All accounts, for administrators. */
export const createAccounts = (http: Http) => ({
  /** Opens an account. Not repeated after a lost answer: the server would open a second one. */
  create: (account: NewAccount, options: MakeOptions = {}): Promise<Account> => {
    const { signal } = options;
    return http.json({ method: 'POST', path: '/accounts', json: account, headers: idempotency(options), signal });
  },
  get: (id: string, { signal }: CallOptions = {}): Promise<Account> =>
    http.json({ method: 'GET', path: path`/accounts/${id}`, signal }),
  /** Oldest first. */
  list: ({ signal, ...query }: PageOptions = {}): Promise<Page<Account>> =>
    http.json({ method: 'GET', path: '/accounts', query, signal }),
  /** Renames, limits or disables it. Its tasks go on. */
  update: (id: string, change: AccountChange, { signal }: CallOptions = {}): Promise<Account> =>
    http.json({ method: 'PATCH', path: path`/accounts/${id}`, json: change, isRepeatable: true, signal }),
});
