import { type Json, quote, validate } from '@reelay/catalog';
import type { FastifyInstance } from 'fastify';
import type { Callers } from '../../accounts/keys.ts';
import { GatewayError } from '../../contract/errors.ts';
import type { CatalogReader } from '../catalog-reader.ts';
import { toObject } from '../json-body.ts';
import { keyOf } from '../request-key.ts';
import { type PriceAnswer, toPriceAnswer } from './render.ts';

/** `POST /openapi/v2/price-preview/<endpoint>`: the body of the submit it prices; creates nothing. */
export function pricePreviewRoutes(app: FastifyInstance, deps: { catalog: CatalogReader; callers: Callers }): void {
  const route = '/openapi/v2/price-preview/*';
  app.post<{ Params: { '*': string } }>(route, async (request): Promise<PriceAnswer> => {
    const body = toObject(request.body);
    await deps.callers(keyOf(request, body));
    const endpoint = deps.catalog.get(request.params['*']);
    if (endpoint === undefined) throw new GatewayError('unknown_route', `no endpoint ${request.params['*']}`);
    // The body came out of `parseJson`.
    const validation = validate(endpoint, body as Record<string, Json>);
    if (!validation.ok) {
      throw new GatewayError('invalid_input', 'the request does not fit', { details: validation.problems });
    }
    return toPriceAnswer(quote(endpoint, validation.input));
  });
}
