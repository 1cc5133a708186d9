import { type Endpoint, type Input, type Json, type Param, validate } from '@reelay/catalog';

/** The request of an endpoint that costs the least time to draw: its example, with the shortest length, the smallest size
 *  and the fewest results that it allows. */
export function shortestOf(endpoint: Endpoint): Input {
  let input: Input = endpoint.example;
  for (const [name, param] of Object.entries(endpoint.params)) {
    const value = leastOf(name, param);
    if (value === undefined) continue;
    const shorter = { ...input, [name]: value };
    // Some values are allowed beside certain others only.
    if (validate(endpoint, shorter).ok) input = shorter;
  }
  return input;
}

/** Words of size from small to large. */
const SIZES = ['360p', '480p', '512p', '540p', '720p', '768p', '1k', '1080p', '1mp', '2k', '4k'];

function leastOf(name: string, param: Param): Json | undefined {
  if (name === 'duration') return shortestLength(param);
  if (param.type !== 'one-of') return undefined;
  if (/^(resolution|targetResolution)$/.test(name)) {
    const known = param.values.filter((value) => SIZES.includes(value.toLowerCase()));
    return known.toSorted((a, b) => SIZES.indexOf(a.toLowerCase()) - SIZES.indexOf(b.toLowerCase()))[0];
  }
  if (name === 'size') {
    const exact = param.values.filter((value) => areaOf(value) > 0);
    return exact.toSorted((a, b) => areaOf(a) - areaOf(b))[0];
  }
  return undefined;
}

function shortestLength(param: Param): Json | undefined {
  if (param.type === 'one-of') {
    const lengths = param.values.filter((value) => Number(value) > 0);
    return lengths.toSorted((a, b) => Number(a) - Number(b))[0];
  }
  return param.type === 'integer' && param.min !== undefined && param.min > 0 ? param.min : undefined;
}

function areaOf(size: string): number {
  const [, width, height] = /^(\d+)[x*](\d+)$/.exec(size) ?? [];
  return Number(width ?? 0) * Number(height ?? 0);
}
