import type { Endpoint } from '@reelay/catalog';

/** What the surfaces need of the catalog. */
export type CatalogReader = {
  /** By its id or a former one. */
  get(id: string): Endpoint | undefined;
  /** By its name or another that was printed for it. */
  find(name: string): readonly Endpoint[];
  list(): readonly Endpoint[];
};
