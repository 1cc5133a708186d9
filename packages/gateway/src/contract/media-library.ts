import type { Asset } from './asset.ts';

export const MEDIA_KINDS = ['image', 'video', 'audio'] as const;
export const MANAGED_STATUSES = ['processing', 'active', 'failed'] as const;

/** A file that an account keeps under an id of its own: `asset://<id>` names it in requests. */
export type ManagedAsset = {
  /** `asset-…`. */
  readonly id: string;
  readonly groupId: string;
  readonly name: string;
  readonly kind: (typeof MEDIA_KINDS)[number];
  readonly status: (typeof MANAGED_STATUSES)[number];
  /** Why it failed. */
  readonly error: string | null;
  /** Null until it is active. */
  readonly file: Asset | null;
  readonly createdAtMs: number;
};

export type AssetGroup = {
  readonly id: string;
  readonly name: string;
  readonly description: string;
  readonly assetCount: number;
};

type Own = { readonly accountId: string; readonly id: string };
/** Pages by number, from 1. */
export type NumberedPage = { readonly number: number; readonly size: number };

/** The managed media of accounts. Another account's are like none. Whoever deletes one deletes its file too, unless a task
 *  made it or something else needs it. */
export interface MediaLibrary {
  /** Makes the group, too, where there is none of this id. A file of ours is active at once; one on the internet is fetched
   *  later, by whichever process, and is `processing` until then.
   *  @param p.address as media parameters take it.
   *  @throws {GatewayError} `invalid_input` for a file of ours that is missing or of another kind. */
  create(p: {
    accountId: string;
    groupId: string;
    name: string;
    kind: ManagedAsset['kind'];
    address: string;
  }): Promise<ManagedAsset>;
  /** @throws {GatewayError} `not_found`, as all that follow. */
  require(own: Own): Promise<ManagedAsset>;
  /** Newest first. */
  list(p: {
    filter: {
      accountId: string;
      groupId?: string | undefined;
      status?: ManagedAsset['status'] | undefined;
      /** Part of it, in any case. */
      name?: string | undefined;
    };
    page: NumberedPage;
  }): Promise<{ items: readonly ManagedAsset[]; total: number }>;
  rename(p: Own & { name: string }): Promise<ManagedAsset>;
  remove(own: Own): Promise<void>;

  createGroup(p: { accountId: string; name: string; description: string }): Promise<AssetGroup>;
  requireGroup(own: Own): Promise<AssetGroup>;
  listGroups(p: {
    accountId: string;
    name?: string | undefined;
    page: NumberedPage;
  }): Promise<{ items: readonly AssetGroup[]; total: number }>;
  updateGroup(p: Own & { name?: string | undefined; description?: string | undefined }): Promise<AssetGroup>;
  /** And everything in it. */
  removeGroup(own: Own): Promise<void>;
}
