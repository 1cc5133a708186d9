import { Readable } from 'node:stream';
import type { Asset, AssetService } from '../contract/asset.ts';
import { GatewayError } from '../contract/errors.ts';
import { backoffMs } from '../lib/backoff.ts';
import { type Clock, sleep } from '../lib/clock.ts';
import { FetchFailed, type FetchGuard } from '../lib/fetch-guard.ts';
import { findAsset } from '../store/assets.ts';
import type { Db } from '../store/db.ts';
import { getManaged } from '../store/managed-assets.ts';
import { dataUriBytes, decodeDataUri } from './data-uri.ts';
import type { Links } from './links.ts';
import { assetIdOf } from './media-places.ts';

const MEGABYTE = 1_048_576;
const UPLOAD_NAME = /^(?:openapi|api)\/([0-9a-f]{64})\.([0-9a-z]{1,8})$/;
/** The ids of files begin with `asset_`. */
const MANAGED_ID = /^asset-/;
const MAX_FETCH_TRIES = 3;

export type LocateDeps = {
  readonly db: Db;
  readonly assets: AssetService;
  readonly links: Links;
  readonly guard: FetchGuard;
  readonly clock: Clock;
  readonly random: () => number;
  readonly limits: { readonly maxFetchMegabytes: number; readonly fetchTimeoutMs: number };
};
/** An address as an account sent it. */
type Named = { readonly accountId: string; readonly address: string; readonly maxMegabytes: number };

/** The file of ours that an address means; undefined for one on the internet. An inlined file is stored.
 *  @throws {GatewayError} `invalid_input` for an address that leads nowhere, or to another account's file; what `store`
 *    throws. */
export async function locateAsset(deps: LocateDeps, named: Named): Promise<Asset | undefined> {
  const { accountId, address } = named;
  if (/^data:/i.test(address.slice(0, 5))) return storeInlined(deps, named);
  const id = assetIdOf(address);
  if (id !== undefined) {
    return MANAGED_ID.test(id)
      ? locateManaged(deps, accountId, id)
      : requireOwn(await deps.assets.get(id), accountId, 'there is no such asset');
  }
  const upload = UPLOAD_NAME.exec(address.toLowerCase());
  if (upload !== null) return locateUpload(deps, accountId, { sha256: upload[1] ?? '', extension: upload[2] ?? '' });
  const link = deps.links.recognise(address);
  if (link === undefined) return undefined;
  if (link.is === 'forged') throw wrongFile('the link was changed: send the download_url as the upload answered it');
  const asset = await deps.assets.get(link.assetId);
  // Whoever has a link that still works could fetch the file; its owner needs no link.
  return link.is === 'valid' && asset !== undefined ? asset : requireOwn(asset, accountId, 'the link has expired');
}

export const wrongFile = (message: string): GatewayError => new GatewayError('invalid_input', message);

async function locateManaged({ db, assets }: LocateDeps, accountId: string, id: string): Promise<Asset> {
  const row = await getManaged(db, { account_id: accountId, id });
  const asset = row === undefined || row.asset_id === null ? undefined : await assets.get(row.asset_id);
  if (row === undefined) throw wrongFile('there is no such asset');
  if (row.status === 'processing') throw wrongFile(`${id} is still being processed: wait until it is ACTIVE`);
  return asset ?? Promise.reject(wrongFile(`${id} has no file: ${row.error ?? 'it is gone'}`));
}

async function locateUpload(
  { db, assets }: LocateDeps,
  accountId: string,
  content: { sha256: string; extension: string },
): Promise<Asset> {
  const row = await findAsset(db, { account_id: accountId, ...content });
  const asset = row === undefined ? undefined : await assets.get(row.id);
  return requireOwn(asset, accountId, 'there is no such upload');
}

/** Somebody else's file answers like one that does not exist. */
function requireOwn(asset: Asset | undefined, accountId: string, message: string): Asset {
  if (asset?.accountId !== accountId) throw wrongFile(message);
  return asset;
}

async function storeInlined({ assets }: LocateDeps, { accountId, address, maxMegabytes }: Named): Promise<Asset> {
  const sizeBytes = dataUriBytes(address);
  // White space counts here and not later, hence the slack.
  if (sizeBytes > 1.1 * maxMegabytes * MEGABYTE) {
    throw wrongFile(`the file has ${(sizeBytes / MEGABYTE).toFixed(1)} MB; at most ${maxMegabytes} MB`);
  }
  const bytes = decodeDataUri(address);
  if (bytes === undefined) throw wrongFile('the data URI is not valid base64');
  return assets.store({ accountId, stream: Readable.from([bytes]), maxBytes: bytes.length });
}

/** Fetches a file from the internet through the guard; what may pass is tried again.
 *  @throws {GatewayError} `media_unusable`, and what `store` throws; the signal's reason. */
export async function fetchAsset(
  deps: LocateDeps,
  { accountId, address, maxMegabytes, signal }: Named & { readonly signal: AbortSignal },
): Promise<Asset> {
  const { maxFetchMegabytes, fetchTimeoutMs: timeoutMs } = deps.limits;
  const maxBytes = Math.min(maxMegabytes, maxFetchMegabytes) * MEGABYTE;
  for (let failures = 0; ; ) {
    try {
      const { stream, fileName } = await deps.guard.open(address, { maxBytes, timeoutMs, signal });
      return await deps.assets.store({ accountId, stream, fileName, maxBytes });
    } catch (error) {
      failures += 1;
      if (!(error instanceof FetchFailed && error.isPassing) || failures >= MAX_FETCH_TRIES) throw error;
      await sleep(deps.clock, backoffMs({ failures, baseMs: 1_000, maxMs: 10_000, random: deps.random() }), signal);
    }
  }
}
