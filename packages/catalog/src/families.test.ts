import { expect, test } from 'vitest';
import { catalog } from './catalog.ts';
import { mediaParams } from './media-params.ts';
import { quote } from './price.ts';
import type { Endpoint, Json, Param } from './types.ts';
import { TASKS } from './types.ts';
import { validate } from './validate.ts';

const rows = catalog.list();
const problemsOf = (endpoint: Endpoint, body: Record<string, Json>) => {
  const result = validate(endpoint, body);
  return result.ok ? [] : result.problems;
};
/** The problems of one field when the example holds something else there. */
const withInstead = (endpoint: Endpoint, name: string, value: Json) =>
  problemsOf(endpoint, { ...endpoint.example, [name]: value }).filter(
    ({ field }) => field.replace(/[[.].*/, '') === name,
  );
const paramsOf = (endpoint: Endpoint, ...types: Param['type'][]) =>
  Object.entries(endpoint.params).filter(([, { type }]) => types.includes(type));

test.each(rows)('$id accepts its own example', (endpoint) => {
  expect(validate(endpoint, endpoint.example)).toEqual({ ok: true, input: endpoint.example });
  expect(Object.keys(endpoint.example).filter((name) => endpoint.params[name] === undefined)).toEqual([]);
});

test.each(rows)('$id: examples lead to the domain for examples, with an extension that is accepted', (endpoint) => {
  for (const { name, field, param } of mediaParams(endpoint)) {
    for (const item of [endpoint.example[name] ?? []].flat()) {
      const address = field === undefined ? item : (item as Record<string, Json>)[field];
      const { hostname, pathname } = new URL(String(address));
      expect(hostname).toBe('example.com');
      const extension = pathname.split('.').at(-1);
      expect(param.accept ?? [extension]).toContain(extension);
    }
  }
});

test.each(rows)('$id describes itself and its parameters in two languages', (endpoint) => {
  for (const { about } of [endpoint, ...Object.values(endpoint.params)]) {
    expect(about.en).toMatch(/^[A-Z].*\.$/);
    expect(about.zh).toMatch(/[\u4e00-\u9fff].*。$/);
  }
  expect(TASKS).toContain(endpoint.task);
});

test('no two endpoints describe themselves alike', () => {
  expect(new Set(rows.map(({ about }) => about.en)).size).toBe(rows.length);
  expect(new Set(rows.map(({ about }) => about.zh)).size).toBe(rows.length);
  expect(new Set(rows.map(({ example }) => JSON.stringify(example))).size).toBe(rows.length);
});

test.each(rows)('$id refuses each missing required parameter by name, and all of them together', (endpoint) => {
  const required = Object.entries(endpoint.params).flatMap(([name, param]) => (param.required ? [name] : []));
  for (const name of required) {
    const { [name]: _left, ...body } = endpoint.example;
    expect(problemsOf(endpoint, body)[0]).toMatchObject({
      field: name,
      message: expect.stringMatching(`^${name}: required, but not sent; (send|choose) `),
    });
  }
  const fields = problemsOf(endpoint, {}).map(({ field }) => field);
  expect(fields).toEqual(expect.arrayContaining(required));
  expect(fields.length).toBe(new Set(fields).size);
});

test.each(rows)('$id refuses a word that is not listed, and lists the words', (endpoint) => {
  for (const [name, param] of paramsOf(endpoint, 'one-of')) {
    const [problem] = withInstead(endpoint, name, 'no such word');
    expect(problem?.message).toContain(`${name}: "no such word" is not allowed; choose one of `);
    const values = 'values' in param ? param.values : [];
    for (const value of values) expect(problem?.message).toContain(JSON.stringify(value));
  }
});

test.each(rows)('$id refuses a value of the wrong type in every parameter', (endpoint) => {
  for (const [name, { type }] of Object.entries(endpoint.params)) {
    const wrong: Json = type === 'text' || type === 'object' ? 5 : { a: 1 };
    expect(withInstead(endpoint, name, wrong)[0]).toMatchObject({
      field: name,
      message: expect.stringMatching(/; (send|choose) /),
    });
  }
});

test.each(rows)('$id refuses texts that are too long or too short', (endpoint) => {
  for (const [name, param] of paramsOf(endpoint, 'text')) {
    if (param.type !== 'text') continue;
    if (param.maxChars !== undefined) {
      expect(withInstead(endpoint, name, '🎬'.repeat(param.maxChars))).toEqual([]);
      const [problem] = withInstead(endpoint, name, 'a'.repeat(param.maxChars + 1));
      expect(problem?.message).toContain(`${name}: too many characters (${param.maxChars + 1}); send text of `);
      expect(problem?.message).toContain(String(param.maxChars));
    }
    if (param.minChars !== undefined && param.minChars > 1) {
      expect(withInstead(endpoint, name, 'a')[0]?.message).toContain(`too few characters (1); send text of `);
    }
  }
});

test.each(rows)('$id refuses numbers out of range', (endpoint) => {
  for (const [name, param] of paramsOf(endpoint, 'integer', 'number')) {
    const { min, max } = param as { min?: number; max?: number };
    if (min !== undefined) expect(withInstead(endpoint, name, min - 1)[0]?.message).toContain(String(min));
    if (max !== undefined) expect(withInstead(endpoint, name, max + 1)[0]?.message).toContain(String(max));
    if (param.type === 'integer') expect(withInstead(endpoint, name, 3.5)[0]?.message).toContain('send a whole number');
  }
});

test.each(rows)('$id refuses too many files, and what is no file', (endpoint) => {
  for (const { name, isList, field, param } of mediaParams(endpoint)) {
    const type = endpoint.params[name]?.type;
    // A plain text: the service alone knows what it takes.
    if (type === 'text') continue;
    const item = (address: string): Json => (field === undefined ? address : { [field]: address });
    const problems = withInstead(endpoint, name, isList ? [item('not a file')] : item('not a file'));
    expect(problems[0]?.field).toBe(`${name}${isList ? '[0]' : ''}${field === undefined ? '' : `.${field}`}`);
    if (param.maxItems === undefined) continue;
    const many = Array.from({ length: param.maxItems + 1 }, () => item('https://example.com/a.jpg'));
    expect(withInstead(endpoint, name, many)[0]?.message).toBe(
      `${name}: too many items (${param.maxItems + 1}); at most ${param.maxItems}`,
    );
  }
});

/** Price lists of the platform that name values which the parameter does not offer. */
const NOT_OFFERED: Readonly<Record<string, readonly string[]>> = {
  'rhart-video-v3.1-lite/image-to-video': ['1080p'],
  'alibaba/wan-2.7/video-edit': ['15'],
  'rhart-image-g-1.5-official/image-to-image': ['auto'],
};

test.each(rows)('$id: money is whole micro-units, and every priced value is a value of its parameter', (endpoint) => {
  const { pricing } = endpoint;
  expect(quote(endpoint, endpoint.example)).toMatchObject({ currency: 'CNY', micros: expect.any(Number) });
  const rules = pricing?.kind === 'by-params' ? pricing.rules : [];
  for (const { when, micros } of rules) {
    expect(Number.isSafeInteger(micros) && micros >= 0).toBe(true);
    for (const [name, value] of Object.entries(when)) {
      expect(endpoint.params[name]).toBeDefined();
      if (NOT_OFFERED[endpoint.id]?.includes(String(value))) continue;
      if (value !== null) expect(withInstead(endpoint, name, value)).toEqual([]);
    }
  }
});

test.each(rows)('$id: rules, defaults and successors name what exists', (endpoint) => {
  for (const { when = {}, whenPresent = [], param, params = [] } of endpoint.constraints) {
    const names = [...Object.keys(when), ...whenPresent, ...params, ...(param === undefined ? [] : [param])];
    expect(names.filter((name) => endpoint.params[name] === undefined)).toEqual([]);
  }
  for (const [name, param] of Object.entries(endpoint.params)) {
    if (!('default' in param) || param.default === undefined) continue;
    // A default may count only beside another parameter that the example leaves out.
    const problems = withInstead(endpoint, name, param.default as Json);
    expect(problems.filter(({ message }) => !message.includes('works only together with'))).toEqual([]);
  }
  for (const id of endpoint.replacedBy ?? []) expect(catalog.get(id)).toBeDefined();
});
