import { type Dispatcher, request } from 'undici';
import { type Clock, TookTooLong, withTimeout } from '../lib/clock.ts';
import { NoPublicAddress } from '../lib/guarded-agent.ts';
import { parseRetryAfter } from './schedule.ts';

/** From the look-up of the name to the status line, and then once more at most for the beginning of the body. */
const TIMEOUT_MS = 10_000;
/** An answer is judged by its status. Of its body so much is read, and then the connection is dropped. */
const MAX_ANSWER_BYTES = 16_384;
/** Of that, what is kept for people to look at. */
const MAX_KEPT_CHARS = 1_000;

/** What came back. */
export type Answer = {
  /** Null: no answer. */
  readonly status: number | null;
  /** The beginning of its body. */
  readonly response: string | null;
  /** Why there was no answer. Names neither the address nor anything that was sent. */
  readonly error: string | null;
  readonly retryAfterMs: number | undefined;
  readonly startedAtMs: number;
  readonly durationMs: number;
};

/** Posts one delivery. Follows no redirect: an address that moved is for its owner to know.
 *  @throws the signal's reason. */
export type Send = (p: {
  url: string;
  headers: Readonly<Record<string, string>>;
  body: string;
  signal: AbortSignal;
}) => Promise<Answer>;

/** @param p.agent decides which addresses may be reached. */
export function createSender({ agent, clock }: { agent: Dispatcher; clock: Clock }): Send {
  return async ({ url, headers, body, signal }) => {
    const startedAtMs = clock.nowMs();
    const end = (answer: Pick<Answer, 'status' | 'response' | 'error' | 'retryAfterMs'>): Answer => ({
      ...answer,
      startedAtMs,
      durationMs: clock.nowMs() - startedAtMs,
    });
    try {
      const answer = await withTimeout(clock, { ms: TIMEOUT_MS, signal }, (either) =>
        ask({ agent, url, headers, body, signal: either }),
      );
      const leftMs = startedAtMs + TIMEOUT_MS - clock.nowMs();
      const response = await readBeginning(answer.body, { clock, leftMs, signal });
      const retryAfterMs = parseRetryAfter(single(answer.headers['retry-after']), clock.nowMs());
      return end({ status: answer.statusCode, response, error: null, retryAfterMs });
    } catch (error) {
      signal.throwIfAborted();
      return end({ status: null, response: null, error: toReason(error), retryAfterMs: undefined });
    }
  };
}

type Asked = Omit<Parameters<Send>[0], 'signal'> & { readonly agent: Dispatcher; readonly signal: AbortSignal };

function ask({ agent, url, headers, body, signal }: Asked): Promise<Dispatcher.ResponseData> {
  const asking = request(url, {
    dispatcher: agent,
    method: 'POST',
    headers: { ...headers, accept: '*/*', 'accept-encoding': 'identity', 'user-agent': 'Reelay' },
    body,
    signal,
    // A connection that was kept open may be closed by the other side just when it is used again, which would cost a try.
    reset: true,
    // The signal ends it sooner.
    headersTimeout: 2 * TIMEOUT_MS,
    bodyTimeout: 2 * TIMEOUT_MS,
  });
  // undici heeds the signal only once there is a connection; what comes after it is nobody's.
  asking.then(
    ({ body: late }) => {
      if (signal.aborted) late.on('error', ignore).destroy();
    },
    () => undefined,
  );
  return asking;
}

/** Reads until there is enough, it ends, breaks, or takes too long: none of that changes what the status said. */
async function readBeginning(
  body: Dispatcher.ResponseData['body'],
  { clock, leftMs, signal }: { clock: Clock; leftMs: number; signal: AbortSignal },
): Promise<string> {
  body.on('error', ignore);
  const chunks: Buffer[] = [];
  let sizeBytes = 0;
  const stop = () => body.destroy();
  const cancel = clock.after(Math.max(0, leftMs), stop);
  signal.addEventListener('abort', stop, { once: true });
  try {
    for await (const chunk of body) {
      // A body without an encoding is read as buffers.
      chunks.push(chunk as Buffer);
      sizeBytes += (chunk as Buffer).length;
      if (sizeBytes >= MAX_ANSWER_BYTES) break;
    }
  } catch {
    // What came before will do.
  } finally {
    cancel();
    signal.removeEventListener('abort', stop);
    body.destroy();
  }
  signal.throwIfAborted();
  return toText(Buffer.concat(chunks));
}

const ignore = () => undefined;

/** What databases and terminals do not take is replaced. */
const toText = (bytes: Buffer): string =>
  bytes
    .toString('utf8')
    .slice(0, MAX_KEPT_CHARS)
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
    .replace(/[\0-\x08\x0b\x0c\x0e-\x1f\x7f]/g, '\ufffd')
    .toWellFormed();

/** Codes only: a message may name an address behind the name. */
function toReason(error: unknown): string {
  if (error instanceof TookTooLong) return `no answer within ${TIMEOUT_MS / 1_000} s`;
  if (error instanceof NoPublicAddress) return error.message;
  const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown error';
  return `the connection failed: ${code}`;
}

const single = (value: string | string[] | undefined): string | undefined => (Array.isArray(value) ? value[0] : value);
