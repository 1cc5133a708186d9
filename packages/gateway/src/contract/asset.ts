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
  /** How it came to us; `both` where the same bytes were sent and made. */
  readonly origin: 'upload' | 'output' | 'both';
  readonly createdAtMs: number;
  readonly facts: MediaFacts | null;
  readonly path: string;
};

/** Any stream of bytes or texts. The next chunk is asked for when the one before is on disk. */
export type Chunks = AsyncIterable<Buffer | string>;

/** Uploads and outputs: the same bytes are stored once, whoever sends them. */
export interface AssetService {
  /** Streams to disk while hashing; sniffs the type from the bytes (the declared name only helps where they say
   *  nothing); inspects media in a child process.
   *  @param p.unreadable what to do with media that cannot be decoded. A caller's is refused, by default; a result that
   *    was paid for is kept as it is.
   *  @param p.expects refuse, whatever `unreadable` says, what is neither picture, clip nor sound (`media`), or what is
   *    a page of HTML or a GLB by its name only (`file`).
   *  @throws {GatewayError} `body_too_large`, `media_unusable`, `storage_full`. */
  store(p: {
    accountId: string;
    stream: Chunks;
    fileName?: string;
    maxBytes: number;
    unreadable?: 'refuse' | 'keep';
    expects?: 'media' | 'file' | undefined;
    /** Default `upload`. */
    origin?: 'upload' | 'output';
    /** True: bytes that are not looked into, such as weights. A file with the extension of its name, and never media. */
    isOpaque?: boolean;
  }): Promise<Asset>;
  get(id: string): Promise<Asset | undefined>;
  /** An absolute, signed, expiring address with the extension in its path. */
  link(asset: Pick<Asset, 'id' | 'extension'>): string;
  /** The asset a signed path names. @throws {GatewayError} `link_expired`, `file_not_found`. */
  open(p: { fileName: string; expires: string | undefined; signature: string | undefined }): Promise<Asset>;
}

export type AssetQuery = {
  readonly accountId: string;
  /** An asset of `both` origins is found by either. */
  readonly origin?: 'upload' | 'output' | undefined;
  readonly kind?: Asset['kind'] | undefined;
  readonly mediaType?: string | undefined;
  /** What the task made, and what it was given. */
  readonly taskId?: string | undefined;
  /** Created from here, up to but not at. */
  readonly fromMs?: number | undefined;
  readonly toMs?: number | undefined;
};

/** The files of an account, as it may look through them and throw them away. */
export interface Shelf {
  /** Newest first. @param p.cursor as the page before gave it. @throws {GatewayError} `invalid_input` for any other. */
  list(p: {
    query: AssetQuery;
    limit: number;
    cursor?: string | undefined;
  }): Promise<{ items: readonly Asset[]; nextCursor: string | null }>;
  /** Undefined for a missing asset and for another account's. */
  get(p: { accountId: string; id: string }): Promise<Asset | undefined>;
  /** Deletes it; its bytes go from the disk once no other asset has them. Results that were this file have neither an
   *  address nor words from then on, and its links answer `file_not_found`.
   *  @throws {GatewayError} `file_not_found`; `conflict` while a task that has not ended needs it, it is managed, or it is
   *    a model. */
  remove(p: { accountId: string; id: string }): Promise<void>;
}

/** A caller's file on our disk, as a provider gets it. `url` is a signed public address, for upstreams that fetch. */
export type JobFile = {
  readonly assetId: string;
  readonly path: string;
  readonly url: string;
  readonly facts: MediaFacts;
};
