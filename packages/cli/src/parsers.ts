import { InvalidArgumentError } from 'commander';
import { AMOUNT_RULE, type Amount, parseAmount } from './money.ts';

// What an option's text means. What these throw, the parser tells with the name of the option.

/** The word that takes a restriction away. */
export const NONE = 'none';
/** What it means. The parser takes null for a value that is missing. */
const nothing = Symbol('none');
type OrNothing<T> = T | typeof nothing;

/** What the API calls it: null. */
export const orNull = <T>(value: OrNothing<T>): T | null => (value === nothing ? null : value);

export const wholeNumber = (min: number, max: number) => (text: string) => {
  const value = Number(text);
  if (/^-?\d{1,15}$/.test(text) && value >= min && value <= max) return value;
  throw new InvalidArgumentError(`It must be a whole number from ${min} to ${max}.`);
};

export const orNone =
  <T>(parse: (text: string) => T) =>
  (text: string): OrNothing<T> =>
    text === NONE ? nothing : parse(text);

export function amount(text: string): Amount {
  const parsed = parseAmount(text);
  if (parsed === undefined) throw new InvalidArgumentError(`Please ${AMOUNT_RULE}.`);
  return parsed;
}

const INSTANT = /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d{1,3})?)?(Z|[+-]\d{2}:\d{2}))?$/;

/** @returns ISO 8601 in UTC; a day is its first moment. */
export function instant(text: string): string {
  const atMs = INSTANT.test(text) ? Date.parse(text) : Number.NaN;
  if (!Number.isNaN(atMs)) return new Date(atMs).toISOString();
  throw new InvalidArgumentError('It must be a day or an instant, such as 2027-12-31 or 2027-12-31T12:00:00Z.');
}

/** A list: with commas between, or the option several times. */
export const list = (text: string, before: readonly string[] = []): readonly string[] => [
  ...before,
  ...text
    .split(',')
    .map((one) => one.trim())
    .filter((one) => one !== ''),
];

/** The same, or none. */
export const listOrNone = (text: string, before: OrNothing<readonly string[]> = []): OrNothing<readonly string[]> =>
  text === NONE ? nothing : list(text, orNull(before) ?? []);
