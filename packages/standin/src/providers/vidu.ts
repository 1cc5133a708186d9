import { z } from 'zod';
import { type Definition, type Reason, Refused, type Said, type SubmitRoute } from '../kit/definition.ts';
import type { Job } from '../kit/jobs.ts';
import { digits } from '../kit/random.ts';
import { address, bearerOf, parse } from '../kit/schema.ts';

// Vidu's API, edition of November 2026.

const KEY = 'vda_standin_7f3c9a51e8';
const CREDITS = 20;

const Q2 = ['viduq2-pro', 'viduq2-pro-fast', 'viduq2-turbo'];
const Q3 = ['viduq3-pro', 'viduq3-pro-fast', 'viduq3-turbo'];
const RATIO = z.enum(['16:9', '9:16', '4:3', '3:4', '1:1']);
const common = {
  model: z.string(),
  prompt: z.string().max(5_000).optional(),
  duration: z.int().min(1).max(16).optional(),
  resolution: z.enum(['360p', '540p', '720p', '1080p', '2k']).optional(),
  movement_amplitude: z.enum(['auto', 'small', 'medium', 'large']).optional(),
  audio: z.boolean().optional(),
  seed: z.int().optional(),
  off_peak: z.boolean().optional(),
  watermark: z.boolean().optional(),
  wm_position: z.int().min(1).max(4).optional(),
  wm_url: z.url().optional(),
  payload: z.string().max(1_048_576).optional(),
  callback_url: z.url().optional(),
};
const bgm = z.boolean().optional();
const subject = z.strictObject({
  id: z.string().min(1),
  images: z.array(address()).min(1).max(3),
  voice_id: z.string().optional(),
});

/** The operations: the models each has, and its body. */
const OPERATIONS = {
  text2video: {
    models: ['viduq2', ...Q3],
    body: z.strictObject({
      ...common,
      prompt: z.string().min(1).max(5_000),
      style: z.enum(['general', 'anime']).optional(),
      aspect_ratio: RATIO.optional(),
      bgm,
    }),
  },
  img2video: {
    models: [...Q2, ...Q3],
    body: z.strictObject({ ...common, images: z.array(address()).length(1), bgm }),
  },
  'start-end2video': {
    models: [...Q2, ...Q3],
    body: z.strictObject({ ...common, images: z.array(address()).length(2), bgm }),
  },
  reference2video: {
    models: ['viduq2', 'viduq2-pro', 'viduq3', 'viduq3-mix'],
    body: z.strictObject({
      ...common,
      prompt: z.string().min(1).max(5_000),
      images: z.array(address()).min(1).max(7).optional(),
      videos: z.array(address()).min(1).max(2).optional(),
      subjects: z.array(subject).min(1).max(7).optional(),
      aspect_ratio: z.union([RATIO, z.literal('auto'), z.string().regex(/^\d+:\d+$/)]).optional(),
      bgm,
    }),
  },
};
type Operation = keyof typeof OPERATIONS;
type Sent = z.infer<z.ZodObject<typeof common>> & {
  images?: unknown;
  videos?: unknown;
  subjects?: unknown;
  bgm?: unknown;
};

function check(operation: Operation, sent: unknown): { model: string; callback_url?: string | undefined } {
  const { models, body } = OPERATIONS[operation];
  const read: Sent = parse<Sent>(body, sent);
  const { model, duration = 5, prompt = '' } = read;
  const invalid = (field: string, message: string) =>
    new Refused('invalid', { field, message: `${field}: ${message}` });
  if (!models.includes(model)) throw new Refused('model-gone', { field: 'model', message: `no model ${model} here` });
  const isQ2 = model.startsWith('viduq2');
  const longest = isQ2 ? (operation === 'start-end2video' ? 8 : 10) : 16;
  if (duration > longest) throw invalid('duration', `at most ${longest}`);
  if (isQ2 && prompt.length > 2_000) throw invalid('prompt', 'at most 2000 characters');
  if (isQ2 && read.resolution === '2k') throw invalid('resolution', 'not on q2');
  if (!isQ2 && read.bgm !== undefined) throw invalid('bgm', 'only on q2');
  if (read.videos !== undefined && model !== 'viduq2-pro') throw invalid('videos', 'only on q2-pro');
  if (operation === 'reference2video' && read.images === undefined && read.subjects === undefined) {
    throw invalid('images', 'needed');
  }
  return read;
}

