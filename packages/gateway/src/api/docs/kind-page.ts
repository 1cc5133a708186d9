import type { Category, Endpoint } from '@reelay/catalog';
import { html } from 'ghtml';
import { leastPriceOf } from './facts.ts';
import { pageOf, words } from './shell.ts';

type Group = Category['groups'][number];

/** Every endpoint of one kind of task side by side: what it does, and from which price on. */
export function kindPage(category: Category, { title, makers }: Group): string {
  const sections = makers.map(
    (maker) => html`<h2>${maker.title}</h2><ul class="rows">!${maker.endpoints.map(row)}</ul>`,
  );
  return html`<p class="crumbs">!${words(category.title)}</p><h1>!${words(title)}</h1>!${sections}`;
}

const row = (endpoint: Endpoint): string => {
  const { id, name, about, status } = endpoint;
  const old = status === 'active' ? '' : ' class="old"';
  const price = leastPriceOf(endpoint) ?? '';
  return html`<li><a href="${pageOf(id)}"!${old}>${name}</a> <small class="money">${price}</small><p>!${words(about)}</p></li>`;
};
