import { gunzipSync } from 'node:zlib';
import { catalog } from '@reelay/catalog';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createTestApp, ORIGIN, type TestApp } from '../testing/test-app.ts';
import { GUIDES, readGuide } from './guides.ts';
import type { SearchRow } from './search-index.ts';

const PRO = '/docs/rhart-video-s-official/text-to-video-pro';
// biome-ignore format: a list of words
const LANGUAGES = [
  'Shell', 'JavaScript', 'Java', 'Swift', 'Go', 'PHP', 'Python', 'HTTP', 'C', 'C#', 'Objective-C', 'Ruby', 'OCaml',
  'Dart', 'R',
];

let test_: TestApp;
beforeAll(async () => {
  test_ = await createTestApp({ deps: { catalog } });
});
afterAll(() => test_.close());
const get = (url: string, headers: Record<string, string> = {}) => test_.send({ method: 'GET', url, headers });
const pageOf = async (url: string): Promise<string> => {
  const answer = await get(url);
  expect([url, answer.statusCode]).toEqual([url, 200]);
  return answer.body;
};

describe('the page of an endpoint', () => {
  test('says what it does in both languages, what it takes, what it costs, and how to call it', async () => {
    const page = await pageOf(PRO);
    const endpoint = catalog.get('rhart-video-s-official/text-to-video-pro');
    for (const text of [endpoint?.about.en, endpoint?.about.zh, '2.10 CNY', '4.90 CNY', 'per second']) {
      expect(page).toContain(text);
    }
    for (const name of Object.keys(endpoint?.params ?? {})) expect(page).toContain(`<code>${name}</code>`);
    const tabs = [...page.matchAll(/role="tab"[^>]*>([^<]+)</g)].map(([, title]) => title);
    expect(tabs).toEqual(LANGUAGES);
    for (const [, code = ''] of page.matchAll(/role="tabpanel"[^>]*>(.*?)<\/pre>/gs)) {
      expect(code).toContain('text-to-video-pro');
      expect(code).toMatch(/YOUR_KEY/);
    }
  });

  test('stands at its place in the contents, where the whole catalog is', async () => {
    const page = await pageOf(PRO);
    expect(page).toContain(`<a href="${PRO}" aria-current="page">sora-2/text-to-video-pro-official-stable</a>`);
    for (const { id } of catalog.list()) {
      expect(page).toContain(`href="/docs/${id.split('/').map(encodeURIComponent).join('/')}"`);
    }
  });

  test.each(catalog.list())('$id is there as HTML, Markdown and JSON Schema', async ({ id, example, name }) => {
    const path = `/docs/${id.split('/').map(encodeURIComponent).join('/')}`;
    const page = await pageOf(path);
    expect(page).toContain(`<h1>${name}</h1>`);
    // Whatever a template was not given would stand there as a word.
    expect(page).not.toMatch(/undefined|\[object/);
    const markdown = await pageOf(`${path}.md`);
    expect(markdown).toContain(`# ${name}\n`);
    expect(markdown).not.toMatch(/undefined|\[object/);
    for (const parameter of Object.keys(example)) expect(markdown).toContain(`- \`${parameter}\` (`);
    const schema = JSON.parse(await pageOf(`${path}.schema.json`));
    expect(schema).toMatchObject({ $schema: expect.stringContaining('2020-12'), examples: [example] });
  });

  test.each([
    ['a name', '/docs/sora-2/text-to-video-pro-official-stable', PRO],
    ['a name in Markdown', '/docs/sora-2/text-to-video-pro-official-stable.md', `${PRO}.md`],
    ['another name', '/docs/sora-2-official/text-to-video-pro', PRO],
  ])('%s leads to it', async (_name, from, to) => {
    const answer = await get(from);
    expect([answer.statusCode, answer.headers.location]).toEqual([302, to]);
  });

  test('a path that an endpoint had before leads to its page', async () => {
    const rows = catalog.list().filter(({ formerIds = [] }) => formerIds.length > 0);
    expect(rows.length).toBeGreaterThan(0);
    for (const { id, formerIds = [] } of rows) {
      for (const former of formerIds) {
        expect((await get(`/docs/${former}`)).headers.location).toBe(`/docs/${id}`);
      }
    }
  });
});

test.each([
  '/docs/no/such/page',
  '/docs/no.md',
  '/docs/guides/nothing',
  '/docs/guides/../../package',
  '/docs/guides/.md',
  '/docs/kinds/nothing',
])('%s is a problem with status 404', async (url) => {
  expect((await get(url)).statusCode).toBe(404);
});

test('every name and every former path is found by the search, and so are the guides', async () => {
  const index = JSON.parse(await pageOf('/docs/search.json')) as SearchRow[];
  expect(index).toHaveLength(catalog.list().length + GUIDES.length);
  for (const { id, name, altNames = [], formerIds = [] } of catalog.list()) {
    const row = index.find(({ names }) => names.includes(id));
    for (const word of [name, ...altNames, ...formerIds]) expect(row?.names).toContain(word);
  }
  expect(index.find(({ path }) => path === '/docs/guides/errors')?.more).toContain('outcome_unknown');
});

test('the endpoints of a kind stand side by side, with what they cost at least', async () => {
  const page = await pageOf('/docs/kinds/text-to-video');
  const rows = catalog.list().filter(({ task }) => task === 'text-to-video');
  const [, main = ''] = page.split('<main>');
  expect(main.match(/<li>/g)).toHaveLength(rows.length);
  expect(main).toContain('from 2.10 CNY per second');
  for (const { about } of rows) expect(main).toContain(about.zh);
  expect(page).not.toMatch(/undefined|\[object/);
});

test('guides are the files of docs/, and lead to each other', async () => {
  for (const { title, path, name } of GUIDES) {
    const page = await pageOf(path);
    expect(page).toContain(`aria-current="page">${title}</a>`);
    expect(await pageOf(`${path}.md`)).toBe((await readGuide(name))?.markdown);
    const links = [...page.matchAll(/href="(\/docs\/guides\/[^"#]+)/g)].map(([, href = '']) => href);
    for (const href of new Set(links)) await pageOf(href);
  }
});

test('llms.txt names every page', async () => {
  const text = await pageOf('/llms.txt');
  for (const { id } of catalog.list()) {
    expect(text).toContain(`(${ORIGIN}/docs/${id.split('/').map(encodeURIComponent).join('/')}.md)`);
  }
});

test.each(['/docs', PRO, '/docs/style.css', '/docs/script.js', '/docs/search.json', '/llms.txt'])(
  '%s is sent again only when it changed',
  async (url) => {
    const first = await get(url);
    const again = await get(url, { 'if-none-match': String(first.headers.etag) });
    expect([again.statusCode, again.body]).toEqual([304, '']);
  },
);

test('pages are compressed for those who take it', async () => {
  const plain = await get(PRO, { 'accept-encoding': 'gzip;q=0, identity' });
  const packed = await get(PRO, { 'accept-encoding': 'br, gzip' });
  expect([plain.headers['content-encoding'], packed.headers['content-encoding']]).toEqual([undefined, 'gzip']);
  expect(gunzipSync(packed.rawPayload).toString()).toBe(plain.body);
  expect(packed.rawPayload.length * 3).toBeLessThan(plain.rawPayload.length);
  expect([plain.headers.etag, plain.headers.vary]).toEqual([packed.headers.etag, 'accept-encoding']);
});

test('pages are drawn from this server alone, and the browser holds them to it', async () => {
  const page = await get(PRO);
  const addresses = [...page.body.matchAll(/<(?:script|link|img)[^>]*\b(?:src|href)="([^"]+)"/g)].map(([, to]) => to);
  expect(addresses.length).toBeGreaterThan(0);
  for (const address of addresses) expect(address).toMatch(/^\/docs\//);
  const policy = String(page.headers['content-security-policy']);
  expect(policy).toContain("default-src 'none'");
  expect(policy).not.toMatch(/https?:|\*|unsafe/);
  expect(page.body).not.toMatch(/<script(?! type="module" src)|<style| on\w+=| style=/);
});
