import { z } from 'zod';
import type { JobFile } from '../../contract/asset.ts';
import { mediaTypeOf } from '../kit/media.ts';
import type { Upstream } from '../kit/upstream.ts';

const Started = z.object({ file_url: z.string(), upload_url: z.string() });
const Part = z.object({ etag: z.string().nullish() });

/** fal takes more in parts only. */
const LIMITS = { wholeBytes: 90 * 1024 ** 2, partBytes: 10 * 1024 ** 2 };

/** Puts files where fal can read them, for servers that it cannot reach. */
export function createStorage(rest: Upstream, { wholeBytes, partBytes } = LIMITS) {
  const start = (file: JobFile, path: string, signal: AbortSignal) =>
    rest.read(
      {
        method: 'POST',
        path,
        query: { storage_type: 'fal-cdn-v3' },
        json: { content_type: mediaTypeOf(file), file_name: `${file.assetId}.${file.facts.format}` },
      },
      Started,
      signal,
    );

  async function putWhole(file: JobFile, signal: AbortSignal): Promise<string> {
    const { file_url, upload_url } = await start(file, '/storage/upload/initiate', signal);
    const bytes = { path: file.path, mediaType: mediaTypeOf(file), startByte: 0, sizeBytes: file.facts.sizeBytes };
    await rest.readRaw({ method: 'PUT', path: upload_url, bytes }, signal);
    return file_url;
  }

  async function putInParts(file: JobFile, signal: AbortSignal): Promise<string> {
    const { file_url, upload_url } = await start(file, '/storage/upload/initiate-multipart', signal);
    const parts: { partNumber: number; etag: string }[] = [];
    const { sizeBytes } = file.facts;
    for (let at = 0; at < sizeBytes; at += partBytes) {
      const partNumber = parts.length + 1;
      const bytes = {
        path: file.path,
        mediaType: mediaTypeOf(file),
        startByte: at,
        sizeBytes: Math.min(partBytes, sizeBytes - at),
      };
      const answer = await rest.readRaw({ method: 'PUT', path: below(upload_url, `${partNumber}`), bytes }, signal);
      const etag = Part.safeParse(answer.body).data?.etag ?? answer.headers.etag ?? '';
      parts.push({ partNumber, etag });
    }
    await rest.readRaw({ method: 'POST', path: below(upload_url, 'complete'), json: { parts } }, signal);
    return file_url;
  }

  /** @returns the address at which fal reads it. */
  return (file: JobFile, signal: AbortSignal): Promise<string> =>
    file.facts.sizeBytes > wholeBytes ? putInParts(file, signal) : putWhole(file, signal);
}

/** What an address carries after its path stays there. */
function below(address: string, name: string): string {
  const url = new URL(address);
  url.pathname = `${url.pathname}/${name}`;
  return url.href;
}
