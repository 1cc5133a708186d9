import { access } from 'node:fs/promises';
import { findDefinition } from '@reelay/standin';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openAiFault } from '../kit/openai-faults.ts';
import type { Route } from '../route.ts';
import { coverRoutes } from '../testing/coverage.ts';
import { toJob } from '../testing/jobs.ts';
import { providerContract } from '../testing/provider.contract.ts';
import { openScene, requireEndpoint, type Scene } from '../testing/scene.ts';
import { openai } from './openai.ts';
import { clipSize } from './size.ts';
import { toProgress, Video } from './wire.ts';

const standin = findDefinition('openai');
if (standin === undefined) throw new Error('there is no stand-in for openai');
const SYNCHRONOUS = 'a picture that cannot be made is a server error, after which there is no job';

describe('the contract of providers: pictures, which come with the answer', () =>
  providerContract({
    type: openai,
    standin,
    endpoints: ['rhart-image-g-2-official/text-to-image', 'rhart-image-g-2-official/image-to-image'],
    without: { 'fail-upstream': SYNCHRONOUS },
  }));

describe('the contract of providers: videos, on servers that have them', () =>
  providerContract({
    type: openai,
    standin,
    endpoints: [
      'rhart-video-s-official/text-to-video',
      'rhart-video-s-official/image-to-video-pro',
      'rhart-video-s/image-to-video',
    ],
    without: { 'done-without-file': 'whether there is a file shows only when it is fetched' },
  }));

test('every live route takes whatever is valid, or says why not', async () => {
  const routes = await coverRoutes({ type: openai, standin });
  expect(routes.flatMap(({ mistakes }) => mistakes)).toEqual([]);
  expect(routes.filter(({ isCovered }) => !isCovered)).toEqual([]);
  expect(new Set(routes.flatMap(({ refused }) => refused))).toEqual(
    new Set([
      'resolution "2k" is not offered there without an aspectRatio',
      'resolution "4k" is not offered there without an aspectRatio',
    ]),
  );
});

test('so do the routes that only other servers have', async () => {
  const routes = await coverRoutes({ type: openai, standin, isWanted: ({ status }) => status === 'retired' });
  expect(routes.flatMap(({ mistakes }) => mistakes)).toEqual([]);
  expect(routes.filter(({ isCovered }) => !isCovered).map(({ route }) => route.endpoint)).toEqual([]);
  expect(new Set(routes.flatMap(({ refused }) => refused))).toEqual(
    new Set(['storyboard true has no counterpart there', 'the upstream makes no video without a prompt']),
  );
});

test.each([
  [undefined, 1792, 1024, '1792x1024'],
  [undefined, 800, 600, '1280x720'],
  ['720p', 1024, 1792, '720x1280'],
  ['1080p', 1792, 1024, '1920x1080'],
])('a clip at %s from a picture of %i by %i has the size %s', (resolution, widthPx, heightPx, size) => {
  const facts = { kind: 'image', format: 'png', sizeBytes: 1, widthPx, heightPx } as const;
  expect(clipSize(resolution, { assetId: 'a', path: '', url: '', facts })).toBe(size);
});

