import { createHmac } from 'node:crypto';
import { z } from 'zod';
import {
  type Callback,
  type Definition,
  type Reason,
  Refused,
  type Said,
  type Signer,
  type SubmitRoute,
  type Wanted,
  type WireRequest,
  type World,
} from '../../kit/definition.ts';
import { Field, toBody } from '../../kit/field-list.ts';
import type { Job } from '../../kit/jobs.ts';
import type { MediaName } from '../../kit/media.ts';
import { pick } from '../../kit/random.ts';
import { bearerOf, parse } from '../../kit/schema.ts';
import { fileRoutes } from './files.ts';
import models from './models.json' with { type: 'json' };
import { toOpenApi } from './openapi.ts';

// Replicate's API, edition of November 2026. The models are those that Reelay has routes for.

const TOKEN = 'r8_Standin4f81c2d09b7e6a3351c8';
const HOUR_MS = 3_600_000;
const PATH = '/v1';

const Models = z.object({
  models: z.record(
    z.string(),
    z.object({
      makes: z.enum(['mp4', 'png', 'mp3', 'glb']),
      shape: z.enum(['one', 'list', 'voice']),
      input: z.record(z.string(), Field),
    }),
  ),
});
export type Model = z.infer<typeof Models>['models'][string];
const MODELS = new Map(Object.entries(Models.parse(models).models));
const bodies = new Map<string, z.ZodType<Record<string, unknown>>>();

function bodyOf(name: string, { input }: Model): z.ZodType<Record<string, unknown>> {
  const body = bodies.get(name) ?? toBody(input);
  bodies.set(name, body);
  return body;
}

const Call = z.strictObject({
  input: z.record(z.string(), z.unknown()),
  version: z.string().optional(),
  webhook: z.url().optional(),
  webhook_events_filter: z.array(z.enum(['start', 'output', 'logs', 'completed'])).optional(),
});

const refusal =
  (status: number, title: string) =>
  ({ message, field, retryAfterMs }: Reason): Said => ({
    status,
    body: {
      title,
      detail: status === 422 ? `- ${field ?? 'input'}: ${message}\n` : message,
      status,
      ...(retryAfterMs === undefined ? {} : { retry_after: retryAfterMs / 1_000 }),
      ...(status === 422
        ? { invalid_fields: [{ type: 'invalid', field: field ?? 'input', description: message }] }
        : {}),
    },
  });

const WORDS = { queued: 'starting', running: 'processing', done: 'succeeded', failed: 'failed' };
const ERRORS = {
  moderation: 'The input or output was flagged as sensitive. Please try again with different inputs. (E005)',
  upstream: 'Service is temporarily unavailable due to high demand. Please try again later. (E003)',
};

const EXTENSIONS: Readonly<Record<string, MediaName>> = {
  jpg: 'jpg',
  jpeg: 'jpg',
  png: 'png',
  webp: 'webp',
  wav: 'wav',
};

function makes({ makes: usual, shape, input }: Model, body: Record<string, unknown>): MediaName[] {
  const said = (name: string): unknown => body[name] ?? input[name]?.default;
  const asked = EXTENSIONS[String(said('output_format') ?? said('audio_format'))];
  const isFitting = asked !== undefined && usual !== 'mp4' && usual !== 'glb';
  const counts = ['num_outputs', 'number_of_images', 'max_images'].map((name) => Number(said(name) ?? 1));
  const count = shape === 'list' ? Math.max(...counts) : 1;
  return Array.from({ length: count }, () => (isFitting ? asked : usual));
}

/** A list of shots travels as a text that holds JSON. */
const Shots = z
  .array(z.strictObject({ prompt: z.string().min(1), duration: z.int().min(1) }))
  .min(1)
  .max(6);
