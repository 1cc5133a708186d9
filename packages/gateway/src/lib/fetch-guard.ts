import { lookup } from 'node:dns/promises';
import type { Socket } from 'node:net';
import { basename } from 'node:path';
import { Readable } from 'node:stream';
import ipaddr from 'ipaddr.js';
import { Agent, buildConnector, type Dispatcher, request } from 'undici';
import { GatewayError } from '../contract/errors.ts';

const MAX_REDIRECTS = 5;
const MAX_URL_CHARS = 8_192;
/** How many addresses of one name are tried, and how long each may take to answer. */
const MAX_ADDRESSES = 4;
const CONNECT_TIMEOUT_MS = 10_000;

type Address = { readonly address: string; readonly family: number };
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

/** Fetches files from addresses that strangers chose. */
export type FetchGuard = {
  /** The time limit covers everything from the first name lookup to the last byte of the stream.
   *  @throws {FetchFailed}; the signal's reason when the signal fired. */
  open(url: string, p: { maxBytes: number; timeoutMs: number; signal: AbortSignal }): Promise<FetchedFile>;
};

/** Makes a guard that reaches public addresses only, unless `allowPrivateNetwork` switches that check off.
 *
 *  Every connection, those of redirects too, goes through one connector that resolves the name, checks all its
 *  addresses, and dials a checked one by number: a name that answers differently the next time (DNS rebinding) gains
 *  nothing.
 *  @param dial opens a connection to an address that was checked; for tests, which have no public addresses. */
export function createFetchGuard(deps: {
  allowPrivateNetwork: boolean;
  resolve?: (host: string) => Promise<readonly Address[]>;
  dial?: buildConnector.connector;
}): FetchGuard {
  const { allowPrivateNetwork, resolve = (host: string) => lookup(host, { all: true }) } = deps;
  const dial = deps.dial ?? buildConnector({ timeout: CONNECT_TIMEOUT_MS, allowH2: false });

  const addressesByName = async (host: string): Promise<readonly Address[]> => {
    if (ipaddr.isValid(host)) return [{ address: host, family: 0 }];
    try {
      return await resolve(host);
    } catch (cause) {
      // Any other code means that the name server did not answer, not that there is no such name.
      const isPassing = !(cause instanceof Error && 'code' in cause && cause.code === 'ENOTFOUND');
      throw new FetchFailed(`the name ${host} cannot be resolved`, { cause, isPassing });
    }
  };

  const addressesOf = async (host: string): Promise<readonly Address[]> => {
    const found = await addressesByName(host);
    if (found.length === 0) throw unusable(`the name ${host} cannot be resolved`);
    // One bad address among good ones is refused too: nobody has such a name by mistake.
    const isAllowed = allowPrivateNetwork || found.every(({ address }) => isPublicAddress(address));
    if (!isAllowed) throw unusable(`${host} is not on the public internet`);
    return found.slice(0, MAX_ADDRESSES);
  };

  const connect = async (options: buildConnector.Options): Promise<Socket> => {
    const host = withoutBrackets(options.hostname);
    let failure: unknown;
    for (const { address } of await addressesOf(host)) {
      try {
        // The certificate is still checked against the name.
        const servername = ipaddr.isValid(host) ? {} : { servername: host };
        return await dialOnce(dial, { ...options, ...servername, hostname: address });
      } catch (error) {
        failure = error;
      }
    }
    throw failure;
  };

  const agent = new Agent({
    allowH2: false,
    connect: (options, done) => {
      connect(options).then(
        (socket) => done(null, socket),
        (error: unknown) => done(error instanceof Error ? error : new Error(String(error)), null),
      );
    },
  });
  return { open: (url, p) => openGuarded(agent, url, p) };
}

const dialOnce = (dial: buildConnector.connector, options: buildConnector.Options): Promise<Socket> =>
  new Promise((resolve, reject) => {
    dial(options, (error, socket) => (error === null ? resolve(socket) : reject(error)));
  });

