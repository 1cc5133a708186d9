import type { Json } from '@reelay/catalog';

type Shot = { readonly [name: string]: Json };

/** The shots of `multiPrompt` in the order of their numbers, without these: some upstreams know them by their place. */
export function listShots(value: Json): Shot[] {
  const shots = (Array.isArray(value) ? value : []).filter(isObject);
  return shots
    .toSorted((one, other) => Number(one.index) - Number(other.index))
    .map(({ index: _number, ...shot }) => shot);
}

export const secondsOf = (shots: readonly Shot[]): number =>
  shots.reduce((sum, { duration }) => sum + Number(duration), 0);

const isObject = (value: Json): value is { [name: string]: Json } =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
