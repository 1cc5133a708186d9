import type { CatalogReader } from './catalog-reader.ts';
import { isReserved } from './runninghub-v2/paths.ts';

const V2 = '/openapi/v2/';
const PRICES = 'price-preview/';
const POSTS = new Set(['query', 'run/query', 'media/upload/binary']);
const GETS = /^\/(?:$|healthz$|openapi\.json$|llms\.txt$|docs(?:$|\/)|files\/[^/]+$|api\/v1\/tasks\/[^/]+$)/;

const CANCEL = /^\/api\/v1\/tasks\/[^/]+\/cancel$/;

/** The methods that a path takes, as an `Allow` header has them; undefined for a path that we do not serve. Asked only
 *  when no route matched, to tell a wrong method from a wrong path. */
export function methodOf(path: string, catalog: CatalogReader): string | undefined {
  const trimmed = path.length > 1 ? path.replace(/\/$/, '') : path;
  if (GETS.test(trimmed)) return 'GET, HEAD';
  if (CANCEL.test(trimmed)) return 'POST';
  if (!trimmed.startsWith(V2)) return undefined;
  const below = decode(trimmed.slice(V2.length));
  if (POSTS.has(below)) return 'POST';
  const endpoint = below.startsWith(PRICES) ? below.slice(PRICES.length) : isReserved(below) ? '' : below;
  return catalog.get(endpoint) === undefined ? undefined : 'POST';
}

/** Only asked about paths that the router could decode, but this file need not rely on it. */
function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
