import { z } from 'zod';
import { type Definition, type Reason, Refused, type Route, type Said, type World } from '../kit/definition.ts';
import type { Job } from '../kit/jobs.ts';
import type { MediaName } from '../kit/media.ts';
import { uuid } from '../kit/random.ts';
import { address, bearerOf, parse } from '../kit/schema.ts';

// Meshy's API, edition of November 2026.

const KEY = 'msy_standin4Jd82hTqLw0';
const LIFETIME_MS = 3 * 24 * 3_600_000;
const IMAGE = '/openapi/v1/image-to-3d';
const TEXT = '/openapi/v2/text-to-3d';

const shape = {
  ai_model: z.enum(['meshy-5', 'meshy-6', 'meshy-6-lite', 'latest']).optional(),
  topology: z.enum(['triangle', 'quad']).optional(),
  target_polycount: z.int().min(100).max(300_000).optional(),
  should_remesh: z.boolean().optional(),
  symmetry_mode: z.enum(['off', 'auto', 'on']).optional(),
  pose_mode: z.enum(['a-pose', 't-pose', '']).optional(),
  moderation: z.boolean().optional(),
  seed: z.int().optional(),
};
const surface = {
  enable_pbr: z.boolean().optional(),
  texture_prompt: z.string().min(1).max(600).optional(),
  texture_image_url: address().optional(),
};
const ImageBody = z.strictObject({
  ...shape,
  ...surface,
  image_url: address(),
  should_texture: z.boolean().optional(),
});
const TextBody = z.discriminatedUnion('mode', [
  z.strictObject({ ...shape, mode: z.literal('preview'), prompt: z.string().min(1).max(600) }),
  z.strictObject({
    ...surface,
    mode: z.literal('refine'),
    preview_task_id: z.string().min(1),
    ai_model: shape.ai_model,
    moderation: shape.moderation,
  }),
]);

const PAINTED: readonly MediaName[] = ['glb', 'png'];
const BARE: readonly MediaName[] = ['glb'];
const CREDITS = { 'image-to-3d': 30, 'text-to-3d-preview': 20, 'text-to-3d-refine': 10 };

/** @throws {Refused} where there is no shape to paint. */
function checkPreview(id: string, { jobs }: World): void {
  const preview = jobs.find((job) => job.id === id);
  if (preview === undefined || preview.request.path !== TEXT) {
    throw new Refused('invalid', { field: 'preview_task_id', message: 'Preview task not found' });
  }
  if (preview.state !== 'done') throw new Refused('invalid', { message: 'Preview task has not succeeded' });
}

const refusal =
  (status: number) =>
  ({ message }: Reason): Said => ({ status, body: { message } });

const ERRORS = {
  moderation: 'The result did not pass the review.',
  upstream: 'The server is busy. Please try again later.',
  canceled: '',
};
const WORDS = { queued: 'PENDING', running: 'IN_PROGRESS', done: 'SUCCEEDED', failed: 'FAILED' };

function typeOf({ request }: Job): keyof typeof CREDITS {
  if (request.path === IMAGE) return 'image-to-3d';
  const { mode } = request.body as { mode: string }; // Checked at submit.
  return mode === 'refine' ? 'text-to-3d-refine' : 'text-to-3d-preview';
}

function task(job: Job, state: string): Said {
  const model = job.outputs.find(({ kind }) => kind === 'model');
  const map = job.outputs.find(({ kind }) => kind === 'image');
  const type = typeOf(job);
  const body = {
    id: job.wireId,
    type,
    status: job.failure === 'canceled' ? 'CANCELED' : state,
    progress: Math.round(job.fraction * 100),
    model_urls: model === undefined ? {} : { glb: model.url, obj: '' },
    texture_urls: map === undefined ? [] : [{ base_color: map.url }],
    thumbnail_url: model === undefined ? '' : `${model.url}?thumbnail`,
    task_error: { message: job.failure === undefined ? '' : ERRORS[job.failure] },
    preceding_tasks: 0,
    created_at: job.createdAtMs,
    started_at: job.startedAtMs ?? 0,
    finished_at: job.endedAtMs ?? 0,
    expires_at: job.endedAtMs === undefined ? 0 : job.endedAtMs + LIFETIME_MS,
    ...(job.state === 'done' ? { consumed_credits: CREDITS[type] } : {}),
  };
  return { status: 200, body };
}

const tasksAt = (path: string, { wordOf }: World): Route[] => [
  {
    kind: 'poll',
    method: 'GET',
    path: `${path}/:id`,
    id: ({ params }) => params.id ?? '',
    answer: (job) => task(job, wordOf(job)),
  },
  {
    kind: 'cancel',
    method: 'DELETE',
    path: `${path}/:id`,
    id: ({ params }) => params.id ?? '',
    from: ['queued'],
    answer: (_job, outcome) =>
      outcome === 'canceled' ? { status: 204 } : refusal(409)({ message: 'Task is in progress' }),
  },
];

export const meshy: Definition = {
  name: 'meshy',
  title: 'Meshy',
  env: (url) => ({ MESHY_BASE_URL: url, MESHY_API_KEY: KEY }),
  authorize: (request) => bearerOf(request) === KEY,
  refusals: {
    auth: refusal(401),
    quota: refusal(402),
    rate: refusal(429),
    busy: refusal(503),
    invalid: refusal(400),
    // It has sentences only.
    media: refusal(422),
    moderation: refusal(422),
    'model-gone': refusal(404),
    'unknown-job': refusal(404),
  },
  newId: uuid,
  words: WORDS,
  links: { lifetimeMs: LIFETIME_MS },
  routes: (world) => [
    {
      kind: 'submit',
      method: 'POST',
      path: IMAGE,
      check: ({ body }) => {
        const { ai_model: model = 'latest', should_texture: isPainted = true } = parse(ImageBody, body);
        return { model, makes: isPainted ? PAINTED : BARE };
      },
      answer: (job) => ({ status: 202, body: { result: job.wireId } }),
    },
    {
      kind: 'submit',
      method: 'POST',
      path: TEXT,
      check: ({ body }) => {
        const sent = parse(TextBody, body);
        if (sent.mode === 'refine') checkPreview(sent.preview_task_id, world);
        return { model: sent.ai_model ?? 'latest', makes: sent.mode === 'refine' ? PAINTED : BARE };
      },
      answer: (job) => ({ status: 202, body: { result: job.wireId } }),
    },
    ...tasksAt(IMAGE, world),
    ...tasksAt(TEXT, world),
    {
      kind: 'other',
      method: 'GET',
      path: '/openapi/v1/balance',
      answer: () => ({ status: 200, body: { balance: 1_000 } }),
    },
  ],
};
