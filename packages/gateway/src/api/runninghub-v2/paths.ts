/** First segments below `/openapi/v2/` that are the platform's own, served by this release or not. Everything else is
 *  the id of an endpoint. */
const RESERVED = new Set(['query', 'run', 'media', 'price-preview', 'queue', 'api-key', 'resource', 'aiapp', 'assets']);

export const isReserved = (pathBelowV2: string): boolean => RESERVED.has(pathBelowV2.split('/', 1)[0] ?? '');
