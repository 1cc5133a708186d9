import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { FAULTS } from './faults.ts';

test('docs/standins.md lists every fault as the table says it, and no other', async () => {
  const page = await readFile(join(import.meta.dirname, '../../../../docs/standins.md'), 'utf8');
  const listed = [...page.matchAll(/^\| `([a-z0-9-]+)` \| ([a-z ]+) \| (.+) \|$/gm)].map(([, ...row]) => row);
  expect(listed).toEqual(Object.entries(FAULTS).map(([name, { when, about }]) => [name, when, about]));
});
