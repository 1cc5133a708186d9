import type { Definition, Reason, Route, Said, WireRequest, World } from '../kit/definition.ts';
import { Refused } from '../kit/definition.ts';
import type { Job } from '../kit/jobs.ts';
import { uuid } from '../kit/random.ts';
import { bearerOf, parse } from '../kit/schema.ts';
import { CHAT, invalid, readService, SERVICES, type Service } from './alibaba-bodies.ts';

// DashScope (Model Studio), edition of November 2026.

const KEY = 'sk-standin-d41d8cd98f00b204';
const CHAT_PATH = '/compatible-mode/v1/chat/completions';

/** The chat part says no in the form of OpenAI. */
const refusal =
  (status: number, code: string) =>
  ({ message }: Reason, { path }: WireRequest): Said =>
    path === CHAT_PATH
      ? { status, body: { error: { code, message, type: 'error', param: null }, request_id: 'standin' } }
      : { status, body: { code, message, request_id: 'standin' } };

const REFUSALS = {
  auth: refusal(401, 'InvalidApiKey'),
  quota: refusal(400, 'Arrearage'),
  rate: refusal(429, 'Throttling.RateQuota'),
  busy: refusal(503, 'ServiceUnavailable'),
  invalid: refusal(400, 'InvalidParameter'),
  media: refusal(400, 'InvalidFile.Format'),
  moderation: refusal(400, 'DataInspectionFailed'),
  'model-gone': refusal(404, 'ModelNotFound'),
  // A task that is not known has a state of its own.
  'unknown-job': (_reason: Reason, { params }: WireRequest): Said => ({
    status: 200,
    body: { request_id: 'standin', output: { task_id: params.id, task_status: 'UNKNOWN' } },
  }),
};

const WORDS = { queued: 'PENDING', running: 'RUNNING', done: 'SUCCEEDED', failed: 'FAILED' };
const TROUBLE = {
  moderation: { code: 'DataInspectionFailed', message: 'Green net check failed' },
  upstream: { code: 'InternalError', message: 'The service met an error.' },
};

/** As their texts are: without a zone. */
const moment = (ms: number): string => new Date(ms).toISOString().replace('T', ' ').slice(0, -1);

function task(job: Job, state: string): object {
  const { failure, outputs } = job;
  const isVideo = job.request.path.endsWith('/video-synthesis');
  const urls = outputs.map(({ url }) => ({ url, orig_prompt: 'as asked' }));
  const result = isVideo ? (outputs[0] === undefined ? {} : { video_url: outputs[0].url }) : { results: urls };
  return {
    request_id: 'standin',
    output: {
      task_id: job.wireId,
      task_status: failure === 'canceled' ? 'CANCELED' : state,
      submit_time: moment(job.createdAtMs),
      ...(job.state === 'done' ? { end_time: moment(job.endedAtMs ?? job.createdAtMs), ...result } : {}),
      ...(failure === undefined || failure === 'canceled' ? {} : TROUBLE[failure]),
    },
    ...(job.state === 'done'
      ? { usage: isVideo ? { duration: 5, video_count: 1, SR: 720 } : { image_count: outputs.length } }
      : {}),
  };
}

/** A synchronous answer: each picture a choice of its own. */
function pictures(job: Job): Said {
  // As was seen: status 200, and a word of trouble.
  if (job.failure !== undefined)
    return {
      status: 200,
      body: { ...TROUBLE[job.failure === 'moderation' ? 'moderation' : 'upstream'], request_id: 'standin' },
    };
  const choices = job.outputs.map(({ url }) => ({
    finish_reason: 'stop',
    message: { role: 'assistant', content: [{ image: url }] },
  }));
  const { length: image_count } = job.outputs;
  return {
    status: 200,
    body: { output: { choices }, usage: { image_count, width: 1_024, height: 1_024 }, request_id: 'standin' },
  };
}

function answerChat(job: Job, request: WireRequest): Said {
  if (job.failure !== undefined)
    return REFUSALS[job.failure === 'moderation' ? 'moderation' : 'busy']({ message: 'no' }, request);
  const content = job.outputs.map(({ bytes }) => bytes.toString('utf8').trim()).join('');
  return {
    status: 200,
    body: {
      id: job.wireId,
      object: 'chat.completion',
      model: job.model,
      choices: [{ index: 0, finish_reason: 'stop', message: { role: 'assistant', content } }],
      usage: { prompt_tokens: 20, completion_tokens: 8, total_tokens: 28 },
    },
  };
}

function submits(service: Service): Route {
  const isSynchronous = service === 'multimodal-generation/generation';
  return {
    kind: 'submit',
    method: 'POST',
    path: `/api/v1/services/aigc/${service}`,
    ...(isSynchronous ? { isSynchronous } : {}),
    check: ({ body, headers }) => {
      if (!isSynchronous && headers['x-dashscope-async'] !== 'enable') {
        throw new Refused('invalid', { message: 'current user api does not support synchronous calls' });
      }
      return readService(service, body);
    },
    answer: (job) =>
      isSynchronous
        ? pictures(job)
        : { status: 200, body: { output: { task_status: 'PENDING', task_id: job.wireId }, request_id: 'standin' } },
  };
}

const chat: Route = {
  kind: 'submit',
  method: 'POST',
  path: CHAT_PATH,
  isSynchronous: true,
  check: ({ body }) => {
    const { model } = parse(CHAT, body);
    if (!/^qwen/.test(model))
      throw new Refused('model-gone', { field: 'model', message: `Model ${model} does not exist.` });
    return { model, makes: ['txt'] };
  },
  answer: answerChat,
};

const tasks = (world: World): Route[] => [
  {
    kind: 'poll',
    method: 'GET',
    path: '/api/v1/tasks/:id',
    id: ({ params }) => params.id ?? '',
    answer: (job) => ({ status: 200, body: task(job, world.wordOf(job)) }),
  },
  {
    kind: 'cancel',
    method: 'POST',
    path: '/api/v1/tasks/:id/cancel',
    id: ({ params }) => params.id ?? '',
    from: ['queued'],
    answer: (_job, outcome, request) =>
      outcome === 'canceled'
        ? { status: 200, body: { request_id: 'standin' } }
        : refusal(400, 'UnsupportedOperation')({ message: 'Failed to cancel the task.' }, request),
  },
  {
    kind: 'other',
    method: 'GET',
    path: '/api/v1/tasks/',
    answer: ({ query }) => {
      const size = Number(query.page_size ?? 10);
      if (!(size >= 1 && size <= 100)) throw invalid('page_size', 'not offered');
      const data = world.jobs.slice(0, size).map((job) => ({ task_id: job.wireId, status: WORDS[job.state] }));
      return {
        status: 200,
        body: { total: world.jobs.length, data, page_no: 1, page_size: size, request_id: 'standin' },
      };
    },
  },
];

export const alibaba: Definition = {
  name: 'alibaba',
  title: 'Alibaba Model Studio',
  env: (url) => ({ DASHSCOPE_BASE_URL: url, DASHSCOPE_API_KEY: KEY }),
  authorize: (request) => bearerOf(request) === KEY,
  refusals: REFUSALS,
  newId: uuid,
  words: WORDS,
  links: { lifetimeMs: 24 * 3_600_000 },
  routes: (world) => [...(Object.keys(SERVICES) as Service[]).map(submits), chat, ...tasks(world)],
};
