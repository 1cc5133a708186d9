import { createReadStream } from 'node:fs';
import type { Json } from '@reelay/catalog';
import { Agent, type Dispatcher, type FormData, request } from 'undici';
import { z } from 'zod';
import { parseJson } from '../../lib/lossless-json.ts';
import { type Fault, UpstreamError } from '../fault.ts';
import { dispatcherOfCall } from './dispatch.ts';
import { hide, secretsIn } from './hide.ts';
import { type Inlined, readLongJson } from './long-json.ts';

/** An id as upstreams write it: 64-bit numbers arrive as the string of their digits. */
export const Id = z.union([z.string().min(1), z.number()]).transform(String);

const MAX_ANSWER_BYTES = 4 * 1024 ** 2;
const MAX_MESSAGE_CHARS = 500;

export type FilePiece = {
  readonly path: string;
  readonly mediaType: string;
  readonly startByte: number;
  readonly sizeBytes: number;
};

export type Call = {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** Below the base address, or a whole address that this upstream gave us. */
  readonly path: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly json?: Json;
  readonly form?: FormData;
  /** A form of words alone. */
  readonly fields?: Readonly<Record<string, string>>;
  /** A file as the body, or a piece of one. */
  readonly bytes?: FilePiece;
  readonly headers?: Readonly<Record<string, string>>;
  /** Default 4 MiB: an answer is words, unless it holds a picture. */
  readonly maxAnswerBytes?: number;
  /** The answer holds files, or is one: they are saved while they arrive. In the answer stands the mark of each. */
  readonly inlined?: Inlined;
};

/** What came back. `body` is undefined where it is no JSON. */
export type Answer = {
  readonly status: number;
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: unknown;
  readonly text: string;
};

/** What an answer says that is no result. Undefined: it is one, or the status alone decides. */
export type Said = { readonly fault: Fault; readonly message: string; readonly retryAfterMs?: number | undefined };

export type UpstreamOptions = {
  /** Without a slash at its end. */
  readonly baseUrl: string;
  /** Headers that prove who we are, made anew for each request where the scheme signs it. */
  readonly authorize: (request: {
    method: string;
    url: URL;
    body: string | undefined;
    signal: AbortSignal;
  }) => Readonly<Record<string, string>> | Promise<Readonly<Record<string, string>>>;
  /** Reads a refusal. It decides before the status does: an error may come with 200, and a 429 may be for ever. */
  readonly faultOf: (answer: Answer) => Said | undefined;
  /** Whether an answer says that the proof is out of date: then nothing was done, and the call is made once more with a
   *  new one. Absent: proofs are never out of date. */
  readonly isOutdated?: (answer: Answer) => boolean;
  /** Never shown, whatever an upstream quotes. */
  readonly secrets: readonly string[];
  /** What carries the requests; default: connections of our own. */
  readonly dispatcher?: Dispatcher | undefined;
};

export type Upstream = {
  /** A call after which the upstream may have a job: it is made once, and anything but a clear refusal leaves the fate
   *  open. @throws {UpstreamError} */
  create<T>(call: Call, schema: z.ZodType<T>, signal: AbortSignal): Promise<T>;
  /** A call that makes no job, and may be made again. @throws {UpstreamError} */
  read<T>(call: Call, schema: z.ZodType<T>, signal: AbortSignal): Promise<T>;
  /** The same with the whole answer, for what is no JSON or says something in its headers. */
  createRaw(call: Call, signal: AbortSignal): Promise<Answer>;
  readRaw(call: Call, signal: AbortSignal): Promise<Answer>;
};

// A connection that was kept open may have been closed by the other side just when a submit goes out, and then nobody
// knows whether it arrived. Submits are seldom and dear: each gets a connection of its own.
const forCreating = new Agent({ pipelining: 0, allowH2: false });
const forReading = new Agent({ allowH2: false });

/** The calls to one upstream: bounded, without redirects, with every failure named.
 *  The address is its owner's choice, so it may be in a private network. */
export function createUpstream(options: UpstreamOptions): Upstream {
  const ask = async (call: Call, isCreating: boolean, signal: AbortSignal): Promise<Answer> => {
    const first = await send(options, call, isCreating, signal);
    const answer = options.isOutdated?.(first) === true ? await send(options, call, isCreating, signal) : first;
    const said = options.faultOf(answer) ?? byStatus(answer, isCreating);
    if (said === undefined) return answer;
    throw new UpstreamError(said.fault, said.message.slice(0, MAX_MESSAGE_CHARS), {
      retryAfterMs: said.retryAfterMs ?? retryAfterMsOf(answer),
    });
  };
  const parse = <T>(answer: Answer, schema: z.ZodType<T>, isCreating: boolean): T => {
    const parsed = schema.safeParse(answer.body);
    if (parsed.success) return parsed.data;
    const where = parsed.error.issues[0]?.path.join('.') ?? '';
    const message = `the upstream answered something that cannot be read (status ${answer.status}${where === '' ? '' : `, at ${where}`})`;
    throw new UpstreamError(isCreating ? 'unknown' : 'busy', message);
  };
  return {
    create: async (call, schema, signal) => parse(await ask(call, true, signal), schema, true),
    read: async (call, schema, signal) => parse(await ask(call, false, signal), schema, false),
    createRaw: (call, signal) => ask(call, true, signal),
    readRaw: (call, signal) => ask(call, false, signal),
  };
}

