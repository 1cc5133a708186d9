import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Once } from '../contract/account.ts';
import { GatewayError } from '../contract/errors.ts';
import type { Caller, TaskService, TaskView } from '../contract/task.ts';

/** Longer waits are left to webhooks and events: proxies cut them. */
const MAX_WAIT_S = 60;
const WAIT = /(?:^|[,;\s])wait=(\d{1,9})(?:$|[,;\s])/;

/** What makes a submit safe to repeat, on every surface. Undefined: none was sent.
 *  @throws {GatewayError} `invalid_input` when it was sent more than once. */
export function idempotencyKeyOf({ headers }: FastifyRequest): string | undefined {
  const key = headers['idempotency-key'];
  if (!Array.isArray(key)) return key;
  const problem = { field: 'Idempotency-Key', message: 'Idempotency-Key must be sent once' };
  throw new GatewayError('invalid_input', problem.message, { details: [problem] });
}

/** The same for what is no task. @param p.what tells kinds of requests apart. */
export function onceOf(
  request: FastifyRequest,
  { caller, what, body }: { caller: Caller; what: string; body: unknown },
): Once | undefined {
  const key = idempotencyKeyOf(request);
  return key === undefined ? undefined : { accountId: caller.accountId, key, request: { what, body } };
}

/** Through how many gateways of our kind the request has come: a relay names itself in `Via` (RFC 9110), so that two which
 *  point at each other do not hand a task back and forth for ever. */
export function hopsOf({ headers }: FastifyRequest): { hops?: number } {
  const hops = String(headers.via ?? '')
    .split(',')
    .filter((hop) => /^\s*\S+\s+reelay\s*$/i.test(hop)).length;
  return hops === 0 ? {} : { hops };
}

/** Where the client prefers to wait (`Prefer: wait=<seconds>`, RFC 7240), the task once it has ended, or as it is when the
 *  time is up; else the task as it was submitted. A client that goes away waits no longer. */
export async function afterPreferredWait(
  tasks: Pick<TaskService, 'wait'>,
  p: { request: FastifyRequest; reply: FastifyReply; caller: Caller; task: TaskView },
): Promise<TaskView> {
  const { request, reply, caller, task } = p;
  const asked = WAIT.exec(String(request.headers.prefer ?? ''))?.[1];
  if (asked === undefined) return task;
  const seconds = Math.min(Number(asked), MAX_WAIT_S);
  reply.header('preference-applied', `wait=${seconds}`);
  const gone = new AbortController();
  const stop = () => gone.abort();
  request.raw.socket.once('close', stop);
  try {
    return (await tasks.wait({ caller, taskId: task.id, ms: seconds * 1_000, signal: gone.signal })) ?? task;
  } finally {
    request.raw.socket.off('close', stop);
  }
}
