import { z } from 'zod';
import { type Definition, type Reason, Refused, type Route, type Said, type World } from '../kit/definition.ts';
import type { Job } from '../kit/jobs.ts';
import { hex, uuid } from '../kit/random.ts';
import { parse, webAddress } from '../kit/schema.ts';

// Higgsfield's API: the queue of requests, and the sets of jobs of the first version. Editions of November 2026.

const KEY_ID = '7c1e4a90-standin';
const KEY_SECRET = 'hfs_standin_2f8b6d04e7a1';

const image = z.strictObject({ type: z.literal('image_url'), image_url: webAddress().max(2_083) });
const seed = z.int().min(1).max(1_000_000).optional();
const prompt = z.string().min(1);
const Clip = z.strictObject({ prompt, image_url: webAddress() });
const Dop = z.strictObject({
  model: z.enum(['dop-lite', 'dop-turbo', 'dop-preview']),
  prompt,
  input_images: z.array(image).length(1),
  input_images_end: z.array(image).max(1).optional(),
  motions: z
    .array(z.strictObject({ id: z.uuid(), strength: z.number().min(0).max(1) }))
    .max(2)
    .optional(),
  enhance_prompt: z.boolean().optional(),
  seed,
});
// biome-ignore format: a list
const SIZES = ['1152x2048', '2048x1152', '2048x1536', '1536x2048', '1344x2016', '2016x1344', '960x1696', '1536x1536', '1536x1152', '1696x960', '1152x1536', '1088x1632', '1632x1088'] as const;
const Soul = z.strictObject({
  prompt,
  width_and_height: z.enum(SIZES),
  quality: z.enum(['720p', '1080p']),
  batch_size: z.literal([1, 4]),
  style_id: z.uuid().optional(),
  style_strength: z.number().min(0).max(1).optional(),
  custom_reference_id: z.uuid().optional(),
  custom_reference_strength: z.number().min(0).max(1).optional(),
  image_reference: image.optional(),
  enhance_prompt: z.boolean().optional(),
  seed,
});
const inParams = <T extends z.ZodType>(params: T) =>
  z.strictObject({ params, webhook: z.strictObject({ url: webAddress(), secret: z.string() }).optional() });

/** Names as its users know them, one of them with a space at its end. The ids are made up. */
const STYLES = [
  ...['Creatures', 'Medieval', 'Spotlight', 'Giant People', 'Red balloon', 'green editorial', 'Subway', 'Library'],
  ...['Realistic', 'DigitalCam', 'Grillz Selfie', 'Bleached Brows', 'Sitting on the Street', 'Crossing the street '],
  ...['Angel Wings', 'Duplicate', 'Quiet luxury', 'Fireproof', 'Elevator Mirror', '360 cam', 'Glitch', 'FashionShow'],
  ...['PixeletedFace', 'Sunbathing', 'Paper Face', '90s Grain', 'Geominimal', 'Foggy Morning', 'Overexposed'],
  ...['Sunset beach', 'Giant Accessory', 'RingSelfie', 'Street view', "90's Editorial", 'Rhyme & blues', '2000s Cam'],
  ...['CCTV', '0.5 Outfit', 'Amalfi Summer', 'Bimbocore', '0.5 Selfie', 'Sand', 'Vintage PhotoBooth'],
  ...['afterparty cam', 'Babydoll MakeUp', 'Through The Glass', 'Gallery', 'Eating Food', 'Swords Hill'],
  ...['Office beach', "Help It's Too Big", 'Japandi', 'iPhone', 'Gorpcore', 'Indie sleaze', 'Fairycore', 'Tumblr'],
  ...['Avant-garde', 'HairClips', 'birthday mess', 'Clouded Dream', 'Y2K Posters', 'tokyo drift', 'Object Makeup'],
  ...['Graffiti', 'Sunburnt', 'hallway noir', '2000s Fashion', 'Night Beach', 'Movie', 'Long legs', '7"', 'General'],
  ...['Nail Check', 'Coquette core', 'Mixed Media', 'Selfcare', 'Grunge', 'Double take', '505room', 'Flight mode'],
  ...['Escalator', 'burgundy suit', 'Fisheye', 'Shoe Check', 'Rainy Day', 'Mt. Fuji', 'Sea breeze', 'Invertethereal'],
  ...['Y2K', 'Tokyo Streetstyle', 'chrome exit', 'Night rider', 'Artwork', 'Glazed doll skin makeup', 'mount view'],
  ...['2049', 'blackout fit', 'Bike mafia', 'static glow', 'Nicotine glow', 'brick shade', 'dmv', 'Fish-eye twin'],
  ...["It's french", 'cocktail'],
].map((name, index) => ({
  id: `464ea177-8d40-4940-8d9d-${String(index).padStart(12, '0')}`,
  name,
  description: '',
  preview_url: '',
}));

