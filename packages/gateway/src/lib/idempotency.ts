import { createHash } from 'node:crypto';
import { GatewayError } from '../contract/errors.ts';

/** What makes a request the same as an earlier one. */
export type Idempotency = { readonly key: string; readonly fingerprint: string };

const MAX_KEY_CHARS = 255;

/** @param request what was asked, as JSON.
 *  @throws {GatewayError} `invalid_input` for a key that is empty or too long. */
export function toIdempotency(key: string | undefined, request: unknown): Idempotency | undefined {
  if (key === undefined) return undefined;
  if (key.trim() === '' || key.length > MAX_KEY_CHARS) {
    const problem = {
      field: 'Idempotency-Key',
      message: `Idempotency-Key must have 1 to ${MAX_KEY_CHARS} characters`,
    };
    throw new GatewayError('invalid_input', problem.message, { details: [problem] });
  }
  const fingerprint = createHash('sha256')
    .update(JSON.stringify(sorted(request)))
    .digest('hex');
  return { key, fingerprint };
}

/** The same members in another order are the same request. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return entries.map(([name, member]) => [name, sorted(member)]);
}