async function send(
  { baseUrl, authorize, dispatcher, secrets }: UpstreamOptions,
  call: Call,
  isCreating: boolean,
  signal: AbortSignal,
): Promise<Answer> {
  const url = new URL(/^https?:\/\//.test(call.path) ? call.path : baseUrl + call.path);
  for (const [name, value] of Object.entries(call.query ?? {})) url.searchParams.set(name, value);
  const json = call.json === undefined ? undefined : JSON.stringify(call.json);
  const fields = call.fields === undefined ? undefined : String(new URLSearchParams(call.fields));
  // Credentials go to the upstream only, whatever address one of its answers named.
  const isOwn = url.origin === new URL(baseUrl).origin;
  const proof = isOwn ? await authorize({ method: call.method, url, body: json, signal }) : {};
  // Before anybody reads it: what was cut off, or taken apart, would not be found any more.
  const clean = (text: string): string => hide(text, [...secrets, ...secretsIn(proof)]);
  try {
    const response = await request(url, {
      method: call.method,
      dispatcher: dispatcherOfCall() ?? dispatcher ?? (isCreating ? forCreating : forReading),
      signal,
      headers: {
        accept: 'application/json',
        'user-agent': 'Reelay',
        ...(json === undefined ? {} : { 'content-type': 'application/json' }),
        ...(fields === undefined ? {} : { 'content-type': 'application/x-www-form-urlencoded' }),
        ...(call.bytes === undefined ? {} : headersOf(call.bytes)),
        ...call.headers,
        ...proof,
      },
      body: json ?? fields ?? call.form ?? (call.bytes === undefined ? null : streamOf(call.bytes)),
      // The caller's signal bounds the whole call.
      headersTimeout: 0,
      bodyTimeout: 0,
    });
    return await read(response, call, clean);
  } catch (cause) {
    if (signal.aborted || cause instanceof UpstreamError) throw cause;
    const isUnsent = NEVER_SENT.has(codeOf(cause));
    const message = isUnsent ? 'the upstream cannot be reached' : 'the connection to the upstream broke';
    throw new UpstreamError(isUnsent || !isCreating ? 'busy' : 'unknown', `${message} (${codeOf(cause)})`, { cause });
  }
}

const headersOf = ({ mediaType, sizeBytes }: FilePiece) => ({
  'content-type': mediaType,
  'content-length': String(sizeBytes),
});
const streamOf = ({ path, startByte, sizeBytes }: FilePiece) =>
  createReadStream(path, { start: startByte, end: startByte + sizeBytes - 1 });

/** Failures that come before the first byte of a request. */
const NEVER_SENT = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
  'CERT_HAS_EXPIRED',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'ERR_TLS_CERT_ALTNAME_INVALID',
]);
const codeOf = (error: unknown): string =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : 'no code';

async function read(
  { statusCode, headers, body }: Dispatcher.ResponseData,
  call: Call,
  clean: (text: string) => string,
): Promise<Answer> {
  const { inlined, maxAnswerBytes: maxBytes = MAX_ANSWER_BYTES } = call;
  const flat = Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [
      name,
      clean(Array.isArray(value) ? value.join(', ') : (value ?? '')),
    ]),
  );
  const isFine = statusCode >= 200 && statusCode < 300;
  if (isFine && inlined !== undefined && IS_FILE.test(flat['content-type'] ?? '')) {
    await inlined.save(0, body);
    return { status: statusCode, headers: flat, body: undefined, text: '' };
  }
  const text = clean(
    isFine && inlined !== undefined
      ? await readLongJson(body, inlined, { maxTextBytes: maxBytes })
      : await readText(body, maxBytes),
  );
  return { status: statusCode, headers: flat, body: parsed(text), text };
}

const IS_FILE = /^(audio|image|video|model)\/|^application\/octet-stream/i;

async function readText(body: Dispatcher.ResponseData['body'], maxBytes: number): Promise<string> {
  const chunks: Buffer[] = [];
  let sizeBytes = 0;
  for await (const chunk of body) {
    const bytes = chunk as Buffer; // A body without an encoding is read as buffers.
    sizeBytes += bytes.length;
    if (sizeBytes > maxBytes) {
      body.destroy();
      throw Object.assign(new Error('the answer is too long'), { code: 'ANSWER_TOO_LONG' });
    }
    chunks.push(bytes);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function parsed(text: string): unknown {
  try {
    return parseJson(text);
  } catch {
    return undefined;
  }
}

/** What a status means where the upstream's own words say nothing. */
function byStatus({ status, text }: Answer, isCreating: boolean): Said | undefined {
  if (status >= 200 && status < 300) return undefined;
  const message = `the upstream answered with status ${status}${text.trim() === '' ? '' : `: ${text.trim().slice(0, 200)}`}`;
  if (status === 401 || status === 403) return { fault: 'auth', message };
  if (status === 402) return { fault: 'quota', message };
  if (status === 404 || status === 405 || status === 410)
    return { fault: isCreating ? 'model_gone' : 'failed', message };
  if (status === 429) return { fault: 'rate', message };
  if (status >= 300 && status < 500) return { fault: 'invalid', message };
  // A proxy may say this of a job that was handed on.
  return { fault: isCreating ? 'unknown' : 'busy', message };
}

/** RFC 9110: seconds, or a date. */
function retryAfterMsOf({ headers }: Answer): number | undefined {
  const value = headers['retry-after'];
  if (value === undefined) return undefined;
  if (/^\d{1,7}$/.test(value)) return Number(value) * 1_000;
  const date = headers.date === undefined ? Number.NaN : Date.parse(value) - Date.parse(headers.date);
  return Number.isFinite(date) ? Math.max(0, date) : undefined;
}
