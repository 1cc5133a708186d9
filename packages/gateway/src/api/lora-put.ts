import type { FastifyInstance, FastifyRequest } from 'fastify';
import { GatewayError } from '../contract/errors.ts';
import type { LoraUploads } from '../contract/model-library.ts';

const MEGABYTE = 1_048_576;

type Deps = { readonly loras: LoraUploads; readonly maxLoraMegabytes: number };
type PutRequest = FastifyRequest<{ Params: { fileName: string }; Querystring: Record<string, unknown> }>;

/** `PUT /put/api-lora-cn/<md5>.safetensors?…`: the bytes of a LoRA, from whoever has the link. Errors have their real
 *  statuses here: senders look at nothing else. */
export function loraPutRoutes(app: FastifyInstance, { loras, maxLoraMegabytes }: Deps): void {
  app.register(async (scope) => {
    scope.removeAllContentTypeParsers();
    // Whatever a client calls the bytes, the handler reads them by itself.
    scope.addContentTypeParser('*', (_request, _payload, done) => done(null));
    scope.route<{ Params: { fileName: string }; Querystring: Record<string, unknown> }>({
      method: 'PUT',
      url: '/put/api-lora-cn/:fileName',
      handler: async (request, reply) => {
        if (Number(request.headers['content-length'] ?? 0) > maxLoraMegabytes * MEGABYTE) {
          throw new GatewayError('body_too_large', `a LoRA may have ${maxLoraMegabytes} MB at most`);
        }
        await receive(loras, request);
        return reply
          .code(200)
          .header('etag', `"${request.params.fileName.slice(0, 32)}"`)
          .send();
      },
    });
  });
}

async function receive(loras: LoraUploads, request: PutRequest): Promise<void> {
  const { account, name, expires, signature } = request.query;
  const link = {
    fileName: request.params.fileName,
    account: single(account),
    name: single(name),
    expires: single(expires),
    signature: single(signature),
  };
  try {
    await loras.receive({ link, stream: request.raw });
  } catch (error) {
    // A sender who went away is no fault of ours.
    const isGone = request.raw.destroyed && !request.raw.complete && !(error instanceof GatewayError);
    throw isGone ? new GatewayError('malformed_body', 'the upload was cut off', { cause: error }) : error;
  }
}

/** A repeated query parameter is an array; a link has each once. */
const single = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);
