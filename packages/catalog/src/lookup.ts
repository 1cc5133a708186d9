import type { Endpoint } from './types.ts';

/** Endpoints by the several names under which people look for them. */
export type Catalog = {
  /** By its id, or by a path it had before. */
  get(id: string): Endpoint | undefined;
  /** Every endpoint of that name, since names are not unique; in any letter case. */
  find(name: string): readonly Endpoint[];
  /** Endpoints in which every word occurs, those first that have the words in their names. */
  search(words: string): readonly Endpoint[];
  /** All of them, by family. */
  list(): readonly Endpoint[];
};

/** @throws {Error} when two endpoints claim the same path. */
export function createCatalog(families: readonly (readonly Endpoint[])[]): Catalog {
  const rows = families.flat();
  const byId = new Map<string, Endpoint>();
  for (const row of rows) {
    for (const id of [row.id, ...(row.formerIds ?? [])]) {
      if (byId.has(id)) throw new Error(`two endpoints claim ${id}`);
      byId.set(id, row);
    }
  }
  return {
    get: (id) => byId.get(id),
    find: (name) => {
      const wanted = name.toLowerCase();
      return rows.filter((row) => namesOf(row).some((one) => one.toLowerCase() === wanted));
    },
    search: (words) => search(rows, words),
    list: () => rows,
  };
}

const namesOf = ({ name, altNames = [] }: Endpoint): readonly string[] => [name, ...altNames];

function search(rows: readonly Endpoint[], words: string): readonly Endpoint[] {
  const wanted = words.toLowerCase().split(/\s+/).filter(Boolean);
  const found = rows.flatMap((row) => {
    const names = [row.id, ...namesOf(row), ...(row.formerIds ?? [])].join(' ').toLowerCase();
    const { family, vendor, task, about } = row;
    const all = [names, family, vendor, task, about.en, about.zh].join(' ').toLowerCase();
    if (wanted.length === 0 || !wanted.every((word) => all.includes(word))) return [];
    return [{ row, inNames: wanted.filter((word) => names.includes(word)).length }];
  });
  return found.toSorted((one, other) => other.inNames - one.inNames).map(({ row }) => row);
}
