import type { Input } from '@reelay/catalog';
import { findDefinition } from '@reelay/standin';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { coverRoutes } from '../testing/coverage.ts';
import { providerContract } from '../testing/provider.contract.ts';
import { startReplay } from '../testing/replay.ts';
import { openScene, type Scene } from '../testing/scene.ts';
import { skyreels } from './skyreels.ts';
import { faultOf, Task, toProgress } from './wire.ts';

const standin = findDefinition('skyreels');
if (standin === undefined) throw new Error('there is no stand-in for skyreels');

describe('the contract of providers', () =>
  providerContract({
    type: skyreels,
    standin,
    endpoints: [
      'skyreels-v4/text-to-video-std',
      'skyreels-v4/image-to-video-fast',
      'skyreels-v4/omni-reference',
      'skyreels-v3/reference-to-video',
      'skyreels-v3/video-restyling',
      'skyreels-v3/single-shot-video-extension',
      'skyreels-v3/shot-switching-video-extension',
    ],
    // One code for whatever is wrong with a request.
    expects: { 'refuse-media': 'invalid' },
  }));

test('every live route takes whatever is valid, or says why not', async () => {
  const routes = await coverRoutes({ type: skyreels, standin });
  expect(routes.length).toBe(11);
  expect(routes.flatMap(({ mistakes }) => mistakes)).toEqual([]);
  expect(routes.filter(({ isCovered }) => !isCovered)).toEqual([]);
  expect([...new Set(routes.flatMap(({ refused }) => refused))].toSorted()).toEqual([
    'refImages cannot go with a clip to extend there',
    'refImages may hold one grid there, and nothing beside it',
  ]);
});

let scene: Scene;
beforeAll(async () => {
  scene = await openScene({ type: skyreels, standin });
});
afterAll(() => scene.close());

async function sent(id: string, input: Input): Promise<unknown> {
  await scene.submit(scene.jobOf(id, input));
  const { path, body } = scene.standin.control.jobs.at(-1)?.request ?? {};
  const { api_key, ...rest } = Object(body);
  expect(api_key).toMatch(/^sk-/);
  // Whoever looks at the stand-in does not see it.
  expect(scene.standin.control.requests.at(-1)?.body).toEqual({ ...rest, api_key: '…' });
  return { [path ?? '']: rest };
}
const [picture, clip] = ['https://example.com/a.png', 'https://example.com/a.mp4'];
const url = (place: string) => expect.stringMatching(new RegExp(`^https:.*asset_${place}\\.`));

