import type { FastifyInstance } from 'fastify';
import type { CatalogReader } from './catalog-reader.ts';

/** The methods that a path takes, as an `Allow` header has them; undefined for a path that we do not serve. */
export type Methods = (path: string) => string | undefined;

const V2 = '/openapi/v2/';
const PRICES = 'price-preview/';

/** Listens to the routes as they are made. Asked only when no route matched, to tell a wrong method from a wrong path.
 *  Paths below `/openapi/v2/` that name no route are endpoints of the catalog or nothing. */
export function collectMethods(app: FastifyInstance, catalog: CatalogReader): Methods {
  const routes = new Map<string, { readonly pattern: RegExp; readonly methods: Set<string> }>();
  app.addHook('onRoute', ({ url, method }) => {
    const route = routes.get(url) ?? { pattern: toPattern(url), methods: new Set() };
    routes.set(url, route);
    for (const one of [method].flat()) route.methods.add(one);
  });
  return (path) => {
    const trimmed = path.length > 1 ? path.replace(/\/$/, '') : path;
    const matches = [...routes.values()].filter(({ pattern }) => pattern.test(trimmed));
    const methods = new Set(matches.flatMap((route) => [...route.methods]));
    methods.delete('OPTIONS');
    if (methods.size > 0) return [...methods].sort().join(', ');
    return isEndpoint(trimmed, catalog) ? 'POST' : undefined;
  };
}

const toPattern = (url: string): RegExp => {
  // Everything below it: whether that is an endpoint, the catalog knows.
  if (url.startsWith(V2) && url.endsWith('*')) return /$^/;
  return new RegExp(`^${url.replace(/[.+]/g, '\\$&').replace(/:\w+/g, '[^/]+').replace('*', '.*')}$`);
};

function isEndpoint(path: string, catalog: CatalogReader): boolean {
  if (!path.startsWith(V2)) return false;
  const below = decode(path.slice(V2.length));
  return catalog.get(below.startsWith(PRICES) ? below.slice(PRICES.length) : below) !== undefined;
}

/** Only asked about paths that the router could decode, but this file need not rely on it. */
function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
