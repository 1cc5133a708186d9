import type { Input } from '@reelay/catalog';
import { findDefinition, mediaOf } from '@reelay/standin';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { coverRoutes } from '../testing/coverage.ts';
import { providerContract } from '../testing/provider.contract.ts';
import { startReplay } from '../testing/replay.ts';
import { openScene, type Scene } from '../testing/scene.ts';
import { ltx } from './ltx.ts';
import { faultOf, toProgress } from './wire.ts';

const standin = findDefinition('ltx');
if (standin === undefined) throw new Error('there is no stand-in for ltx');

const FROM_TEXT = 'rhart-video/ltx-2.3/text-to-video';
const FROM_PICTURE = 'rhart-video/ltx-2.3/image-to-video';
const imageUrl = 'https://example.com/a.png';
const text: Input = { prompt: 'a kite', resolution: '1080p', duration: 6 };
const picture: Input = { prompt: 'a kite', imageUrl, resolution: '1080p', aspectRatio: '9:16', duration: 20 };

describe('the contract of providers', () =>
  providerContract({
    type: ltx,
    standin,
    endpoints: [FROM_TEXT, FROM_PICTURE],
    // The examples ask for 480p.
    inputs: { [FROM_TEXT]: text, [FROM_PICTURE]: picture },
  }));

test('whatever is valid is taken, or it is said why not', async () => {
  const routes = await coverRoutes({ type: ltx, standin, samples: 60, isWanted: () => true });
  expect(routes.flatMap(({ mistakes }) => mistakes)).toEqual([]);
  expect(routes.map(({ route }) => route.endpoint)).toEqual([FROM_PICTURE, FROM_TEXT]);
  const known = [
    /^resolution "(480p|720p)" is not offered there: only 1080p$/,
    /^duration \d+ is not offered there: only 6, 8, 10, 12, 14, 16, 18, 20$/,
  ];
  const unknown = routes.flatMap(({ refused }) => refused).filter((reason) => !known.some((one) => one.test(reason)));
  expect(unknown).toEqual([]);
});

let scene: Scene;
let hidden: Scene;
beforeAll(async () => {
  scene = await openScene({ type: ltx, standin });
  hidden = await openScene({ type: ltx, standin, canBeReached: false });
});
afterAll(() => Promise.all([scene.close(), hidden.close()]));

async function sent(at: Scene, id: string, input: Input): Promise<unknown> {
  await at.submit(at.jobOf(id, input));
  return at.standin.control.jobs.at(-1)?.request.body;
}

test('a clip from a text', async () => {
  // biome-ignore format: a body
  expect(await sent(scene, FROM_TEXT, text)).toEqual({
    model: 'ltx-2-3-fast', prompt: 'a kite', resolution: '1920x1080', duration: 6, generate_audio: true,
  });
});

test('a long clip from a picture is made at the one rate that there is', async () => {
  // biome-ignore format: a body
  expect(await sent(scene, FROM_PICTURE, picture)).toEqual({
    model: 'ltx-2-3-fast', prompt: 'a kite', image_uri: expect.stringMatching(/^https:.*imageUrl/), resolution: '1080x1920', duration: 20, fps: 25, generate_audio: true,
  });
});

test('a server that LTX cannot reach sends the picture along', async () => {
  expect(await sent(hidden, FROM_PICTURE, picture)).toMatchObject({
    image_uri: `data:image/png;base64,${mediaOf('png').bytes.toString('base64')}`,
  });
});

test('a picture that is too large is refused, and how large it may be depends on how it gets there', () => {
  const sized = (megabytes: number) => {
    const job = scene.jobOf(FROM_PICTURE, picture);
    const files = (job.media.imageUrl ?? []).map((file) => ({
      ...file,
      facts: { ...file.facts, sizeBytes: megabytes * 1024 ** 2 },
    }));
    return { ...job, media: { imageUrl: files } };
  };
  expect(scene.provider.refuses?.(sized(15))).toEqual([]);
  expect(scene.provider.refuses?.(sized(16))).toEqual(['imageUrl may have at most 15 MB there']);
  expect(hidden.provider.refuses?.(sized(6))).toEqual(['imageUrl may have at most 5 MB there']);
});

