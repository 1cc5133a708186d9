import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Callers } from '../../accounts/keys.ts';
import { GatewayError } from '../../contract/errors.ts';
import type { TaskService } from '../../contract/task.ts';
import { toObject } from '../json-body.ts';
import { credentialsOf } from '../request-key.ts';
import { toTaskId } from '../task-id.ts';
import { type CanceledStatus, type QueryAnswer, toQueryAnswer } from './render.ts';

/** `POST /openapi/v2/query`, and the second path under which some clients look for it. */
export function queryRoutes(
  app: FastifyInstance,
  { tasks, callers, canceledStatus }: { tasks: TaskService; callers: Callers; canceledStatus: CanceledStatus },
): void {
  const query = async (request: FastifyRequest): Promise<QueryAnswer> => {
    const body = toObject(request.body);
    const caller = await callers(credentialsOf(request, body), 'tasks:read');
    const taskId = toTaskId(body.taskId);
    const task = await tasks.glance({ caller, taskId });
    if (task === undefined) {
      throw new GatewayError('task_not_found', 'task not found or expired', { details: { taskId } });
    }
    return toQueryAnswer(task, canceledStatus);
  };
  app.post('/openapi/v2/query', query);
  app.post('/openapi/v2/run/query', query);
}
