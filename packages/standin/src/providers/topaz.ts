import { z } from 'zod';
import { type Definition, type Reason, Refused, type Route, type Said, type World } from '../kit/definition.ts';
import type { Job } from '../kit/jobs.ts';
import { uuid } from '../kit/random.ts';
import { parse, webAddress } from '../kit/schema.ts';

// Topaz Labs' image and video APIs, edition of November 2026.

const KEY = 'tpz-standin-8fd2c6a1-77e4';
const CREDITS = 2;
const HOUR_MS = 3_600_000;

const PICTURE_MODELS = ['Standard V2', 'Low Resolution V2', 'CGI', 'High Fidelity V2', 'Text Refine'];
/** Of those that may be put up whole. */
const CLIP_FILTERS = ['prob-4', 'ahq-12', 'iris-3', 'nyx-3'];
const FRAME_FILTERS = ['apo-8', 'chr-2'];

/** Forms have words only. */
const number = (min: number, max: number) =>
  z
    .string()
    .regex(/^\d+(\.\d+)?$/, 'is no number')
    .transform(Number)
    .pipe(z.number().min(min).max(max));
const flag = z.enum(['true', 'false']);
const share = number(0, 1).optional();
const PictureForm = z
  .strictObject({
    source_url: webAddress().optional(),
    image: z.object({ bytes: z.instanceof(Buffer).refine((bytes) => bytes.length > 0, 'is empty') }).optional(),
    model: z.string().optional(),
    output_width: number(1, 32_000).optional(),
    output_height: number(1, 32_000).optional(),
    crop_to_fill: flag.optional(),
    output_format: z.enum(['jpeg', 'png', 'tiff']).optional(),
    subject_detection: z.enum(['All', 'Foreground', 'Background']).optional(),
    face_enhancement: flag.optional(),
    face_enhancement_strength: share,
    face_enhancement_creativity: share,
    sharpen: share,
    denoise: share,
    fix_compression: share,
  })
  .refine(
    ({ source_url, image }) => (source_url === undefined) !== (image === undefined),
    'either image or source_url is needed',
  );

const even = z.int().min(2).max(16_386).multipleOf(2);
const ClipBody = z.strictObject({
  source: z.strictObject({ container: z.enum(['mp4', 'mov', 'mkv']), md5Hash: z.string().optional() }),
  filters: z
    .array(
      z.strictObject({ model: z.string(), slowmo: z.number().optional(), fps: z.int().min(15).max(240).optional() }),
    )
    .min(1),
  output: z.strictObject({
    resolution: z.strictObject({ width: even, height: even }),
    frameRate: z.number().min(1).max(240),
    audioCodec: z.enum(['AAC', 'AC3', 'PCM']),
    audioTransfer: z.enum(['Copy', 'Convert', 'None']),
    dynamicCompressionLevel: z.enum(['Low', 'Mid', 'High']),
    videoEncoder: z.string().optional(),
    container: z.enum(['mp4', 'mov', 'mkv']).optional(),
  }),
});

const gone = (model: string) => new Refused('model-gone', { message: `The model ${model} is not supported.` });

function checkClip(body: unknown): string {
  const { filters, output } = parse(ClipBody, body);
  for (const { model, fps } of filters) {
    if (FRAME_FILTERS.includes(model)) {
      if (fps !== undefined && fps !== output.frameRate)
        throw new Refused('invalid', { field: 'fps', message: 'filters.fps: is not the frame rate of the output' });
    } else if (!CLIP_FILTERS.includes(model)) throw gone(model);
  }
  return filters.map(({ model }) => model).join(' ');
}

const said =
  (status: number, errorCode: string) =>
  ({ message }: Reason): Said => ({ status, body: { message, errorCode } });

const WORDS = { queued: 'Pending', running: 'Processing', done: 'Completed', failed: 'Failed' };
const CLIP_WORDS = { queued: 'accepted', running: 'processing', done: 'complete', failed: 'failed' };
const percentOf = (job: Job): number => Math.round(job.fraction * 100);

