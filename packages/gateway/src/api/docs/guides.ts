import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Marked } from 'marked';

/** The pages of `docs/` that stand in the table of contents, in reading order. */
// biome-ignore format: a table
export const GUIDES = [
  ['getting-started', 'Getting started'],
  ['examples', 'Integration examples'],
  ['openai', 'OpenAI API'],
  ['cli', 'Command line'],
  ['standins', 'Stand-ins'],
  ['uploads', 'Uploads'],
  ['retention', 'Retention'],
  ['errors', 'Error codes'],
  ['webhooks', 'Webhooks'],
  ['node-info-list', 'nodeInfoList'],
  ['previews', 'Previews'],
  ['architecture', 'Architecture'],
  ['security', 'Security'],
  ['benchmarks', 'Benchmarks'],
].map(([name = '', title = '']) => ({ name, title, path: `/docs/guides/${name}` }));

const FOLDER = join(import.meta.dirname, '../../../../../docs');
/** `decisions/0001-node-24-from-npm`, and nothing that leaves the folder. */
const NAME = /^(?:decisions\/)?[a-z0-9-]+$/;

export type Guide = { readonly title: string; readonly markdown: string; readonly html: string };

/** A page of `docs/`, or undefined where there is none. */
export async function readGuide(name: string): Promise<Guide | undefined> {
  if (!NAME.test(name)) return undefined;
  const markdown = await readFile(join(FOLDER, `${name}.md`), 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
  if (markdown === undefined) return undefined;
  const title = /^# (.+)$/m.exec(markdown)?.[1] ?? name;
  return { title, markdown, html: await toHtml(markdown, name.startsWith('decisions/')) };
}

/** Links between the files of the folder become links between pages; those that leave it lead to the text of the file in
 *  a checkout, which this server does not have. */
async function toHtml(markdown: string, isDecision: boolean): Promise<string> {
  const marked = new Marked({
    gfm: true,
    walkTokens(token) {
      if (token.type === 'link') token.href = toPage(token.href, isDecision);
    },
    renderer: {
      code(token) {
        // GitHub draws these; here they would need a library of megabytes.
        if (token.lang !== 'mermaid') return false;
        return `<details><summary>Diagram (Mermaid)</summary>${new Marked().parser([{ ...token, lang: '' }])}</details>`;
      },
      table(token) {
        // Wide tables scroll by themselves on a narrow screen.
        return `<div class="wide">${new Marked().parser([token])}</div>`;
      },
    },
  });
  return marked.parse(markdown, { async: true });
}

function toPage(href: string, isDecision: boolean): string {
  const [, up = '', path = '', place = ''] = /^(\.\.\/)?([a-z0-9/-]+)\.md(#.*)?$/.exec(href) ?? [];
  if (path === '') return href;
  const inFolder = isDecision && up === '' ? `decisions/${path}` : path;
  return `/docs/guides/${inFolder}${place}`;
}
