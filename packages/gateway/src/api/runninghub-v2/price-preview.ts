import { type Json, quote, validate } from '@reelay/catalog';
import type { FastifyInstance } from 'fastify';
import type { Exchange } from '../../accounts/exchange.ts';
import type { Callers } from '../../accounts/keys.ts';
import { GatewayError } from '../../contract/errors.ts';
import type { CatalogReader } from '../catalog-reader.ts';
import { toObject } from '../json-body.ts';
import { credentialsOf } from '../request-key.ts';
import { type PriceAnswer, toPriceAnswer } from './render.ts';

/** `POST /openapi/v2/price-preview/<endpoint>`: the body of the submit it prices; creates nothing. In the currency in which
 *  the account would pay. */
export function pricePreviewRoutes(
  app: FastifyInstance,
  deps: { catalog: CatalogReader; callers: Callers; exchange: Exchange },
): void {
  const route = '/openapi/v2/price-preview/*';
  app.post<{ Params: { '*': string } }>(route, async (request): Promise<PriceAnswer> => {
    const body = toObject(request.body);
    const { currency = 'CNY' } = await deps.callers(credentialsOf(request, body), 'tasks:read');
    const endpoint = deps.catalog.get(request.params['*']);
    if (endpoint === undefined) throw new GatewayError('unknown_route', `no endpoint ${request.params['*']}`);
    // The body came out of `parseJson`.
    const validation = validate(endpoint, body as Record<string, Json>);
    if (!validation.ok) {
      throw new GatewayError('invalid_input', 'the request does not fit', { details: validation.problems });
    }
    const price = quote(endpoint, validation.input);
    return toPriceAnswer(price, { micros: deps.exchange(price, currency), currency });
  });
}
