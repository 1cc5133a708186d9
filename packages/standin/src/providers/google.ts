import { z } from 'zod';
import {
  type Definition,
  type OtherRoute,
  type Reason,
  Refused,
  type Said,
  type SubmitRoute,
  type WireRequest,
  type World,
} from '../kit/definition.ts';
import type { Job } from '../kit/jobs.ts';
import { hex } from '../kit/random.ts';
import { base64, parse } from '../kit/schema.ts';
import { ContentBody, contentAnswer, googleRefusal, makesOf, RUNNING, VeoBody, veoError } from './google-shapes.ts';

// The Gemini API, edition of November 2026.

const KEY = 'AIzaStandin4t7Qm2Xv9Kd1Rb6';
const IMAGE_MODELS = [
  'gemini-3-pro-image',
  'gemini-3.1-flash-image',
  'gemini-3.1-flash-lite-image',
  'gemini-2.5-flash-image',
];
const TEXT_MODELS = ['gemini-2.5-flash', 'gemini-2.5-pro', 'gemini-3-flash-preview', 'gemini-3.1-pro-preview'];
const VEO_MODELS = ['veo-3.1-generate-preview', 'veo-3.1-fast-generate-preview', 'veo-3.1-lite-generate-preview'];

const known = (model: string, models: readonly string[]): void => {
  if (!models.includes(model)) throw new Refused('model-gone', { message: 'This model is no longer available.' });
};
/** `model:method`, the last part of a path. */
const callOf = ({ params }: WireRequest) => {
  const [model = '', method = ''] = (params.call ?? '').split(':');
  return { model, method };
};
const calls = (method: string) => (request: WireRequest) => callOf(request).method === method;

const generate: SubmitRoute = {
  kind: 'submit',
  method: 'POST',
  path: '/v1beta/models/:call',
  when: calls('generateContent'),
  isSynchronous: true,
  check: (request) => {
    const { model } = callOf(request);
    known(model, [...IMAGE_MODELS, ...TEXT_MODELS]);
    const body = parse(ContentBody, request.body);
    return { model, makes: makesOf(model, body) };
  },
  answer: contentAnswer,
};

const predict: SubmitRoute = {
  kind: 'submit',
  method: 'POST',
  path: '/v1beta/models/:call',
  when: calls('predictLongRunning'),
  check: (request) => {
    const { model } = callOf(request);
    known(model, VEO_MODELS);
    const { parameters, instances } = parse(VeoBody, request.body);
    const invalid = (field: string, message: string) =>
      new Refused('invalid', { field, message: `${field}: ${message}` });
    if (parameters.generateAudio !== undefined) throw invalid('generateAudio', 'is not supported');
    const isLong = (parameters.durationSeconds ?? 8) === 8;
    if ((parameters.resolution ?? '720p') !== '720p' && !isLong) throw invalid('resolution', 'needs 8 seconds');
    if (instances[0]?.video !== undefined) throw invalid('video', 'was not made here');
    return { model, makes: ['mp4'] };
  },
  answer: (job) => ({ status: 200, body: { name: `models/${job.model}/operations/${job.id}` } }),
};

const block = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('text'), text: z.string().min(1) }),
  z.strictObject({ type: z.literal('image'), data: base64(), mime_type: z.string().startsWith('image/') }),
  z.strictObject({ type: z.literal('video'), data: base64(), mime_type: z.string().startsWith('video/') }),
]);
const InteractionBody = z.strictObject({
  model: z.literal('gemini-omni-1.1-flash'),
  input: z.union([z.string(), z.array(block).min(1)]),
  background: z.literal(true),
  response_format: z.strictObject({
    type: z.literal('video'),
    aspect_ratio: z.enum(['16:9', '9:16']).optional(),
    resolution: z.enum(['360p', '720p', '1080p', '4k']).optional(),
    duration: z
      .string()
      .regex(/^([3-9]|10)s$/)
      .optional(),
    delivery: z.enum(['inline', 'uri']).optional(),
  }),
  generation_config: z
    .strictObject({
      video_config: z.strictObject({
        task: z.enum(['text_to_video', 'image_to_video', 'reference_to_video', 'edit', 'extend']),
      }),
    })
    .optional(),
});

function interaction(job: Job, status: string) {
  const content = job.outputs.map(({ url, mediaType }) => ({ type: 'video', mime_type: mediaType, uri: url }));
  const steps = [
    { type: 'user_input', content: [{ type: 'text', text: 'as it was sent' }] },
    ...(job.state === 'done' ? [{ type: 'model_output', content }] : []),
  ];
  const message =
    job.failure === 'moderation' ? 'The output violates the safety policy.' : 'The clip could not be made.';
  return {
    id: job.id,
    model: job.model,
    status: job.failure === 'canceled' ? 'cancelled' : status,
    created: new Date(job.createdAtMs).toISOString(),
    ...(job.state === 'done' ? { steps, usage: { total_input_tokens: 10, total_output_tokens: 5_000 } } : {}),
    ...(job.failure === undefined || job.failure === 'canceled' ? {} : { errors: [{ code: job.failure, message }] }),
  };
}

