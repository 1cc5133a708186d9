import { createHash, sign } from 'node:crypto';
import { z } from 'zod';
import {
  type Definition,
  type Reason,
  Refused,
  type Said,
  type Signer,
  type Wanted,
  type WireRequest,
  type World,
} from '../../kit/definition.ts';
import { Field, toBody } from '../../kit/field-list.ts';
import type { Job } from '../../kit/jobs.ts';
import type { MediaName } from '../../kit/media.ts';
import { uuid } from '../../kit/random.ts';
import { bearerOf, parse } from '../../kit/schema.ts';
import models from './models.json' with { type: 'json' };
import { storageRoutes } from './storage.ts';

// fal's queue, edition of November 2026. The real one checks bodies when a job starts and reports it in the place of the
// result; this one does so at once.

const KEY = '5f0c9a1e-standin:7d2b6c3f9e8a4410';
const USER = 'standin-user';
const UNITS = 5;

const Models = z.object({
  models: z.record(
    z.string(),
    z.object({ input: z.record(z.string(), Field), output: z.record(z.string(), z.object({ type: z.string() })) }),
  ),
});
type Model = z.infer<typeof Models>['models'][string];
const MODELS = new Map(Object.entries(Models.parse(models).models));
const bodies = new Map<string, z.ZodType<Record<string, unknown>>>();

function bodyOf(id: string, { input }: Model): z.ZodType<Record<string, unknown>> {
  const body = bodies.get(id) ?? toBody(input);
  bodies.set(id, body);
  return body;
}

/** Only the application counts once a job is made: the first two segments of a model's id. */
const applicationOf = (model: string): string => {
  const segments = model.split('/');
  return segments.slice(0, segments[0] === 'workflows' || segments[0] === 'comfy' ? 3 : 2).join('/');
};

const detail = (status: number, text: string, more: Record<string, unknown> = {}): Said => ({
  status,
  body: { detail: text, ...more },
});
const problem =
  (type: string) =>
  ({ message, field = 'prompt' }: Reason): Said => ({
    status: 422,
    headers: { 'x-fal-retryable': 'false', 'x-fal-error-type': type },
    body: { detail: [{ loc: ['body', ...field.split('.')], msg: message, type }] },
  });
const trouble = (status: number, type: string, message: string): Said => ({
  status,
  headers: { 'x-fal-retryable': 'true', 'x-fal-error-type': type },
  body: { detail: message, error_type: type },
});

const REFUSALS: Definition['refusals'] = {
  auth: ({ message }) => detail(401, message),
  quota: () => detail(403, 'User is locked. Reason: Exhausted balance.'),
  rate: ({ message }) => detail(429, message),
  busy: ({ message }) => trouble(503, 'runner_scheduling_failure', message),
  invalid: problem('value_error'),
  media: problem('image_load_error'),
  moderation: problem('content_policy_violation'),
  'model-gone': ({ message }) => detail(404, message),
  'unknown-job': () => detail(404, 'Request not found'),
};

const EXTENSIONS: Readonly<Record<string, MediaName>> = {
  jpeg: 'jpg',
  png: 'png',
  webp: 'webp',
  wav: 'wav',
  mp3: 'mp3',
};

/** The results of a model, by the members of its output that hold files. */
function makes({ input, output }: Model, body: Record<string, unknown>): MediaName[] {
  const said = (name: string): unknown => body[name] ?? input[name]?.default;
  const count = Number(said('num_images') ?? 1) * Number(said('max_images') ?? 1);
  const picture = EXTENSIONS[String(said('output_format'))] ?? 'png';
  return Object.entries(output).flatMap(([name, { type }]): MediaName[] => {
    if (name === 'images' && type === 'file[]') return Array.from({ length: count }, () => picture);
    if (type !== 'file') return [];
    return MEMBERS[name] === undefined ? [] : [MEMBERS[name] === 'png' ? picture : MEMBERS[name]];
  });
}
const MEMBERS: Readonly<Record<string, MediaName>> = {
  video: 'mp4',
  image: 'png',
  audio: 'mp3',
  model_glb: 'glb',
  model_mesh: 'glb',
};

const modelIdOf = ({ path }: WireRequest): string => path.slice(1);

function check(request: WireRequest): Wanted {
  const id = modelIdOf(request);
  const model = MODELS.get(id);
  if (model === undefined) throw new Refused('model-gone', { message: `Application '${id}' not found` });
  const body = parse(bodyOf(id, model), request.body ?? {});
  if (body.output_format === 'hex')
    throw new Refused('invalid', { field: 'output_format', message: 'digits, no file' });
  return { model: id, makes: makes(model, body), callbackUrl: request.query.fal_webhook };
}

/** The whole answer of a model that is done. */
function result(job: Job): Record<string, unknown> {
  const { output = {} } = MODELS.get(job.model) ?? {};
  const files = job.outputs.map(({ url, mediaType, fileName, bytes }) => ({
    url,
    content_type: mediaType,
    file_name: fileName,
    file_size: bytes.length,
  }));
  const [first] = files;
  const members = Object.entries(output).map(([name, { type }]) => [name, memberOf(name, type)]);
  function memberOf(name: string, type: string): unknown {
    if (type === 'file[]') return files;
    if (MEMBERS[name] !== undefined) return first;
    if (name === 'model_urls') return { glb: first };
    if (name === 'custom_voice_id') return `voice-${job.order}`;
    if (name === 'has_nsfw_concepts') return files.map(() => false);
    if (name === 'timings') return { inference: 1.2 };
    if (name === 'duration' || name === 'duration_ms') return 2_000;
    if (name === 'seed') return 42;
    return type === 'string' ? 'as asked' : undefined;
  }
  return Object.fromEntries(members);
}

