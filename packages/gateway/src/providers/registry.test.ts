import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { PROVIDER_TYPES } from './registry.ts';

const PAGE = join(import.meta.dirname, '../../../../docs/channels.md');

test('the page of channels lists every kind of upstream, with exactly its variables', () => {
  const listed = readFileSync(PAGE, 'utf8')
    .split('\n')
    .flatMap((line) => {
      const [, name, title, rest = ''] = /^\| `([\w-]+)` \| ([^|]+) \| ([^|]*`[A-Z][A-Z0-9_]+`.*)$/.exec(line) ?? [];
      const variables = [...rest.matchAll(/`([A-Z0-9_]+)`/g)].map(([, variable]) => variable);
      return name === undefined ? [] : [{ name, title, variables: variables.sort() }];
    });
  expect(listed).toEqual(
    PROVIDER_TYPES.map(({ name, title, credentials, settings }) => ({
      name,
      title,
      variables: [...credentials, ...settings].map(({ env }) => env).sort(),
    })),
  );
});
