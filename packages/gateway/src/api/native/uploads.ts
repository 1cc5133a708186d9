import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { Asset } from '../../contract/asset.ts';
import { GatewayError } from '../../contract/errors.ts';
import type { Caller } from '../../contract/task.ts';
import type { Upload, UploadService } from '../../contract/upload.ts';
import { NativeAsset, toNativeAsset } from './asset-view.ts';
import type { NativeApi } from './route.ts';
import {
  BYTES_TYPE,
  COMMON_HEADERS,
  checkVersion,
  readCreation,
  readPiece,
  TUS_VERSION,
  toServerHeaders,
  toUploadHeaders,
} from './tus.ts';

const MEGABYTE = 1_048_576;
const PATH = '/api/v1/uploads';
const TUS = 'Speaks tus 1.0.0, for which there are clients in every language.';
const params = z.object({ id: z.string().describe('The id of the upload, the end of its `Location`.') });
const sends = { type: BYTES_TYPE, schema: { type: 'string', format: 'binary' } };

const NativeUpload = z.object({
  id: z.string(),
  sizeBytes: z.int().min(0).describe('As it was announced.'),
  offsetBytes: z.int().min(0).describe('How much has arrived.'),
  fileName: z.string().nullable(),
  createdAt: z.iso.datetime(),
  expiresAt: z.iso.datetime().describe('When it goes unless more arrives; once it is finished, when its address goes.'),
  asset: NativeAsset.nullable().describe('The file, once all of it is there.'),
});

type Deps = {
  readonly uploads: UploadService;
  readonly assets: { link(asset: Asset): string };
  readonly maxResumableUploadMegabytes: number;
};

/** `/api/v1/uploads`: files that arrive in pieces. */
export function resumableUploadRoutes(api: NativeApi, app: FastifyInstance, deps: Deps): void {
  app.register(async (scope) => {
    scope.removeAllContentTypeParsers();
    // The handlers read the bytes by themselves.
    scope.addContentTypeParser('*', (_request, _payload, done) => done(null));
    scope.addHook('onRequest', async (request, reply) => {
      reply.headers(COMMON_HEADERS);
      if (request.headers['tus-resumable'] !== TUS_VERSION) reply.header('tus-version', TUS_VERSION);
    });
    optionsRoutes(scope, deps);
    routes(api.within(scope), deps);
  });
}

/** The answer to `OPTIONS` is given before any route is asked; this adds to it what the protocol wants to know there. */
function optionsRoutes(scope: FastifyInstance, deps: Deps): void {
  const headers = { ...COMMON_HEADERS, ...toServerHeaders(deps.maxResumableUploadMegabytes * MEGABYTE) };
  const onSend = async (_request: FastifyRequest, reply: FastifyReply) => void reply.headers(headers);
  for (const url of [PATH, `${PATH}/:id`]) {
    scope.route({ method: 'OPTIONS', url, onSend, handler: (_request, reply) => reply.code(204).send() });
  }
}

