import { expect, test } from 'vitest';
import {
  audio,
  flag,
  image,
  images,
  integer,
  number,
  object,
  objects,
  oneOf,
  oneOfList,
  optional,
  say,
  text,
  texts,
} from './params.ts';
import type { Json, Param } from './types.ts';
import { countChars, validate } from './validate.ts';

const about = say('a', '一');
const taking = (params: Record<string, Param>) => ({ params, constraints: [] });
/** What is said of one value of one parameter. */
const messages = (param: Param, value: Json): string[] => {
  const result = validate(taking({ it: param }), { it: value });
  return result.ok ? [] : result.problems.map(({ field, message }) => `${field} | ${message}`);
};

const duration = oneOf(about, ['4', '8', '12'], { default: '4' });

test('a listed word is taken exactly, and a message repeats the list', () => {
  expect(messages(duration, '12')).toEqual([]);
  expect(messages(duration, '13')).toEqual(['it | it: "13" is not allowed; choose one of "4", "8", "12"']);
  expect(messages(duration, 12)).toEqual([
    'it | it: 12 is not allowed; choose one of "4", "8", "12" (as text, in quotes)',
  ]);
  expect(messages(duration, ' 12')).toHaveLength(1);
});

test('letter case counts unless the parameter says otherwise, and what was sent is kept', () => {
  const sizes = oneOf(about, ['1k', '2k']);
  expect(messages(sizes, '2K')).toHaveLength(1);
  const result = validate(taking({ it: { ...sizes, ignoreCase: true } }), { it: '2K' });
  expect(result).toEqual({ ok: true, input: { it: '2K' } });
});

test('absent, null, empty text and empty list are all the same: not sent', () => {
  const endpoint = taking({ prompt: text(about), imageUrls: optional(images(about, { minItems: 1 })) });
  for (const body of [{}, { prompt: null }, { prompt: '' }]) {
    expect(validate(endpoint, body)).toEqual({
      ok: false,
      problems: [{ field: 'prompt', message: 'prompt: required, but not sent; send text' }],
    });
  }
  expect(validate(endpoint, { prompt: 'a', imageUrls: [] })).toEqual({ ok: true, input: { prompt: 'a' } });
  expect(validate(taking({ it: images(about) }), { it: [] }).ok).toBe(false);
});

test('zero, false and a blank are values', () => {
  const endpoint = taking({ seed: integer(about), sound: flag(about), prompt: text(about) });
  const body = { seed: 0, sound: false, prompt: ' ' };
  expect(validate(endpoint, body)).toEqual({ ok: true, input: body });
});

test('unknown fields are left out of the input, the names of the prototype among them', () => {
  const body: Record<string, Json> = JSON.parse('{"prompt":"a","appCode":"x","__proto__":{"sound":true},"toString":1}');
  const result = validate(taking({ prompt: text(about), sound: optional(flag(about)) }), body);
  expect(result).toStrictEqual({ ok: true, input: { prompt: 'a' } });
  expect(({} as { sound?: unknown }).sound).toBeUndefined();
});

test('what every object inherits was not sent', () => {
  const body = Object.create({ prompt: 'inherited' });
  expect(validate(taking({ prompt: optional(text(about)) }), body)).toStrictEqual({ ok: true, input: {} });
});

test('everything that is wrong is reported at once, in the order of the parameters', () => {
  const endpoint = taking({ prompt: text(about, { maxChars: 3 }), duration, sound: flag(about), seed: integer(about) });
  const result = validate(endpoint, { seed: 1.5, sound: 'true', prompt: 'long' });
  expect(result.ok ? [] : result.problems.map(({ message }) => message)).toEqual([
    'prompt: too many characters (4); send text of at most 3 characters',
    'duration: required, but not sent; choose one of "4", "8", "12"',
    'sound: "true" is not of the right type; send true or false, without quotes',
    'seed: 1.5 is not a whole number; send a whole number',
  ]);
});

test('characters are code points', () => {
  expect(countChars('a🎬𠮷')).toBe(3);
  expect(countChars('\ud83c')).toBe(1);
  const short = text(about, { minChars: 2, maxChars: 3 });
  expect(messages(short, '🎬🎬🎬')).toEqual([]);
  expect(messages(short, '🎬🎬🎬🎬')).toEqual(['it | it: too many characters (4); send text of 2 to 3 characters']);
  expect(messages(short, '🎬')).toEqual(['it | it: too few characters (1); send text of 2 to 3 characters']);
});

