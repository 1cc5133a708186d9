import { z } from 'zod';
import { type Definition, type Reason, Refused, type Said, type SubmitRoute, type World } from '../kit/definition.ts';
import type { Job, Output } from '../kit/jobs.ts';
import type { MediaName } from '../kit/media.ts';
import { hex } from '../kit/random.ts';
import { address, bearerOf, parse } from '../kit/schema.ts';

// OpenAI's API, edition of November 2026. Its videos are gone from the vendor's own service; other servers still speak
// that protocol, with models and lengths of their own.

const KEY = 'sk-proj-standin-2Qm8Zr61Vx';
const USAGE = {
  input_tokens: 21,
  output_tokens: 1_056,
  total_tokens: 1_077,
  input_tokens_details: { text_tokens: 21, image_tokens: 0 },
  output_tokens_details: { text_tokens: 0, image_tokens: 1_056 },
};

const IMAGE_MODELS = ['gpt-image-2', 'gpt-image-2-2026-04-21', 'gpt-image-1.5'];
const FIXED_SIZES = ['1024x1024', '1536x1024', '1024x1536', 'auto'];
const VIDEO_MODELS = ['sora-2', 'sora-2-pro'];
const SPEECH_MODELS = ['gpt-4o-mini-tts', 'tts-1', 'tts-1-hd'];

const file = z.object({ fileName: z.string(), mediaType: z.string(), bytes: z.instanceof(Buffer) });
type FormFile = z.infer<typeof file>;
const picture = file.refine(({ mediaType }) => /^image\/(png|jpeg|webp)$/.test(mediaType), 'is no png, jpeg or webp');
const clip = file.refine(({ mediaType }) => mediaType === 'video/mp4', 'is no mp4');
/** In a form every value is a text. */
const whole = z.union([z.int(), z.string().regex(/^\d+$/).transform(Number)]);

const common = {
  model: z.string(),
  prompt: z.string().min(1).max(32_000),
  n: whole.pipe(z.int().min(1).max(10)).optional(),
  size: z.string().optional(),
  quality: z.enum(['low', 'medium', 'high', 'auto']).optional(),
  background: z.enum(['transparent', 'opaque', 'auto']).optional(),
  output_format: z.enum(['png', 'jpeg', 'webp']).optional(),
  output_compression: whole.pipe(z.int().min(0).max(100)).optional(),
  moderation: z.enum(['auto', 'low']).optional(),
  user: z.string().optional(),
};
const Generation = z.strictObject(common);
const fidelity = { input_fidelity: z.enum(['low', 'high']).optional() };
const EditForm = z.strictObject({
  ...common,
  ...fidelity,
  'image[]': z.union([picture, z.array(picture).min(1).max(16)]),
  mask: picture.optional(),
});
const source = z.union([z.strictObject({ image_url: address() }), z.strictObject({ file_id: z.string() })]);
const EditJson = z.strictObject({
  ...common,
  ...fidelity,
  images: z.array(source).min(1).max(16),
  mask: source.optional(),
});
type Images = z.infer<typeof Generation> & { input_fidelity?: string | undefined };

const VideoBody = z.strictObject({
  model: z.string(),
  prompt: z.string().min(1).max(32_000),
  seconds: z
    .string()
    .regex(/^\d{1,2}$/)
    .optional(),
  size: z
    .string()
    .regex(/^\d{3,4}x\d{3,4}$/)
    .optional(),
  input_reference: z.union([picture, source]).optional(),
});
const CharacterBody = z.strictObject({ video: clip, name: z.string().min(1).max(80) });
const SpeechBody = z.strictObject({
  model: z.string(),
  input: z.string().min(1).max(4_096),
  voice: z.union([z.string().min(1), z.strictObject({ id: z.string() })]),
  instructions: z.string().max(4_096).optional(),
  response_format: z.enum(['mp3', 'opus', 'aac', 'flac', 'wav', 'pcm']).optional(),
  speed: z.number().min(0.25).max(4).optional(),
});

