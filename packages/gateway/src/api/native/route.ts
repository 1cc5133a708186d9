import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { Callers } from '../../accounts/keys.ts';
import { GatewayError } from '../../contract/errors.ts';
import type { Scope } from '../../contract/key.ts';
import type { Caller } from '../../contract/task.ts';
import type { JsonObject } from '../openapi-parts.ts';
import { REQUEST_ID } from '../request-id.ts';
import { credentialsOf } from '../request-key.ts';
import { toProblems } from '../zod-problems.ts';

type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
type Parsed<S> = S extends z.ZodType ? z.output<S> : undefined;

/** What a handler gets: who asks, and what was sent, checked. */
export type Asked<P = undefined, Q = undefined, B = undefined> = {
  readonly caller: Caller;
  readonly params: P;
  readonly query: Q;
  readonly body: B;
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
};

/** One operation of `/api/v1`, as it is served and as OpenAPI describes it. Objects of `query` and `body` are strict: a
 *  field that we do not know is an error, so that no wish is dropped in silence. */
export type Operation<
  P extends z.ZodType | undefined = undefined,
  Q extends z.ZodType | undefined = undefined,
  B extends z.ZodType | undefined = undefined,
> = {
  /** The `operationId`. */
  readonly id: string;
  readonly method: Method;
  /** With parameters as the router writes them: `/api/v1/tasks/:id`. */
  readonly url: string;
  readonly tag: string;
  readonly summary: string;
  readonly description?: string;
  readonly scope: Scope | 'admin';
  readonly params?: P;
  readonly query?: Q;
  readonly body?: B;
  /** A body that is no JSON: its media type and its shape. The routes of its scope read it. */
  readonly sends?: { readonly type: string; readonly schema: JsonObject };
  /** What a success answers: its status, and its shape where it has a JSON body. */
  readonly answer: {
    readonly status: number;
    readonly about: string;
    readonly schema?: z.ZodType;
    /** It is, or may be asked to be, a stream of events. */
    readonly streams?: boolean;
  };
  /** What it returns is sent as JSON; undefined, with a status of 204, sends nothing. A handler that sent the answer by
   *  itself returns the reply. */
  readonly handle: (asked: Asked<Parsed<P>, Parsed<Q>, Parsed<B>>) => Promise<unknown>;
};

/** What OpenAPI needs of an operation. */
export type Described = Omit<Operation<z.ZodType | undefined, z.ZodType | undefined, z.ZodType | undefined>, 'handle'>;

export type NativeApi = {
  add<
    P extends z.ZodType | undefined = undefined,
    Q extends z.ZodType | undefined = undefined,
    B extends z.ZodType | undefined = undefined,
  >(operation: Operation<P, Q, B>): void;
  /** In the order in which they were added. */
  readonly operations: readonly Described[];
  /** The same API, with routes in a scope of the server that reads bodies in its own way. */
  within(scope: FastifyInstance): NativeApi;
};

/** The one way in which operations of `/api/v1` are made. */
export function createNativeApi(app: FastifyInstance, callers: Callers): NativeApi {
  const operations: Described[] = [];
  const within = (scope: FastifyInstance): NativeApi => ({
    operations,
    within,
    add(operation) {
      operations.push(operation);
      scope.route({
        method: operation.method,
        url: operation.url,
        handler: async (request, reply) => {
          const caller = await callers(credentialsOf(request), operation.scope);
          const { params, query, body } = check(operation, request);
          reply.header('cache-control', 'no-store').header(REQUEST_ID, request.id).code(operation.answer.status);
          // `check` parsed each part with the schema that its type was taken from.
          const asked = { caller, params, query, body, request, reply } as Parameters<typeof operation.handle>[0];
          return operation.handle(asked);
        },
      });
    },
  });
  return within(app);
}

/** Parses all parts, so that every problem is reported at once. */
function check(operation: Described, request: FastifyRequest): Record<'params' | 'query' | 'body', unknown> {
  const problems: { field: string; message: string }[] = [];
  const parse = (schema: z.ZodType | undefined, value: unknown): unknown => {
    const parsed = schema?.safeParse(value);
    for (const issue of parsed?.error?.issues ?? []) problems.push(...toProblems(issue));
    return parsed?.data;
  };
  const parts = {
    params: parse(operation.params, request.params),
    query: parse(operation.query, request.query),
    body: parse(operation.body, request.body ?? {}),
  };
  if (problems.length > 0) throw new GatewayError('invalid_input', 'the request does not fit', { details: problems });
  return parts;
}

/** Pages of a list: as many as `limit`, after the `cursor` that the page before ended with. */
export const pageQuery = {
  limit: z.coerce.number().int().min(1).max(100).default(20).describe('How many at most, 1 to 100.'),
  cursor: z.string().max(200).optional().describe('`nextCursor` of the page before.'),
};

/** The shape of a page. */
export const pageOf = (item: z.ZodType) =>
  z.object({ items: z.array(item), nextCursor: z.string().nullable().describe('Null on the last page.') });
