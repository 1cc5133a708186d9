import type { Problem } from '@reelay/catalog';
import type { FastifyBaseLogger, FastifyReply, FastifyRequest } from 'fastify';
import { ERRORS, type ErrorCode, GatewayError } from '../contract/errors.ts';
import { toOpenAiError } from './openai/error.ts';
import { toUploadMessage, toWireMessage } from './refusal-words.ts';
import { REQUEST_ID } from './request-id.ts';

/** How a family of paths speaks. `problem` is RFC 9457: our own API, documents and files. */
type Surface = 'flat' | 'upload' | 'price' | 'management' | 'legacy' | 'openai' | 'problem';

const PREFIXES: readonly (readonly [string, Surface])[] = [
  ['/openapi/v2/media/upload/binary', 'upload'],
  ['/openapi/v2/price-preview', 'price'],
  ['/openapi/v2/queue', 'management'],
  ['/openapi/v2/api-key', 'management'],
  ['/openapi/v2/resource', 'management'],
  ['/openapi/v2/aiapp', 'management'],
  ['/openapi/v2/assets', 'management'],
  ['/openapi', 'flat'],
  ['/task', 'legacy'],
  ['/api/v1', 'problem'],
  ['/api', 'legacy'],
  ['/uc', 'legacy'],
  ['/v1', 'openai'],
];

/** The path of a raw URL: no query, no repeated slashes. */
export const pathOf = (url: string): string => (url.split('?', 1)[0] ?? '').replace(/\/{2,}/g, '/');

export function surfaceOf(url: string): Surface {
  const path = pathOf(url);
  const match = PREFIXES.find(([prefix]) => path === prefix || path.startsWith(`${prefix}/`));
  return match?.[1] ?? 'problem';
}

/** An error on its way out. `taskId` is the id that was asked for, echoed where the family has a place for it. */
type Refusal = {
  readonly code: ErrorCode;
  readonly message: string;
  readonly problems: readonly Problem[];
  readonly taskId: string;
};
type Answer = {
  readonly status: number;
  readonly type: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: unknown;
};

const JSON_TYPE = 'application/json; charset=utf-8';

/** The compatible families answer 200 to everything that they decided themselves: some pollers take any other status
 *  for a passing network fault. */
function compatibleStatus(code: ErrorCode): number {
  return code === 'rate_limited' || code === 'list_rate_limited' ? 429 : code === 'internal' ? 500 : 200;
}

/** What the legacy paths say for a number. What is wrong with a request (301) is a sentence. */
const LEGACY_WORDS: Readonly<Record<number, string>> = {
  1: 'webhook event not exists',
  412: 'TOKEN_INVALID',
  416: 'TASK_CREATE_FAILED_BY_NOT_ENOUGH_WALLET',
  421: 'TASK_QUEUE_MAXED',
  429: 'Too many requests',
  500: 'UNKNOWN_ERROR',
  802: 'APIKEY_UNAUTHORIZED',
  805: 'APIKEY_TASK_STATUS_ERROR',
  807: 'APIKEY_TASK_NOT_FOUND',
  808: 'APIKEY_UPLOAD_FAILED',
  809: 'APIKEY_FILE_SIZE_EXCEEDED',
  817: 'APIKEY_TASK_CANCEL_NOT_ALLOWED',
};

/** Of uploads and management. Keys are the one error whose number differs there. */
const numberOf = (code: ErrorCode): number => (code === 'unauthorized' ? 401 : Number(ERRORS[code].v2));

const RENDER: Record<Surface, (refusal: Refusal) => Answer> = {
  flat: ({ code, message, taskId }) => ({
    status: compatibleStatus(code),
    type: JSON_TYPE,
    body: {
      taskId,
      status: '',
      errorCode: ERRORS[code].v2,
      errorMessage: toWireMessage(code, message),
      results: null,
    },
  }),
  price: ({ code, message }) => ({
    status: compatibleStatus(code),
    type: JSON_TYPE,
    body: {
      errorCode: ERRORS[code].v2,
      errorMessage: toWireMessage(code, message),
      estimatedPrice: 0,
      currency: 'CNY',
      priceText: '',
      priceTextEn: '',
      freeLimit: false,
      freeLimitCount: 0,
      remainingFreeLimitCount: 0,
      isFreeThisCall: false,
    },
  }),
  upload: ({ code, message }) => {
    const text = toUploadMessage(code, message);
    return {
      status: compatibleStatus(code),
      type: JSON_TYPE,
      body: { code: numberOf(code), message: text, msg: text, data: null },
    };
  },
  management: ({ code, message }) => {
    const text = toWireMessage(code, message);
    return {
      status: compatibleStatus(code),
      type: JSON_TYPE,
      body: { code: numberOf(code), msg: text, message: text, errorMessages: null, data: null },
    };
  },
  legacy: ({ code, message }) => ({
    status: compatibleStatus(code),
    type: JSON_TYPE,
    body: {
      code: ERRORS[code].legacy,
      // The identifier is what clients of these paths look for.
      msg: LEGACY_WORDS[ERRORS[code].legacy] ?? message,
      errorMessages: null,
      data: null,
    },
  }),
  openai: (refusal) => ({ type: JSON_TYPE, ...toOpenAiError(refusal) }),
  problem: ({ code, message, problems }) => ({
    status: ERRORS[code].status,
    type: 'application/problem+json; charset=utf-8',
    body: {
      type: `urn:reelay:error:${code}`,
      title: code.replaceAll('_', ' '),
      status: ERRORS[code].status,
      detail: message,
      code,
      retryable: ERRORS[code].retryable,
      // What is refused costs nothing; what a task cost is said by the task.
      charged: false,
      ...(problems.length === 0 ? {} : { problems }),
    },
  }),
};

