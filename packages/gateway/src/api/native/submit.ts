import { z } from 'zod';
import { GatewayError } from '../../contract/errors.ts';
import type { TaskService, TaskView } from '../../contract/task.ts';
import { afterPreferredWait, idempotencyKeyOf } from '../submit-headers.ts';
import { Money, toMoney } from './money.ts';
import type { NativeApi } from './route.ts';
import { newTask, taskInput, taskOptions, toOptions } from './task-fields.ts';
import { NativeRoute, NativeTask, toNativeRoute, toNativeTask } from './task-view.ts';

const MAX_BATCH = 1_000;
const tag = 'Tasks';
const scope = 'tasks:write';

const Estimate = z.object({
  isValid: z.boolean(),
  problems: z.array(z.object({ field: z.string(), message: z.string() })),
  price: Money.extend({ isExact: z.boolean() }).nullable(),
  route: NativeRoute.nullable().describe('Which channel would take it now; null while there are problems.'),
});

const REPEATABLE =
  'With the header `Idempotency-Key` it is safe to repeat: the same request gets the same answer, another one `409`.';

/** Every way to make tasks. */
export function nativeSubmitRoutes(api: NativeApi, { tasks }: { tasks: TaskService }): void {
  api.add({
    id: 'createTask',
    method: 'POST',
    url: '/api/v1/tasks',
    tag,
    summary: 'Submit a task',
    description: `${REPEATABLE} With \`Prefer: wait=30\` the answer waits, up to a minute, until the task has ended. With \`?dryRun=true\` nothing is submitted: the answer (200) says what is wrong, or what it would cost and where it would run.`,
    scope,
    query: z.strictObject({ dryRun: z.enum(['true', 'false']).optional() }),
    body: newTask,
    answer: {
      status: 201,
      about: 'The task; or, of a dry run, what it would do.',
      schema: z.union([NativeTask, Estimate]),
    },
    async handle({ caller, query: { dryRun }, body: { endpoint, input, ...options }, request, reply }) {
      const asked = { caller, endpoint, body: input, options: toOptions(options, request) };
      if (dryRun === 'true') {
        const { problems, price, route } = await tasks.estimate(asked);
        reply.code(200);
        const cost = price === null ? null : { ...toMoney(price.micros, price.currency), isExact: price.isExact };
        return {
          isValid: problems.length === 0,
          problems: [...problems],
          price: cost,
          route: route === null || price === null ? null : toNativeRoute(route, price.currency),
        } satisfies z.input<typeof Estimate>;
      }
      const task = await tasks.submit({ ...asked, idempotencyKey: idempotencyKeyOf(request) });
      reply.header('location', `/api/v1/tasks/${task.id}`);
      return toNativeTask(await afterPreferredWait(tasks, { request, reply, caller, task }));
    },
  });
  api.add({
    id: 'createBatch',
    method: 'POST',
    url: '/api/v1/batches',
    tag,
    summary: `Submit up to ${MAX_BATCH} tasks at once`,
    description: `All of them are accepted, or none. What is wrong with one names its place: \`tasks[3].prompt\`. ${REPEATABLE}`,
    scope,
    body: z.strictObject({ tasks: z.array(newTask).min(1).max(MAX_BATCH) }),
    answer: { status: 201, about: 'The tasks, in the same order.', schema: z.object({ items: z.array(NativeTask) }) },
    async handle({ caller, body, request }) {
      const all = body.tasks.map(({ endpoint, input, ...options }) => ({
        endpoint,
        body: input,
        options: toOptions(options, request),
      }));
      const made = await tasks.submitMany({ caller, tasks: all, idempotencyKey: idempotencyKeyOf(request) });
      return { items: made.map(toNativeTask) };
    },
  });
  rerunRoute(api, tasks);
}

const wishesOf = ({ routing }: TaskView) => (routing === null ? {} : { routing });

function rerunRoute(api: NativeApi, tasks: TaskService): void {
  api.add({
    id: 'rerunTask',
    method: 'POST',
    url: '/api/v1/tasks/:id/rerun',
    tag,
    summary: 'Submit a task again, with changes',
    description: `\`input\` is laid over what the task was asked for; null takes a parameter away. Its tags and its wishes of the route stay, unless others are named. ${REPEATABLE}`,
    scope,
    params: z.object({ id: z.string().describe('The id of the task.') }),
    body: z.strictObject({ input: taskInput.default({}), ...taskOptions }),
    answer: { status: 201, about: 'The new task.', schema: NativeTask },
    async handle({ caller, params: { id: taskId }, body: { input, ...options }, request, reply }) {
      const former = await tasks.get({ caller, taskId });
      const before = await tasks.getInput({ caller, taskId });
      if (former === undefined || before === undefined) throw new GatewayError('task_not_found', `no task ${taskId}`);
      const body = Object.fromEntries(Object.entries({ ...before, ...input }).filter(([, value]) => value !== null));
      const task = await tasks.submit({
        caller,
        endpoint: former.endpoint,
        body,
        options: { tags: former.tags, ...wishesOf(former), ...toOptions(options, request), rerunOf: taskId },
        idempotencyKey: idempotencyKeyOf(request),
      });
      reply.header('location', `/api/v1/tasks/${task.id}`);
      return toNativeTask(await afterPreferredWait(tasks, { request, reply, caller, task }));
    },
  });
}
