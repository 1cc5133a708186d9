import type { Category } from '@reelay/catalog';
import { html } from 'ghtml';
import { GUIDES } from './guides.ts';

/** Where an endpoint's page is. Some ids hold brackets. */
export const pageOf = (id: string): string => `/docs/${id.split('/').map(encodeURIComponent).join('/')}`;

/** Where the endpoints of one kind of task are listed. */
export const kindPageOf = (group: string): string => `/docs/kinds/${group}`;

export type Page = {
  readonly title: string;
  readonly description: string;
  /** The path of the page itself, for the place in the table of contents. */
  readonly path: string;
  /** Finished HTML. */
  readonly content: string;
};

/** The frame around every page: head, search, table of contents. Nothing in it comes from another host. */
export function toHtml(page: Page, contents: readonly Category[]): string {
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${page.title} · Reelay</title>
<meta name="description" content="${page.description}">
<link rel="icon" href="/docs/icon.svg" type="image/svg+xml">
<link rel="stylesheet" href="/docs/style.css">
<script type="module" src="/docs/script.js"></script>
</head>
<body>
<header class="top">
<button class="menu" aria-label="Contents" aria-expanded="false">☰</button>
<a class="brand" href="/docs">Reelay</a>
<div class="search">
<input type="search" placeholder="Search endpoints  ( / )" aria-label="Search endpoints" autocomplete="off" spellcheck="false">
<ol class="hits" hidden></ol>
</div>
<button class="language" aria-label="Language">中文</button>
</header>
<div class="body">
<nav class="contents" aria-label="Contents">!${toTree(contents, page.path)}</nav>
<main>!${page.content}</main>
</div>
</body>
</html>`;
}

/** The whole table of contents, open at the place of this page. */
function toTree(contents: readonly Category[], path: string): string {
  const here = (href: string) => (href === path ? ' aria-current="page"' : '');
  const guides = GUIDES.map(({ title, path: href }) => html`<li><a href="${href}"!${here(href)}>${title}</a></li>`);
  const categories = contents.map(({ title, groups }) => {
    const inner = groups.map((group) => {
      const makers = group.makers.map((maker) => {
        const links = maker.endpoints.map(({ id, name, status }) => {
          const href = pageOf(id);
          const old = status === 'active' ? '' : ' class="old"';
          return html`<li><a href="${href}"!${old}!${here(href)}>${name}</a></li>`;
        });
        const isOpen = maker.endpoints.some(({ id }) => pageOf(id) === path);
        return { isOpen, text: branch(html`${maker.title} <small>${links.length}</small>`, links, isOpen) };
      });
      const isOpen = kindPageOf(group.id) === path || makers.some((one) => one.isOpen);
      const texts = makers.map(({ text }) => text);
      return { isOpen, text: branch(words(group.title), texts, isOpen) };
    });
    const isOpen = inner.some((one) => one.isOpen);
    const texts = inner.map(({ text }) => text);
    return branch(words(title), texts, isOpen);
  });
  return html`<ul class="tree"><li class="head">!${words({ en: 'Guides', zh: '指南' })}</li>!${guides}<li class="head">!${words({ en: 'Endpoints', zh: '接口' })}</li>!${categories}</ul>`;
}

const branch = (title: string, children: readonly string[], isOpen: boolean): string =>
  html`<li><details!${isOpen ? ' open' : ''}><summary>!${title}</summary><ul>!${children}</ul></details></li>`;

/** A sentence in both languages, of which the page shows the reader's. */
export const words = ({ en, zh }: { en: string; zh: string }): string =>
  html`<span lang="en">${en}</span><span lang="zh">${zh}</span>`;
