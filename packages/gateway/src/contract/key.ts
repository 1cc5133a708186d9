/** What a key may be allowed to do. Administering is no scope: a key is an administrator's or it is not. */
export const SCOPES = [
  'tasks:read',
  'tasks:write',
  'assets:read',
  'assets:write',
  'webhooks',
  'channels',
  'usage',
] as const;
export type Scope = (typeof SCOPES)[number];

export const CURRENCIES = ['CNY', 'USD'] as const;
export type Currency = (typeof CURRENCIES)[number];

/** Limits of a key. Null: none. Over `maxRunning` a task waits; over any other limit it is refused. */
export type KeyLimits = {
  readonly maxRunning: number | null;
  readonly maxWaiting: number | null;
  readonly tasksPerMinute: number | null;
  /** Micro-units of the account's currency, in each hour and day (UTC), and ever. */
  readonly hourBudgetMicros: number | null;
  readonly dayBudgetMicros: number | null;
  readonly totalBudgetMicros: number | null;
};

/** What a key may do, beside its limits. */
export type KeyRights = {
  /** Null: every scope. */
  readonly scopes: readonly Scope[] | null;
  /** Ids of endpoints, in which `*` stands for any text. Null: every endpoint. */
  readonly models: readonly string[] | null;
  /** Addresses and CIDR ranges from which it works. Null: everywhere. */
  readonly addresses: readonly string[] | null;
};
