import type { Http } from '../http.ts';
import type { CallOptions, Money } from '../values.ts';

/** What a group of tasks cost. */
export type Usage = {
  /** A day (UTC), the id of an endpoint, or of a key. */
  readonly group: string;
  readonly tasks: number;
  readonly succeeded: number;
  readonly failed: number;
  readonly canceled: number;
  readonly charged: Money;
  readonly held: Money;
  readonly vendorCosts: readonly (Money & { readonly estimatedMicros: number })[];
};

export type UsageOptions = CallOptions & {
  /** Default `day`. */
  readonly groupBy?: 'day' | 'endpoint' | 'key' | undefined;
  /** ISO 8601; the last 30 days by default. */
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  /** Of another account, for administrators. */
  readonly account?: string | undefined;
};

export const createUsage = (http: Http) => ({
  /** Of the tasks submitted in a span of time, as long as they are kept; the dearest group first. */
  async get({ signal, ...query }: UsageOptions = {}): Promise<readonly Usage[]> {
    return (await http.json<{ items: readonly Usage[] }>({ method: 'GET', path: '/usage', query, signal })).items;
  },
});
