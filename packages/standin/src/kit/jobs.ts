import type { WireRequest } from './definition.ts';
import type { FaultName } from './faults.ts';
import type { Media } from './media.ts';

export type JobState = 'queued' | 'running' | 'done' | 'failed';
/** Why a job failed. */
export type Failure = 'moderation' | 'upstream' | 'canceled';

/** A result. */
export type Output = Media & {
  readonly fileName: string;
  /** Expires. */
  readonly url: string;
};

/** What the stand-in knows of a job. */
export type Job = {
  readonly id: string;
  /** The id as a body says it: the string, or, for `big-ids`, a number. */
  readonly wireId: string | bigint;
  /** From 1. */
  readonly order: number;
  readonly model: string;
  readonly request: WireRequest;
  readonly callbackUrl: string | undefined;
  readonly faults: ReadonlySet<FaultName>;
  readonly state: JobState;
  readonly failure: Failure | undefined;
  /** Once it is done. */
  readonly outputs: readonly Output[];
  /** 0 to 1. */
  readonly fraction: number;
  readonly createdAtMs: number;
  readonly startedAtMs: number | undefined;
  readonly endedAtMs: number | undefined;
  readonly polls: number;
  readonly cancels: number;
};

/** The same, as the kit may change it. */
export type MutableJob = { -readonly [K in keyof Job]: Job[K] };
