import { createHash, createHmac } from 'node:crypto';
import { z } from 'zod';
import type { Definition, Reason, Route, Said, WireRequest, World } from '../kit/definition.ts';
import type { Job } from '../kit/jobs.ts';
import { hex } from '../kit/random.ts';
import { bearerOf, parse } from '../kit/schema.ts';
import { invalid, readImage, readVideo, readVisual, type VideoBody } from './bytedance-bodies.ts';

// Ark (videos and pictures), and Volcengine's visual API (DreamActor); editions of November 2026.

const KEY = 'ark-standin-91b3c07e4d55';
const ACCESS_KEY = 'AKLTstandin2b7f4c';
const SECRET_KEY = 'SKstandinT0dRM1l6';
const TASKS = '/api/v3/contents/generations/tasks';

const isVisual = ({ path }: { path: string }): boolean => path === '/';

/** Ark's words, and the visual API's numbers. */
const refusal =
  (status: number, word: string, code: number) =>
  ({ message, field = '' }: Reason, request: WireRequest): Said =>
    isVisual(request)
      ? { status, body: { code, data: null, message, request_id: 'standin', status: code } }
      : { status, body: { error: { code: word, message: `${message} Request id: standin`, param: field, type: '' } } };

const REFUSALS = {
  auth: refusal(401, 'AuthenticationError', 50_400),
  quota: refusal(403, 'AccountOverdueError', 50_400),
  rate: refusal(429, 'ModelAccountRpmRateLimitExceeded', 50_429),
  busy: refusal(429, 'ServerOverloaded', 50_500),
  invalid: refusal(400, 'InvalidParameter', 50_215),
  media: refusal(400, 'InvalidImageURL.Unreachable', 50_215),
  moderation: refusal(400, 'InputTextSensitiveContentDetected', 50_412),
  'model-gone': refusal(404, 'InvalidEndpointOrModel.NotFound', 50_400),
  'unknown-job': refusal(404, 'ResourceNotFound', 50_215),
};

const WORDS = { queued: 'queued', running: 'running', done: 'succeeded', failed: 'failed' };
const VISUAL_WORDS = { queued: 'in_queue', running: 'generating', done: 'done', failed: 'done' };
const TROUBLE = {
  moderation: {
    code: 'OutputVideoSensitiveContentDetected',
    message: 'The output video may contain sensitive information.',
  },
  upstream: { code: 'InternalServiceError', message: 'The service met an error.' },
};

const seconds = (ms: number): number => Math.floor(ms / 1_000);

function task(job: Job, state: string): object {
  const { model, resolution = '720p', ratio, duration, seed, generate_audio = true } = job.request.body as VideoBody; // Checked at submit.
  const [video, lastFrame] = job.outputs;
  return {
    id: job.wireId,
    model,
    status: job.failure === 'canceled' ? 'cancelled' : state,
    error: job.failure === undefined || job.failure === 'canceled' ? null : TROUBLE[job.failure],
    created_at: seconds(job.createdAtMs),
    updated_at: seconds(job.endedAtMs ?? job.createdAtMs),
    ...(job.state === 'done'
      ? {
          content: {
            ...(video === undefined ? {} : { video_url: video.url }),
            ...(lastFrame === undefined ? {} : { last_frame_url: lastFrame.url }),
          },
          usage: { completion_tokens: 108_900, total_tokens: 108_900 },
        }
      : {}),
    seed: seed === undefined || seed === -1 ? 4_242 : seed,
    resolution,
    ratio: ratio === undefined || ratio === 'adaptive' ? '16:9' : ratio,
    duration: duration === undefined || duration === -1 ? 5 : duration,
    framespersecond: 24,
    generate_audio,
    service_tier: 'default',
    execution_expires_after: 172_800,
  };
}

const videos = (world: World): Route[] => [
  {
    kind: 'submit',
    method: 'POST',
    path: TASKS,
    check: ({ body }) => {
      const { model, return_last_frame: wantsFrame, callback_url: callbackUrl } = readVideo(body);
      return { model, makes: wantsFrame === true ? ['mp4', 'png'] : ['mp4'], callbackUrl };
    },
    answer: (job) => ({ status: 200, body: { id: job.wireId } }),
  },
  {
    kind: 'poll',
    method: 'GET',
    path: `${TASKS}/:id`,
    id: ({ params }) => params.id ?? '',
    answer: (job) => ({ status: 200, body: task(job, world.wordOf(job)) }),
  },
  {
    kind: 'cancel',
    method: 'DELETE',
    path: `${TASKS}/:id`,
    id: ({ params }) => params.id ?? '',
    from: ['queued'],
    answer: (_job, outcome, request) =>
      outcome === 'canceled'
        ? { status: 200 }
        : refusal(409, 'InvalidAction.TaskStatus', 0)({ message: 'the task is not queued' }, request),
  },
  {
    kind: 'other',
    method: 'GET',
    path: TASKS,
    answer: ({ query }) => {
      const [page, size] = [Number(query.page_num ?? 1), Number(query.page_size ?? 10)];
      if (!(page >= 1 && size >= 1 && size <= 500)) throw invalid('page_num', 'not offered');
      const model = query['filter.model'];
      const all = world.jobs
        .filter(({ request }) => request.path === TASKS)
        .filter((job) => model === undefined || job.model === model)
        .toReversed();
      const items = all.slice((page - 1) * size, page * size).map((job) => task(job, world.wordOf(job)));
      return { status: 200, body: { items, total: all.length } };
    },
  },
];