/** The one error handler of the server: log, render in the family of the path, send. */
export function createErrorHandler(log: FastifyBaseLogger) {
  return (error: unknown, request: FastifyRequest, reply: FastifyReply): void => {
    const refusal = toRefusal(error);
    logRefusal(log, refusal, error, request);
    send(refusal, error, request, reply);
  };
}

function send(refusal: Refusal, error: unknown, request: FastifyRequest, reply: FastifyReply): void {
  const { status, type, headers = {}, body } = RENDER[surfaceOf(request.raw.url ?? '')](refusal);
  reply.header(REQUEST_ID, request.id);
  // Whatever the client still wants to send is not read, so the connection cannot be used again.
  if (hasUnreadBody(request)) reply.header('connection', 'close');
  if (refusal.code === 'method_not_allowed' && isDetails(error)) reply.header('allow', String(error.details.allow));
  const waitMs = isDetails(error) ? error.details.retryAfterMs : undefined;
  if (typeof waitMs === 'number') reply.header('retry-after', Math.ceil(waitMs / 1_000));
  if (status === 401) reply.header('www-authenticate', 'Bearer');
  reply.code(status).headers(headers).header('content-type', type).send(JSON.stringify(body));
}

/** A request without a body is not complete either while its handler still runs in the tick that brought it. */
function hasUnreadBody({ headers, raw }: FastifyRequest): boolean {
  const mayHaveBody = headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;
  return mayHaveBody && !raw.complete;
}

/** Translates whatever was thrown: our own errors, the framework's, and bugs, of which a caller learns nothing. */
function toRefusal(error: unknown): Refusal {
  if (error instanceof GatewayError) {
    const problems = error.code === 'invalid_input' && Array.isArray(error.details) ? toProblems(error.details) : [];
    return {
      code: error.code,
      message: problems.length === 0 ? error.message : problems.map(toSentence).join('; '),
      problems,
      taskId: isDetails(error) && typeof error.details.taskId === 'string' ? error.details.taskId : '',
    };
  }
  const [code, message] = fromFramework(error);
  return { code, message, problems: [], taskId: '' };
}

/** Ours is a bug or a broken dependency; a caller's mistake is the caller's to see. The address stays out of the log: it
 *  may hold a key or a signature. */
function logRefusal(log: FastifyBaseLogger, refusal: Refusal, error: unknown, request: FastifyRequest): void {
  const { id: requestId, method } = request;
  const { code, message: reason } = refusal;
  const facts = { requestId, method, route: request.routeOptions.url, code };
  if (code === 'internal') log.error({ ...facts, err: error }, 'request failed');
  else log.debug({ ...facts, reason }, 'request refused');
}

const TOO_LARGE = new Set(['FST_ERR_CTP_BODY_TOO_LARGE', 'FST_REQ_FILE_TOO_LARGE']);
const BAD_PATH = new Set(['FST_ERR_BAD_URL', 'FST_ERR_MAX_PARAM_LENGTH', 'FST_ERR_NOT_FOUND']);

function fromFramework(error: unknown): [ErrorCode, string] {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  const status = error instanceof Error && 'statusCode' in error ? Number(error.statusCode) : 500;
  if (TOO_LARGE.has(code)) return ['body_too_large', 'the body is too large'];
  if (BAD_PATH.has(code)) return ['unknown_route', 'no such path'];
  // The remaining 4xx of the framework and its multipart reader are about bodies that cannot be read.
  if (status >= 400 && status < 500 && error instanceof Error) return ['malformed_body', error.message];
  return ['internal', 'Internal server error'];
}

const isDetails = (error: unknown): error is GatewayError & { details: Record<string, unknown> } =>
  error instanceof GatewayError && typeof error.details === 'object' && error.details !== null;

/** `details` is untyped at the border; whatever is no problem is left out. */
function toProblems(details: readonly unknown[]): Problem[] {
  return details.filter(
    (one): one is Problem =>
      typeof one === 'object' &&
      one !== null &&
      'field' in one &&
      typeof one.field === 'string' &&
      'message' in one &&
      typeof one.message === 'string',
  );
}

/** Names the field once, whether or not the sentence already does. */
function toSentence({ field, message }: Problem): string {
  const sentence = message.replace(/\.$/, '');
  return sentence.startsWith(field) ? sentence : `${field}: ${sentence}`;
}
