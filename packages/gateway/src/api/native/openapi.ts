import { z } from 'zod';
import { type JsonObject, problem } from '../openapi-parts.ts';
import type { Described } from './route.ts';

/** The paths of `/api/v1`, from the operations that are served. */
export function nativePaths(operations: readonly Described[]): JsonObject {
  const paths: Record<string, JsonObject> = {};
  for (const operation of operations) {
    // The rest of a path has one name: what it holds may have slashes, escaped or not.
    const path = operation.url.replace(/:(\w+)/g, '{$1}').replace(/\*$/, '{endpoint}');
    paths[path] = { ...paths[path], [operation.method.toLowerCase()]: toOperation(operation) };
  }
  return paths;
}

function toOperation({
  id,
  tag,
  summary,
  description,
  scope,
  params,
  query,
  body,
  sends,
  answer,
}: Described): JsonObject {
  const needs = scope === 'admin' ? 'Takes an administrator key.' : `Takes a key with the scope \`${scope}\`.`;
  const content = {
    ...(answer.schema === undefined ? {} : { 'application/json': { schema: toSchema(answer.schema, 'output') } }),
    ...(answer.streams === true ? { 'text/event-stream': { schema: { type: 'string' } } } : {}),
  };
  return {
    operationId: id,
    tags: [tag],
    summary,
    description: [description, needs].filter((one) => one !== undefined).join(' '),
    parameters: [...toParameters(params, 'path'), ...toParameters(query, 'query')],
    ...(body === undefined
      ? {}
      : { requestBody: { required: true, content: { 'application/json': { schema: toSchema(body, 'input') } } } }),
    ...(sends === undefined ? {} : { requestBody: { content: { [sends.type]: { schema: sends.schema } } } }),
    responses: {
      [String(answer.status)]: { description: answer.about, ...(Object.keys(content).length === 0 ? {} : { content }) },
      default: problem('What is wrong, as `code`, `detail` and, for input, the list `problems`.'),
    },
  };
}

function toParameters(schema: z.ZodType | undefined, place: 'path' | 'query'): JsonObject[] {
  if (schema === undefined) return [];
  const { properties = {}, required = [] } = toSchema(schema, 'input') as {
    properties?: Record<string, JsonObject>;
    required?: string[];
  };
  return Object.entries(properties).map(([name, { description = '', ...rest }]) => ({
    // What stands for the rest of a path, as in `nativePaths`.
    name: name === '*' ? 'endpoint' : name,
    in: place,
    required: place === 'path' || required.includes(name),
    description,
    schema: rest,
  }));
}

function toSchema(schema: z.ZodType, io: 'input' | 'output'): JsonObject {
  // `any` where a value has no JSON Schema, such as a transform; what it says is plain JSON.
  const { $schema: _, ...rest } = JSON.parse(JSON.stringify(z.toJSONSchema(schema, { io, unrepresentable: 'any' })));
  return rest;
}
