import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Input } from '@reelay/catalog';
import { findDefinition, mediaOf } from '@reelay/standin';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import type { Job } from '../provider.ts';
import { coverRoutes } from '../testing/coverage.ts';
import { providerContract } from '../testing/provider.contract.ts';
import { type Exchange, startReplay } from '../testing/replay.ts';
import { openScene, type Scene } from '../testing/scene.ts';
import { topaz } from './topaz.ts';
import { ClipStatus, clipProgress, faultOf, PictureStatus, pictureNews } from './wire.ts';

const standin = findDefinition('topaz');
if (standin === undefined) throw new Error('there is no stand-in for topaz');

const judges = 'it enlarges what there is, and judges nothing';
const withoutJudgement = { 'refuse-moderation': judges, 'fail-moderation': judges } as const;

describe('the contract of providers: pictures', () =>
  providerContract({
    type: topaz,
    standin,
    endpoints: ['topazlabs/image-upscale-standard-v2', 'topazlabs/image-upscale-high-fidelity-v2'],
    without: withoutJudgement,
  }));

const isFree = 'asking for a place is free and starts nothing, so it may be done again';
describe('the contract of providers: clips', () =>
  providerContract({
    type: topaz,
    standin,
    endpoints: ['topazlabs/video-upscale'],
    without: {
      ...withoutJudgement,
      'lost-before': isFree,
      'lost-answer': isFree,
      'html-answer': isFree,
      'truncated-json': isFree,
      'oversized-answer': isFree,
      'server-error-after-accept': isFree,
    },
  }));

test('every live route takes whatever is valid, or says why not', async () => {
  const routes = await coverRoutes({ type: topaz, standin });
  expect(routes.length).toBe(6);
  expect(routes.flatMap(({ mistakes }) => mistakes)).toEqual([]);
  expect(routes.filter(({ isCovered }) => !isCovered)).toEqual([]);
  expect(routes.flatMap(({ refused }) => refused)).toEqual([]);
});

let scene: Scene;
beforeAll(async () => {
  scene = await openScene({ type: topaz, standin });
});
afterAll(() => scene.close());

const picture = 'https://example.com/a.png';
const clip = 'https://example.com/a.mp4';
/** The job with a file of other facts. */
function jobWith(id: string, input: Input, facts: Record<string, unknown>): Job {
  const job = scene.jobOf(id, input);
  const media = Object.entries(job.media).map(([name, all]) => [
    name,
    all.map((one) => ({ ...one, facts: { ...one.facts, ...facts } })),
  ]);
  return { ...job, media: Object.fromEntries(media) };
}

test('the form of a picture: the size that the factor makes, and the format that came', async () => {
  const input = { imageUrl: picture, scale: '4x', subjectDetection: 'Background', faceEnhancement: false };
  await scene.submit(jobWith('topazlabs/image-upscale/low-resolution-v2', input, { widthPx: 640, heightPx: 361 }));
  expect(scene.standin.control.requests.at(-1)?.body).toEqual({
    source_url: expect.stringMatching(/^https:.*imageUrl_0/),
    model: 'Low Resolution V2',
    output_width: '2560',
    output_height: '1444',
    output_format: 'png',
    subject_detection: 'Background',
    face_enhancement: 'false',
    face_enhancement_strength: '0.8',
    face_enhancement_creativity: '0',
  });
  await scene.submit(jobWith('topazlabs/image-upscale-cgi', input, { format: 'jpg' }));
  expect(scene.standin.control.requests.at(-1)?.body).toMatchObject({ model: 'CGI', output_format: 'jpeg' });
});

test('a picture goes along where nobody can reach us', async () => {
  const unreached = await openScene({ type: topaz, standin, canBeReached: false });
  onTestFinished(() => unreached.close());
  await unreached.submit(unreached.job('topazlabs/image-upscale-text-refine'));
  const body = Object(unreached.standin.control.requests.at(-1)?.body);
  expect(body.source_url).toBeUndefined();
  expect(body.image).toMatchObject({ bytes: mediaOf('png').bytes });
});

