import { z } from 'zod';
import {
  type Definition,
  type FormFile,
  type Reason,
  Refused,
  type Route,
  type Said,
  type SubmitRoute,
  type WireRequest,
  type World,
} from '../kit/definition.ts';
import type { Job } from '../kit/jobs.ts';
import { digits } from '../kit/random.ts';
import { parse } from '../kit/schema.ts';

// PixVerse's open API, edition of November 2026.

const KEY = 'sk-standin-pv-6d1f0c7ba2';
const CREDITS = 45;
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[1-5][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/i;

/** Effects of its console, and two that are published. Their ids are made up but for the last two. */
const EFFECTS = [
  ...['Kiss Me AI', 'Muscle Surge', 'The Tiger Touch', 'Holy Wings', 'Hulk', 'Venom', 'Hug', 'Kiss'],
  ...['3D Figurine Factor', 'Baby Face', 'Bald Swipe', 'Black Myth: Wukong', 'BOOM DROP', 'Squid Game', 'Zombie Mode'],
].map((name, index) => ({ name, id: 302_325_299_700_000 + index }));
const TEMPLATES = [...EFFECTS.map(({ id }) => id), 324_641_385_496_960, 313_358_700_761_536];

const MODELS = ['v5.5', 'v5.6', 'v6', 'c1'];
const FIVE_RATIOS = ['16:9', '4:3', '1:1', '3:4', '9:16'];
const ALL_RATIOS = [...FIVE_RATIOS, '2:3', '3:2', '21:9'];
/** Ids of files and videos, which are numbers. */
const id = z.number().positive();
const prompt = z.string().min(1).max(5_000);
const common = {
  model: z.string(),
  duration: z.int().min(1).max(15),
  quality: z.enum(['360p', '540p', '720p', '1080p']),
  negative_prompt: z.string().max(2_048).optional(),
  seed: z.int().min(0).max(2_147_483_647).optional(),
  style: z.enum(['anime', '3d_animation', 'clay', 'comic', 'cyberpunk']).optional(),
  motion_mode: z.enum(['normal', 'fast']).optional(),
  template_id: z.literal(TEMPLATES).optional(),
  generate_audio_switch: z.boolean().optional(),
  generate_multi_clip_switch: z.boolean().optional(),
  thinking_type: z.enum(['auto', 'enabled', 'disabled']).optional(),
};

const BODIES = {
  text: z.strictObject({ ...common, prompt, aspect_ratio: z.string() }),
  img: z.strictObject({
    ...common,
    prompt: prompt.optional(),
    img_id: id.optional(),
    img_ids: z.array(id).min(1).optional(),
  }),
  transition: z.strictObject({ ...common, prompt, first_frame_img: id, last_frame_img: id }),
  extend: z.strictObject({ ...common, prompt, source_video_id: id.optional(), video_media_id: id.optional() }),
};
type Operation = keyof typeof BODIES;
type Sent = z.infer<z.ZodObject<typeof common>> & {
  prompt?: string | undefined;
  aspect_ratio?: string;
  img_id?: number | undefined;
  img_ids?: number[] | undefined;
  source_video_id?: number | undefined;
  video_media_id?: number | undefined;
};

const invalid = (field: string, message: string) => new Refused('invalid', { field, message: `${field}: ${message}` });

function check(operation: Operation, body: unknown): Sent {
  const sent: Sent = parse<Sent>(BODIES[operation], body);
  const { model, duration, quality, aspect_ratio: ratio } = sent;
  if (!MODELS.includes(model)) throw new Refused('model-gone', { field: 'model', message: `model: no ${model}` });
  const isFive = model.startsWith('v5');
  if (isFive && ![5, 8, 10].includes(duration)) throw invalid('duration', '5, 8 or 10');
  if (isFive && duration === 10 && quality === '1080p') throw invalid('duration', 'not 10 at 1080p');
  if (isFive && (sent.prompt ?? '').length > 2_048) throw invalid('prompt', 'at most 2048 characters');
  if (ratio !== undefined && !(isFive ? FIVE_RATIOS : ALL_RATIOS).includes(ratio)) {
    throw invalid('aspect_ratio', 'not offered');
  }
  if (operation === 'img' && (sent.img_id === undefined) === (sent.img_ids === undefined)) {
    throw invalid('img_id', 'send img_id or img_ids');
  }
  if (operation === 'extend' && (sent.source_video_id === undefined) === (sent.video_media_id === undefined)) {
    throw invalid('video_media_id', 'send source_video_id or video_media_id');
  }
  return sent;
}

const refusal =
  (code: number) =>
  ({ message }: Reason): Said => ({ status: 200, body: { ErrCode: code, ErrMsg: message, Resp: {} } });
const fine = (Resp: object): Said => ({ status: 200, body: { ErrCode: 0, ErrMsg: 'Success', Resp } });

const WORDS = { queued: '5', running: '5', done: '1', failed: '8' };
const FAILURES = { moderation: 7, upstream: 8, canceled: 6 };

function result(job: Job, word: string): Said {
  const { prompt: text = '', seed = 0 } = job.request.body as { prompt?: string; seed?: number }; // Checked at submit.
  const state = /^\d+$/.test(word) ? Number(word) : word;
  return fine({
    id: job.wireId,
    status: job.failure === undefined ? state : FAILURES[job.failure],
    url: job.outputs[0]?.url ?? '',
    prompt: text,
    negative_prompt: '',
    outputWidth: 1_280,
    outputHeight: 720,
    resolution_ratio: 0,
    seed,
    size: job.outputs[0]?.bytes.length ?? 0,
    style: '',
    create_time: new Date(job.createdAtMs).toISOString(),
    modify_time: new Date(job.endedAtMs ?? job.createdAtMs).toISOString(),
    ...(job.state === 'done' ? { credits: CREDITS } : {}),
  });
}

/** Members that name an upload, with all their digits: no double holds them. */
const NAMED = /"(img_id|first_frame_img|last_frame_img|video_media_id)":\s*(\d+)/g;

function calls({ random, keep }: World): Route[] {
  const uploads = { image: new Set<string>(), media: new Set<string>() };
  const kindOf = (member: string) => (member === 'video_media_id' ? 'media' : 'image');
  const upload = (kind: keyof typeof uploads, member: string, answer: (id: bigint, url: string) => object): Route => ({
    kind: 'other',
    method: 'POST',
    path: `/openapi/v2/${kind}/upload`,
    answer: ({ body }) => {
      const { bytes, mediaType = '' } = Object(Object(body)[member]) as Partial<FormFile>;
      if (bytes === undefined || bytes.length === 0) throw invalid(member, 'needed');
      const isRight = kind === 'image' ? /^image\/(png|jpeg|webp)$/ : /^(video|audio)\//;
      if (!isRight.test(mediaType)) throw new Refused('media', { field: member, message: `${mediaType} is not taken` });
      const given = `71000000${digits(random, 9)}7`;
      uploads[kind].add(given);
      const extension = mediaType.split('/')[1] ?? 'bin';
      return fine(answer(BigInt(given), keep({ bytes, mediaType, extension })));
    },
  });
  const generate = (operation: Operation): SubmitRoute => ({
    kind: 'submit',
    method: 'POST',
    path: `/openapi/v2/video/${operation}/generate`,
    check: ({ body, rawBody }: WireRequest) => {
      const { model } = check(operation, body);
      for (const [, member = '', named = ''] of rawBody.toString('utf8').matchAll(NAMED)) {
        if (!uploads[kindOf(member)].has(named)) throw invalid(member, 'not known');
      }
      return { model, makes: ['mp4'] };
    },
    answer: (job) => fine({ video_id: job.wireId, credits: CREDITS }),
  });
  return [
    upload('image', 'image', (img_id, img_url) => ({ img_id, img_url })),
    upload('media', 'file', (media_id, url) => ({ media_id, media_type: 'video', url })),
    ...(['text', 'img', 'transition', 'extend'] as const).map(generate),
  ];
}

export const pixverse: Definition = {
  name: 'pixverse',
  title: 'PixVerse',
  env: (url) => ({
    PIXVERSE_BASE_URL: `${url}/openapi/v2`,
    PIXVERSE_API_KEY: KEY,
    PIXVERSE_TEMPLATES: EFFECTS.map(({ name, id }) => `${name}=${id}`).join(', '),
  }),
  authorize: ({ headers }) => headers['api-key'] === KEY && UUID.test(headers['ai-trace-id'] ?? ''),
  refusals: {
    auth: refusal(400012),
    quota: refusal(500090),
    rate: refusal(500044),
    busy: refusal(500069),
    invalid: refusal(400017),
    media: refusal(500032),
    moderation: refusal(500063),
    'model-gone': refusal(400017),
    'unknown-job': refusal(500008),
  },
  newId: (random) => digits(random, 15),
  words: WORDS,
  // How long is not told.
  links: { lifetimeMs: 7 * 24 * 3_600_000 },
  routes: (world) => [
    ...calls(world),
    {
      kind: 'poll',
      method: 'GET',
      path: '/openapi/v2/video/result/:id',
      id: ({ params }) => params.id ?? '',
      answer: (job) => result(job, world.wordOf(job)),
    },
    {
      kind: 'other',
      method: 'GET',
      path: '/openapi/v2/account/balance',
      answer: () => fine({ account_id: 1, credit_monthly: 1_000, credit_package: 0 }),
    },
  ],
};
