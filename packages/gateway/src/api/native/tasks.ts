import { z } from 'zod';
import { GatewayError } from '../../contract/errors.ts';
import { type Caller, STATUSES, type TaskService } from '../../contract/task.ts';
import { type NativeApi, pageOf, pageQuery } from './route.ts';
import { tags, taskInput } from './task-fields.ts';
import { NativeAttempt, NativeTask, toNativeAttempt, toNativeTask } from './task-view.ts';

const TASK_ID = /^\d{1,19}$/;
const params = z.object({ id: z.string().describe('The id of the task.') });
const TaskWithAttempts = NativeTask.extend({
  input: taskInput.describe('What it was asked to make; files of yours are named `asset://<id>`.'),
  attempts: z.array(NativeAttempt),
});
const instant = z.iso.datetime({ offset: true }).optional();
const filters = z.strictObject({
  ...pageQuery,
  status: z
    .string()
    .optional()
    .transform((text) => text?.split(','))
    .pipe(z.array(z.enum(STATUSES)).optional())
    .describe(`One or more of ${STATUSES.join(', ')}, with commas between.`),
  endpoint: z.string().max(200).optional().describe('An id, in which `*` stands for any text.'),
  tag: z.string().max(100).optional(),
  key: z.string().max(100).optional().describe('The id of the key that submitted it.'),
  from: instant.describe('Submitted then or later.'),
  to: instant.describe('Submitted before.'),
  account: z.string().max(100).optional().describe('Of another account, for administrators.'),
});

/** Everything that a task's owner may know of it and do with it. */
export function nativeTaskRoutes(api: NativeApi, { tasks }: { tasks: TaskService }): void {
  const read = async (caller: Caller, taskId: string) => {
    const task = TASK_ID.test(taskId) ? await tasks.get({ caller, taskId }) : undefined;
    if (task === undefined) throw new GatewayError('task_not_found', `no task ${taskId}`);
    const attempts = await tasks.listAttempts({ caller, taskId });
    const input = (await tasks.getInput({ caller, taskId })) ?? {};
    return { ...toNativeTask(task), input, attempts: attempts.map((one) => toNativeAttempt(one, task.currency)) };
  };
  api.add({
    id: 'listTasks',
    method: 'GET',
    url: '/api/v1/tasks',
    tag: 'Tasks',
    summary: 'Tasks, newest first',
    description: 'A page may be short, or empty, and still have a next one: it looks at 5,000 tasks at most.',
    scope: 'tasks:read',
    query: filters,
    answer: { status: 200, about: 'A page of them.', schema: pageOf(NativeTask) },
    async handle({ caller, query }) {
      const {
        limit,
        cursor,
        account = caller.accountId,
        status: statuses,
        endpoint,
        tag,
        key: keyId,
        from,
        to,
      } = query;
      if (account !== caller.accountId && !caller.isAdmin) {
        throw new GatewayError('forbidden', 'the tasks of another account take an administrator key');
      }
      const toMs = (at: string | undefined) => (at === undefined ? undefined : Date.parse(at));
      const filter = { accountId: account, statuses, endpoint, tag, keyId, fromMs: toMs(from), toMs: toMs(to) };
      const { items, nextCursor } = await tasks.list({ filter, limit, cursor });
      return { items: items.map(toNativeTask), nextCursor };
    },
  });
  api.add({
    id: 'updateTask',
    method: 'PATCH',
    url: '/api/v1/tasks/:id',
    tag: 'Tasks',
    summary: 'Give a task other tags',
    scope: 'tasks:write',
    params,
    body: z.strictObject({ tags }),
    answer: { status: 200, about: 'The task as it is now.', schema: TaskWithAttempts },
    async handle({ caller, params: { id: taskId }, body }) {
      if (TASK_ID.test(taskId)) await tasks.setTags({ caller, taskId, tags: body.tags });
      return read(caller, taskId);
    },
  });
  api.add({
    id: 'getTask',
    method: 'GET',
    url: '/api/v1/tasks/:id',
    tag: 'Tasks',
    summary: 'A task, with everything that was tried',
    scope: 'tasks:read',
    params,
    answer: { status: 200, about: 'The task.', schema: TaskWithAttempts },
    handle: ({ caller, params: { id } }) => read(caller, id),
  });
  api.add({
    id: 'cancelTask',
    method: 'POST',
    url: '/api/v1/tasks/:id/cancel',
    tag: 'Tasks',
    summary: 'Cancel a task',
    description: 'Answers 202 while its upstream is still being told. Asking twice is asking once.',
    scope: 'tasks:write',
    params,
    answer: { status: 200, about: 'The task as it is then.', schema: TaskWithAttempts },
    async handle({ caller, params: { id: taskId }, reply }) {
      let end: Awaited<ReturnType<TaskService['cancel']>>;
      try {
        end = TASK_ID.test(taskId) ? await tasks.cancel({ caller, taskId }) : undefined;
      } catch (error) {
        // What was asked for is so already.
        if ((await tasks.get({ caller, taskId }))?.status !== 'canceled') throw error;
        end = 'canceled';
      }
      const task = await read(caller, taskId);
      reply.code(end === 'asked' ? 202 : 200);
      return task;
    },
  });
}