describe('what goes out', () => {
  let scene: Scene;
  beforeAll(async () => {
    scene = await openScene({ type: openai, standin });
  });
  afterAll(() => scene.close());
  const last = () => scene.standin.control.requests.at(-1);
  const jobFor = (id: string, input: Record<string, string | number>, route: Partial<Route> = {}) =>
    toJob(requireEndpoint(id), { endpoint: id, model: 'gpt-image-2', status: 'ok', ...route }, input);

  test('a picture from words is asked for in JSON', async () => {
    const input = { prompt: 'a kite', aspectRatio: '16:9', resolution: '2k', quality: 'high' };
    await scene.submit(jobFor('rhart-image-g-2-official/text-to-image', input));
    expect(last()?.path).toBe('/v1/images/generations');
    expect(last()?.body).toEqual({ model: 'gpt-image-2', prompt: 'a kite', size: '2560x1440', quality: 'high' });
  });

  test('a transparent one is a png, and without a choice of quality it is of the middle one', async () => {
    const input = { prompt: 'a kite', size: '1024*1536', quality: 'low', background: 'transparent' };
    await scene.submit(jobFor('rhart-image-g-1.5-official/text-to-image', input, { model: 'gpt-image-1.5' }));
    expect(last()?.body).toMatchObject({ size: '1024x1536', background: 'transparent', output_format: 'png' });
    await scene.submit(jobFor('rhart-image-g-2/text-to-image', { prompt: 'a kite' }));
    expect(last()?.body).toEqual({ model: 'gpt-image-2', prompt: 'a kite', size: 'auto', quality: 'medium' });
  });

  test('pictures to edit are sent as they are', async () => {
    await scene.submit(scene.job('rhart-image-g-2-official/image-to-image'));
    expect(last()?.path).toBe('/v1/images/edits');
    expect(last()?.body).toMatchObject({
      model: 'gpt-image-2',
      size: '1568x672',
      'image[]': [{ fileName: 'asset_imageUrls_0.png' }, { fileName: 'asset_imageUrls_1.png' }],
    });
  });

  test('a clip that begins with a picture', async () => {
    await scene.submit(scene.job('rhart-video-s-official/image-to-video'));
    expect(last()?.body).toMatchObject({
      model: 'sora-2',
      seconds: '4',
      size: '720x1280',
      input_reference: { mediaType: 'image/png' },
    });
  });

  test('speech, where the owner of the channel routes it here', async () => {
    const input = { text: 'Mind the step.', emotion: 'sad', speed: 1.5 };
    const route = { model: 'gpt-4o-mini-tts' };
    const job = jobFor('rhart-audio/text-to-audio/speech-2.8-turbo', input, route);
    expect(scene.provider.refuses?.(job)).toEqual([]);
    const end = await scene.run(job);
    expect(last()?.body).toEqual({
      model: 'gpt-4o-mini-tts',
      input: 'Mind the step.',
      voice: 'alloy',
      speed: 1.5,
      instructions: 'Speak in a sad mood.',
      response_format: 'mp3',
    });
    expect(end).toMatchObject({ state: 'succeeded', outputs: [{ kind: 'file', extension: 'mp3' }] });
    const chosen = jobFor(
      'rhart-audio/text-to-audio/speech-2.8-turbo',
      { ...input, voice_id: 'coral', pitch: 2 },
      route,
    );
    expect(scene.provider.refuses?.(chosen)).toEqual(['pitch 2 has no counterpart there']);
  });

  test('a character is known by the id that it was given there', async () => {
    const end = await scene.run(scene.job('rhart-video-s-official/sora-upload-character'));
    expect(end).toMatchObject({ state: 'succeeded', outputs: [{ kind: 'text' }] });
    const [own, theirs] = ['2100000000000000009', end.state === 'succeeded' ? end.upstreamId : ''];
    const prompt = `@${own} waves`;
    const job = { ...jobFor('rhart-video-s-official/text-to-video', { prompt, size: '1280x720' }), upstreamIds: {} };
    expect(scene.provider.refuses?.({ ...job, elsewhere: [own] })).toEqual([
      `the character ${own} was made on another channel`,
    ]);
    const route = { ...job.route, model: 'sora-2' };
    await scene.submit({ ...job, route, upstreamIds: { [own]: theirs ?? '' } });
    expect(last()?.body).toMatchObject({ prompt: `@${theirs} waves` });
  });

  test('what was kept for a job is given up: files here, and the clip there', async () => {
    const { handle } = await scene.submit(scene.job('rhart-image-g-2-official/text-to-image'));
    const end = await scene.poll(handle);
    const path = end.state === 'succeeded' && end.outputs[0]?.kind === 'file' ? end.outputs[0].path : '';
    await access(path);
    await scene.provider.release?.(handle);
    await expect(access(path)).rejects.toThrow();
    const clip = await scene.submit(scene.job('rhart-video-s-official/text-to-video'));
    await scene.follow(clip.handle);
    await scene.provider.release?.(clip.handle);
    expect(last()).toMatchObject({ method: 'DELETE', path: expect.stringMatching(/^\/v1\/videos\/video_/) });
  });

  test('credentials go with the address of a clip to its own server only', async () => {
    const signal = AbortSignal.timeout(1_000);
    const own = `${scene.standin.env.OPENAI_BASE_URL}/videos/x/content`;
    expect(await scene.provider.downloadHeaders?.(own, signal)).toHaveProperty('authorization');
    expect(await scene.provider.downloadHeaders?.('https://files.test/x.mp4', signal)).toEqual({});
  });
});

