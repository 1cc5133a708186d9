import type { KeyObject } from 'node:crypto';
import type { Job, JobState, Output } from './jobs.ts';
import type { MediaName } from './media.ts';
import type { Random } from './random.ts';

/** A request as it arrived. */
export type WireRequest = {
  readonly method: string;
  /** Without the query. */
  readonly path: string;
  readonly params: Readonly<Record<string, string>>;
  readonly query: Readonly<Record<string, string>>;
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string>>;
  /** Parsed JSON; of a form, an object of its fields, where a file is a `FormFile` and a repeated field a list; otherwise
   *  undefined. */
  readonly body: unknown;
  readonly rawBody: Buffer;
};
export type FormFile = { readonly fileName: string; readonly mediaType: string; readonly bytes: Buffer };

/** An answer. In `body`, a bigint is written as the number it is. `file` is served as the result itself, with whatever
 *  the link of a result was told to do wrong. */
export type Said =
  | {
      readonly status: number;
      readonly headers?: Readonly<Record<string, string>>;
      readonly body?: unknown;
      readonly bytes?: Buffer;
    }
  | { readonly file: Output };

/** The ways in which every service says no. */
export type Refusal =
  | 'auth'
  | 'quota'
  | 'rate'
  | 'busy'
  | 'invalid'
  | 'media'
  | 'moderation'
  | 'model-gone'
  | 'unknown-job';
/** What a refusal is about. */
export type Reason = {
  readonly message: string;
  /** The member of the body that is refused, where it is one. */
  readonly field?: string;
  /** With `rate`. The kit adds a Retry-After header, so only a service with a hint of its own must heed it. */
  readonly retryAfterMs?: number;
};

/** Thrown by a definition to refuse a request. */
export class Refused extends Error {
  override readonly name = 'Refused';
  readonly refusal: Refusal;
  readonly reason: Reason;
  constructor(refusal: Refusal, reason: Reason) {
    super(reason.message);
    this.refusal = refusal;
    this.reason = reason;
  }
}

type RouteBase = {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE' | 'PATCH';
  /** As Fastify writes it: `/tasks/:id`. */
  readonly path: string;
  /** Where several routes share method and path: whether it is this one. */
  readonly when?: (request: WireRequest) => boolean;
};
/** What a request asks for, as far as the kit needs it. */
export type Wanted = {
  readonly model: string;
  /** The results, in order. */
  readonly makes: readonly MediaName[];
  readonly callbackUrl?: string | undefined;
};
/** Makes a job. */
export type SubmitRoute = RouteBase & {
  readonly kind: 'submit';
  /** The answer holds the result: the job is over at once. */
  readonly isSynchronous?: true;
  /** Reads the body as strictly as the service does. @throws {Refused} */
  readonly check: (request: WireRequest) => Wanted;
  /** Of a synchronous route: also what is said of a job that failed. */
  readonly answer: (job: Job, request: WireRequest) => Said;
};
/** Asks how a job goes, or for its result. */
export type PollRoute = RouteBase & {
  readonly kind: 'poll';
  readonly id: (request: WireRequest) => string;
  readonly answer: (job: Job, request: WireRequest) => Said;
};
export type CancelRoute = RouteBase & {
  readonly kind: 'cancel';
  readonly id: (request: WireRequest) => string;
  /** The states in which a cancel helps. Default: all but the last. */
  readonly from?: readonly JobState[];
  readonly answer: (job: Job, outcome: 'canceled' | 'too-late', request: WireRequest) => Said;
};
/** Anything else: balances, uploads, keys. */
export type OtherRoute = RouteBase & {
  readonly kind: 'other';
  /** Needs no credentials. */
  readonly isOpen?: true;
  readonly answer: (request: WireRequest) => Said;
};
export type Route = SubmitRoute | PollRoute | CancelRoute | OtherRoute;

/** What callbacks are signed with. */
export type Signer = {
  readonly secret: Buffer;
  /** ED25519. */
  readonly privateKey: KeyObject;
  readonly publicKey: KeyObject;
};
export type Callback = {
  /** `change`: at each change of state. */
  readonly on: 'end' | 'change';
  /** Undefined: the caller did not want to hear of this. `sign` is given the body as it is sent, and answers the headers
   *  that prove it; absent: callbacks prove nothing. */
  readonly make: (
    job: Job,
    p: { signer: Signer; nowMs: number; deliveryId: string },
  ) => { body: unknown; sign?: (raw: string) => Readonly<Record<string, string>> } | undefined;
};

/** What a definition may use. */
export type World = {
  /** Where the stand-in listens, without a slash at its end. */
  readonly url: string;
  readonly nowMs: () => number;
  readonly random: Random;
  readonly signer: Signer;
  /** Oldest first. */
  readonly jobs: readonly Job[];
  /** The word for the state of a job, or whatever the job was told to say. */
  readonly wordOf: (job: Job) => string;
  /** Keeps bytes that were uploaded. @returns their address here. */
  readonly keep: (file: { bytes: Buffer; mediaType: string; extension: string }) => string;
};

/** One service: how it is reached, what it takes, and how it says things. The kit does the rest: jobs, time, files,
 *  callbacks, faults. */
export type Definition = {
  readonly name: string;
  readonly title: string;
  /** The environment with which Reelay uses a stand-in at this address. */
  readonly env: (url: string) => Readonly<Record<string, string>>;
  readonly authorize: (request: WireRequest) => boolean;
  /** @param request for a service that says no in several ways. */
  readonly refusals: Readonly<Record<Refusal, (reason: Reason, request: WireRequest) => Said>>;
  readonly newId: (random: Random) => string;
  /** Absent: states are no words here. */
  readonly words?: Readonly<Record<JobState, string>>;
  readonly links: {
    readonly lifetimeMs: number;
    /** Results are given out only to those with credentials. */
    readonly needCredentials?: true;
  };
  /** Absent: the service makes no callbacks. */
  readonly callback?: Callback;
  readonly routes: (world: World) => readonly Route[];
};
