import { z } from 'zod';
import { GatewayError } from '../../contract/errors.ts';
import { type ModelLibrary, RESOURCE_TYPES, type Resource, type ResourceFields } from '../../contract/model-library.ts';
import { type NativeApi, pageOf, pageQuery } from './route.ts';

const MAX_LIST = 100;
const params = z.object({ id: z.string().describe('The id of the resource.') });
const words = (max: number) =>
  z
    .string()
    .trim()
    .max(max)
    .refine((value) => !/\p{Cc}/u.test(value), 'must not hold control characters');
const prose = z
  .string()
  .trim()
  .max(5_000)
  .refine((value) => !value.includes('\u0000'), 'must not hold a NUL character');
const name = words(200).min(1);
const address = z.union([z.literal(''), z.url({ protocol: /^https?$/ }).max(2_048)]);
const sidePx = z.int().min(0).max(1_000_000);

const fields = {
  type: z.enum(RESOURCE_TYPES),
  name,
  description: prose,
  nodeModelName: words(500).min(1).describe('What a ComfyUI loader takes.'),
  posterUrl: address,
  thumbnailUrl: address,
  owner: z.strictObject({ name: words(200), avatarUrl: address.default('') }),
  tags: z.array(words(64).min(1)).max(MAX_LIST),
  versions: z
    .array(
      z.strictObject({
        version: words(64).min(1),
        name: words(200).default(''),
        baseModel: words(100).default(''),
        baseModelSubtype: words(100).default(''),
        triggerWords: words(1_000).default(''),
        description: prose.default(''),
        posters: z
          .array(z.strictObject({ posterUrl: address, thumbnailUrl: address, widthPx: sidePx, heightPx: sidePx }))
          .max(MAX_LIST)
          .default([]),
      }),
    )
    .max(MAX_LIST)
    .refine((all) => new Set(all.map(({ version }) => version)).size === all.length, 'must not repeat a version'),
};
const creation = z.strictObject({
  ...z.object(fields).partial().shape,
  name,
  asset: z.string().max(64).optional().describe('The id of an uploaded LoRA: it becomes a model of your account.'),
});
const change = z.strictObject(z.object(fields).partial().shape);

export const NativeResource = z.object({
  id: z.string().describe('19 digits.'),
  ...fields,
  isShared: z.boolean().describe('True: every account sees it. False: it is yours.'),
  assetId: z.string().nullable().describe('The id of its file; null where the model is not stored here.'),
  owner: z.object({ name: z.string(), avatarUrl: z.string() }),
  tags: z.array(z.object({ id: z.int().describe('As filters take it.'), name: z.string() })),
  versions: z.array(
    z.object({
      id: z.string(),
      version: z.string(),
      name: z.string(),
      baseModel: z.string(),
      baseModelSubtype: z.string(),
      triggerWords: z.string(),
      description: z.string(),
      posters: z.array(
        z.object({ posterUrl: z.string(), thumbnailUrl: z.string(), widthPx: z.int(), heightPx: z.int() }),
      ),
    }),
  ),
  createdAt: z.iso.datetime(),
});

const toNative = ({ createdAtMs, ...resource }: Resource) => ({
  ...resource,
  createdAt: new Date(createdAtMs).toISOString(),
});

const tag = 'Models';

/** The models that can be named to a loader: shared ones, which administrators register, and the LoRAs of an account. */
export function nativeResourceRoutes(api: NativeApi, { models }: { models: ModelLibrary }): void {
  api.add({
    id: 'listResources',
    method: 'GET',
    url: '/api/v1/resources',
    tag,
    summary: 'Models, newest first',
    scope: 'assets:read',
    query: z.strictObject({
      ...pageQuery,
      type: z.enum(RESOURCE_TYPES).optional(),
      name: words(200).optional().describe('Part of it, in any case.'),
      baseModel: words(100).optional().describe('Of one of its versions.'),
      tag: z.coerce.number().int().min(0).max(2_147_483_647).optional().describe('The id of a tag.'),
    }),
    answer: { status: 200, about: 'A page of them.', schema: pageOf(NativeResource) },
    async handle({ caller: { accountId }, query: { limit, cursor, type, name, baseModel, tag } }) {
      const query = {
        accountId,
        type,
        name,
        baseModels: baseModel === undefined ? undefined : [baseModel],
        tags: tag === undefined ? undefined : [tag],
      };
      const { items, nextCursor } = await models.list({ query, limit, cursor });
      return { items: items.map(toNative), nextCursor };
    },
  });
  api.add({
    id: 'getResource',
    method: 'GET',
    url: '/api/v1/resources/:id',
    tag,
    summary: 'A model',
    scope: 'assets:read',
    params,
    answer: { status: 200, about: 'The model.', schema: NativeResource },
    handle: async ({ caller: { accountId }, params: { id } }) => toNative(await models.require({ accountId, id })),
  });
  changeRoutes(api, models);
}

