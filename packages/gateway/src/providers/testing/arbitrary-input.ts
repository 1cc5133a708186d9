import {
  type Constraint,
  type Endpoint,
  type Input,
  type Json,
  type MediaKind,
  mediaParams,
  type ObjectParam,
  type Param,
  type TextParam,
  validate,
} from '@reelay/catalog';
import fc from 'fast-check';

/** Longer texts prove nothing more, and take their time. */
const MAX_CHARS = 120;
const MAX_ITEMS = 5;
/** In how many cases of ten an optional parameter is sent. */
const SENT_OF_TEN = 5;
const SENTENCES = [
  'A red kite circles over the dunes.',
  'Zwei Füchse im Schnee, ganz nah.',
  '一只红色的风筝在沙丘上空盘旋。',
  'Rain on a tin roof; "quotes", \\slashes\\ and <tags>.',
  'A lighthouse 🗼 at dusk,\nwaves below.',
];
const EXTENSIONS: Readonly<Record<MediaKind, string>> = { image: 'png', video: 'mp4', audio: 'mp3' };

type Draft = Record<string, Json>;

/** A valid input of an endpoint: anything that `validate` accepts, with few or many of the optional parameters. Media are
 *  addresses, ids of earlier results look like ids of ours. */
export function arbitraryInput(endpoint: Endpoint): fc.Arbitrary<Input> {
  const values = Object.fromEntries(
    Object.entries(endpoint.params).map(([name, param]) => [name, anyValue(name, param)]),
  );
  const sent = fc.record(
    Object.fromEntries(Object.keys(endpoint.params).map((name) => [name, fc.integer({ min: 1, max: 10 })])),
  );
  return fc
    .tuple(fc.record(values), sent)
    .map(([all, dice]) => {
      const input: Draft = {};
      for (const [name, param] of Object.entries(endpoint.params)) {
        if (param.required || (dice[name] ?? 10) <= SENT_OF_TEN) input[name] = all[name] ?? null;
      }
      return endpoint.constraints.reduce((draft, rule) => heed(rule, draft, { all, endpoint }), input);
    })
    .filter((input) => validate(endpoint, input).ok);
}

/** Mends what breaks a rule over several parameters, so that few inputs are thrown away. What it cannot mend, the filter
 *  behind it drops. */
function heed(rule: Constraint, input: Draft, { all, endpoint }: { all: Draft; endpoint: Endpoint }): Draft {
  const { param = '', params: names = [], max = Number.POSITIVE_INFINITY } = rule;
  const present = names.filter((name) => input[name] !== undefined);
  const [first = '', second = ''] = names;
  const effective = (name: string): Json | undefined => {
    const described = endpoint.params[name];
    return input[name] ?? (described !== undefined && 'default' in described ? (described.default as Json) : undefined);
  };
  const applies =
    Object.entries(rule.when ?? {}).every(([name, value]) =>
      value === null ? input[name] === undefined : effective(name) === value,
    ) && (rule.whenPresent ?? []).every((name) => input[name] !== undefined);
  if (!applies) return input;
  const add = (name: string): Draft => ({ ...input, [name]: all[name] ?? null });
  switch (rule.rule) {
    case 'exactly-one-of': {
      const kept = present[0] ?? first;
      return { ...without(input, names), [kept]: input[kept] ?? all[kept] ?? null };
    }
    case 'at-least-one-of':
      return present.length > 0 ? input : add(first);
    case 'needs':
      return present.length === names.length ? input : without(input, [param]);
    case 'needs-any-of':
      return present.length > 0 ? input : without(input, [param]);
    case 'optional-pair':
      return input[second] === undefined || input[first] !== undefined ? input : add(first);
    case 'requires':
      return { ...Object.fromEntries(names.map((name) => [name, all[name] ?? null])), ...input };
    case 'max-items':
      return names.reduce((draft, name) => cut(draft, name, max), input);
    case 'max-total-items':
      return names.reduceRight(
        (draft, name, index) => cut(draft, name, Math.max(1, max - itemsOf(draft, names.slice(0, index)))),
        input,
      );
    case 'max-images':
      return mediaParams(endpoint).reduce(
        (draft, { name, kind }) => (kind === 'image' ? cut(draft, name, max) : draft),
        input,
      );
    case 'min-span': {
      const [from, to] = [input[first], input[second]];
      const { minMs = 0 } = rule;
      return typeof from === 'number' && typeof to === 'number'
        ? { ...input, [second]: from + minMs + (to % 5_000) }
        : input;
    }
    default:
      return input;
  }
}

const without = (input: Draft, names: readonly string[]): Draft =>
  Object.fromEntries(Object.entries(input).filter(([name]) => !names.includes(name)));
