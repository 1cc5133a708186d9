import { z } from 'zod';
import { type Definition, type Reason, Refused, type Route, type Said, type World } from '../kit/definition.ts';
import type { Job } from '../kit/jobs.ts';
import type { MediaName } from '../kit/media.ts';
import { uuid } from '../kit/random.ts';
import { base64, parse, webAddress } from '../kit/schema.ts';

// The World API (Marble), edition of November 2026.

const KEY = 'wlt_standin_51c08be7f2d94';
const CREDITS = 1_580;
const MODELS = ['marble-1.0-draft', 'marble-1.0', 'marble-1.1', 'marble-1.1-plus'];
const HOUR_MS = 3_600_000;

const content = z.discriminatedUnion('source', [
  z.strictObject({ source: z.literal('uri'), uri: webAddress() }),
  z.strictObject({ source: z.literal('media_asset'), media_asset_id: z.string().min(1) }),
  z.strictObject({ source: z.literal('data_base64'), data_base64: base64(), extension: z.string().optional() }),
]);
const text = { text_prompt: z.string().min(1).optional(), disable_recaption: z.boolean().optional() };
const MAX_VIEWS = 4;

const WorldBody = z.strictObject({
  display_name: z.string().max(64).optional(),
  model: z.string().optional(),
  seed: z.int().min(0).max(4_294_967_295).optional(),
  tags: z.array(z.string().min(1).max(32)).max(10).optional(),
  permission: z
    .strictObject({
      public: z.boolean().optional(),
      allow_id_access: z.boolean().optional(),
      allowed_readers: z.array(z.string()).optional(),
      allowed_writers: z.array(z.string()).optional(),
    })
    .optional(),
  world_prompt: z.discriminatedUnion('type', [
    z.strictObject({ type: z.literal('text'), ...text, text_prompt: z.string().min(1) }),
    z.strictObject({
      type: z.literal('image'),
      ...text,
      image_prompt: content,
      is_pano: z.enum(['auto', 'true', 'false']).optional(),
    }),
    z
      .strictObject({
        type: z.literal('multi-image'),
        ...text,
        multi_image_prompt: z
          .array(z.strictObject({ azimuth: z.number().optional(), content }))
          .min(1)
          .max(8),
        reconstruct_images: z.boolean().optional(),
      })
      .refine(
        ({ multi_image_prompt: views, reconstruct_images: isBuilt }) => isBuilt === true || views.length <= MAX_VIEWS,
        `at most ${MAX_VIEWS} pictures`,
      ),
    z.strictObject({ type: z.literal('video'), ...text, video_prompt: content }),
  ]),
});

const UploadBody = z.strictObject({
  file_name: z.string().min(1),
  kind: z.enum(['image', 'video']),
  extension: z.string().min(1).max(16).optional(),
  metadata: z.record(z.string(), z.unknown()).optional(),
});

/** What a world is made of, in the order in which this lists it. */
const FILES: readonly MediaName[] = ['glb', 'spz', 'spz', 'spz', 'png', 'webp'];

const sentence =
  (status: number) =>
  ({ message }: Reason): Said => ({ status, body: { detail: message } });
const problem =
  (...loc: string[]) =>
  ({ message, field }: Reason): Said => {
    const place = loc.length > 0 ? loc : (field ?? '').split('.');
    return { status: 422, body: { detail: [{ loc: ['body', ...place], msg: message, type: 'value_error' }] } };
  };

const ERRORS = {
  moderation: { code: 3, message: 'The result was stopped by content moderation.' },
  upstream: { code: 13, message: 'World generation failed.' },
  canceled: { code: 1, message: 'canceled' },
};

function operation(job: Job, state: string) {
  const isOver = job.state === 'done' || job.state === 'failed';
  const at = (ms: number) => new Date(ms).toISOString();
  return {
    operation_id: job.wireId,
    done: isOver,
    error: job.failure === undefined ? null : ERRORS[job.failure],
    metadata: { progress: { status: state, description: 'World generation' }, world_id: `w-${job.id}` },
    response: job.state === 'done' ? world(job) : null,
    ...(job.state === 'done' ? { cost: { credits: CREDITS, line_items: [] } } : {}),
    created_at: at(job.createdAtMs),
    updated_at: at(job.endedAtMs ?? job.startedAtMs ?? job.createdAtMs),
    expires_at: at(job.createdAtMs + HOUR_MS),
  };
}