const refusal =
  (status: number, say = (message: string) => message) =>
  ({ message }: Reason): Said => ({ status, body: { detail: say(message) } });

const WORDS = { queued: 'queued', running: 'in_progress', done: 'completed', failed: 'failed' };
const wordFor = (job: Job, word: string): string =>
  job.failure === 'moderation' ? 'nsfw' : job.failure === 'canceled' ? 'canceled' : word;

function request(job: Job, word: string, url: string): object {
  const [file] = job.outputs;
  return {
    status: wordFor(job, word),
    request_id: job.wireId,
    status_url: `${url}/requests/${job.id}/status`,
    cancel_url: `${url}/requests/${job.id}/cancel`,
    ...(job.failure === 'upstream' ? { error: 'Generation failed' } : {}),
    ...(file === undefined ? {} : { video: { url: file.url } }),
  };
}

function jobSet(job: Job, word: string): object {
  const [file] = job.outputs;
  const results =
    file === undefined
      ? null
      : { raw: { type: file.kind, url: file.url }, min: { type: file.kind, url: `${file.url}?min` } };
  return {
    id: job.wireId,
    type: 'text2image_soul',
    created_at: new Date(job.createdAtMs).toISOString(),
    jobs: [{ id: `${job.id}-1`, job_set_type: 'text2image_soul', status: wordFor(job, word), results }],
    input_params: {},
  };
}

/** Files that were put here, by the addresses that were told. */
type Known = Map<string, { readonly mediaType: string; isThere: boolean }>;

/** An address of ours must have a file. */
function checkFiles(known: Known, sent: string): void {
  const missing = Array.from(known).find(([url, { isThere }]) => !isThere && sent.includes(url));
  if (missing !== undefined) throw new Refused('media', { message: 'no file there' });
}

const queue = (world: World, known: Known): Route[] => [
  {
    kind: 'submit',
    method: 'POST',
    path: '/higgsfield-ai/dop/:tier',
    check: ({ body, params, query }) => {
      const { tier = '' } = params;
      if (!['lite', 'turbo', 'preview', 'standard'].includes(tier)) {
        throw new Refused('model-gone', { message: `no model dop/${tier}` });
      }
      parse(Clip, body);
      checkFiles(known, JSON.stringify(body));
      return { model: `higgsfield-ai/dop/${tier}`, makes: ['mp4'], callbackUrl: query.hf_webhook };
    },
    answer: (job) => ({ status: 200, body: request(job, WORDS.queued, world.url) }),
  },
  {
    kind: 'poll',
    method: 'GET',
    path: '/requests/:id/status',
    id: ({ params }) => params.id ?? '',
    answer: (job) => ({ status: 200, body: request(job, world.wordOf(job), world.url) }),
  },
  {
    kind: 'cancel',
    method: 'POST',
    path: '/requests/:id/cancel',
    id: ({ params }) => params.id ?? '',
    from: ['queued'],
    answer: (_job, outcome) =>
      outcome === 'canceled'
        ? { status: 202, body: {} }
        : { status: 400, body: { detail: 'the request is being processed' } },
  },
];

