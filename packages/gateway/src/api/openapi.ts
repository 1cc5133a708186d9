import { hash } from 'node:crypto';
import { type Endpoint, type Json, toJsonSchema } from '@reelay/catalog';
import type { FastifyInstance } from 'fastify';
import type { CatalogReader } from './catalog-reader.ts';
import { version } from './health.ts';
import { SCHEMAS } from './openapi-schemas.ts';

type JsonObject = { [key: string]: Json };

/** `GET /openapi.json`: OpenAPI 3.1 of everything this server answers. Written once, at the first request. */
export function openApiRoutes(app: FastifyInstance, { catalog }: { catalog: CatalogReader }): void {
  let cached: { readonly text: string; readonly etag: string } | undefined;
  app.get('/openapi.json', (request, reply) => {
    if (cached === undefined) {
      const text = JSON.stringify(buildOpenApi(catalog.list()));
      cached = { text, etag: `"${hash('sha256', text, 'hex').slice(0, 32)}"` };
    }
    reply.header('etag', cached.etag).header('cache-control', 'no-cache');
    if (request.headers['if-none-match'] === cached.etag) return reply.code(304).send();
    return reply.header('content-type', 'application/json; charset=utf-8').send(cached.text);
  });
}

/** An operation per endpoint, from its row in the catalog, and the platform's own. */
export function buildOpenApi(endpoints: readonly Endpoint[]): JsonObject {
  const families = [...new Set(endpoints.map(({ family }) => family))];
  return {
    openapi: '3.1.0',
    info: {
      title: 'Reelay',
      version,
      description: [
        'Generative media behind one API. Submit a task, ask for it until it ends, download its files.',
        'Paths below `/openapi/v2/` speak the RunningHub OpenAPI: they answer HTTP 200 to everything they decide',
        'themselves, and `errorCode` says what went wrong.',
      ].join(' '),
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    // Relative: the address under which the document was found.
    servers: [{ url: '/' }],
    security: [{ key: [] }],
    tags: [
      { name: 'Tasks', description: 'Ask for a task.' },
      { name: 'Files', description: 'Uploads and downloads.' },
      { name: 'Prices', description: 'What a call would cost.' },
      { name: 'Server', description: 'The server itself.' },
      ...families.map((name) => ({ name, description: `Endpoints of the family ${name}.` })),
    ],
    paths: { ...platformPaths(), ...Object.fromEntries(endpoints.map(modelPath)) },
    components: {
      schemas: SCHEMAS,
      securitySchemes: { key: { type: 'http', scheme: 'bearer', description: 'An API key: 32 hexadecimal digits.' } },
    },
  };
}

const ref = (name: string): JsonObject => ({ $ref: `#/components/schemas/${name}` });
const json = (schema: JsonObject, example?: Json): JsonObject => ({
  'application/json': { schema, ...(example === undefined ? {} : { example }) },
});
const answer = (description: string, name: string): JsonObject => ({ description, content: json(ref(name)) });
const problem = (description: string): JsonObject => ({
  description,
  content: { 'application/problem+json': { schema: ref('Problem') } },
});

function modelPath(endpoint: Endpoint): [string, JsonObject] {
  const { about, constraints, example, family, id, name, replacedBy, status, task } = endpoint;
  const description = [
    about.en,
    about.zh,
    ...(status === 'active' ? [] : [`This endpoint is ${status}${replacedBy ? ` by ${replacedBy.join(', ')}` : ''}.`]),
  ].join('\n\n');
  return [
    // As it travels: some ids hold brackets.
    `/openapi/v2/${id.split('/').map(encodeURIComponent).join('/')}`,
    {
      post: {
        operationId: `submit_${id.replace(/\W+/g, '_')}`,
        tags: [family],
        summary: `${name}: ${task.replaceAll('-', ' ')}`,
        description,
        ...(status === 'active' ? {} : { deprecated: true }),
        'x-task': task,
        'x-output': endpoint.output,
        'x-vendor': endpoint.vendor,
        // Rules over several parameters, which JSON Schema states less plainly than our own table.
        ...(constraints.length === 0 ? {} : { 'x-constraints': plain(constraints) }),
        ...(endpoint.pricing === null ? {} : { 'x-pricing': plain(endpoint.pricing) }),
        requestBody: { required: true, content: json(plain(toJsonSchema(endpoint)), plain(example)) },
        responses: { '200': answer('Accepted, or refused with an `errorCode`.', 'SubmitAnswer') },
      },
    },
  ];
}

/** Catalog rows are plain data with read-only types; a copy has neither promise nor undefined members. */
const plain = <T extends object>(value: T): JsonObject => JSON.parse(JSON.stringify(value));

function platformPaths(): JsonObject {
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
    '/api/v1/tasks/{id}': nativeTask(),
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

const nativeTask = (): JsonObject => ({
  get: {
    operationId: 'getTask',
    tags: ['Tasks'],
    summary: 'A task with its progress and attempts',
    parameters: [pathParameter('id', 'As the submit answered it.')],
    responses: {
      '200': answer('The task.', 'Task'),
      '401': problem('The key is missing or unknown.'),
      '404': problem("No such task, or another account's."),
    },
  },
});

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
