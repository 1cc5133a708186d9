import type { FastifyRequest } from 'fastify';
import type { Credentials } from '../accounts/keys.ts';

/** Who a request says it is: its key, and from where it came. */
export const credentialsOf = (request: FastifyRequest, fields?: Readonly<Record<string, unknown>>): Credentials => ({
  key: keyOf(request, fields),
  address: request.ip,
});

/** The API key of a request, wherever a client puts it: header (with or without `Bearer`), then body or form fields, then
 *  query. The header wins over the others. Undefined: none was sent. */
export function keyOf(request: FastifyRequest, fields?: Readonly<Record<string, unknown>>): string | undefined {
  const { authorization } = request.headers;
  return (authorization === undefined ? undefined : fromHeader(authorization)) ?? keyIn(fields) ?? keyIn(request.query);
}

function fromHeader(value: string): string | undefined {
  // The usual spelling first: this runs for every query.
  const key = value.startsWith('Bearer ') ? value.slice(7).trim() : value.replace(/^\s*bearer(?:\s+|$)/i, '').trim();
  return key === '' ? undefined : key;
}

/** `apiKey` or `apikey`: both spellings are in use. */
function keyIn(fields: unknown): string | undefined {
  if (typeof fields !== 'object' || fields === null) return undefined;
  for (const name of ['apiKey', 'apikey']) {
    const value: unknown = Object.hasOwn(fields, name) ? Reflect.get(fields, name) : undefined;
    if (typeof value === 'string' && value.trim() !== '') return value.trim();
  }
  return undefined;
}