const refusal =
  (status: number, word: string) =>
  ({ message }: Reason): Said => ({
    status,
    body: { code: status, reason: word, message, metadata: { trace_id: 'standin' } },
  });

const ERRORS = { moderation: 'CreationPolicyViolation', upstream: 'InternalServiceFailure', canceled: 'UserCancelled' };

const creations = (job: Job, state: string) => ({
  id: job.wireId,
  state,
  err_code: job.failure === undefined ? '' : ERRORS[job.failure],
  credits: CREDITS,
  payload: (job.request.body as { payload?: string }).payload ?? '', // Checked at submit.
  progress: Math.round(job.fraction * 100),
  creations: job.outputs.map(({ url }, index) => ({
    id: String(index + 1),
    url,
    cover_url: `${url}?cover`,
    watermarked_url: `${url}?watermarked`,
  })),
});
const WORDS = { queued: 'queueing', running: 'processing', done: 'success', failed: 'failed' };

const submit = (operation: Operation): SubmitRoute => ({
  kind: 'submit',
  method: 'POST',
  path: `/ent/v2/${operation}`,
  check: ({ body }) => {
    const { model, callback_url } = check(operation, body);
    return { model, makes: ['mp4'], callbackUrl: callback_url };
  },
  answer: (job) => ({
    status: 200,
    body: {
      ...(job.request.body as object), // Checked just now.
      task_id: job.wireId,
      type: operation,
      state: 'created',
      credits: CREDITS,
      off_peak: false,
      created_at: new Date(job.createdAtMs).toISOString(),
    },
  }),
});

export const vidu: Definition = {
  name: 'vidu',
  title: 'Vidu',
  env: (url) => ({ VIDU_BASE_URL: `${url}/ent/v2`, VIDU_API_KEY: KEY }),
  authorize: (request) => bearerOf(request, 'Token') === KEY,
  refusals: {
    auth: refusal(401, 'Unauthorized'),
    quota: refusal(400, 'CreditInsufficient'),
    rate: refusal(429, 'QuotaExceeded'),
    busy: refusal(500, 'InternalServiceFailure'),
    invalid: refusal(400, 'FieldInvalid'),
    media: refusal(400, 'ImageDownloadFailure'),
    moderation: refusal(400, 'TaskPromptPolicyViolation'),
    'model-gone': refusal(400, 'ModelUnavailable'),
    'unknown-job': refusal(404, 'TaskNotFound'),
  },
  newId: (random) => digits(random, 18),
  words: WORDS,
  links: { lifetimeMs: 24 * 3_600_000 },
  // Its signature is not published in full.
  callback: { on: 'change', make: (job) => ({ body: creations(job, WORDS[job.state]) }) },
  routes: ({ wordOf }) => [
    submit('text2video'),
    submit('img2video'),
    submit('start-end2video'),
    submit('reference2video'),
    {
      kind: 'poll',
      method: 'GET',
      path: '/ent/v2/tasks/:id/creations',
      id: ({ params }) => params.id ?? '',
      answer: (job) => ({ status: 200, body: creations(job, wordOf(job)) }),
    },
    {
      kind: 'cancel',
      method: 'POST',
      path: '/ent/v2/tasks/:id/cancel',
      id: ({ params }) => params.id ?? '',
      answer: (_job, outcome) =>
        outcome === 'canceled'
          ? { status: 200, body: {} }
          : refusal(400, 'BadRequest')({ message: 'the task is over' }),
    },
    {
      kind: 'other',
      method: 'GET',
      path: '/ent/v2/credits',
      answer: () => ({
        status: 200,
        body: {
          remains: [
            { type: 'standard', concurrency_limit: 5, current_concurrency: 0, queue_count: 0, credit_remain: 1_000 },
          ],
          packages: [],
        },
      }),
    },
  ],
};