test('the finer model makes ten seconds at most', () => {
  const job = scene.jobOf(FROM_PICTURE, picture);
  const route = { ...job.route, model: 'ltx-2-3-pro' };
  expect(scene.provider.refuses?.({ ...job, route })).toEqual(['duration 20 is not offered there: only 6, 8, 10']);
});

test('from submit to the clip, as the vendor describes it', async () => {
  const created_at = '2026-11-22T10:00:00.000Z';
  const replay = await startReplay([
    { call: 'POST /v2/text-to-video', status: 202, body: { id: 'a1b2', status: 'pending', created_at } },
    { call: 'GET /v2/text-to-video/a1b2', body: { id: 'a1b2', status: 'processing', created_at } },
    {
      call: 'GET /v2/text-to-video/a1b2',
      body: { id: 'a1b2', status: 'completed', created_at, result: { video_url: 'https://cdn.example/o.mp4' } },
    },
    {
      call: 'POST /v2/text-to-video',
      status: 402,
      body: { type: 'error', error: { type: 'insufficient_funds_error', message: 'top up' } },
    },
  ]);
  const provider = scene.create({ settings: { baseUrl: replay.url } });
  const patience = AbortSignal.timeout(5_000);
  const { handle } = await provider.submit(scene.jobOf(FROM_TEXT, text), patience);
  expect(await provider.poll(handle, patience)).toEqual({ state: 'pending', pollAfterMs: 5_000 });
  expect(await provider.poll(handle, patience)).toEqual({
    state: 'succeeded',
    outputs: [{ kind: 'url', url: 'https://cdn.example/o.mp4' }],
  });
  await expect(provider.submit(scene.jobOf(FROM_TEXT, text), patience)).rejects.toMatchObject({ fault: 'quota' });
  await replay.close();
});

// biome-ignore format: a case a row
test.each<[string, Parameters<typeof toProgress>[0], unknown]>([
  ['waits', { status: 'pending' }, { state: 'pending', pollAfterMs: 5_000 }],
  ['failed in words', { status: 'failed', error: 'no memory' }, { state: 'failed', code: 'generation_failed', message: 'no memory' }],
  ['was filtered', { status: 'failed', error: { type: 'content_filtered_error', message: 'no' } }, { state: 'failed', code: 'content_refused', message: 'no' }],
  ['failed with a word of submitting', { status: 'failed', error: { type: 'rate_limit_error' } }, { state: 'failed', code: 'generation_failed', message: 'rate_limit_error' }],
  ['failed without a reason', { status: 'failed' }, { state: 'failed', code: 'generation_failed', message: 'LTX gave no reason' }],
  ['names its file otherwise', { status: 'completed', result: { clip: 'https://a.example/o.mp4', seconds: 6 } }, { state: 'succeeded', outputs: [{ kind: 'url', url: 'https://a.example/o.mp4' }] }],
  ['has no file', { status: 'completed', result: null }, { state: 'failed', code: 'generation_failed', message: 'LTX made no file' }],
])('a job that %s', (_name, answer, progress) => {
  expect(toProgress(answer)).toEqual(progress);
});

test.each([
  [400, 'invalid_request_error', 'duration: not offered', 'invalid'],
  [400, 'invalid_request_error', 'Failed to download image_uri', 'media'],
  [400, 'invalid_request_error', 'model ltx-2-pro is not supported', 'model_gone'],
  [401, 'authentication_error', 'no', 'auth'],
  [402, 'insufficient_funds_error', 'no', 'quota'],
  [413, 'request_too_large', 'no', 'media'],
  [422, 'content_filtered_error', 'no', 'moderation'],
  [429, 'rate_limit_error', 'no', 'rate'],
  [500, 'api_error', 'no', undefined],
  [503, 'service_unavailable', 'no', 'busy'],
])('status %i with %s: %s', (status, type, message, fault) => {
  expect(faultOf({ status, headers: {}, body: { type: 'error', error: { type, message } }, text: '' })?.fault).toBe(
    fault,
  );
});