// biome-ignore format: a case a row
test.each<[string, string, Input, unknown]>([
  [
    'words, in the standard mode',
    'skyreels-v4/text-to-video-std',
    { prompt: 'a kite', sound: false, duration: 15, aspectRatio: '3:4', promptOptimizer: false, resolution: '480p' },
    { '/api/v1/video/text2video/submit': { mode: 'std', prompt: 'a kite', sound: false, duration: 15, aspect_ratio: '3:4', prompt_optimizer: false, resolution: '480p' } },
  ],
  [
    'words, in the first form of the row',
    'skyreels-v4/text-to-video',
    { prompt: 'a kite', sound: true },
    { '/api/v1/video/text2video/submit': { mode: 'std', prompt: 'a kite', sound: true, duration: 5, aspect_ratio: '16:9' } },
  ],
  [
    'a picture, in the fast mode',
    'skyreels-v4/image-to-video-fast',
    { prompt: 'a kite', firstImageUrl: picture, promptOptimizer: true, resolution: '1080p' },
    { '/api/v1/video/image2video/submit': { mode: 'fast', prompt: 'a kite', first_frame_image: url('firstImageUrl_0'), duration: 5, prompt_optimizer: true, resolution: '1080p' } },
  ],
  [
    'a picture under its old name',
    'skyreels-v4/image-to-video',
    { prompt: 'a kite', firstFrameImageUrl: picture, sound: false },
    { '/api/v1/video/image2video/submit': { mode: 'std', prompt: 'a kite', first_frame_image: url('firstFrameImageUrl_0'), sound: false, duration: 5 } },
  ],
  [
    'pictures and a clip with their tags',
    'skyreels-v4/omni-reference',
    { prompt: '@a as in @v', sound: true, refImages: [{ type: 'image', tag: '@a', url: picture }, { type: 'image', tag: '@b', url: picture }], refVideos: { type: 'reference', tag: '@v', url: clip } },
    {
      '/api/v1/video/omni-video/submit': {
        prompt: '@a as in @v', sound: true, aspect_ratio: '16:9', duration: 5, prompt_optimizer: true, resolution: '1080p',
        ref_images: [{ tag: '@a', type: 'image', image_urls: [url('refImages_0')] }, { tag: '@b', type: 'image', image_urls: [url('refImages_1')] }],
        ref_videos: [{ tag: '@v', type: 'reference', video_url: url('refVideos_0') }],
      },
    },
  ],
  [
    'references',
    'skyreels-v3/reference-to-video',
    { prompt: 'a kite', imageUrls: [picture, picture], duration: 1, aspectRatio: '1:1' },
    { '/api/v1/video/multiobject/submit': { prompt: 'a kite', ref_images: [url('imageUrls_0'), url('imageUrls_1')], duration: 1, aspect_ratio: '1:1' } },
  ],
  [
    'another style',
    'skyreels-v3/video-restyling',
    { videoUrl: clip, styleName: 'van_gogh' },
    { '/api/v1/video/styletransfer/submit': { video_url: url('videoUrl_0'), style_name: 'van_gogh' } },
  ],
  [
    'a longer take',
    'skyreels-v3/single-shot-video-extension',
    { prompt: 'on', videoUrl: clip, duration: 30 },
    { '/api/v1/video/extension/submit': { prompt: 'on', prefix_video: url('videoUrl_0'), duration: 30 } },
  ],
  [
    'a cut',
    'skyreels-v3/shot-switching-video-extension',
    { prompt: 'on', videoUrl: clip, cutType: 'Shot/Reverse Shot' },
    { '/api/v1/video/extension/cutshot/submit': { prompt: 'on', prefix_video: url('videoUrl_0'), duration: 5, cut_type: 'Shot/Reverse Shot' } },
  ],
])('the body of %s', async (_name, id, input, body) => {
  expect(await sent(id, input)).toEqual(body);
});

test('references that the maker does not take together are refused', () => {
  const reasons = (input: Input, durationMs = 5_000) => {
    const job = scene.jobOf('skyreels-v4/omni-reference', { prompt: 'a', sound: false, ...input });
    const refVideos = (job.media.refVideos ?? []).map((one) => ({ ...one, facts: { ...one.facts, durationMs } }));
    return scene.provider.refuses?.({ ...job, media: { ...job.media, refVideos } });
  };
  const grid = { type: 'grid', tag: '@g', url: picture };
  const single = { type: 'image', tag: '@a', url: picture };
  expect(reasons({ refImages: [grid] })).toEqual([]);
  expect(reasons({ refImages: [grid, single] })).toEqual(['refImages may hold one grid there, and nothing beside it']);
  expect(reasons({ refImages: [{ ...single, tag: 'a' }] })).toEqual(['refImages "a": a tag begins with @ there']);
  const extend = { type: 'extend', tag: '@v', url: clip };
  expect(reasons({ refVideos: extend })).toEqual([]);
  expect(reasons({ refVideos: extend, refImages: [single] })).toEqual([
    'refImages cannot go with a clip to extend there',
  ]);
  expect(reasons({ refVideos: extend }, 12_000)).toEqual(['refVideos is 12 s long; at most 10 s there']);
});

test('what it would have to fetch is refused where nobody can reach us', async () => {
  const unreached = await openScene({ type: skyreels, standin, canBeReached: false });
  onTestFinished(() => unreached.close());
  const reasons = (id: string) => unreached.provider.refuses?.(unreached.job(id));
  expect(reasons('skyreels-v4/text-to-video-std')).toEqual([]);
  expect(reasons('skyreels-v3/video-restyling')).toEqual([expect.stringMatching(/cannot be reached/)]);
});

