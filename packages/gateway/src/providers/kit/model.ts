import { z } from 'zod';
import { type BodyPart, Digits, FileUse } from './media.ts';

/** A field of an upstream model. Without a type it is one of `values`, which are texts. */
export type Field = {
  /** `url`: an address or a data URI. */
  readonly type?: 'string' | 'number' | 'boolean' | 'url' | 'string[]' | 'url[]' | 'object' | 'object[]' | undefined;
  /** Nothing else is taken. */
  readonly values?: readonly (string | number)[] | undefined;
  /** Besides the values, `{width, height}`. */
  readonly sized?: true | undefined;
  readonly min?: number | undefined;
  readonly max?: number | undefined;
  /** Of a list. */
  readonly maxItems?: number | undefined;
  /** Of an object, or of each object in a list. */
  readonly fields?: Readonly<Record<string, Field>> | undefined;
  /** What the model assumes where nothing is sent. */
  readonly default?: unknown;
  readonly required?: true | undefined;
};

const Field: z.ZodType<Field> = z.strictObject({
  type: z.enum(['string', 'number', 'boolean', 'url', 'string[]', 'url[]', 'object', 'object[]']).optional(),
  values: z.array(z.union([z.string(), z.number()])).optional(),
  sized: z.literal(true).optional(),
  min: z.number().optional(),
  max: z.number().optional(),
  maxItems: z.number().optional(),
  get fields() {
    return z.record(z.string(), Field).optional();
  },
  default: z.unknown().optional(),
  required: z.literal(true).optional(),
});

const Model = z.strictObject({
  input: z.record(z.string(), Field),
  /** The members of an answer that hold what was made, each a file, a list of files, or an object of files. None: the
   *  answer itself is one of these. */
  files: z.array(z.string()).default([]),
  /** The member that names the result for later jobs. */
  id: z.string().optional(),
});
/** What one upstream model takes and gives. */
export type Model = z.infer<typeof Model>;

/** The models of a provider by their ids. A model is read when it is first asked for.
 *  @param data `models.json` of the provider. */
export function createModels(data: { readonly models: Readonly<Record<string, unknown>> }) {
  const read = new Map<string, Model>();
  return (id: string): Model | undefined => {
    const known = read.get(id);
    if (known !== undefined || !Object.hasOwn(data.models, id)) return known;
    const model = Model.parse(data.models[id]);
    read.set(id, model);
    return model;
  };
}

/** The field at a path such as `voice_setting.speed`. */
export function fieldAt({ input }: Model, path: string): Field | undefined {
  const [head = '', ...rest] = path.split('.');
  return rest.reduce<Field | undefined>((field, name) => field?.fields?.[name], input[head]);
}

/** A value in the form that a field wants, or why it does not fit: the end of a sentence that begins with its name. */
export type Fitted = { readonly part: BodyPart } | { readonly why: string };

const MAX_NAMED = 24;
const shown = (value: BodyPart): string =>
  value instanceof FileUse ? 'a file' : (JSON.stringify(value) ?? '').slice(0, 200);

/** Writes a value as a field wants it: a number as its digits, a word in the upstream's capitals, one thing as a list.
 *  What the field does not take stays out: nothing is rounded or replaced. */
export function fit(field: Field, value: BodyPart): Fitted {
  if (field.sized === true && isObject(value)) return { part: value };
  if (field.values !== undefined) return fitOneOf(field.values, value);
  switch (field.type) {
    case 'url':
    case 'string':
      return fitText(field.type, value);
    case 'number':
      return fitNumber(field, value);
    case 'boolean':
      return fitFlag(value);
    case 'object':
      return isObject(value) ? fitFields(field.fields ?? {}, value) : wrong(value);
    case 'url[]':
      return fitList(field, value, (one) => fitText('url', one));
    case 'string[]':
      return fitList(field, value, (one) => fitText('string', one));
    case 'object[]':
      return fitList(field, value, (one) => (isObject(one) ? fitFields(field.fields ?? {}, one) : wrong(one)));
    default:
      return wrong(value);
  }
}

const wrong = (value: BodyPart): Fitted => ({ why: `${shown(value)} has no form that is taken there` });

function fitOneOf(values: readonly (string | number)[], value: BodyPart): Fitted {
  const word = typeof value === 'string' || typeof value === 'number' ? String(value).toLowerCase() : undefined;
  const found = values.find((one) => one === value) ?? values.find((one) => String(one).toLowerCase() === word);
  if (found !== undefined) return { part: found };
  const named = values.slice(0, MAX_NAMED).join(', ');
  const more = values.length > MAX_NAMED ? ` and ${values.length - MAX_NAMED} more` : '';
  return { why: `${shown(value)} is not offered there: only ${named}${more}` };
}

function fitText(type: 'url' | 'string', value: BodyPart): Fitted {
  if (Array.isArray(value)) {
    const [one, ...others] = value as readonly BodyPart[];
    if (one === undefined || others.length > 0) return { why: `holds ${value.length}, and one is taken there` };
    return fitText(type, one);
  }
  if (value instanceof FileUse || value instanceof Digits) return { part: value };
  return typeof value === 'object' ? wrong(value) : { part: String(value) };
}

function fitNumber({ min = -Infinity, max = Infinity }: Field, value: BodyPart): Fitted {
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  if (typeof number !== 'number' || !Number.isFinite(number)) return wrong(value);
  if (number < min) return { why: `${number} is not offered there: at least ${min}` };
  return number > max ? { why: `${number} is not offered there: at most ${max}` } : { part: number };
}

const FLAGS: Readonly<Record<string, boolean>> = { true: true, false: false, yes: true, no: false };

function fitFlag(value: BodyPart): Fitted {
  const flag = Object.hasOwn(FLAGS, String(value)) ? FLAGS[String(value)] : undefined;
  return flag === undefined ? wrong(value) : { part: flag };
}

function fitList({ maxItems = Infinity }: Field, value: BodyPart, fitOne: (one: BodyPart) => Fitted): Fitted {
  const items: readonly BodyPart[] = Array.isArray(value) ? value : [value];
  if (items.length > maxItems) return { why: `holds ${items.length}, and at most ${maxItems} are taken there` };
  const fitted = items.map(fitOne);
  const parts = fitted.flatMap((one) => ('part' in one ? [one.part] : []));
  return fitted.find((one) => 'why' in one) ?? { part: parts };
}

function fitFields(fields: Readonly<Record<string, Field>>, value: { readonly [name: string]: BodyPart }): Fitted {
  const parts: Record<string, BodyPart> = {};
  for (const [name, one] of Object.entries(value)) {
    const field = Object.hasOwn(fields, name) ? fields[name] : undefined;
    const fitted: Fitted = field === undefined ? { why: 'has no counterpart there' } : fit(field, one);
    if ('why' in fitted) return { why: `with ${name} ${fitted.why}` };
    parts[name] = fitted.part;
  }
  const missing = Object.keys(fields).find((name) => fields[name]?.required === true && parts[name] === undefined);
  return missing === undefined ? { part: parts } : { why: `has no ${missing}, which is required there` };
}

const isObject = (value: BodyPart): value is { readonly [name: string]: BodyPart } =>
  typeof value === 'object' &&
  value !== null &&
  !Array.isArray(value) &&
  !(value instanceof FileUse || value instanceof Digits);
