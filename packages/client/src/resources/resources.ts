import { type Http, path } from '../http.ts';
import type { Page, PageOptions } from '../pages.ts';
import type { CallOptions } from '../values.ts';

export type ResourceType = 'CHECKPOINT' | 'UNET' | 'LORA' | 'GGUF';

export type ResourceVersion = {
  readonly id: string;
  readonly version: string;
  readonly name: string;
  readonly baseModel: string;
  readonly baseModelSubtype: string;
  readonly triggerWords: string;
  readonly description: string;
  readonly posters: readonly {
    readonly posterUrl: string;
    readonly thumbnailUrl: string;
    readonly widthPx: number;
    readonly heightPx: number;
  }[];
};

/** A model that can be named to a loader: a shared one, or a LoRA of the account. */
export type Resource = {
  readonly id: string;
  readonly type: ResourceType;
  readonly name: string;
  readonly description: string;
  /** What a loader of ComfyUI takes. */
  readonly nodeModelName: string;
  readonly posterUrl: string;
  readonly thumbnailUrl: string;
  readonly owner: { readonly name: string; readonly avatarUrl: string };
  readonly isShared: boolean;
  /** Null where its file is not stored on the server. */
  readonly assetId: string | null;
  readonly tags: readonly { readonly id: number; readonly name: string }[];
  readonly versions: readonly ResourceVersion[];
  readonly createdAt: string;
};

/** What can be said of a model. In an update, what is left out stays. */
export type ResourceFields = Partial<
  Pick<Resource, 'type' | 'name' | 'description' | 'nodeModelName' | 'posterUrl' | 'thumbnailUrl' | 'owner'>
> & {
  readonly tags?: readonly string[];
  readonly versions?: readonly (Pick<ResourceVersion, 'version'> & Partial<Omit<ResourceVersion, 'id' | 'version'>>)[];
};

export type ResourceFilter = {
  readonly type?: ResourceType | undefined;
  /** Part of it, in any case. */
  readonly name?: string | undefined;
  readonly baseModel?: string | undefined;
  /** The id of a tag. */
  readonly tag?: number | undefined;
};

/** The models that the account can name. */
export const createResources = (http: Http) => ({
  /** Newest first. */
  list: ({ signal, ...query }: PageOptions & ResourceFilter = {}): Promise<Page<Resource>> =>
    http.json({ method: 'GET', path: '/resources', query, signal }),
  get: (id: string, { signal }: CallOptions = {}): Promise<Resource> =>
    http.json({ method: 'GET', path: path`/resources/${id}`, signal }),
  /** With `asset`: an uploaded LoRA becomes a model of the account. Without: a shared one, which takes an administrator key,
   *  `type` and `nodeModelName`. Not repeated after a lost answer: the server would add a second one. */
  create: (
    resource: ResourceFields & { readonly name: string; readonly asset?: string },
    { signal }: CallOptions = {},
  ): Promise<Resource> => http.json({ method: 'POST', path: '/resources', json: resource, signal }),
  update: (id: string, fields: ResourceFields, { signal }: CallOptions = {}): Promise<Resource> =>
    http.json({ method: 'PATCH', path: path`/resources/${id}`, json: fields, isRepeatable: true, signal }),
  remove: (id: string, { signal }: CallOptions = {}): Promise<void> =>
    http.json({ method: 'DELETE', path: path`/resources/${id}`, isRepeatable: true, signal }),
});
