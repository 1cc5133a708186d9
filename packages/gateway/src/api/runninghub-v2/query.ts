import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Callers } from '../../accounts/keys.ts';
import { GatewayError } from '../../contract/errors.ts';
import type { TaskService } from '../../contract/task.ts';
import { toObject } from '../json-body.ts';
import { keyOf } from '../request-key.ts';
import { type QueryAnswer, toQueryAnswer } from './render.ts';

/** Ids are positive 64-bit integers: at most 19 digits. */
const TASK_ID = /^\d{1,19}$/;
const ZERO = /^0+$/;

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

/** Takes the id as a string or a number; one that a double cannot hold arrives as its digits (`json-body.ts`).
 *  @throws {GatewayError} `invalid_input` */
function toTaskId(value: unknown): string {
  if (value === undefined || value === null || value === '') {
    throw new GatewayError('invalid_input', 'taskId must not be null');
  }
  const text = typeof value === 'string' || typeof value === 'number' ? String(value).trim() : '';
  if (TASK_ID.test(text) && !ZERO.test(text)) return text;
  const echo = typeof value === 'string' || typeof value === 'number' ? String(value) : '';
  throw new GatewayError('invalid_input', 'taskId must be positive', { details: { taskId: echo.slice(0, 64) } });
}
