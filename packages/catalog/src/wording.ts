import { isMediaParam, kindOf } from './media-params.ts';
import type { MediaKind, MediaListParam, Param } from './types.ts';

const MAX_SHOWN_CHARS = 60;

/** A value as a message may repeat it: short, printable, and never the bytes of a data URI. */
export function shown(value: unknown): string {
  if (typeof value === 'string') {
    if (/^\s*data:/i.test(value.slice(0, 100))) return 'a data URI';
    return JSON.stringify(value.length > MAX_SHOWN_CHARS ? `${cut(value)}…` : value);
  }
  if (Array.isArray(value)) return `a list of ${value.length}`;
  if (typeof value === 'object' && value !== null) return 'an object';
  return String(value).slice(0, MAX_SHOWN_CHARS);
}

/** The beginning of a long text, with no half of a surrogate pair at its end. */
const cut = (value: string): string => value.slice(0, MAX_SHOWN_CHARS - 1).replace(/[\ud800-\udbff]$/, '');

export const quoted = (values: readonly string[]): string => values.map((value) => JSON.stringify(value)).join(', ');

/** `jpg, png or webp`. */
export const either = (words: readonly string[]): string =>
  words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} or ${words.at(-1)}`;

/** `from 3 to 15`, `of at least 3`, `of at most 15`, or nothing where there is no limit. */
function range(min: number | undefined, max: number | undefined, words: { join: string; tail: string }): string {
  if (min !== undefined && max !== undefined) return ` ${words.join} ${min} to ${max}${words.tail}`;
  if (min !== undefined) return ` of at least ${min}${words.tail}`;
  return max === undefined ? '' : ` of at most ${max}${words.tail}`;
}

const ADDRESS = 'an http(s) URL, a base64 data URI, asset://<id>, or the file name of an upload';

/** What is to be sent where one file goes. */
export const orderFor = (kind: MediaKind): string => `send one ${kind}: ${ADDRESS}`;

/** What a parameter takes, as an order to the caller: `choose one of "4", "8", "12"`. */
export function allowed(param: Param): string {
  if (isMediaParam(param)) {
    const kind = kindOf(param);
    if (param.type === kind) return orderFor(kind);
    // Only lists of media are left.
    const { minItems = param.required ? 1 : undefined, maxItems } = param as MediaListParam;
    return `send a list${range(minItems, maxItems, { join: 'of', tail: '' })} ${kind} addresses, each ${ADDRESS}`;
  }
  switch (param.type) {
    case 'text':
      return `send text${range(param.minChars, param.maxChars, { join: 'of', tail: ' characters' })}`;
    case 'one-of':
      return `choose one of ${quoted(param.values)}`;
    case 'flag':
      return 'send true or false, without quotes';
    case 'integer':
      return `send a whole number${range(param.min, param.max, { join: 'from', tail: '' })}`;
    case 'number':
      return `send a number${range(param.min, param.max, { join: 'from', tail: '' })}`;
    case 'texts':
      return `send a list${range(param.minItems, param.maxItems, { join: 'of', tail: '' })} texts`;
    case 'one-of-list':
      return `send a list of any of ${quoted(param.values)}`;
    case 'object':
      return `send an object with ${either(param.fields)}`;
    case 'objects':
      return `send a list of objects with ${either(param.fields)}`;
  }
}
