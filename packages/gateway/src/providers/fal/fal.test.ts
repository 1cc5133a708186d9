import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findDefinition } from '@reelay/standin';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { JobFile } from '../../contract/asset.ts';
import { UpstreamError } from '../fault.ts';
import { createSpool } from '../kit/spool.ts';
import { createUpstream } from '../kit/upstream.ts';
import type { Job } from '../provider.ts';
import { coverRoutes } from '../testing/coverage.ts';
import { toJob } from '../testing/jobs.ts';
import { providerContract } from '../testing/provider.contract.ts';
import { type Exchange, startReplay } from '../testing/replay.ts';
import { openScene, requireEndpoint } from '../testing/scene.ts';
import { fal } from './fal.ts';
import { createStorage } from './storage.ts';
import { faultOf, faultOfResult, outputsOf, toFailure } from './wire.ts';

const standin = findDefinition('fal');
if (standin === undefined) throw new Error('there is no stand-in for fal');

describe('the contract of providers', () =>
  providerContract({
    type: fal,
    standin,
    endpoints: [
      'kling-v3.0-pro/image-to-video',
      'rhart-image-n-pro/text-to-image',
      'rhart-audio/text-to-audio/speech-2.8-hd',
      'hunyuan3d-v3.1/image-to-3d',
    ],
  }));

/** Where fal takes less than the catalog offers: `endpoint: reason`. */
const KNOWN: readonly RegExp[] = [
  // Values that the model does not have.
  /(aspectRatio|resolution|duration|size|effect|generateType|bitrate|outputFormat) .* is not offered there: only /,
  /^rhart-video-g\/.*: duration \d+ is not offered there: at most (10|15)$/,
  /^rhart-video\/wan-2\.2\/.*: resolution "(1024×1920|1920×1024)" is not offered there$/,
  /^rhart-image-g-2\/.*: aspectRatio "empty" at [24]k is not offered there$/,
  /^kling-video-o3-(pro|std)\/reference-to-video: multiShot "intelligent" is not offered there: only customize$/,
  // Parameters that it does not have.
  /^alibaba\/wan-2\.5-preview\/image-to-image: promptExtend false has no counterpart there$/,
  /^alibaba\/wan-2\.6\/reference-to-video: imageUrls has no counterpart there$/,
  /^alibaba\/wan-2\.7\/text-to-image(-pro)?: thinkingMode false has no counterpart there$/,
  /^alibaba\/wan-2\.7\/(reference-to-video|video-edit): (audioUrl|negativePrompt|promptExtend false) has no counterpart there$/,
  /^(bytedance\/seedance-2\.0-global|rhart-video\/sparkvideo-2\.0).*: (seed \d+|(webSearch|returnLastFrame) true) has no counterpart there$/,
  /^kling-v3\.0-(pro|std)\/motion-control: negativePrompt has no counterpart there$/,
  /^kling-video-o3-(pro|std)\/reference-to-video: (sound true|multiPrompt) has no counterpart there$/,
  /^kling-.*\/(text|image)-to-video: elementList has no counterpart there$/,
  /^(meshy6\/text-to-3d|vidu\/text-to-video.*): (artStyle|style) "\w+" has no counterpart there$/,
  /^minimax\/voice-design: aigcWatermark true has no counterpart there$/,
  /^rhart-audio\/text-to-audio\/speech-.*: enable_base64_output true has no counterpart there$/,
  /^rhart-video-v3\.1-pro-official\/reference-to-video: (seed|negativePrompt) has no counterpart there$/,
  /^rhart-video\/wan-2\.2\/(image-to-video|start-to-end): (negative_prompt|duration "8") has no counterpart there$/,
  /^vidu\/start-end-to-video-q3-(pro|turbo): movementAmplitude "\w+" has no counterpart there$/,
  // What is not needed here, and is there.
  /: prompt is required there$/,
  /^alibaba\/wan-2\.6\/reference-to-video: video_urls is required there$/,
  /^alibaba\/wan-2\.7\/video-edit: video_url is required there$/,
  /^minimax\/hailuo-02\/(pro|standard): image_url is required there$/,
  /^pixverse-(c1|v6)\/transition: end_image_url is required there$/,
  // How many.
  /^(alibaba\/wan-2\.7\/video-edit|rhart-video-v3\.1-(fast|lite)\/image-to-video): imageUrls holds \d, and one is taken there$/,
  // Shots.
  /^kling-.*: multiPrompt is not used there when the model cuts the shots$/,
  /^kling-.*: multiShot needs the shots in multiPrompt$/,
];
/** Whose example holds something of the above. */
const EXAMPLE_REFUSED = [
  'alibaba/wan-2.6/image-to-video-flash',
  'alibaba/wan-2.6/reference-to-video',
  'alibaba/wan-2.6/reference-to-video-flash',
  'alibaba/wan-2.7/text-to-image-pro',
  'pixverse-c1/image-to-video',
  'rhart-video-v3.1-fast/image-to-video',
  'rhart-video/f-kontext/dev-lora',
  'rhart-video/wan-2.2/image-to-image',
  'rhart-video/wan-2.2/image-to-video',
  'seedream-v4/image-to-image',
  'seedream-v4/text-to-image',
  'vidu/image-to-video-q2-pro',
  'vidu/image-to-video-q2-turbo',
  'vidu/reference-to-video-q3-mix',
  'vidu/start-end-to-video-q2-pro',
  'vidu/start-end-to-video-q2-turbo',
  'vidu/start-end-to-video-q3-turbo',
  'vidu/text-to-video',
];

