import fc from 'fast-check';
import { expect, test } from 'vitest';
import { catalog } from './catalog.ts';
import { withDefaults } from './defaults.ts';
import { checkMedia } from './media.ts';
import { mediaParams } from './media-params.ts';
import { quote } from './price.ts';
import type { Endpoint, Json, MediaFacts, ObjectParam, Param, TextParam } from './types.ts';
import { validate } from './validate.ts';

const rows = catalog.list();
const families = [...new Set(rows.map(({ family }) => family))];
const rowsOf = (family: string) => rows.filter((row) => row.family === family);

const address = fc.oneof(
  fc.webUrl(),
  fc.base64String({ minLength: 4, maxLength: 40 }).map((bytes) => `data:image/png;base64,${bytes}`),
  fc.stringMatching(/^[0-9a-f]{64}$/).map((hash) => `openapi/${hash}.png`),
  fc.stringMatching(/^\w{1,20}$/).map((id) => `asset://${id}`),
);
const limits = ({ minItems, maxItems = 5 }: { minItems?: number; maxItems?: number }, required: boolean) => ({
  minLength: Math.max(required ? 1 : 0, minItems ?? 0),
  maxLength: maxItems,
});

const word = fc.string({ minLength: 1 });
const term = fc
  .tuple(
    word.map((said) => said.replaceAll('/', '-')),
    word,
  )
  .map((pair) => pair.join('/'));
/** Patterns of ids: letters, digits and dashes are tried until the pattern takes them. */
const matching = ({ pattern = '', minChars, maxChars }: TextParam) =>
  fc
    .string({ unit: fc.constantFrom(...'aZk09-'), minLength: minChars ?? 1, maxLength: Math.min(maxChars ?? 60, 30) })
    .filter((text) => new RegExp(pattern, 'u').test(text));

/** Any value that a parameter takes. */
function valid(param: Param): fc.Arbitrary<Json> {
  switch (param.type) {
    case 'text':
      if (param.pattern !== undefined) return matching(param);
      return fc
        .string({
          unit: 'grapheme-composite',
          minLength: Math.max(1, param.minChars ?? 0),
          maxLength: Math.min(param.maxChars ?? 60, 30),
        })
        .filter((text) => [...text].length <= (param.maxChars ?? Infinity));
    case 'one-of':
      return fc.constantFrom(...param.values);
    case 'flag':
      return fc.boolean();
    case 'integer':
      return fc.integer({ min: param.min ?? -1_000_000, max: param.max ?? 1_000_000 });
    case 'number':
      return fc.double({ min: param.min ?? -1e6, max: param.max ?? 1e6, noNaN: true });
    case 'image':
    case 'video':
    case 'audio':
      return address;
    case 'images':
    case 'videos':
    case 'audios':
      return fc.array(address, limits(param, param.required));
    case 'texts':
      return fc.array(param.format === undefined ? word : term, limits(param, param.required));
    case 'one-of-list':
      return fc.subarray([...param.values], { minLength: param.required ? 1 : 0 });
    case 'object':
      return validObject(param);
    case 'objects':
      return fc.array(validObject(param), { minLength: 1, maxLength: param.maxItems ?? 4 });
  }
}

function validObject({ fields, fieldValues = {}, fileField }: ObjectParam): fc.Arbitrary<Json> {
  const members = fields.map((field): [string, fc.Arbitrary<Json>] => {
    const values = fieldValues[field];
    if (values !== undefined) return [field, fc.constantFrom(...values)];
    return [field, field === fileField?.name ? address : fc.string()];
  });
  const requiredKeys = fileField === undefined ? [] : [fileField.name];
  return fc.record(Object.fromEntries(members), { requiredKeys });
}

type Body = Record<string, Json>;
const isSent = (value: Json | undefined) => value !== undefined && (!Array.isArray(value) || value.length > 0);

