import type { JsonObject } from '../openapi-parts.ts';
import { json } from '../openapi-parts.ts';

const TAG = 'OpenAI API';
const text = (description: string): JsonObject => ({ type: 'string', description });
const oneOf = (...values: string[]): JsonObject => ({ type: 'string', enum: values });

const error: JsonObject = {
  description: 'Refused, or failed.',
  content: json({
    type: 'object',
    required: ['error'],
    properties: {
      error: {
        type: 'object',
        required: ['message', 'type', 'param', 'code'],
        properties: {
          message: { type: 'string' },
          type: { type: 'string' },
          param: { type: ['string', 'null'] },
          code: { type: ['string', 'null'] },
        },
      },
    },
  }),
};
const done = (description: string, schema: JsonObject): JsonObject => ({
  '200': { description, content: json(schema) },
  default: error,
});
const file = (description: string, type: string): JsonObject => ({
  '200': { description, content: { [type]: { schema: { type: 'string', format: 'binary' } } } },
  default: error,
});
const object = (properties: JsonObject, required: string[] = []): JsonObject => ({
  type: 'object',
  properties,
  ...(required.length === 0 ? {} : { required }),
});

const model = text('A name that GET /v1/models lists: a short one, or the id of an endpoint.');
const picture: JsonObject = {
  model,
  prompt: { type: 'string' },
  n: { type: 'integer', minimum: 1, maximum: 10, default: 1 },
  size: text('Such as 1536x1024, or auto.'),
  quality: text('As the endpoint has it, or auto.'),
  background: { type: 'string' },
  response_format: { ...oneOf('b64_json', 'url'), default: 'b64_json' },
};
const pictures = object(
  {
    created: { type: 'integer' },
    data: { type: 'array', items: object({ b64_json: { type: 'string' }, url: { type: 'string' } }) },
  },
  ['created', 'data'],
);
const binary: JsonObject = { type: 'string', format: 'binary' };
const address = object({ image_url: text('An address, or a data URI.') }, ['image_url']);

const nullable = (type: string): JsonObject => ({ type: [type, 'null'] });
const video = object(
  {
    id: text('`video_` and the id of the task.'),
    object: { const: 'video' },
    model: { type: 'string' },
    status: oneOf('queued', 'in_progress', 'completed', 'failed'),
    progress: { type: 'integer', minimum: 0, maximum: 100 },
    created_at: { type: 'integer' },
    completed_at: nullable('integer'),
    expires_at: nullable('integer'),
    prompt: nullable('string'),
    size: { type: 'string' },
    seconds: { type: 'string' },
    remixed_from_video_id: nullable('string'),
    error: { type: ['object', 'null'] },
  },
  ['id', 'object', 'model', 'status', 'progress'],
);
const clip: JsonObject = {
  model,
  prompt: { type: 'string' },
  seconds: text('A length that the endpoint has.'),
  size: text('Such as 1280x720.'),
};
const id: JsonObject = { name: 'id', in: 'path', required: true, schema: { type: 'string' } };
const query = (name: string, schema: JsonObject): JsonObject => ({ name, in: 'query', schema });
const idempotencyKey: JsonObject = {
  name: 'Idempotency-Key',
  in: 'header',
  description: 'Makes the call safe to repeat.',
  schema: { type: 'string' },
};

const operation = (operationId: string, summary: string, more: JsonObject): JsonObject => ({
  operationId,
  tags: [TAG],
  summary,
  ...more,
});
const sends = (...contents: JsonObject[]): JsonObject => ({ required: true, content: Object.assign({}, ...contents) });
const form = (schema: JsonObject): JsonObject => ({ 'multipart/form-data': { schema } });

/** The operations of `/v1`. */
export function openAiPaths(): JsonObject {
  const needed = ['model', 'prompt'];
  return {
    '/v1/images/generations': {
      post: operation('openAiGenerateImages', 'Pictures from words', {
        description:
          'Answers once they are there, after ten minutes at most. A client that goes away leaves the tasks running.',
        parameters: [idempotencyKey],
        requestBody: sends(json(object(picture, needed))),
        responses: done('The pictures.', pictures),
      }),
    },
    '/v1/images/edits': {
      post: operation('openAiEditImages', 'Pictures from pictures', {
        parameters: [idempotencyKey],
        requestBody: sends(
          form(object({ ...picture, image: { type: 'array', items: binary } }, [...needed, 'image'])),
          json(object({ ...picture, images: { type: 'array', items: address } }, [...needed, 'images'])),
        ),
        responses: done('The pictures.', pictures),
      }),
    },
    '/v1/videos': {
      post: operation('openAiCreateVideo', 'Start a video', {
        parameters: [idempotencyKey],
        requestBody: sends(
          form(object({ ...clip, input_reference: binary }, needed)),
          json(object({ ...clip, input_reference: address }, needed)),
        ),
        responses: done('The video, which is being made.', video),
      }),
      get: operation('openAiListVideos', 'The videos that were started here, newest first', {
        parameters: [
          query('limit', { type: 'integer', minimum: 1, maximum: 100, default: 20 }),
          query('after', text('The id of a video.')),
          query('order', oneOf('desc')),
        ],
        responses: done(
          'A page.',
          object({
            object: { const: 'list' },
            data: { type: 'array', items: video },
            first_id: nullable('string'),
            last_id: nullable('string'),
            has_more: { type: 'boolean' },
          }),
        ),
      }),
    },
    '/v1/videos/{id}': {
      get: operation('openAiGetVideo', 'How a video goes', { parameters: [id], responses: done('The video.', video) }),
      delete: operation('openAiDeleteVideo', 'Delete a video that has ended', {
        parameters: [id],
        responses: done('It is gone.', object({ id: { type: 'string' }, deleted: { type: 'boolean' } })),
      }),
    },
    '/v1/videos/{id}/content': {
      get: operation('openAiDownloadVideo', 'The file of a video', {
        parameters: [id, query('variant', oneOf('video'))],
        responses: file('The file.', 'video/mp4'),
      }),
    },
    '/v1/audio/speech': {
      post: operation('openAiSpeak', 'Words as a recording', {
        parameters: [idempotencyKey],
        requestBody: sends(
          json(
            object(
              {
                model,
                input: { type: 'string' },
                voice: text('A voice of the endpoint, or a built-in name such as alloy.'),
                speed: { type: 'number' },
                response_format: oneOf('mp3'),
              },
              ['model', 'input', 'voice'],
            ),
          ),
        ),
        responses: file('The recording.', 'audio/mpeg'),
      }),
    },
    '/v1/models': {
      get: operation('openAiListModels', 'What may be asked for', {
        responses: done(
          'The models.',
          object({ object: { const: 'list' }, data: { type: 'array', items: { type: 'object' } } }),
        ),
      }),
    },
    '/v1/models/{model}': {
      get: operation('openAiGetModel', 'One model', {
        parameters: [{ name: 'model', in: 'path', required: true, schema: { type: 'string' } }],
        responses: done('The model.', { type: 'object' }),
      }),
    },
  };
}