test.each([
  ['a wide clip', { widthPx: 1_280, heightPx: 720 }, '1080p', '60', { width: 1_920, height: 1_080 }],
  ['a tall clip', { widthPx: 480, heightPx: 854 }, '4k', '30', { width: 2_160, height: 3_844 }],
  ['a square clip', { widthPx: 512, heightPx: 512 }, '720p', '30', { width: 720, height: 720 }],
])('the request for %s', async (_name, facts, targetResolution, targetFps, resolution) => {
  const input = { videoUrl: clip, targetResolution, targetFps };
  await scene.submit(jobWith('topazlabs/video-upscale', input, { ...facts, hasAudio: false }));
  const [request, put] = scene.standin.control.requests.slice(-2);
  const fps = Number(targetFps);
  expect(request?.body).toEqual({
    source: { container: 'mp4' },
    filters: [{ model: 'prob-4' }, { model: 'apo-8', slowmo: 1, fps }],
    output: {
      resolution,
      frameRate: fps,
      audioCodec: 'AAC',
      audioTransfer: 'None',
      dynamicCompressionLevel: 'High',
      container: 'mp4',
    },
  });
  expect(put?.path).toMatch(/^\/_put\/.*source\.mp4$/);
});

test('what cannot be enlarged as asked is refused', () => {
  const reasons = (id: string, input: Input, facts: Record<string, unknown>) =>
    scene.provider.refuses?.(jobWith(id, input, facts));
  const still = { imageUrl: picture, scale: '6x' };
  expect(reasons('topazlabs/image-upscale-cgi', still, { widthPx: 6_000, heightPx: 100 })).toEqual([
    'scale "6x" makes 36000 by 600 pixels; at most 32000 a side there',
  ]);
  expect(reasons('topazlabs/image-upscale-cgi', still, { widthPx: undefined })).toEqual([
    'the size of imageUrl is not known',
  ]);
  const moving = { videoUrl: clip, targetResolution: '4k', targetFps: '60' };
  expect(reasons('topazlabs/video-upscale', moving, { heightPx: undefined })).toEqual([
    'the size of videoUrl is not known',
  ]);
  expect(reasons('topazlabs/video-upscale', moving, { format: 'webm' })).toEqual([
    'videoUrl is webm; only mp4, mov, mkv there',
  ]);
});

