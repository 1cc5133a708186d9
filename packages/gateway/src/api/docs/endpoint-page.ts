import { type Endpoint, familyName, fileKindOf, placeOf } from '@reelay/catalog';
import { html } from 'ghtml';
import { answersOf, type ParamFact, paramsOf, pricesOf, rulesOf } from './facts.ts';
import { toSamples } from './samples.ts';
import { kindPageOf, pageOf, words } from './shell.ts';

/** Everything about one endpoint, as the content of its page. */
export function endpointPage(endpoint: Endpoint, origin: string): string {
  const { id, name, about, family, task } = endpoint;
  const { category, group } = placeOf(task);
  return html`
<p class="crumbs">!${words(category)} › <a href="${kindPageOf(group.id)}">!${words(group.title)}</a> › ${familyName(family)}</p>
<h1>${name}</h1>
!${statusOf(endpoint)}
<p class="path"><b>POST</b> <code>/openapi/v2/${id}</code></p>
<p class="about">!${words(about)}</p>
!${priceTable(endpoint)}
<h2 id="parameters">!${words({ en: 'Parameters', zh: '参数' })}</h2>
!${paramTable(endpoint)}
<h2 id="try">!${words({ en: 'Try it', zh: '在线试用' })}</h2>
!${tryForm(endpoint)}
<h2 id="samples">!${words({ en: 'Code', zh: '代码示例' })}</h2>
!${samples(endpoint, origin)}
<h2 id="answers">!${words({ en: 'Answers', zh: '返回示例' })}</h2>
<p>!${words(ANSWERS)}</p>
!${answers(endpoint)}
<h2 id="more">!${words({ en: 'More', zh: '更多' })}</h2>
!${more(endpoint)}`;
}

const ANSWERS = {
  en: 'The submit answers at once. Ask POST /openapi/v2/query for the task until its status is SUCCESS or FAILED.',
  zh: '提交后立即返回；用 POST /openapi/v2/query 查询，直到状态变为 SUCCESS 或 FAILED。',
};

function statusOf({ status, replacedBy = [] }: Endpoint): string {
  if (status === 'active') return '';
  const links = replacedBy.map((id) => html`<a href="${pageOf(id)}">${id}</a>`).join(', ');
  const successor = links === '' ? '' : html` !${words({ en: 'Use', zh: '请改用' })} !${links}`;
  return html`<p class="notice">!${words({ en: `This endpoint is ${status}.`, zh: '此接口已停用或被取代。' })}!${successor}</p>`;
}

function priceTable(endpoint: Endpoint): string {
  const prices = pricesOf(endpoint);
  const head = html`<h2 id="price">!${words({ en: 'Price', zh: '价格' })}</h2>`;
  if (prices === undefined) return html`!${head}<p>!${words({ en: 'No price is published.', zh: '未公布价格。' })}</p>`;
  const { columns, rows, unit, asOf } = prices;
  const columnHeads = columns.map((column) => html`<th>${column}</th>`);
  const lines = rows.map(
    ({ values, price }) =>
      html`<tr>!${values.map((value) => html`<td>${value}</td>`)}<td class="money">${price}</td></tr>`,
  );
  return html`!${head}<div class="wide"><table class="price"><thead><tr>!${columnHeads}<th>per ${unit}</th></tr></thead><tbody>!${lines}</tbody></table></div>
<p class="fine">!${words({ en: `As published by the hosted platform on ${asOf}; previews cost nothing.`, zh: `托管平台 ${asOf} 公布的价格；预览不收费。` })}</p>`;
}

function paramTable(endpoint: Endpoint): string {
  const rules = rulesOf(endpoint).map((sentence) => html`<li>${sentence}</li>`);
  return html`<dl class="params">!${paramsOf(endpoint).map(paramEntry)}</dl>!${rules.length === 0 ? '' : html`<h3>!${words({ en: 'Rules', zh: '组合规则' })}</h3><ul>!${rules}</ul>`}`;
}

