import { ReelayError } from '../error.ts';
import { type Http, path } from '../http.ts';
import type { Page, PageOptions } from '../pages.ts';
import { type CallOptions, idempotency, type Json, type MakeOptions, type Money } from '../values.ts';
import { type WaitOptions, waitForTask } from '../wait.ts';
import { createEvents } from './events.ts';

export type TaskStatus = 'queued' | 'submitting' | 'running' | 'collecting' | 'succeeded' | 'failed' | 'canceled';

/** A finished piece of a task: the link of its file, which needs no key and expires, and its words where it is a text. */
export type Output = { readonly url: string | null; readonly text: string | null; readonly extension: string };

export type Task = {
  readonly id: string;
  readonly endpoint: string;
  readonly status: TaskStatus;
  /** 0 to 1. */
  readonly progress: number;
  readonly channel: string | null;
  readonly isPreview: boolean;
  readonly clientId: string;
  readonly error: { readonly code: string; readonly message: string; readonly retryable: boolean } | null;
  readonly outputs: readonly Output[];
  /** What was quoted, and is held until the task ends. */
  readonly price: Money;
  /** What was paid; null until the task has ended. */
  readonly charge: Money | null;
  /** What the provider said it charged; null when it said nothing. */
  readonly vendorCost: (Money & { readonly isEstimate: boolean }) | null;
  readonly surface: string;
  readonly keyId: string | null;
  readonly webhookUrl: string | null;
  readonly priority: number;
  readonly tags: readonly string[];
  readonly rerunOf: string | null;
  /** Where its caller wants it to run; null: wherever. */
  readonly route: RouteWishes | null;
  readonly createdAt: string;
  readonly startedAt: string | null;
  readonly endedAt: string | null;
  readonly startDeadline: string | null;
  readonly deadline: string;
};

/** Names are of channels, or of kinds of provider. */
export type RouteWishes = {
  /** These first, in this order; the others after them. */
  readonly order?: readonly string[] | undefined;
  /** No others than these. */
  readonly only?: readonly string[] | undefined;
  readonly ignore?: readonly string[] | undefined;
  readonly sort?: 'price' | 'speed' | 'success' | undefined;
  /** What it may cost, in units of the account's currency. */
  readonly maxPrice?: number | undefined;
};

/** What was said of a channel when one was chosen. */
export type Considered = {
  readonly channel: string;
  readonly verdict: 'chosen' | 'next' | 'busy' | 'unwell' | 'out';
  readonly reason: string;
};

export type Attempt = {
  readonly number: number;
  readonly channel: string;
  /** The kind of provider; null when the channel is known no more. */
  readonly provider: string | null;
  /** The upstream's name of the model. */
  readonly model: string | null;
  /** Why this channel. */
  readonly reason: string | null;
  readonly considered: readonly Considered[];
  /** What the task costs if it ends well here. */
  readonly charge: Money | null;
  readonly vendorCost: (Money & { readonly isEstimate: boolean }) | null;
  readonly outcome: string | null;
  readonly error: { readonly code: string; readonly message: string } | null;
  readonly startedAt: string | null;
  readonly acceptedAt: string | null;
  readonly endedAt: string | null;
};

type Input = Readonly<Record<string, Json>>;

/** A task with what it was asked to make and everything that was tried. */
export type TaskDetails = Task & { readonly input: Input; readonly attempts: readonly Attempt[] };

export type TaskOptions = {
  /** Told when the task has ended. */
  readonly webhookUrl?: string | undefined;
  /** Where it should run. */
  readonly route?: RouteWishes | undefined;
  /** -100 to 100; above 0 takes an administrator key. */
  readonly priority?: number | undefined;
  readonly tags?: readonly string[] | undefined;
  /** Fails as `timed_out` when it has not started, or ended, by then. */
  readonly startWithinSeconds?: number | undefined;
  readonly endWithinSeconds?: number | undefined;
};

export type NewTask = TaskOptions & {
  /** The id of a model endpoint. */
  readonly endpoint: string;
  /** Its parameters, as its page of the reference describes them. */
  readonly input: Input;
};

export type SubmitOptions = MakeOptions & {
  /** How long the server waits, up to 60, for the end of the task before it answers. */
  readonly waitSeconds?: number | undefined;
};

/** What a submit would do. */
export type Estimate = {
  readonly isValid: boolean;
  readonly problems: readonly { readonly field: string; readonly message: string }[];
  /** Null while there are problems. */
  readonly price: (Money & { readonly isExact: boolean }) | null;
  /** Which channel would take it now; null while there are problems. */
  readonly route: {
    readonly outcome: 'runs' | 'waits' | 'refused';
    readonly channel: string | null;
    readonly provider: string | null;
    readonly model: string | null;
    readonly reason: string;
    readonly charge: Money | null;
    readonly considered: readonly Considered[];
  } | null;
};

