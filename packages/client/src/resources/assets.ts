import { type Http, path } from '../http.ts';
import type { Page, PageOptions } from '../pages.ts';
import { type CallOptions, idempotency, type MakeOptions } from '../values.ts';

/** A file of the account. */
export type Asset = {
  readonly id: string;
  /** Needs no key, for seven days. A media parameter takes it, and `asset://<id>`, which does not expire. */
  readonly url: string;
  readonly fileName: string;
  readonly kind: 'image' | 'video' | 'audio' | 'file';
  readonly mediaType: string;
  readonly extension: string;
  readonly sizeBytes: number;
  readonly sha256: string;
  readonly widthPx: number | null;
  readonly heightPx: number | null;
  readonly durationMs: number | null;
  readonly hasAudio: boolean | null;
  readonly origin: 'upload' | 'output' | 'both';
  readonly createdAt: string;
};

export type AssetFilter = {
  readonly origin?: 'upload' | 'output' | undefined;
  readonly kind?: Asset['kind'] | undefined;
  /** A media type. */
  readonly type?: string | undefined;
  /** The id of a task: what it made and what it was given. */
  readonly task?: string | undefined;
  /** Created then or later, and before; ISO 8601. */
  readonly from?: string | undefined;
  readonly to?: string | undefined;
};

/** As long as the server takes a body. */
export const BODY_MS = 300_000;

export const createAssets = (http: Http) => ({
  /** Uploads a file, up to 512 MB, in one request; larger ones and bad lines: `uploads.send`. The same bytes are stored
   *  once, so this is safe to repeat. */
  create(file: Blob, options: MakeOptions & { readonly fileName?: string | undefined } = {}): Promise<Asset> {
    const body = new FormData();
    body.append('file', file, options.fileName ?? 'file');
    const call = { method: 'POST', path: '/assets', isRepeatable: true, extraMs: BODY_MS } as const;
    return http.json({ ...call, body, headers: idempotency(options), signal: options.signal });
  },
  get: (id: string, { signal }: CallOptions = {}): Promise<Asset> =>
    http.json({ method: 'GET', path: path`/assets/${id}`, signal }),
  /** Newest first. */
  list: ({ signal, ...query }: AssetFilter & PageOptions = {}): Promise<Page<Asset>> =>
    http.json({ method: 'GET', path: '/assets', query, signal }),
  /** Deletes it. @throws {ReelayError} `conflict` while a task that has not ended needs it. */
  delete: (id: string, { signal }: CallOptions = {}): Promise<void> =>
    http.json({ method: 'DELETE', path: path`/assets/${id}`, signal }),
});