function world(job: Job) {
  const [mesh, full, half, tenth, pano, thumbnail] = job.outputs.map(({ url }) => url);
  const { display_name: name = null } = job.request.body as { display_name?: string }; // Checked at submit.
  return {
    world_id: `w-${job.id}`,
    display_name: name,
    world_marble_url: `https://marble.worldlabs.ai/world/w-${job.id}`,
    model: job.model,
    assets: {
      caption: 'A quiet place.',
      thumbnail_url: thumbnail ?? null,
      imagery: { pano_url: pano ?? null },
      splats: { spz_urls: full === undefined ? {} : { '100k': tenth, '500k': half, full_res: full } },
      mesh: { collider_mesh_url: mesh ?? null },
    },
  };
}

/** Places for files, and what was put there. */
function uploads(standin: World): Route[] {
  const awaited = new Map<string, string>();
  return [
    {
      kind: 'submit',
      method: 'POST',
      path: '/marble/v1/media-assets::prepare_upload',
      isSynchronous: true,
      check: ({ body }) => {
        parse(UploadBody, body);
        return { model: 'media-assets', makes: ['txt'] };
      },
      answer: (job) => {
        const secret = uuid(standin.random);
        awaited.set(job.id, secret);
        return {
          status: 200,
          body: {
            media_asset: { media_asset_id: job.wireId, ...(job.request.body as object) }, // Checked just now.
            upload_info: {
              upload_url: `${standin.url}/_put/${job.id}`,
              upload_method: 'PUT',
              required_headers: { 'x-upload-secret': secret },
            },
          },
        };
      },
    },
    {
      kind: 'other',
      method: 'PUT',
      path: '/_put/:id',
      isOpen: true,
      answer: ({ params, headers, rawBody }) => {
        const isAwaited = awaited.get(params.id ?? '') === headers['x-upload-secret'];
        if (!isAwaited || rawBody.length === 0) throw new Refused('invalid', { message: 'nothing is awaited here' });
        return { status: 200, body: '' };
      },
    },
  ];
}

export const worldlabs: Definition = {
  name: 'worldlabs',
  title: 'World Labs (Marble)',
  env: (url) => ({ WORLDLABS_BASE_URL: `${url}/marble/v1`, WORLDLABS_API_KEY: KEY }),
  authorize: ({ headers }) => headers['wlt-api-key'] === KEY,
  refusals: {
    auth: sentence(401),
    quota: sentence(402),
    rate: sentence(429),
    busy: sentence(503),
    invalid: problem(),
    media: problem('world_prompt', 'image_prompt'),
    moderation: ({ message }) => sentence(400)({ message: `Content moderation: ${message}` }),
    'model-gone': problem('model'),
    'unknown-job': sentence(404),
  },
  newId: uuid,
  words: { queued: 'PENDING', running: 'IN_PROGRESS', done: 'SUCCEEDED', failed: 'FAILED' },
  links: { lifetimeMs: 24 * HOUR_MS },
  routes: (standin) => [
    {
      kind: 'submit',
      method: 'POST',
      path: '/marble/v1/worlds::generate',
      check: ({ body }) => {
        const { model = 'marble-1.1' } = parse(WorldBody, body);
        if (!MODELS.includes(model)) throw new Refused('model-gone', { message: `no model ${model} here` });
        return { model, makes: FILES };
      },
      answer: (job) => ({ status: 200, body: operation(job, 'PENDING') }),
    },
    {
      kind: 'poll',
      method: 'GET',
      path: '/marble/v1/operations/:id',
      id: ({ params }) => params.id ?? '',
      answer: (job) => ({ status: 200, body: operation(job, standin.wordOf(job)) }),
    },
    ...uploads(standin),
    {
      kind: 'other',
      method: 'GET',
      path: '/marble/v1/credits',
      answer: () => ({ status: 200, body: { credits: 12_500 } }),
    },
  ],
};
