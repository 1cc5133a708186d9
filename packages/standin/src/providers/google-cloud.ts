import { generateKeyPairSync, type KeyObject, verify } from 'node:crypto';
import { z } from 'zod';
import { type Definition, Refused, type Said, type WireRequest } from '../kit/definition.ts';
import type { Job } from '../kit/jobs.ts';
import { hex } from '../kit/random.ts';
import { bearerOf, parse } from '../kit/schema.ts';
import { ContentBody, contentAnswer, googleRefusal, makesOf, VeoBody, veoError } from './google-shapes.ts';

// Google's Agent Platform, edition of November 2026.

const PROJECT = 'standin-project';
const MAIL = 'reelay@standin-project.iam.gserviceaccount.com';
const TOKEN = 'ya29.standin-3Vb8Tq61Lm';
const MODELS = '/v1/projects/:project/locations/:location/publishers/google/models/:call';
const VEO_MODELS = ['veo-3.1-generate-001', 'veo-3.1-fast-generate-001', 'veo-3.1-lite-generate-001'];
const CONTENT_MODELS = [
  'gemini-3-pro-image',
  'gemini-3.1-flash-image',
  'gemini-3.1-flash-lite-image',
  'gemini-2.5-flash-image',
  'gemini-2.5-flash',
  'gemini-2.5-pro',
  'gemini-3-flash-preview',
  'gemini-3.1-pro-preview',
];

/** Made when it is first needed, for that takes a moment. */
let keys: { readonly publicKey: KeyObject; readonly privateKey: KeyObject } | undefined;
const keyPair = () => (keys ??= generateKeyPairSync('rsa', { modulusLength: 2_048 }));

const account = (url: string): string =>
  JSON.stringify({
    type: 'service_account',
    project_id: PROJECT,
    private_key_id: 'standin',
    private_key: keyPair().privateKey.export({ type: 'pkcs8', format: 'pem' }),
    client_email: MAIL,
    token_uri: `${url}/token`,
  });

const Claims = z.object({
  iss: z.literal(MAIL),
  scope: z.literal('https://www.googleapis.com/auth/cloud-platform'),
  aud: z.string(),
  iat: z.number(),
  exp: z.number(),
});
const TokenForm = z.object({
  grant_type: z.literal('urn:ietf:params:oauth:grant-type:jwt-bearer'),
  assertion: z.string(),
});

function isSigned(assertion: string, aud: string): boolean {
  const [head = '', body = '', signature = ''] = assertion.split('.');
  const claims = Claims.safeParse(JSON.parse(Buffer.from(body, 'base64url').toString('utf8'))).data;
  const isOwn = verify(
    'sha256',
    Buffer.from(`${head}.${body}`),
    keyPair().publicKey,
    Buffer.from(signature, 'base64url'),
  );
  return isOwn && claims?.aud === aud && claims.exp - claims.iat <= 3_600;
}

const callOf = ({ params }: WireRequest) => {
  const [model = '', method = ''] = (params.call ?? '').split(':');
  return { model, method };
};
const calls = (method: string) => (request: WireRequest) => callOf(request).method === method;
const known = (model: string, models: readonly string[]): void => {
  if (!models.includes(model)) throw new Refused('model-gone', { message: `Publisher model ${model} was not found.` });
};
const nameOf = (job: Job): string =>
  `projects/${PROJECT}/locations/us-central1/publishers/google/models/${job.model}/operations/${job.id}`;
const Fetch = z.strictObject({ operationName: z.string() });

function operation(job: Job): Said {
  const name = nameOf(job);
  if (job.state === 'queued' || job.state === 'running') return { status: 200, body: { name } };
  if (job.failure === 'upstream') return { status: 200, body: { name, done: true, error: veoError } };
  const videos = job.outputs.map(({ bytes, mediaType }) => ({
    bytesBase64Encoded: bytes.toString('base64'),
    mimeType: mediaType,
  }));
  const filtered = { raiMediaFilteredCount: 1, raiMediaFilteredReasons: ['Blocked. Support code: 29310472'] };
  const response = job.failure === 'moderation' ? filtered : { raiMediaFilteredCount: 0, videos };
  const type = 'type.googleapis.com/cloud.ai.large_models.vision.GenerateVideoResponse';
  return { status: 200, body: { name, done: true, response: { '@type': type, ...response } } };
}

export const googleCloud: Definition = {
  name: 'google-cloud',
  title: 'Google Agent Platform',
  env: (url) => ({
    GOOGLE_CLOUD_BASE_URL: `${url}/v1`,
    GOOGLE_CLOUD_PROJECT: PROJECT,
    GOOGLE_APPLICATION_CREDENTIALS: account(url),
  }),
  authorize: (request) => bearerOf(request) === TOKEN,
  refusals: googleRefusal,
  newId: (random) => hex(random, 32),
  links: { lifetimeMs: 48 * 3_600_000 },
  routes: (world) => [
    {
      kind: 'submit',
      method: 'POST',
      path: MODELS,
      when: calls('predictLongRunning'),
      check: (request) => {
        const { model } = callOf(request);
        known(model, VEO_MODELS);
        parse(VeoBody, request.body);
        return { model, makes: ['mp4'] };
      },
      answer: (job) => ({ status: 200, body: { name: nameOf(job) } }),
    },
    {
      kind: 'submit',
      method: 'POST',
      path: MODELS,
      when: calls('generateContent'),
      isSynchronous: true,
      check: (request) => {
        const { model } = callOf(request);
        known(model, CONTENT_MODELS);
        return { model, makes: makesOf(model, parse(ContentBody, request.body)) };
      },
      answer: contentAnswer,
    },
    {
      kind: 'poll',
      method: 'POST',
      path: MODELS,
      when: calls('fetchPredictOperation'),
      id: ({ body }) => parse(Fetch, body).operationName.split('/').at(-1) ?? '',
      answer: operation,
    },
    {
      kind: 'other',
      method: 'POST',
      path: '/token',
      isOpen: true,
      answer: ({ body }) => {
        const { assertion } = parse(TokenForm, body);
        return isSigned(assertion, `${world.url}/token`)
          ? { status: 200, body: { access_token: TOKEN, expires_in: 3_599, token_type: 'Bearer' } }
          : { status: 400, body: { error: 'invalid_grant', error_description: 'Invalid JWT Signature.' } };
      },
    },
  ],
};
