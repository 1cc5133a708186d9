import type { Json } from '@reelay/catalog';
import { MANAGED_STATUSES, MEDIA_KINDS } from '../contract/media-library.ts';
import { RESOURCE_TYPES } from '../contract/model-library.ts';
import { answer, type JsonObject, json, problem } from './openapi-parts.ts';

const text = (description: string): JsonObject => ({ type: 'string', description });
const page = (description: string, maximum: number): JsonObject => ({
  type: 'integer',
  minimum: 1,
  maximum,
  description,
});
const upper = (words: readonly string[]): Json[] => words.map((word) => word.toUpperCase());
const title = (words: readonly string[]): Json[] => words.map((word) => word.charAt(0).toUpperCase() + word.slice(1));

const assetId = text('As `create` answered it.');
const groupId = text('Of any form: a group that does not exist is made.');
const name = text('At most 200 characters.');
const pages = { pageNumber: page('From 1.', 1_000_000), pageSize: page('How many at most; 20 by default.', 100) };

type Fields = Record<string, JsonObject>;
type Asked = { path: string; id: string; summary: string; about: string; required: string[]; properties: Fields };

const post = (tag: string, { id, summary, about, required, properties }: Omit<Asked, 'path'>): JsonObject => ({
  post: {
    operationId: id,
    tags: [tag],
    summary,
    requestBody: {
      required: true,
      content: json({ type: 'object', ...(required.length === 0 ? {} : { required }), properties }),
    },
    responses: { '200': answer(about, 'LegacyAnswer') },
  },
});

const MEDIA: readonly Asked[] = [
  {
    path: 'create',
    id: 'createManagedAsset',
    summary: 'Register a picture, clip or sound',
    about: '`assetId` and `status`: `ACTIVE` for a file of yours, `PROCESSING` while one on the internet is fetched.',
    required: ['groupId', 'name', 'url', 'assetType'],
    properties: {
      groupId,
      name,
      url: text('An https address, an upload of yours, or `asset://<id>`.'),
      assetType: { type: 'string', enum: title(MEDIA_KINDS) },
    },
  },
  {
    path: 'query',
    id: 'queryManagedAsset',
    summary: 'A registered file',
    about: 'With `errorMessage` when it is `FAILED`.',
    required: ['assetId'],
    properties: { assetId },
  },
  {
    path: 'list',
    id: 'listManagedAssets',
    summary: 'Registered files, newest first',
    about: '`items` and `totalCount`.',
    required: [],
    properties: {
      ...pages,
      groupId: text('Of one group.'),
      status: { type: 'string', enum: upper(MANAGED_STATUSES) },
      name: text('Part of it, in any case.'),
    },
  },
  {
    path: 'update',
    id: 'renameManagedAsset',
    summary: 'Rename a registered file',
    about: 'It, renamed.',
    required: ['assetId', 'name'],
    properties: { assetId, name },
  },
  {
    path: 'delete',
    id: 'deleteManagedAsset',
    summary: 'Delete a registered file',
    about: '`data` is null.',
    required: ['assetId'],
    properties: { assetId },
  },
  {
    path: 'groups/create',
    id: 'createAssetGroup',
    summary: 'Make a group',
    about: 'The group.',
    required: ['name'],
    properties: { name, description: text('At most 1,000 characters.') },
  },
  {
    path: 'groups/query',
    id: 'queryAssetGroup',
    summary: 'A group',
    about: 'The group, with `assetCount`.',
    required: ['groupId'],
    properties: { groupId: text('Of the group.') },
  },
  {
    path: 'groups/list',
    id: 'listAssetGroups',
    summary: 'Groups, newest first',
    about: '`items` and `totalCount`.',
    required: [],
    properties: { ...pages, name: text('Part of it, in any case.') },
  },
  {
    path: 'groups/update',
    id: 'updateAssetGroup',
    summary: 'Rename or describe a group',
    about: 'The group as it is now.',
    required: ['groupId'],
    properties: { groupId: text('Of the group.'), name, description: text('At most 1,000 characters.') },
  },
  {
    path: 'groups/delete',
    id: 'deleteAssetGroup',
    summary: 'Delete a group and everything in it',
    about: '`data` is null.',
    required: ['groupId'],
    properties: { groupId: text('Of the group.') },
  },
];

/** Registered media, models, and LoRA files on their way. */
export function libraryPaths(): JsonObject {
  return {
    ...Object.fromEntries(MEDIA.map((asked) => [`/openapi/v2/assets/${asked.path}`, post('Registered media', asked)])),
    '/openapi/v2/resource/list': post('Models', {
      id: 'resourceList',
      summary: 'Models that can be named to a loader',
      about: 'A page of `records`.',
      required: [],
      properties: {
        resourceType: { type: 'string', enum: [...RESOURCE_TYPES] },
        resourceName: text('Part of the name, in any case.'),
        baseModels: { type: 'array', items: { type: 'string' }, description: 'A version has one of these.' },
        tags: { type: 'array', items: { type: 'integer' }, description: 'It has one of these.' },
        current: page('The page, from 1.', 1_000_000),
        size: page('How many at most; 10 by default.', 50),
      },
    }),
    '/api/openapi/getLoraUploadUrl': post('Older generation', {
      id: 'legacy_getLoraUploadUrl',
      summary: 'Where to PUT a LoRA, and what a loader calls it then',
      about: '`fileName` and `url`. The address works for an hour and needs no key.',
      required: ['loraName', 'md5Hex'],
      properties: { apiKey: text('The key.'), loraName: name, md5Hex: text('MD5 of the file, hexadecimal.') },
    }),
    '/put/api-lora-cn/{fileName}': { put: putLora() },
  };
}

const putLora = (): JsonObject => ({
  operationId: 'putLora',
  tags: ['Models'],
  summary: 'Send the bytes of a LoRA to the address that getLoraUploadUrl answered',
  security: [],
  parameters: [
    { name: 'fileName', in: 'path', required: true, description: '<md5>.safetensors', schema: { type: 'string' } },
    ...['account', 'name', 'expires', 'signature'].map((query) => ({
      name: query,
      in: 'query',
      required: true,
      schema: { type: 'string' },
    })),
  ],
  requestBody: {
    required: true,
    content: { 'application/octet-stream': { schema: { type: 'string', format: 'binary' } } },
  },
  responses: {
    '200': { description: 'It is stored and listed.' },
    '403': problem('The link was changed or has expired.'),
    '413': problem('It is too large.'),
    '460': problem('Its MD5 is another: nothing was kept.'),
    '507': problem('The disk is full.'),
  },
});
