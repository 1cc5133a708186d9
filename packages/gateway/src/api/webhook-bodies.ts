import type { TaskView } from '../contract/task.ts';
import type { RenderWebhook, WebhookMessage } from '../contract/webhook.ts';
import { toNativeTask } from './native/task-view.ts';
import { toOutputsAnswer } from './runninghub-legacy/render.ts';
import { type CanceledStatus, toQueryAnswer } from './runninghub-v2/render.ts';

/** Writes webhooks in the words of the API on which their task was submitted; for endpoints always in our own.
 *  @param p.eventData what that of a v2 task is: the answer of `query` as it is, or as a text.
 *  @param p.canceledStatus as `query` has it. */
export const createWebhookRenderer =
  (p: { eventData: 'object' | 'string'; canceledStatus: CanceledStatus }): RenderWebhook =>
  (message) => {
    const { to, task } = message;
    if (to === 'endpoint' || task === undefined || task.surface === 'native') return JSON.stringify(toEvent(message));
    const isText = task.surface === 'legacy' || p.eventData === 'string';
    const eventData = isText ? toEventData(task, p) : toQueryAnswer(task, p.canceledStatus);
    return JSON.stringify({ event: 'TASK_END', taskId: task.id, eventData });
  };

/** What the compatible surfaces say of the end of a task, as a text: `eventData` of `getWebhookDetail`. */
export function toEventData(task: TaskView, p: { canceledStatus: CanceledStatus }): string {
  switch (task.surface) {
    case 'v2':
      return JSON.stringify(toQueryAnswer(task, p.canceledStatus));
    case 'legacy':
      return JSON.stringify(toLegacyData(task));
    case 'native': {
      const atMs = task.endedAtMs ?? task.createdAtMs;
      return JSON.stringify(toEvent({ to: 'task', type: `task.${task.status}`, atMs, task }));
    }
  }
}

/** As Standard Webhooks has it. */
const toEvent = ({ type, atMs, task }: WebhookMessage) => ({
  type,
  timestamp: new Date(atMs).toISOString(),
  data: task === undefined ? { message: 'This is a test. Nothing has happened.' } : toNativeTask(task),
});

/** The answer of `outputs`, in which here the seconds are a number. */
function toLegacyData(task: TaskView): object {
  const { code, msg, data } = toOutputsAnswer(task);
  const items = Array.isArray(data) ? data.map((item) => ({ ...item, taskCostTime: Number(item.taskCostTime) })) : data;
  return { code, msg, data: items };
}
