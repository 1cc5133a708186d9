import { checkMedia, type Endpoint, type FactsByParam, type Input, type Problem } from '@reelay/catalog';
import type { Asset, AssetService, JobFile } from '../contract/asset.ts';
import { type ErrorCode, GatewayError } from '../contract/errors.ts';
import { mapLimited } from '../lib/map-limited.ts';
import { fetchAsset, type LocateDeps, locateAsset, wrongFile } from './locate.ts';
import { assetIdOf, listMediaPlaces, type MediaPlace, replaceMedia, toAssetAddress } from './media-places.ts';

/** Of one request at a time, so that a long list does not open a connection for each of its addresses. */
const MAX_AT_ONCE = 4;

type Request = { readonly accountId: string; readonly endpoint: Endpoint; readonly input: Input };
/** A problem with the code that it ends in. */
type Fault = Problem & { readonly code: ErrorCode };
type Found = { readonly place: MediaPlace; readonly asset?: Asset; readonly fault?: Fault };

/** How the files of a request become files of ours. */
export type Intake = {
  /** At submit: stores inlined files and finds uploads. Addresses on the internet are left for `gather`.
   *  @returns the input in which every file of ours is named `asset://<id>`, and the facts of the parameters whose files
   *    are all known.
   *  @throws {GatewayError} `invalid_input`, `media_unusable`, with every problem in `details` and its field's name. */
  take(request: Request): Promise<{ input: Input; facts: FactsByParam }>;
  /** Before the provider is called: fetches what `take` left and stores it.
   *  @returns the input in which nothing is left, and the files.
   *  @throws {GatewayError} as `take`; the signal's reason. */
  gather(
    request: Request & { signal: AbortSignal },
  ): Promise<{ input: Input; media: Readonly<Record<string, readonly JobFile[]>> }>;
};

export function createIntake(deps: LocateDeps): Intake {
  return {
    async take({ accountId, endpoint, input }) {
      const places = listMediaPlaces(endpoint, input);
      if (places.length === 0) return { input, facts: {} };
      const found = await mapLimited(places, MAX_AT_ONCE, (place) =>
        attempt(place, () => find(deps, accountId, place)),
      );
      throwFaults(found);
      return settle(endpoint, input, found);
    },
    async gather({ accountId, endpoint, input, signal }) {
      const places = listMediaPlaces(endpoint, input);
      const found = await mapLimited(places, MAX_AT_ONCE, (place) =>
        attempt(place, async () => {
          const id = assetIdOf(place.address);
          if (id === undefined) {
            return fetchAsset(deps, { accountId, address: place.address, maxMegabytes: maxOf(place), signal });
          }
          const asset = await deps.assets.get(id);
          if (asset === undefined) throw new GatewayError('media_unusable', 'the file is no longer stored');
          return asset;
        }),
      );
      throwFaults(found);
      const { input: settled } = settle(endpoint, input, found);
      return { input: settled, media: toJobFiles(deps.assets, found) };
    },
  };
}

/** Turns what one file meets into a fault that names its field, so that all are reported together. */
async function attempt(place: MediaPlace, find: () => Promise<Asset | undefined>): Promise<Found> {
  try {
    const asset = await find();
    if (asset === undefined) return { place };
    if (asset.facts === null) throw wrongFile(`a file that is no media (${asset.extension}); send ${place.slot.kind}`);
    return { place, asset };
  } catch (error) {
    if (!(error instanceof GatewayError)) throw error;
    const { field } = place;
    return { place, fault: { field, message: `${field}: ${error.message}`, code: error.code } };
  }
}

function throwFaults(found: readonly Found[]): void {
  const faults = found.flatMap(({ fault }) => (fault === undefined ? [] : [fault]));
  if (faults.length === 0) return;
  // One that could not be read decides: the others are then only half of the story.
  const code = faults.some((fault) => fault.code === 'media_unusable') ? 'media_unusable' : 'invalid_input';
  throw toRefusal(
    code,
    faults.map(({ field, message }) => ({ field, message })),
  );
}

const toRefusal = (code: ErrorCode, problems: readonly Problem[]): GatewayError =>
  new GatewayError(code, problems.map(({ message }) => message).join('; '), { details: problems });

/** Checks the limits of the endpoint and writes the names of the files into the input. */
function settle(endpoint: Endpoint, input: Input, found: readonly Found[]): { input: Input; facts: FactsByParam } {
  const addresses = new Map(found.map(({ place, asset }) => [place.field, asset && toAssetAddress(asset)]));
  const settled = replaceMedia(endpoint, input, ({ field }) => addresses.get(field));
  const facts = factsByParam(found);
  const problems = checkMedia(endpoint, facts, settled);
  if (problems.length > 0) throw toRefusal('invalid_input', problems);
  return { input: settled, facts };
}

/** Of parameters that have an address on the internet nothing is said yet: facts are matched to addresses by position. */
function factsByParam(found: readonly Found[]): FactsByParam {
  const entries = byParam(found).flatMap(([name, files]) => {
    const facts = files.flatMap(({ asset }) => asset?.facts ?? []);
    return facts.length === files.length ? [[name, facts] as const] : [];
  });
  return Object.fromEntries(entries);
}

const toJobFiles = (assets: AssetService, found: readonly Found[]): Record<string, JobFile[]> =>
  Object.fromEntries(
    byParam(found).map(([name, files]) => [
      name,
      files.flatMap(({ asset }) => (asset === undefined ? [] : toJobFile(assets, asset))),
    ]),
  );

const byParam = (found: readonly Found[]): [string, readonly Found[]][] =>
  Object.entries(Object.groupBy(found, ({ place }) => place.slot.name)).map(([name, files = []]) => [name, files]);

/** As a provider gets it. Empty for a file that is no media. */
export function toJobFile(assets: Pick<AssetService, 'link'>, asset: Asset): JobFile[] {
  const { id: assetId, path, facts } = asset;
  return facts === null ? [] : [{ assetId, path, url: assets.link(asset), facts }];
}

const maxOf = ({ slot }: MediaPlace): number => slot.param.maxMegabytes ?? Number.POSITIVE_INFINITY;

const find = (deps: LocateDeps, accountId: string, place: MediaPlace): Promise<Asset | undefined> =>
  locateAsset(deps, { accountId, address: place.address, maxMegabytes: maxOf(place) });