function checkShots({ multi_prompt, duration = 5 }: Record<string, unknown>): void {
  if (typeof multi_prompt !== 'string' || multi_prompt === '') return;
  let read: unknown;
  try {
    read = JSON.parse(multi_prompt);
  } catch {
    throw new Refused('invalid', { field: 'multi_prompt', message: 'is no JSON' });
  }
  const seconds = parse(Shots, read).reduce((sum, shot) => sum + shot.duration, 0);
  if (seconds === duration) return;
  throw new Refused('invalid', {
    field: 'multi_prompt',
    message: `the shots last ${seconds} s, the clip ${duration} s`,
  });
}

function check({ body }: WireRequest, name: string): Wanted {
  const model = MODELS.get(name);
  if (model === undefined) throw new Refused('model-gone', { message: `The model ${name} was not found.` });
  const { input, webhook } = parse(Call, body);
  const read = parse(bodyOf(name, model), input);
  checkShots(read);
  return { model: name, makes: makes(model, read), callbackUrl: webhook };
}

const iso = (ms: number | undefined): string | undefined => (ms === undefined ? undefined : new Date(ms).toISOString());

function outputOf(job: Job): unknown {
  const urls = job.outputs.map(({ url }) => url);
  if (urls.length === 0) return null;
  const { shape } = MODELS.get(job.model) ?? {};
  if (shape === 'list') return urls;
  return shape === 'voice' ? { voice_id: `voice-${job.order}`, model: 'speech-02-turbo', preview: urls[0] } : urls[0];
}

function prediction(job: Job, p: { url: string; word: string; nowMs: number }): Record<string, unknown> {
  const { endedAtMs, startedAtMs = job.createdAtMs } = job;
  const isRemoved = endedAtMs !== undefined && p.nowMs - endedAtMs > HOUR_MS;
  const root = `${p.url}${PATH}/predictions/${job.id}`;
  // Checked at submit.
  const { input } = job.request.body as z.infer<typeof Call>;
  return {
    id: job.wireId,
    model: job.model,
    version: 'hidden',
    input: isRemoved ? {} : input,
    output: isRemoved ? null : outputOf(job),
    error: job.failure === 'moderation' || job.failure === 'upstream' ? ERRORS[job.failure] : null,
    logs: '',
    data_removed: isRemoved,
    status: job.failure === 'canceled' ? 'canceled' : p.word,
    created_at: iso(job.createdAtMs),
    started_at: iso(job.startedAtMs),
    completed_at: iso(endedAtMs),
    ...(endedAtMs === undefined
      ? {}
      : {
          metrics: {
            predict_time: (endedAtMs - startedAtMs) / 1_000,
            total_time: (endedAtMs - job.createdAtMs) / 1_000,
          },
        }),
    urls: { get: root, cancel: `${root}/cancel`, web: `${p.url}/p/${job.id}` },
  };
}

const secretOf = (signer: Signer): string => `whsec_${signer.secret.toString('base64')}`;

/** Standard Webhooks. */
function signed(raw: string, p: { signer: Signer; nowMs: number; id: string }): Record<string, string> {
  const seconds = String(Math.floor(p.nowMs / 1_000));
  const digest = createHmac('sha256', p.signer.secret).update(`${p.id}.${seconds}.${raw}`).digest('base64');
  return { 'webhook-id': p.id, 'webhook-timestamp': seconds, 'webhook-signature': `v1,${digest}` };
}

const callback: Callback = {
  on: 'change',
  make(job, { signer, nowMs, deliveryId }) {
    const { webhook_events_filter: filter } = job.request.body as z.infer<typeof Call>; // Checked at submit.
    const event = job.state === 'done' || job.state === 'failed' ? 'completed' : 'start';
    if (job.state === 'queued' || (filter !== undefined && !filter.includes(event))) return undefined;
    // Without the address of a server: what a receiver needs is the id.
    const body = prediction(job, { url: 'https://api.replicate.com', word: WORDS[job.state], nowMs });
    return { body, sign: (raw) => signed(raw, { signer, nowMs, id: `msg_${deliveryId}` }) };
  },
};

