import { createHash } from 'node:crypto';
import { basename } from 'node:path';
import { Readable } from 'node:stream';
import { type Dispatcher, request } from 'undici';
import { GatewayError } from '../contract/errors.ts';
import { type BodyDigest, bodyDigestOf } from './body-digest.ts';
import { type AgentOptions, createGuardedAgent, NoPublicAddress } from './guarded-agent.ts';

const MAX_REDIRECTS = 5;
const MAX_URL_CHARS = 8_192;

type FetchedFile = {
  /** Ends with a GatewayError when the file is too large, too slow or cut off. */
  readonly stream: Readable;
  /** The last part of the final address; empty where it has none. */
  readonly fileName: string;
  readonly contentType: string | undefined;
};

/** Why a file could not be had. */
export class FetchFailed extends GatewayError {
  /** The same fetch may work in a moment: the other side was busy, or the connection broke. */
  readonly isPassing: boolean;
  constructor(message: string, options: { cause?: unknown; isPassing?: boolean } = {}) {
    super('media_unusable', message, { cause: options.cause });
    this.isPassing = options.isPassing ?? false;
  }
}

/** An origin that the owner of this server chose: it may be in a private network, and gets these headers. No other
 *  origin does, also not one that it redirects to. */
export type TrustedOrigin = { readonly origin: string; readonly headers: Readonly<Record<string, string>> };

type FetchLimits = { readonly maxBytes: number; readonly timeoutMs: number; readonly signal: AbortSignal };

/** Fetches files from addresses that strangers chose. */
export type FetchGuard = {
  /** The time limit covers everything from the first name lookup to the last byte of the stream. Where the server names
   *  a digest of the bytes, the stream ends well only if they have it.
   *  @throws {FetchFailed}; the signal's reason when the signal fired. */
  open(url: string, p: FetchLimits & { trusted?: TrustedOrigin | undefined }): Promise<FetchedFile>;
};

/** Makes a guard that reaches what the guarded agent does. Redirects are connections of their own, checked like the first. */
export function createFetchGuard(options: AgentOptions): FetchGuard {
  const agent = createGuardedAgent(options);
  const trusting = createGuardedAgent({ ...options, allowPrivateNetwork: true });
  return {
    open: (url, { trusted, ...limits }) =>
      openGuarded(url, limits, ({ origin }) =>
        origin === trusted?.origin
          ? { dispatcher: trusting, headers: trusted.headers }
          : { dispatcher: agent, headers: {} },
      ),
  };
}

/** How an address is asked. */
type Way = { readonly dispatcher: Dispatcher; readonly headers: Readonly<Record<string, string>> };

async function openGuarded(
  url: string,
  { maxBytes, timeoutMs, signal }: FetchLimits,
  wayTo: (target: URL) => Way,
): Promise<FetchedFile> {
  const timeout = AbortSignal.timeout(timeoutMs);
  const either = AbortSignal.any([signal, timeout]);
  const explain = (error: unknown): unknown => {
    if (signal.aborted) return signal.reason;
    if (timeout.aborted) return unusable(`the file did not arrive within ${timeoutMs / 1_000} s`);
    if (error instanceof GatewayError) return error;
    if (error instanceof NoPublicAddress) return new FetchFailed(error.message, error);
    return new FetchFailed('the file could not be fetched: the connection failed', { cause: error, isPassing: true });
  };
  try {
    let target = toTarget(url);
    for (let redirects = 0; redirects <= MAX_REDIRECTS; redirects += 1) {
      const answer = await ask(wayTo(target), target, either, timeoutMs);
      const next = redirectOf(answer, target);
      if (next === undefined) return toFile(answer, target, maxBytes, explain);
      discard(answer);
      target = next;
    }
    throw unusable(`the address redirects more than ${MAX_REDIRECTS} times`);
  } catch (error) {
    throw explain(error);
  }
}

