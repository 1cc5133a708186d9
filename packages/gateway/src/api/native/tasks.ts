import type { FastifyInstance } from 'fastify';
import type { Callers } from '../../accounts/keys.ts';
import { ERRORS, GatewayError } from '../../contract/errors.ts';
import type { AttemptView, TaskService, TaskView } from '../../contract/task.ts';
import { isPreview } from '../preview.ts';
import { keyOf } from '../request-key.ts';

const TASK_ID = /^\d{1,19}$/;

/** `GET /api/v1/tasks/<id>`: everything its owner may know of a task. */
export function nativeTaskRoutes(app: FastifyInstance, deps: { tasks: TaskService; callers: Callers }): void {
  app.get<{ Params: { id: string } }>('/api/v1/tasks/:id', async (request, reply) => {
    const caller = await deps.callers(keyOf(request));
    const taskId = request.params.id;
    const task = TASK_ID.test(taskId) ? await deps.tasks.get({ caller, taskId }) : undefined;
    if (task === undefined) throw new GatewayError('task_not_found', `no task ${taskId}`);
    const attempts = await deps.tasks.listAttempts({ caller, taskId });
    reply.header('cache-control', 'no-store');
    return toNativeTask(task, attempts);
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
