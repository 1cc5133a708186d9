import { createReadStream } from 'node:fs';
import type { FastifyInstance } from 'fastify';
import { GatewayError } from '../../contract/errors.ts';
import { toObject } from '../json-body.ts';
import { credentialsOf } from '../request-key.ts';
import { routingOf } from '../route-wishes.ts';
import { idempotencyKeyOf } from '../submit-headers.ts';
import { openOutput, waitForAll } from './ended.ts';
import type { OpenAiDeps } from './images.ts';
import { inTheirNames, toInput, toInvalid } from './input.ts';
import { requireModel } from './models.ts';

/** `POST /v1/audio/speech`: answered with the recording. */
export function openAiSpeechRoutes(app: FastifyInstance, deps: OpenAiDeps): void {
  app.post('/v1/audio/speech', async (request, reply) => {
    const caller = await deps.callers(credentialsOf(request), 'tasks:write');
    const fields = toObject(request.body);
    const endpoint = requireModel(deps.catalog, fields.model, 'speech');
    if ((fields.response_format ?? 'mp3') !== 'mp3') {
      throw toInvalid([
        { field: 'response_format', message: 'response_format must be mp3: recordings are not converted' },
      ]);
    }
    const body = toInput(endpoint, fields);
    const submit = {
      caller,
      endpoint: endpoint.id,
      body,
      options: { surface: 'native' as const, ...routingOf(request) },
    };
    const task = await deps.tasks
      .submit({ ...submit, idempotencyKey: idempotencyKeyOf(request) })
      .catch((error: unknown) => {
        throw inTheirNames(error, fields);
      });
    const [ended] = await waitForAll(deps.tasks, { request, caller, made: [task] });
    const output = ended?.outputs.find(({ url }) => url !== null);
    const file = output === undefined ? undefined : await openOutput(deps.assets, output);
    if (file === undefined) throw new GatewayError('generation_failed', 'the task ended without a recording');
    return reply
      .headers({ 'content-type': file.mediaType, 'content-length': file.sizeBytes })
      .send(createReadStream(file.path));
  });
}