const invalid = (field: string, message: string) => new Refused('invalid', { field, message: `${field}: ${message}` });
const known = (model: string, models: readonly string[]): void => {
  if (!models.includes(model)) throw new Refused('model-gone', { message: `The model '${model}' does not exist.` });
};

function checkImages({ model, size = 'auto', background, output_format = 'png', input_fidelity }: Images): void {
  known(model, IMAGE_MODELS);
  const isNew = model.startsWith('gpt-image-2');
  if (!FIXED_SIZES.includes(size) && !(isNew && isFreeSize(size))) throw invalid('size', 'is not supported');
  if (background === 'transparent' && output_format === 'jpeg') throw invalid('background', 'needs png or webp');
  if (isNew && input_fidelity !== undefined) throw invalid('input_fidelity', 'is not supported by this model');
}

function isFreeSize(size: string): boolean {
  const [width = 0, height = 0] = size.split('x').map(Number);
  const aspect = width / height;
  const fits = width % 16 === 0 && height % 16 === 0 && aspect >= 1 / 3 && aspect <= 3;
  return fits && width * height <= 3_840 * 2_160 && Math.max(width, height) <= 3_840;
}

const refusal =
  (status: number, type: string, code: string | null) =>
  ({ message, field }: Reason): Said => ({
    status,
    headers: { 'x-request-id': 'req_standin' },
    body: { error: { message, type, param: field ?? null, code } },
  });
const REFUSALS = {
  auth: refusal(401, 'invalid_request_error', 'invalid_api_key'),
  quota: refusal(429, 'insufficient_quota', 'insufficient_quota'),
  rate: refusal(429, 'requests', 'rate_limit_exceeded'),
  busy: refusal(503, 'server_error', null),
  invalid: refusal(400, 'invalid_request_error', 'invalid_value'),
  media: refusal(400, 'invalid_request_error', 'invalid_image_file'),
  moderation: refusal(400, 'image_generation_user_error', 'moderation_blocked'),
  'model-gone': refusal(404, 'invalid_request_error', 'model_not_found'),
  'unknown-job': refusal(404, 'invalid_request_error', null),
};

const formats: Readonly<Record<string, MediaName>> = { png: 'png', jpeg: 'jpg', webp: 'webp' };

const images = (path: string, { nowMs }: World, read: (body: unknown) => Images): SubmitRoute => ({
  kind: 'submit',
  method: 'POST',
  path,
  isSynchronous: true,
  check: ({ body }) => {
    const wanted = read(body);
    checkImages(wanted);
    const format = formats[wanted.output_format ?? 'png'] ?? 'png';
    return { model: wanted.model, makes: Array.from({ length: wanted.n ?? 1 }, () => format) };
  },
  answer: (job) => {
    if (job.failure === 'moderation') {
      return REFUSALS.moderation({ message: 'Rejected by the safety system. safety_violations=[violence].' });
    }
    if (job.failure !== undefined) return REFUSALS.busy({ message: 'The server had an error.' });
    return {
      status: 200,
      headers: { 'x-request-id': 'req_standin' },
      body: {
        created: Math.floor(nowMs() / 1_000),
        background: 'opaque',
        output_format: 'png',
        data: job.outputs.map(({ bytes }) => ({ b64_json: bytes.toString('base64') })),
        usage: USAGE,
      },
    };
  },
});

const seconds = (ms: number | undefined): number | null => (ms === undefined ? null : Math.floor(ms / 1_000));

