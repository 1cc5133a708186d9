import type { Http } from '../http.ts';
import type { CallOptions } from '../values.ts';

/** Whether all money is where it should be. */
export type Audit = {
  readonly isBalanced: boolean;
  /** Where all money is, in millionths. The sum of each row is 0. */
  readonly totals: readonly {
    readonly currency: string;
    /** Negative: what was paid in. */
    readonly outside: number;
    readonly revenue: number;
    readonly available: number;
    readonly held: number;
  }[];
  readonly counts: { readonly accounts: number; readonly tasks: number; readonly transfers: number };
  readonly discrepancies: readonly {
    readonly what: 'account' | 'task' | 'orphan' | 'budget';
    readonly id: string;
    readonly message: string;
  }[];
};

/** Adding up everything takes longer than other calls. */
const AUDIT_MS = 540_000;

export const createAudit = (http: Http) => ({
  /** Adds everything up, for administrators. Only reads. */
  run: ({ signal }: CallOptions = {}): Promise<Audit> =>
    http.json({ method: 'GET', path: '/audit', extraMs: AUDIT_MS, signal }),
});
