import type { Endpoint, Input, Json } from '@reelay/catalog';
import type { JobFile } from '../contract/asset.ts';
import type { ErrorCode } from '../contract/errors.ts';

/** What a provider is asked to make. */
export type Job = {
  /** Our task's id. An upstream that accepts an own id is given this one. */
  readonly taskId: string;
  readonly endpoint: Endpoint;
  /** Validated, with the documented defaults filled in. */
  readonly input: Input;
  /** The files of each media parameter, and of each id parameter that names an earlier task. */
  readonly media: Readonly<Record<string, readonly JobFile[]>>;
  /** Ids of earlier results that were not made here: only the upstream may know them. */
  readonly foreignIds: readonly { readonly field: string; readonly id: string }[];
};

export type ProviderOutput =
  | { readonly kind: 'url'; readonly url: string }
  | { readonly kind: 'file'; readonly path: string; readonly extension: string }
  | { readonly kind: 'text'; readonly text: string };

/** An answer about a job. `fraction` is 0 to 1. */
export type Progress =
  | { readonly state: 'pending'; readonly fraction?: number; readonly pollAfterMs?: number }
  | { readonly state: 'succeeded'; readonly outputs: readonly ProviderOutput[] }
  | { readonly state: 'failed'; readonly code: ErrorCode; readonly message: string };

/** One upstream service. Stateless: the handle is plain data and holds whatever is needed to go on after a restart.
 *  @throws {GatewayError} `provider_unavailable`, `rate_limited`: nothing was accepted, safe to repeat.
 *    `outcome_unknown`, from `submit` only: the request may have arrived; never repeated. */
export interface Provider {
  readonly name: string;
  /** True where submitting a task twice makes and bills one job: our own renderer, or an upstream that takes our id as
   *  the idempotency key. Only then may an unknown fate be settled by submitting again. */
  readonly submitIsRepeatable: boolean;
  submit(job: Job, signal: AbortSignal): Promise<Json>;
  poll(handle: Json, signal: AbortSignal): Promise<Progress>;
  /** Finds the handle of a job by our task id. Undefined: the upstream knows no such job. Absent: it cannot look up. */
  find?(taskId: string, signal: AbortSignal): Promise<Json | undefined>;
  cancel?(handle: Json, signal: AbortSignal): Promise<void>;
  /** Called after the task's outputs are ours, to free what the provider kept for it. */
  release?(handle: Json): Promise<void>;
}