/** Bends a body until the rules over several parameters hold. Written from what the rules mean, not from the checkers. */
function obey(endpoint: Endpoint, body: Body): Body {
  const fixed: Body = { ...body };
  for (const rule of endpoint.constraints) {
    const names = rule.params ?? [];
    const [first = '', second = ''] = names;
    if (rule.rule === 'exactly-one-of') {
      const kept = names.find((name) => isSent(fixed[name])) ?? first;
      for (const name of names) if (name !== kept) delete fixed[name];
      if (!isSent(fixed[kept])) fixed[kept] = endpoint.example[kept] ?? 'https://example.com/a.mp4';
    }
    if (rule.rule === 'needs-any-of' && !names.some((name) => isSent(fixed[name]))) delete fixed[rule.param ?? ''];
    if (rule.rule === 'requires' && fixed.multiShot === true) fixed[first] ??= 'customize';
    if (rule.rule === 'max-items' && (rule.whenPresent ?? []).every((name) => isSent(fixed[name]))) {
      const list = fixed[first];
      if (Array.isArray(list)) fixed[first] = list.slice(0, rule.max);
    }
    if (rule.rule === 'at-least-one-of' && !names.some((name) => isSent(fixed[name]))) {
      fixed[first] = [{ type: 'image', tag: 'a', url: 'https://example.com/a.png' }];
    }
    if (rule.rule === 'needs' && !names.every((name) => isSent(fixed[name]))) delete fixed[rule.param ?? ''];
    if (rule.rule === 'optional-pair' && !isSent(fixed[first])) delete fixed[second];
    if (rule.rule === 'max-total-items') for (const name of names.slice(1)) delete fixed[name];
    if (rule.rule === 'pixel-product' || rule.rule === 'aspect-range') for (const name of names) delete fixed[name];
    if (rule.rule === 'forbidden') {
      const isForbidden = Object.entries(rule.when ?? {}).every(([name, value]) => fixed[name] === value);
      if (isForbidden) Object.assign(fixed, endpoint.example);
    }
    if (rule.rule === 'min-span') fixed[second] = Number(fixed[first]) + (rule.minMs ?? 0);
  }
  return fixed;
}

const validBody = (endpoint: Endpoint): fc.Arbitrary<Body> => {
  const entries = Object.entries(endpoint.params);
  const all = Object.fromEntries(entries.map(([name, param]) => [name, valid(param)]));
  const requiredKeys = entries.flatMap(([name, param]) => (param.required ? [name] : []));
  return fc.record(all, { requiredKeys }).map((body) => obey(endpoint, { ...body } as Body));
};

const endpointAndBody = (family: string) =>
  fc.constantFrom(...rowsOf(family)).chain((endpoint) => fc.tuple(fc.constant(endpoint), validBody(endpoint)));

test.each(families)('%s: whatever the parameters allow is accepted as it was sent, and priced', (family) => {
  fc.assert(
    fc.property(endpointAndBody(family), ([endpoint, body]) => {
      const result = validate(endpoint, body);
      expect(result).toEqual({
        ok: true,
        input: Object.fromEntries(Object.entries(body).filter(([, v]) => isSent(v))),
      });
      if (!result.ok) return;
      const price = quote(endpoint, result.input);
      expect(Number.isSafeInteger(price.micros) && price.micros >= 0).toBe(true);
      expect(price.text.en).toMatch(
        endpoint.pricing === null ? /^no price is published$/ : /^(from )?\d+\.\d{2,6} CNY per /,
      );
      expect(price.micros > 0).toBe(endpoint.pricing !== null && !isListedAsFree(endpoint));
    }),
    { numRuns: 200 },
  );
});

/** Every figure of this price list is zero. */
const isListedAsFree = ({ id }: Endpoint) => id === 'alibaba/wan-2.7/video-edit';

/** A value that a parameter cannot take. */
function invalid(param: Param): fc.Arbitrary<Json> {
  const object = fc.constant<Json>({ a: 1 });
  switch (param.type) {
    case 'text':
      return param.maxChars === undefined ? object : fc.constantFrom<Json>('x'.repeat(param.maxChars + 1), 5, ['a']);
    case 'one-of':
      return fc.oneof(
        object,
        fc.string({ minLength: 1 }).filter((word) => !param.values.includes(word)),
        fc.boolean(),
      );
    case 'flag':
      return fc.oneof(object, fc.constantFrom<Json>('true', 'false', 0, 1));
    case 'integer':
      return fc.oneof(object, fc.constantFrom<Json>('5', 5.5, 1e300, (param.max ?? Infinity) + 1));
    case 'number':
      return fc.oneof(object, fc.constantFrom<Json>('0.5', (param.max ?? Infinity) + 0.001));
    case 'object':
      return fc.constantFrom<Json>('a', 5, [1]);
    default:
      return fc.oneof(object, fc.constantFrom<Json>('nope', 5, ['nope'], [null], [[]]));
  }
}

