import type { Endpoint, Input, Json } from './types.ts';

/** The request with the documented defaults of what was not sent. What was sent stays as it is, and parameters without
 *  a documented default stay absent. */
export function withDefaults(endpoint: Pick<Endpoint, 'params'>, input: Input): Input {
  const filled: Record<string, Json> = { ...input };
  for (const [name, param] of Object.entries(endpoint.params)) {
    if (filled[name] !== undefined || !('default' in param) || param.default === undefined) continue;
    filled[name] = typeof param.default === 'object' ? [...param.default] : param.default;
  }
  return filled;
}
