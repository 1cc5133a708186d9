import type { JobFile } from '../../contract/asset.ts';
import { UpstreamError } from '../fault.ts';
import { mediaTypeOf } from './media.ts';
import type { Upstream } from './upstream.ts';

/** Puts a file at an address that the upstream gave for it.
 *  @param p.startsJob the upstream begins, and bills, once the file is there: then an answer that is lost leaves the fate
 *    open.
 *  @throws {UpstreamError} What the place says is no word about our credentials: `busy`, or `unknown`. */
export async function putFile(
  upstream: Upstream,
  p: { to: string; file: JobFile; headers?: Readonly<Record<string, string>>; startsJob?: true },
  signal: AbortSignal,
): Promise<void> {
  const { to: path, file, headers = {}, startsJob } = p;
  const bytes = { path: file.path, mediaType: mediaTypeOf(file), startByte: 0, sizeBytes: file.facts.sizeBytes };
  const call = { method: 'PUT', path, headers, bytes } as const;
  try {
    await (startsJob === true ? upstream.createRaw(call, signal) : upstream.readRaw(call, signal));
  } catch (error) {
    if (!(error instanceof UpstreamError) || error.fault === 'unknown') throw error;
    throw new UpstreamError('busy', 'the upstream did not take a file', { cause: error });
  }
}
