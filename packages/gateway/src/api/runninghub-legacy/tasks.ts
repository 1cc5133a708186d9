import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Callers } from '../../accounts/keys.ts';
import { GatewayError } from '../../contract/errors.ts';
import type { Scope } from '../../contract/key.ts';
import type { Caller, TaskService, TaskView } from '../../contract/task.ts';
import { toObject } from '../json-body.ts';
import { credentialsOf } from '../request-key.ts';
import { toTaskId } from '../task-id.ts';
import { type LegacyAnswer, succeeded, toOutputsAnswer, toStatusAnswer } from './render.ts';

type Deps = { readonly tasks: TaskService; readonly callers: Callers };
type Asked = { readonly caller: Caller; readonly taskId: string };

/** `status`, `outputs` and `cancel` of the older generation. Reading also works with GET, and below `/api`: clients that do
 *  so exist. Tasks are the same whichever generation made them. */
export function legacyTaskRoutes(app: FastifyInstance, deps: Deps): void {
  const find = async (asked: Asked): Promise<TaskView> => found(await deps.tasks.get(asked));
  const reads = {
    status: async (asked: Asked) => toStatusAnswer(await find(asked)),
    outputs: async (asked: Asked) => toOutputsAnswer(await find(asked)),
  };
  for (const [name, read] of Object.entries(reads)) {
    for (const url of [`/task/openapi/${name}`, `/api/task/openapi/${name}`]) {
      app.route({
        method: ['GET', 'POST'],
        url,
        handler: async (request): Promise<LegacyAnswer> => read(await toAsked(request, deps.callers, 'tasks:read')),
      });
    }
  }
  for (const url of ['/task/openapi/cancel', '/api/task/openapi/cancel']) {
    app.post(url, async (request): Promise<LegacyAnswer> => {
      found(await deps.tasks.cancel(await toAsked(request, deps.callers, 'tasks:write')));
      return succeeded(null);
    });
  }
}

function found<T>(what: T | undefined): T {
  if (what === undefined) throw new GatewayError('task_not_found', 'no such task');
  return what;
}

async function toAsked(request: FastifyRequest, callers: Callers, scope: Scope): Promise<Asked> {
  const fields = request.method === 'GET' ? toObject(request.query) : toObject(request.body);
  const caller = await callers(credentialsOf(request, fields), scope);
  return { caller, taskId: toTaskId(fields.taskId) };
}