export type TaskFilter = {
  readonly status?: readonly TaskStatus[] | undefined;
  /** An id, in which `*` stands for any text. */
  readonly endpoint?: string | undefined;
  readonly tag?: string | undefined;
  /** The id of the key that submitted it. */
  readonly key?: string | undefined;
  /** Submitted then or later, and before; ISO 8601. */
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  /** Of another account, for administrators. */
  readonly account?: string | undefined;
};

/** A POST that makes tasks: the server knows idempotency keys there. */
const making = (options: SubmitOptions) => {
  const { waitSeconds, signal } = options;
  const prefer = waitSeconds === undefined ? undefined : `wait=${waitSeconds}`;
  const headers = { ...idempotency(options), prefer };
  return { method: 'POST', headers, extraMs: (waitSeconds ?? 0) * 1_000, isRepeatable: true, signal } as const;
};

const readTask = (http: Http, taskId: string, { signal }: CallOptions): Promise<TaskDetails> =>
  http.json({ method: 'GET', path: path`/tasks/${taskId}`, signal });

export const createTasks = (http: Http) => ({
  /** Submits a task. @throws {ReelayError} `invalid_input` with `problems`, `insufficient_funds`, … */
  create: (task: NewTask, options: SubmitOptions = {}): Promise<Task> =>
    http.json({ ...making(options), path: '/tasks', json: task }),
  /** Says what is wrong with a task, or what it would cost, and submits nothing. */
  estimate: (task: NewTask, { signal }: CallOptions = {}): Promise<Estimate> =>
    http.json({
      method: 'POST',
      path: '/tasks',
      query: { dryRun: true },
      json: task,
      isRepeatable: true,
      signal,
    }),
  /** Submits up to 1,000 tasks: all of them or none. @returns them in the same order. */
  async createBatch(tasks: readonly NewTask[], options: MakeOptions = {}): Promise<readonly Task[]> {
    const call = { ...making(options), path: '/batches', json: { tasks } };
    return (await http.json<{ items: readonly Task[] }>(call)).items;
  },
  /** Submits a task again; `input` is laid over what it was asked for, and null takes a parameter away. */
  rerun: (
    taskId: string,
    changes: TaskOptions & { readonly input?: Input | undefined } = {},
    options: SubmitOptions = {},
  ): Promise<Task> => http.json({ ...making(options), path: path`/tasks/${taskId}/rerun`, json: changes }),
  get: (taskId: string, options: CallOptions = {}): Promise<TaskDetails> => readTask(http, taskId, options),
  /** Newest first. A page may be short, or empty, and still have a next one. */
  list: ({ signal, ...query }: TaskFilter & PageOptions = {}): Promise<Page<Task>> =>
    http.json({ method: 'GET', path: '/tasks', query, signal }),
  setTags: (taskId: string, tags: readonly string[], { signal }: CallOptions = {}): Promise<TaskDetails> =>
    http.json({ method: 'PATCH', path: path`/tasks/${taskId}`, json: { tags }, isRepeatable: true, signal }),
  /** Stops a task. One that runs may be seen running for a moment, while its upstream is told. One that was canceled
   *  before is canceled. @throws {ReelayError} `cancel_not_allowed` where it ended otherwise, or its result is there. */
  async cancel(taskId: string, { signal }: CallOptions = {}): Promise<TaskDetails> {
    const call = { method: 'POST', path: path`/tasks/${taskId}/cancel`, json: {}, isRepeatable: true, signal } as const;
    try {
      return await http.json<TaskDetails>(call);
    } catch (error) {
      if (!(error instanceof ReelayError) || error.code !== 'cancel_not_allowed') throw error;
      // Also what our own repeat hears after an answer was lost.
      const task = await readTask(http, taskId, { signal });
      if (task.status !== 'canceled') throw error;
      return task;
    }
  },
  /** Waits until the task has ended. @returns it: `failed` is a value here, not an exception.
   *  @throws {ReelayError} `still_running` when the time is up; `task_not_found` */
  wait(taskId: string, options: WaitOptions = {}): Promise<TaskDetails> {
    const { follow } = createEvents(http);
    const look = { follow, get: (id: string, call: CallOptions) => readTask(http, id, call) };
    return waitForTask(http, look, taskId, options);
  },
});
