import { checkConstraints } from './constraints.ts';
import { isMediaAddress } from './media-address.ts';
import { isMediaParam, kindOf } from './media-params.ts';
import type {
  Endpoint,
  Json,
  MediaListParam,
  MediaParam,
  NumberParam,
  ObjectParam,
  Param,
  Problem,
  TextListParam,
  TextParam,
  Validation,
} from './types.ts';
import { allowed, orderFor, quoted, shown } from './wording.ts';

/** `omg/oh my god`: something, the first slash, something. */
export const TERM_PATTERN = '^[^/]+/.+$';

/** Where an endpoint states no limit. Bodies are limited long before. */
const MAX_LIST_ITEMS = 1_000;
/** Of one list: a thousand wrong items are reported as ten and a count. */
const MAX_ITEM_PROBLEMS = 10;
/** Objects inside a request are handed on as they are. Deeper ones would break what reads them by recursion. */
const MAX_DEPTH = 16;

/** Checks a request against its endpoint and reports everything that is wrong with it, in the order of the endpoint's
 *  parameters. Corrects nothing and ignores unknown fields. Never throws, whatever the body holds. */
export function validate(
  endpoint: Pick<Endpoint, 'params' | 'constraints'>,
  body: Readonly<Record<string, Json>>,
): Validation {
  // The type promises an object; a caller that passes on what it parsed may hold anything.
  if (!isPlainObject(body)) return { ok: false, problems: [{ field: '', message: 'the body must be a JSON object' }] };
  const input: Record<string, Json> = {};
  const problems: Problem[] = [];
  for (const [name, param] of Object.entries(endpoint.params)) {
    const value = Object.hasOwn(body, name) ? body[name] : undefined;
    if (value === undefined || isAbsent(value)) {
      if (param.required) problems.push(problem(name, `required, but not sent; ${allowed(param)}`));
      continue;
    }
    input[name] = value;
    problems.push(...checkValue(name, param, value));
  }
  problems.push(...checkConstraints(endpoint, input));
  if (problems.length === 0) return { ok: true, input };
  return { ok: false, problems: inOrder(problems, Object.keys(endpoint.params)) };
}

const problem = (field: string, message: string): Problem => ({ field, message: `${field}: ${message}` });

const isAbsent = (value: Json): boolean =>
  value === null || value === '' || (Array.isArray(value) && value.length === 0);

