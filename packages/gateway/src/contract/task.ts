import type { Json, Problem } from '@reelay/catalog';
import type { ErrorCode } from './errors.ts';
import type { Currency, KeyLimits } from './key.ts';
import type { Considered, RoutePreferences } from './routing.ts';

/** The statuses of a task. What may follow what is `tasks/state.ts`; the words of the wire are `api/` only. */
export const STATUSES = ['queued', 'submitting', 'running', 'collecting', 'succeeded', 'failed', 'canceled'] as const;
export type Status = (typeof STATUSES)[number];

/** Who asks. */
export type Caller = {
  readonly accountId: string;
  readonly keyId: string;
  readonly isAdmin: boolean;
  /** In which the account pays; `CNY` when absent. */
  readonly currency?: Currency;
  /** Absent: no limits. */
  readonly limits?: KeyLimits;
  /** Which endpoints the key may ask for, as `KeyRights.models`; absent or null: every one. */
  readonly models?: readonly string[] | null;
};

/** On which API a task was submitted, which decides what its webhook looks like. */
export const SURFACES = ['v2', 'legacy', 'native'] as const;
export type Surface = (typeof SURFACES)[number];

/** What may be asked for beside the input of a task. */
export type TaskOptions = {
  /** Default `v2`. */
  readonly surface?: Surface;
  readonly webhookUrl?: string;
  /** Higher runs first, among the tasks of all keys; -100 to 100, default 0. Above 0 takes an administrator key. */
  readonly priority?: number;
  readonly tags?: readonly string[];
  /** Fails as `timed_out` when it was not started, or has not ended, so long after the submit. */
  readonly startWithinMs?: number;
  readonly endWithinMs?: number;
  /** The task that this one repeats. */
  readonly rerunOf?: string;
  /** How many gateways handed it on before it came here; default 0. */
  readonly hops?: number;
  /** What its caller wants of the choice of a channel. */
  readonly routing?: RoutePreferences;
};

export type NewTask = {
  readonly endpoint: string;
  readonly body: Readonly<Record<string, Json>>;
  readonly options?: TaskOptions;
};

/** What a submit would do. `problems` is empty when it would be accepted. */
export type Estimate = {
  readonly problems: readonly Problem[];
  /** Null while there are problems. */
  readonly price: { readonly micros: number; readonly currency: string; readonly isExact: boolean } | null;
  readonly route: EstimatedRoute | null;
};

/** Which channel would take a task now. Where something would have to be waited for, or nothing can take it, `reason` says
 *  what or why. */
export type EstimatedRoute = {
  readonly is: 'chosen' | 'wait' | 'refused';
  readonly channel: string | null;
  readonly provider: string | null;
  /** The upstream's name of the model. */
  readonly model: string | null;
  readonly reason: string;
  /** What it would cost the account there, in its currency. */
  readonly chargeMicros: number | null;
  readonly considered: readonly Considered[];
};

/** A finished piece of a task: the signed absolute address of its file, and its words where it is a text. */
export type OutputView = { readonly url: string | null; readonly text: string | null; readonly extension: string };

/** A task as its owner sees it. */
/** `isEstimate`: some of it no upstream said. */
export type VendorCost = { readonly micros: number; readonly currency: string; readonly isEstimate: boolean };

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
  /** What was quoted, and is held until the task ends. */
  readonly priceMicros: number;
  /** What was paid; null until the task has ended. */
  readonly chargeMicros: number | null;
  readonly currency: string;
  /** What its jobs cost the owners of their channels: as the upstreams said, or, where one said nothing, by our prices; null
   *  while there is neither. */
  readonly vendorCost: VendorCost | null;
  readonly keyId: string | null;
  readonly surface: Surface;
  readonly webhookUrl: string | null;
  readonly priority: number;
  readonly tags: readonly string[];
  readonly rerunOf: string | null;
  /** What its caller wants of the choice of a channel; null: nothing. */
  readonly routing: RoutePreferences | null;
  readonly startDeadlineAtMs: number | null;
  readonly deadlineAtMs: number;
  readonly createdAtMs: number;
  readonly startedAtMs: number | null;
  readonly endedAtMs: number | null;
};

/** What a client that polls wants to know. */
export type TaskGlance = Pick<TaskView, 'id' | 'status' | 'clientId' | 'error' | 'outputs' | 'chargeMicros'>;

