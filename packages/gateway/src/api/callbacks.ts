import type { FastifyInstance } from 'fastify';
import type { CallbackService } from '../contract/callback.ts';

/** Upstreams send a few kilobytes, and some send the whole result. */
const MAX_BODY_BYTES = 4 * 1_048_576;

/** `/callbacks/<channel>/<task id>/<signature>`: upstreams tell us here that a job has news. The address is its own secret;
 *  each upstream's own signature is checked besides. */
export async function callbackRoutes(
  app: FastifyInstance,
  { callbacks }: { callbacks: CallbackService },
): Promise<void> {
  await app.register(async (scope) => {
    // A signature is over the bytes, so they are kept as they came.
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
    scope.route<{ Params: { channel: string; taskId: string; signature: string } }>({
      method: ['GET', 'POST', 'PUT'],
      url: '/callbacks/:channel/:taskId/:signature',
      bodyLimit: MAX_BODY_BYTES,
      handler: ({ params, body, headers, method, raw }) => {
        const flat = Object.entries(headers).map(([name, value]) => [name, String(value)]);
        const request = {
          method,
          url: raw.url ?? '',
          headers: Object.fromEntries(flat),
          body: Buffer.isBuffer(body) ? body : Buffer.alloc(0),
        };
        return callbacks.receive({ ...params, request });
      },
    });
  });
}
