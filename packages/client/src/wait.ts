import { sleep } from './clock.ts';
import { ReelayError } from './error.ts';
import type { Http } from './http.ts';
import type { TaskEvent, TaskProgress } from './resources/events.ts';
import type { Task, TaskDetails } from './resources/tasks.ts';
import { backoffMs } from './retry.ts';
import type { CallOptions } from './values.ts';

export type WaitOptions = {
  /** How long at most, default 600,000 ms. The task goes on. */
  readonly timeoutMs?: number | undefined;
  /** Told of every event and of the progress in between. */
  readonly onEvent?: ((event: TaskEvent | TaskProgress) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
};

/** Whether nothing will change it any more. A status that we do not know is none of the last. */
export const hasEnded = ({ status }: Pick<Task, 'status'>): boolean =>
  status === 'succeeded' || status === 'failed' || status === 'canceled';

type Look = {
  follow(taskId: string, p: CallOptions): AsyncIterable<TaskEvent | TaskProgress>;
  get(taskId: string, p: CallOptions): Promise<TaskDetails>;
};

/** Waits until the task has ended, by its event stream. */
export async function waitForTask(
  { clock, random }: Http,
  { follow, get }: Look,
  taskId: string,
  options: WaitOptions,
): Promise<TaskDetails> {
  const { timeoutMs = 600_000, onEvent = () => {} } = options;
  const late = new AbortController();
  const message = `task ${taskId} has not ended within ${timeoutMs / 1_000} s; it goes on`;
  const cancel = clock.after(timeoutMs, () => late.abort(new ReelayError('still_running', message)));
  const signal = options.signal === undefined ? late.signal : AbortSignal.any([options.signal, late.signal]);
  try {
    for (let looks = 1; ; looks += 1) {
      for await (const event of follow(taskId, { signal })) onEvent(event);
      const task = await get(taskId, { signal });
      if (hasEnded(task)) return task;
      // The stream of a task ends with it. Where it does not, asking at once again would never rest.
      await sleep(clock, backoffMs(looks, random()), signal);
    }
  } finally {
    cancel();
  }
}