const isPlainObject = (value: unknown): value is Record<string, Json> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Problems sorted by parameter; those of one parameter keep their order. */
export function inOrder(problems: readonly Problem[], names: readonly string[]): Problem[] {
  const place = (field: string) => names.indexOf(field.replace(/[[.].*$/, ''));
  return problems.toSorted((one, other) => place(one.field) - place(other.field));
}

function checkValue(name: string, param: Param, value: Json): Problem[] {
  if (isMediaParam(param)) return checkMediaValue(name, param, value);
  switch (param.type) {
    case 'text':
      return checkText(name, param, value);
    case 'one-of':
      return includes(param.values, value, param.ignoreCase)
        ? []
        : [problem(name, `${shown(value)} is not allowed; ${allowed(param)}${hintQuotes(value)}`)];
    case 'flag':
      return typeof value === 'boolean' ? [] : [wrongType(name, param, value)];
    case 'integer':
    case 'number':
      return checkNumber(name, param, value);
    case 'texts':
      return checkList(name, param, value, param, (field, item) => checkItem(field, param, item));
    case 'one-of-list':
      return checkList(name, param, value, {}, (field, item) =>
        includes(param.values, item, false)
          ? []
          : [problem(field, `${shown(item)} is not allowed; choose from ${quoted(param.values)}`)],
      );
    case 'object':
      return checkObject(name, param, value);
    case 'objects':
      return checkList(name, param, value, param, (field, item) => checkObject(field, param, item));
  }
}

const wrongType = (field: string, param: Param, value: Json): Problem =>
  problem(field, `${shown(value)} is not of the right type; ${allowed(param)}`);

/** Callers often send 12 or true where the listed word is "12" or "true". */
const hintQuotes = (value: Json): string =>
  typeof value === 'string' || typeof value === 'object' ? '' : ' (as text, in quotes)';

const includes = (values: readonly string[], value: Json, ignoreCase: boolean | undefined): boolean =>
  typeof value === 'string' &&
  (values.includes(value) || (ignoreCase === true && values.some((one) => one.toLowerCase() === value.toLowerCase())));

function checkText(name: string, param: TextParam, value: Json): Problem[] {
  if (typeof value !== 'string') return [wrongType(name, param, value)];
  const { minChars = 0, maxChars = Infinity, pattern, format, maxItems } = param;
  const chars = countChars(value);
  if (chars > maxChars || chars < minChars) {
    return [problem(name, `too ${chars > maxChars ? 'many' : 'few'} characters (${chars}); ${allowed(param)}`)];
  }
  if (pattern !== undefined && !new RegExp(pattern, 'u').test(value)) {
    return [problem(name, `${shown(value)} does not match ${pattern}`)];
  }
  return format === 'csv' ? checkWords(name, value, maxItems) : [];
}

/** Words separated by commas. Nothing between two commas is no word. */
function checkWords(name: string, value: string, max = Infinity): Problem[] {
  const count = value.split(',').filter((word) => word.trim() !== '').length;
  return count > max ? [problem(name, `too many words (${count}); at most ${max}, separated by commas`)] : [];
}

function checkItem(field: string, { format }: TextListParam, item: Json): Problem[] {
  if (typeof item !== 'string' || item === '') return [problem(field, `${shown(item)} is not a text`)];
  if (format === undefined || new RegExp(TERM_PATTERN, 'u').test(item)) return [];
  return [problem(field, `${shown(item)} does not say how to say what; send a word, a slash and its replacement`)];
}

/** Unicode code points: an emoji of one code point counts once, not as its two UTF-16 halves. */
export function countChars(value: string): number {
  let pairs = 0;
  for (let at = 0; at < value.length - 1; at++) {
    const isHigh = (value.charCodeAt(at) & 0xfc00) === 0xd800;
    if (isHigh && (value.charCodeAt(at + 1) & 0xfc00) === 0xdc00) pairs++;
  }
  return value.length - pairs;
}

function checkNumber(name: string, param: NumberParam, value: Json): Problem[] {
  const { min = -Infinity, max = Infinity } = param;
  // A parser that loses no digits answers a bigint for what a number cannot hold.
  const isHuge = typeof (value as unknown) === 'bigint' || (typeof value === 'number' && !Number.isFinite(value));
  if (isHuge) return [problem(name, `${shown(value)} is too large; ${allowed(param)}`)];
  if (typeof value !== 'number') return [wrongType(name, param, value)];
  if (param.type === 'integer' && !Number.isSafeInteger(value)) {
    const reason = Number.isInteger(value) ? 'is too large' : 'is not a whole number';
    return [problem(name, `${value} ${reason}; ${allowed(param)}`)];
  }
  return value < min || value > max ? [problem(name, `${value} is out of range; ${allowed(param)}`)] : [];
}

function checkMediaValue(name: string, param: MediaParam | MediaListParam, value: Json): Problem[] {
  const check = (field: string, item: Json): Problem[] =>
    typeof item === 'string' && isMediaAddress(item)
      ? []
      : [problem(field, `${shown(item)} is no address of a file; ${allowed({ ...param, type: kindOf(param) })}`)];
  if (param.type === kindOf(param)) return check(name, value);
  // Only lists of media reach this line.
  return checkList(name, param, value, param as MediaListParam, check);
}

type ListLimits = { readonly minItems?: number; readonly maxItems?: number };
function checkList(
  name: string,
  param: Param,
  value: Json,
  { minItems = 0, maxItems = MAX_LIST_ITEMS }: ListLimits,
  check: (field: string, item: Json) => Problem[],
): Problem[] {
  if (!Array.isArray(value)) return [wrongType(name, param, value)];
  const problems: Problem[] = [];
  if (value.length > maxItems) problems.push(problem(name, `too many items (${value.length}); at most ${maxItems}`));
  if (value.length < minItems) problems.push(problem(name, `too few items (${value.length}); at least ${minItems}`));
  const wrong = value.slice(0, maxItems).flatMap((item, index) => check(`${name}[${index}]`, item));
  problems.push(...wrong.slice(0, MAX_ITEM_PROBLEMS));
  const unsaid = wrong.length - MAX_ITEM_PROBLEMS;
  if (unsaid > 0) problems.push(problem(name, `${unsaid} more items are wrong in the same list`));
  return problems;
}

function checkObject(field: string, param: ObjectParam, value: Json): Problem[] {
  if (!isPlainObject(value)) {
    return [problem(field, `${shown(value)} is not an object; ${allowed(param)}`)];
  }
  if (!isShallow(value, MAX_DEPTH)) return [problem(field, `nested deeper than ${MAX_DEPTH} levels`)];
  const words = Object.entries(param.fieldValues ?? {}).flatMap(([inner, values]) => {
    const said = value[inner];
    return said === undefined || includes(values, said, false)
      ? []
      : [problem(`${field}.${inner}`, `${shown(said)} is not allowed; choose one of ${quoted(values)}`)];
  });
  return [...words, ...checkFileField(field, param, value)];
}

function checkFileField(field: string, { fileField }: ObjectParam, value: Record<string, Json>): Problem[] {
  if (fileField === undefined) return [];
  const { name, kind } = fileField;
  const address = value[name];
  if (typeof address === 'string' && isMediaAddress(address)) return [];
  const what = address === undefined ? 'required, but not sent' : `${shown(address)} is no address of a file`;
  return [problem(`${field}.${name}`, `${what}; ${orderFor(kind)}`)];
}

function isShallow(value: Json, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return true;
  return levels > 0 && Object.values(value).every((inner) => isShallow(inner, levels - 1));
}