test.each(families)('%s: one corruption is refused, and the problem names its parameter', (family) => {
  const corrupted = endpointAndBody(family).chain(([endpoint, body]) =>
    fc
      .constantFrom(...Object.entries(endpoint.params))
      .chain(([name, param]) => invalid(param).map((value) => [endpoint, { ...body, [name]: value }, name] as const)),
  );
  fc.assert(
    fc.property(corrupted, ([endpoint, body, name]) => {
      const result = validate(endpoint, body);
      const fields = result.ok ? [] : result.problems.map(({ field }) => field.replace(/[[.].*/, ''));
      expect(fields).toContain(name);
      // Rules over several parameters may be hurt by it too; nothing else may.
      const ruled = new Set(endpoint.constraints.flatMap(({ param = '', params = [] }) => [param, ...params]));
      expect(fields.filter((field) => field !== name && !ruled.has(field))).toEqual([]);
    }),
    { numRuns: 200 },
  );
});

const anyJson = fc.oneof(
  fc.jsonValue({ maxDepth: 4 }),
  fc.bigInt() as unknown as fc.Arbitrary<Json>,
) as fc.Arbitrary<Json>;

test('no JSON at all makes validation, defaults or prices throw', () => {
  const sent = fc
    .constantFrom(...rows)
    .chain((endpoint) =>
      fc.tuple(
        fc.constant(endpoint),
        fc.oneof(anyJson, fc.dictionary(fc.constantFrom(...Object.keys(endpoint.params), '__proto__'), anyJson)),
      ),
    );
  fc.assert(
    fc.property(sent, ([endpoint, body]) => {
      const result = validate(endpoint, body as Body);
      if (!result.ok) {
        expect(result.problems.length).toBeGreaterThan(0);
        for (const { field, message } of result.problems) expect(message.startsWith(field)).toBe(true);
        return;
      }
      withDefaults(endpoint, result.input);
      quote(endpoint, result.input);
    }),
    { numRuns: 2000 },
  );
});

test('defaults fill what was not sent, change nothing, and stay valid', () => {
  const sent = fc.constantFrom(...families).chain(endpointAndBody);
  fc.assert(
    fc.property(sent, ([endpoint, body]) => {
      const filled = withDefaults(endpoint, body);
      expect(filled).toMatchObject(body);
      for (const [name, param] of Object.entries(endpoint.params)) {
        if ('default' in param && body[name] === undefined) expect(filled[name]).toEqual(param.default);
      }
      expect(withDefaults(endpoint, filled)).toEqual(filled);
    }),
  );
});

const anyFacts: fc.Arbitrary<MediaFacts> = fc
  .record(
    {
      kind: fc.constantFrom('image', 'video', 'audio'),
      format: fc.constantFrom('jpg', 'png', 'mp4', 'mov', 'mp3', 'wav', 'exe'),
      sizeBytes: fc.nat(),
      widthPx: fc.nat(10_000),
      heightPx: fc.nat(10_000),
      durationMs: fc.nat(100_000),
    },
    { requiredKeys: ['kind', 'format', 'sizeBytes'] },
  )
  .map((facts) => facts as MediaFacts);

test('no file makes the checks throw, and a problem names the parameter of its file', () => {
  const sent = fc.constantFrom(...rows.filter((row) => mediaParams(row).length > 0)).chain((endpoint) => {
    const names = mediaParams(endpoint).map(({ name }) => name);
    return fc.tuple(
      fc.constant(endpoint),
      fc.dictionary(fc.constantFrom(...names), fc.array(anyFacts, { maxLength: 3 })),
    );
  });
  fc.assert(
    fc.property(sent, ([endpoint, facts]) => {
      for (const { field, message } of checkMedia(endpoint, facts, endpoint.example)) {
        expect(Object.keys(facts)).toContain(field.replace(/[[.].*/, ''));
        expect(message.startsWith(`${field}: `)).toBe(true);
      }
    }),
    { numRuns: 1000 },
  );
});
