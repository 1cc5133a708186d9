import { z } from 'zod';
import type { Definition, FormFile, Reason, Route, Said, World } from '../kit/definition.ts';
import type { Job } from '../kit/jobs.ts';
import { digits } from '../kit/random.ts';
import { bearerOf, parse } from '../kit/schema.ts';
import { CLONE, checkVideo, DESIGN, gone, invalid, MUSIC, SPEECH } from './minimax-bodies.ts';

// MiniMax's API, edition of November 2026.

const KEY = 'mm-standin-0c51e7a94f22';

const fine = { status_code: 0, status_msg: 'success' };
/** Status 200, and what went wrong in the body. */
const refusal =
  (code: number) =>
  ({ message }: Reason): Said => ({
    status: 200,
    body: { task_id: '', base_resp: { status_code: code, status_msg: message } },
  });
const REFUSALS: Definition['refusals'] = {
  auth: refusal(1004),
  quota: refusal(1008),
  rate: refusal(1002),
  busy: refusal(1000),
  invalid: refusal(2013),
  media: refusal(2037),
  moderation: refusal(1026),
  'model-gone': refusal(2013),
  'unknown-job': refusal(2013),
};

const WORDS = { queued: 'Queueing', running: 'Processing', done: 'Success', failed: 'Fail' };
const FAILURES = {
  moderation: { status_code: 1027, status_msg: 'output new sensitive' },
  upstream: { status_code: 1000, status_msg: 'unknown error' },
  canceled: { status_code: 1000, status_msg: 'canceled' },
};

/** The file of a job has an id of its own, which is its job's with a digit more. */
const fileIdOf = (job: Job): bigint | string => (job.outputs.length === 0 ? '' : BigInt(`${job.id}1`));

const news = (job: Job, state: string) => ({
  task_id: job.wireId,
  status: state,
  file_id: job.state === 'done' ? fileIdOf(job) : '',
  video_width: 1_366,
  video_height: 768,
  base_resp: job.failure === undefined ? fine : FAILURES[job.failure],
});

/** What a synchronous call says of a job that was not made well. */
const failure = (job: Job): Said | undefined =>
  job.failure === undefined ? undefined : { status: 200, body: { base_resp: FAILURES[job.failure] } };
const soundOf = ({ outputs: [first] }: Job, form: string | undefined): string =>
  first === undefined ? '' : form === 'url' ? first.url : first.bytes.toString('hex');
const formOf = ({ request }: Job): string | undefined => (request.body as { output_format?: string }).output_format; // Checked at submit.

const spoken = (job: Job): Said =>
  failure(job) ?? {
    status: 200,
    body: {
      data: { audio: soundOf(job, formOf(job)), status: 2 },
      extra_info: { audio_length: 900, audio_format: 'mp3', usage_characters: 28 },
      trace_id: 'standin',
      base_resp: fine,
    },
  };

const atOnce = (path: string, schema: z.ZodType<{ model: string }>, models: RegExp): Route => ({
  kind: 'submit',
  method: 'POST',
  path,
  isSynchronous: true,
  check: ({ body }) => {
    const { model } = parse(schema, body);
    if (!models.test(model)) throw gone(model);
    return { model, makes: ['mp3'] };
  },
  answer: spoken,
});

