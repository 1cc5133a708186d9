import { type Http, path } from '../http.ts';
import type { Page, PageOptions } from '../pages.ts';
import { idempotency, type MakeOptions, type Money, randomId } from '../values.ts';

/** A row of the ledger. */
export type Transfer = {
  readonly id: string;
  readonly kind: string;
  readonly taskId: string | null;
  readonly from: string;
  readonly to: string;
  readonly amount: Money;
  readonly note: string | null;
  readonly reference: string | null;
  readonly at: string;
};

export type Deposit = {
  /** Millionths of one unit of the account's currency. Negative: money is taken out again, of what is not held. */
  readonly micros: number;
  readonly note?: string | undefined;
  /** What you call this payment: the same reference is booked once. Default: a new one, which makes our own repeats
   *  safe, but not a second call. */
  readonly reference?: string | undefined;
};

/** Payments, for administrators. */
export const createDeposits = (http: Http) => ({
  /** Books a payment. */
  create: (accountId: string, deposit: Deposit, options: MakeOptions = {}): Promise<Transfer> => {
    const json = { ...deposit, reference: deposit.reference ?? `client-${options.idempotencyKey ?? randomId()}` };
    const call = { method: 'POST', path: path`/accounts/${accountId}/deposits`, isRepeatable: true } as const;
    return http.json({ ...call, json, headers: idempotency(options), signal: options.signal });
  },
  /** Payments, newest first; or every move of a task. */
  list: (
    accountId: string,
    { signal, ...query }: PageOptions & { readonly task?: string | undefined } = {},
  ): Promise<Page<Transfer>> =>
    http.json({ method: 'GET', path: path`/accounts/${accountId}/transfers`, query, signal }),
});