function routesOf(world: World) {
  const view = (job: Job, word = world.wordOf(job)) => prediction(job, { url: world.url, word, nowMs: world.nowMs() });
  const nameOf = ({ params: { owner = '', name = '' } }: WireRequest): string => `${owner}/${name}`;
  const submit = (path: string, modelOf: (request: WireRequest) => string): SubmitRoute => ({
    kind: 'submit',
    method: 'POST',
    path: `${PATH}${path}`,
    check: (request) => check(request, modelOf(request)),
    answer: (job) => ({ status: 201, body: view(job) }),
  });
  const id = ({ params }: WireRequest): string => params.id ?? '';
  return [
    ...fileRoutes(world, PATH),
    submit('/models/:owner/:name/predictions', nameOf),
    submit('/deployments/:owner/:name/predictions', nameOf),
    // Community models are named by a version, which may have the name in front.
    submit('/predictions', ({ body }) => parse(Call, body).version?.split(':')[0] ?? ''),
    {
      kind: 'poll',
      method: 'GET',
      path: `${PATH}/predictions/:id`,
      id,
      answer: (job: Job) => ({ status: 200, body: view(job) }),
    },
    {
      kind: 'cancel',
      method: 'POST',
      path: `${PATH}/predictions/:id/cancel`,
      id,
      // A prediction that is over is answered as it is.
      answer: (job: Job, outcome: 'canceled' | 'too-late') => {
        const isOver = job.state === 'done' || job.state === 'failed';
        return { status: 200, body: outcome === 'too-late' && !isOver ? view(job, WORDS.done) : view(job) };
      },
    },
    {
      kind: 'other',
      method: 'GET',
      path: `${PATH}/predictions`,
      answer: () => ({
        status: 200,
        body: { next: null, previous: null, results: world.jobs.toReversed().map((job) => view(job)) },
      }),
    },
    {
      kind: 'other',
      method: 'GET',
      path: `${PATH}/models/:owner/:name`,
      answer: (request: WireRequest) => {
        const model = MODELS.get(nameOf(request));
        if (model === undefined) throw new Refused('model-gone', { message: 'The model was not found.' });
        return { status: 200, body: toOpenApi(nameOf(request), model) };
      },
    },
    {
      kind: 'other',
      method: 'GET',
      path: `${PATH}/account`,
      answer: () => ({ status: 200, body: { type: 'user', username: 'standin', name: 'Stand-in', github_url: null } }),
    },
    {
      kind: 'other',
      method: 'GET',
      path: `${PATH}/webhooks/default/secret`,
      answer: () => ({ status: 200, body: { key: secretOf(world.signer) } }),
    },
  ] as const satisfies ReturnType<Definition['routes']>;
}

export const replicate: Definition = {
  name: 'replicate',
  title: 'Replicate',
  env: (url) => ({ REPLICATE_BASE_URL: `${url}${PATH}`, REPLICATE_API_TOKEN: TOKEN }),
  authorize: (request) => (bearerOf(request) ?? bearerOf(request, 'Token')) === TOKEN,
  refusals: {
    auth: refusal(401, 'Unauthenticated'),
    quota: refusal(402, 'Insufficient credit'),
    rate: refusal(429, 'Too many requests'),
    busy: refusal(503, 'Service unavailable'),
    invalid: refusal(422, 'Input validation failed'),
    // There are no words of their own for these two before a prediction has begun.
    media: refusal(422, 'Input validation failed'),
    moderation: refusal(422, 'Input validation failed'),
    'model-gone': refusal(404, 'Not found'),
    'unknown-job': refusal(404, 'Not found'),
  },
  newId: (random) => pick(random, 'abcdefghjkmnpqrstvwxyz0123456789', 26),
  words: WORDS,
  links: { lifetimeMs: HOUR_MS },
  callback,
  routes: routesOf,
};
