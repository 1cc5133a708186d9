import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import type { Shelf } from '../../contract/asset.ts';
import { GatewayError } from '../../contract/errors.ts';
import { readForms, receiveFile, type UploadDeps } from '../form-upload.ts';
import { NativeAsset, toNativeAsset } from './asset-view.ts';
import { type NativeApi, pageOf, pageQuery } from './route.ts';

const params = z.object({ id: z.string().describe('The id of the asset.') });
const instant = z.iso.datetime({ offset: true });
const query = z.strictObject({
  ...pageQuery,
  origin: z.enum(['upload', 'output']).optional().describe('Sent, or made by a task.'),
  kind: z.enum(['image', 'video', 'audio', 'file']).optional(),
  type: z.string().max(100).optional().describe('A media type, such as `image/png`.'),
  task: z.string().max(19).optional().describe('The id of a task: what it made and what it was given.'),
  from: instant.optional().describe('Created then or later.'),
  to: instant.optional().describe('Created before.'),
});

/** The files of an account. */
export function nativeAssetRoutes(
  api: NativeApi,
  app: FastifyInstance,
  deps: UploadDeps & { readonly shelf: Shelf },
): void {
  const { assets, shelf } = deps;
  app.register(async (scope) => {
    await readForms(scope);
    createRoute(api.within(scope), deps);
  });
  api.add({
    id: 'listAssets',
    method: 'GET',
    url: '/api/v1/assets',
    tag: 'Files',
    summary: 'Uploads and outputs, newest first',
    scope: 'assets:read',
    query,
    answer: { status: 200, about: 'A page of them.', schema: pageOf(NativeAsset) },
    async handle({ caller: { accountId }, query: { limit, cursor, origin, kind, type, task, from, to } }) {
      const toMs = (at: string | undefined) => (at === undefined ? undefined : Date.parse(at));
      const filter = { accountId, origin, kind, mediaType: type, taskId: task, fromMs: toMs(from), toMs: toMs(to) };
      const { items, nextCursor } = await shelf.list({ query: filter, limit, cursor });
      return { items: items.map((asset) => toNativeAsset(asset, assets.link(asset))), nextCursor };
    },
  });
  api.add({
    id: 'getAsset',
    method: 'GET',
    url: '/api/v1/assets/:id',
    tag: 'Files',
    summary: 'A file, with a fresh link',
    scope: 'assets:read',
    params,
    answer: { status: 200, about: 'The file.', schema: NativeAsset },
    async handle({ caller: { accountId }, params: { id } }) {
      const asset = await shelf.get({ accountId, id });
      if (asset === undefined) throw new GatewayError('file_not_found', `no asset ${id}`);
      return toNativeAsset(asset, assets.link(asset));
    },
  });
  api.add({
    id: 'deleteAsset',
    method: 'DELETE',
    url: '/api/v1/assets/:id',
    tag: 'Files',
    summary: 'Delete a file',
    description:
      'Its links answer 404 at once, a task that made it shows its output without an address, and its bytes leave the disk unless another asset has the same. Answers `conflict` while a task that has not ended needs it, it is a managed asset, or it is a model.',
    scope: 'assets:write',
    params,
    answer: { status: 204, about: 'It is gone.' },
    handle: ({ caller: { accountId }, params: { id } }) => shelf.remove({ accountId, id }),
  });
}

const createRoute = (api: NativeApi, deps: UploadDeps): void =>
  api.add({
    id: 'createAsset',
    method: 'POST',
    url: '/api/v1/assets',
    tag: 'Files',
    summary: 'Upload a file in one request',
    description: `Up to ${deps.maxUploadMegabytes} MB; larger files go to \`/api/v1/uploads\`.`,
    scope: 'assets:write',
    sends: {
      type: 'multipart/form-data',
      schema: { type: 'object', required: ['file'], properties: { file: { type: 'string', format: 'binary' } } },
    },
    answer: { status: 201, about: 'The stored file.', schema: NativeAsset },
    async handle({ request, reply }) {
      const asset = await receiveFile(request, deps);
      reply.header('location', `/api/v1/assets/${asset.id}`);
      return toNativeAsset(asset, deps.assets.link(asset));
    },
  });
