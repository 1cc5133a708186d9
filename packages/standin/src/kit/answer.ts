import { once } from 'node:events';
import type { FastifyReply } from 'fastify';
import type { FaultName } from './faults.ts';

/** Members that no client knows. */
const EXTRA = { added_later: { note: 'clients pass over members that they do not know', amount: 1 } };

/** The compiler's library does not know it yet: a piece of JSON that is written as it is. */
const { rawJSON } = JSON as unknown as { rawJSON(text: string): unknown };

/** JSON in which a bigint is a number, with what the faults add. */
export function toJson(body: unknown, faults: ReadonlySet<FaultName>): string {
  const hasExtra = faults.has('extra-members');
  return JSON.stringify(body, (_name, value: unknown) => {
    if (typeof value === 'bigint') return rawJSON(String(value));
    if (!hasExtra || !isPlain(value) || value === EXTRA.added_later) return value;
    return { ...value, ...EXTRA };
  });
}

const isPlain = (value: unknown): value is object =>
  typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype;

/** A page as proxies make it. */
export const page = (status: number, title: string) => ({
  status,
  headers: { 'content-type': 'text/html; charset=utf-8' },
  bytes: Buffer.from(
    `<!doctype html><html><head><title>${title}</title></head><body><h1>${title}</h1></body></html>\n`,
  ),
});

/** Breaks the connection as a crashed peer does. */
export function reset(reply: FastifyReply): void {
  reply.hijack();
  reply.raw.socket?.resetAndDestroy();
}

/** The first half of an answer, of which the client is told that it is whole. */
export function sendHalf(reply: FastifyReply, json: string): void {
  reply.hijack();
  reply.raw.writeHead(200, { 'content-type': 'application/json' }).end(json.slice(0, Math.ceil(json.length / 2)));
}

const CHUNK = Buffer.alloc(65_536, 'a');

/** JSON that goes on until the client has had enough. */
export async function sendEndless(reply: FastifyReply): Promise<void> {
  reply.hijack();
  const { raw } = reply;
  raw.on('error', () => {});
  raw.writeHead(200, { 'content-type': 'application/json' }).write('{"note":"');
  const closed = once(raw, 'close');
  while (!raw.destroyed) if (!raw.write(CHUNK)) await Promise.race([once(raw, 'drain'), closed]);
}
