import type { Currency, KeyLimits, KeyRights } from './key.ts';

export type AccountView = {
  readonly id: string;
  readonly name: string;
  readonly currency: Currency;
  /** May spend what it does not have. */
  readonly isUnlimited: boolean;
  readonly isDisabled: boolean;
  /** What was paid in less what was charged; what is held is still part of it. */
  readonly balanceMicros: number;
  readonly heldMicros: number;
  readonly createdAtMs: number;
};

export type KeyView = {
  readonly id: string;
  readonly accountId: string;
  readonly name: string;
  /** The key, with all but a few of its characters hidden. */
  readonly masked: string;
  readonly isAdmin: boolean;
  readonly rights: KeyRights;
  readonly limits: KeyLimits;
  readonly createdAtMs: number;
  readonly expiresAtMs: number | null;
  readonly revokedAtMs: number | null;
};

/** What may be said of a key. Of rights and limits those that are left out stay as they are, or without a limit. */
export type KeyChange = {
  readonly name?: string | undefined;
  readonly isAdmin?: boolean | undefined;
  readonly expiresAtMs?: number | null | undefined;
} & { readonly [R in keyof KeyRights]?: KeyRights[R] | undefined } & {
  readonly limits?: { readonly [L in keyof KeyLimits]?: KeyLimits[L] | undefined } | undefined;
};

/** A row of the ledger. */
export type TransferView = {
  readonly id: string;
  readonly taskId: string | null;
  readonly kind: string;
  readonly from: string;
  readonly to: string;
  readonly micros: number;
  readonly currency: string;
  readonly note: string | null;
  readonly reference: string | null;
  readonly atMs: number;
};

export type Paged<T> = { readonly items: readonly T[]; readonly nextCursor: string | null };
type Page = { readonly limit: number; readonly cursor?: string | undefined };

/** Who asks for something new, with an `Idempotency-Key`, and for what. */
export type Once = { readonly accountId: string; readonly key: string; readonly request: unknown };

/** Accounts, their money and their keys, as administrators handle them.
 *  @throws {GatewayError} `not_found` for an account or a key that does not exist; `invalid_input` for a cursor that no
 *    page ended with. */
export interface AccountService {
  /** @param once the same request with the same key opens one account. */
  create(p: { name: string; currency: Currency; isUnlimited: boolean }, once?: Once): Promise<AccountView>;
  list(page: Page): Promise<Paged<AccountView>>;
  get(accountId: string): Promise<AccountView>;
  update(
    accountId: string,
    change: { name?: string | undefined; isUnlimited?: boolean | undefined; isDisabled?: boolean | undefined },
  ): Promise<AccountView>;
  /** Money from outside; negative: back to it, of what is free.
   *  @param p.reference books the same payment once, however often it is sent.
   *  @throws {GatewayError} `conflict` when less is free, or the reference was used for another amount. */
  pay(
    accountId: string,
    p: { micros: number; note?: string | undefined; reference?: string | undefined },
  ): Promise<TransferView>;
  /** Payments, newest first; or every move of a task. */
  listTransfers(accountId: string, p: Page & { taskId?: string | undefined }): Promise<Paged<TransferView>>;
}

export interface KeyService {
  /** @param once the same request with the same key makes one, and is then answered with its id.
   *  @returns the key itself, too: it is not stored, and so cannot be shown again.
   *  @throws {GatewayError} `conflict` when `once` made a key before; `idempotency_conflict`. */
  create(accountId: string, change: KeyChange, once?: Once): Promise<KeyView & { readonly key: string }>;
  list(accountId: string, page: Page): Promise<Paged<KeyView>>;
  get(keyId: string): Promise<KeyView>;
  /** @throws {GatewayError} `conflict` for a revoked key, and for the last administrator's. */
  update(keyId: string, change: KeyChange): Promise<KeyView>;
  /** Doing it twice is doing it once. @throws {GatewayError} `conflict` for the last administrator's key. */
  revoke(keyId: string): Promise<void>;
}

export const USAGE_GROUPS = ['day', 'endpoint', 'key'] as const;
export type UsageGroup = (typeof USAGE_GROUPS)[number];

export type UsageRow = {
  /** A day as `2026-01-31` (UTC), the id of an endpoint, or of a key. */
  readonly group: string;
  readonly tasks: number;
  readonly succeeded: number;
  readonly failed: number;
  readonly canceled: number;
  readonly chargedMicros: number;
  /** What tasks that have not ended hold. */
  readonly heldMicros: number;
  readonly currency: string;
  /** What jobs cost the owners of their channels, in each currency; `estimatedMicros` of it is of tasks of which
   *  not every upstream said it. */
  readonly vendorCosts: readonly {
    readonly micros: number;
    readonly estimatedMicros: number;
    readonly currency: string;
  }[];
};

export interface UsageService {
  /** Of the tasks that were submitted from one instant up to, not at, another: the dearest groups first, at most 1,000. */
  read(p: { accountId: string; groupBy: UsageGroup; fromMs: number; toMs: number }): Promise<readonly UsageRow[]>;
}
