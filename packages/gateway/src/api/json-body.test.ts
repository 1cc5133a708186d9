import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseJson } from '../lib/lossless-json.ts';
import { toObject } from './json-body.ts';

test('an integer that a double cannot hold keeps its digits', () => {
  expect(parseJson('{"taskId":2100000000000000303,"list":[-9007199254740993]}')).toEqual({
    taskId: '2100000000000000303',
    list: ['-9007199254740993'],
  });
});

test('numbers that a double holds exactly, and fractions, stay numbers', () => {
  const text = '{"a":9007199254740991,"b":0.12345678901234560,"c":1e30,"d": 1234567890123456}';
  expect(parseJson(text)).toEqual({
    a: 9_007_199_254_740_991,
    b: 0.1234567890123456,
    c: 1e30,
    d: 1_234_567_890_123_456,
  });
});

test('digits inside strings are left alone', () => {
  expect(parseJson('{"prompt":"call 21000000000000003030 now","n":2100000000000000303}')).toEqual({
    prompt: 'call 21000000000000003030 now',
    n: '2100000000000000303',
  });
});

test('any JSON without long numbers parses as JSON.parse does', () => {
  fc.assert(
    fc.property(fc.jsonValue({ maxDepth: 20 }), (value) => {
      const text = JSON.stringify(value);
      fc.pre(!/\d{16}/.test(text));
      expect(parseJson(text)).toEqual(JSON.parse(text));
    }),
  );
});

test('any integer survives, as a number or as its digits', () => {
  fc.assert(
    fc.property(fc.bigInt(), (value) => {
      const parsed = parseJson(`{"n": ${value}}`);
      expect(parsed).toEqual({ n: Number.isSafeInteger(Number(value)) ? Number(value) : String(value) });
    }),
  );
});

test.each([
  ['arrays', '['.repeat(5_000_000)],
  ['closed arrays', `${'['.repeat(1_000_000)}${']'.repeat(1_000_000)}`],
  ['objects', '{"a":'.repeat(1_000_000)],
  ['one array below a long string', `["${'x'.repeat(100)}\\"",${'['.repeat(200)}`],
])('a bomb of %s is refused before it is parsed', (_name, text) => {
  expect(() => parseJson(text)).toThrowError(
    expect.objectContaining({ code: 'malformed_body', message: expect.stringContaining('nests') }),
  );
});

test('brackets inside strings are no nesting, whatever the backslashes', () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom('\\', '"', '[', '{', 'x')), (characters) => {
      const value = { text: characters.join('') + '['.repeat(100) };
      expect(parseJson(JSON.stringify(value))).toEqual(value);
    }),
  );
});

test.each(['{', '{"a":}', 'prompt=x', '\u0000', '{"a":1}}', "{'a':1}", '"unended'])('%j is malformed', (text) => {
  expect(() => parseJson(text)).toThrowError(expect.objectContaining({ code: 'malformed_body' }));
});

test('prototype keys are ordinary keys', () => {
  const parsed = parseJson('{"__proto__":{"apiKey":"x"},"constructor":1,"n":2100000000000000303}');
  expect(Object.keys(toObject(parsed))).toEqual(['__proto__', 'constructor', 'n']);
  expect(Object.getPrototypeOf(parsed)).toBe(Object.prototype);
  expect(toObject(parsed).apiKey).toBeUndefined();
});

test('nothing is an empty object; a list, a text and a number are no object', () => {
  expect([toObject(undefined), toObject(null)]).toEqual([{}, {}]);
  for (const body of [[], 'text', 5, false]) {
    expect(() => toObject(body)).toThrowError(expect.objectContaining({ code: 'malformed_body' }));
  }
});
