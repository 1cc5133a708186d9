import type { Generated } from 'kysely';

/** The tables of managed media and models; see `Schema`. */
export type LibrarySchema = {
  /** Groups of managed media. Their ids are of the account's choice where it named one that did not exist. */
  asset_groups: {
    account_id: string;
    id: string;
    name: string;
    /** In lower case, to search in. */
    name_folded: string;
    description: string;
    created_at_ms: number;
  };
  /** Media that an account keeps under an id of its own: `asset://<id>` names them in requests. */
  managed_assets: {
    /** `asset-…`, which no file of `assets` has. */
    id: string;
    account_id: string;
    group_id: string;
    name: string;
    name_folded: string;
    /** What it must be: `image`, `video` or `audio`. */
    kind: string;
    /** `processing` until its file is there; then `active`, or `failed`. */
    status: string;
    /** Where the file is fetched from while it is processing. */
    source: string | null;
    /** The file. */
    asset_id: string | null;
    /** Why it failed. */
    error: string | null;
    created_at_ms: number;
  };
  /** Models that may be named to a loader. */
  resources: {
    /** 19 digits. */
    id: string;
    /** Whose it is; empty for those that everybody sees. */
    account_id: string;
    /** `CHECKPOINT`, `UNET`, `LORA` or `GGUF`. */
    type: string;
    name: string;
    name_folded: string;
    description: string;
    /** What a loader node takes. */
    node_model_name: string;
    poster_url: string;
    thumbnail_url: string;
    owner_name: string;
    owner_avatar: string;
    /** The file, where we have it. */
    asset_id: string | null;
    created_at_ms: number;
  };
  resource_versions: {
    /** 19 digits. */
    id: string;
    resource_id: string;
    position: number;
    version: string;
    name: string;
    base_model: string;
    base_model_subtype: string;
    trigger_words: string;
    description: string;
    /** JSON: a list of pictures. */
    posters: string;
  };
  resource_tags: { id: Generated<number>; name: string };
  tags_of_resources: { resource_id: string; tag_id: number };
};
