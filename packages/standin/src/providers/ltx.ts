import { z } from 'zod';
import { type Definition, type Reason, Refused, type Route, type Said, type World } from '../kit/definition.ts';
import type { Job } from '../kit/jobs.ts';
import { hex } from '../kit/random.ts';
import { bearerOf, parse } from '../kit/schema.ts';

// LTX's API, second version, edition of November 2026.

const KEY = 'ltxv_standin_93ad07c5be21';

const MAX_DATA_URI_CHARS = 7 * 1024 ** 2;
const uri = z
  .string()
  .regex(/^(https:\/\/\S+|ltx:\/\/\S+|data:image\/(png|jpeg|webp);base64,[A-Za-z0-9+/]+=*)$/, 'no URI')
  .refine((value) => !value.startsWith('data:') || value.length <= MAX_DATA_URI_CHARS, 'a data URI of at most 7 MB');
const common = {
  prompt: z.string().min(1).max(5_000),
  model: z.string(),
  duration: z.int(),
  resolution: z.enum(['1920x1080', '1080x1920', '2560x1440', '1440x2560', '3840x2160', '2160x3840']),
  fps: z.literal([24, 25, 48, 50]).optional(),
  generate_audio: z.boolean().optional(),
  camera_motion: z.string().optional(),
};
const BODIES = {
  'text-to-video': z.strictObject(common),
  'image-to-video': z.strictObject({ ...common, image_uri: uri, last_frame_uri: uri.optional() }),
};
type Call = keyof typeof BODIES;
type Sent = { model: string; duration: number; resolution: string; fps?: 24 | 25 | 48 | 50 | undefined };

const invalid = (field: string, message: string) => new Refused('invalid', { field, message: `${field}: ${message}` });
const SHORT = [6, 8, 10];
const LONG = [12, 14, 16, 18, 20];

function check(call: Call, body: unknown): Sent {
  const sent: Sent = parse<Sent>(BODIES[call], body);
  const { model, duration, resolution, fps = 25 } = sent;
  if (!/^ltx-2-(3|5)-(pro|fast)$/.test(model)) {
    throw new Refused('model-gone', { field: 'model', message: `model ${model} is not supported` });
  }
  const mayBeLong = model.endsWith('-fast') && /1080/.test(resolution) && fps === 25;
  if (!(mayBeLong ? [...SHORT, ...LONG] : SHORT).includes(duration)) throw invalid('duration', 'not offered');
  return sent;
}

const refusal =
  (status: number, type: string, say = (message: string) => message) =>
  ({ message }: Reason): Said => ({ status, body: { type: 'error', error: { type, message: say(message) } } });

const WORDS = { queued: 'pending', running: 'processing', done: 'completed', failed: 'failed' };
const FAILURES = {
  moderation: { type: 'content_filtered_error', message: 'The video was filtered.' },
  upstream: { type: 'api_error', message: 'The video could not be made.' },
  canceled: { type: 'api_error', message: 'canceled' },
};

function state(job: Job, word: string): Said {
  const { failure, outputs, endedAtMs } = job;
  const body = { id: job.wireId, status: word, created_at: new Date(job.createdAtMs).toISOString() };
  if (failure !== undefined) return { status: 200, body: { ...body, error: FAILURES[failure] } };
  if (job.state !== 'done') return { status: 200, body };
  const result = Object.fromEntries(outputs.map(({ url }) => ['video_url', url]));
  return { status: 200, body: { ...body, completed_at: new Date(endedAtMs ?? 0).toISOString(), result } };
}

const routesOf =
  ({ wordOf }: World) =>
  (call: Call): Route[] => [
    {
      kind: 'submit',
      method: 'POST',
      path: `/v2/${call}`,
      check: ({ body }) => ({ model: check(call, body).model, makes: ['mp4'] }),
      answer: (job) => ({ ...state(job, WORDS.queued), status: 202 }),
    },
    {
      kind: 'poll',
      method: 'GET',
      path: `/v2/${call}/:id`,
      id: ({ params }) => params.id ?? '',
      answer: (job) => state(job, wordOf(job)),
    },
  ];

export const ltx: Definition = {
  name: 'ltx',
  title: 'LTX',
  env: (url) => ({ LTX_BASE_URL: url, LTX_API_KEY: KEY }),
  authorize: (request) => bearerOf(request) === KEY,
  refusals: {
    auth: refusal(401, 'authentication_error'),
    quota: refusal(402, 'insufficient_funds_error'),
    rate: refusal(429, 'rate_limit_error'),
    busy: refusal(503, 'service_unavailable'),
    invalid: refusal(400, 'invalid_request_error'),
    media: refusal(400, 'invalid_request_error', () => 'Failed to download image_uri'),
    moderation: refusal(422, 'content_filtered_error'),
    'model-gone': refusal(400, 'invalid_request_error', () => 'model: the model is not supported'),
    'unknown-job': refusal(404, 'not_found_error'),
  },
  newId: (random) => hex(random, 24),
  words: WORDS,
  // How long is not told.
  links: { lifetimeMs: 24 * 3_600_000 },
  routes: (world) => (['text-to-video', 'image-to-video'] as const).flatMap(routesOf(world)),
};
