import type { Json } from '@reelay/catalog';

// Pieces of an OpenAPI document.

export type JsonObject = { [key: string]: Json };

export const ref = (name: string): JsonObject => ({ $ref: `#/components/schemas/${name}` });
export const json = (schema: JsonObject, example?: Json): JsonObject => ({
  'application/json': { schema, ...(example === undefined ? {} : { example }) },
});
export const answer = (description: string, name: string): JsonObject => ({ description, content: json(ref(name)) });
export const problem = (description: string): JsonObject => ({
  description,
  content: { 'application/problem+json': { schema: ref('Problem') } },
});