test('every live route takes whatever is valid, or says why not', async () => {
  const routes = await coverRoutes({ type: fal, standin, settings: { loraUrl: 'https://loras.example.com' } });
  expect(routes.flatMap(({ mistakes }) => mistakes)).toEqual([]);
  expect(routes.filter(({ isCovered }) => !isCovered).map(({ route }) => route.endpoint)).toEqual(EXAMPLE_REFUSED);
  const reasons = routes.flatMap(({ route, refused }) => refused.map((reason) => `${route.endpoint}: ${reason}`));
  expect(reasons.filter((reason) => !KNOWN.some((known) => known.test(reason)))).toEqual([]);
});

const signal = (): AbortSignal => AbortSignal.timeout(10_000);
/** A job of ours at a server that plays fal. */
async function play(exchanges: readonly Exchange[], settings: Record<string, string> = {}) {
  const replay = await startReplay(exchanges);
  onTestFinished(() => replay.close());
  const provider = fal.create({
    credentials: { apiKey: 'id:secret' },
    settings: { baseUrl: replay.url, restUrl: replay.url, ...settings },
    canBeReached: true,
    clock: { nowMs: () => 0, after: () => () => {} },
    random: () => 0.5,
    spool: createSpool('/nowhere'),
    log: { debug() {}, info() {}, warn() {}, error() {} },
  });
  const endpoint = requireEndpoint('kling-v2.5-turbo-std/image-to-video');
  // biome-ignore format: one route
  const route = { endpoint: endpoint.id, model: 'fal-ai/kling-video/v2.5-turbo/standard/image-to-video', status: 'ok' } as const;
  const input = { prompt: 'a kite', duration: '5', firstImageUrl: 'https://example.com/a.png' };
  const submit = (more: Partial<Job> = {}) => provider.submit(toJob(endpoint, route, input, more), signal());
  return { replay, provider, submit };
}

const CALL = 'POST /fal-ai/kling-video/v2.5-turbo/standard/image-to-video';
const AT = '/fal-ai/kling-video/requests/b7c1';
const video = { url: 'https://media.example/out.mp4', content_type: 'video/mp4', file_size: null };

test('a job from submit to its file, behind a proxy: fal gives addresses of its own', async () => {
  const theirs = 'https://queue.fal.run/fal-ai/kling-video/requests/b7c1';
  // biome-ignore format: an exchange a row
  const { replay, provider, submit } = await play(
    [
      { call: `${CALL}?fal_webhook=https%3A%2F%2Fours.example%2Fhook%3Fa%3D1`, body: { request_id: 'b7c1', response_url: theirs, status_url: `${theirs}/status`, cancel_url: `${theirs}/cancel`, queue_position: 0 } },
      { call: `GET ${AT}/status`, status: 202, body: { status: 'IN_QUEUE', queue_position: 2 } },
      { call: `GET ${AT}/status`, status: 202, body: { status: 'IN_PROGRESS', logs: [{ message: 'step 3' }] } },
      { call: `GET ${AT}/status`, body: { status: 'COMPLETED', logs: null } },
      { call: `GET ${AT}`, headers: { 'x-fal-billable-units': '2.5' }, body: { video } },
    ],
    { unitPrices: 'fal-ai/other=9, fal-ai/kling-video/v2.5-turbo/standard/image-to-video=0.2' },
  );
  const { handle } = await submit({ callbackUrl: 'https://ours.example/hook?a=1' });
  expect(await provider.poll(handle, signal())).toEqual({ state: 'pending' });
  expect(await provider.poll(handle, signal())).toEqual({ state: 'pending' });
  expect(await provider.poll(handle, signal())).toEqual({
    state: 'succeeded',
    outputs: [{ kind: 'url', url: video.url }],
    cost: { micros: 500_000, currency: 'USD' },
  });
  expect(replay.heard[0]).toMatchObject({
    headers: { authorization: 'Key id:secret' },
    body: {
      prompt: 'a kite',
      duration: '5',
      cfg_scale: 0.5,
      image_url: 'https://files.reelay.test/asset_firstImageUrl_0.png',
    },
  });
});