const pictures = (world: World): Route => ({
  kind: 'submit',
  method: 'POST',
  path: '/api/v3/images/generations',
  isSynchronous: true,
  check: ({ body }) => {
    const { model, count } = readImage(body);
    return { model, makes: Array.from({ length: count }, () => 'jpg' as const) };
  },
  answer: (job, request) => {
    if (job.failure === 'moderation') {
      return refusal(
        400,
        'OutputImageSensitiveContentDetected',
        0,
      )({ message: 'The output image may be sensitive.' }, request);
    }
    if (job.failure !== undefined) return REFUSALS.busy({ message: 'The service met an error.' }, request);
    return {
      status: 200,
      body: {
        model: job.model,
        created: seconds(world.nowMs()),
        data: job.outputs.map(({ url }) => ({ url, size: '2048x2048' })),
        usage: { generated_images: job.outputs.length, output_tokens: 16_384, total_tokens: 16_384 },
      },
    };
  },
});

const coded = (data: object, more: object = {}) => ({
  code: 10_000,
  data,
  message: 'Success',
  request_id: 'standin',
  status: 10_000,
  time_elapsed: '8ms',
  ...more,
});

/** One address for all calls; the query says which. */
function visual(world: World): Route[] {
  const isCall =
    (action: string) =>
    ({ query }: WireRequest) =>
      query.Action === action && query.Version === '2022-08-31';
  const Ask = z.strictObject({ req_key: z.string(), task_id: z.string(), req_json: z.string().optional() });
  const isKnown = (body: unknown) =>
    world.jobs.some(({ id, request }) => isVisual(request) && id === parse(Ask, body).task_id);
  return [
    {
      kind: 'submit',
      method: 'POST',
      path: '/',
      when: isCall('CVSync2AsyncSubmitTask'),
      check: ({ body }) => {
        const { req_key: model, callback_url: callbackUrl } = readVisual(body);
        return { model, makes: ['mp4'], callbackUrl };
      },
      answer: (job) => ({ status: 200, body: coded({ task_id: job.id }) }),
    },
    {
      kind: 'other',
      method: 'POST',
      path: '/',
      when: (request) => isCall('CVSync2AsyncGetResult')(request) && !isKnown(request.body),
      answer: () => ({ status: 200, body: coded({ status: 'not_found' }) }),
    },
    {
      kind: 'poll',
      method: 'POST',
      path: '/',
      when: isCall('CVSync2AsyncGetResult'),
      id: ({ body }) => parse(Ask, body).task_id,
      answer: (job, request) =>
        job.failure === undefined
          ? { status: 200, body: coded(resultOf(job)) }
          : refusal(
              job.failure === 'moderation' ? 400 : 500,
              '',
              job.failure === 'moderation' ? 50_511 : 50_500,
            )({ message: 'Post Img Risk Not Pass' }, request),
    },
  ];
}

const resultOf = (job: Job) => ({ status: VISUAL_WORDS[job.state], video_url: job.outputs[0]?.url ?? '' });

/** Volcengine's signature, version 4. */
function isSigned({ method, path, query, headers, rawBody }: WireRequest): boolean {
  const [, key, date = '', names = '', signature] =
    /^HMAC-SHA256 Credential=([^/]+)\/(\d{8})\/cn-north-1\/cv\/request, SignedHeaders=([a-z0-9;-]+), Signature=([0-9a-f]{64})$/.exec(
      headers.authorization ?? '',
    ) ?? [];
  if (key !== ACCESS_KEY || !(headers['x-date'] ?? '').startsWith(date)) return false;
  const digest = createHash('sha256').update(rawBody).digest('hex');
  const lines = names.split(';').map((name) => `${name}:${headers[name] ?? ''}\n`);
  const search = Object.keys(query)
    .sort()
    .map((name) => `${encodeURIComponent(name)}=${encodeURIComponent(query[name] ?? '')}`);
  const canonical = `${method}\n${path}\n${search.join('&')}\n${lines.join('')}\n${names}\n${digest}`;
  const scope = `${date}/cn-north-1/cv/request`;
  let secret: Buffer | string = SECRET_KEY;
  for (const part of scope.split('/')) secret = createHmac('sha256', secret).update(part).digest();
  const text = `HMAC-SHA256\n${headers['x-date']}\n${scope}\n${createHash('sha256').update(canonical).digest('hex')}`;
  return (
    headers['x-content-sha256'] === digest && createHmac('sha256', secret).update(text).digest('hex') === signature
  );
}

export const bytedance: Definition = {
  name: 'bytedance',
  title: 'ByteDance Ark',
  env: (url) => ({
    ARK_BASE_URL: `${url}/api/v3`,
    ARK_API_KEY: KEY,
    VOLC_VISUAL_BASE_URL: url,
    VOLC_ACCESSKEY: ACCESS_KEY,
    VOLC_SECRETKEY: SECRET_KEY,
  }),
  authorize: (request) => (isVisual(request) ? isSigned(request) : bearerOf(request) === KEY),
  refusals: REFUSALS,
  newId: (random) => `cgt-20261122100000-${hex(random, 5)}`,
  words: WORDS,
  links: { lifetimeMs: 24 * 3_600_000 },
  callback: {
    on: 'change',
    make: (job) => ({
      body: isVisual(job.request) ? coded(resultOf(job), { task_id: job.id }) : task(job, WORDS[job.state]),
    }),
  },
  routes: (world) => [...videos(world), pictures(world), ...visual(world)],
};
