import { expect, test } from 'vitest';
import { catalog } from './catalog.ts';
import { familyName, toContents } from './navigation.ts';
import { TASKS } from './types.ts';

const contents = toContents(catalog.list());
const listed = contents.flatMap(({ groups }) => groups.flatMap(({ makers }) => makers.flatMap((one) => one.endpoints)));

test('every endpoint stands in the contents, once', () => {
  expect(listed.map(({ id }) => id).toSorted()).toEqual(
    catalog
      .list()
      .map(({ id }) => id)
      .toSorted(),
  );
});

test('every kind of task has a place', () => {
  const [row] = catalog.list();
  if (row === undefined) throw new Error('no endpoint');
  for (const task of TASKS) expect(toContents([{ ...row, task }]), task).toHaveLength(1);
});

test('a reader finds an endpoint by category, task and maker', () => {
  const video = contents.find(({ id }) => id === 'video');
  const group = video?.groups.find(({ id }) => id === 'text-to-video');
  const sora = group?.makers.find(({ title }) => title === 'Sora');
  expect(sora?.endpoints.map(({ name }) => name)).toContain('sora-2/text-to-video-pro-official-stable');
  expect(group?.makers.map(({ title }) => title)).toEqual(
    group?.makers.map(({ title }) => title).toSorted((a, b) => a.localeCompare(b)),
  );
});

test('families are called as their makers write them', () => {
  expect(['minimax', 'sora', 'z-image'].map(familyName)).toEqual(['MiniMax', 'Sora', 'Z-Image']);
});
