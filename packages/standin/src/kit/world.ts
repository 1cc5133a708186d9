import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { type Callbacks, createCallbacks } from './callbacks.ts';
import type { Definition, Signer, Wanted, WireRequest, World } from './definition.ts';
import type { FaultName } from './faults.ts';
import type { Failure, Job, MutableJob, Output } from './jobs.ts';
import { createLinks, fileNameOf, type Links } from './links.ts';
import { mediaOf } from './media.ts';
import type { FaultCounts } from './orders.ts';
import { bigId, type Random } from './random.ts';
import type { Time } from './time.ts';

/** How long jobs wait and run. */
export type Pace = { readonly queuedMs: number; readonly runningMs: number };

export const UNKNOWN_WORD = 'pondering';

/** The jobs of a stand-in, and what becomes of them as time passes. */
export type Workshop = {
  readonly world: World;
  readonly links: Links;
  readonly callbacks: Callbacks | undefined;
  /** @returns the position of this submit, from 1. */
  countSubmit(): number;
  accept(wanted: Wanted, request: WireRequest, faults: FaultCounts, isSynchronous: boolean): Job;
  /** Undefined: nobody knows such a job (any more). */
  find(id: string): Job | undefined;
  /** Whether the fault happens to this poll; it happens as often as was ordered. */
  spoils(job: Job, fault: FaultName): boolean;
  countPoll(job: Job): void;
  cancel(job: Job, from: readonly Job['state'][]): 'canceled' | 'too-late';
  reset(): void;
};

const createSigner = (): Signer => ({ secret: randomBytes(24), ...generateKeyPairSync('ed25519') });

type Deps = {
  readonly definition: Definition;
  readonly time: Time;
  readonly random: Random;
  readonly pace: Pace;
  readonly origin: () => string;
};

export function createWorkshop({ definition, time, random, pace, origin }: Deps): Workshop {
  const jobs: MutableJob[] = [];
  let submits = 0;
  const counts = new WeakMap<Job, FaultCounts>();
  const wanted = new WeakMap<Job, Wanted>();
  const links = createLinks({ origin, random });
  const signer = createSigner();
  const { callback } = definition;
  const callbacks = callback && createCallbacks({ callback, genuine: signer, forger: createSigner(), time, random });
  // The kit alone changes jobs; everybody else sees them as they are.
  const mutable = (job: Job): MutableJob => job as MutableJob;

  const makeOutputs = (job: Job): Output[] =>
    (wanted.get(job)?.makes ?? []).map((name, index) => {
      const media = mediaOf(name);
      const fileName = fileNameOf(media, index);
      const { lifetimeMs, needCredentials = false } = definition.links;
      const expiresAtMs = time.nowMs() + lifetimeMs;
      const url = links.add({ ...media, fileName, expiresAtMs, faults: job.faults, needsCredentials: needCredentials });
      return { ...media, fileName, url };
    });
  const end = (job: MutableJob, failure: Failure | undefined): void => {
    job.state = failure === undefined ? 'done' : 'failed';
    job.failure = failure;
    job.endedAtMs = time.nowMs();
    job.startedAtMs ??= time.nowMs();
    if (failure === undefined && !job.faults.has('done-without-file')) job.outputs = makeOutputs(job);
  };
  const failureOf = ({ faults }: Job): Failure | undefined =>
    faults.has('fail-moderation') ? 'moderation' : faults.has('fail-upstream') ? 'upstream' : undefined;
  const isOver = ({ state }: Job) => state === 'done' || state === 'failed';
  const start = (job: MutableJob): void => {
    if (isOver(job)) return;
    job.state = 'running';
    job.startedAtMs = time.nowMs();
    callbacks?.tell(job);
    if (job.faults.has('forged-callback')) {
      callbacks?.forge({ ...job, state: 'done', endedAtMs: time.nowMs(), outputs: makeOutputs(job) });
    }
    if (job.faults.has('never-ends')) return;
    time.after(pace.runningMs, () => {
      if (isOver(job)) return;
      end(job, failureOf(job));
      callbacks?.tell(job);
    });
  };
  const fractionOf = (job: Job): number => {
    if (job.state === 'done') return 1;
    if (job.startedAtMs === undefined || job.state !== 'running') return 0;
    return Math.min(0.99, (time.nowMs() - job.startedAtMs) / Math.max(1, pace.runningMs));
  };
  const addJob = (asked: Wanted, request: WireRequest, faults: FaultCounts): MutableJob => {
    const isBig = faults.has('big-ids');
    const id = isBig ? bigId(random) : definition.newId(random);
    const job: MutableJob = {
      id,
      wireId: isBig ? BigInt(id) : id,
      order: jobs.length + 1,
      model: asked.model,
      request,
      callbackUrl: asked.callbackUrl,
      faults: new Set(faults.keys()),
      state: 'queued',
      failure: undefined,
      outputs: [],
      fraction: 0,
      createdAtMs: time.nowMs(),
      startedAtMs: undefined,
      endedAtMs: undefined,
      polls: 0,
      cancels: 0,
    };
    jobs.push(job);
    counts.set(job, new Map(faults));
    wanted.set(job, asked);
    return job;
  };
  const world: World = {
    get url() {
      return origin();
    },
    nowMs: time.nowMs,
    random,
    signer,
    jobs,
    wordOf: (job) =>
      job.state === 'running' && job.faults.has('unknown-word')
        ? UNKNOWN_WORD
        : (definition.words?.[job.state] ?? job.state),
    keep: ({ bytes, mediaType, extension }) =>
      links.add({
        bytes,
        mediaType,
        fileName: `upload.${extension}`,
        expiresAtMs: time.nowMs() + definition.links.lifetimeMs,
        faults: new Set(),
        needsCredentials: false,
      }),
  };
  return {
    world,
    links,
    callbacks,
    countSubmit: () => ++submits,
    accept(asked, request, faults, isSynchronous) {
      const job = addJob(asked, request, faults);
      if (isSynchronous) end(job, failureOf(job));
      else {
        callbacks?.tell(job);
        time.after(pace.queuedMs, () => start(job));
      }
      return job;
    },
    find(id) {
      const job = jobs.find((one) => one.id === id);
      if (job === undefined || (job.faults.has('job-vanishes') && job.startedAtMs !== undefined)) return undefined;
      job.fraction = fractionOf(job);
      return job;
    },
    spoils(job, fault) {
      const left = counts.get(job)?.get(fault) ?? 0;
      if (left > 0) counts.get(job)?.set(fault, left - 1);
      return left > 0;
    },
    countPoll: (job) => {
      mutable(job).polls += 1;
    },
    cancel(job, from) {
      mutable(job).cancels += 1;
      if (!from.includes(job.state) || job.faults.has('cancel-too-late')) return 'too-late';
      end(mutable(job), 'canceled');
      callbacks?.tell(job);
      return 'canceled';
    },
    reset() {
      jobs.splice(0);
      submits = 0;
      links.clear();
      callbacks?.clear();
      time.clear();
    },
  };
}