test('an answer without addresses: only the application counts in the path of a job', async () => {
  const { provider, submit } = await play([
    { call: CALL, body: { request_id: 'b7c1' } },
    { call: `GET ${AT}/status`, body: { status: 'COMPLETED' } },
    { call: `GET ${AT}`, headers: { 'x-fal-billable-units': '2.5' }, body: { video } },
    { call: `PUT ${AT}/cancel`, status: 202, body: { status: 'CANCELLATION_REQUESTED' } },
    { call: `PUT ${AT}/cancel`, status: 400, body: { status: 'ALREADY_COMPLETED' } },
    { call: `PUT ${AT}/cancel`, status: 404, body: { status: 'NOT_FOUND' } },
  ]);
  const { handle } = await submit();
  expect(await provider.poll(handle, signal())).toMatchObject({ cost: { micros: 2_500_000, currency: 'units' } });
  await provider.cancel?.(handle, signal());
  await expect(provider.cancel?.(handle, signal())).rejects.toBeInstanceOf(UpstreamError);
  await expect(provider.cancel?.(handle, signal())).rejects.toBeInstanceOf(UpstreamError);
});

// biome-ignore format: a case a row
test.each<[string, Omit<Exchange, 'call'>, unknown]>([
  ['too early', { status: 400, body: { detail: 'Request is still in progress' } }, { state: 'pending' }],
  [
    'refused by their rules',
    { status: 422, headers: { 'x-fal-retryable': 'false' }, body: { detail: [{ loc: ['body', 'prompt'], msg: 'Flagged.', type: 'content_policy_violation' }] } },
    { state: 'failed', code: 'content_refused', message: 'prompt: Flagged.' },
  ],
  [
    'a picture that will not do',
    { status: 422, body: { detail: [{ loc: ['body', 'start_image_url'], msg: 'Too small.', type: 'image_too_small', ctx: { min_width: 300 } }] } },
    { state: 'failed', code: 'media_unusable', message: 'start_image_url: Too small.' },
  ],
  [
    'a value that will not do',
    { status: 422, body: { detail: [{ loc: ['body', 'image_size', 'width'], msg: 'Must be less.', type: 'less_than' }] } },
    { state: 'failed', code: 'invalid_input', message: 'image_size.width: Must be less.' },
  ],
  [
    'trouble behind it',
    { status: 503, headers: { 'x-fal-retryable': 'true' }, body: { detail: 'Down', error_type: 'downstream_service_unavailable' } },
    { state: 'failed', code: 'generation_failed', message: 'Down' },
  ],
  ['too slow', { status: 504, body: { detail: 'Too slow', error_type: 'generation_timeout' } }, { state: 'failed', code: 'timed_out', message: 'Too slow' }],
  ['canceled', { status: 400, body: { detail: 'Stopped', error_type: 'client_cancelled' } }, { state: 'failed', code: 'canceled', message: 'Stopped' }],
  ['nothing was made', { status: 422, body: { detail: [{ loc: ['body'], msg: 'None.', type: 'no_media_generated' }] } }, { state: 'failed', code: 'content_refused', message: 'None.' }],
  ['no file', { body: { video: null, seed: 7 } }, { state: 'failed', code: 'content_refused', message: 'fal ended the job without a file' }],
])('a result that is %s', async (_name, answer, progress) => {
  const { provider, submit } = await play([
    { call: CALL, body: { request_id: 'b7c1' } },
    { call: `GET ${AT}/status`, body: { status: 'COMPLETED' } },
    { call: `GET ${AT}`, ...answer },
  ]);
  const { handle } = await submit();
  expect(await provider.poll(handle, signal())).toEqual(progress);
});

// biome-ignore format: one line
const answered = (status: number, detail: unknown, more: { error_type?: string; headers?: Record<string, string> } = {}) => {
  const { headers = {}, ...rest } = more;
  return { status, headers, body: { detail, ...rest }, text: '' };
};

