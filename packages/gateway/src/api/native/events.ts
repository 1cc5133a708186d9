import type { FastifyInstance, FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { Callers } from '../../accounts/keys.ts';
import { GatewayError } from '../../contract/errors.ts';
import type { EventFeed, EventPiece, TaskEvent } from '../../contract/event.ts';
import type { Caller, TaskService, TaskView } from '../../contract/task.ts';
import { EVENT_TYPES } from '../../contract/webhook.ts';
import { credentialsOf } from '../request-key.ts';
import { createEventStreams, toPlace } from './event-stream.ts';
import type { NativeApi } from './route.ts';

const tag = 'Events';
const scope = 'tasks:read';
const TASK_ID = /^\d{1,19}$/;
const CURSOR = /^\d{1,15}-\d{1,15}$/;
const IDLE_MS = 15_000;
/** Of one task: how often its progress is looked at. */
const PROGRESS_MS = 1_000;
const MAX_EVENTS = 100;

const LAST_TYPES = ['task.succeeded', 'task.failed', 'task.canceled'];

const NativeEvent = z.object({
  id: z.string().describe('Its place among all events: `after`, and `Last-Event-ID`.'),
  type: z.string().describe(`One of ${EVENT_TYPES.join(', ')}.`),
  taskId: z.string(),
  createdAt: z.iso.datetime(),
});
const toNativeEvent = ({ cursor, type, taskId, atMs }: TaskEvent): z.input<typeof NativeEvent> => ({
  id: cursor,
  type,
  taskId,
  createdAt: new Date(atMs).toISOString(),
});

const after = z
  .string()
  .regex(CURSOR, 'after must be the id of an event')
  .optional()
  .describe('The id of an event: what came after it. `0-0` begins with the oldest that is kept.');
const types = z
  .string()
  .optional()
  .transform((text) => text?.split(','))
  .pipe(z.array(z.enum([...EVENT_TYPES, 'task.*'])).optional())
  .describe(`Only these, with commas between: ${EVENT_TYPES.join(', ')}, or \`task.*\`.`);
/** Undefined: all. */
const toTypes = (asked: readonly string[] | undefined) => (asked?.includes('task.*') === true ? undefined : asked);
const ofTask = z.string().regex(TASK_ID).optional().describe('Only of this task.');
const REPLAY =
  'After a break, `Last-Event-ID` (which browsers send by themselves) goes on where it was: every event comes once, in order.';

type Deps = {
  readonly tasks: TaskService;
  readonly events: EventFeed;
  readonly callers: Callers;
  readonly nowMs: () => number;
};

/** Events as they happen, and those that have happened. */
export function nativeEventRoutes(api: NativeApi, app: FastifyInstance, deps: Deps): void {
  const { tasks, events, callers, nowMs } = deps;
  const closing = new AbortController();
  app.addHook('preClose', async () => closing.abort());
  const stream = createEventStreams({ feed: events, nowMs, closing: closing.signal });
  const check = (request: FastifyRequest) => () => callers(credentialsOf(request), scope);
  api.add({
    id: 'streamEvents',
    method: 'GET',
    url: '/api/v1/events/stream',
    tag,
    summary: 'Events as they happen (server-sent events)',
    description: `Of all tasks of the account, from now on. ${REPLAY}`,
    scope,
    query: z.strictObject({
      after,
      types,
      task: ofTask,
    }),
    answer: { status: 200, about: 'Events, each with its id, its type and JSON.', streams: true },
    async handle({ caller, query, request, reply }) {
      const { task: taskId } = query;
      if (taskId !== undefined) await requireTask(tasks, caller, taskId);
      const wanted = toTypes(query.types);
      const isWanted = ({ type }: TaskEvent) => wanted?.includes(type) ?? true;
      const render = async (piece: EventPiece) => {
        const told = piece.events.filter(isWanted);
        const isShort = told.at(-1) !== piece.events.at(-1);
        return { text: told.map(toText).join('') + (isShort ? toPlace(piece) : ''), isLast: false };
      };
      return stream({
        accountId: caller.accountId,
        keyId: caller.keyId,
        ...(taskId === undefined ? {} : { taskId }),
        after: lastEventIdOf(request) ?? query.after,
        idleMs: IDLE_MS,
        reply,
        check: check(request),
        render,
      });
    },
  });
  listRoute(api, deps);
  api.add({
    id: 'listTaskEvents',
    method: 'GET',
    url: '/api/v1/tasks/:id/events',
    tag,
    summary: 'What happened to a task',
    description: `A list; with \`Accept: text/event-stream\` a stream, which begins with the first event, tells \`task.progress\` between them (without an id: it is not repeated) and ends with the last. ${REPLAY} When there is nothing left to come, it answers 204, after which browsers stop asking.`,
    scope,
    params: z.object({ id: z.string().describe('The id of the task.') }),
    query: z.strictObject({ after }),
    answer: {
      status: 200,
      about: 'Its events, oldest first.',
      schema: z.object({ items: z.array(NativeEvent) }),
      streams: true,
    },
    async handle({ caller, params: { id: taskId }, query, request, reply }) {
      const task = await requireTask(tasks, caller, taskId);
      const from = lastEventIdOf(request) ?? query.after;
      const left = await events.list({ taskId, after: from, limit: MAX_EVENTS });
      if (!String(request.headers.accept ?? '').includes('text/event-stream')) {
        return { items: left.map(toNativeEvent) };
      }
      if (task.endedAtMs !== null && left.length === 0) return reply.code(204).send();
      return stream({
        accountId: caller.accountId,
        keyId: caller.keyId,
        taskId,
        after: from,
        idleMs: PROGRESS_MS,
        reply,
        check: check(request),
        render: renderTask(() => tasks.get({ caller, taskId })),
      });
    },
  });
}

function listRoute(api: NativeApi, { tasks, events }: Deps): void {
  api.add({
    id: 'listEvents',
    method: 'GET',
    url: '/api/v1/events',
    tag,
    summary: 'What has happened to the tasks of the account',
    description:
      'Oldest first, for programs that ask rather than listen: keep `nextAfter` and ask with it the next time. A page may be short, or empty, and still have more: it looks at 5,000 events at most. Events are kept for 30 days, unless the server says otherwise.',
    scope,
    query: z.strictObject({
      after,
      limit: z.coerce.number().int().min(1).max(500).default(100).describe('How many at most, 1 to 500.'),
      types,
      task: ofTask,
    }),
    answer: {
      status: 200,
      about: 'A page of them.',
      schema: z.object({
        items: z.array(NativeEvent),
        nextAfter: z.string().describe('Where the next page begins, also when there is nothing more yet.'),
        hasMore: z.boolean(),
      }),
    },
    async handle({ caller, query: { limit, task: taskId, ...query } }) {
      if (taskId !== undefined) await requireTask(tasks, caller, taskId);
      const { accountId } = caller;
      const page = { accountId, taskId, types: toTypes(query.types), after: query.after, limit };
      const { events: found, cursor, hasMore } = await events.page(page);
      return { items: found.map(toNativeEvent), nextAfter: cursor, hasMore };
    },
  });
}

/** With progress, whenever nothing else happens. */
function renderTask(read: () => Promise<TaskView | undefined>) {
  let told = 0;
  return async (piece: EventPiece) => {
    const isLast = piece.events.some(({ type }) => LAST_TYPES.includes(type));
    if (piece.events.length > 0) return { text: piece.events.map(toText).join(''), isLast };
    const task = await read();
    if (task === undefined) return { text: '', isLast: true };
    if (task.endedAtMs !== null || task.progress <= told) return { text: '', isLast: false };
    told = task.progress;
    const data = { taskId: task.id, progress: told };
    return { text: `event: task.progress\ndata: ${JSON.stringify(data)}\n\n`, isLast: false };
  };
}

async function requireTask(tasks: TaskService, caller: Caller, taskId: string): Promise<TaskView> {
  const task = TASK_ID.test(taskId) ? await tasks.get({ caller, taskId }) : undefined;
  if (task === undefined) throw new GatewayError('task_not_found', `no task ${taskId}`);
  return task;
}

/** @throws {GatewayError} `invalid_input` */
function lastEventIdOf({ headers }: FastifyRequest): string | undefined {
  const id = headers['last-event-id'];
  if (id === undefined || id === '') return undefined;
  if (typeof id === 'string' && CURSOR.test(id)) return id;
  const problem = { field: 'Last-Event-ID', message: 'Last-Event-ID must be the id of an event' };
  throw new GatewayError('invalid_input', problem.message, { details: [problem] });
}

const toText = (event: TaskEvent): string =>
  `id: ${event.cursor}\nevent: ${event.type}\ndata: ${JSON.stringify(toNativeEvent(event))}\n\n`;