function paramEntry({ name, kind, required, standard, about, values, limits }: ParamFact): string {
  const need = required ? html`<b class="required">required</b>` : html`<span class="optional">optional</span>`;
  const usual = standard === undefined ? '' : html` <span class="fine">default <code>${standard}</code></span>`;
  const choices = values.map((value) => html`<code>${value}</code> `);
  return html`<div><dt><code>${name}</code> <span class="kind">${kind}</span> !${need}!${usual}</dt>
<dd><p>!${words(about)}</p>!${choices.length === 0 ? '' : html`<p class="choices">!${choices}</p>`}!${limits.length === 0 ? '' : html`<p class="fine">${limits.join(' · ')}</p>`}</dd></div>`;
}

/** The body is edited as JSON; files are uploaded beside it and put in as their addresses. */
function tryForm({ id, params, example }: Endpoint): string {
  const files = Object.entries(params).flatMap(([name, param]) => {
    const kind = fileKindOf(param);
    if (kind === undefined) return [];
    const many = param.type.endsWith('s');
    const label = html`<code>${name}</code> `;
    return [
      html`<label class="file">!${label}<input type="file" accept="${kind}/*" data-name="${name}"!${many ? ' multiple' : ''}></label>`,
    ];
  });
  return html`<form class="try" data-endpoint="${id}">
<label>!${words({ en: 'Your key', zh: '密钥' })} <input class="key" type="password" autocomplete="off" placeholder="32 hexadecimal digits"></label>
!${files}
<textarea spellcheck="false" rows="${Math.min(16, Object.keys(example).length + 3)}" aria-label="Request body">${JSON.stringify(example, null, 2)}</textarea>
<p><button class="run" type="submit">!${words({ en: 'Run', zh: '运行' })}</button> <button class="price" type="button">!${words({ en: 'Price', zh: '查价' })}</button> <button class="cancel" type="button" hidden>!${words({ en: 'Cancel', zh: '取消' })}</button> <progress max="1" hidden></progress> <output role="status"></output></p>
<div class="results"></div>
<details><summary>!${words({ en: 'Last answer', zh: '最近返回' })}</summary><pre class="answer"></pre></details>
</form>`;
}

function samples({ id, example }: Endpoint, origin: string): string {
  const path = id.split('/').map(encodeURIComponent).join('/');
  const list = toSamples({ url: `${origin}/openapi/v2/${path}`, body: example });
  const tabs = list.map(
    ({ id: language, title }, index) =>
      html`<button role="tab" data-language="${language}" aria-selected="${String(index === 0)}">${title}</button>`,
  );
  const panels = list.map(
    ({ id: language, code }, index) =>
      html`<pre role="tabpanel" data-language="${language}"!${index === 0 ? '' : ' hidden'}><code>${code}</code></pre>`,
  );
  return html`<div class="samples"><div class="tabs" role="tablist">!${tabs}</div><button class="copy">!${words({ en: 'Copy', zh: '复制' })}</button>!${panels}</div>`;
}

const answers = (endpoint: Endpoint): string =>
  answersOf(endpoint)
    .map(
      ({ title, body }) =>
        html`<details><summary>${title}</summary><pre><code>${JSON.stringify(body, null, 2)}</code></pre></details>`,
    )
    .join('');

function more({ id, altNames = [], formerIds = [], vendor, channel }: Endpoint): string {
  const also = [...altNames, ...formerIds].map((name) => html`<code>${name}</code> `);
  return html`<ul>
<li>!${words({ en: 'Maker', zh: '厂商' })}: ${vendor}!${channel === null ? '' : html` · ${channel}`}</li>
!${also.length === 0 ? '' : html`<li>!${words({ en: 'Also known as', zh: '别名' })}: !${also}</li>`}
<li><a href="${pageOf(id)}.md">Markdown</a> · <a href="${pageOf(id)}.schema.json">JSON Schema</a> · <a href="/openapi.json">OpenAPI 3.1</a></li>
</ul>`;
}
