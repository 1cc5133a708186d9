import type { Endpoint, Input, Json } from '@reelay/catalog';
import type { JobFile } from '../contract/asset.ts';
import type { CallbackRequest } from '../contract/callback.ts';
import type { ErrorCode } from '../contract/errors.ts';
import type { Route } from './route.ts';

export type { CallbackRequest };

/** What a provider is asked to make. */
export type Job = {
  /** Our task's id. An upstream that accepts an own id is given this one. */
  readonly taskId: string;
  readonly endpoint: Endpoint;
  /** How this provider serves the endpoint. */
  readonly route: Route;
  /** Validated, with the documented defaults filled in. */
  readonly input: Input;
  /** The files of each media parameter, and of each id parameter that names an earlier task. Where the ids stand in
   *  objects, also those of each place: `elementList[1].element_id`. */
  readonly media: Readonly<Record<string, readonly JobFile[]>>;
  /** Ids of earlier results that were not made here: only the upstream may know them. */
  readonly foreignIds: readonly { readonly field: string; readonly id: string }[];
  /** Earlier results of this channel that the input names: what the upstream calls each, by the id in the input. */
  readonly upstreamIds: Readonly<Record<string, string>>;
  /** Ids in the input of results that another channel made, or nobody's upstream: this one cannot know them. Their files
   *  are in `media`. */
  readonly elsewhere: readonly string[];
  /** How many gateways handed the task on before it came here; absent: none. A relay says one more. */
  readonly hops?: number;
  /** Where the upstream may report the end. Absent: nobody can reach us, or the channel does not want it. */
  readonly callbackUrl?: string;
};

export type ProviderOutput =
  /** `needsCredentials`: the address answers only to the credentials of the channel. */
  | { readonly kind: 'url'; readonly url: string; readonly needsCredentials?: true }
  | { readonly kind: 'file'; readonly path: string; readonly extension: string }
  | { readonly kind: 'text'; readonly text: string };

/** What the upstream said that a job cost us. `currency` is `CNY`, `USD`, or the upstream's own unit in lower case, such as
 *  `credits`. */
export type VendorCost = { readonly micros: number; readonly currency: string };

/** An upstream has the job. `handle` is plain data and holds whatever is needed to go on after a restart. */
export type Accepted = {
  readonly handle: Json;
  /** The answer held the result already: the first poll need not wait. */
  readonly isDone?: true;
};

/** An answer about a job. `fraction` is 0 to 1. */
export type Progress =
  | {
      readonly state: 'pending';
      readonly fraction?: number;
      readonly pollAfterMs?: number;
      /** One step of the job is over, and the upstream has to be told to begin the next: with this handle `proceed` is
       *  called. `cost`: of the steps so far. */
      readonly next?: { readonly handle: Json; readonly cost?: VendorCost };
    }
  | {
      readonly state: 'succeeded';
      readonly outputs: readonly ProviderOutput[];
      readonly cost?: VendorCost;
      /** By which the upstream calls what it made, where later jobs may name it (a voice, an element, a clip to extend). */
      readonly upstreamId?: string;
      /** When the job ended by the clock of the upstream, where it says so. */
      readonly endedAtMs?: number;
    }
  | {
      readonly state: 'failed';
      readonly code: ErrorCode;
      readonly message: string;
      readonly cost?: VendorCost;
      readonly endedAtMs?: number;
    };

/** One upstream service, with the credentials of one channel. Stateless. Answers about a job are values; failing to get
 *  one throws.
 *  @throws {UpstreamError} `submit` throws what `FAULTS` says is safe to repeat, or a refusal. Anything else that
 *    `submit` throws means that the upstream may have the job: it is never repeated. */
export interface Provider {
  readonly name: string;
  /** True where submitting a task twice makes and bills one job: our own renderer, or an upstream that takes our id as
   *  the idempotency key. Only then may an unknown fate be settled by submitting again. */
  readonly submitIsRepeatable: boolean;
  /** How long a submit may take, where the upstream answers with the result. Absent: as long as any call that does not. */
  readonly submitTimeoutMs?: number;
  /** Why this upstream cannot do the job exactly as asked, each reason a sentence. Pure and quick: it is asked before a
   *  channel is chosen and before anything is paid. Absent or empty: it can. */
  refuses?(job: Job): readonly string[];
  submit(job: Job, signal: AbortSignal): Promise<Accepted>;
  poll(handle: Json, signal: AbortSignal): Promise<Progress>;
  /** Begins the next step of a job that the upstream makes in several, each of them billed. What `poll` gave as `next` is
   *  stored before; what this returns is the handle afterwards. So where `poll` is asked about a `next`, nobody knows
   *  whether the step was begun, and it answers that the job failed as `outcome_unknown`, unless it can look it up.
   *  @throws as `submit` does. */
  proceed?(next: Json, job: Job, signal: AbortSignal): Promise<Json>;
  /** Finds a job by the id of its task. Undefined: the upstream knows no such job. Absent: it cannot look up.
   *  @throws {UpstreamError} with the fault `unknown` where this job can never be looked up, so that asking again is in
   *    vain. */
  find?(job: Job, signal: AbortSignal): Promise<Accepted | undefined>;
  /** @throws where the job goes on all the same. */
  cancel?(handle: Json, signal: AbortSignal): Promise<void>;
  /** Whether a callback comes from the upstream. `hint`: it is not signed, and only a reason to poll now. Absent: this
   *  upstream makes no callbacks. */
  verifyCallback?(request: CallbackRequest, signal: AbortSignal): Promise<'genuine' | 'hint' | 'forged'>;
  /** Headers without which an output with `needsCredentials` cannot be fetched. */
  downloadHeaders?(url: string, signal: AbortSignal): Promise<Readonly<Record<string, string>>>;
  /** Asks whether the credentials work, without making anything. @throws {UpstreamError} with the fault. */
  check?(signal: AbortSignal): Promise<void>;
  /** Called after the task's outputs are ours, to free what the provider kept for it. */
  release?(handle: Json): Promise<void>;
}
