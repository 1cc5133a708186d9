import { GatewayError } from '../contract/errors.ts';
import { refusalOf } from '../lib/target-address.ts';

/** @throws {GatewayError} `invalid_input` for an address that cannot be sent to. */
export function checkAddress(p: { readonly allowPrivateNetwork: boolean }, url: string, field = 'url'): void {
  const refusal = refusalOf(url, p);
  if (refusal === undefined) return;
  const problem = { field, message: `${field} ${refusal}` };
  throw new GatewayError('invalid_input', problem.message, { details: [problem] });
}