async function ask(
  { dispatcher, headers }: Way,
  target: URL,
  signal: AbortSignal,
  timeoutMs: number,
): Promise<Dispatcher.ResponseData> {
  signal.throwIfAborted();
  const asking = request(target, {
    dispatcher,
    signal,
    headersTimeout: timeoutMs,
    bodyTimeout: timeoutMs,
    // Hosts differ with every file: a connection kept open would only wait to be closed.
    reset: true,
    headers: { 'user-agent': 'Reelay', accept: '*/*', 'accept-encoding': 'identity', ...headers },
  });
  // undici heeds the signal only once there is a connection.
  const ended = Promise.withResolvers<never>();
  const end = () => {
    ended.reject(signal.reason);
    asking.then(discard, ignore);
  };
  signal.addEventListener('abort', end, { once: true });
  try {
    return await Promise.race([asking, ended.promise]);
  } finally {
    signal.removeEventListener('abort', end);
  }
}

function toTarget(url: string, base?: string): URL {
  if (url.length > MAX_URL_CHARS || !URL.canParse(url, base)) throw unusable('the address of the file is not a URL');
  const target = new URL(url, base);
  if (target.protocol !== 'http:' && target.protocol !== 'https:') {
    throw unusable('the address of a file must begin with http:// or https://');
  }
  if (target.username !== '' || target.password !== '') {
    throw unusable('the address of a file must not carry a user name or a password');
  }
  return target;
}

function redirectOf({ statusCode, headers }: Dispatcher.ResponseData, from: URL): URL | undefined {
  const isRedirect = [301, 302, 303, 307, 308].includes(statusCode);
  const location = single(headers.location);
  return isRedirect && location !== undefined ? toTarget(location, from.href) : undefined;
}

function toFile(
  answer: Dispatcher.ResponseData,
  target: URL,
  maxBytes: number,
  explain: (error: unknown) => unknown,
): FetchedFile {
  const { statusCode, headers, body } = answer;
  const declaredBytes = Number(single(headers['content-length']) ?? 0);
  if (statusCode < 200 || statusCode > 299 || declaredBytes > maxBytes) {
    discard(answer);
    throw declaredBytes > maxBytes && statusCode < 300
      ? tooLarge(maxBytes)
      : new FetchFailed(`the file's server answered with status ${statusCode}`, { isPassing: isPassing(statusCode) });
  }
  // An answer that nobody reads is still ended by the time limit, and must not end the process then.
  body.on('error', ignore);
  const stream = Readable.from(bounded(body, { maxBytes, expected: bodyDigestOf(headers) }, explain), {
    objectMode: false,
  });
  return { stream, fileName: fileNameOf(target), contentType: single(headers['content-type']) };
}

async function* bounded(
  body: Readable,
  { maxBytes, expected }: { maxBytes: number; expected: BodyDigest | undefined },
  explain: (error: unknown) => unknown,
): AsyncGenerator<Buffer> {
  let sizeBytes = 0;
  const hash = expected === undefined ? undefined : createHash(expected.algorithm);
  try {
    for await (const chunk of body) {
      // A body without an encoding is read as buffers.
      const bytes = chunk as Buffer;
      sizeBytes += bytes.length;
      if (sizeBytes > maxBytes) throw tooLarge(maxBytes);
      hash?.update(bytes);
      yield bytes;
    }
    if (expected !== undefined && hash?.digest().equals(expected.digest) === false) {
      throw new FetchFailed('the file is not what its server says it is: the digests differ', { isPassing: true });
    }
  } catch (error) {
    throw explain(error);
  }
}

function discard({ body }: Dispatcher.ResponseData): void {
  body.on('error', ignore);
  body.destroy();
}
const ignore = () => {};

function fileNameOf({ pathname }: URL): string {
  try {
    return basename(decodeURIComponent(pathname));
  } catch {
    return basename(pathname);
  }
}

const single = (value: string | string[] | undefined): string | undefined => (Array.isArray(value) ? value[0] : value);
/** Statuses of a server that is busy, not of a file that is missing. */
const isPassing = (status: number): boolean => status >= 500 || [408, 425, 429].includes(status);
const unusable = (message: string): FetchFailed => new FetchFailed(message);
const tooLarge = (maxBytes: number): FetchFailed =>
  unusable(`the file has more than ${Math.floor(maxBytes / 1_048_576)} MB, which is the limit`);