const cut = (input: Draft, name: string, max: number): Draft => {
  const value = input[name];
  return Array.isArray(value) ? { ...input, [name]: value.slice(0, max) } : input;
};
const itemsOf = (input: Draft, names: readonly string[]): number =>
  names.reduce((sum, name) => {
    const value = input[name];
    return sum + (Array.isArray(value) ? value.length : value === undefined ? 0 : 1);
  }, 0);

function anyValue(name: string, param: Param): fc.Arbitrary<Json> {
  switch (param.type) {
    case 'text':
      return textOf(param);
    case 'one-of':
      return fc.constantFrom(...param.values);
    case 'flag':
      return fc.boolean();
    case 'integer':
      return fc.integer({ min: param.min ?? 0, max: param.max ?? 2_147_483_647 });
    case 'number':
      return numberOf(param.min ?? 0, param.max ?? 100);
    case 'image':
    case 'video':
    case 'audio':
      return addressOf(param.type);
    case 'images':
      return listOf(addressOf('image'), param);
    case 'videos':
      return listOf(addressOf('video'), param);
    case 'audios':
      return listOf(addressOf('audio'), param);
    case 'texts':
      return listOf(param.format === undefined ? sentence : fc.constantFrom('omg/oh my god', 'SQL/sequel'), param);
    case 'one-of-list':
      return fc.subarray([...param.values], { minLength: 1 });
    case 'object':
      return objectOf(name, param);
    case 'objects':
      return listOf(objectOf(name, param), param);
  }
}

const sentence = fc.constantFrom(...SENTENCES);
export const ownId = fc.stringMatching(/^19[0-9]{17}$/);

function textOf(param: TextParam): fc.Arbitrary<string> {
  const { minChars = 1, maxChars = MAX_CHARS, pattern, format, refersTo, addressOf: kind, suggestions = [] } = param;
  if (pattern !== undefined) return fc.stringMatching(/^[A-Z][a-z]{3}[0-9]{2}[a-z0-9-]{3,12}$/);
  if (refersTo !== undefined) {
    const words = refersTo.orOther === true ? suggestions.map((word) => fc.constant(word)) : [];
    return fc.oneof(ownId, ...words, ...(kind === undefined ? [] : [addressOf(kind)]));
  }
  if (kind !== undefined) return addressOf(kind);
  if (format === 'lora-file') return fc.constantFrom('film-grain.safetensors', 'paper-cut.safetensors');
  if (format === 'csv')
    return fc.subarray(['sea', 'dunes', 'night', 'kite'], { minLength: 1 }).map((words) => words.join(','));
  const fitting = (text: string): string => [...text].slice(0, maxChars).join('').padEnd(minChars, '.');
  const known = suggestions.map((word) => fc.constant(word));
  return fc.oneof(sentence, fc.string({ minLength: 1, maxLength: MAX_CHARS, unit: 'grapheme' }), ...known).map(fitting);
}

/** With two decimals, as people write them. */
const numberOf = (min: number, max: number): fc.Arbitrary<number> =>
  fc.integer({ min: Math.ceil(min * 100), max: Math.floor(max * 100) }).map((hundredths) => hundredths / 100);

const addressOf = (kind: MediaKind): fc.Arbitrary<string> =>
  fc.integer({ min: 1, max: 999 }).map((number) => `https://example.com/${kind}-${number}.${EXTENSIONS[kind]}`);

const listOf = (
  item: fc.Arbitrary<Json>,
  { minItems = 1, maxItems = MAX_ITEMS }: { minItems?: number; maxItems?: number },
): fc.Arbitrary<Json[]> =>
  fc.array(item, { minLength: Math.max(1, minItems), maxLength: Math.max(minItems, Math.min(maxItems, MAX_ITEMS)) });

/** The members of objects are named by the catalog, and not described: what each holds is known here. */
const MEMBERS: Readonly<Record<string, fc.Arbitrary<Json>>> = {
  index: fc.integer({ min: 1, max: 6 }),
  prompt: sentence,
  duration: fc.integer({ min: 1, max: 5 }).map(String),
  element_id: ownId,
  tag_id: fc.constantFrom('o_101', 'o_102', 'o_108'),
  tag: fc.constantFrom('@captain', '@ship'),
};

function objectOf(name: string, { fields, fieldValues = {}, fileField }: ObjectParam): fc.Arbitrary<Json> {
  const members = fields.map((field) => {
    const words = fieldValues[field];
    if (words !== undefined) return [field, fc.constantFrom(...words)] as const;
    if (fileField?.name === field) return [field, addressOf(fileField.kind)] as const;
    const known = MEMBERS[field];
    if (known === undefined) throw new Error(`what does ${name}.${field} hold? Say it in MEMBERS`);
    return [field, known] as const;
  });
  return fc.record(Object.fromEntries(members));
}
