import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Callers } from '../../accounts/keys.ts';
import { GatewayError } from '../../contract/errors.ts';
import type { TaskService } from '../../contract/task.ts';
import { toObject } from '../json-body.ts';
import { keyOf } from '../request-key.ts';
import { toTaskId } from '../task-id.ts';
import { type QueryAnswer, toQueryAnswer } from './render.ts';

/** `POST /openapi/v2/query`, and the second path under which some clients look for it. */
export function queryRoutes(app: FastifyInstance, { tasks, callers }: { tasks: TaskService; callers: Callers }): void {
  const query = async (request: FastifyRequest): Promise<QueryAnswer> => {
    const body = toObject(request.body);
    const caller = await callers(keyOf(request, body));
    const taskId = toTaskId(body.taskId);
    const task = await tasks.get({ caller, taskId });
    if (task === undefined) {
      throw new GatewayError('task_not_found', 'task not found or expired', { details: { taskId } });
    }
    return toQueryAnswer(task);
  };
  app.post('/openapi/v2/query', query);
  app.post('/openapi/v2/run/query', query);
}
