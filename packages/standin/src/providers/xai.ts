import { z } from 'zod';
import {
  type Definition,
  type Reason,
  Refused,
  type Said,
  type SubmitRoute,
  type WireRequest,
} from '../kit/definition.ts';
import type { Job } from '../kit/jobs.ts';
import { uuid } from '../kit/random.ts';
import { address, bearerOf, parse } from '../kit/schema.ts';

// xAI's API, edition of November 2026.

const KEY = 'xai-standin-5Kp2Wd8Rn1Tb7';
const IMAGE_MODELS = ['grok-imagine-image', 'grok-imagine-image-2.0'];
const VIDEO_MODELS = ['grok-imagine-video', 'grok-imagine-video-1.5'];
const IMAGE_COST = { cost_in_usd_ticks: 200_000_000 };
const VIDEO_COST = { cost_in_usd_ticks: 3_000_000_000 };

// biome-ignore format: a list
const RATIOS = ['1:1', '16:9', '9:16', '4:3', '3:4', '3:2', '2:3', '2:1', '1:2', '19.5:9', '9:19.5', '20:9', '9:20', 'auto', '21:9', '5:2'] as const;
const link = z.strictObject({ url: address(), type: z.literal('image_url').optional() });
const picture = {
  model: z.string(),
  prompt: z.string().min(1),
  n: z.int().min(1).max(10).optional(),
  aspect_ratio: z.enum(RATIOS).optional(),
  resolution: z.enum(['1k', '2k']).optional(),
  response_format: z.enum(['url', 'b64_json']).optional(),
  seed: z.int().optional(),
  quality: z.enum(['low', 'medium']).optional(),
};
const Generation = z.strictObject(picture);
const Edit = z
  .strictObject({ ...picture, image: link.optional(), images: z.array(link).min(1).max(5).optional() })
  .refine(({ image, images }) => (image === undefined) !== (images === undefined), 'send image or images');

const prompt = z.string().min(1).max(4_096);
const Clip = z
  .strictObject({
    model: z.string(),
    prompt,
    image: link.optional(),
    reference_images: z.array(link).min(1).max(7).optional(),
    duration: z.int().min(1).max(15).optional(),
    aspect_ratio: z.enum(['1:1', '16:9', '9:16', '4:3', '3:4', '3:2', '2:3']).optional(),
    resolution: z.enum(['480p', '720p']).optional(),
    seed: z.int().optional(),
  })
  .refine(({ image, reference_images }) => image === undefined || reference_images === undefined, 'one of the two')
  .refine(({ reference_images, duration = 6 }) => reference_images === undefined || duration <= 10, 'at most 10 s');
const VideoEdit = z.strictObject({ model: z.string(), prompt, video: link });
const Extension = z.strictObject({ ...VideoEdit.shape, duration: z.int().min(2).max(10).optional() });

const known = (model: string, models: readonly string[]): void => {
  if (!models.includes(model)) throw new Refused('model-gone', { message: `The model ${model} does not exist.` });
};
const refusal =
  (status: number, code: string, say = (message: string) => message) =>
  ({ message }: Reason): Said => ({ status, body: { code, error: say(message) } });

const images = (path: string, schema: z.ZodType<{ model: string; n?: number | undefined }>): SubmitRoute => ({
  kind: 'submit',
  method: 'POST',
  path,
  isSynchronous: true,
  check: ({ body }) => {
    const { model, n = 1 } = parse(schema, body);
    known(model, IMAGE_MODELS);
    return { model, makes: Array.from({ length: n }, () => 'jpg' as const) };
  },
  answer: (job) => {
    if (job.failure === 'upstream') return refusal(500, 'internal_error')({ message: 'Internal error' });
    // What is held back is missing, with status 200.
    return {
      status: 200,
      body: { data: job.outputs.map(({ url }) => ({ url, revised_prompt: '' })), usage: IMAGE_COST },
    };
  },
});
const videos = (path: string, schema: z.ZodType<{ model: string }>): SubmitRoute => ({
  kind: 'submit',
  method: 'POST',
  path,
  check: ({ body }) => {
    const { model } = parse(schema, body);
    known(model, VIDEO_MODELS);
    return { model, makes: ['mp4'] };
  },
  answer: (job) => ({ status: 200, body: { request_id: job.id } }),
});

function state(job: Job, word: string): Said {
  if (job.state === 'queued') return { status: 202, bytes: Buffer.alloc(0) };
  if (job.state === 'running') return { status: 202, body: { status: word, progress: Math.round(job.fraction * 100) } };
  const { model } = job;
  if (job.failure === 'moderation') {
    return { status: 200, body: { status: 'done', video: { url: '', duration: 6, respect_moderation: false }, model } };
  }
  if (job.failure !== undefined) {
    return { status: 200, body: { status: 'failed', error: { code: 'internal_error', message: 'Failed.' } } };
  }
  const video = { url: job.outputs[0]?.url ?? '', duration: 6, respect_moderation: true };
  return { status: 200, body: { status: 'done', video, model, usage: VIDEO_COST } };
}

export const xai: Definition = {
  name: 'xai',
  title: 'xAI',
  env: (url) => ({ XAI_BASE_URL: `${url}/v1`, XAI_API_KEY: KEY }),
  authorize: (request) => bearerOf(request) === KEY,
  refusals: {
    auth: refusal(400, 'Client specified an invalid argument', (message) => `Incorrect API key provided. ${message}`),
    quota: refusal(403, 'permission_denied', () => 'Your team has used all its credits or reached its spending limit.'),
    rate: refusal(429, 'rate_limited'),
    busy: refusal(503, 'unavailable'),
    invalid: refusal(400, 'invalid_argument'),
    media: refusal(400, 'invalid_argument', () => 'Failed to download the image.'),
    moderation: refusal(400, 'invalid_argument', () => 'The prompt was rejected by content moderation.'),
    'model-gone': refusal(404, 'not_found'),
    'unknown-job': refusal(404, 'not_found'),
  },
  newId: uuid,
  words: { queued: 'pending', running: 'pending', done: 'done', failed: 'failed' },
  links: { lifetimeMs: 3_600_000 },
  routes: ({ wordOf }) => [
    images('/v1/images/generations', Generation),
    images('/v1/images/edits', Edit),
    videos('/v1/videos/generations', Clip),
    videos('/v1/videos/edits', VideoEdit),
    videos('/v1/videos/extensions', Extension),
    {
      kind: 'poll',
      method: 'GET',
      path: '/v1/videos/:id',
      id: ({ params }: WireRequest) => params.id ?? '',
      answer: (job) => state(job, wordOf(job)),
    },
    {
      kind: 'other',
      method: 'GET',
      path: '/v1/models',
      answer: () => ({
        status: 200,
        body: { data: [...IMAGE_MODELS, ...VIDEO_MODELS].map((id) => ({ id, object: 'model' })) },
      }),
    },
  ],
};
