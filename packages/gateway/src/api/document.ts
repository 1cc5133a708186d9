import { hash } from 'node:crypto';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import type { FastifyReply, FastifyRequest } from 'fastify';

/** Below this, compressing saves no packet. */
const MIN_GZIP_CHARS = 1_400;
const WANTS_GZIP = /\bgzip\b(?!\s*;\s*q=0(?:\.0+)?\s*(?:,|$))/i;
const compress = promisify(gzip);

/** Sends a text that we wrote: not at all where the client has it already, compressed where it takes that. */
export async function sendDocument(
  request: FastifyRequest,
  reply: FastifyReply,
  { type, text }: { readonly type: string; readonly text: string },
): Promise<FastifyReply> {
  const tag = `"${hash('sha256', text, 'hex').slice(0, 32)}"`;
  // Weak, because the compressed bytes carry the same tag.
  reply.headers({ etag: `W/${tag}`, 'cache-control': 'no-cache', vary: 'accept-encoding' });
  if (isKnown(request.headers['if-none-match'], tag)) return reply.code(304).send();
  reply.headers({ 'content-type': type, 'x-content-type-options': 'nosniff' });
  const isWorthIt = text.length >= MIN_GZIP_CHARS && WANTS_GZIP.test(String(request.headers['accept-encoding'] ?? ''));
  return isWorthIt ? reply.header('content-encoding', 'gzip').send(await compress(text)) : reply.send(text);
}

/** Whether `If-None-Match` names this version; weak and strong tags of it count alike (RFC 9110, 13.1.2). */
export const isKnown = (ifNoneMatch: string | undefined, etag: string): boolean =>
  (ifNoneMatch ?? '').split(',').some((one) => one.trim() === '*' || one.trim().replace(/^W\//, '') === etag);
