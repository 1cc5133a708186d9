import type { z } from 'zod';
import { type Case, get, keyRefusals, post } from './cases.ts';
import { type Fate, MODEL, WRONG_KEY } from './names.ts';
import { MANAGED, PRICE, UPLOAD, V2 } from './shapes.ts';

// biome-ignore format: a list of paths
const MANAGED_POSTS = [
  'resource/list', 'assets/create', 'assets/query', 'assets/list', 'assets/update', 'assets/delete',
  'assets/groups/create', 'assets/groups/query', 'assets/groups/list', 'assets/groups/update', 'assets/groups/delete',
] as const;

const query = (fate: Fate, shape: z.ZodType, examples: readonly string[] = []): Case => ({
  name: `query of a task that is ${fate}`,
  request: ({ tasks }) => post('/openapi/v2/query', { taskId: tasks[fate] }),
  shape,
  examples: examples.map((one) => `openapi.v2.query#${one}`),
});

const taskCases: readonly Case[] = [
  ...keyRefusals('/openapi/v2/query', 'POST', V2.unauthorized),
  ...keyRefusals(`/openapi/v2/${MODEL}`, 'POST', V2.unauthorized),
  query('queued', V2.queued, ['queued']),
  query('running', V2.running, ['running']),
  query('picture', V2.made, ['main']),
  query('words', V2.made, ['text model']),
  query('failed', V2.failed),
  query('refused', V2.refusedContent, ['failed at a model']),
  query('canceled', V2.canceled, ['cancelled']),
  {
    name: 'query of an unknown task',
    request: ({ unknownTask }) => post('/openapi/v2/query', { taskId: unknownTask }),
    shape: V2.unknownTask,
    examples: ['openapi.v2.query#unknown task'],
  },
  {
    name: "query of another account's task",
    request: ({ tasks, strangerKey }) => post('/openapi/v2/query', { taskId: tasks.picture }, { key: strangerKey }),
    shape: V2.unknownTask,
  },
  ...[undefined, '0', 'abc', {}, []].map(
    (taskId): Case => ({
      name: `query of the id ${JSON.stringify(taskId)}`,
      request: () => post('/openapi/v2/query', { taskId }),
      shape: V2.invalidId,
    }),
  ),
  {
    name: 'submit',
    request: () => post(`/openapi/v2/${MODEL}`, { prompt: 'words please', size: '720x1280', duration: '4', extra: 1 }),
    shape: V2.accepted,
    examples: ['main', 'image input by upload URL'].map((one) => `openapi.v2.model-submit#${one}`),
  },
  {
    name: 'submit of what is not allowed',
    request: () => post(`/openapi/v2/${MODEL}`, { prompt: 'words', size: '1x1', duration: '4' }),
    shape: V2.invalid,
  },
  { name: 'submit of no JSON', request: () => post(`/openapi/v2/${MODEL}`, [1]), shape: V2.invalid },
  {
    name: 'submit by a key that may not',
    request: ({ poorKey }) => post(`/openapi/v2/${MODEL}`, { prompt: 'words' }, { key: poorKey }),
    shape: V2.notAllowed,
    examples: ['openapi.v2.model-submit#key class not allowed'],
  },
  {
    name: 'submit to an unknown endpoint',
    request: () => post('/openapi/v2/nobody/nothing', {}),
    shape: V2.unknownPath,
    examples: ['openapi.v2.model-submit#unknown endpoint'],
  },
  ...['cancel', 'task/cancel', 'webhook', 'task/list'].map(
    (path): Case => ({
      name: `the guess ${path}`,
      request: () => post(`/openapi/v2/${path}`, {}),
      shape: V2.unknownPath,
    }),
  ),
  { name: 'submit with GET', request: () => get(`/openapi/v2/${MODEL}`), shape: V2.wrongMethod },
  ...keyRefusals(`/openapi/v2/price-preview/${MODEL}`, 'POST', PRICE.unauthorized),
  {
    name: 'price-preview',
    request: () => post(`/openapi/v2/price-preview/${MODEL}`, { prompt: 'a', size: '720x1280', duration: '4' }),
    shape: PRICE.told,
    examples: ['openapi.v2.price-preview#main'],
  },
  {
    name: 'price-preview of an unknown endpoint',
    request: () => post('/openapi/v2/price-preview/nobody/nothing', {}),
    shape: PRICE.unknownPath,
  },
];

const uploadCases: readonly Case[] = [
  {
    name: 'media upload',
    request: () => ({
      method: 'POST',
      path: '/openapi/v2/media/upload/binary',
      form: { file: new Blob(['plain words']) },
    }),
    shape: UPLOAD.done,
    examples: ['openapi.v2.media.upload.binary#main'],
  },
  ...[null, WRONG_KEY].map(
    (key): Case => ({
      name: `media upload: ${key === null ? 'no key' : 'an unknown key'}`,
      request: () => ({
        method: 'POST',
        path: '/openapi/v2/media/upload/binary',
        form: { file: new Blob(['words']) },
        key,
      }),
      shape: UPLOAD.unauthorized,
      examples: ['openapi.v2.media.upload.binary#bad key'],
    }),
  ),
  {
    name: 'media upload without a file',
    request: () => ({ method: 'POST', path: '/openapi/v2/media/upload/binary', form: { other: 'words' } }),
    shape: UPLOAD.invalid,
  },
];