const older = ({ wordOf }: World, known: Known): Route[] => [
  {
    kind: 'submit',
    method: 'POST',
    path: '/v1/image2video/dop',
    check: ({ body }) => {
      const { model } = parse(inParams(Dop), body).params;
      checkFiles(known, JSON.stringify(body));
      return { model, makes: ['mp4'] };
    },
    answer: (job) => ({ status: 200, body: jobSet(job, WORDS.queued) }),
  },
  {
    kind: 'submit',
    method: 'POST',
    path: '/v1/text2image/soul',
    check: ({ body }) => {
      const { style_id } = parse(inParams(Soul), body).params;
      if (style_id !== undefined && !STYLES.some(({ id }) => id === style_id)) {
        throw new Refused('invalid', { field: 'params.style_id', message: 'no such style' });
      }
      checkFiles(known, JSON.stringify(body));
      return { model: 'soul', makes: ['png'] };
    },
    answer: (job) => ({ status: 200, body: jobSet(job, WORDS.queued) }),
  },
  {
    kind: 'poll',
    method: 'GET',
    path: '/v1/job-sets/:id',
    id: ({ params }) => params.id ?? '',
    answer: (job) => ({ status: 200, body: jobSet(job, wordOf(job)) }),
  },
  {
    kind: 'other',
    method: 'GET',
    path: '/v1/text2image/soul-styles',
    answer: () => ({ status: 200, body: STYLES }),
  },
];

function uploads(world: World, known: Known): Route[] {
  const addressOf = (id: string) => `${world.url}/input/${id}`;
  return [
    {
      kind: 'other',
      method: 'POST',
      path: '/files/generate-upload-url',
      answer: ({ body }) => {
        const { content_type } = parse(
          z.strictObject({ content_type: z.string().regex(/^(image|audio|video)\//) }),
          body,
        );
        const id = hex(world.random, 20);
        known.set(addressOf(id), { mediaType: content_type, isThere: false });
        return {
          status: 200,
          body: {
            public_url: addressOf(id),
            upload_url: `${world.url}/storage/${id}`,
            content_type,
            upload_headers: { 'Content-Type': content_type, 'x-amz-tagging': 'retention=temporary' },
          },
        };
      },
    },
    {
      kind: 'other',
      method: 'PUT',
      path: '/storage/:id',
      isOpen: true,
      answer: ({ params, headers, rawBody }) => {
        const place = known.get(addressOf(params.id ?? ''));
        const isSigned =
          headers['content-type'] === place?.mediaType && headers['x-amz-tagging'] === 'retention=temporary';
        if (place === undefined || !isSigned || rawBody.length === 0) return { status: 403, body: {} };
        place.isThere = true;
        return { status: 200, bytes: Buffer.alloc(0) };
      },
    },
  ];
}

export const higgsfield: Definition = {
  name: 'higgsfield',
  title: 'Higgsfield',
  env: (url) => ({ HIGGSFIELD_BASE_URL: url, HF_API_KEY: KEY_ID, HF_API_SECRET: KEY_SECRET }),
  authorize: ({ headers, path }) =>
    path.startsWith('/v1/')
      ? headers['hf-api-key'] === KEY_ID && headers['hf-secret'] === KEY_SECRET
      : headers.authorization === `Key ${KEY_ID}:${KEY_SECRET}`,
  refusals: {
    auth: refusal(401),
    quota: refusal(403, () => 'Not enough credits'),
    rate: refusal(429),
    busy: refusal(503),
    invalid: ({ message, field = 'prompt' }) => ({
      status: 422,
      body: { detail: [{ type: 'value_error', loc: ['body', ...field.split('.')], msg: message }] },
    }),
    media: refusal(400, () => 'Failed to download image'),
    moderation: refusal(400, () => 'The prompt was blocked by moderation'),
    'model-gone': refusal(404),
    'unknown-job': refusal(404),
  },
  newId: uuid,
  words: WORDS,
  links: { lifetimeMs: 7 * 24 * 3_600_000 },
  // Nothing proves where they come from.
  callback: { on: 'end', make: (job) => ({ body: request(job, WORDS[job.state], '') }) },
  routes: (world) => {
    const known: Known = new Map();
    return [...queue(world, known), ...older(world, known), ...uploads(world, known)];
  },
};
