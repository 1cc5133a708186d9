import { createHmac } from 'node:crypto';
import { z } from 'zod';
import { type Definition, type Reason, Refused, type Said, type WireRequest, type World } from '../kit/definition.ts';
import type { Job } from '../kit/jobs.ts';
import { hex } from '../kit/random.ts';
import { bearerOf, parse, webAddress } from '../kit/schema.ts';

// HiTem3D's open API, edition of November 2026.

const ACCESS_KEY = 'ak_standin_4f81d2c60b';
const SECRET_KEY = 'sk_standin_9Yw3Rk71Qe';
const BASIC = Buffer.from(`${ACCESS_KEY}:${SECRET_KEY}`).toString('base64');
const TOKEN_LIFETIME_MS = 3_600_000;

/** The resolutions that each model has. */
const RESOLUTIONS: Readonly<Record<string, readonly string[]>> = {
  'hitem3dv1.5': ['512', '1024', '1536', '1536pro'],
  'hitem3dv2.0': ['1536', '1536pro'],
  'hitem3dv2.1': ['1536fast', '1536pro'],
  'scene-portraitv1.5': ['1536'],
  'scene-portraitv2.0': ['1536pro'],
  'scene-portraitv2.1': ['1536pro'],
};
const picture = z.object({
  fileName: z.string().regex(/\.(png|jpe?g|webp)$/, 'is no png, jpeg or webp'),
  mediaType: z.enum(['image/png', 'image/jpeg', 'image/webp']),
  bytes: z.instanceof(Buffer).refine(({ length }) => length > 0 && length <= 20 * 1024 ** 2, 'is larger than 20 MB'),
});
/** In a form every value is a text. */
const whole = z.string().regex(/^\d+$/).transform(Number);
const Body = z.strictObject({
  request_type: whole.pipe(z.literal([1, 2, 3])),
  model: z.string(),
  resolution: z.string().optional(),
  face: whole.pipe(z.int().min(100_000).max(2_000_000)).optional(),
  format: whole.pipe(z.literal([1, 2, 3, 4, 5])).optional(),
  images: picture.optional(),
  multi_images: z.union([picture, z.array(picture).min(1).max(4)]).optional(),
  multi_images_bit: z
    .string()
    .regex(/^[01]{4}$/)
    .optional(),
  pbr: z.enum(['true', 'false']).optional(),
  rmbg: z.enum(['true', 'false']).optional(),
  shading: z.string().optional(),
  mesh_url: webAddress().optional(),
  callback_url: z.url().optional(),
});

const invalid = (field: string, message: string) => new Refused('invalid', { field, message: `${field}: ${message}` });

function read(body: unknown): z.infer<typeof Body> {
  const sent = parse(Body, body);
  const { model, resolution, images, multi_images: multi, multi_images_bit: bits, request_type: type } = sent;
  const resolutions = RESOLUTIONS[model];
  if (resolutions === undefined) throw invalid('model', `there is no ${model}`);
  if (resolution !== undefined && !resolutions.includes(resolution)) throw invalid('resolution', 'not with this model');
  if ((type === 2) !== (sent.mesh_url !== undefined)) throw invalid('mesh_url', 'belongs to type 2');
  if ((images === undefined) === (multi === undefined)) throw invalid('images', 'one picture, or a list of views');
  const count = [multi ?? []].flat().length;
  if (multi !== undefined && bits?.[0] !== '1') throw invalid('multi_images_bit', 'the front view is needed');
  if (multi !== undefined && bits?.replaceAll('0', '').length !== count)
    throw invalid('multi_images_bit', 'wrong count');
  return sent;
}

const coded = (data: object | null): Said => ({ status: 200, body: { code: 200, data, msg: 'success' } });
const refusal =
  (code: number, status = 200) =>
  ({ message }: Reason): Said => ({ status, body: { code, data: null, msg: message } });
const EXPIRED = 'login expired';

