import { catalog } from '@reelay/catalog';
import { Validator } from '@seriousme/openapi-schema-validator';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { buildOpenApi } from './openapi.ts';
import { ENDPOINTS } from './testing/catalog.ts';
import { createTestApp, type TestApp } from './testing/test-app.ts';

let test_: TestApp;
beforeAll(async () => {
  test_ = await createTestApp();
});
afterAll(() => test_.close());
const get = (url: string, headers: Record<string, string> = {}) => test_.send({ method: 'GET', url, headers });

test('health is 200 once requests are served, and says which version for how long', async () => {
  test_.advance(2_500);
  const answer = await get('/healthz');
  expect(answer.statusCode).toBe(200);
  expect(answer.json()).toEqual({ status: 'ok', version: expect.stringMatching(/^\d+\.\d+\.\d+$/), uptimeSeconds: 2 });
});

type Operation = {
  operationId: string;
  parameters?: { name: string; in: string }[];
  requestBody?: { content: Record<string, { schema: object; example?: unknown }> };
  responses: Record<string, unknown>;
  deprecated?: boolean;
  description?: string;
};
type Document = {
  openapi: string;
  servers: { url: string }[];
  paths: Record<string, Record<string, Operation>>;
  components: { schemas: object };
};
// The tests below check the shape that this names.
const fetchDocument = async () => (await get('/openapi.json')).json() as Document;

test.each([
  ['of the tests', ENDPOINTS],
  ['that is shipped', catalog.list()],
])('every endpoint of the catalog %s has an operation with an example that its schema accepts', (_name, endpoints) => {
  // Its parts are checked one by one below.
  const { paths, components } = buildOpenApi(endpoints) as unknown as Document;
  // One for all: each new one compiles the rules for schemas themselves.
  const ajv = new Ajv2020({ strict: false, validateFormats: false });
  for (const endpoint of endpoints) {
    const operation = paths[`/openapi/v2/${endpoint.id.split('/').map(encodeURIComponent).join('/')}`]?.post;
    expect(operation?.description).toContain(endpoint.about.en);
    expect(operation?.deprecated === true).toBe(endpoint.status !== 'active');
    const body = operation?.requestBody?.content['application/json'];
    expect(body?.example).toEqual(endpoint.example);
    const validate = ajv.compile({ ...body?.schema, components });
    expect(validate(body?.example), JSON.stringify(validate.errors)).toBe(true);
    expect(validate({ nonsense: 1 })).toBe(!Object.values(endpoint.params).some(({ required }) => required));
  }
});

test('the document holds together: references resolve, operation ids are unique, path parameters are declared', async () => {
  const whole = await fetchDocument();
  expect(whole.openapi).toBe('3.1.0');
  const operations = Object.entries(whole.paths).flatMap(([path, methods]) =>
    Object.values(methods).map((operation) => ({ path, operation })),
  );
  const ids = operations.map(({ operation }) => operation.operationId);
  expect(new Set(ids).size).toBe(ids.length);
  for (const { path, operation } of operations) {
    expect(Object.keys(operation.responses).length).toBeGreaterThan(0);
    const declared = (operation.parameters ?? []).filter((one) => one.in === 'path').map(({ name }) => name);
    expect(declared).toEqual([...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name));
  }
  for (const [, pointer = ''] of JSON.stringify(whole).matchAll(/"\$ref":"#\/([^"]+)"/g)) {
    const target = pointer
      .split('/')
      .reduce<unknown>((at, name) => (at as Record<string, unknown> | undefined)?.[name], whole);
    expect(target, pointer).toBeDefined();
  }
  expect(() =>
    new Ajv2020({ strict: false, validateFormats: false }).compile({
      components: whole.components,
      $ref: '#/components/schemas/QueryAnswer',
    }),
  ).not.toThrow();
});

test('what the server answers fits the schemas that it publishes', async () => {
  const { components } = await fetchDocument();
  const ajv = new Ajv2020({ strict: false, validateFormats: false });
  const fits = (name: string, value: unknown) => {
    const validate = ajv.compile({ components, $ref: `#/components/schemas/${name}` });
    expect(validate(value), `${name}: ${JSON.stringify(validate.errors)}`).toBe(true);
  };
  const path = '/openapi/v2/test-vendor/film-1/text-to-video';
  const body = { prompt: 'x', duration: '4' };
  const submitted = (await test_.post(path, body)).json() as { taskId: string }; // The shape is what is being checked.
  fits('SubmitAnswer', submitted);
  fits('SubmitAnswer', (await test_.post(path, {})).json());
  fits('QueryAnswer', (await test_.post('/openapi/v2/query', { taskId: submitted.taskId })).json());
  fits('PriceAnswer', (await test_.post('/openapi/v2/price-preview/test-vendor/film-1/text-to-video', body)).json());
  fits('PriceAnswer', (await test_.post('/openapi/v2/price-preview/nothing', body)).json());
  fits('UploadAnswer', (await test_.post('/openapi/v2/media/upload/binary', body)).json());
  const headers = { authorization: '0123456789abcdef0123456789abcdef' };
  fits('Task', (await get(`/api/v1/tasks/${submitted.taskId}`, headers)).json());
  fits('Problem', (await get('/api/v1/tasks/1', headers)).json());
  fits('Health', (await get('/healthz')).json());
});

test('the document is sent again only when it changed', async () => {
  const first = await get('/openapi.json');
  expect(first.statusCode).toBe(200);
  const again = await get('/openapi.json', { 'if-none-match': String(first.headers.etag) });
  expect([again.statusCode, again.body]).toEqual([304, '']);
});

test('a strict validator accepts the document of the whole catalog', async () => {
  const validator = new Validator();
  const result = await validator.validate(JSON.parse(JSON.stringify(buildOpenApi(catalog.list()))));
  expect(result).toEqual({ valid: true });
  expect(validator.version).toBe('3.1');
});

test('the front door leads to the reference', async () => {
  const answer = await get('/');
  expect([answer.statusCode, answer.headers.location]).toEqual([302, '/docs']);
});
