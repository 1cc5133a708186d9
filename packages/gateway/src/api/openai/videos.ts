import { createReadStream } from 'node:fs';
import type { Json } from '@reelay/catalog';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { Shelf } from '../../contract/asset.ts';
import { GatewayError } from '../../contract/errors.ts';
import type { Scope } from '../../contract/key.ts';
import type { Caller, Status, TaskView } from '../../contract/task.ts';
import { credentialsOf } from '../request-key.ts';
import { routingOf } from '../route-wishes.ts';
import { idempotencyKeyOf } from '../submit-headers.ts';
import { openOutput } from './ended.ts';
import { readFormsAndJson, readSent } from './form.ts';
import type { OpenAiDeps } from './images.ts';
import { inTheirNames, toInput, toInvalid } from './input.ts';
import { nameOf, requireModel } from './models.ts';

/** Marks the tasks that were asked for here: the list has no others, and one that was deleted has lost it. */
const TAG = 'openai-video';
const PREFIX = 'video_';

type VideoDeps = OpenAiDeps & { readonly shelf: Shelf };
type VideoRequest = FastifyRequest<{ Params: { id: string } }>;

const STATUS: Readonly<Record<Status, 'queued' | 'in_progress' | 'completed' | 'failed'>> = {
  queued: 'queued',
  submitting: 'queued',
  running: 'in_progress',
  collecting: 'in_progress',
  succeeded: 'completed',
  failed: 'failed',
  canceled: 'failed',
};

/** `/v1/videos`: the protocol of Sora, for every endpoint that makes video. */
export async function openAiVideoRoutes(app: FastifyInstance, deps: VideoDeps): Promise<void> {
  await app.register(async (scope) => {
    await readFormsAndJson(scope);
    scope.post('/v1/videos', async (request) => {
      const caller = await deps.callers(credentialsOf(request), 'tasks:write');
      return toVideo(deps, caller, await submitVideo(deps, request, caller));
    });
  });
  app.get('/v1/videos', async (request) => {
    const caller = await deps.callers(credentialsOf(request), 'tasks:read');
    return listVideos(deps, caller, request.query);
  });
  app.get<{ Params: { id: string } }>('/v1/videos/:id', async (request) => {
    const { caller, task } = await requireVideo(deps, request, 'tasks:read');
    return toVideo(deps, caller, task);
  });
  app.get<{ Params: { id: string } }>('/v1/videos/:id/content', async (request, reply) => {
    const { task } = await requireVideo(deps, request, 'tasks:read');
    checkVariant(request.query);
    const output = task.outputs.find(({ url }) => url !== null);
    if (task.status !== 'succeeded' || output === undefined) {
      throw new GatewayError('invalid_input', `the video is not ready: it is ${STATUS[task.status]}`);
    }
    const file = await openOutput(deps.assets, output);
    if (file === undefined) throw new GatewayError('file_not_found', 'the video is no longer stored');
    const headers = { 'content-type': file.mediaType, 'content-length': file.sizeBytes };
    return reply.headers(headers).send(createReadStream(file.path));
  });
  app.delete<{ Params: { id: string } }>('/v1/videos/:id', async (request) => {
    const { caller, task } = await requireVideo(deps, request, 'tasks:write');
    await deps.callers(credentialsOf(request), 'assets:write');
    await removeVideo(deps, caller, task);
    return { id: PREFIX + task.id, object: 'video.deleted', deleted: true };
  });
}

async function submitVideo(deps: VideoDeps, request: FastifyRequest, caller: Caller): Promise<TaskView> {
  const { fields, pictures } = await readSent(request, caller, deps);
  const endpoint = requireModel(deps.catalog, fields.model, pictures.length > 0 ? 'animate' : 'video');
  const body = toInput(endpoint, fields, pictures);
  const task = {
    endpoint: endpoint.id,
    body,
    options: { surface: 'native' as const, tags: [TAG], ...routingOf(request) },
  };
  try {
    return await deps.tasks.submit({ caller, ...task, idempotencyKey: idempotencyKeyOf(request) });
  } catch (error) {
    throw inTheirNames(error, fields);
  }
}