/** A token says when it was made, and proves it. */
const proof = (madeAt: string): string => createHmac('sha256', SECRET_KEY).update(madeAt).digest('base64url');
const makeToken = (nowMs: number): string => `${nowMs.toString(36)}.${proof(nowMs.toString(36))}`;
const isToken = (token = ''): boolean => {
  const [madeAt = '', signature] = token.split('.');
  return signature === proof(madeAt);
};
const hasToken = (request: WireRequest): boolean => isToken(bearerOf(request));

/** @throws {Refused} where the token is too old. */
function checkAge(request: WireRequest, { nowMs }: World): void {
  const madeAtMs = Number.parseInt(bearerOf(request)?.split('.')[0] ?? '0', 36);
  if (nowMs() - madeAtMs >= TOKEN_LIFETIME_MS) throw new Refused('auth', { message: EXPIRED });
}

const task = (job: Job, state: string) => {
  const [model] = job.outputs;
  return {
    task_id: job.wireId,
    state,
    id: model === undefined ? '' : `${job.id}_0`,
    cover_url: model === undefined ? '' : `${model.url}?cover`,
    url: model?.url ?? '',
  };
};
const WORDS = { queued: 'queueing', running: 'processing', done: 'success', failed: 'failed' };

export const hitem3d: Definition = {
  name: 'hitem3d',
  title: 'HiTem3D',
  env: (url) => ({
    HITEM3D_BASE_URL: `${url}/open-api/v1`,
    HITEM3D_ACCESS_KEY: ACCESS_KEY,
    HITEM3D_SECRET_KEY: SECRET_KEY,
  }),
  authorize: hasToken,
  refusals: {
    auth: (reason, request) =>
      refusal(hasToken(request) && reason.message !== EXPIRED ? 40_010_000 : 401)(
        hasToken(request) ? reason : { message: EXPIRED },
      ),
    quota: refusal(30_010_000),
    rate: refusal(429, 429),
    busy: refusal(50_000_000, 503),
    invalid: refusal(10_000_000),
    media: refusal(10_031_001),
    // It has no number of its own for these.
    moderation: refusal(10_000_000),
    'model-gone': refusal(10_000_000),
    'unknown-job': refusal(10_000_000),
  },
  newId: (random) => `${hex(random, 32)}.standin-api.${hex(random, 10)}`,
  words: WORDS,
  links: { lifetimeMs: 3_600_000 },
  // Nothing is said of a signature.
  callback: { on: 'end', make: (job) => ({ body: { code: 200, data: task(job, WORDS[job.state]), msg: 'success' } }) },
  routes: (world) => [
    {
      kind: 'other',
      method: 'POST',
      path: '/open-api/v1/auth/token',
      isOpen: true,
      answer: (request) =>
        bearerOf(request, 'Basic') === BASIC
          ? coded({ accessToken: makeToken(world.nowMs()), tokenType: 'Bearer', nonce: hex(world.random, 16) })
          : refusal(40_010_000)({ message: `these keys are not valid: ${request.headers.authorization}` }),
    },
    {
      kind: 'submit',
      method: 'POST',
      path: '/open-api/v1/submit-task',
      check: (request) => {
        checkAge(request, world);
        const { model, callback_url: callbackUrl } = read(request.body);
        return { model, makes: ['glb'], callbackUrl };
      },
      answer: (job) => coded({ task_id: job.wireId }),
    },
    {
      kind: 'poll',
      method: 'GET',
      path: '/open-api/v1/query-task',
      id: (request) => {
        checkAge(request, world);
        return request.query.task_id ?? '';
      },
      answer: (job) =>
        job.failure === 'upstream'
          ? refusal(50_010_001)({ message: 'generate failed' })
          : coded(task(job, world.wordOf(job))),
    },
    {
      kind: 'other',
      method: 'GET',
      path: '/open-api/v1/balance',
      answer: () => coded({ totalBalance: 1_000 }),
    },
  ],
};
