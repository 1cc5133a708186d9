import { sleep } from '../clock.ts';
import { ReelayError } from '../error.ts';
import { type Http, path } from '../http.ts';
import { backoffMs } from '../retry.ts';
import { type CallOptions, idempotency, type MakeOptions } from '../values.ts';
import { type Asset, BODY_MS } from './assets.ts';

/** A file that arrives in pieces. */
export type Upload = {
  readonly id: string;
  readonly sizeBytes: number;
  /** How much has arrived. */
  readonly offsetBytes: number;
  readonly fileName: string | null;
  readonly createdAt: string;
  readonly expiresAt: string;
  /** The file, once all of it is there. */
  readonly asset: Asset | null;
};

export type SendOptions = CallOptions & {
  readonly fileName?: string | undefined;
  /** An upload of this file that was begun before: what has arrived is not sent again. */
  readonly uploadId?: string | undefined;
  /** Default 16 MB: what a broken connection costs at most. */
  readonly pieceBytes?: number | undefined;
  /** Told where the upload is, at first before anything was sent. */
  readonly onProgress?: ((upload: Pick<Upload, 'id' | 'offsetBytes' | 'sizeBytes'>) => void) | undefined;
};

const TUS = { 'tus-resumable': '1.0.0' };
const PIECE_BYTES = 16 * 1_048_576;
/** In a row, without progress. */
const MAX_FAILURES = 10;

/** Uploads of up to 5 GB that survive lost connections and restarts (tus 1.0.0). */
export const createUploads = (http: Http) => {
  const create = (
    p: { readonly sizeBytes: number; readonly fileName?: string | undefined },
    options: MakeOptions = {},
  ): Promise<Upload> => {
    const metadata = p.fileName === undefined ? undefined : `filename ${toBase64(p.fileName)}`;
    const headers = { ...TUS, 'upload-length': String(p.sizeBytes), 'upload-metadata': metadata };
    // One that nobody got to know of costs nothing, and goes after a day.
    const call = { method: 'POST', path: '/uploads', isRepeatable: true, signal: options.signal } as const;
    return http.json({ ...call, headers: { ...headers, ...idempotency(options) } });
  };
  const get = (id: string, { signal }: CallOptions = {}): Promise<Upload> =>
    http.json({ method: 'GET', path: path`/uploads/${id}`, headers: TUS, signal });
  /** @returns the offset after the piece. */
  const append = async (
    id: string,
    offsetBytes: number,
    piece: Blob,
    { signal }: CallOptions = {},
  ): Promise<number> => {
    const type = 'application/offset+octet-stream';
    const headers = { ...TUS, 'upload-offset': String(offsetBytes), 'content-type': type };
    const call = { method: 'PATCH', path: path`/uploads/${id}`, body: piece, headers } as const;
    const response = await http.open({ ...call, extraMs: BODY_MS, signal });
    return Number(response.headers.get('upload-offset') ?? offsetBytes + piece.size);
  };
  return {
    create,
    get,
    append,
    /** Ends it. A file that it has become stays. */
    delete: (id: string, { signal }: CallOptions = {}): Promise<void> =>
      http.json({ method: 'DELETE', path: path`/uploads/${id}`, headers: TUS, signal }),
    /** Sends a whole file piece by piece, and goes on where it was after each fault.
     *  @throws {ReelayError} after several faults without progress; with the `uploadId` that `onProgress` was told, it
     *    can be taken up again. */
    async send(file: Blob, options: SendOptions = {}): Promise<Asset> {
      const { fileName, uploadId, pieceBytes = PIECE_BYTES, signal, onProgress = () => {} } = options;
      let upload =
        uploadId === undefined
          ? await create({ sizeBytes: file.size, fileName }, { signal })
          : await get(uploadId, { signal });
      const { id, sizeBytes } = upload;
      if (sizeBytes !== file.size) {
        const message = `upload ${id} is of a file of ${sizeBytes} bytes, not ${file.size}`;
        throw new ReelayError('invalid_input', message);
      }
      onProgress(upload);
      for (let failures = 0; upload.offsetBytes < sizeBytes; ) {
        const from = upload.offsetBytes;
        try {
          const offsetBytes = await append(id, from, file.slice(from, from + pieceBytes), { signal });
          upload = { ...upload, offsetBytes };
        } catch (error) {
          failures += 1;
          if (!isPassing(error) || failures > MAX_FAILURES) throw error;
          await sleep(http.clock, backoffMs(failures, http.random()), signal);
          upload = await get(id, { signal });
        }
        if (upload.offsetBytes > from) failures = 0;
        onProgress(upload);
      }
      const { asset } = await get(id, { signal });
      if (asset === null) throw new ReelayError('bad_answer', `upload ${id} is whole, but no file`);
      return asset;
    },
  };
};

/** The server may still be reading from a connection that we have lost, and then says that another request sends. */
const isPassing = (error: unknown): boolean =>
  error instanceof ReelayError && (error.retryable || error.code === 'conflict');

const toBase64 = (text: string): string => btoa(String.fromCharCode(...new TextEncoder().encode(text)));