test.each([
  [401, 'Authentication is required', {}, 'auth'],
  [403, 'User is locked. Reason: Exhausted balance.', {}, 'quota'],
  [403, 'Not for you', {}, 'auth'],
  [402, 'Pay first', {}, 'quota'],
  [429, 'Slower', {}, 'rate'],
  [400, 'What?', { error_type: 'bad_request' }, 'invalid'],
  [500, 'Oh', { error_type: 'internal_server_error' }, 'busy'],
  [500, 'Oh', { error_type: 'internal_server_error', headers: { 'x-fal-retryable': 'false' } }, 'failed'],
  [502, 'Oh', { error_type: 'downstream_service_error' }, 'busy'],
  [503, 'Oh', { headers: { 'x-fal-error-type': 'runner_disconnected' } }, 'busy'],
  [504, 'Slow', { error_type: 'startup_timeout', headers: { 'x-fal-retryable': 'true' } }, 'busy'],
  [504, 'Slow', { error_type: 'request_timeout' }, 'unknown'],
] as const)('a submit that gets %i with %j %j is %s', (status, detail, more, fault) => {
  expect(faultOf(answered(status, detail, more))).toEqual({ fault, message: detail });
});

test('what has no words of its own is read by its status', () => {
  expect(faultOf(answered(200, 'fine'))).toBeUndefined();
  expect(faultOf(answered(404, 'Application not found'))).toBeUndefined();
  expect(faultOf({ status: 502, headers: {}, body: undefined, text: '<html>' })).toBeUndefined();
  expect(faultOfResult(answered(401, 'Authentication is required'))?.fault).toBe('auth');
  expect(() => toFailure(new UpstreamError('auth', 'no'))).toThrow('no');
});

test('files are found in lists and objects, in order, each once, without black ones', () => {
  const at = (name: string) => ({ url: `https://media.example/${name}` });
  const urls = (result: Record<string, unknown>, ...members: string[]) =>
    outputsOf(result, members).map((output) => output.kind === 'url' && output.url.slice(21));
  expect(urls({ images: [at('a'), at('b')], seed: 1 }, 'images')).toEqual(['/a', '/b']);
  expect(urls({ images: [at('a'), at('b')], has_nsfw_concepts: [true, false] }, 'images')).toEqual(['/b']);
  const shape = {
    model_glb: at('m.glb'),
    model_urls: { glb: at('m.glb'), obj: at('m.obj'), stl: null },
    thumbnail: at('t'),
  };
  expect(urls(shape, 'model_glb', 'model_urls')).toEqual(['/m.glb', '/m.obj']);
  expect(urls({ audio: { url: '' } }, 'audio', 'video')).toEqual([]);
});

async function fileOf(sizeBytes: number): Promise<JobFile & { bytes: Buffer }> {
  const folder = await mkdtemp(join(tmpdir(), 'reelay-fal-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const bytes = Buffer.alloc(sizeBytes, 'reelay ');
  await writeFile(join(folder, 'a.mp4'), bytes);
  const facts = { kind: 'video', format: 'mp4', sizeBytes } as const;
  return { assetId: 'asset_1', path: join(folder, 'a.mp4'), url: 'http://127.0.0.1:9/a.mp4', facts, bytes };
}

test('where nobody can reach us small files go along, and large ones go to the storage, each once', async () => {
  const scene = await openScene({ type: fal, standin, canBeReached: false });
  onTestFinished(() => scene.close());
  const small = scene.job('kling-v3.0-pro/image-to-video');
  await scene.submit(small);
  expect(scene.standin.control.jobs.at(-1)?.request.body).toMatchObject({
    start_image_url: expect.stringMatching(/^data:image\/png;base64,/),
  });
  const file = await fileOf(1024 ** 2 + 1);
  await scene.submit(scene.job('kling-v3.0-pro/motion-control', { media: { imageUrl: [file], videoUrl: [file] } }));
  const { image_url: image, video_url: clip } = Object(scene.standin.control.jobs.at(-1)?.request.body);
  expect(image).toBe(clip);
  const stored = await fetch(clip);
  expect(stored.headers.get('content-type')).toBe('video/mp4');
  expect(Buffer.from(await stored.arrayBuffer()).equals(file.bytes)).toBe(true);
});

test('a file that is too large for one piece is stored in pieces', async () => {
  const scene = await openScene({ type: fal, standin });
  onTestFinished(() => scene.close());
  const { FAL_REST_URL: baseUrl = '', FAL_KEY: key = '' } = scene.standin.env;
  const rest = createUpstream({ baseUrl, authorize: () => ({ authorization: `Key ${key}` }), faultOf, secrets: [] });
  const store = createStorage(rest, { wholeBytes: 1_000, partBytes: 400 });
  const file = await fileOf(1_001);
  const stored = await fetch(await store(file, signal()));
  expect(Buffer.from(await stored.arrayBuffer()).equals(file.bytes)).toBe(true);
  const pieces = scene.standin.control.requests.filter(({ method }) => method === 'PUT');
  expect(pieces.length).toBe(3);
});
