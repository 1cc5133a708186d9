import { z } from 'zod';
import type { JobFile } from '../../contract/asset.ts';
import { type Clock, sleep } from '../../lib/clock.ts';
import { UpstreamError } from '../fault.ts';
import { mediaTypeOf } from '../kit/media.ts';
import type { Upstream } from '../kit/upstream.ts';

const File = z.object({
  name: z.string(),
  uri: z.string(),
  state: z.string().nullish(),
  error: z.object({ message: z.string().nullish() }).nullish(),
});
const Finished = z.object({ file: File });
type File = z.infer<typeof File>;

/** Clips are looked at frame by frame before they can be used. */
const CHECK_MS = 2_000;
const MAX_CHECKS = 60;

export type UploadedFile = { readonly name: string; readonly uri: string };

/** Puts a file where the models can read it, for two days, and waits until they can. */
export async function uploadFile(
  deps: { upstream: Upstream; baseUrl: string; clock: Clock },
  file: JobFile,
  signal: AbortSignal,
): Promise<UploadedFile> {
  const { upstream, baseUrl, clock } = deps;
  const { origin, pathname } = new URL(baseUrl);
  const begun = await upstream.readRaw(
    {
      method: 'POST',
      path: `${origin}/upload${pathname}/files`,
      headers: {
        'x-goog-upload-protocol': 'resumable',
        'x-goog-upload-command': 'start',
        'x-goog-upload-header-content-length': String(file.facts.sizeBytes),
        'x-goog-upload-header-content-type': mediaTypeOf(file),
      },
      json: { file: { displayName: file.assetId } },
    },
    signal,
  );
  const target = begun.headers['x-goog-upload-url'];
  if (target === undefined) throw new UpstreamError('busy', 'the upstream did not say where files go');
  const bytes = { path: file.path, mediaType: mediaTypeOf(file), startByte: 0, sizeBytes: file.facts.sizeBytes };
  const headers = { 'x-goog-upload-offset': '0', 'x-goog-upload-command': 'upload, finalize' };
  const finished = await upstream.read({ method: 'POST', path: target, headers, bytes }, Finished, signal);
  let current: File = finished.file;
  for (let checks = 0; current.state === 'PROCESSING'; checks += 1) {
    if (checks === MAX_CHECKS) throw new UpstreamError('busy', 'the upstream did not finish reading a file');
    await sleep(clock, CHECK_MS, signal);
    current = await upstream.read({ method: 'GET', path: `/${current.name}` }, File, signal);
  }
  if (current.state === 'FAILED')
    throw new UpstreamError('media', current.error?.message || 'the upstream could not read a file');
  return current;
}

/** It would go by itself. */
export const removeFile = (upstream: Upstream, { name }: UploadedFile, signal: AbortSignal): Promise<unknown> =>
  upstream.read({ method: 'DELETE', path: `/${name}` }, z.unknown(), signal).catch(() => undefined);
