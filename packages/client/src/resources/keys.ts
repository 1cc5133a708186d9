import { type Http, path } from '../http.ts';
import type { Page, PageOptions } from '../pages.ts';
import { type CallOptions, idempotency, type MakeOptions } from '../values.ts';

export type Scope = 'tasks:read' | 'tasks:write' | 'assets:read' | 'assets:write' | 'webhooks' | 'channels' | 'usage';

/** Null: no limit. Budgets are in millionths of the account's currency. */
export type KeyLimits = {
  /** Over it, tasks wait. */
  readonly maxRunning: number | null;
  /** Over it, submits are refused, as over all others. */
  readonly maxWaiting: number | null;
  readonly tasksPerMinute: number | null;
  readonly hourBudgetMicros: number | null;
  readonly dayBudgetMicros: number | null;
  readonly totalBudgetMicros: number | null;
};

export type Key = {
  readonly id: string;
  readonly accountId: string;
  readonly name: string;
  /** The key with its middle hidden. */
  readonly masked: string;
  readonly isAdmin: boolean;
  /** Null: every scope. */
  readonly scopes: readonly Scope[] | null;
  /** Ids of endpoints, in which `*` stands for any text. Null: every endpoint. */
  readonly models: readonly string[] | null;
  /** Null: from everywhere. */
  readonly addresses: readonly string[] | null;
  readonly limits: KeyLimits;
  readonly createdAt: string;
  readonly expiresAt: string | null;
  readonly revokedAt: string | null;
};

/** What is left out stays, or is not restricted; null takes a restriction away. */
export type KeyChange = { readonly [N in 'name' | 'isAdmin' | 'expiresAt']?: Key[N] | undefined } & {
  readonly [N in 'scopes' | 'models' | 'addresses']?: Key[N] | undefined;
} & { readonly limits?: { readonly [N in keyof KeyLimits]?: KeyLimits[N] | undefined } | undefined };

/** Keys of all accounts, for administrators. */
export const createKeys = (http: Http) => ({
  /** Makes a key. The answer is the only time that the key itself is shown. Not repeated after a lost answer: revoke the
   *  key that nobody saw, and make another. */
  create: (
    accountId: string,
    key: KeyChange = {},
    options: MakeOptions = {},
  ): Promise<Key & { readonly key: string }> => {
    const call = { method: 'POST', path: path`/accounts/${accountId}/keys`, json: key } as const;
    return http.json({ ...call, headers: idempotency(options), signal: options.signal });
  },
  get: (id: string, { signal }: CallOptions = {}): Promise<Key> =>
    http.json({ method: 'GET', path: path`/keys/${id}`, signal }),
  /** Oldest first, revoked ones included. */
  list: (accountId: string, { signal, ...query }: PageOptions = {}): Promise<Page<Key>> =>
    http.json({ method: 'GET', path: path`/accounts/${accountId}/keys`, query, signal }),
  update: (id: string, change: KeyChange, { signal }: CallOptions = {}): Promise<Key> =>
    http.json({ method: 'PATCH', path: path`/keys/${id}`, json: change, isRepeatable: true, signal }),
  /** It works no more at once. Its tasks go on. */
  revoke: (id: string, { signal }: CallOptions = {}): Promise<void> =>
    http.json({ method: 'DELETE', path: path`/keys/${id}`, isRepeatable: true, signal }),
});
