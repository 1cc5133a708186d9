import type { Statement } from '../store/db.ts';

export type NewJob = {
  readonly id: string;
  readonly queue: string;
  /** Jobs of one group share the limit given to `claim`. */
  readonly groupKey: string;
  /** Higher runs first. */
  readonly priority?: number;
  /** Not before this instant; default now. */
  readonly runAtMs?: number;
  readonly payload: string;
};

/** A holder's right to one job. */
export type Lease = { readonly jobId: string; readonly holder: string; readonly fence: number };
export type ClaimedJob = {
  readonly id: string;
  readonly payload: string;
  /** Counts the claims, this one included. */
  readonly attempts: number;
  readonly lease: Lease;
};

/** Where work waits. `enqueue`, `complete`, `reschedule` and `guard` are statements for the caller's own batch, so that
 *  a task and its place in the queue are one transaction. */
export interface Queue {
  enqueue(job: NewJob, nowMs: number): Statement[];
  /** Tells the claimers of this process that a batch with `enqueue` or `reschedule` was committed, or that a full group
   *  has room again. */
  notify(queue: string): void;
  /** Sets how many jobs of a group may be held at a time; null: any number. For the caller's own batch. */
  limitGroup(p: { queue: string; groupKey: string; maxHeld: number | null }): Statement[];
  /** Takes due jobs whose lease is free or lapsed. Higher priority comes first; then the group that holds the fewest, that
   *  was served longest ago, that waits longest; and of a group its longest waiting. Of a group no more are held at a
   *  time than its own limit, and `groupLimit`, say. Fewer than `limit` means that nothing else was due, or only jobs of
   *  full groups. */
  claim(p: {
    queue: string;
    limit: number;
    groupLimit?: number;
    leaseMs: number;
    nowMs: number;
  }): Promise<ClaimedJob[]>;
  /** Resolves when something may be due that the last claim did not see: a notification, or the next `run_at` or lapse.
   *  Never later than `maxWaitMs`; at once when the signal fires or the queue is closed. */
  wait(p: { queue: string; maxWaitMs: number; nowMs: number; signal: AbortSignal }): Promise<void>;
  /** Extends leases; returns those that were not lost. (Nobody takes a job from a holder that completed it or gave it
   *  back, so its lease counts as not lost.) */
  heartbeat(leases: readonly Lease[], p: { leaseMs: number; nowMs: number }): Promise<Lease[]>;
  /** Touches one row while the lease is held, none when it was lost: first in every batch of a holder. */
  guard(lease: Lease): Statement;
  /** Removes the job. Touches none when the lease was lost. */
  complete(lease: Lease): Statement;
  /** Gives the job back, to run again at `runAtMs`. */
  reschedule(lease: Lease, p: { runAtMs: number; error?: string }): Statement;
  /** How many jobs of a group are held, and how many wait. */
  count(p: { queue: string; groupKey: string }): Promise<{ readonly held: number; readonly waiting: number }>;
  /** About how many jobs will be claimed before this one, if nothing is added; at most some ten thousand are counted.
   *  Undefined for a job that does not wait. */
  ahead(p: { queue: string; jobId: string }): Promise<number | undefined>;
  /** Ends all waits, and frees what is still held. */
  close(): Promise<void>;
}