describe('a clip begins when it has arrived', () => {
  const signal = () => AbortSignal.timeout(5_000);
  const job = () => scene.job('topazlabs/video-upscale');
  async function withReplay(exchanges: readonly Exchange[]) {
    const replay = await startReplay(exchanges);
    onTestFinished(() => replay.close());
    return { replay, provider: scene.create({ settings: { baseUrl: replay.url } }) };
  }

  test.each([
    ['a broken answer', { body: { message: 'welcome' } }],
    ['a proxy in trouble', { status: 502, body: 'Bad Gateway' }],
  ])('%s to the request leaves nothing behind, so that it may be made again', async (_name, answer) => {
    const { provider } = await withReplay([{ call: 'POST /video/express', ...answer }]);
    await expect(provider.submit(job(), signal())).rejects.toMatchObject({ fault: 'busy' });
  });

  async function putAt(answer: (socket: { destroy(): void }) => number | undefined) {
    const server = createServer((request, response) => {
      const status = answer(request.socket);
      if (status !== undefined) request.resume().on('end', () => response.writeHead(status).end('<Error/>'));
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    onTestFinished(() => void server.close());
    // A listening TCP server has an address of this shape.
    const { port } = server.address() as AddressInfo;
    const uploadUrls = [`http://127.0.0.1:${port}/source.mp4?signature=secret`];
    const { provider } = await withReplay([{ call: 'POST /video/express', body: { requestId: 'v1', uploadUrls } }]);
    return provider.submit(job(), signal());
  }

  test('a place that refuses it says nothing of our credentials', async () => {
    const error: unknown = await putAt(() => 403).catch((reason: unknown) => reason);
    expect(error).toMatchObject({ fault: 'busy' });
    expect(String(error)).not.toContain('signature');
  });

  test('a place that is in trouble, or breaks off, may have it', async () => {
    await expect(putAt(() => 500)).rejects.toMatchObject({ fault: 'unknown' });
    await expect(putAt((socket) => void socket.destroy())).rejects.toMatchObject({ fault: 'unknown' });
  });
});

test('its examples: a picture and a clip', async () => {
  const status = { process_id: 'p1', credits: 1 };
  // biome-ignore format: an exchange a row
  const replay = await startReplay([
    { call: 'POST /image/v1/enhance/async', body: { process_id: 'p1' } },
    { call: 'GET /image/v1/status/p1', body: { ...status, status: 'Processing', progress: 40 } },
    { call: 'GET /image/v1/status/p1', body: { ...status, status: 'Completed', progress: 100 } },
    { call: 'GET /image/v1/download/p1', body: { download_url: 'https://cdn.example/o.png', expiry: 1_795_309_200 } },
    { call: 'DELETE /image/v1/cancel/p1', status: 204 },
    { call: 'GET /video/v1/status', body: { status: 'complete', progress: 100, estimates: { cost: [2] }, message: '', download: { url: 'https://cdn.example/o.mp4' } } },
    { call: 'DELETE /video/v1', body: {} },
  ]);
  onTestFinished(() => replay.close());
  const provider = scene.create({ settings: { baseUrl: replay.url, creditPrice: '0.12' } });
  const signal = AbortSignal.timeout(5_000);
  const { handle } = await provider.submit(scene.job('topazlabs/image-upscale-standard-v2'), signal);
  expect(replay.heard[0]?.headers).toMatchObject({
    'x-api-key': expect.stringMatching(/^tpz-/),
    'content-type': expect.stringMatching(/^multipart\/form-data/),
  });
  expect(await provider.poll(handle, signal)).toEqual({ state: 'pending', fraction: 0.4 });
  expect(await provider.poll(handle, signal)).toEqual({
    state: 'succeeded',
    outputs: [{ kind: 'url', url: 'https://cdn.example/o.png' }],
    cost: { micros: 120_000, currency: 'USD' },
  });
  await provider.cancel?.(handle, signal);
  const clipHandle = { kind: 'clip', jobId: 'v1' };
  expect(await provider.poll(clipHandle, signal)).toEqual({
    state: 'succeeded',
    outputs: [{ kind: 'url', url: 'https://cdn.example/o.mp4' }],
    cost: { micros: 240_000, currency: 'USD' },
  });
  await provider.cancel?.(clipHandle, signal);
});

test.each<[object, unknown]>([
  [{ status: 'Pending', progress: 0 }, { state: 'pending' }],
  [{ status: 'Pondering' }, { state: 'pending' }],
  [
    { status: 'Completed', credits: 3 },
    { state: 'done', cost: { micros: 3_000_000, currency: 'credits' } },
  ],
  [{ status: 'Completed' }, { state: 'done' }],
  [
    { status: 'Failed', message: 'broken' },
    { state: 'failed', code: 'generation_failed', message: 'broken' },
  ],
  [{ status: 'Cancelled' }, { state: 'failed', code: 'canceled', message: 'canceled at Topaz' }],
])('a picture that is %j', (answer, news) => {
  expect(pictureNews(PictureStatus.parse(answer), undefined)).toEqual(news);
});

test.each<[object, unknown]>([
  ...['requested', 'accepted', 'initializing', 'preprocessing', 'postprocessing', 'canceling', 'pondering'].map(
    (status): [object, unknown] => [{ status }, { state: 'pending' }],
  ),
  [
    { status: 'processing', progress: 50 },
    { state: 'pending', fraction: 0.5 },
  ],
  [{ status: 'canceled' }, { state: 'failed', code: 'canceled', message: 'canceled at Topaz' }],
  [{ status: 'complete' }, { state: 'failed', code: 'generation_failed', message: expect.any(String) }],
  [
    { status: 'failed', message: 'bad', errorCode: 'INVALID_INPUT' },
    { state: 'failed', code: 'invalid_input', message: 'bad' },
  ],
  [
    { status: 'failed', errorCode: 'SERVER_ERROR' },
    { state: 'failed', code: 'generation_failed', message: 'SERVER_ERROR' },
  ],
  [
    { status: 'failed', message: '' },
    { state: 'failed', code: 'generation_failed', message: 'Topaz gave no reason' },
  ],
])('a clip that is %j', (answer, progress) => {
  expect(clipProgress(ClipStatus.parse(answer), undefined)).toEqual(progress);
});

test.each<[number, unknown, string | undefined]>([
  [400, { message: 'output_width is not valid' }, 'invalid'],
  [400, { message: 'The model Gigapixel 1 is no longer available' }, 'model_gone'],
  [400, { message: 'no', errorCode: 'INSUFFICIENT_CREDITS' }, 'quota'],
  [400, { errorCode: 'INVALID_INPUT', errors: [{ path: 'output.frameRate', msg: 'required' }] }, 'invalid'],
  [401, { message: 'no key' }, 'auth'],
  [402, { message: 'no credits' }, 'quota'],
  [403, { message: 'no' }, 'auth'],
  [413, { message: 'too large' }, 'media'],
  [415, { message: 'no picture' }, 'media'],
  [429, { message: 'slower' }, 'rate'],
  [500, { message: 'oh', errorCode: 'SERVER_ERROR' }, undefined],
  [503, { message: 'soon', errorCode: 'SERVER_MAINTENANCE' }, 'busy'],
  [503, 'a page of a proxy', undefined],
  [200, { message: 'fine' }, undefined],
])('status %i with %j is %s', (status, body, fault) => {
  expect(faultOf({ status, headers: {}, body, text: '' })?.fault).toBe(fault);
});
