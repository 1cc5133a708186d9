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
import { uuid } from '../kit/random.ts';
import { parse } from '../kit/schema.ts';

// Youchuan's API for businesses, edition of November 2026.

const [APP, SECRET] = ['yc-app-standin-20c7', 'yc-secret-standin-9e4b61d0'];
/** One job makes four of what it makes. */
const RESULTS = 4;

const URL_AT_START = /^https?:\/\/\S+\s+/;
const from = (min: number, max: number) => (value: string) =>
  /^\d+$/.test(value) && Number(value) >= min && Number(value) <= max;
const oneOf =
  (...values: readonly string[]) =>
  (value: string) =>
    values.includes(value);
const address = (value: string) => /^https?:\/\/\S+$/.test(value);
const bare = (value: string) => value === '';
const anything = (value: string) => value !== '';

type Flags = Readonly<Record<string, (value: string) => boolean>>;
const everywhere: Flags = {
  ar: (value) => /^[1-9]\d*:[1-9]\d*$/.test(value),
  chaos: from(0, 100),
  no: anything,
  raw: bare,
  seed: from(0, 4_294_967_295),
  sref: address,
  stylize: from(0, 1_000),
  sw: from(0, 1_000),
  tile: bare,
  weird: from(0, 3_000),
};
const six: Flags = {
  ...everywhere,
  q: oneOf('0.5', '1', '2'),
  iw: from(0, 3),
  cref: address,
  cw: from(0, 100),
  sv: from(1, 4),
  stop: from(10, 100),
};
const VERSIONS: Readonly<Record<string, Flags>> = {
  'v 6': six,
  'v 6.1': six,
  'v 7': {
    ...everywhere,
    q: oneOf('1', '2', '4'),
    iw: from(0, 3),
    sv: from(1, 6),
    oref: address,
    ow: from(1, 1_000),
  },
  'niji 6': six,
  'niji 7': { ...everywhere, iw: from(0, 2), sv: from(1, 4) },
};
const VIDEO: Flags = { motion: oneOf('low', 'high'), raw: bare, loop: bare, end: address };

const invalid = (message: string) => new Refused('invalid', { field: 'text', message });

/** Takes a text apart: what comes before the flags, and these. */
function read(text: string): { head: string; flags: ReadonlyMap<string, string> } {
  const [head = '', ...rest] = text.split(/\s+(?=--[a-z])/);
  const flags = new Map<string, string>();
  for (const part of rest) {
    const [, name = '', value = ''] = /^--([a-z]+)\s*([\s\S]*)$/.exec(part) ?? [];
    if (flags.has(name)) throw invalid(`--${name} stands twice`);
    flags.set(name, value.trim());
  }
  return { head, flags };
}

function checkFlags(flags: ReadonlyMap<string, string>, known: Flags): void {
  for (const [name, value] of flags) {
    if (known[name] === undefined) throw invalid(`there is no --${name} here`);
    if (!known[name](value)) throw invalid(`--${name} ${value} is not offered`);
  }
  const weights = { cw: 'cref', sw: 'sref', sv: 'sref', ow: 'oref' };
  for (const [weight, reference] of Object.entries(weights)) {
    if (flags.has(weight) && !flags.has(reference)) {
      throw invalid(`--${weight} without --${reference}`);
    }
  }
}

const Callback = { callback: z.url().optional() };
const PictureBody = z.strictObject({ text: z.string().min(1).max(8_192), ...Callback });
const VideoBody = z.strictObject({
  prompt: z.string().min(1).max(8_192),
  videoType: z.int().min(0).max(1).optional(),
  ...Callback,
});