async function requireVideo(
  deps: VideoDeps,
  request: VideoRequest,
  scope: Scope,
): Promise<{ caller: Caller; task: TaskView }> {
  const caller = await deps.callers(credentialsOf(request), scope);
  const { id } = request.params;
  const taskId = id.startsWith(PREFIX) ? id.slice(PREFIX.length) : '';
  const task = /^\d{1,19}$/.test(taskId) ? await deps.tasks.get({ caller, taskId }) : undefined;
  if (!task?.tags.includes(TAG))
    throw new GatewayError('task_not_found', `Video with id ${JSON.stringify(id)} not found`);
  return { caller, task };
}

const Page = z.object({
  limit: z.coerce.number().int().min(1).max(100).default(20),
  after: z
    .string()
    .regex(/^video_\d{1,19}$/, 'after must be the id of a video')
    .optional(),
  order: z.literal('desc', 'order must be desc: the newest come first').default('desc'),
});

async function listVideos(deps: VideoDeps, caller: Caller, query: unknown) {
  const parsed = Page.safeParse(query);
  if (!parsed.success) {
    throw toInvalid(parsed.error.issues.map(({ path, message }) => ({ field: String(path[0] ?? ''), message })));
  }
  const { limit, after } = parsed.data;
  const filter = { accountId: caller.accountId, tag: TAG };
  const page = await deps.tasks.list({ filter, limit, cursor: after?.slice(PREFIX.length) });
  const data = await Promise.all(page.items.map((task) => toVideo(deps, caller, task)));
  const ids = data.map(({ id }) => id);
  return {
    object: 'list',
    data,
    first_id: ids[0] ?? null,
    last_id: ids.at(-1) ?? null,
    has_more: page.nextCursor !== null,
  };
}

function checkVariant(query: unknown): void {
  const { variant = 'video' } = query as { variant?: unknown }; // What the router made of the address.
  if (variant !== 'video')
    throw toInvalid([{ field: 'variant', message: 'variant must be video: nothing else is made' }]);
}

/** Its files go, unless another task needs them, and it is found here no more. What it cost stays on record. */
async function removeVideo({ shelf, tasks }: VideoDeps, caller: Caller, task: TaskView): Promise<void> {
  if (STATUS[task.status] !== 'completed' && STATUS[task.status] !== 'failed') {
    throw new GatewayError('conflict', 'a video can be deleted once it has ended');
  }
  for (const { url } of task.outputs) {
    const id = url === null ? undefined : /\/(asset_\w+)\.\w+$/.exec(new URL(url).pathname)?.[1];
    if (id !== undefined) await shelf.remove({ accountId: caller.accountId, id });
  }
  await tasks.setTags({ caller, taskId: task.id, tags: task.tags.filter((tag) => tag !== TAG) });
}

const toSeconds = (ms: number | null): number | null => (ms === null ? null : Math.floor(ms / 1_000));
const textOf = (value: Json | undefined): string | null =>
  typeof value === 'string' || typeof value === 'number' ? String(value) : null;

async function toVideo(deps: VideoDeps, caller: Caller, task: TaskView) {
  const { prompt, duration, size, aspectRatio } = (await deps.tasks.getInput({ caller, taskId: task.id })) ?? {};
  const status = STATUS[task.status];
  const error =
    status === 'failed' ? { code: task.error?.code ?? 'generation_failed', message: task.error?.message ?? '' } : null;
  return {
    id: PREFIX + task.id,
    object: 'video' as const,
    model: nameOf(task.endpoint),
    status,
    progress: status === 'completed' ? 100 : Math.min(99, Math.round(task.progress * 100)),
    created_at: toSeconds(task.createdAtMs),
    completed_at: status === 'completed' ? toSeconds(task.endedAtMs) : null,
    expires_at: null,
    prompt: textOf(prompt),
    size: textOf(size)?.replace('*', 'x') ?? textOf(aspectRatio) ?? '',
    seconds: textOf(duration) ?? '',
    remixed_from_video_id: null,
    error,
  };
}