function voices(world: World): Route[] {
  const samples = new Set<string>();
  const voicesMade = new Set<string>();
  return [
    {
      kind: 'other',
      method: 'POST',
      path: '/v1/files/upload',
      answer: ({ body }) => {
        const { purpose, file } = Object(body) as { purpose?: unknown; file?: Partial<FormFile> };
        if (purpose !== 'voice_clone') throw invalid('purpose', 'not offered');
        if (file?.bytes === undefined || file.bytes.length === 0) throw invalid('file', 'needed');
        // Above 2^53, as their ids are.
        const id = `90071992547409${digits(world.random, 4)}7`;
        samples.add(id);
        return {
          status: 200,
          body: { file: { file_id: BigInt(id), purpose, filename: file.fileName }, base_resp: fine },
        };
      },
    },
    {
      kind: 'submit',
      method: 'POST',
      path: '/v1/voice_clone',
      isSynchronous: true,
      check: ({ body, rawBody }) => {
        const { voice_id, text, model } = parse(CLONE, body);
        const [, fileId = ''] = /"file_id":(\d+)/.exec(rawBody.toString('utf8')) ?? [];
        if (!samples.has(fileId)) throw invalid('file_id', 'not known');
        if (text !== undefined && model === undefined) throw invalid('model', 'needed with text');
        if (voicesMade.has(voice_id)) throw invalid('voice_id', 'already used');
        return { model: 'voice_clone', makes: ['mp3'] };
      },
      answer: (job) => {
        const isRefused = job.failure === 'moderation';
        if (job.failure === 'upstream') return { status: 200, body: { base_resp: FAILURES.upstream } };
        return {
          status: 200,
          body: {
            input_sensitive: isRefused,
            input_sensitive_type: isRefused ? 2 : 0,
            demo_audio: soundOf(job, 'url'),
            base_resp: fine,
          },
        };
      },
    },
    {
      kind: 'submit',
      method: 'POST',
      path: '/v1/voice_design',
      isSynchronous: true,
      check: ({ body }) => {
        parse(DESIGN, body);
        return { model: 'voice_design', makes: ['mp3'] };
      },
      answer: (job) => {
        const { voice_id = `ttv-voice-${job.id}` } = job.request.body as { voice_id?: string }; // Checked at submit.
        return failure(job) ?? { status: 200, body: { voice_id, trial_audio: soundOf(job, 'hex'), base_resp: fine } };
      },
    },
    {
      kind: 'other',
      method: 'POST',
      path: '/v1/get_voice',
      answer: ({ body }) => {
        parse(z.strictObject({ voice_type: z.enum(['system', 'voice_cloning', 'voice_generation', 'all']) }), body);
        return { status: 200, body: { voice_cloning: [], base_resp: fine } };
      },
    },
  ];
}

const videos = (world: World): Route[] => [
  {
    kind: 'submit',
    method: 'POST',
    path: '/v1/video_generation',
    check: ({ body }) => {
      const { model, callback_url } = checkVideo(body);
      return { model, makes: ['mp4'], callbackUrl: callback_url };
    },
    answer: (job) => ({ status: 200, body: { task_id: job.wireId, base_resp: fine } }),
  },
  {
    kind: 'poll',
    method: 'GET',
    path: '/v1/query/video_generation',
    id: ({ query }) => query.task_id ?? '',
    answer: (job) => ({ status: 200, body: news(job, world.wordOf(job)) }),
  },
  {
    kind: 'other',
    method: 'GET',
    path: '/v1/files/retrieve',
    answer: ({ query }) => {
      const job = world.jobs.find((one) => String(fileIdOf(one)) === query.file_id);
      const [output] = job?.outputs ?? [];
      if (output === undefined) throw invalid('file_id', 'not known');
      return {
        status: 200,
        body: {
          file: { file_id: BigInt(query.file_id ?? 0), filename: 'output.mp4', download_url: output.url },
          base_resp: fine,
        },
      };
    },
  },
];

export const minimax: Definition = {
  name: 'minimax',
  title: 'MiniMax',
  env: (url) => ({ MINIMAX_BASE_URL: url, MINIMAX_API_KEY: KEY }),
  authorize: (request) => bearerOf(request) === KEY,
  refusals: REFUSALS,
  newId: (random) => digits(random, 15),
  words: WORDS,
  links: { lifetimeMs: 9 * 3_600_000 },
  callback: { on: 'change', make: (job) => ({ body: news(job, WORDS[job.state].toLowerCase()) }) },
  routes: (world) => [
    ...videos(world),
    atOnce('/v1/t2a_v2', SPEECH, /^speech-(2\.8|2\.6|02)-(hd|turbo)$/),
    atOnce('/v1/music_generation', MUSIC, /^music-2\.5$/),
    ...voices(world),
  ],
};
