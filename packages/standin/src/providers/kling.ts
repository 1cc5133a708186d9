import { createHmac } from 'node:crypto';
import { z } from 'zod';
import type { Definition, Reason, Route, Said, World } from '../kit/definition.ts';
import type { Job } from '../kit/jobs.ts';
import { digits } from '../kit/random.ts';
import { bearerOf } from '../kit/schema.ts';
import { invalid, KLING_PATHS, type KlingPath, readBody, type Sent, SYNCHRONOUS } from './kling-bodies.ts';

// Kling's API of the older style (`/v1/…`), edition of November 2026.

const KEY = 'kling-standin-4be09d7712';
const ACCESS_KEY = 'AKstandin0123456789';
const SECRET_KEY = 'SKstandin9876543210';
const UNITS = '4';

const ownIdOf = (body: unknown): string | undefined => (body as Sent).external_task_id; // Checked at submit.

const envelope = (data: unknown) => ({ code: 0, message: 'SUCCEED', request_id: 'standin', data });
const refusal =
  (status: number, code: number) =>
  ({ message }: Reason): Said => ({ status, body: { code, message, request_id: 'standin' } });

const MESSAGES = {
  moderation: 'Failure to pass the risk control system',
  upstream: 'The service met an error',
  canceled: 'canceled',
};
const WORDS = { queued: 'submitted', running: 'processing', done: 'succeed', failed: 'failed' };

function resultOf(job: Job): object {
  if (job.request.path === '/v1/general/advanced-custom-elements') {
    // Beyond what a double holds.
    const element_id = 812_345_678_901_234_567n + BigInt(job.order);
    return { elements: job.outputs.map(() => ({ element_id, element_name: 'named' })) };
  }
  const files = job.outputs.map(({ url }, index) => ({
    id: `${job.id}-${index + 1}`,
    url,
    watermark_url: '',
    duration: '5.1',
  }));
  return job.request.path === '/v1/audio/tts' ? { audios: files } : { videos: files };
}

const task = (job: Job, state: string) => ({
  task_id: job.wireId,
  task_status: state,
  task_status_msg: job.failure === undefined ? '' : MESSAGES[job.failure],
  task_info: { external_task_id: ownIdOf(job.request.body) },
  created_at: job.createdAtMs,
  updated_at: job.endedAtMs ?? job.createdAtMs,
  ...(job.state === 'done' ? { task_result: resultOf(job), final_unit_deduction: UNITS } : {}),
});

const REFUSALS = {
  auth: refusal(401, 1002),
  quota: refusal(429, 1101),
  rate: refusal(429, 1303),
  busy: refusal(503, 5001),
  invalid: refusal(400, 1201),
  media: refusal(400, 1201),
  moderation: refusal(400, 1301),
  'model-gone': refusal(404, 1203),
  'unknown-job': refusal(404, 1203),
} satisfies Definition['refusals'];

function answerAtOnce(job: Job): Said {
  if (job.request.path === '/v1/audio/tts') return { status: 200, body: envelope(task(job, WORDS[job.state])) };
  if (job.failure !== undefined) {
    return REFUSALS[job.failure === 'moderation' ? 'moderation' : 'busy']({ message: MESSAGES[job.failure] });
  }
  const faces = job.outputs.map((_, index) => ({
    face_id: String(index),
    face_image: 'https://cdn.example/face.png',
    start_time: 0,
    end_time: 5_200,
  }));
  return { status: 200, body: envelope({ session_id: job.id, face_data: faces }) };
}

const MAKES = {
  '/v1/audio/tts': 'mp3',
  '/v1/videos/identify-face': 'txt',
  '/v1/general/advanced-custom-elements': 'txt',
} as const;

function routesAt(path: KlingPath, world: World): Route[] {
  const isSynchronous = SYNCHRONOUS.includes(path);
  const makes = (MAKES as Readonly<Record<string, 'mp3' | 'txt' | undefined>>)[path] ?? 'mp4';
  const find = (id: string | undefined): string =>
    world.jobs.find(({ id: own, request }) => request.path === path && (own === id || ownIdOf(request.body) === id))
      ?.id ?? '';
  const submit: Route = {
    kind: 'submit',
    method: 'POST',
    path,
    ...(isSynchronous ? { isSynchronous } : {}),
    check: ({ body, rawBody }) => {
      const { model_name, callback_url, external_task_id } = readBody(path, body, rawBody.toString('utf8'));
      if (
        external_task_id !== undefined &&
        world.jobs.some(({ request }) => ownIdOf(request.body) === external_task_id)
      ) {
        throw invalid('external_task_id', 'already exists');
      }
      return { model: model_name ?? path, makes: [makes], callbackUrl: callback_url };
    },
    answer: (job) => (isSynchronous ? answerAtOnce(job) : { status: 200, body: envelope(task(job, 'submitted')) }),
  };
  const poll: Route = {
    kind: 'poll',
    method: 'GET',
    path: `${path}/:id`,
    id: ({ params }) => find(params.id),
    answer: (job) => ({ status: 200, body: envelope(task(job, world.wordOf(job))) }),
  };
  const list: Route = {
    kind: 'other',
    method: 'GET',
    path,
    answer: () => ({
      status: 200,
      body: envelope(
        world.jobs.filter(({ request }) => request.path === path).map((job) => task(job, WORDS[job.state])),
      ),
    }),
  };
  return [submit, poll, list];
}

/** A key, or a token that the pair of keys signed. */
function isKnown(token: string): boolean {
  if (token === KEY) return true;
  const [head = '', claims = '', signature] = token.split('.');
  if (signature !== createHmac('sha256', SECRET_KEY).update(`${head}.${claims}`).digest('base64url')) return false;
  const read: unknown = JSON.parse(Buffer.from(claims, 'base64url').toString('utf8'));
  return z.object({ iss: z.literal(ACCESS_KEY), exp: z.int(), nbf: z.int() }).safeParse(read).success;
}

export const kling: Definition = {
  name: 'kling',
  title: 'Kling AI',
  env: (url) => ({ KLING_BASE_URL: url, KLING_API_KEY: KEY }),
  authorize: (request) => isKnown(bearerOf(request) ?? ''),
  refusals: REFUSALS,
  newId: (random) => digits(random, 18),
  words: WORDS,
  links: { lifetimeMs: 30 * 24 * 3_600_000 },
  callback: { on: 'change', make: (job) => ({ body: task(job, WORDS[job.state]) }) },
  routes: (world) => KLING_PATHS.flatMap((path) => routesAt(path, world)),
};
