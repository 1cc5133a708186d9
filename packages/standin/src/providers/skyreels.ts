import { z } from 'zod';
import { type Definition, type Reason, Refused, type Route, type Said, type World } from '../kit/definition.ts';
import type { Job } from '../kit/jobs.ts';
import { hex } from '../kit/random.ts';
import { parse, webAddress } from '../kit/schema.ts';

// SkyReels' API gateway, edition of April 2026.

const KEY = 'sk-skyreels-standin-4b7e01';
const CREDITS = 12.5;

const RATIO = z.enum(['16:9', '4:3', '1:1', '9:16', '3:4']);
const prompt = z.string().min(1);
const seconds = (min: number, max: number) => z.int().min(min).max(max).optional();
const tag = z.string().startsWith('@');
const third = { api_key: z.string() };
const fourth = {
  api_key: z.string(),
  prompt,
  duration: seconds(3, 15),
  sound: z.boolean().optional(),
  prompt_optimizer: z.boolean().optional(),
  resolution: z.enum(['480p', '720p', '1080p']).optional(),
  mode: z.enum(['fast', 'std', 'pro']).optional(),
};
const frames = {
  first_frame_image: webAddress().optional(),
  end_frame_image: webAddress().optional(),
  mid_frame_images: z
    .array(z.strictObject({ tag, image_url: webAddress(), time_stamp: z.int().optional() }))
    .max(6)
    .optional(),
};

/** The kinds of jobs and their bodies. Of the third generation, published answers say `running` to the end. */
const KINDS: Readonly<Record<string, z.ZodType>> = {
  multiobject: z.strictObject({
    ...third,
    prompt,
    ref_images: z.array(webAddress()).min(1).max(4),
    duration: seconds(1, 5),
    aspect_ratio: RATIO.optional(),
  }),
  styletransfer: z.strictObject({
    ...third,
    video_url: webAddress(),
    style_name: z.enum(['simpsons', 'lego', 'paper_cutting', 'amigurumi', 'animal_crossing', 'van_gogh', 'pixel_art']),
  }),
  extension: z.strictObject({ ...third, prompt, prefix_video: webAddress(), duration: seconds(5, 30) }),
  'extension/cutshot': z.strictObject({
    ...third,
    prompt,
    prefix_video: webAddress(),
    duration: seconds(2, 5),
    cut_type: z.enum(['Auto', 'Cut-In', 'Cut-Out', 'Shot/Reverse Shot', 'Multi-Angle', 'Cut Away']).optional(),
  }),
  text2video: z.strictObject({ ...fourth, aspect_ratio: RATIO.optional() }),
  image2video: z
    .strictObject({ ...fourth, ...frames })
    .refine(
      (body) => Object.keys(frames).some((name) => Object.hasOwn(body, name)),
      'first_frame_image, end_frame_image or mid_frame_images is needed',
    ),
  'omni-video': z
    .strictObject({
      ...fourth,
      aspect_ratio: RATIO.optional(),
      ref_images: z
        .array(
          z.strictObject({
            tag,
            type: z.enum(['image', 'grid']),
            image_urls: z.array(webAddress()).min(1).max(5),
            audio_url: webAddress().optional(),
          }),
        )
        .min(1)
        .max(3)
        .optional(),
      ref_videos: z
        .array(z.strictObject({ tag, type: z.enum(['reference', 'extend']), video_url: webAddress() }))
        .length(1)
        .optional(),
    })
    .refine(({ ref_images: all = [] }) => {
      const grids = all.filter(({ type }) => type === 'grid').length;
      return grids === 0 || (grids === 1 && all.length === 1);
    }, 'a grid goes alone')
    .refine(
      ({ ref_images: all, ref_videos: clips }) => all === undefined || clips?.[0]?.type !== 'extend',
      'pictures do not go with a clip to extend',
    ),
};
const isThird = (job: Job): boolean => !['text2video', 'image2video', 'omni-video'].includes(job.model);

const envelope = (code: number, more: object) => ({ msg: '', code, data: null, trace_id: 'standin', ...more });
const refusal =
  (code: number, status = code) =>
  ({ message }: Reason): Said => ({
    status,
    body: envelope(code, { task_id: '', msg: message, status: 'error' }),
  });

const FAILURES = {
  moderation: { code: 482, msg: 'Platform security policy triggered' },
  upstream: { code: 500, msg: 'Internal error' },
  canceled: { code: 500, msg: 'canceled' },
};

function news(job: Job, word: string) {
  const failure = job.failure === undefined ? {} : FAILURES[job.failure];
  const [output] = job.outputs;
  const isThere = output !== undefined;
  const data = isThere ? { video_url: output.url, duration: 5, resolution: '1080p', cost_credits: CREDITS } : null;
  const status = isThere && isThird(job) ? 'running' : word;
  return envelope(200, { task_id: job.wireId, status, data, ...failure });
}

const routesOf = (kind: string, body: z.ZodType, { wordOf }: World): Route[] => [
  {
    kind: 'submit',
    method: 'POST',
    path: `/api/v1/video/${kind}/submit`,
    check: (request) => {
      parse(body, request.body);
      return { model: kind, makes: ['mp4'] };
    },
    answer: (job) => ({
      status: 200,
      body: envelope(200, { task_id: job.wireId, msg: 'Task submitted', status: 'ok' }),
    }),
  },
  {
    kind: 'poll',
    method: 'GET',
    path: `/api/v1/video/${kind}/task/:id`,
    id: ({ params }) => params.id ?? '',
    answer: (job) => {
      // Each kind knows its own jobs only.
      if (job.model !== kind) throw new Refused('unknown-job', { message: 'There is no such task.' });
      return { status: 200, body: news(job, wordOf(job)) };
    },
  },
];

export const skyreels: Definition = {
  name: 'skyreels',
  title: 'SkyReels',
  env: (url) => ({ SKYREELS_BASE_URL: url, SKYREELS_API_KEY: KEY }),
  // Queries carry no key.
  authorize: ({ method, body }) => method === 'GET' || Object(body).api_key === KEY,
  refusals: {
    auth: refusal(401),
    quota: refusal(480),
    rate: refusal(481),
    busy: refusal(500),
    invalid: refusal(422),
    media: refusal(422),
    moderation: refusal(482),
    'model-gone': () => ({ status: 404, body: { detail: 'Not Found' } }),
    'unknown-job': refusal(404),
  },
  newId: (random) => hex(random, 12),
  words: { queued: 'submitted', running: 'running', done: 'success', failed: 'failed' },
  links: { lifetimeMs: 24 * 3_600_000 },
  routes: (world) => Object.entries(KINDS).flatMap(([kind, body]) => routesOf(kind, body, world)),
};
