import { createHash, createHmac } from 'node:crypto';
import { z } from 'zod';
import { type Definition, type Reason, Refused, type Said, type WireRequest } from '../kit/definition.ts';
import type { Job } from '../kit/jobs.ts';
import { digits } from '../kit/random.ts';
import { base64, parse, webAddress } from '../kit/schema.ts';

// Tencent Cloud's API 3.0 with Hunyuan 3D, edition of November 2026.

const SECRET_ID = 'AKIDstandin8rT2kW5mQ';
const SECRET_KEY = 'tcStandinKey7Gh3Pz90';
const VERSION = '2025-05-13';

const BESIDES = ['left', 'right', 'back', 'top', 'bottom', 'left_front', 'right_front'];
const ONLY_31 = BESIDES.slice(3);
const View = z.strictObject({
  ViewType: z.literal(BESIDES),
  ViewImageUrl: webAddress().optional(),
  ViewImageBase64: base64().optional(),
});
const Body = z.strictObject({
  Model: z.enum(['3.0', '3.1']).optional(),
  Prompt: z.string().min(1).optional(),
  ImageUrl: webAddress().optional(),
  ImageBase64: base64().optional(),
  MultiViewImages: z.array(View).min(1).max(BESIDES.length).optional(),
  EnablePBR: z.boolean().optional(),
  FaceCount: z.int().min(40_000).max(1_500_000).optional(),
  GenerateType: z.enum(['Normal', 'LowPoly', 'Geometry', 'Sketch']).optional(),
  PolygonType: z.enum(['triangle', 'quadrilateral']).optional(),
  ResultFormat: z.string().optional(),
});
const Query = z.strictObject({ JobId: z.string().min(1) });

const invalid = (field: string, message: string) => new Refused('invalid', { field, message: `${field}: ${message}` });

function read(body: unknown): z.infer<typeof Body> {
  const sent = parse(Body, body);
  const { Model: model = '3.0', Prompt: prompt, MultiViewImages: views = [], GenerateType: type = 'Normal' } = sent;
  const images = [sent.ImageUrl, sent.ImageBase64].filter((one) => one !== undefined).length;
  if (images > 1) throw invalid('ImageBase64', 'a picture comes in one way');
  const sources = images + (prompt === undefined ? 0 : 1);
  if (sources === 0 || (sources > 1 && type !== 'Sketch')) throw invalid('Prompt', 'exactly one of Prompt and picture');
  if (prompt !== undefined && Buffer.byteLength(prompt) > 1_024) throw invalid('Prompt', 'at most 1024 bytes');
  if (sent.PolygonType !== undefined && type !== 'LowPoly') throw invalid('PolygonType', 'only with LowPoly');
  const types = views.map(({ ViewType: view }) => view);
  if (new Set(types).size < types.length) throw invalid('MultiViewImages', 'each view once');
  if (model !== '3.1' && types.some((view) => ONLY_31.includes(view))) throw invalid('ViewType', 'only with 3.1');
  if (views.some((view) => (view.ViewImageUrl === undefined) === (view.ViewImageBase64 === undefined))) {
    throw invalid('MultiViewImages', 'a picture comes in one way');
  }
  return sent;
}

const said = (members: object): Said => ({ status: 200, body: { Response: { ...members, RequestId: 'standin' } } });
const refusal =
  (code: string) =>
  ({ message }: Reason): Said =>
    said({ Error: { Code: code, Message: message } });

const isAction =
  (action: string) =>
  ({ headers }: WireRequest): boolean =>
    headers['x-tc-action'] === action && headers['x-tc-version'] === VERSION;

const WORDS = { queued: 'WAIT', running: 'RUN', done: 'DONE', failed: 'FAIL' };
const TROUBLE = {
  moderation: ['OperationDenied.ImageIllegalDetected', 'the result breaks the rules'],
  upstream: ['FailedOperation.InnerError', 'inner error'],
  canceled: ['FailedOperation.InnerError', 'stopped'],
} as const;

function view(job: Job, state: string): Said {
  const [code, message] = job.failure === undefined ? ['', ''] : TROUBLE[job.failure];
  return said({
    Status: state,
    ErrorCode: code,
    ErrorMessage: message,
    ResultFile3Ds: job.outputs.map(({ url }) => ({ Type: 'GLB', Url: url, PreviewImageUrl: `${url}?preview` })),
  });
}

const SIGNATURE =
  /^TC3-HMAC-SHA256 Credential=([^/]+)\/(\d{4}-\d\d-\d\d)\/ai3d\/tc3_request, SignedHeaders=([a-z0-9;-]+), Signature=([0-9a-f]{64})$/;
const sha256 = (data: string | Buffer): string => createHash('sha256').update(data).digest('hex');

/** TC3-HMAC-SHA256. */
function isSigned({ method, path, headers, rawBody }: WireRequest): boolean {
  const [, id, date = '', names = '', signature] = SIGNATURE.exec(headers.authorization ?? '') ?? [];
  const seconds = headers['x-tc-timestamp'] ?? '';
  const isDated = /^\d+$/.test(seconds) && new Date(Number(seconds) * 1_000).toISOString().startsWith(date);
  if (id !== SECRET_ID || !isDated || !names.split(';').includes('host')) return false;
  const lines = names.split(';').map((name) => `${name}:${headers[name] ?? ''}\n`);
  const canonical = [method, path, '', lines.join(''), names, sha256(rawBody)].join('\n');
  let key: Buffer | string = `TC3${SECRET_KEY}`;
  for (const part of [date, 'ai3d', 'tc3_request']) key = createHmac('sha256', key).update(part).digest();
  const text = `TC3-HMAC-SHA256\n${seconds}\n${date}/ai3d/tc3_request\n${sha256(canonical)}`;
  return createHmac('sha256', key).update(text).digest('hex') === signature;
}

export const tencent: Definition = {
  name: 'tencent',
  title: 'Tencent Cloud Hunyuan 3D',
  env: (url) => ({ TENCENT_BASE_URL: url, TENCENTCLOUD_SECRET_ID: SECRET_ID, TENCENTCLOUD_SECRET_KEY: SECRET_KEY }),
  authorize: isSigned,
  refusals: {
    auth: refusal('AuthFailure.SignatureFailure'),
    quota: refusal('ResourceUnavailable.InArrears'),
    rate: refusal('RequestLimitExceeded.JobNumExceed'),
    busy: refusal('InternalError'),
    invalid: refusal('InvalidParameterValue'),
    media: refusal('FailedOperation.ImageDownloadError'),
    moderation: refusal('OperationDenied.TextIllegalDetected'),
    'model-gone': refusal('InvalidAction'),
    'unknown-job': refusal('InvalidParameterValue.JobId'),
  },
  newId: (random) => digits(random, 19),
  words: WORDS,
  links: { lifetimeMs: 24 * 3_600_000 },
  routes: ({ wordOf }) => [
    {
      kind: 'submit',
      method: 'POST',
      path: '/',
      when: isAction('SubmitHunyuanTo3DProJob'),
      check: ({ body }) => ({ model: read(body).Model ?? '3.0', makes: ['glb'] }),
      answer: (job) => said({ JobId: job.wireId }),
    },
    {
      kind: 'poll',
      method: 'POST',
      path: '/',
      when: isAction('QueryHunyuanTo3DProJob'),
      id: ({ body }) => parse(Query, body).JobId,
      answer: (job) => view(job, wordOf(job)),
    },
  ],
};
