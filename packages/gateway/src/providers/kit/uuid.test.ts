import { expect, test } from 'vitest';
import { uuidOf } from './uuid.ts';

test.each([
  [0, '00000000-0000-4000-8000-000000000000'],
  [0.5, '88888888-8888-4888-a888-888888888888'],
  [0.999_999, 'ffffffff-ffff-4fff-bfff-ffffffffffff'],
])('with %d for all chance, a UUID is %s', (chance, uuid) => {
  expect(uuidOf(() => chance)).toBe(uuid);
});
