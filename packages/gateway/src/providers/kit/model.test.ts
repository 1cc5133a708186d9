import { expect, test } from 'vitest';
import { asNumber, type BodyPart, FileUse } from './media.ts';
import { createModels, type Field, fieldAt, fit } from './model.ts';

const file = new FileUse({
  assetId: 'asset_1',
  path: '/nowhere',
  url: 'https://reelay.test/a.png',
  facts: { kind: 'image', format: 'png', sizeBytes: 3 },
});
const shot: Field = {
  type: 'object[]',
  fields: { prompt: { type: 'string', required: true }, duration: { values: ['1', '2'] }, urls: { type: 'url[]' } },
};

test.each<[string, Field, BodyPart, BodyPart]>([
  ['digits for a number', { type: 'number' }, '5', 5],
  ['a number for digits', { values: ['5', '10'] }, 5, '5'],
  ['a word in the capitals of the upstream', { values: ['1K', '2K'] }, '2k', '2K'],
  ['a number of several', { values: [5, 10] }, '10', 10],
  ['a switch in words', { type: 'boolean' }, 'false', false],
  ['a switch', { type: 'boolean' }, true, true],
  ['text for a number', { type: 'string' }, 7, '7'],
  ['one for a list', { type: 'string[]' }, 'sea', ['sea']],
  ['a file for a list', { type: 'url[]' }, file, [file]],
  ['the only one of a list', { type: 'url' }, [file], file],
  ['digits that no double holds', { type: 'string' }, asNumber('812345678901234567'), asNumber('812345678901234567')],
  ['a size beside names', { values: ['square'], sized: true }, { width: 1, height: 2 }, { width: 1, height: 2 }],
  ['a name beside sizes', { values: ['square'], sized: true }, 'Square', 'square'],
  [
    'objects, member by member',
    shot,
    [{ prompt: 'one', duration: 2, urls: file }],
    [{ prompt: 'one', duration: '2', urls: [file] }],
  ],
])('takes %s', (_name, field, value, part) => {
  expect(fit(field, value)).toEqual({ part });
});

test.each<[string, Field, BodyPart, string]>([
  ['a word that is not there', { values: ['a', 'b'] }, 'c', '"c" is not offered there: only a, b'],
  [
    'a word of many',
    { values: Array.from({ length: 30 }, (_, index) => index) },
    'c',
    `"c" is not offered there: only ${Array.from({ length: 24 }, (_, index) => index).join(', ')} and 6 more`,
  ],
  ['too little', { type: 'number', min: 3 }, 2, '2 is not offered there: at least 3'],
  ['too much', { type: 'number', max: 3 }, '4', '4 is not offered there: at most 3'],
  ['no number', { type: 'number' }, 'many', '"many" has no form that is taken there'],
  ['an empty number', { type: 'number' }, ' ', '" " has no form that is taken there'],
  ['no switch', { type: 'boolean' }, 'maybe', '"maybe" has no form that is taken there'],
  ['two for one', { type: 'url' }, [file, file], 'holds 2, and one is taken there'],
  ['none for one', { type: 'url' }, [], 'holds 0, and one is taken there'],
  ['too many', { type: 'url[]', maxItems: 1 }, [file, file], 'holds 2, and at most 1 are taken there'],
  ['an object for a text', { type: 'string' }, { a: 1 }, '{"a":1} has no form that is taken there'],
  ['a file for a word', { values: ['a'] }, file, 'a file is not offered there: only a'],
  ['a member that is not there', shot, [{ prompt: 'a', mood: 1 }], 'with mood has no counterpart there'],
  ['a member that is missing', shot, [{ duration: '1' }], 'has no prompt, which is required there'],
  ['a member of another kind', shot, [{ prompt: 'a', duration: 3 }], 'with duration 3 is not offered there: only 1, 2'],
  ['a text for an object', { type: 'object', fields: {} }, 'a', '"a" has no form that is taken there'],
])('refuses %s', (_name, field, value, why) => {
  expect(fit(field, value)).toEqual({ why });
});

test('models are read by their ids, and their fields by paths', () => {
  const getModel = createModels({
    models: {
      good: {
        input: { voice: { type: 'object', fields: { speed: { type: 'number', max: 2 } } } },
        files: ['video'],
      },
      bad: { input: { a: { type: 'wish' } } },
    },
  });
  const good = getModel('good');
  expect(getModel('good')).toBe(good);
  expect(getModel('other')).toBeUndefined();
  expect(getModel('toString')).toBeUndefined();
  expect(() => getModel('bad')).toThrow();
  if (good === undefined) return;
  expect(fieldAt(good, 'voice.speed')).toEqual({ type: 'number', max: 2 });
  expect(fieldAt(good, 'voice.volume')).toBeUndefined();
  expect(fieldAt(good, 'voice.speed.more')).toBeUndefined();
});
