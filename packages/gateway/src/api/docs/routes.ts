import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Category, type Endpoint, toContents, toJsonSchema } from '@reelay/catalog';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { GatewayError } from '../../contract/errors.ts';
import type { CatalogReader } from '../catalog-reader.ts';
import { sendDocument } from '../document.ts';
import type { Guide } from './guides.ts';
import type { Page } from './shell.ts';

/** Nothing is fetched from, or sent to, anywhere but this server. The browser holds the pages to it. */
const CONTENT_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data: blob:",
  "media-src 'self' blob:",
  "connect-src 'self'",
  "form-action 'none'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join('; ');

const TYPES = {
  html: 'text/html; charset=utf-8',
  md: 'text/markdown; charset=utf-8',
  txt: 'text/plain; charset=utf-8',
  json: 'application/json; charset=utf-8',
  schema: 'application/schema+json; charset=utf-8',
  css: 'text/css; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
  svg: 'image/svg+xml',
} as const;
const BROWSER_FILES = { 'style.css': 'css', 'script.js': 'js', 'icon.svg': 'svg' } as const;

type Deps = {
  readonly catalog: CatalogReader;
  /** The address under which clients reach us. */
  readonly origin: () => string;
};

/** The reference: `/docs`, a page per endpoint and per guide, the same as Markdown, a JSON Schema per endpoint, and
 *  `/llms.txt`. `/` leads there. Pages are written when somebody asks; the code that writes them is loaded then. */
export function docsRoutes(app: FastifyInstance, { catalog, origin }: Deps): void {
  let known: readonly Category[] | undefined;
  const contents = () => (known ??= toContents(catalog.list()));
  const page = async (reply: FastifyReply, request: FastifyRequest, of: Page) => {
    const { toHtml } = await import('./shell.ts');
    return send(request, reply, 'html', toHtml(of, contents()));
  };

  app.get('/', (_request, reply) => reply.redirect('/docs'));
  app.get('/docs', async (request, reply) => {
    const { homePage } = await import('./home-page.ts');
    const content = homePage(contents(), origin());
    return page(reply, request, {
      title: 'Reference',
      description: 'Every endpoint of Reelay',
      path: '/docs',
      content,
    });
  });
  app.get('/llms.txt', async (request, reply) => {
    const { toLlmsText } = await import('./markdown.ts');
    return send(request, reply, 'txt', toLlmsText(contents(), origin()));
  });
  app.get('/docs/search.json', async (request, reply) => {
    const { toSearchIndex } = await import('./search-index.ts');
    return send(request, reply, 'json', JSON.stringify(await toSearchIndex(catalog.list())));
  });
  for (const [name, type] of Object.entries(BROWSER_FILES)) {
    const path = join(import.meta.dirname, 'browser', name);
    app.get(`/docs/${name}`, async (request, reply) => send(request, reply, type, await readFile(path, 'utf8')));
  }
  app.get<{ Params: { group: string } }>('/docs/kinds/:group', async (request, reply) => {
    const { category, group } = kindOf(contents(), request.params.group);
    const { kindPage } = await import('./kind-page.ts');
    const { kindPageOf } = await import('./shell.ts');
    const { en: title } = group.title;
    const description = `${category.title.en}: ${title}`;
    return page(reply, request, { title, description, path: kindPageOf(group.id), content: kindPage(category, group) });
  });
  app.get<{ Params: { '*': string } }>('/docs/guides/*', async (request, reply) => {
    const [, name = '', isMarkdown] = /^(.*?)(\.md)?$/.exec(request.params['*']) ?? [];
    const guide = await guideOf(name);
    if (isMarkdown !== undefined) return send(request, reply, 'md', guide.markdown);
    const { title, html: content } = guide;
    return page(reply, request, { title, description: title, path: `/docs/guides/${name}`, content });
  });
  app.get<{ Params: { '*': string } }>('/docs/*', async (request, reply) => {
    const [, name = '', form] = /^(.*?)(\.md|\.schema\.json)?$/.exec(request.params['*']) ?? [];
    const endpoint = endpointOf(catalog, name);
    // A former path, or one of its names: the page has one address.
    const { pageOf } = await import('./shell.ts');
    if (endpoint.id !== name) return reply.redirect(`${pageOf(endpoint.id)}${form ?? ''}`);
    if (form === '.schema.json') return send(request, reply, 'schema', JSON.stringify(toJsonSchema(endpoint), null, 2));
    if (form === '.md') {
      const { endpointMarkdown } = await import('./markdown.ts');
      return send(request, reply, 'md', endpointMarkdown(endpoint, origin()));
    }
    const { endpointPage } = await import('./endpoint-page.ts');
    const content = endpointPage(endpoint, origin());
    return page(reply, request, {
      title: endpoint.name,
      description: endpoint.about.en,
      path: pageOf(endpoint.id),
      content,
    });
  });
}

/** By its id, a path it had before, or a name that people know it by. */
function endpointOf(catalog: CatalogReader, name: string): Endpoint {
  const endpoint = catalog.get(name) ?? catalog.find(name)[0];
  if (endpoint === undefined) throw new GatewayError('unknown_route', `there is no page of ${name}`);
  return endpoint;
}

function kindOf(contents: readonly Category[], id: string) {
  for (const category of contents) {
    const group = category.groups.find((one) => one.id === id);
    if (group !== undefined) return { category, group };
  }
  throw new GatewayError('unknown_route', `there is no kind of task ${id}`);
}

async function guideOf(name: string): Promise<Guide> {
  const { readGuide } = await import('./guides.ts');
  const guide = await readGuide(name);
  if (guide === undefined) throw new GatewayError('unknown_route', `there is no guide ${name}`);
  return guide;
}

function send(request: FastifyRequest, reply: FastifyReply, type: keyof typeof TYPES, text: string) {
  reply.header('content-security-policy', CONTENT_POLICY);
  return sendDocument(request, reply, { type: TYPES[type], text });
}
