import { type Endpoint, type Input, isMediaAddress, type Json, type MediaSlot, mediaParams } from '@reelay/catalog';

/** Where one address of a file stands in a request. */
export type MediaPlace = {
  readonly slot: MediaSlot;
  /** Its position in a list, 0 where the parameter takes one file. */
  readonly index: number;
  /** As errors name it: `imageUrls[1]`. */
  readonly field: string;
  readonly address: string;
};

/** The addresses of files in a validated input, in the order of the endpoint's parameters. */
export function listMediaPlaces(endpoint: Pick<Endpoint, 'params'>, input: Input): MediaPlace[] {
  return mediaParams(endpoint).flatMap((slot) => {
    const value = input[slot.name];
    if (value === undefined) return [];
    const items = Array.isArray(value) ? value : [value];
    return items.flatMap((item, index): MediaPlace[] => {
      const address = addressIn(item, slot);
      if (address === undefined) return [];
      const place = Array.isArray(value) ? `${slot.name}[${index}]` : slot.name;
      return [{ slot, index, field: slot.field === undefined ? place : `${place}.${slot.field}`, address }];
    });
  });
}

/** An id in place of an address is left to who knows it. */
function addressIn(item: Json, { field, mayBeId }: MediaSlot): string | undefined {
  const value = field === undefined ? item : isObject(item) ? item[field] : undefined;
  if (typeof value !== 'string') return undefined;
  return mayBeId !== true || isMediaAddress(value) ? value : undefined;
}

const isObject = (value: Json): value is { [key: string]: Json } =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The input with other addresses; `replace` answers undefined to keep one. */
export function replaceMedia(
  endpoint: Pick<Endpoint, 'params'>,
  input: Input,
  replace: (place: MediaPlace) => string | undefined,
): Input {
  const replaced: Record<string, Json> = { ...input };
  for (const place of listMediaPlaces(endpoint, input)) {
    const address = replace(place) ?? place.address;
    const { name, field } = place.slot;
    const put = (item: Json | undefined): Json =>
      field !== undefined && item !== undefined && isObject(item) ? { ...item, [field]: address } : address;
    const current = replaced[name];
    replaced[name] = Array.isArray(current) ? current.with(place.index, put(current[place.index])) : put(current);
  }
  return replaced;
}

const ASSET = /^asset:\/\/([\w.-]+)$/;
/** The id in `asset://<id>`. */
export const assetIdOf = (address: string): string | undefined => ASSET.exec(address)?.[1];
export const toAssetAddress = ({ id }: { id: string }): string => `asset://${id}`;
