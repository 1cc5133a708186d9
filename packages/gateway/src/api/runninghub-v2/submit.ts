import type { Json } from '@reelay/catalog';
import type { FastifyInstance, FastifyReply } from 'fastify';
import type { Callers } from '../../accounts/keys.ts';
import type { TaskOptions, TaskService } from '../../contract/task.ts';
import { toObject } from '../json-body.ts';
import { credentialsOf } from '../request-key.ts';
import { routingOf } from '../route-wishes.ts';
import { afterPreferredWait, hopsOf, idempotencyKeyOf } from '../submit-headers.ts';
import { isReserved } from './paths.ts';
import { type SubmitAnswer, toSubmitAnswer } from './render.ts';

/** `POST /openapi/v2/<endpoint>`: every path that is not one of the platform's own names a model. */
export function submitRoutes(app: FastifyInstance, deps: { tasks: TaskService; callers: Callers }): void {
  type Answer = Promise<SubmitAnswer | FastifyReply>;
  app.post<{ Params: { '*': string } }>('/openapi/v2/*', async (request, reply): Answer => {
    const endpoint = request.params['*'];
    // Nothing is there, or something that takes another method.
    if (isReserved(endpoint)) {
      reply.callNotFound();
      return reply;
    }
    const body = toObject(request.body);
    const caller = await deps.callers(credentialsOf(request, body), 'tasks:write');
    const task = await deps.tasks.submit({
      caller,
      endpoint,
      body: body as Record<string, Json>, // It came out of `parseJson`.
      options: { ...optionsOf(body), ...hopsOf(request), ...routingOf(request) },
      idempotencyKey: idempotencyKeyOf(request),
    });
    return toSubmitAnswer(await afterPreferredWait(deps.tasks, { request, reply, caller, task }));
  });
}

/** Absent, null and an empty text are the same here. Whether it is an address is checked with everything else. */
function optionsOf({ webhookUrl }: Readonly<Record<string, unknown>>): TaskOptions {
  if (webhookUrl === undefined || webhookUrl === null || webhookUrl === '') return { surface: 'v2' };
  return { surface: 'v2', webhookUrl: typeof webhookUrl === 'string' ? webhookUrl : String(webhookUrl) };
}
