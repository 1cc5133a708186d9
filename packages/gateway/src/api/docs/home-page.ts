import type { Category } from '@reelay/catalog';
import { html } from 'ghtml';
import { GUIDES } from './guides.ts';
import { kindPageOf, words } from './shell.ts';

/** `/docs`: where to begin, and how much there is of what. */
export function homePage(contents: readonly Category[], origin: string): string {
  const guides = GUIDES.map(({ title, path }) => html`<li><a href="${path}">${title}</a></li>`);
  const cards = contents.map(({ title, groups }) => {
    const lines = groups.map((group) => {
      const count = group.makers.reduce((sum, { endpoints }) => sum + endpoints.length, 0);
      return html`<li><a href="${kindPageOf(group.id)}">!${words(group.title)}</a> <small>${count}</small></li>`;
    });
    return html`<section><h3>!${words(title)}</h3><ul>!${lines}</ul></section>`;
  });
  return html`
<h1>!${words({ en: 'Generative media behind one API', zh: '一个接口，生成各类媒体' })}</h1>
<p class="about">!${words(ABOUT)}</p>
<pre><code>curl -X POST ${origin}/openapi/v2/rhart-video-s-official/text-to-video-pro \
  -H 'Authorization: Bearer YOUR_KEY' -H 'Content-Type: application/json' \
  -d '{"prompt": "A paper boat sails down a rain-washed gutter.", "size": "720x1280", "duration": "4"}'</code></pre>
<h2>!${words({ en: 'Guides', zh: '指南' })}</h2>
<ul class="columns">!${guides}</ul>
<h2>!${words({ en: 'Endpoints', zh: '接口' })}</h2>
<div class="cards">!${cards}</div>
<p class="fine"><a href="/openapi.json">OpenAPI 3.1</a> · <a href="/llms.txt">llms.txt</a></p>`;
}

const ABOUT = {
  en: 'Submit a task, ask for it until it ends, download its files. Find an endpoint in the contents, or press / and type any part of its name.',
  zh: '提交任务，轮询直至结束，下载文件。可在目录中查找接口，或按 / 键输入名称的任意部分。',
};
