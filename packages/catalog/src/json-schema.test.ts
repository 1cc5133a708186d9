import { isDeepStrictEqual } from 'node:util';
import { expect, test } from 'vitest';
import { catalog } from './catalog.ts';
import { toJsonSchema } from './json-schema.ts';
import type { Json } from './types.ts';
import { validate } from './validate.ts';

type Schema = Record<string, Json>;
const asSchema = (value: Json | undefined) => (value ?? {}) as Schema;
const TYPES: Record<string, (value: Json) => boolean> = {
  string: (value) => typeof value === 'string',
  boolean: (value) => typeof value === 'boolean',
  integer: (value) => Number.isInteger(value),
  number: (value) => typeof value === 'number',
  array: (value) => Array.isArray(value),
  object: (value) => typeof value === 'object' && value !== null && !Array.isArray(value),
};
const KEYWORDS: Record<string, (limit: Json, value: Json, schema: Schema) => boolean> = {
  type: (limit, value) => TYPES[String(limit)]?.(value) === true,
  enum: (limit, value) => (limit as Json[]).includes(value),
  minLength: (limit, value) => [...String(value)].length >= Number(limit),
  maxLength: (limit, value) => [...String(value)].length <= Number(limit),
  pattern: (limit, value) => new RegExp(String(limit), 'u').test(String(value)),
  minimum: (limit, value) => Number(value) >= Number(limit),
  maximum: (limit, value) => Number(value) <= Number(limit),
  minItems: (limit, value) => (value as Json[]).length >= Number(limit),
  maxItems: (limit, value) => (value as Json[]).length <= Number(limit),
  items: (limit, value) => (value as Json[]).every((item) => conforms(asSchema(limit), item)),
  required: (limit, value) => (limit as string[]).every((name) => Object.hasOwn(value as Schema, name)),
  properties: (limit, value) =>
    Object.entries(limit as Schema).every(([name, inner]) => {
      const member = (value as Schema)[name];
      return member === undefined || conforms(asSchema(inner), member);
    }),
};
const SILENT = ['$schema', 'title', 'description', 'default', 'examples', 'format'];

/** As much of JSON Schema as the catalog uses. A keyword that it does not know is a failure. */
function conforms(schema: Schema, value: Json): boolean {
  return Object.entries(schema).every(([keyword, limit]) => {
    if (SILENT.includes(keyword)) return true;
    const check = KEYWORDS[keyword];
    if (check === undefined) throw new Error(`unknown keyword ${keyword}`);
    return check(limit, value, schema);
  });
}

test.each(catalog.list())('$id: schema and validation agree on the example and on broken ones', (endpoint) => {
  const schema = toJsonSchema(endpoint);
  const example = { ...endpoint.example };
  expect(conforms(schema, example)).toBe(true);
  for (const [name, param] of Object.entries(endpoint.params)) {
    const { [name]: _left, ...without } = example;
    // A rule may ask for more than the list of required parameters does.
    expect(conforms(schema, without)).toBe(!param.required);
    if (param.required) expect(validate(endpoint, without).ok).toBe(false);
    const wrong = { ...example, [name]: { not: 'this' } };
    expect([conforms(schema, wrong), validate(endpoint, wrong).ok]).toEqual([false, false]);
  }
});

test.each(catalog.list())('$id: the schema states words, defaults and examples', (endpoint) => {
  const schema = toJsonSchema(endpoint);
  expect(schema).toMatchObject({
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: endpoint.name,
    description: endpoint.about.en,
    type: 'object',
    examples: [endpoint.example],
  });
  for (const [name, param] of Object.entries(endpoint.params)) {
    const property = asSchema(asSchema(schema.properties)[name]);
    expect(property.description).toContain(param.about.en);
    if ('default' in param) expect(property.default).toEqual(param.default);
    if (param.type === 'one-of') expect(property.enum).toEqual(param.values);
  }
  expect(JSON.stringify(schema)).not.toContain('"x-');
  expect(isDeepStrictEqual(JSON.parse(JSON.stringify(schema)), schema)).toBe(true);
});

test('limits of files are words, because no keyword has them', () => {
  const endpoint = catalog.get('rhart-video-s-official/sora-upload-character');
  const schema = endpoint === undefined ? {} : toJsonSchema(endpoint);
  expect(asSchema(schema.properties).videoUrl).toEqual({
    type: 'string',
    format: 'uri-reference',
    description:
      'A short clip that shows the character. File: mp4, at most 100 MB, at least 2 s, at most 4 s, sides of at least 720 px.',
  });
});
