import { hash } from 'node:crypto';
import Fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';

type Page = { readonly text: string; readonly etag: string };
type Pages = { readonly html: Page; readonly script: Page };

const SCRIPT_PATH = '/docs/js/scalar.js';

/** Nothing is fetched from, or sent to, anywhere but this server: not by the page, not by its "try it" form. The browser
 *  holds the page to it. */
const CONTENT_POLICY = [
  "default-src 'none'",
  // The page starts itself with a line of script and styles elements in place.
  "script-src 'self' 'unsafe-inline'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data: blob:",
  "media-src 'self' blob:",
  "font-src 'self' data:",
  "connect-src 'self'",
  "form-action 'none'",
  "base-uri 'none'",
].join('; ');

/** `/docs`: a page per endpoint, drawn from `/openapi.json`. `/` leads there. */
export function docsRoutes(app: FastifyInstance): void {
  let pages: Promise<Pages> | undefined;
  const serve = (part: keyof Pages, type: string) => async (request: FastifyRequest, reply: FastifyReply) => {
    pages ??= renderPages();
    const { text, etag } = (await pages)[part];
    reply.headers({ etag, 'cache-control': 'no-cache' });
    if (request.headers['if-none-match'] === etag) return reply.code(304).send();
    reply.headers({
      'content-type': type,
      'content-security-policy': CONTENT_POLICY,
      'x-content-type-options': 'nosniff',
    });
    return reply.send(text);
  };
  app.get('/docs', serve('html', 'text/html; charset=utf-8'));
  app.get(SCRIPT_PATH, serve('script', 'text/javascript; charset=utf-8'));
  app.get('/', (_request, reply) => reply.redirect('/docs'));
}

/** The reference viewer is a plugin that holds megabytes of script. It is loaded when somebody looks, into a server of
 *  its own, and what it answers is kept: a start, and a server that nobody reads documents on, pay nothing for it. */
async function renderPages(): Promise<Pages> {
  const { default: reference } = await import('@scalar/fastify-api-reference');
  const viewer = Fastify();
  await viewer.register(reference, {
    routePrefix: '/docs',
    configuration: {
      url: '/openapi.json',
      pageTitle: 'Reelay',
      cdn: SCRIPT_PATH,
      // Fonts, usage figures, the hosted assistant and editor would come from, or go to, other hosts.
      withDefaultFonts: false,
      telemetry: false,
      agent: { disabled: true },
      mcp: { disabled: true },
      hideClientButton: true,
      showDeveloperTools: 'never',
    },
  });
  const fetchPage = async (path: string): Promise<Page> => {
    const text = (await viewer.inject(path)).body;
    return { text, etag: `"${hash('sha256', text, 'hex').slice(0, 32)}"` };
  };
  const pages = { html: await fetchPage('/docs/'), script: await fetchPage(SCRIPT_PATH) };
  await viewer.close();
  return pages;
}
