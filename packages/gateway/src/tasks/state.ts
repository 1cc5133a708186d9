import type { Status } from '../contract/task.ts';

export type Event =
  | 'claim'
  | 'accepted'
  | 'not_accepted'
  | 'retry'
  | 'promote'
  | 'collect'
  | 'succeed'
  | 'fail'
  | 'cancel';

/** What is not written is illegal. */
const MOVES: Record<Status, Partial<Record<Event, Status>>> = {
  queued: { claim: 'submitting', fail: 'failed', cancel: 'canceled' },
  // A crash in here leaves no handle: whether the provider has the job is then unknown (`settle-fate.ts`).
  // `retry`: what an upstream took, or may have taken, came to nothing, and the caller agreed to pay for another try.
  submitting: { accepted: 'running', not_accepted: 'queued', retry: 'queued', fail: 'failed' },
  // `promote`: another job than the one that held it does so from now on.
  running: { promote: 'running', collect: 'collecting', retry: 'queued', fail: 'failed', cancel: 'canceled' },
  // The result exists and is paid for: it is fetched until that works or the deadline passes.
  collecting: { succeed: 'succeeded', retry: 'queued', fail: 'failed' },
  succeeded: {},
  failed: {},
  canceled: {},
};

/** The status after `event`, or undefined when that move is illegal. */
export const next = (status: Status, event: Event): Status | undefined => MOVES[status][event];

export const isTerminal = (status: Status): boolean => Object.keys(MOVES[status]).length === 0;