const ENDS: Readonly<Record<NonNullable<Job['failure']>, () => Said>> = {
  moderation: () => problem('content_policy_violation')({ message: 'Flagged by the content checker.' }),
  upstream: () => trouble(500, 'internal_server_error', 'The model crashed.'),
  canceled: () => detail(400, 'The request was cancelled.', { error_type: 'client_cancelled' }),
};

function resultOf(job: Job): Said {
  if (job.state === 'queued' || job.state === 'running') return detail(400, 'Request is still in progress');
  if (job.failure !== undefined) return ENDS[job.failure]();
  if (job.outputs.length === 0) return problem('no_media_generated')({ message: 'No media was generated.' });
  return {
    status: 200,
    headers: { 'x-fal-request-id': job.id, 'x-fal-billable-units': String(UNITS) },
    body: result(job),
  };
}

function addresses(world: World, job: Job) {
  const root = `${world.url}/${applicationOf(job.model)}/requests/${job.id}`;
  return { response_url: root, status_url: `${root}/status`, cancel_url: `${root}/cancel` };
}

function statusOf(world: World, job: Job): Said {
  const isOver = job.state === 'done' || job.state === 'failed';
  const common = { status: world.wordOf(job), request_id: job.wireId, ...addresses(world, job) };
  if (job.state === 'queued') return { status: 202, body: { ...common, queue_position: 0 } };
  const logs = [{ message: 'step 3', level: 'INFO', source: 'USER', timestamp: new Date(world.nowMs()).toISOString() }];
  if (!isOver) return { status: 202, body: { ...common, logs } };
  return { status: 200, body: { ...common, logs: null, metrics: { inference_time: 4.2 } } };
}

function signed(raw: string, p: { signer: Signer; nowMs: number; id: string }): Record<string, string> {
  const seconds = String(Math.floor(p.nowMs / 1_000));
  const digest = createHash('sha256').update(raw).digest('hex');
  const message = [p.id, USER, seconds, digest].join('\n');
  return {
    'x-fal-webhook-request-id': p.id,
    'x-fal-webhook-user-id': USER,
    'x-fal-webhook-timestamp': seconds,
    'x-fal-webhook-signature': sign(null, Buffer.from(message), p.signer.privateKey).toString('hex'),
  };
}

function callbackBody(job: Job): Record<string, unknown> {
  const ids = { request_id: job.wireId, gateway_request_id: job.wireId };
  const said = resultOf(job);
  const { status, body } = 'file' in said ? { status: 500, body: null } : said;
  return status === 200
    ? { ...ids, status: 'OK', error: null, payload: body }
    : { ...ids, status: 'ERROR', error: `Invalid status code: ${status}`, payload: body };
}

/** `/owner/app/requests/<id>` and what may stand behind it. */
const REQUEST = /^\/(?<app>.+)\/requests\/(?<id>[^/]+)(?<rest>\/status|\/cancel)?$/;
const placeOf = ({ path }: WireRequest): { app: string; id: string; rest: string } => {
  const { app = '', id = '', rest = '' } = REQUEST.exec(path)?.groups ?? {};
  return { app, id, rest };
};
const idOf = (request: WireRequest): string => placeOf(request).id;
const isAt = (rest: string) => (request: WireRequest) => REQUEST.test(request.path) && placeOf(request).rest === rest;

export const fal: Definition = {
  name: 'fal',
  title: 'fal',
  env: (url) => ({ FAL_BASE_URL: url, FAL_REST_URL: url, FAL_KEY: KEY }),
  authorize: (request) => bearerOf(request, 'Key') === KEY,
  refusals: REFUSALS,
  newId: uuid,
  words: { queued: 'IN_QUEUE', running: 'IN_PROGRESS', done: 'COMPLETED', failed: 'COMPLETED' },
  links: { lifetimeMs: 7 * 24 * 3_600_000 },
  callback: {
    on: 'end',
    make: (job, { signer, nowMs }) => ({
      body: callbackBody(job),
      sign: (raw) => signed(raw, { signer, nowMs, id: job.id }),
    }),
  },
  routes: (world) => [
    ...storageRoutes(world),
    {
      kind: 'other',
      method: 'GET',
      path: '/.well-known/jwks.json',
      isOpen: true,
      answer: () => ({ status: 200, body: { keys: [world.signer.publicKey.export({ format: 'jwk' })] } }),
    },
    {
      kind: 'submit',
      method: 'POST',
      path: '/*',
      check,
      answer: (job) => ({
        status: 200,
        body: {
          request_id: job.wireId,
          gateway_request_id: job.wireId,
          status: 'IN_QUEUE',
          queue_position: 0,
          ...addresses(world, job),
        },
      }),
    },
    { kind: 'poll', method: 'GET', path: '/*', when: isAt('/status'), id: idOf, answer: (job) => statusOf(world, job) },
    { kind: 'poll', method: 'GET', path: '/*', when: isAt(''), id: idOf, answer: resultOf },
    {
      kind: 'cancel',
      method: 'PUT',
      path: '/*',
      when: isAt('/cancel'),
      id: idOf,
      answer: (_job, outcome) =>
        outcome === 'canceled'
          ? { status: 202, body: { status: 'CANCELLATION_REQUESTED' } }
          : { status: 400, body: { status: 'ALREADY_COMPLETED' } },
    },
  ],
};
