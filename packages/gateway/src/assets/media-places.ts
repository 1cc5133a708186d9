import { type Endpoint, type Input, type Json, type MediaSlot, mediaParams } from '@reelay/catalog';

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
    if (typeof value === 'string') return [{ slot, index: 0, field: slot.name, address: value }];
    if (!Array.isArray(value)) return [];
    return value.flatMap((address, index) =>
      typeof address === 'string' ? [{ slot, index, field: `${slot.name}[${index}]`, address }] : [],
    );
  });
}

/** The input with other addresses; `replace` answers undefined to keep one. */
export function replaceMedia(
  endpoint: Pick<Endpoint, 'params'>,
  input: Input,
  replace: (place: MediaPlace) => string | undefined,
): Input {
  const replaced: Record<string, Json> = { ...input };
  for (const place of listMediaPlaces(endpoint, input)) {
    const address = replace(place) ?? place.address;
    const current = replaced[place.slot.name];
    replaced[place.slot.name] = Array.isArray(current) ? current.with(place.index, address) : address;
  }
  return replaced;
}

const ASSET = /^asset:\/\/([\w.-]+)$/;
/** The id in `asset://<id>`. */
export const assetIdOf = (address: string): string | undefined => ASSET.exec(address)?.[1];
export const toAssetAddress = ({ id }: { id: string }): string => `asset://${id}`;
