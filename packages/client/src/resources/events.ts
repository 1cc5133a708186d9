import type { Message } from '../event-stream.ts';
import { follow } from '../follow.ts';
import { type Http, path } from '../http.ts';
import type { CallOptions } from '../values.ts';

/** Something that happened to a task. */
export type TaskEvent = {
  /** Its place among all events: `after`. */
  readonly id: string;
  /** `task.<status>` */
  readonly type: string;
  readonly taskId: string;
  readonly createdAt: string;
};

/** How far a task is. It is not repeated, and has no place among the events. */
export type TaskProgress = { readonly type: 'task.progress'; readonly taskId: string; readonly progress: number };

export type StreamOptions = CallOptions & {
  /** The id of an event: what came after it. `0-0` begins with the oldest that is kept. Default: from now on. */
  readonly after?: string | undefined;
  /** Such as `task.succeeded`. Default: all. */
  readonly types?: readonly string[] | undefined;
  /** Only of this task. */
  readonly task?: string | undefined;
};

// What the server writes there is a `TaskEvent`, or a `TaskProgress` where the type says so.
const toEvent = <T>({ data }: Message): T => JSON.parse(data) as T;

export const createEvents = (http: Http) => ({
  /** What happens to all tasks of the account, each event once and in order, across lost connections and restarts.
   *  Endless: leave the loop, or abort the signal. To go on another day, keep the id of the last event. */
  async *stream({ after, types, task, signal }: StreamOptions = {}): AsyncGenerator<TaskEvent, void, void> {
    const call = { method: 'GET', path: '/events/stream', query: { types, task }, after, signal } as const;
    for await (const message of follow(http, call)) yield toEvent<TaskEvent>(message);
  },
  /** What happens to a task, from its first event on, with its progress in between. Ends with the task. */
  async *follow(
    taskId: string,
    { after, signal }: CallOptions & { readonly after?: string | undefined } = {},
  ): AsyncGenerator<TaskEvent | TaskProgress, void, void> {
    const call = { method: 'GET', path: path`/tasks/${taskId}/events`, after, signal } as const;
    for await (const message of follow(http, call)) {
      if (message.type !== 'task.progress') yield toEvent<TaskEvent>(message);
      else yield { type: 'task.progress', ...toEvent<Omit<TaskProgress, 'type'>>(message) };
    }
  },
  /** What happened to a task, oldest first. */
  async list(
    taskId: string,
    { after, signal }: CallOptions & { readonly after?: string | undefined } = {},
  ): Promise<readonly TaskEvent[]> {
    const call = { method: 'GET', path: path`/tasks/${taskId}/events`, query: { after }, signal } as const;
    return (await http.json<{ items: readonly TaskEvent[] }>(call)).items;
  },
});