async function openGuarded(
  agent: Dispatcher,
  url: string,
  { maxBytes, timeoutMs, signal }: { maxBytes: number; timeoutMs: number; signal: AbortSignal },
): Promise<FetchedFile> {
  const timeout = AbortSignal.timeout(timeoutMs);
  const either = AbortSignal.any([signal, timeout]);
  const explain = (error: unknown): unknown => {
    if (signal.aborted) return signal.reason;
    if (timeout.aborted) return unusable(`the file did not arrive within ${timeoutMs / 1_000} s`);
    if (error instanceof GatewayError) return error;
    return new FetchFailed('the file could not be fetched: the connection failed', { cause: error, isPassing: true });
  };
  try {
    let target = toTarget(url);
    for (let redirects = 0; redirects <= MAX_REDIRECTS; redirects += 1) {
      const answer = await ask(agent, target, either, timeoutMs);
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
  agent: Dispatcher,
  target: URL,
  signal: AbortSignal,
  timeoutMs: number,
): Promise<Dispatcher.ResponseData> {
  signal.throwIfAborted();
  const asking = request(target, {
    dispatcher: agent,
    signal,
    headersTimeout: timeoutMs,
    bodyTimeout: timeoutMs,
    // Hosts differ with every file: a connection kept open would only wait to be closed.
    reset: true,
    headers: { 'user-agent': 'Reelay', accept: '*/*', 'accept-encoding': 'identity' },
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
  const stream = Readable.from(bounded(body, maxBytes, explain), { objectMode: false });
  return { stream, fileName: fileNameOf(target), contentType: single(headers['content-type']) };
}

async function* bounded(
  body: Readable,
  maxBytes: number,
  explain: (error: unknown) => unknown,
): AsyncGenerator<Buffer> {
  let sizeBytes = 0;
  try {
    for await (const chunk of body) {
      // A body without an encoding is read as buffers.
      const bytes = chunk as Buffer;
      sizeBytes += bytes.length;
      if (sizeBytes > maxBytes) throw tooLarge(maxBytes);
      yield bytes;
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

/** Whether an address is one that anybody on the internet can reach. An IPv6 form that carries an IPv4 address is judged
 *  by that address, because a gateway or the kernel will go there.
 *  @param address an IPv4 or IPv6 address, without brackets. */
export function isPublicAddress(address: string): boolean {
  if (!ipaddr.isValid(address)) return false;
  const parsed = ipaddr.parse(address);
  if (parsed instanceof ipaddr.IPv4) return parsed.range() === 'unicast';
  const embedded = embeddedIn(parsed);
  return embedded === undefined
    ? parsed.range() === 'unicast' && isGlobalUnicast(parsed)
    : embedded.every((bytes) => new ipaddr.IPv4(bytes).range() === 'unicast');
}

/** RFC 4291: 2000::/3 is all that was ever given out. What lies outside may still be routed somewhere, as ::127.0.0.1
 *  was once. */
const isGlobalUnicast = (address: ipaddr.IPv6): boolean => ((address.toByteArray()[0] ?? 0) & 0xe0) === 0x20;

/** The IPv4 addresses inside an IPv6 address; undefined where it has none. */
function embeddedIn(address: ipaddr.IPv6): number[][] | undefined {
  const bytes = address.toByteArray();
  const last = bytes.slice(12);
  switch (address.range()) {
    case 'ipv4Mapped':
    case 'rfc6145':
      return [last];
    case 'rfc6052':
      // 64:ff9b:1::/48 (RFC 8215) is for private translators, which may put the address elsewhere: none is public.
      return bytes.slice(4, 12).every((byte) => byte === 0) ? [last] : [[0, 0, 0, 0]];
    case '6to4':
      return [bytes.slice(2, 6)];
    case 'teredo':
      // RFC 4380: the relay's address as it is, the client's with every bit inverted.
      return [bytes.slice(4, 8), last.map((byte) => byte ^ 0xff)];
    default:
      return isGlobalUnicast(address) && isIsatap(bytes) ? [last] : undefined;
  }
}

/** RFC 5214: an interface id of 0000:5efe or 0200:5efe, then the IPv4 address. */
const isIsatap = (bytes: readonly number[]): boolean =>
  ((bytes[8] ?? 0) & 0xfd) === 0 && bytes[9] === 0 && bytes[10] === 0x5e && bytes[11] === 0xfe;

const withoutBrackets = (host: string): string => host.replace(/^\[|\]$/g, '');
const single = (value: string | string[] | undefined): string | undefined => (Array.isArray(value) ? value[0] : value);
/** Statuses of a server that is busy, not of a file that is missing. */
const isPassing = (status: number): boolean => status >= 500 || [408, 425, 429].includes(status);
const unusable = (message: string): FetchFailed => new FetchFailed(message);
const tooLarge = (maxBytes: number): FetchFailed =>
  unusable(`the file has more than ${Math.floor(maxBytes / 1_048_576)} MB, which is the limit`);