function changeRoutes(api: NativeApi, models: ModelLibrary): void {
  api.add({
    id: 'createResource',
    method: 'POST',
    url: '/api/v1/resources',
    tag,
    summary: 'Register a model',
    description:
      'With `asset`: a LoRA of your account, from a file that you uploaded. Without: a model that is elsewhere, such as in the folders of a ComfyUI, for every account to see; that takes an administrator key, and `type` and `nodeModelName`.',
    scope: 'assets:write',
    body: creation,
    answer: { status: 201, about: 'The model.', schema: NativeResource },
    async handle({ caller, body: { asset, ...given }, reply }) {
      const { accountId, isAdmin } = caller;
      if (asset === undefined && !isAdmin)
        throw new GatewayError('forbidden', 'a shared model takes an administrator key');
      const made =
        asset === undefined
          ? await models.register(toShared(given))
          : await models.adopt({ accountId, assetId: asset, name: given.name });
      const { name: _, ...rest } = given;
      const isMore = asset !== undefined && Object.keys(rest).length > 0;
      const resource = isMore ? await models.update({ accountId, isAdmin, id: made.id, fields: rest }) : made;
      reply.header('location', `/api/v1/resources/${resource.id}`);
      return toNative(resource);
    },
  });
  api.add({
    id: 'updateResource',
    method: 'PATCH',
    url: '/api/v1/resources/:id',
    tag,
    summary: 'Change what is said of a model',
    description:
      'What is left out stays; `tags` and `versions` are replaced as a whole, and a version keeps its id with its `version`. A shared model takes an administrator key. Of a LoRA that is stored here `type`, `nodeModelName` and `owner` stay.',
    scope: 'assets:write',
    params,
    body: change,
    answer: { status: 200, about: 'The model as it is now.', schema: NativeResource },
    handle: async ({ caller: { accountId, isAdmin }, params: { id }, body }) =>
      toNative(await models.update({ accountId, isAdmin, id, fields: body })),
  });
  api.add({
    id: 'deleteResource',
    method: 'DELETE',
    url: '/api/v1/resources/:id',
    tag,
    summary: 'Take a model off the list',
    description:
      'The file of a LoRA that is stored here goes too, unless something else needs it. A shared model takes an administrator key.',
    scope: 'assets:write',
    params,
    answer: { status: 204, about: 'It is gone.' },
    handle: ({ caller: { accountId, isAdmin }, params: { id } }) => models.remove({ accountId, isAdmin, id }),
  });
}

/** @throws {GatewayError} `invalid_input` for what a shared model must have. */
function toShared(given: Omit<z.output<typeof creation>, 'asset'>): ResourceFields {
  const { type, nodeModelName } = given;
  if (type === undefined || nodeModelName === undefined) {
    const missing = type === undefined ? ['type'] : [];
    const fields = nodeModelName === undefined ? [...missing, 'nodeModelName'] : missing;
    const details = fields.map((field) => ({ field, message: 'is missing: a shared model needs it' }));
    throw new GatewayError('invalid_input', 'the request does not fit', { details });
  }
  return {
    type,
    name: given.name,
    description: given.description ?? '',
    nodeModelName,
    posterUrl: given.posterUrl ?? '',
    thumbnailUrl: given.thumbnailUrl ?? '',
    owner: given.owner ?? { name: '', avatarUrl: '' },
    tags: given.tags ?? [],
    versions: given.versions ?? [],
  };
}