test('a pattern is matched', () => {
  const code = text(about, { pattern: '^[a-z]+$' });
  expect(messages(code, 'abc')).toEqual([]);
  expect(messages(code, 'ABC')).toEqual(['it | it: "ABC" does not match ^[a-z]+$']);
});

test('words separated by commas are counted', () => {
  const tags = text(about, { format: 'csv', maxItems: 2 });
  expect(messages(tags, 'harbour, night')).toEqual([]);
  expect(messages(tags, 'harbour,, night,')).toEqual([]);
  expect(messages(tags, 'a,b,c')).toEqual(['it | it: too many words (3); at most 2, separated by commas']);
});

test('numbers keep to their range and are never text', () => {
  const seconds = integer(about, { min: 3, max: 15 });
  expect(messages(seconds, 3)).toEqual([]);
  expect(messages(seconds, 16)).toEqual(['it | it: 16 is out of range; send a whole number from 3 to 15']);
  expect(messages(seconds, '5')).toEqual(['it | it: "5" is not of the right type; send a whole number from 3 to 15']);
  expect(messages(integer(about), 2 ** 53)).toEqual(['it | it: 9007199254740992 is too large; send a whole number']);
  const guidance = number(about, { min: 0, max: 1, step: 0.1 });
  expect(messages(guidance, 0.55)).toEqual([]);
  expect(messages(guidance, 1.01)).toHaveLength(1);
  expect(messages(guidance, Number.NaN)).toHaveLength(1);
});

test('a bigint of a lossless parser is a number that is too large', () => {
  const huge = 12345678901234567890n as unknown as Json;
  expect(messages(integer(about, { min: 0 }), huge)).toEqual([
    'it | it: 12345678901234567890 is too large; send a whole number of at least 0',
  ]);
  for (const param of [text(about), duration, flag(about), image(about), images(about), objects(about, ['a'])]) {
    expect(messages(param, huge)).toHaveLength(1);
    expect(messages(param, [huge])).toHaveLength(1);
  }
});

test.each([
  'https://example.com/a.jpg?sign=1%2F2',
  'HTTP://127.0.0.1:8080/a',
  'data:image/png;base64,iVBORw0KGgo=',
  'data:audio/mp4;codecs=mp4a.40.2;base64,AAAA',
  'asset://as_01h2.x-y',
  `openapi/${'0a'.repeat(32)}.png`,
  `api/${'0a'.repeat(16)}.mp4`,
])('%s is the address of a file', (address) => {
  expect(messages(image(about), address)).toEqual([]);
  expect(messages(images(about), [address])).toEqual([]);
});

test.each([
  'picture.jpg',
  'ftp://example.com/a.jpg',
  'file:///etc/passwd',
  'javascript:alert(1)',
  'https://',
  'https://exa mple.com/',
  'data:image/png,plain',
  'data:image/png;base64,',
  'data:;base64,AAAA',
  'asset://',
  'asset://../x',
  'openapi/../../x.png',
  `input/${'0a'.repeat(32)}.png`,
  `https://example.com/${'a'.repeat(8200)}`,
])('%s is no address of a file', (address) => {
  const [said = ''] = messages(image(about), address);
  expect(said).toContain(
    'send one image: an http(s) URL, a base64 data URI, asset://<id>, or the file name of an upload',
  );
  expect(said.length).toBeLessThan(240);
});

test('a value in a message is short, printable and no data URI', () => {
  expect(messages(duration, `${'🎬'.repeat(40)}\n`)[0]).toBe(
    `it | it: "${'🎬'.repeat(29)}…" is not allowed; choose one of "4", "8", "12"`,
  );
  expect(messages(duration, 'data:image/png;base64,SECRET')[0]).toContain('it: a data URI is not allowed');
  expect(messages(audio(about), 'data:audio/mp3,SECRET')[0]).toContain('a data URI is no address');
  expect(messages(flag(about), { a: 'SECRET' })[0]).toContain('it: an object is not');
});

