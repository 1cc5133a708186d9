import type { Json } from '@reelay/catalog';
import type { FastifyInstance } from 'fastify';
import type { Callers } from '../../accounts/keys.ts';
import { GatewayError } from '../../contract/errors.ts';
import type { TaskService } from '../../contract/task.ts';
import { toObject } from '../json-body.ts';
import { keyOf } from '../request-key.ts';
import { isReserved } from './paths.ts';
import { type SubmitAnswer, toSubmitAnswer } from './render.ts';

/** `POST /openapi/v2/<endpoint>`: every path that is not one of the platform's own names a model. */
export function submitRoutes(app: FastifyInstance, deps: { tasks: TaskService; callers: Callers }): void {
  app.post<{ Params: { '*': string } }>('/openapi/v2/*', async (request): Promise<SubmitAnswer> => {
    const endpoint = request.params['*'];
    if (isReserved(endpoint)) throw new GatewayError('unknown_route', `POST /openapi/v2/${endpoint}`);
    const body = toObject(request.body);
    const caller = await deps.callers(keyOf(request, body));
    // The body came out of `parseJson`.
    return toSubmitAnswer(await deps.tasks.submit({ caller, endpoint, body: body as Record<string, Json> }));
  });
}
