import { once } from 'node:events';
import type { FastifyReply } from 'fastify';
import { page, reset, sendEndless, sendHalf, toJson } from './answer.ts';
import {
  type CancelRoute,
  type Definition,
  type PollRoute,
  type Reason,
  type Refusal,
  Refused,
  type Route,
  type Said,
  type SubmitRoute,
  type WireRequest,
} from './definition.ts';
import type { FaultName } from './faults.ts';
import type { Job, JobState } from './jobs.ts';
import type { FaultCounts, Orders } from './orders.ts';
import { serveFile } from './serve-file.ts';
import type { Time } from './time.ts';
import type { Workshop } from './world.ts';

/** What a hint says, in every way in which it is said. */
export const RETRY_AFTER_MS = 7_000;
/** How long `slow-answer` takes, by the clock of the stand-in. */
export const SLOW_ANSWER_MS = 600_000;

/** Why a submit is refused before there is a job. */
const REFUSALS: Readonly<Partial<Record<FaultName, readonly [Refusal, Reason]>>> = {
  'refuse-quota': ['quota', { message: 'The balance of the account is used up.' }],
  'refuse-rate': ['rate', { message: 'Too many requests.', retryAfterMs: RETRY_AFTER_MS }],
  'refuse-rate-no-hint': ['rate', { message: 'Too many requests.' }],
  'refuse-busy': ['busy', { message: 'The service is overloaded.' }],
  'refuse-invalid': ['invalid', { message: 'A value is not allowed.', field: 'prompt' }],
  'refuse-media': ['media', { message: 'A file could not be read.' }],
  'refuse-moderation': ['moderation', { message: 'The prompt breaks the rules.' }],
  'model-gone': ['model-gone', { message: 'The model does not exist.' }],
};
const NOT_OVER: readonly JobState[] = ['queued', 'running'];
const NO_FAULTS: ReadonlySet<FaultName> = new Set();

export type Handler = (route: Route, request: WireRequest, reply: FastifyReply) => Promise<void>;

type Deps = {
  readonly definition: Definition;
  readonly workshop: Workshop;
  readonly orders: Orders;
  readonly time: Time;
  readonly onJob: (job: Job) => void;
};

export function createHandler({ definition, workshop, orders, time, onJob }: Deps): Handler {
  const send = async (reply: FastifyReply, request: WireRequest, said: Said, faults = NO_FAULTS): Promise<void> => {
    if ('file' in said) {
      const file = workshop.links.find(new URL(said.file.url).pathname);
      if (file !== undefined) return serveFile(reply, file, time);
      return send(reply, request, definition.refusals['unknown-job']({ message: 'The result is gone.' }, request));
    }
    const { status, headers = {}, bytes, body } = said;
    reply.code(status).headers({ 'content-type': 'application/json', ...headers });
    await reply.send(bytes ?? (body === undefined ? '' : toJson(body, faults)));
  };
  const refuse = (reply: FastifyReply, request: WireRequest, refusal: Refusal, reason: Reason): Promise<void> => {
    const said = definition.refusals[refusal](reason, request);
    const { retryAfterMs } = reason;
    if (retryAfterMs === undefined || 'file' in said) return send(reply, request, said);
    return send(reply, request, { ...said, headers: { 'retry-after': String(retryAfterMs / 1_000), ...said.headers } });
  };

  const submit = async (route: SubmitRoute, request: WireRequest, reply: FastifyReply): Promise<void> => {
    const order = workshop.countSubmit();
    const wanted = route.check(request);
    const text = request.rawBody.toString('utf8');
    const header = request.headers['x-standin-fault'] ?? '';
    const faults = orders.take({ order, model: wanted.model, text, header });
    if (faults.has('lost-before')) return reset(reply);
    if (faults.has('refuse-auth')) {
      const quoted = request.headers.authorization ?? Object.values(definition.env('')).join(' ');
      return refuse(reply, request, 'auth', { message: `These credentials are not valid: ${quoted}` });
    }
    for (const fault of faults.keys()) {
      const refusal = REFUSALS[fault];
      if (refusal !== undefined) return refuse(reply, request, ...refusal);
    }
    const job = workshop.accept(wanted, request, faults, route.isSynchronous === true);
    onJob(job);
    await answerSubmit(route, request, reply, { job, faults });
  };
  const answerSubmit = async (
    route: SubmitRoute,
    request: WireRequest,
    reply: FastifyReply,
    { job, faults }: { job: Job; faults: FaultCounts },
  ): Promise<void> => {
    if (faults.has('lost-answer')) return reset(reply);
    if (faults.has('html-answer')) return send(reply, request, page(200, 'Welcome'));
    if (faults.has('server-error-after-accept')) return send(reply, request, page(502, 'Bad Gateway'));
    if (faults.has('oversized-answer')) return sendEndless(reply);
    const said = route.answer(job, request);
    if (faults.has('truncated-json')) return sendHalf(reply, 'body' in said ? toJson(said.body, job.faults) : '{"id":');
    if (faults.has('slow-answer') || (route.isSynchronous === true && faults.has('never-ends'))) {
      await time.pause(SLOW_ANSWER_MS, once(reply.raw, 'close'));
    }
    await send(reply, request, said, job.faults);
  };

  const poll = async (route: PollRoute, request: WireRequest, reply: FastifyReply): Promise<void> => {
    const job = workshop.find(route.id(request));
    if (job === undefined) return refuse(reply, request, 'unknown-job', { message: 'There is no such job.' });
    workshop.countPoll(job);
    if (workshop.spoils(job, 'poll-5xx')) return send(reply, request, page(503, 'Service Unavailable'));
    if (workshop.spoils(job, 'poll-429')) {
      return refuse(reply, request, 'rate', { message: 'Too many requests.', retryAfterMs: RETRY_AFTER_MS });
    }
    if (workshop.spoils(job, 'poll-reset')) return reset(reply);
    if (workshop.spoils(job, 'poll-html')) return send(reply, request, page(200, 'Welcome'));
    return send(reply, request, route.answer(job, request), job.faults);
  };
  const cancel = (route: CancelRoute, request: WireRequest, reply: FastifyReply): Promise<void> => {
    const job = workshop.find(route.id(request));
    if (job === undefined) return refuse(reply, request, 'unknown-job', { message: 'There is no such job.' });
    const outcome = workshop.cancel(job, route.from ?? NOT_OVER);
    return send(reply, request, route.answer(job, outcome, request), job.faults);
  };

  return async (route, request, reply) => {
    const isOpen = route.kind === 'other' && route.isOpen === true;
    if (!isOpen && !definition.authorize(request)) {
      return refuse(reply, request, 'auth', { message: 'These credentials are not valid.' });
    }
    try {
      if (route.kind === 'submit') return await submit(route, request, reply);
      if (route.kind === 'poll') return await poll(route, request, reply);
      if (route.kind === 'cancel') return await cancel(route, request, reply);
      return await send(reply, request, route.answer(request));
    } catch (error) {
      if (error instanceof Refused) return refuse(reply, request, error.refusal, error.reason);
      throw error;
    }
  };
}