test('its examples: from the start to the clip, and both refusals', async () => {
  const open = { task_id: 't1', msg: '', code: 200, data: null, trace_id: 'x' };
  const clipOf = { video_url: 'https://cdn.example/o.mp4', duration: 5, resolution: '1280x720', cost_credits: 25 };
  const refused = { ...open, task_id: '', status: 'error' };
  // biome-ignore format: an exchange a row
  const replay = await startReplay([
    { call: 'POST /api/v1/video/text2video/submit', body: { ...open, msg: 'Task submitted', status: 'ok' } },
    { call: 'GET /api/v1/video/text2video/task/t1', body: { ...open, status: 'running' } },
    { call: 'GET /api/v1/video/text2video/task/t1', body: { ...open, status: 'success', data: clipOf } },
    { call: 'POST /api/v1/video/text2video/submit', status: 482, body: { ...refused, msg: 'content policy', code: 482 } },
    { call: 'POST /api/v1/video/text2video/submit', status: 480, body: { ...refused, msg: 'insufficient credits', code: 480 } },
  ]);
  onTestFinished(() => replay.close());
  const provider = scene.create({ settings: { baseUrl: replay.url } });
  const signal = AbortSignal.timeout(5_000);
  const job = scene.jobOf('skyreels-v4/text-to-video', { prompt: 'a red kite', sound: true });
  const { handle } = await provider.submit(job, signal);
  expect(replay.heard[0]?.body).toEqual({
    api_key: expect.any(String),
    prompt: 'a red kite',
    duration: 5,
    aspect_ratio: '16:9',
    sound: true,
    mode: 'std',
  });
  expect(await provider.poll(handle, signal)).toEqual({ state: 'pending' });
  expect(await provider.poll(handle, signal)).toEqual({
    state: 'succeeded',
    outputs: [{ kind: 'url', url: clipOf.video_url }],
    cost: { micros: 25_000_000, currency: 'credits' },
  });
  await expect(provider.submit(job, signal)).rejects.toMatchObject({ fault: 'moderation', message: 'content policy' });
  await expect(provider.submit(job, signal)).rejects.toMatchObject({ fault: 'quota' });
});

const data = { video_url: 'https://cdn.example/o.mp4', cost_credits: 2 };
const made = {
  state: 'succeeded',
  outputs: [{ kind: 'url', url: data.video_url }],
  cost: { micros: 20_000, currency: 'USD' },
};
// biome-ignore format: a case a row
test.each<[string, object, unknown]>([
  ['runs, and has its clip', { status: 'running', code: 200, data }, made],
  ['is done', { status: 'success', data }, made],
  ['waits', { status: 'pending', data: null }, { state: 'pending' }],
  ['is unknown for now', { status: 'unknown' }, { state: 'pending' }],
  ['is done without a clip', { status: 'success', data: { video_url: '' } }, { state: 'failed', code: 'generation_failed', message: expect.any(String) }],
  ['broke the rules', { status: 'failed', code: 482, msg: 'no' }, { state: 'failed', code: 'content_refused', message: 'no' }],
  ['broke the rules, in words', { status: 'failed', code: 500, msg: 'Sensitive content' }, { state: 'failed', code: 'content_refused', message: 'Sensitive content' }],
  ['failed in their trouble', { status: 'failed', code: 500, msg: '' }, { state: 'failed', code: 'generation_failed', message: 'SkyReels gave no reason (code 500)' }],
  ['had wrong parameters', { status: 'failed', code: 422, msg: 'bad' }, { state: 'failed', code: 'invalid_input', message: 'bad' }],
])('a task that %s', (_name, answer, progress) => {
  expect(toProgress(Task.parse(answer), '0.01')).toEqual(progress);
});

test.each<[number, unknown, string | undefined]>([
  [401, { code: 401, status: 'error', msg: 'Invalid API key' }, 'auth'],
  [422, { code: 422, status: 'error', msg: 'Parameter error' }, 'invalid'],
  [429, { code: 429, status: 'error', msg: 'Service busy' }, 'rate'],
  [480, { code: 480, status: 'error', msg: '' }, 'quota'],
  [481, { code: 481, status: 'error', msg: '' }, 'rate'],
  [482, { code: 482, status: 'error', msg: '' }, 'moderation'],
  [200, { code: 482, status: 'error', msg: '' }, 'moderation'],
  [500, { code: 500, status: 'error', msg: 'Internal error' }, 'busy'],
  [500, { code: 500, status: 'failed', msg: 'Internal error' }, 'failed'],
  [200, { code: 777, status: 'error', msg: '' }, 'unknown'],
  [503, { code: 777, status: 'error', msg: '' }, undefined],
  [200, { code: 500, status: 'failed' }, undefined],
  [502, 'a page of a proxy', undefined],
])('status %i with %j is %s', (status, body, fault) => {
  expect(faultOf({ status, headers: {}, body, text: '' })?.fault).toBe(fault);
});
