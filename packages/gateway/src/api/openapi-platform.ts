import { answer, type JsonObject, json, problem } from './openapi-parts.ts';

/** The platform's own operations. */
export function platformPaths(): JsonObject {
  const query = {
    post: {
      operationId: 'query',
      tags: ['Tasks'],
      summary: 'Ask for a task',
      requestBody: {
        required: true,
        content: json({
          type: 'object',
          required: ['taskId'],
          properties: { taskId: { type: ['string', 'integer'], description: 'As the submit answered it.' } },
        }),
      },
      responses: { '200': answer('The task, or an `errorCode`.', 'QueryAnswer') },
    },
  };
  return {
    '/openapi/v2/query': query,
    '/openapi/v2/price-preview/{endpoint}': pricePreview(),
    '/openapi/v2/media/upload/binary': upload(),
    '/openapi/v2/queue/status': read('queueStatus', 'How many tasks run and wait', 'Numbers as strings.'),
    '/openapi/v2/api-key/list': read('apiKeyList', 'The keys of the account', 'Masked, with what each has used.'),
    ...legacyPaths(),
    '/files/{fileName}': file(),
    '/healthz': {
      get: {
        operationId: 'health',
        tags: ['Server'],
        summary: 'Whether requests are served',
        security: [],
        responses: { '200': answer('They are.', 'Health') },
      },
    },
  };
}

const read = (operationId: string, summary: string, about: string): JsonObject => ({
  get: { operationId, tags: ['Server'], summary, responses: { '200': answer(about, 'LegacyAnswer') } },
});

const pathParameter = (name: string, description: string): JsonObject => ({
  name,
  in: 'path',
  required: true,
  description,
  schema: { type: 'string' },
});

const pricePreview = (): JsonObject => ({
  post: {
    operationId: 'previewPrice',
    tags: ['Prices'],
    summary: 'What a call would cost',
    description: 'Takes the body of the submit that it prices, and creates nothing.',
    parameters: [pathParameter('endpoint', 'The path of the endpoint below /openapi/v2/, slashes and all.')],
    requestBody: { required: true, content: json({ type: 'object' }) },
    responses: { '200': answer('The price, or an `errorCode`.', 'PriceAnswer') },
  },
});

const upload = (): JsonObject => ({
  post: {
    operationId: 'upload',
    tags: ['Files'],
    summary: 'Upload a picture, clip or sound',
    requestBody: {
      required: true,
      content: {
        'multipart/form-data': {
          schema: { type: 'object', required: ['file'], properties: { file: { type: 'string', format: 'binary' } } },
        },
      },
    },
    responses: { '200': answer('The stored file, or a `code` other than 0.', 'UploadAnswer') },
  },
});

/** The older generation: the key may stand in the body, and `code` is a number that says everything. */
function legacyPaths(): JsonObject {
  const byId = (name: string, summary: string): JsonObject => ({
    post: {
      operationId: `legacy_${name}`,
      tags: ['Older generation'],
      summary,
      requestBody: {
        required: true,
        content: json({
          type: 'object',
          required: ['taskId'],
          properties: { taskId: { type: ['string', 'integer'] }, apiKey: { type: 'string' } },
        }),
      },
      responses: { '200': answer('`code` 0, a state (804, 813) or an error.', 'LegacyAnswer') },
    },
  });
  return {
    '/task/openapi/status': byId('status', 'The bare status word of a task'),
    '/task/openapi/outputs': byId('outputs', 'The files of a task; its state is the code'),
    '/task/openapi/cancel': byId('cancel', 'End a task that waits or runs'),
    '/task/openapi/getWebhookDetail': byId('getWebhookDetail', 'What came of the webhook of a task'),
    '/task/openapi/retryWebhook': {
      post: {
        operationId: 'legacy_retryWebhook',
        tags: ['Older generation'],
        summary: 'Send the webhook of a task again',
        requestBody: {
          required: true,
          content: json({
            type: 'object',
            required: ['webhookId'],
            properties: {
              webhookId: { type: ['string', 'integer'], description: '`id` of getWebhookDetail.' },
              webhookUrl: { type: 'string', description: 'Another address.' },
              apiKey: { type: 'string' },
            },
          }),
        },
        responses: { '200': answer('`code` 0, or 1 where there is no such webhook.', 'LegacyAnswer') },
      },
    },
    '/uc/openapi/accountStatus': {
      post: {
        operationId: 'legacy_accountStatus',
        tags: ['Older generation'],
        summary: 'What there is to spend, and how many tasks run',
        requestBody: { required: true, content: json({ type: 'object', properties: { apikey: { type: 'string' } } }) },
        responses: { '200': answer('`data` as strings.', 'LegacyAnswer') },
      },
    },
    '/task/openapi/upload': {
      post: {
        operationId: 'legacy_upload',
        tags: ['Older generation'],
        summary: 'Upload a file for loader nodes and parameters',
        requestBody: {
          required: true,
          content: {
            'multipart/form-data': {
              schema: {
                type: 'object',
                required: ['file'],
                properties: {
                  file: { type: 'string', format: 'binary' },
                  apiKey: { type: 'string' },
                  fileType: { type: 'string' },
                },
              },
            },
          },
        },
        responses: { '200': answer('`data.fileName` names the bytes.', 'LegacyAnswer') },
      },
    },
  };
}

const file = (): JsonObject => ({
  get: {
    operationId: 'download',
    tags: ['Files'],
    summary: 'Download an upload or an output',
    description: 'The links in answers lead here. They need no key, take ranges, and expire.',
    security: [],
    parameters: [
      pathParameter('fileName', '<asset id>.<extension>'),
      ...['expires', 'signature'].map((name) => ({
        name,
        in: 'query',
        required: true,
        schema: { type: 'string' },
      })),
    ],
    responses: {
      '200': { description: 'The bytes.', content: { '*/*': {} } },
      '206': { description: 'The bytes of the range.', content: { '*/*': {} } },
      '304': { description: 'You have it.' },
      '403': problem('The link has expired.'),
      '404': problem('No such file, or the link was changed.'),
      '416': { description: 'The file has no such bytes.' },
    },
  },
});