function checkPicture(body: unknown) {
  const { text, callback } = parse(PictureBody, body);
  const { head, flags } = read(text);
  const version = ['v', 'niji'].flatMap((name) => (flags.has(name) ? `${name} ${flags.get(name)}` : []));
  const known = VERSIONS[version[0] ?? 'v 6.1'];
  if (known === undefined || version.length > 1) throw invalid(`${version.join(', ')} is not offered`);
  checkFlags(new Map([...flags].filter(([name]) => name !== 'v' && name !== 'niji')), known);
  if (head.replace(URL_AT_START, '').trim() === '') throw invalid('there is no prompt');
  if (flags.has('iw') && !URL_AT_START.test(head)) throw invalid('--iw without a picture');
  return { model: version[0] ?? 'v 6.1', callback };
}

function checkVideo(body: unknown) {
  const { prompt, callback } = parse(VideoBody, body);
  const { head, flags } = read(prompt);
  checkFlags(flags, VIDEO);
  if (!URL_AT_START.test(`${head} `)) throw invalid('the prompt begins with a picture');
  return { model: 'video', callback };
}

const refusal =
  (status: number, reason: string) =>
  ({ message }: Reason): Said => ({ status, body: { code: status, message, reason } });

const COMMENTS = { moderation: 'JobStatusReject', upstream: 'JobStatusFail', canceled: 'JobStatusCanceled' };
const STATUSES = { queued: 0, running: 1, done: 2, failed: 3 };
const WORDS = {
  queued: 'JobStatusCreated',
  running: 'JobStatusRunning',
  done: 'JobStatusSuccess',
  failed: 'JobStatusFail',
};

const news = (job: Job, comment: string) => ({
  id: job.wireId,
  text: Object.values(job.request.body as object)[0], // Checked at submit.
  status: STATUSES[job.state],
  comment: job.failure === undefined ? comment : COMMENTS[job.failure],
  urls: job.outputs.map(({ url }) => url),
  createTime: new Date(job.createdAtMs).toISOString(),
});

type Checked = { readonly model: string; readonly callback?: string | undefined };
const submit = (path: string, makes: MediaName, check: (body: unknown) => Checked): SubmitRoute => ({
  kind: 'submit',
  method: 'POST',
  path: `/v1/tob/${path}`,
  check: ({ body }) => {
    const { model, callback } = check(body);
    return { model, makes: Array<MediaName>(RESULTS).fill(makes), callbackUrl: callback };
  },
  answer: (job) => ({ status: 200, body: news(job, WORDS.queued) }),
});

const isKnown = ({ headers }: WireRequest): boolean =>
  headers['x-youchuan-app'] === APP && headers['x-youchuan-secret'] === SECRET;

export const youchuan: Definition = {
  name: 'youchuan',
  title: 'Youchuan (Midjourney)',
  env: (url) => ({ YOUCHUAN_BASE_URL: url, YOUCHUAN_APP_ID: APP, YOUCHUAN_SECRET: SECRET }),
  authorize: isKnown,
  refusals: {
    auth: refusal(401, 'Invalid_App_Identifier'),
    quota: refusal(402, 'Account_Fee_Not_Enough'),
    rate: refusal(429, 'Max_Concurrent_Limited'),
    busy: refusal(503, 'Server_Busy'),
    invalid: refusal(400, 'Invalid_Prompt_Parameter'),
    media: refusal(400, 'Invalid_Argument'),
    moderation: refusal(403, 'Msg_Sensitive'),
    'model-gone': refusal(405, 'Not_Support'),
    'unknown-job': refusal(404, 'Not_Found'),
  },
  newId: uuid,
  words: WORDS,
  links: { lifetimeMs: 24 * 3_600_000 },
  callback: { on: 'change', make: (job) => ({ body: news(job, WORDS[job.state]) }) },
  routes: ({ wordOf }) => [
    submit('diffusion', 'png', checkPicture),
    submit('video-diffusion', 'mp4', checkVideo),
    {
      kind: 'poll',
      method: 'GET',
      path: '/v1/tob/job/:id',
      id: ({ params }) => params.id ?? '',
      answer: (job) => ({ status: 200, body: news(job, wordOf(job)) }),
    },
    { kind: 'other', method: 'GET', path: '/v1/tob/subscribe', answer: () => ({ status: 200, body: { plans: [] } }) },
  ],
};
