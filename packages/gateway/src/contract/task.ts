import type { Json } from '@reelay/catalog';
import type { ErrorCode } from './errors.ts';

/** The statuses of a task. What may follow what is `tasks/state.ts`; the words of the wire are `api/` only. */
export const STATUSES = ['queued', 'submitting', 'running', 'collecting', 'succeeded', 'failed', 'canceled'] as const;
export type Status = (typeof STATUSES)[number];

/** Who asks. */
export type Caller = { readonly accountId: string; readonly keyId: string; readonly isAdmin: boolean };

/** A finished piece of a task: the signed absolute address of its file, and its words where it is a text. */
export type OutputView = { readonly url: string | null; readonly text: string | null; readonly extension: string };

/** A task as its owner sees it. */
export type TaskView = {
  readonly id: string;
  readonly endpoint: string;
  readonly status: Status;
  readonly clientId: string;
  /** 0 to 1. */
  readonly progress: number;
  readonly error: { readonly code: ErrorCode; readonly message: string } | null;
  /** Empty until the task succeeded. */
  readonly outputs: readonly OutputView[];
  readonly channel: string | null;
  readonly priceMicros: number;
  readonly currency: string;
  readonly createdAtMs: number;
  readonly startedAtMs: number | null;
  readonly endedAtMs: number | null;
};

export type AttemptView = {
  readonly number: number;
  readonly channel: string;
  readonly startedAtMs: number;
  readonly acceptedAtMs: number | null;
  readonly endedAtMs: number | null;
  readonly outcome: string | null;
  readonly error: { readonly code: string; readonly message: string } | null;
};

/** What the surfaces of `api/` may do with tasks. */
export interface TaskService {
  /** Resolves when the task is durable. @throws {GatewayError} `unknown_route` for an endpoint we do not have;
   *  `invalid_input` with `details: Problem[]`; `media_unusable`. */
  submit(p: { caller: Caller; endpoint: string; body: Readonly<Record<string, Json>> }): Promise<TaskView>;
  /** Undefined for a missing task and for another account's. */
  get(p: { caller: Caller; taskId: string }): Promise<TaskView | undefined>;
  /** Ends a task that waits at once, and asks whoever drives it to end one that runs: its upstream is told first, so it
   *  may still be seen running for a moment. Asking twice is asking once. Undefined as for `get`.
   *  @throws {GatewayError} `cancel_not_allowed` once it has ended, or its result is there. */
  cancel(p: { caller: Caller; taskId: string }): Promise<'canceled' | 'asked' | undefined>;
  /** How many of the caller's account run now, and how many wait. */
  count(p: { caller: Caller }): Promise<{ readonly running: number; readonly waiting: number }>;
  listAttempts(p: { caller: Caller; taskId: string }): Promise<AttemptView[]>;
}
