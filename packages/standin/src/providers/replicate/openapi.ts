import type { Field } from '../../kit/field-list.ts';
import type { Model } from './replicate.ts';

/** A model as the service describes it to those who ask what it takes. */
export function toOpenApi(id: string, { input, shape }: Model): Record<string, unknown> {
  const [owner, name] = id.split('/');
  const properties = Object.fromEntries(Object.entries(input).map(([member, field]) => [member, toProperty(field)]));
  const required = Object.entries(input).flatMap(([member, field]) => (field.required === true ? [member] : []));
  const url = { type: 'string', format: 'uri' };
  const output = shape === 'list' ? { type: 'array', items: url } : shape === 'voice' ? { type: 'object' } : url;
  const schemas = { Input: { type: 'object', title: 'Input', required, properties }, Output: output };
  return {
    url: `https://replicate.com/${id}`,
    owner,
    name,
    visibility: 'public',
    latest_version: { id: 'hidden', openapi_schema: { openapi: '3.0.2', components: { schemas } } },
  };
}

function toProperty({ type, values, min, max, maxItems }: Field): Record<string, unknown> {
  if (type?.endsWith('[]')) {
    return {
      type: 'array',
      items: toProperty({ type: type.slice(0, -2) }),
      ...(maxItems === undefined ? {} : { maxItems }),
    };
  }
  const plain = type === 'url' ? { type: 'string', format: 'uri' } : { type: type ?? 'string' };
  return {
    ...plain,
    ...(values === undefined ? {} : { enum: values }),
    ...(min === undefined ? {} : { minimum: min }),
    ...(max === undefined ? {} : { maximum: max }),
  };
}
