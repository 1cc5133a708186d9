import { finished, Readable } from 'node:stream';
import type { FastifyReply } from 'fastify';
import { GatewayError } from '../../contract/errors.ts';
import type { EventFeed, EventPiece } from '../../contract/event.ts';

const MAX_STREAMS = 1_000;
const MAX_STREAMS_PER_KEY = 20;
const RETRY_AFTER_MS = 5_000;
/** Proxies cut what is silent for longer. Whether the key still works is looked at as often. */
const HEARTBEAT_MS = 15_000;

type Stream = Omit<Parameters<EventFeed['follow']>[0], 'signal' | 'onStall'> & {
  readonly keyId: string;
  readonly reply: FastifyReply;
  /** Throws when the key may not read on. */
  readonly check: () => Promise<unknown>;
  /** What a piece looks like; `isLast` ends the stream after it. */
  readonly render: (piece: EventPiece) => Promise<{ readonly text: string; readonly isLast: boolean }>;
};

/** Sends events as they come (`text/event-stream`). What is not taken is not read: a slow client costs one page of events,
 *  and is cut off when it takes nothing for a minute.
 *  @param p.closing fires when the server closes, which ends all streams. */
export function createEventStreams(p: { feed: EventFeed; nowMs: () => number; closing: AbortSignal }) {
  const open = new Map<string, number>();
  let total = 0;
  const count = (keyId: string, by: 1 | -1) => {
    total += by;
    const own = (open.get(keyId) ?? 0) + by;
    if (own === 0) open.delete(keyId);
    else open.set(keyId, own);
  };
  async function* texts({ check, render, reply, ...following }: Stream, signal: AbortSignal) {
    let spokeAtMs = 0;
    let checkedAtMs = p.nowMs();
    yield 'retry: 1000\n\n';
    for await (const piece of p.feed.follow({ ...following, signal, onStall: () => reply.raw.destroy() })) {
      const { text, isLast } = await render(piece);
      const nowMs = p.nowMs();
      if (nowMs - checkedAtMs >= HEARTBEAT_MS) {
        await check();
        checkedAtMs = nowMs;
      }
      if (text !== '' || nowMs - spokeAtMs >= HEARTBEAT_MS) {
        spokeAtMs = nowMs;
        yield text === '' ? `: still here\n${toPlace(piece)}` : text;
      }
      if (isLast) return;
    }
  }
  /** @throws {GatewayError} `rate_limited` where there are too many. */
  return (stream: Stream): FastifyReply => {
    const { keyId, reply } = stream;
    if (total >= MAX_STREAMS || (open.get(keyId) ?? 0) >= MAX_STREAMS_PER_KEY) {
      const message = `a key may have ${MAX_STREAMS_PER_KEY} streams open, and a server ${MAX_STREAMS}`;
      throw new GatewayError('rate_limited', message, { details: { retryAfterMs: RETRY_AFTER_MS } });
    }
    const end = new AbortController();
    const close = () => {
      end.abort();
      // Who takes nothing would not see the end either.
      if (reply.raw.writableNeedDrain) reply.raw.destroy();
    };
    if (p.closing.aborted) close();
    p.closing.addEventListener('abort', close, { once: true });
    count(keyId, 1);
    finished(reply.raw, () => {
      end.abort();
      p.closing.removeEventListener('abort', close);
      count(keyId, -1);
    });
    // A connection that stayed open after its stream would keep a server that closes waiting for it.
    reply.header('connection', 'close').header('x-accel-buffering', 'no').type('text/event-stream; charset=utf-8');
    return reply.send(Readable.from(texts(stream, end.signal)));
  };
}

/** An id without data dispatches nothing, and is where the client goes on after a break: what was left out of a stream is
 *  not looked at again. */
export const toPlace = ({ cursor }: EventPiece): string => `id: ${cursor}\n\n`;
