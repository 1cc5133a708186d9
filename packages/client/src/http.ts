import { type Clock, sleep, systemClock } from './clock.ts';
import { ReelayError, toError } from './error.ts';
import { pauseBefore } from './retry.ts';

export type ClientOptions = {
  /** Where the server is, such as `http://127.0.0.1:8090`. */
  readonly url: string;
  readonly key: string;
  /** Default: the platform's. */
  readonly fetch?: typeof fetch;
  /** How long one try may take, default 60,000 ms. Uploads, and what asks the server to wait, get more. */
  readonly timeoutMs?: number;
  /** How often a call that is safe to repeat is tried again, default 3. */
  readonly retries?: number;
  readonly clock?: Clock;
  /** 0 to 1. */
  readonly random?: () => number;
};

type Value = string | number | boolean | undefined;

export type Call = {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Below `/api/v1`. */
  readonly path: string;
  readonly query?: Readonly<Record<string, Value | readonly string[]>>;
  readonly json?: unknown;
  readonly body?: Blob | FormData;
  readonly headers?: Readonly<Record<string, string | undefined>>;
  /** Doing it twice is doing it once. Default: of a GET. */
  readonly isRepeatable?: boolean;
  /** Default: as for all calls. */
  readonly retries?: number;
  /** What this call may take longer. */
  readonly extraMs?: number | undefined;
  readonly signal?: AbortSignal | undefined;
};

/** What the resources stand on. */
export type Http = {
  readonly clock: Clock;
  readonly random: () => number;
  /** @returns the JSON of the answer; undefined where it has none.
   *  @throws {ReelayError}; the reason of the call's signal. */
  json<T>(call: Call): Promise<T>;
  /** The answer itself, as soon as its headers are there. From then on it is bounded by the call's signal alone. */
  open(call: Call): Promise<Response>;
};

/** @throws {ReelayError} `invalid_input` for an address or a key that cannot be used; neither is repeated in it. */
export function createHttp(options: ClientOptions): Http {
  const base = toBase(options.url);
  const authorization = `Bearer ${toKey(options.key)}`;
  const { clock = systemClock, random = Math.random, timeoutMs = 60_000, retries = 3 } = options;
  // Looked up at each call, for the platform's may be replaced.
  const send: typeof fetch = (input, init) => (options.fetch ?? fetch)(input, init);

  async function attempt<T>(call: Call, read: (response: Response) => Promise<T>): Promise<T> {
    const late = new AbortController();
    const limitMs = timeoutMs + (call.extraMs ?? 0);
    const cancel = clock.after(limitMs, () =>
      late.abort(new ReelayError('no_answer', `${base} did not answer within ${limitMs / 1_000} s`)),
    );
    try {
      const response = await send(`${base}/api/v1${call.path}${toSearch(call.query)}`, {
        ...toInit(call, authorization),
        signal: call.signal === undefined ? late.signal : AbortSignal.any([call.signal, late.signal]),
      });
      if (!response.ok) throw await toError(response, clock.nowMs());
      return await read(response);
    } catch (error) {
      if (call.signal?.aborted === true) throw call.signal.reason;
      if (error instanceof ReelayError) throw error;
      throw new ReelayError('connection_failed', `no connection to ${base}${toReason(error)}`, { cause: error });
    } finally {
      cancel();
    }
  }

  async function tryUntil<T>(call: Call, read: (response: Response) => Promise<T>): Promise<T> {
    for (let failures = 1; ; failures += 1) {
      try {
        return await attempt(call, read);
      } catch (error) {
        const { isRepeatable = call.method === 'GET' } = call;
        const limits = { retries: call.retries ?? retries, random: random() };
        const pauseMs = pauseBefore({ error, isRepeatable, failures, ...limits });
        if (pauseMs === undefined) throw error;
        await sleep(clock, pauseMs, call.signal);
      }
    }
  }

  return {
    clock,
    random,
    // The server's answers have the shapes that its tests compare with our types.
    json: <T>(call: Call) => tryUntil(call, async (response) => parse(await response.text()) as T),
    open: (call) => tryUntil(call, async (response) => response),
  };
}

function toInit({ method, json, body, headers = {} }: Call, authorization: string): RequestInit {
  const given = Object.entries(headers).filter((entry): entry is [string, string] => entry[1] !== undefined);
  const sent = json === undefined ? body : JSON.stringify(json);
  return {
    method,
    headers: {
      authorization,
      ...(json === undefined ? {} : { 'content-type': 'application/json' }),
      ...Object.fromEntries(given),
    },
    ...(sent === undefined ? {} : { body: sent }),
    // A redirect of a POST would arrive as a GET, and one to another host is no business of the key's.
    redirect: 'error',
  };
}

function parse(text: string): unknown {
  if (text === '') return undefined;
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new ReelayError('bad_answer', 'the answer is no JSON, so it is not from a Reelay server', { cause });
  }
}

function toSearch(query: Call['query'] = {}): string {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) if (value !== undefined) search.set(name, String(value));
  return search.size === 0 ? '' : `?${search}`;
}

/** The address without a slash at its end. */
function toBase(url: string): string {
  const { protocol, username, password, origin, pathname } = URL.canParse(url) ? new URL(url) : EMPTY;
  if ((protocol !== 'http:' && protocol !== 'https:') || username !== '' || password !== '') {
    throw new ReelayError('invalid_input', 'url must be an http or https address without a name and password in it');
  }
  return origin + pathname.replace(/\/+$/, '');
}
const EMPTY = { protocol: '', username: '', password: '', origin: '', pathname: '' };

/** The platform repeats a header that it cannot send in its error, which may end in a log. */
function toKey(key: string): string {
  if (/^[\x21-\x7e]+$/.test(key)) return key;
  throw new ReelayError('invalid_input', 'key must be letters, digits and signs without spaces');
}

/** Node says what went wrong in the cause; browsers say nothing. */
function toReason(error: unknown): string {
  const cause = error instanceof Error ? error.cause : undefined;
  if (!(cause instanceof Error)) return '';
  return ` (${'code' in cause ? String(cause.code) : cause.message})`;
}

/** Fills ids into a path. @throws {ReelayError} for what would lead to another path, such as an empty id. */
export function path(parts: TemplateStringsArray, ...ids: readonly string[]): string {
  return parts.reduce((whole, part, n) => {
    const id = ids[n - 1] ?? '';
    if (/^\.*$/.test(id)) throw new ReelayError('invalid_input', `${JSON.stringify(id)} is no id`);
    return whole + encodeURIComponent(id) + part;
  });
}