function routes(api: NativeApi, { uploads, assets, maxResumableUploadMegabytes: megabytes }: Deps): void {
  const toView = (upload: Upload): z.input<typeof NativeUpload> => ({
    id: upload.id,
    sizeBytes: upload.sizeBytes,
    offsetBytes: upload.offsetBytes,
    fileName: upload.fileName,
    createdAt: new Date(upload.createdAtMs).toISOString(),
    expiresAt: new Date(upload.expiresAtMs).toISOString(),
    asset: upload.asset === null ? null : toNativeAsset(upload.asset, assets.link(upload.asset)),
  });
  const append = async ({ accountId }: Caller, id: string, request: FastifyRequest): Promise<Upload> => {
    const piece = readPiece(request.headers);
    return cutOff(request, () => uploads.append({ accountId, id, ...piece, stream: request.raw }));
  };
  api.add({
    id: 'createUpload',
    method: 'POST',
    url: PATH,
    tag: 'Files',
    summary: 'Begin an upload that may be interrupted',
    description: `${TUS} Up to ${megabytes} MB, announced in \`Upload-Length\`; \`Upload-Metadata\` may hold a \`filename\`. The body may be the first piece, or all of it. \`Location\` is the address to which the pieces go.`,
    scope: 'assets:write',
    sends,
    answer: { status: 201, about: 'The upload.', schema: NativeUpload },
    async handle({ caller: { accountId }, request, reply }) {
      checkVersion(request.headers);
      const { brings, checksum, ...announced } = readCreation(request.headers);
      let upload = await uploads.create({ accountId, ...announced });
      // Whoever loses the connection in the middle asks for the offset there.
      reply.header('location', `${PATH}/${upload.id}`);
      const { id } = upload;
      if (brings) {
        const piece = { accountId, id, offsetBytes: 0, checksum, stream: request.raw };
        upload = await cutOff(request, () => uploads.append(piece));
      }
      reply.headers(toUploadHeaders(upload));
      return toView(upload);
    },
  });
  api.add({
    id: 'getUpload',
    method: 'GET',
    url: `${PATH}/:id`,
    tag: 'Files',
    summary: 'How far an upload is, and its file once it is there',
    description: '`HEAD` answers the same headers: `Upload-Offset` is where to go on.',
    scope: 'assets:write',
    params,
    answer: { status: 200, about: 'The upload.', schema: NativeUpload },
    async handle({ caller: { accountId }, params: { id }, request, reply }) {
      checkVersion(request.headers);
      const upload = await uploads.require({ accountId, id });
      reply.headers(toUploadHeaders(upload));
      return toView(upload);
    },
  });
  api.add({
    id: 'appendToUpload',
    method: 'PATCH',
    url: `${PATH}/:id`,
    tag: 'Files',
    summary: 'Send a piece of an upload',
    description:
      'From `Upload-Offset` on, which must be where the upload is. With the last byte the file is stored; ask for the upload to get it.',
    scope: 'assets:write',
    params,
    sends,
    answer: { status: 204, about: 'It arrived; `Upload-Offset` is where to go on.' },
    async handle({ caller, params: { id }, request, reply }) {
      checkVersion(request.headers);
      reply.headers(toUploadHeaders(await append(caller, id, request)));
    },
  });
  api.add({
    id: 'sendToUpload',
    method: 'POST',
    url: `${PATH}/:id`,
    tag: 'Files',
    summary: 'Send a piece, from where only POST is possible',
    description: 'Like `PATCH`, with the header `X-HTTP-Method-Override: PATCH`.',
    scope: 'assets:write',
    params,
    sends,
    answer: { status: 204, about: 'It arrived; `Upload-Offset` is where to go on.' },
    async handle({ caller, params: { id }, request, reply }) {
      checkVersion(request.headers);
      if (request.headers['x-http-method-override']?.toString().toUpperCase() !== 'PATCH') {
        throw new GatewayError('method_not_allowed', `${PATH}/${id} takes DELETE, GET, HEAD, PATCH`, {
          details: { allow: 'DELETE, GET, HEAD, PATCH' },
        });
      }
      reply.headers(toUploadHeaders(await append(caller, id, request)));
    },
  });
  api.add({
    id: 'deleteUpload',
    method: 'DELETE',
    url: `${PATH}/:id`,
    tag: 'Files',
    summary: 'End an upload',
    description: 'What has arrived is deleted. A file that it has become stays: delete the asset.',
    scope: 'assets:write',
    params,
    answer: { status: 204, about: 'It is gone.' },
    async handle({ caller: { accountId }, params: { id }, request }) {
      checkVersion(request.headers);
      await uploads.remove({ accountId, id });
    },
  });
}

/** A sender who went away is no fault of ours. */
async function cutOff<T>(request: FastifyRequest, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const isGone = request.raw.destroyed && !request.raw.complete && !(error instanceof GatewayError);
    throw isGone ? new GatewayError('malformed_body', 'the upload was cut off', { cause: error }) : error;
  }
}