const CONTENT = { kind: 'url', url: 'https://api.test/v1/videos/v/content', needsCredentials: true } as const;
test.each([
  [{ id: 'v', status: 'queued', progress: 0 }, { state: 'pending' }],
  [
    { id: 'v', status: 'processing', progress: '40' },
    { state: 'pending', fraction: 0.4 },
  ],
  [{ id: 'v', status: 'reviewing' }, { state: 'pending' }],
  [
    { id: 'v', status: 'completed' },
    { state: 'succeeded', outputs: [CONTENT], upstreamId: 'v' },
  ],
  [
    { data: { id: 7, status: 'succeeded', metadata: { url: 'https://cdn.test/v.mp4' } } },
    { state: 'succeeded', outputs: [{ kind: 'url', url: 'https://cdn.test/v.mp4' }], upstreamId: '7' },
  ],
  [
    { id: 'v', status: 'cancelled' },
    { state: 'failed', code: 'canceled', message: expect.any(String) },
  ],
  [
    { id: 'v', status: 'failed', error: { code: 'moderation_blocked', message: 'Blocked.' } },
    { state: 'failed', code: 'content_refused', message: 'Blocked.' },
  ],
  [
    { id: 'v', status: 'failed', error: 'out of memory' },
    { state: 'failed', code: 'generation_failed', message: 'out of memory' },
  ],
  [
    { id: 'v', status: 'failed', error: null },
    { state: 'failed', code: 'generation_failed', message: expect.any(String) },
  ],
])('a video that is %j', (body, progress) => {
  expect(toProgress(Video.parse(body), CONTENT)).toEqual(progress);
});

test.each([
  [400, { message: 'Unknown parameter', type: 'invalid_request_error', code: 'unknown_parameter' }, undefined],
  [400, { message: 'Rejected by the safety system.', type: 'image_generation_user_error', code: null }, 'moderation'],
  [400, { message: 'Your request breaks our content policy', type: 'invalid_request_error' }, 'moderation'],
  [401, { message: 'Incorrect API key provided.', type: 'invalid_request_error', code: 'invalid_api_key' }, 'auth'],
  [403, { code: 'Forbidden', message: 'blocked over the content management policy' }, 'moderation'],
  [404, { message: 'no', type: 'invalid_request_error', code: 'model_not_found' }, 'model_gone'],
  [429, { message: 'Quota exceeded.', type: 'insufficient_quota', code: 'insufficient_quota' }, 'quota'],
  [429, { message: 'Rate limit reached.', type: 'requests', code: 'rate_limit_exceeded' }, 'rate'],
  [500, { message: 'Moderation is away', type: 'server_error' }, 'busy'],
  [200, { message: 'something', type: 'other' }, 'failed'],
])('status %i with %j', (status, error, fault) => {
  expect(openAiFault({ status, headers: {}, body: { error }, text: '' })?.fault).toBe(fault);
});

test('a hint in milliseconds is kept', () => {
  const error = { message: 'Rate limit', code: 'rate_limit_exceeded' };
  const answer = { status: 429, headers: { 'retry-after-ms': '1500' }, body: { error }, text: '' };
  expect(openAiFault(answer)?.retryAfterMs).toBe(1_500);
});