const interact: SubmitRoute = {
  kind: 'submit',
  method: 'POST',
  path: '/v1beta/interactions',
  check: ({ body }) => ({ model: parse(InteractionBody, body).model, makes: ['mp4'] }),
  answer: (job) => ({ status: 200, body: interaction(job, 'in_progress') }),
};

const id = ({ params }: WireRequest): string => params.id ?? '';

function veoOperation(job: Job): Said {
  const name = `models/${job.model}/operations/${job.id}`;
  if (job.state === 'queued' || job.state === 'running') return { status: 200, body: { name } };
  if (job.failure === 'upstream') return { status: 200, body: { name, done: true, error: veoError } };
  const generatedSamples = job.outputs.map(({ url, mediaType }) => ({ video: { uri: url, encoding: mediaType } }));
  const filtered = { raiMediaFilteredCount: 1, raiMediaFilteredReasons: ['Blocked. Support code: 29310472'] };
  const generateVideoResponse = job.failure === 'moderation' ? filtered : { generatedSamples };
  return { status: 200, body: { name, done: true, response: { generateVideoResponse } } };
}

/** Files in two steps: where to, then the bytes. */
function fileRoutes(world: World): OtherRoute[] {
  const files = new Map<string, object>();
  return [
    {
      kind: 'other',
      method: 'POST',
      path: '/upload/v1beta/files',
      answer: ({ headers, query, rawBody }) => {
        if (headers['x-goog-upload-command'] === 'start') {
          const target = `${world.url}/upload/v1beta/files?upload_id=${hex(world.random, 12)}`;
          return { status: 200, headers: { 'x-goog-upload-url': target }, body: {} };
        }
        const name = `files/${query.upload_id}`;
        const file = {
          name,
          uri: `${world.url}/v1beta/${name}`,
          mimeType: headers['content-type'],
          sizeBytes: String(rawBody.length),
          state: 'ACTIVE',
        };
        files.set(name, file);
        return { status: 200, body: { file } };
      },
    },
    ...(['GET', 'DELETE'] as const).map(
      (method): OtherRoute => ({
        kind: 'other',
        method,
        path: '/v1beta/files/:file',
        answer: ({ params }) => {
          const name = `files/${params.file}`;
          const file = files.get(name);
          if (file === undefined) throw new Refused('unknown-job', { message: 'There is no such file.' });
          if (method === 'DELETE') files.delete(name);
          return { status: 200, body: method === 'DELETE' ? {} : file };
        },
      }),
    ),
  ];
}

const REFUSALS: Definition['refusals'] = {
  ...googleRefusal,
  auth: ({ message }: Reason) => ({
    status: 400,
    body: { error: { code: 400, message: `API key not valid. ${message}`, status: 'INVALID_ARGUMENT' } },
  }),
};

export const google: Definition = {
  name: 'google',
  title: 'Google Gemini API',
  env: (url) => ({ GEMINI_BASE_URL: `${url}/v1beta`, GEMINI_API_KEY: KEY }),
  authorize: ({ headers }) => headers['x-goog-api-key'] === KEY,
  refusals: REFUSALS,
  newId: (random) => hex(random, 20),
  words: { queued: 'queued', running: RUNNING, done: 'completed', failed: 'failed' },
  links: { lifetimeMs: 48 * 3_600_000, needCredentials: true },
  routes: (world) => [
    generate,
    predict,
    { kind: 'poll', method: 'GET', path: '/v1beta/models/:model/operations/:id', id, answer: veoOperation },
    interact,
    {
      kind: 'poll',
      method: 'GET',
      path: '/v1beta/interactions/:id',
      id,
      answer: (job) => ({ status: 200, body: interaction(job, world.wordOf(job)) }),
    },
    {
      kind: 'cancel',
      method: 'POST',
      path: '/v1beta/interactions/:id/cancel',
      id,
      answer: (job, outcome) => ({
        status: 200,
        body: interaction(job, outcome === 'canceled' ? 'cancelled' : 'completed'),
      }),
    },
    ...fileRoutes(world),
    {
      kind: 'other',
      method: 'GET',
      path: '/v1beta/models',
      answer: () => ({
        status: 200,
        body: {
          models: [...TEXT_MODELS, ...IMAGE_MODELS].map((name) => ({
            name: `models/${name}`,
            supportedGenerationMethods: ['generateContent'],
          })),
        },
      }),
    },
  ],
};
