/** Something that does not add up. */
export type Discrepancy = {
  /** Which law is broken. */
  readonly what: 'account' | 'task' | 'orphan' | 'budget';
  /** The id of the account, the task, or the key. */
  readonly id: string;
  readonly message: string;
};

export type AuditReport = {
  readonly isBalanced: boolean;
  /** Of the whole ledger, in micro-units: what came in, and where it is now. `outside` is negative: it gave. */
  readonly totals: readonly {
    readonly currency: string;
    readonly outside: number;
    readonly revenue: number;
    readonly available: number;
    readonly held: number;
  }[];
  readonly counts: { readonly accounts: number; readonly tasks: number; readonly transfers: number };
  /** The first hundred. */
  readonly discrepancies: readonly Discrepancy[];
};
