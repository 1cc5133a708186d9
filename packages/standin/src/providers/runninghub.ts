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
import type { MediaName } from '../kit/media.ts';
import { digits } from '../kit/random.ts';
import { bearerOf, parse } from '../kit/schema.ts';

// The RunningHub OpenAPI. It has some three hundred models, whose parameters the stand-in does not know: it checks what
// all of them share.

const KEY = '5f2c9a71e0b84d36a1c7e9420d8b6f53';
const CLIENT_ID = '0e8b5a1fd3c94f6f9c3d2b7a6e5f4c10';
const TIPS = '{"result": true, "error": null, "outputs_to_execute": ["1"], "node_errors": {}}';
const MAX_INLINED_CHARS = 7_000_000;
/** First segments that are the platform's own. */
const RESERVED = ['query', 'run', 'media', 'price-preview', 'queue', 'api-key', 'resource', 'aiapp', 'assets'];

const scalar = z.union([z.string(), z.number(), z.boolean()]);
const item = z.record(z.string(), scalar);
const Body = z.record(z.string(), z.union([scalar, item, z.array(z.union([scalar, item]))]));
const Named = z.object({ taskId: z.union([z.string(), z.number()]).transform(String) });
const Upload = z.object({
  file: z.object({ fileName: z.string(), mediaType: z.string(), bytes: z.instanceof(Buffer) }),
});

/** By the last part of a path. */
const RESULTS: readonly (readonly [RegExp, readonly MediaName[]])[] = [
  [/text-to-text|image-to-text|video-to-text|chat|elements|identify|character|upload|lyrics/, ['txt']],
  [/3d|world/, ['glb']],
  [/audio|speech|music|voice|tts|suno/, ['mp3']],
  [/imagine/, ['png', 'png', 'png', 'png']],
  [/image$|edit(-ultra|-\[Deprecated\])?$|upscale|ultra|seedream|z-image|flux/, ['png']],
];
const makesOf = (path: string): readonly MediaName[] =>
  RESULTS.find(([pattern]) => pattern.test(path) && !/to-video|video-/.test(path))?.[1] ?? ['mp4'];

const flat =
  (errorCode: string, status = 200) =>
  ({ message }: Reason): Said => ({
    status,
    body: { taskId: '', status: '', errorCode, errorMessage: message, results: null },
  });
const REFUSALS = {
  auth: flat('1002'),
  quota: flat('416'),
  rate: flat('1003', 429),
  busy: flat('1011'),
  invalid: flat('1007'),
  media: flat('1013'),
  moderation: flat('1501'),
  'model-gone': flat('1001'),
  'unknown-job': flat('1004'),
};
/** The older calls. */
const legacy = (code: number, msg: string, data: unknown = null): Said => ({
  status: 200,
  body: { code, msg, errorMessages: null, data },
});

const ERRORS = {
  moderation: ['1501', 'The result was refused by moderation | 内容审核未通过'],
  upstream: ['1000', 'unknown error'],
  canceled: ['805', 'The task was cancelled | 任务已取消'],
} as const;

const isOver = ({ state }: Job) => state === 'done' || state === 'failed';
const taskView = (job: Job, status: string) => {
  const [errorCode, errorMessage] = job.failure === undefined ? ['', ''] : ERRORS[job.failure];
  return {
    taskId: job.wireId,
    status,
    errorCode,
    errorMessage,
    results: job.state === 'done' ? job.outputs.map(toResult) : null,
    clientId: CLIENT_ID,
    promptTips: TIPS,
    failedReason: null,
    usage: isOver(job)
      ? { thirdPartyConsumeMoney: '1.25', consumeMoney: null, consumeCoins: null, taskCostTime: '0' }
      : null,
  };
};
const toResult = ({ kind, bytes, url, extension }: Job['outputs'][number]) => ({
  url: kind === 'text' ? null : url,
  nodeId: null,
  outputType: extension,
  text: kind === 'text' ? bytes.toString('utf8').trim() : null,
});

const submit: SubmitRoute = {
  kind: 'submit',
  method: 'POST',
  path: '/openapi/v2/*',
  when: ({ params }) => !RESERVED.includes(params['*']?.split('/', 1)[0] ?? ''),
  check: ({ params, body }) => {
    const model = params['*'] ?? '';
    const sent = parse(Body, body);
    const texts = Object.values(sent)
      .flat()
      .filter((value) => typeof value === 'string');
    if (texts.some((text) => text.startsWith('asset://'))) throw unusable('there is no such asset');
    if (texts.some((text) => text.startsWith('data:') && text.length > MAX_INLINED_CHARS)) throw unusable('too large');
    const callbackUrl = typeof sent.webhookUrl === 'string' ? sent.webhookUrl : undefined;
    return { model, makes: makesOf(model), callbackUrl };
  },
  answer: (job) => {
    const { failedReason: _, usage: __, ...view } = taskView(job, 'QUEUED');
    return { status: 200, body: view };
  },
};
const unusable = (message: string) => new Refused('media', { message });

const nameOf = ({ body }: WireRequest): string => parse(Named, body).taskId;

export const runninghub: Definition = {
  name: 'runninghub',
  title: 'RunningHub',
  env: (url) => ({ RUNNINGHUB_BASE_URL: url, RUNNINGHUB_API_KEY: KEY }),
  authorize: (request) => bearerOf(request) === KEY,
  refusals: REFUSALS,
  newId: (random) => digits(random, 19),
  words: { queued: 'QUEUED', running: 'RUNNING', done: 'SUCCESS', failed: 'FAILED' },
  links: { lifetimeMs: 24 * 3_600_000 },
  callback: {
    on: 'end',
    make: (job) => ({
      body: {
        event: 'TASK_END',
        taskId: job.id,
        eventData: taskView(job, job.failure === undefined ? 'SUCCESS' : 'FAILED'),
      },
    }),
  },
  routes: (world) => [
    submit,
    {
      kind: 'poll',
      method: 'POST',
      path: '/openapi/v2/query',
      id: nameOf,
      answer: (job) => ({ status: 200, body: taskView(job, world.wordOf(job)) }),
    },
    {
      kind: 'cancel',
      method: 'POST',
      path: '/task/openapi/cancel',
      id: nameOf,
      answer: (_job, outcome) =>
        outcome === 'canceled' ? legacy(0, 'success') : legacy(817, 'APIKEY_TASK_CANCEL_NOT_ALLOWED'),
    },
    {
      kind: 'other',
      method: 'POST',
      path: '/openapi/v2/media/upload/binary',
      answer: ({ body }) => {
        const { file } = parse(Upload, body);
        const extension = file.fileName.split('.').at(-1) ?? 'bin';
        const fileName = `openapi/${'0'.repeat(64)}.${extension}`;
        const download_url = world.keep({ bytes: file.bytes, mediaType: file.mediaType, extension });
        const type = file.mediaType.split('/', 1)[0];
        const data = { type, download_url, fileName, filename: fileName, size: String(file.bytes.length) };
        return { status: 200, body: { code: 0, message: 'success', msg: 'success', data } };
      },
    },
    {
      kind: 'other',
      method: 'POST',
      path: '/uc/openapi/accountStatus',
      isOpen: true,
      answer: (request) =>
        bearerOf(request) === KEY
          ? legacy(0, 'success', { remainCoins: '0', remainMoney: '100', currency: 'CNY', currentTaskCounts: '0' })
          : legacy(802, 'APIKEY_UNAUTHORIZED'),
    },
  ],
};
