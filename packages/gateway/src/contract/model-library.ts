import type { Readable } from 'node:stream';
import type { Asset } from './asset.ts';
import type { NumberedPage } from './media-library.ts';

export const RESOURCE_TYPES = ['CHECKPOINT', 'UNET', 'LORA', 'GGUF'] as const;

export type Poster = {
  readonly posterUrl: string;
  readonly thumbnailUrl: string;
  readonly widthPx: number;
  readonly heightPx: number;
};

export type ResourceVersion = {
  /** 19 digits. A version keeps it for as long as it keeps its `version`. */
  readonly id: string;
  readonly version: string;
  readonly name: string;
  readonly baseModel: string;
  readonly baseModelSubtype: string;
  readonly triggerWords: string;
  readonly description: string;
  readonly posters: readonly Poster[];
};

/** A model that may be named to a loader node. */
export type Resource = {
  /** 19 digits. */
  readonly id: string;
  readonly type: (typeof RESOURCE_TYPES)[number];
  readonly name: string;
  readonly description: string;
  /** What the loader takes. */
  readonly nodeModelName: string;
  readonly posterUrl: string;
  readonly thumbnailUrl: string;
  readonly owner: { readonly name: string; readonly avatarUrl: string };
  /** True: everybody sees it. False: it is the account's that asks. */
  readonly isShared: boolean;
  /** The id of its file; null where the model is not stored here. */
  readonly assetId: string | null;
  /** `id` is the same number for a name for ever. */
  readonly tags: readonly { readonly id: number; readonly name: string }[];
  readonly versions: readonly ResourceVersion[];
  readonly createdAtMs: number;
};

/** What may be said of a resource. */
export type ResourceFields = Pick<
  Resource,
  'type' | 'name' | 'description' | 'nodeModelName' | 'posterUrl' | 'thumbnailUrl' | 'owner'
> & { readonly tags: readonly string[]; readonly versions: readonly Omit<ResourceVersion, 'id'>[] };

/** What is left out stays. */
export type ResourceChange = { readonly [F in keyof ResourceFields]?: ResourceFields[F] | undefined };

export type ResourceQuery = {
  /** Who looks: it sees its own and the shared ones. */
  readonly accountId: string;
  readonly type?: Resource['type'] | undefined;
  /** Part of it, in any case. */
  readonly name?: string | undefined;
  /** A version has one of these. */
  readonly baseModels?: readonly string[] | undefined;
  /** It has one of these. */
  readonly tags?: readonly number[] | undefined;
};

type Asker = { readonly accountId: string; readonly isAdmin: boolean };

/** The models that the server knows: shared ones, which administrators register, and those that accounts bring. Another
 *  account's is like none. */
export interface ModelLibrary {
  /** Newest first. */
  page(p: { query: ResourceQuery; page: NumberedPage }): Promise<{ items: readonly Resource[]; total: number }>;
  /** The same, by cursor. @throws {GatewayError} `invalid_input` for a cursor that is none. */
  list(p: {
    query: ResourceQuery;
    limit: number;
    cursor?: string | undefined;
  }): Promise<{ items: readonly Resource[]; nextCursor: string | null }>;
  /** @throws {GatewayError} `not_found`, as those that follow. */
  require(p: { accountId: string; id: string }): Promise<Resource>;
  /** A shared one. @throws {GatewayError} `conflict` where there is one of this type and `nodeModelName`. */
  register(fields: ResourceFields): Promise<Resource>;
  /** A LoRA of the account from a file of its own. One that it has already is answered as it is.
   *  @throws {GatewayError} `invalid_input` for an asset that is missing or media. */
  adopt(p: { accountId: string; assetId: string; name: string }): Promise<Resource>;
  /** @throws {GatewayError} `forbidden` for a shared one and no administrator; `conflict`; `invalid_input` for the type or
   *    the `nodeModelName` of one whose file is here. */
  update(p: Asker & { id: string; fields: ResourceChange }): Promise<Resource>;
  /** Its file goes too, unless something else needs it. @throws {GatewayError} `forbidden`, as `update`. */
  remove(p: Asker & { id: string }): Promise<void>;
  /** The file of the account's own model that a loader names. */
  findFile(p: { accountId: string; type: Resource['type']; nodeModelName: string }): Promise<Asset | undefined>;
}

/** LoRA files on their way to us. */
export interface LoraUploads {
  /** Where to PUT the bytes, for an hour, without a key; and the name that a loader takes afterwards.
   *  @param p.md5 of the bytes, hexadecimal. */
  createLink(p: { accountId: string; name: string; md5: string }): { fileName: string; url: string };
  /** Stores what is sent to such an address. The same bytes again are the same LoRA.
   *  @throws {GatewayError} `forbidden` for a link that was changed, or whose account is disabled; `link_expired`;
   *    `body_too_large`, `checksum_mismatch`, `storage_full`; whatever the stream throws. Nothing is left behind then. */
  receive(p: { link: LoraLink; stream: Readable }): Promise<Resource>;
}

/** The parts of an upload's address. */
export type LoraLink = {
  readonly fileName: string;
  readonly account: string | undefined;
  readonly name: string | undefined;
  readonly expires: string | undefined;
  readonly signature: string | undefined;
};
