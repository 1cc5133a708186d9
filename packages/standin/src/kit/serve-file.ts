import { once } from 'node:events';
import type { FastifyReply } from 'fastify';
import { page } from './answer.ts';
import type { LinkedFile } from './links.ts';
import type { Time } from './time.ts';

const SLOW_CHUNK_BYTES = 64;
const SLOW_PAUSE_MS = 1_000;

/** Gives a result out, or does with it what the faults of its job say. */
export async function serveFile(reply: FastifyReply, file: LinkedFile, time: Time): Promise<void> {
  const { faults, bytes, mediaType } = file;
  file.fetches += 1;
  if (faults.has('link-404')) return say(reply, 404, 'no such file');
  if (faults.has('link-403') || time.nowMs() > file.expiresAtMs) return say(reply, 403, 'the link has expired');
  if (faults.has('link-page')) {
    const { headers, bytes: html } = page(200, 'Welcome');
    await reply.headers(headers).send(html);
    return;
  }
  if (!faults.has('link-truncated') && !faults.has('link-slow')) {
    await reply.type(mediaType).send(bytes);
    return;
  }
  reply.hijack();
  const { raw } = reply;
  raw.on('error', () => {});
  const length = { 'content-length': bytes.length };
  if (faults.has('link-slow')) {
    raw.writeHead(200, { 'content-type': mediaType, ...length });
    return drip(raw, bytes, time);
  }
  // A known length first, then one that only the last chunk would tell.
  raw.writeHead(200, { 'content-type': mediaType, ...(file.fetches % 2 === 1 ? length : {}) });
  raw.write(bytes.subarray(0, Math.floor(bytes.length / 2)), () => raw.destroy());
}

const say = (reply: FastifyReply, status: number, text: string): void =>
  void reply.code(status).type('text/plain').send(`${text}\n`);

async function drip(raw: FastifyReply['raw'], bytes: Buffer, time: Time): Promise<void> {
  const closed = once(raw, 'close');
  for (let at = 0; at < bytes.length && !raw.destroyed; at += SLOW_CHUNK_BYTES) {
    raw.write(bytes.subarray(at, at + SLOW_CHUNK_BYTES));
    await time.pause(SLOW_PAUSE_MS, closed);
  }
  raw.end();
}