function videos(world: World): Definition['routes'] extends (world: World) => infer R ? R : never {
  const view = (job: Job) => {
    const sent = job.request.body as { prompt: string; seconds?: string; size?: string }; // Checked at submit.
    return {
      id: job.wireId,
      object: 'video',
      model: job.model,
      status: world.wordOf(job),
      progress: Math.round(job.fraction * 100),
      created_at: seconds(job.createdAtMs),
      completed_at: job.state === 'done' ? seconds(job.endedAtMs) : null,
      expires_at: job.state === 'done' ? (seconds(job.endedAtMs) ?? 0) + 3_600 : null,
      prompt: sent.prompt,
      size: sent.size ?? '720x1280',
      seconds: sent.seconds ?? '4',
      remixed_from_video_id: null,
      error: errorOf(job),
    };
  };
  const id = ({ params }: { params: Readonly<Record<string, string>> }) => params.id ?? '';
  return [
    {
      kind: 'submit',
      method: 'POST',
      path: '/v1/videos',
      check: ({ body }) => {
        const { model } = parse(VideoBody, body);
        known(model, VIDEO_MODELS);
        return { model, makes: ['mp4'] };
      },
      answer: (job) => ({ status: 200, body: view(job) }),
    },
    { kind: 'poll', method: 'GET', path: '/v1/videos/:id', id, answer: (job) => ({ status: 200, body: view(job) }) },
    { kind: 'poll', method: 'GET', path: '/v1/videos/:id/content', id, answer: content },
    {
      kind: 'cancel',
      method: 'DELETE',
      path: '/v1/videos/:id',
      id,
      from: [],
      answer: (job) =>
        job.state === 'done' || job.state === 'failed'
          ? { status: 200, body: { id: job.wireId, object: 'video.deleted', deleted: true } }
          : REFUSALS.invalid({ message: 'The video is not finished.' }),
    },
  ];
}

const errorOf = ({ failure }: Job) =>
  failure === undefined
    ? null
    : failure === 'moderation'
      ? { code: 'moderation_blocked', message: 'The result breaks the rules.' }
      : { code: 'internal_error', message: 'The video could not be made.' };

const content = ({ outputs: [first] }: Job): Said =>
  first === undefined ? REFUSALS.invalid({ message: 'The video is not ready.' }) : { file: first satisfies Output };

const character: SubmitRoute = {
  kind: 'submit',
  method: 'POST',
  path: '/v1/videos/characters',
  isSynchronous: true,
  check: ({ body }) => {
    parse(CharacterBody, body);
    return { model: 'sora-2', makes: ['txt'] };
  },
  answer: (job) => ({
    status: 200,
    body: {
      id: job.wireId,
      name: (job.request.body as { name: string; video: FormFile }).name, // Checked just now.
      created_at: seconds(job.createdAtMs),
    },
  }),
};

const speech: SubmitRoute = {
  kind: 'submit',
  method: 'POST',
  path: '/v1/audio/speech',
  isSynchronous: true,
  check: ({ body }) => {
    const { model, instructions } = parse(SpeechBody, body);
    known(model, SPEECH_MODELS);
    if (instructions !== undefined && model.startsWith('tts-1')) throw invalid('instructions', 'is not supported');
    return { model, makes: ['mp3'] };
  },
  answer: ({ outputs: [first], failure }) =>
    failure !== undefined || first === undefined
      ? REFUSALS.busy({ message: 'The server had an error.' })
      : { status: 200, headers: { 'content-type': first.mediaType }, bytes: first.bytes },
};

export const openai: Definition = {
  name: 'openai',
  title: 'OpenAI',
  env: (url) => ({ OPENAI_BASE_URL: `${url}/v1`, OPENAI_API_KEY: KEY }),
  authorize: (request) => bearerOf(request) === KEY,
  refusals: REFUSALS,
  newId: (random) => `video_${hex(random, 24)}`,
  words: { queued: 'queued', running: 'in_progress', done: 'completed', failed: 'failed' },
  links: { lifetimeMs: 3_600_000, needCredentials: true },
  routes: (world) => [
    images('/v1/images/generations', world, (body) => parse(Generation, body)),
    images('/v1/images/edits', world, (body) =>
      typeof body === 'object' && body !== null && 'image[]' in body ? parse(EditForm, body) : parse(EditJson, body),
    ),
    speech,
    character,
    ...videos(world),
    {
      kind: 'other',
      method: 'GET',
      path: '/v1/models',
      answer: () => ({
        status: 200,
        body: {
          object: 'list',
          data: [...IMAGE_MODELS, ...SPEECH_MODELS].map((id) => ({
            id,
            object: 'model',
            created: 1_776_000_000,
            owned_by: 'openai',
            shutdown_date: id === 'gpt-image-1.5' ? '2026-12-01' : null,
          })),
        },
      }),
    },
  ],
};
