import type { Endpoint, Words } from '@reelay/catalog';
import { GUIDES, readGuide } from './guides.ts';
import { pageOf } from './shell.ts';

/** A page, as the search box knows it (`browser/script.js`). */
export type SearchRow = {
  readonly path: string;
  /** Whoever types one of these in full means this page. */
  readonly names: readonly string[];
  readonly about: Words;
  /** Further words that it is found by. */
  readonly more: string;
  readonly isOld?: true;
};

/** Everything that can be looked for: each endpoint by what it is called and does, each guide by its whole text. */
export async function toSearchIndex(endpoints: readonly Endpoint[]): Promise<SearchRow[]> {
  const guides = await Promise.all(
    GUIDES.map(async ({ name, title, path }) => {
      const guide = await readGuide(name);
      return { path, names: [title, name], about: { en: 'Guide', zh: '指南' }, more: guide?.markdown ?? '' };
    }),
  );
  return [...endpoints.map(toRow), ...guides];
}

const toRow = ({
  id,
  name,
  altNames = [],
  formerIds = [],
  family,
  vendor,
  task,
  about,
  status,
}: Endpoint): SearchRow => ({
  path: pageOf(id),
  names: [name, id, ...altNames, ...formerIds],
  about,
  more: [family, vendor, task].join(' '),
  ...(status === 'active' ? {} : { isOld: true }),
});
