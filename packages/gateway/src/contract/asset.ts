import type { Readable } from 'node:stream';
import type { MediaFacts } from '@reelay/catalog';

/** A stored file. `path` is where its bytes are; `facts` is null for a file that is no media. */
export type Asset = {
  readonly id: string;
  readonly accountId: string;
  readonly sha256: string;
  readonly sizeBytes: number;
  readonly mediaType: string;
  readonly extension: string;
  readonly kind: 'image' | 'video' | 'audio' | 'file';
  readonly facts: MediaFacts | null;
  readonly path: string;
};

/** Uploads and outputs: the same bytes are stored once, whoever sends them. */
export interface AssetService {
  /** Streams to disk while hashing; sniffs the type from the bytes (the declared name only helps where they say
   *  nothing); inspects media in a child process.
   *  @param p.unreadable what to do with media that cannot be decoded. A caller's is refused, by default; a result that
   *    was paid for is kept as it is.
   *  @throws {GatewayError} `body_too_large`, `media_unusable`. */
  store(p: {
    accountId: string;
    stream: Readable;
    fileName?: string;
    maxBytes: number;
    unreadable?: 'refuse' | 'keep';
  }): Promise<Asset>;
  get(id: string): Promise<Asset | undefined>;
  /** An absolute, signed, expiring address with the extension in its path. */
  link(asset: Pick<Asset, 'id' | 'extension'>): string;
  /** The asset a signed path names. @throws {GatewayError} `link_expired`, `file_not_found`. */
  open(p: { fileName: string; expires: string | undefined; signature: string | undefined }): Promise<Asset>;
}

/** A caller's file on our disk, as a provider gets it. `url` is a signed public address, for upstreams that fetch. */
export type JobFile = {
  readonly assetId: string;
  readonly path: string;
  readonly url: string;
  readonly facts: MediaFacts;
};
