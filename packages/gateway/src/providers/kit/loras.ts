import type { Input } from '@reelay/catalog';

const PARAMETER = /^lora\d?$/;
const FILE_NAME = /^[^/]+$/;

/** LoRAs are asked for by file names, and upstreams want addresses.
 *  @param folder where they lie; undefined or empty: nobody said. */
export function withLoraUrls(input: Input, folder: string | undefined): Input {
  if (folder === undefined || folder === '') return input;
  const named = Object.entries(input).map(([name, value]) => {
    const isFileName = PARAMETER.test(name) && typeof value === 'string' && FILE_NAME.test(value);
    return [name, isFileName ? `${folder}/${encodeURIComponent(value)}` : value] as const;
  });
  return Object.fromEntries(named);
}

const PATH = /^https?:\/\/|^[\w.-]+\/[\w.-]+$/;

/** An address, or `owner/name` at a hub: what upstreams can find. */
export const isLoraPath = (value: unknown): boolean => typeof value === 'string' && PATH.test(value);
