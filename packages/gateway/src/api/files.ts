import { basename, dirname } from 'node:path';
import type { Readable } from 'node:stream';
import send from '@fastify/send';
import type { FastifyBaseLogger, FastifyInstance, FastifyRequest } from 'fastify';
import type { Asset, AssetService } from '../contract/asset.ts';
import { GatewayError } from '../contract/errors.ts';
import { isKnown } from './document.ts';

/** What a browser shows without running anything. Whatever else somebody uploaded is handed over as a download. */
const HARMLESS = /^(?:image\/(?!svg)|video\/|audio\/|model\/|text\/plain)/;

/** What a page's own code may read of a download. */
const EXPOSED_HEADERS = 'Accept-Ranges, Content-Disposition, Content-Length, Content-Range, ETag';

type FileRequest = FastifyRequest<{
  Params: { fileName: string };
  Querystring: { expires?: unknown; signature?: unknown };
}>;

/** `GET /files/<assetId>.<extension>?expires=…&signature=…`: uploads and outputs, for whoever has the link. Errors have
 *  their real statuses here: a downloader would save a 200 as the file. */
export function fileRoutes(
  app: FastifyInstance,
  { assets, log }: { assets: AssetService; log: FastifyBaseLogger },
): void {
  app.route<{ Params: { fileName: string }; Querystring: { expires?: unknown; signature?: unknown } }>({
    method: ['GET', 'HEAD'],
    url: '/files/:fileName',
    handler: async (request, reply) => {
      const asset = await assets.open({
        fileName: request.params.fileName,
        expires: single(request.query.expires),
        signature: single(request.query.signature),
      });
      const etag = `"${asset.sha256}"`;
      reply.headers(headersOf(asset, etag));
      if (isKnown(request.headers['if-none-match'], etag)) return reply.code(304).send();
      const { statusCode, headers, stream, type } = await send(rangeOnly(request, etag), pathFor(asset), {
        root: dirname(asset.path),
        // The data folder may well be below a hidden one.
        dotfiles: 'allow',
        cacheControl: false,
        contentType: false,
        etag: false,
        lastModified: false,
      });
      if (type === 'file') {
        // The head has been sent by then, so nobody else hears of it.
        stream.on('error', (err) => log.error({ err, assetId: asset.id }, 'a file could not be read to its end'));
        return reply.code(statusCode).headers(headers).send(stream);
      }
      if (statusCode !== 416) throw new GatewayError('file_not_found', 'file not found');
      return reply
        .code(416)
        .header('content-range', headers['Content-Range'] ?? '')
        .send();
    },
  });
}

const pathFor = (asset: Asset): string => encodeURIComponent(basename(asset.path));

/** Bytes never change under one id, so they may be kept for ever; by their owner only, because the link is a secret. */
function headersOf(asset: Asset, etag: string): Record<string, string> {
  const isText = asset.mediaType === 'text/plain';
  return {
    'content-type': isText ? 'text/plain; charset=utf-8' : asset.mediaType,
    'cache-control': 'private, max-age=31536000, immutable',
    'access-control-expose-headers': EXPOSED_HEADERS,
    'cross-origin-resource-policy': 'cross-origin',
    'x-content-type-options': 'nosniff',
    etag,
    ...(HARMLESS.test(asset.mediaType)
      ? {}
      : { 'content-disposition': 'attachment', 'content-security-policy': "default-src 'none'; sandbox" }),
  };
}

/** Conditions are decided here, where the content's hash is known; the library sees the range alone. A range under a
 *  condition that does not hold is no range. */
function rangeOnly(request: FileRequest, etag: string): Readable {
  const { range, 'if-range': ifRange } = request.headers;
  const isWanted = range !== undefined && (ifRange === undefined || ifRange === etag);
  // The library reads these two fields of the request and nothing else of it.
  return { method: request.method, headers: isWanted ? { range } : {} } as unknown as Readable;
}

/** A repeated query parameter is an array; a link has each once. */
const single = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);
