import type { FastifyInstance } from 'fastify';
import type { Callers } from '../../accounts/keys.ts';
import { ERRORS, GatewayError } from '../../contract/errors.ts';
import type { AttemptView, Caller, TaskService, TaskView } from '../../contract/task.ts';
import { isPreview } from '../preview.ts';
import { keyOf } from '../request-key.ts';

const TASK_ID = /^\d{1,19}$/;

type TaskRequest = { Params: { id: string } };

/** `GET /api/v1/tasks/<id>`: everything its owner may know of a task. `POST …/cancel`: ends it; answers the task as it is
 *  then, with 202 while its upstream is still being told. */
export function nativeTaskRoutes(app: FastifyInstance, deps: { tasks: TaskService; callers: Callers }): void {
  const read = async (caller: Caller, taskId: string) => {
    const task = TASK_ID.test(taskId) ? await deps.tasks.get({ caller, taskId }) : undefined;
    if (task === undefined) throw new GatewayError('task_not_found', `no task ${taskId}`);
    return toNativeTask(task, await deps.tasks.listAttempts({ caller, taskId }));
  };
  app.get<TaskRequest>('/api/v1/tasks/:id', async (request, reply) => {
    reply.header('cache-control', 'no-store');
    return read(await deps.callers(keyOf(request)), request.params.id);
  });
  app.post<TaskRequest>('/api/v1/tasks/:id/cancel', async (request, reply) => {
    const caller = await deps.callers(keyOf(request));
    const { id: taskId } = request.params;
    const end = TASK_ID.test(taskId) ? await deps.tasks.cancel({ caller, taskId }) : undefined;
    reply.header('cache-control', 'no-store');
    const task = await read(caller, taskId);
    return reply.code(end === 'asked' ? 202 : 200).send(task);
  });
}

/** Our own view of a task: camelCase, instants as ISO 8601, money as integer micro-units. */
function toNativeTask(task: TaskView, attempts: readonly AttemptView[]) {
  return {
    id: task.id,
    endpoint: task.endpoint,
    status: task.status,
    progress: task.progress,
    channel: task.channel,
    isPreview: isPreview(task),
    clientId: task.clientId,
    error: task.error === null ? null : { ...task.error, retryable: ERRORS[task.error.code].retryable },
    outputs: task.outputs.map(({ url, text, extension }) => ({ url, text, extension })),
    price: { micros: task.priceMicros, currency: task.currency },
    createdAt: toIso(task.createdAtMs),
    startedAt: toIso(task.startedAtMs),
    endedAt: toIso(task.endedAtMs),
    attempts: attempts.map((attempt) => ({
      number: attempt.number,
      channel: attempt.channel,
      outcome: attempt.outcome,
      error: attempt.error,
      startedAt: toIso(attempt.startedAtMs),
      acceptedAt: toIso(attempt.acceptedAtMs),
      endedAt: toIso(attempt.endedAtMs),
    })),
  };
}

const toIso = (atMs: number | null): string | null => (atMs === null ? null : new Date(atMs).toISOString());
