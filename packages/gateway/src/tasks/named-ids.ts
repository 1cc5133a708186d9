import { type Endpoint, type Input, isMediaAddress, type Json, type Param, type Reference } from '@reelay/catalog';

/** An id of an earlier result that stands in a request. */
export type NamedId = {
  /** The parameter. */
  readonly name: string;
  /** As errors name the place: `elementList[1].element_id`. */
  readonly field: string;
  readonly id: string;
  readonly refersTo: Reference;
};

/** What an id that this server gave out looks like. */
export const OWN_ID = /^\d{19}$/;

/** The ids of earlier results in a validated input: parameters that are one, ids in objects, and ids in a prompt, each
 *  after an @. */
export function listNamedIds({ params }: Pick<Endpoint, 'params'>, input: Input): NamedId[] {
  let takers = takersOf.get(params);
  if (takers === undefined) {
    takers = Object.entries(params).filter(([, param]) => takesIds(param));
    takersOf.set(params, takers);
  }
  return takers.flatMap(([name, param]) => {
    const value = input[name];
    return value === undefined ? [] : idsIn(name, param, value);
  });
}

/** The parameters in which ids may stand: few endpoints have one, and every submit asks. */
const takersOf = new WeakMap<Endpoint['params'], readonly [string, Param][]>();
const takesIds = (param: Param): boolean =>
  param.type === 'text'
    ? param.refersTo !== undefined || param.mentions !== undefined
    : (param.type === 'object' || param.type === 'objects') && param.idField !== undefined;

function idsIn(name: string, param: Param, value: Json): NamedId[] {
  if (param.type === 'text' && typeof value === 'string') {
    const { refersTo, mentions, addressOf } = param;
    if (refersTo !== undefined) {
      const isAddress = addressOf !== undefined && isMediaAddress(value);
      return isAddress ? [] : [{ name, field: name, id: value, refersTo }];
    }
    if (mentions === undefined) return [];
    const ids = new Set(Array.from(value.matchAll(/@(\d{19})(?!\d)/g), ([, id = '']) => id));
    return [...ids].map((id) => ({ name, field: name, id, refersTo: { tasks: mentions } }));
  }
  if ((param.type !== 'object' && param.type !== 'objects') || param.idField === undefined) return [];
  const { name: member, refersTo } = param.idField;
  const items = Array.isArray(value) ? value : [value];
  return items.flatMap((item, index) => {
    const id = isObject(item) ? item[member] : undefined;
    const place = Array.isArray(value) ? `${name}[${index}]` : name;
    return isId(id) ? [{ name, field: `${place}.${member}`, id: String(id), refersTo }] : [];
  });
}

const isObject = (value: Json): value is { [key: string]: Json } =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
// A parser that loses no digits answers a bigint for an id that was sent as a number.
const isId = (value: unknown): boolean => ['string', 'number', 'bigint'].includes(typeof value) && value !== '';

/** Whether later requests may call the results of an endpoint by a name that its caller chooses. */
export const namesResults = (endpoint: Pick<Endpoint, 'params'>): boolean =>
  Object.values(endpoint.params).some(isName);

/** The names by which later requests may call the result of this one. */
export function listResultNames(endpoint: Pick<Endpoint, 'params'>, input: Input): string[] {
  return Object.entries(endpoint.params).flatMap(([name, param]) => {
    const value = input[name];
    return isName(param) && typeof value === 'string' && value !== '' ? [value] : [];
  });
}

const isName = (param: Param): boolean => param.type === 'text' && param.namesResult === true;
