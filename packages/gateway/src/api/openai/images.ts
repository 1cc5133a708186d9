import { readFile } from 'node:fs/promises';
import type { Endpoint } from '@reelay/catalog';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Callers } from '../../accounts/keys.ts';
import { GatewayError } from '../../contract/errors.ts';
import type { Caller, OutputView, TaskService, TaskView } from '../../contract/task.ts';
import type { CatalogReader } from '../catalog-reader.ts';
import { toObject } from '../json-body.ts';
import { credentialsOf } from '../request-key.ts';
import { routingOf } from '../route-wishes.ts';
import { idempotencyKeyOf } from '../submit-headers.ts';
import { openOutput, waitForAll } from './ended.ts';
import { type FormDeps, readFormsAndJson, readSent, type Sent } from './form.ts';
import { inTheirNames, toInput, toInvalid } from './input.ts';
import { requireModel, type Use } from './models.ts';

const MAX_PICTURES = 10;

export type OpenAiDeps = FormDeps & {
  readonly catalog: CatalogReader;
  readonly tasks: TaskService;
  readonly callers: Callers;
  readonly nowMs: () => number;
};

type Picture = { readonly b64_json: string } | { readonly url: string };

/** `POST /v1/images/generations` and `POST /v1/images/edits`: answered once the pictures are there. */
export async function openAiImageRoutes(app: FastifyInstance, deps: OpenAiDeps): Promise<void> {
  app.post('/v1/images/generations', async (request) => {
    const caller = await deps.callers(credentialsOf(request), 'tasks:write');
    return makePictures(deps, {
      request,
      caller,
      use: 'image',
      sent: { fields: toObject(request.body), pictures: [] },
    });
  });
  await app.register(async (scope) => {
    await readFormsAndJson(scope);
    scope.post('/v1/images/edits', async (request) => {
      const caller = await deps.callers(credentialsOf(request), 'tasks:write');
      const sent = await readSent(request, caller, deps);
      if (sent.pictures.length === 0)
        throw toInvalid([{ field: 'image', message: 'image: send the pictures to edit' }]);
      return makePictures(deps, { request, caller, use: 'edit', sent });
    });
  });
}

type Asking = { readonly request: FastifyRequest; readonly caller: Caller; readonly use: Use; readonly sent: Sent };

async function makePictures(deps: OpenAiDeps, asking: Asking) {
  const { request, caller, use, sent } = asking;
  const endpoint = requireModel(deps.catalog, sent.fields.model, use);
  const count = wholeNumber(sent.fields.n ?? 1);
  const format = sent.fields.response_format ?? 'b64_json';
  if (format !== 'b64_json' && format !== 'url') {
    throw toInvalid([{ field: 'response_format', message: 'response_format must be b64_json or url' }]);
  }
  const made = await submitPictures(deps, asking, { endpoint, count });
  const ended = await waitForAll(deps.tasks, { request, caller, made });
  const outputs = ended.flatMap((task) => task.outputs).filter(({ url }) => url !== null);
  const data = await Promise.all(outputs.map((output) => toPicture(deps, output, format)));
  return { created: Math.floor(deps.nowMs() / 1_000), data };
}

/** A task for each picture, all of them or none. */
async function submitPictures(
  deps: OpenAiDeps,
  { request, caller, sent }: Asking,
  { endpoint, count }: { endpoint: Endpoint; count: number },
): Promise<TaskView[]> {
  const body = toInput(endpoint, sent.fields, sent.pictures);
  const one = { endpoint: endpoint.id, body, options: { surface: 'native' as const, ...routingOf(request) } };
  try {
    const idempotencyKey = idempotencyKeyOf(request);
    return await deps.tasks.submitMany({ caller, tasks: Array.from({ length: count }, () => one), idempotencyKey });
  } catch (error) {
    throw inTheirNames(error, sent.fields);
  }
}

async function toPicture({ assets }: OpenAiDeps, output: OutputView, format: 'b64_json' | 'url'): Promise<Picture> {
  if (format === 'url') return { url: output.url ?? '' };
  const file = await openOutput(assets, output);
  if (file === undefined) throw new GatewayError('file_not_found', 'the picture is no longer stored');
  return { b64_json: await readFile(file.path, 'base64') };
}

/** In a form it is a text. */
function wholeNumber(value: unknown): number {
  const count = Number(value);
  if (Number.isInteger(count) && count >= 1 && count <= MAX_PICTURES) return count;
  throw toInvalid([{ field: 'n', message: `n must be a whole number from 1 to ${MAX_PICTURES}` }]);
}
