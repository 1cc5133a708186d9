import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { ERRORS } from './errors.ts';

test('docs/errors.md lists exactly the errors of the table, with their codes', () => {
  const docs = readFileSync(join(import.meta.dirname, '../../../../docs/errors.md'), 'utf8');
  const rows = [...docs.matchAll(/^\| `(\w+)` +\| (\d+) +\| `(\d+)` +\| (\d+) +\| (yes|no) +\|/gm)].map(
    ([, code, status, v2, legacy, retryable]) => [
      code,
      { status: Number(status), v2, legacy: Number(legacy), retryable: retryable === 'yes' },
    ],
  );
  expect(Object.fromEntries(rows)).toEqual(ERRORS);
});
