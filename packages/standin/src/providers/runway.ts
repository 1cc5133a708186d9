import { z } from 'zod';
import type { Definition, FormFile, Reason, Route, Said, SubmitRoute, World } from '../kit/definition.ts';
import { Refused } from '../kit/definition.ts';
import type { Job } from '../kit/jobs.ts';
import { uuid } from '../kit/random.ts';
import { bearerOf, parse } from '../kit/schema.ts';
import { CALLS, readBody } from './runway-bodies.ts';

// Runway's API, version 2024-11-06, edition of November 2026.

const KEY = 'key_standin_b7d3f09a6c1e4852';
const VERSION = '2024-11-06';
const CREDITS = 25;

const refusal =
  (status: number, say = (message: string) => message) =>
  ({ message }: Reason): Said => ({ status, body: { error: say(message) } });

const WORDS = { queued: 'PENDING', running: 'RUNNING', done: 'SUCCEEDED', failed: 'FAILED' };
const FAILURES = {
  moderation: { failure: 'Did not pass moderation.', failureCode: 'SAFETY.OUTPUT.VIDEO' },
  upstream: { failure: 'An unexpected error occurred.', failureCode: 'INTERNAL.BAD_OUTPUT.CODE01' },
};

function task(job: Job, word: string): Said {
  const common = { id: job.wireId, createdAt: new Date(job.createdAtMs).toISOString() };
  const of = (status: string, more: object): Said => ({ status: 200, body: { ...common, status, ...more } });
  if (job.failure === 'canceled') return of('CANCELLED', { cost: { credits: 0 } });
  if (job.failure !== undefined) return of(word, { ...FAILURES[job.failure], cost: { credits: 0 } });
  if (job.state === 'done') {
    return of(word, { output: job.outputs.map(({ url }) => `${url}?_jwt=1`), cost: { credits: CREDITS } });
  }
  const progress = job.state === 'running' ? { progress: job.fraction } : {};
  return of(word, { ...progress, estimatedCost: { credits: CREDITS } });
}

function uploads(world: World, known: Set<string>): Route[] {
  return [
    {
      kind: 'other',
      method: 'POST',
      path: '/v1/uploads',
      answer: ({ body }) => {
        parse(z.strictObject({ filename: z.string().min(3), type: z.literal('ephemeral') }), body);
        const id = uuid(world.random);
        return {
          status: 200,
          body: {
            uploadUrl: `${world.url}/storage`,
            fields: { key: id, policy: 'standin' },
            runwayUri: `runway://${id}`,
          },
        };
      },
    },
    {
      kind: 'other',
      method: 'POST',
      path: '/storage',
      isOpen: true,
      answer: ({ body }) => {
        const { key, policy, file } = Object(body) as { key?: unknown; policy?: unknown; file?: Partial<FormFile> };
        const { bytes, mediaType = '' } = file ?? {};
        if (typeof key !== 'string' || policy !== 'standin' || bytes === undefined || bytes.length === 0) {
          return { status: 403, body: { error: 'the form is not what was agreed' } };
        }
        world.keep({ bytes, mediaType, extension: mediaType.split('/')[1] ?? 'bin' });
        known.add(`runway://${key}`);
        return { status: 204, bytes: Buffer.alloc(0) };
      },
    },
  ];
}

function submits(known: Set<string>): SubmitRoute[] {
  return CALLS.map((call) => ({
    kind: 'submit',
    method: 'POST',
    path: `/v1/${call}`,
    check: ({ body }) => {
      const { model, uris } = readBody(call, body);
      const missing = uris.find((uri) => !known.has(uri));
      if (missing !== undefined) throw new Refused('media', { message: `${missing} is not known` });
      return { model, makes: [call === 'text_to_image' ? 'png' : 'mp4'] };
    },
    answer: (job) => ({ status: 200, body: { id: job.wireId, estimatedCost: { credits: CREDITS } } }),
  }));
}

export const runway: Definition = {
  name: 'runway',
  title: 'Runway',
  env: (url) => ({ RUNWAYML_BASE_URL: url, RUNWAYML_API_SECRET: KEY }),
  authorize: (request) => bearerOf(request) === KEY && request.headers['x-runway-version'] === VERSION,
  refusals: {
    auth: refusal(401),
    quota: refusal(400, () => 'You do not have enough credits to run this task.'),
    rate: refusal(429),
    busy: refusal(503),
    invalid: refusal(400, (message) => `Validation of body failed: ${message}`),
    media: refusal(400, (message) => `Failed to fetch asset: ${message}`),
    moderation: refusal(400, () => 'The prompt did not pass moderation.'),
    'model-gone': refusal(403, (message) =>
      message.startsWith('Model') ? message : 'Model variant x is not available.',
    ),
    'unknown-job': refusal(404),
  },
  newId: uuid,
  words: WORDS,
  links: { lifetimeMs: 24 * 3_600_000 },
  routes: (world) => {
    const known = new Set<string>();
    return [
      ...submits(known),
      ...uploads(world, known),
      {
        kind: 'poll',
        method: 'GET',
        path: '/v1/tasks/:id',
        id: ({ params }) => params.id ?? '',
        answer: (job) => task(job, world.wordOf(job)),
      },
      {
        kind: 'cancel',
        method: 'DELETE',
        path: '/v1/tasks/:id',
        id: ({ params }) => params.id ?? '',
        answer: () => ({ status: 204, bytes: Buffer.alloc(0) }),
      },
      {
        kind: 'other',
        method: 'GET',
        path: '/v1/organization',
        answer: () => ({
          status: 200,
          body: { creditBalance: 1_000, tier: { maxMonthlyCreditSpend: 10_000 }, usage: {} },
        }),
      },
    ];
  },
};