/** A call of the managed media. What earlier rows made is named by `$asset` and `$group`. */
const managed = (
  path: string,
  body: Readonly<Record<string, unknown>>,
  shape: z.ZodType,
  p: { name?: string; example?: string; learn?: Case['learn'] } = {},
): Case => ({
  name: p.name ?? path,
  request: ({ learnt, uploadUrl }) => {
    const fill = (value: unknown): unknown => {
      if (value === '$upload') return uploadUrl;
      return typeof value === 'string' && value.startsWith('$') ? learnt.get(value.slice(1)) : value;
    };
    return post(
      `/openapi/v2/${path}`,
      Object.fromEntries(Object.entries(body).map(([name, value]) => [name, fill(value)])),
    );
  },
  shape,
  ...(p.example === undefined ? {} : { examples: [`${p.example}#main`] }),
  ...(p.learn === undefined ? {} : { learn: p.learn }),
});

const managedCases: readonly Case[] = [
  ...MANAGED_POSTS.flatMap((path) => keyRefusals(`/openapi/v2/${path}`, 'POST', MANAGED.unauthorized)),
  ...(['queue/status', 'api-key/list'] as const).flatMap((path) =>
    keyRefusals(`/openapi/v2/${path}`, 'GET', MANAGED.unauthorized),
  ),
  {
    name: 'queue/status',
    request: () => get('/openapi/v2/queue/status'),
    shape: MANAGED.queue,
    examples: ['openapi.v2.queue.status#main'],
  },
  {
    name: 'api-key/list',
    request: () => get('/openapi/v2/api-key/list'),
    shape: MANAGED.keys,
    examples: ['openapi.v2.api-key.list#main'],
  },
  managed('assets/groups/create', { name: 'faces', description: 'test' }, MANAGED.group, {
    example: 'openapi.v2.assets.groups.create',
    learn: { as: 'group', from: 'data.groupId' },
  }),
  managed('assets/groups/create', {}, MANAGED.invalid, { name: 'assets/groups/create without a name' }),
  managed('assets/create', { groupId: '$group', name: 'face-1', url: '$upload', assetType: 'Image' }, MANAGED.created, {
    example: 'openapi.v2.assets.create',
    learn: { as: 'asset', from: 'data.assetId' },
  }),
  managed('assets/create', { groupId: '$group', name: 'x', assetType: 'Image' }, MANAGED.invalid, {
    name: 'assets/create without an address',
  }),
  managed('assets/query', { assetId: '$asset' }, MANAGED.asset, { example: 'openapi.v2.assets.query' }),
  managed('assets/query', { assetId: 'asset-of-nobody' }, MANAGED.notFound, { name: 'assets/query of nothing' }),
  managed('assets/query', {}, MANAGED.invalid, { name: 'assets/query without an id' }),
  managed('assets/list', { pageNumber: 1, pageSize: 20, groupId: '$group' }, MANAGED.assets, {
    example: 'openapi.v2.assets.list',
  }),
  managed('assets/list', { pageNumber: 1, pageSize: 101 }, MANAGED.invalid, { name: 'assets/list of too many' }),
  managed('assets/update', { assetId: '$asset', name: 'face-2' }, MANAGED.renamed, {
    example: 'openapi.v2.assets.update',
  }),
  managed('assets/groups/query', { groupId: '$group' }, MANAGED.countedGroup, {
    example: 'openapi.v2.assets.groups.query',
  }),
  managed('assets/groups/list', { pageNumber: 1, pageSize: 20 }, MANAGED.groups, {
    example: 'openapi.v2.assets.groups.list',
  }),
  managed('assets/groups/update', { groupId: '$group', name: 'faces-2' }, MANAGED.group, {
    example: 'openapi.v2.assets.groups.update',
  }),
  managed('assets/delete', { assetId: '$asset' }, MANAGED.deleted, { example: 'openapi.v2.assets.delete' }),
  managed('assets/delete', { assetId: '$asset' }, MANAGED.notFound, { name: 'assets/delete, again' }),
  managed('assets/groups/delete', { groupId: '$group' }, MANAGED.deleted, {
    example: 'openapi.v2.assets.groups.delete',
  }),
  managed('assets/groups/query', { groupId: '$group' }, MANAGED.notFound, {
    name: 'assets/groups/query of one that is gone',
  }),
  managed(
    'resource/list',
    { resourceType: 'LORA', resourceName: '', baseModels: [], tags: [], current: 1, size: 20 },
    MANAGED.resources,
    { example: 'openapi.v2.resource.list' },
  ),
  managed('resource/list', { resourceType: 'LORA', current: 1, size: 51 }, MANAGED.invalid, {
    name: 'resource/list of too many',
  }),
];

/** The newer generation: tasks, prices, uploads, and what is managed. */
export const v2Cases: readonly Case[] = [...taskCases, ...uploadCases, ...managedCases];