const pictures = ({ jobs, wordOf, nowMs }: World): Route[] => [
  {
    kind: 'submit',
    method: 'POST',
    path: '/image/v1/enhance/async',
    check: ({ body }) => {
      const { model = 'Standard V2', output_format: format } = parse(PictureForm, body);
      if (!PICTURE_MODELS.includes(model)) throw gone(model);
      return { model, makes: [format === 'png' ? 'png' : 'jpg'] };
    },
    answer: (job) => ({ status: 200, body: { process_id: job.wireId, source_id: `s-${job.id}`, eta: 0 } }),
  },
  {
    kind: 'poll',
    method: 'GET',
    path: '/image/v1/status/:id',
    id: ({ params }) => params.id ?? '',
    answer: (job) => ({
      status: 200,
      body: {
        process_id: job.wireId,
        status: job.failure === 'canceled' ? 'Cancelled' : wordOf(job),
        progress: percentOf(job),
        credits: CREDITS,
        model: job.model,
      },
    }),
  },
  {
    kind: 'other',
    method: 'GET',
    path: '/image/v1/download/:id',
    answer: ({ params }) => {
      const [output] = jobs.find(({ id }) => id === params.id)?.outputs ?? [];
      if (output === undefined) throw new Refused('unknown-job', { message: 'There is no such picture.' });
      const expiry = Math.floor((nowMs() + HOUR_MS) / 1_000);
      return { status: 200, body: { download_url: output.url, head_url: output.url, expiry } };
    },
  },
  {
    kind: 'cancel',
    method: 'DELETE',
    path: '/image/v1/cancel/:id',
    id: ({ params }) => params.id ?? '',
    answer: (_job, outcome) =>
      outcome === 'canceled' ? { status: 204 } : said(409, 'INVALID_INPUT')({ message: 'The job is over.' }),
  },
];

function clips(standin: World): Route[] {
  const { wordOf, nowMs } = standin;
  const arrived = new Set<string>();
  const stateOf = (job: Job): string => {
    if (job.failure === 'canceled') return 'canceled';
    // Without its source nothing is done, and nothing billed.
    if (!arrived.has(job.id)) return 'requested';
    const word = wordOf(job);
    return word === WORDS[job.state] ? CLIP_WORDS[job.state] : word;
  };
  return [
    {
      kind: 'submit',
      method: 'POST',
      path: '/video/express',
      check: ({ body }) => ({ model: checkClip(body), makes: ['mp4'] }),
      answer: (job) => ({
        status: 200,
        body: {
          requestId: job.wireId,
          uploadId: `u-${job.id}`,
          uploadUrls: [`${standin.url}/_put/${job.id}/source.mp4`],
        },
      }),
    },
    {
      kind: 'other',
      method: 'PUT',
      path: '/_put/:id/source.mp4',
      isOpen: true,
      answer: ({ params, rawBody }) => {
        if (rawBody.length === 0) throw new Refused('invalid', { message: 'The file is empty.' });
        arrived.add(params.id ?? '');
        return { status: 200, headers: { etag: `"${params.id}"` }, body: '' };
      },
    },
    {
      kind: 'poll',
      method: 'GET',
      path: '/video/:id/status',
      id: ({ params }) => params.id ?? '',
      answer: (job) => {
        const status = stateOf(job);
        const [output] = status === 'complete' ? job.outputs : [];
        const link = { url: output?.url, expiresIn: 24 * HOUR_MS, expiresAt: nowMs() + 24 * HOUR_MS };
        const failure = status === 'failed' ? { message: 'Processing failed.', errorCode: 'SERVER_ERROR' } : {};
        return {
          status: 200,
          body: {
            status,
            progress: percentOf(job),
            message: '',
            estimates: { cost: [CREDITS, CREDITS + 1], time: [60, 90] },
            ...(output === undefined ? {} : { download: link }),
            ...failure,
          },
        };
      },
    },
    {
      kind: 'cancel',
      method: 'DELETE',
      path: '/video/:id',
      id: ({ params }) => params.id ?? '',
      answer: (_job, outcome) =>
        outcome === 'canceled'
          ? { status: 200, body: { message: 'Canceling' } }
          : said(400, 'INVALID_INPUT')({ message: 'The request is finished.' }),
    },
  ];
}

export const topaz: Definition = {
  name: 'topaz',
  title: 'Topaz Labs',
  env: (url) => ({ TOPAZ_BASE_URL: url, TOPAZ_API_KEY: KEY }),
  authorize: ({ headers }) => headers['x-api-key'] === KEY,
  refusals: {
    auth: said(401, 'UNAUTHORIZED'),
    quota: said(402, 'INSUFFICIENT_CREDITS'),
    rate: ({ message }) => ({ status: 429, body: { message } }),
    busy: said(503, 'SERVER_MAINTENANCE'),
    invalid: said(400, 'INVALID_INPUT'),
    media: ({ message }) => ({ status: 415, body: { message } }),
    // It judges no content.
    moderation: said(400, 'INVALID_INPUT'),
    'model-gone': ({ message }) => said(400, 'INVALID_INPUT')({ message: `model: ${message} It is not supported.` }),
    'unknown-job': ({ message }) => ({ status: 404, body: { message } }),
  },
  newId: uuid,
  words: WORDS,
  links: { lifetimeMs: HOUR_MS },
  routes: (world) => [
    ...pictures(world),
    ...clips(world),
    {
      kind: 'other',
      method: 'GET',
      path: '/account/v1/credits/balance',
      answer: () => ({ status: 200, body: { available_credits: 100, reserved_credits: 0, total_credits: 100 } }),
    },
  ],
};
