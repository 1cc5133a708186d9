import type { FastifyInstance } from 'fastify';
import manifest from '../../package.json' with { type: 'json' };

export const { version } = manifest;

/** `GET /healthz`: 200 once requests are served. */
export function healthRoutes(app: FastifyInstance, { nowMs }: { nowMs: () => number }): void {
  const startedAtMs = nowMs();
  app.get('/healthz', (_request, reply) => {
    reply.header('cache-control', 'no-store');
    return reply.send({ status: 'ok', version, uptimeSeconds: Math.floor((nowMs() - startedAtMs) / 1_000) });
  });
}
