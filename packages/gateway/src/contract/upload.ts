import type { Readable } from 'node:stream';
import type { Asset } from './asset.ts';

/** A file that arrives in pieces. */
export type Upload = {
  readonly id: string;
  /** What was announced. */
  readonly sizeBytes: number;
  /** What has arrived, and is there after a crash. */
  readonly offsetBytes: number;
  readonly fileName: string | null;
  /** As the client sent it. */
  readonly metadata: string | null;
  readonly createdAtMs: number;
  /** When it goes unless more of it arrives; once it is finished, when its address goes. Its file stays. */
  readonly expiresAtMs: number;
  /** Null until all of it is there. */
  readonly asset: Asset | null;
};

/** `hash` of the bytes of one request, as the client computed it. */
export type Checksum = { readonly algorithm: 'md5' | 'sha1' | 'sha256'; readonly hash: Buffer };

type Own = { readonly accountId: string; readonly id: string };

/** Uploads that survive a lost connection and a restart. Another account's upload is like one that does not exist. */
export interface UploadService {
  /** @throws {GatewayError} `body_too_large`, `storage_full`; `rate_limited` above so many unfinished ones. */
  create(p: {
    accountId: string;
    sizeBytes: number;
    fileName: string | null;
    metadata: string | null;
  }): Promise<Upload>;
  /** Where it is. One that is whole, but whose end a crash prevented, is finished first.
   *  @throws {GatewayError} `not_found`; `media_unusable` where the whole file was refused. */
  require(p: Own): Promise<Upload>;
  /** Writes a stream at `offsetBytes`. What arrived before the stream broke is kept, unless there is a checksum. With the
   *  last byte the file becomes an asset before this resolves.
   *  @throws {GatewayError} as `require`; `conflict` for another offset, and while another request sends; `body_too_large`
   *    above what was announced; `checksum_mismatch`, `storage_full`; whatever the stream throws. */
  append(p: Own & { offsetBytes: number; stream: Readable; checksum?: Checksum | undefined }): Promise<Upload>;
  /** Ends it. A file that it has become stays. @throws {GatewayError} `not_found`. */
  remove(p: Own): Promise<void>;
}
