import { type Endpoint, toJsonSchema } from '@reelay/catalog';
import type { FastifyInstance } from 'fastify';
import type { CatalogReader } from './catalog-reader.ts';
import { sendDocument } from './document.ts';
import { version } from './health.ts';
import { nativePaths } from './native/openapi.ts';
import type { Described } from './native/route.ts';
import { openAiPaths } from './openai/openapi.ts';
import { libraryPaths } from './openapi-library.ts';
import { answer, type JsonObject, json } from './openapi-parts.ts';
import { platformPaths } from './openapi-platform.ts';
import { SCHEMAS } from './openapi-schemas.ts';

/** `GET /openapi.json`: OpenAPI 3.1 of everything this server answers. Written once, at the first request. */
export function openApiRoutes(
  app: FastifyInstance,
  { catalog, operations }: { catalog: CatalogReader; operations: readonly Described[] },
): void {
  let text: string | undefined;
  app.get('/openapi.json', (request, reply) => {
    text ??= JSON.stringify(buildOpenApi(catalog.list(), operations));
    return sendDocument(request, reply, { type: 'application/json; charset=utf-8', text });
  });
}

/** An operation per endpoint, from its row in the catalog, and the platform's own. */
export function buildOpenApi(endpoints: readonly Endpoint[], operations: readonly Described[] = []): JsonObject {
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
      { name: 'Registered media', description: 'Files under ids of their own, in groups.' },
      { name: 'Models', description: 'What can be named to a loader.' },
      { name: 'Older generation', description: 'The paths below /task/openapi/, /api/openapi/ and /uc/openapi/.' },
      { name: 'OpenAI API', description: 'Paths below /v1: images, videos, speech, models.' },
      { name: 'Prices', description: 'What a call would cost.' },
      { name: 'Server', description: 'The server itself.' },
      ...families.map((name) => ({ name, description: `Endpoints of the family ${name}.` })),
    ],
    paths: {
      ...platformPaths(),
      ...libraryPaths(),
      ...nativePaths(operations),
      ...openAiPaths(),
      ...Object.fromEntries(endpoints.map(modelPath)),
    },
    components: {
      schemas: SCHEMAS,
      securitySchemes: { key: { type: 'http', scheme: 'bearer', description: 'An API key: 32 hexadecimal digits.' } },
    },
  };
}

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
