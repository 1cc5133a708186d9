import type { FaultName } from './faults.ts';
import type { Media } from './media.ts';
import { hex, type Random } from './random.ts';

export type LinkedFile = {
  readonly bytes: Buffer;
  readonly mediaType: string;
  readonly expiresAtMs: number;
  readonly faults: ReadonlySet<FaultName>;
  readonly needsCredentials: boolean;
  fetches: number;
};

export const FILES_PREFIX = '/_files';

export type Links = {
  /** Gives a file an address. */
  add(file: Omit<LinkedFile, 'fetches'> & { readonly fileName: string }): string;
  find(path: string): LinkedFile | undefined;
  clear(): void;
};

/** The addresses of results: nobody can guess them, and they expire. */
export function createLinks(p: { origin: () => string; random: Random }): Links {
  const files = new Map<string, LinkedFile>();
  return {
    add({ fileName, ...file }) {
      const path = `${FILES_PREFIX}/${hex(p.random, 24)}/${fileName}`;
      files.set(path, { ...file, fetches: 0 });
      return p.origin() + path;
    },
    find: (path) => files.get(path),
    clear: () => files.clear(),
  };
}

export const fileNameOf = ({ extension, kind }: Pick<Media, 'extension' | 'kind'>, index: number): string =>
  `${kind}-${index + 1}.${extension}`;
