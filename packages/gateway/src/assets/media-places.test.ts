import type { Endpoint, Param } from '@reelay/catalog';
import { expect, test } from 'vitest';
import { listMediaPlaces, replaceMedia } from './media-places.ts';

const about = { en: 'A.', zh: '一。' };
const refs: Param = {
  type: 'objects',
  required: false,
  about,
  fields: ['tag', 'url'],
  fileField: { name: 'url', kind: 'image' },
};
const endpoint: Pick<Endpoint, 'params'> = {
  params: {
    imageUrls: { type: 'images', required: true, about },
    refs,
    world: { type: 'text', required: false, about, addressOf: 'video' },
  },
};
const input = {
  imageUrls: ['https://example.com/a.png', 'https://example.com/b.png'],
  refs: [{ tag: 'x' }, { tag: 'y', url: 'https://example.com/c.png' }],
  world: 'https://example.com/d.mp4',
};

test('addresses are found in lists, in objects of lists and in plain texts', () => {
  const places = listMediaPlaces(endpoint, input).map(({ field, slot, address }) => [field, slot.kind, address.at(-5)]);
  expect(places).toEqual([
    ['imageUrls[0]', 'image', 'a'],
    ['imageUrls[1]', 'image', 'b'],
    ['refs[1].url', 'image', 'c'],
    ['world', 'video', 'd'],
  ]);
});

test('a plain text that is no address is left alone', () => {
  expect(listMediaPlaces(endpoint, { world: '1234567890123456789' })).toEqual([]);
});

test('addresses are replaced where they stand, and nothing else changes', () => {
  const replaced = replaceMedia(endpoint, input, ({ field }) =>
    field === 'imageUrls[0]' ? undefined : `asset://${field.replace(/\W/g, '')}`,
  );
  expect(replaced).toEqual({
    imageUrls: ['https://example.com/a.png', 'asset://imageUrls1'],
    refs: [{ tag: 'x' }, { tag: 'y', url: 'asset://refs1url' }],
    world: 'asset://world',
  });
  expect(input.refs[1]?.url).toBe('https://example.com/c.png');
});