/** Which tasks of an account. What is left out does not matter. */
export type TaskFilter = {
  readonly accountId: string;
  readonly statuses?: readonly Status[] | undefined;
  /** An id of an endpoint, in which `*` stands for any text. */
  readonly endpoint?: string | undefined;
  readonly tag?: string | undefined;
  readonly keyId?: string | undefined;
  /** Submitted from here, up to but not at. */
  readonly fromMs?: number | undefined;
  readonly toMs?: number | undefined;
};

export type AttemptView = {
  readonly number: number;
  readonly channel: string;
  /** The kind of provider; null when the channel is known no more. */
  readonly provider: string | null;
  /** The upstream's name of the model. */
  readonly model: string | null;
  /** Why this channel, and what was said of every one. */
  readonly reason: string | null;
  readonly considered: readonly Considered[];
  /** What the account pays if it ends well here, in its currency; null for attempts of earlier releases. */
  readonly chargeMicros: number | null;
  /** What it cost: as the upstream said, else by our prices; null while there is neither. */
  readonly vendorCost: VendorCost | null;
  readonly startedAtMs: number;
  readonly acceptedAtMs: number | null;
  readonly endedAtMs: number | null;
  readonly outcome: string | null;
  readonly error: { readonly code: string; readonly message: string } | null;
};

/** What the surfaces of `api/` may do with tasks. */
export interface TaskService {
  /** Resolves when the task is durable.
   *  @param p.idempotencyKey makes the same call safe to repeat: the tasks that it made are answered again, as they were
   *    then.
   *  @throws {GatewayError} `unknown_route` for an endpoint we do not have; `invalid_input` with `details: Problem[]`;
   *    `media_unusable`; `forbidden` for an endpoint that the key may not use; `insufficient_funds`, `budget_exceeded`,
   *    `rate_limited`, `queue_full`; `idempotency_conflict` when the key was used with something else. */
  submit(p: { caller: Caller; idempotencyKey?: string | undefined } & NewTask): Promise<TaskView>;
  /** All of them or none. A problem's field begins with `tasks[<place>].`. */
  submitMany(p: {
    caller: Caller;
    tasks: readonly NewTask[];
    idempotencyKey?: string | undefined;
  }): Promise<TaskView[]>;
  /** Says what a submit would do, and stores nothing. Files inlined in the body are not decoded.
   *  @throws {GatewayError} `unknown_route`, `forbidden`. */
  estimate(p: { caller: Caller } & NewTask): Promise<Estimate>;
  /** Undefined for a missing task and for another account's. */
  get(p: { caller: Caller; taskId: string }): Promise<TaskView | undefined>;
  /** Less than `get`, for less: most of all calls are this one. */
  glance(p: { caller: Caller; taskId: string }): Promise<TaskGlance | undefined>;
  /** Newest first. A page ends after `limit` tasks, or where it has looked at a few thousand that did not fit, so it may be
   *  short, or empty, and still have a next one.
   *  @throws {GatewayError} `invalid_input` for a cursor that no page ended with. */
  list(p: {
    filter: TaskFilter;
    limit: number;
    cursor?: string | undefined;
  }): Promise<{ readonly items: readonly TaskView[]; readonly nextCursor: string | null }>;
  /** Resolves when the task has ended, after `ms`, or when the signal fires, with the task as it is then. Undefined as for
   *  `get`. */
  wait(p: { caller: Caller; taskId: string; ms: number; signal: AbortSignal }): Promise<TaskView | undefined>;
  /** What it was asked to make. Undefined as for `get`. */
  getInput(p: { caller: Caller; taskId: string }): Promise<Readonly<Record<string, Json>> | undefined>;
  /** Undefined as for `get`. */
  setTags(p: { caller: Caller; taskId: string; tags: readonly string[] }): Promise<TaskView | undefined>;
  /** Ends a task that waits at once, and asks whoever drives it to end one that runs: its upstream is told first, so it
   *  may still be seen running for a moment. Asking twice is asking once. Undefined as for `get`.
   *  @throws {GatewayError} `cancel_not_allowed` once it has ended, or its result is there. */
  cancel(p: { caller: Caller; taskId: string }): Promise<'canceled' | 'asked' | undefined>;
  /** How many of the caller's account run now, and how many wait. */
  count(p: { caller: Caller }): Promise<{ readonly running: number; readonly waiting: number }>;
  listAttempts(p: { caller: Caller; taskId: string }): Promise<AttemptView[]>;
}
