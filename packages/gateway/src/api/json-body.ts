import { GatewayError } from '../contract/errors.ts';

/** A body that must be an object; nothing at all counts as an empty one, so that the answer names what is missing.
 *  @throws {GatewayError} `malformed_body` */
export function toObject(body: unknown): Readonly<Record<string, unknown>> {
  if (body === undefined || body === null) return {};
  if (typeof body !== 'object' || Array.isArray(body)) {
    throw new GatewayError('malformed_body', 'the body must be a JSON object');
  }
  return body as Record<string, unknown>; // What JSON.parse returns of that type has string keys only.
}