test('a list names the item that is wrong', () => {
  const list = images(about, { minItems: 2, maxItems: 3 });
  const good = 'https://example.com/a.png';
  expect(messages(list, [good, good])).toEqual([]);
  expect(messages(list, good)[0]).toContain('is not of the right type; send a list of 2 to 3 image addresses');
  expect(messages(list, [good])).toEqual(['it | it: too few items (1); at least 2']);
  expect(messages(list, [good, good, good, 'x'])).toEqual(['it | it: too many items (4); at most 3']);
  expect(messages(list, [good, '', null]).map((said) => said.split(' | ')[0])).toEqual(['it[1]', 'it[2]']);
});

test('how to say a word is told with a slash', () => {
  const terms = texts(about, { format: 'term/replacement' });
  expect(messages(terms, ['omg/oh my god', 'km/h/kilometres per hour'])).toEqual([]);
  for (const wrong of ['omg', '/oh', 'omg/']) {
    expect(messages(terms, [wrong])).toEqual([
      `it[0] | it[0]: "${wrong}" does not say how to say what; send a word, a slash and its replacement`,
    ]);
  }
});

test('a thousand wrong items are ten problems and a count', () => {
  const said = messages(
    texts(about),
    Array.from({ length: 1000 }, () => 5),
  );
  expect(said).toHaveLength(11);
  expect(said).toContain('it | it: 990 more items are wrong in the same list');
  expect(
    messages(
      texts(about),
      Array.from({ length: 1001 }, () => 'a'),
    ),
  ).toEqual(['it | it: too many items (1001); at most 1000']);
});

test('a list of words takes listed words only', () => {
  const slots = oneOfList(about, ['all', 'image1']);
  expect(messages(slots, ['image1', 'all'])).toEqual([]);
  expect(messages(slots, ['image2'])).toEqual(['it[0] | it[0]: "image2" is not allowed; choose from "all", "image1"']);
  expect(messages(slots, 'all')).toHaveLength(1);
});

test('objects are taken as they are, but not at any depth', () => {
  const shots = objects(about, ['index', 'prompt']);
  expect(messages(shots, [{ index: 1, prompt: 'a', more: [1] }])).toEqual([]);
  expect(messages(shots, [5])).toEqual([
    'it[0] | it[0]: 5 is not an object; send a list of objects with index or prompt',
  ]);
  expect(messages(object(about, ['a']), [])).toEqual(['it | it: required, but not sent; send an object with a']);
  const deep: Json = JSON.parse(`${'{"a":'.repeat(50_000)}1${'}'.repeat(50_000)}`);
  expect(messages(shots, [deep])).toEqual(['it[0] | it[0]: nested deeper than 16 levels']);
});

test.each([null, [], 'text', 5, true])('a body that is %j is refused', (body) => {
  const result = validate(taking({ prompt: text(about) }), body as unknown as Record<string, Json>);
  expect(result).toEqual({ ok: false, problems: [{ field: '', message: 'the body must be a JSON object' }] });
});

test('a huge text costs one message', () => {
  const huge = 'x'.repeat(20_000_000);
  expect(messages(text(about, { maxChars: 10 }), huge)).toEqual([
    'it | it: too many characters (20000000); send text of at most 10 characters',
  ]);
  expect(messages(image(about), huge)[0]?.length).toBeLessThan(240);
});

test('objects are checked field by field where the words or the file of a field are known', () => {
  const params = {
    refs: objects(about, ['type', 'tag', 'url'], {
      maxItems: 2,
      fieldValues: { type: ['image', 'grid'] },
      fileField: { name: 'url', kind: 'image' },
    }),
  };
  const good = { type: 'grid', tag: 'a', url: 'https://example.com/a.png' };
  const check = (refs: Json) => {
    const result = validate({ params, constraints: [] }, { refs });
    return result.ok ? [] : result.problems.map(({ field }) => field);
  };
  expect(check([good, good])).toEqual([]);
  expect(check([good, good, good])).toEqual(['refs']);
  expect(check([{ ...good, type: 'mask' }, { tag: 'b' }])).toEqual(['refs[0].type', 'refs[1].url']);
  expect(check([{ ...good, url: 'here' }])).toEqual(['refs[0].url']);
});
