import type { Input, Json } from '@reelay/catalog';
import { findDefinition, mediaOf } from '@reelay/standin';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Job } from '../provider.ts';
import { coverRoutes } from '../testing/coverage.ts';
import { providerContract } from '../testing/provider.contract.ts';
import { type Exchange, startReplay } from '../testing/replay.ts';
import { openScene, type Scene } from '../testing/scene.ts';
import { runway } from './runway.ts';
import { faultOf, toProgress } from './wire.ts';

const standin = findDefinition('runway');
if (standin === undefined) throw new Error('there is no stand-in for runway');

describe('the contract of providers', () =>
  providerContract({
    type: runway,
    standin,
    endpoints: [
      'rhart-video-r/gen4-turbo-official/image-to-video',
      'rhart-video/sparkvideo-2.0/text-to-video',
      'rhart-image-g-2/text-to-image',
      'rhart-video-r/gen4-aleph-official/video-to-video',
    ],
  }));

/** What the upstream does not offer, whatever the input is. */
const REFUSED = [
  /^rhart-image-n-pro-official\/(text-to-image|edit)-ultra: resolution "8k" is not offered there: only 1k, 2k, 4k$/,
  /^rhart-image-g-2\/(text|image)-to-image: resolution "[24]k" is not offered there without an aspectRatio$/,
  /^rhart-video-v3\.1-.*: resolution "4k" is not offered there: only 720p, 1080p$/,
  /^rhart-video-v3\.1-fast\/image-to-video: imageUrls holds \d, and one is taken there$/,
  /^alibaba\/happyhorse-1\.0\/(text|image)-to-video: seed \d+ has no counterpart there$/,
  /: resolution "(1080p|2k|4k)" is not offered there: only 480p, 720p, native1080p$/,
  /fast\/.*: resolution "(native1080p|1080p|2k|4k)" is not offered there: only 480p, 720p$/,
  /^(rhart-video\/sparkvideo|bytedance\/seedance)-2\.0.*: (returnLastFrame|webSearch) true has no counterpart there$/,
  /^bytedance\/seedance-2\.0.*: prompt is required there$/,
  /^seedream-v5-lite\/.*: width \d+ and height \d+ are not offered there: 3686400 to 16777216 pixels$/,
  /^seedream-v5-lite\/.*: sequentialImageGeneration "auto" is not offered there for more than one picture$/,
];

test('every live route takes whatever is valid, or says why not', async () => {
  const routes = await coverRoutes({ type: runway, standin });
  expect(routes.flatMap(({ mistakes }) => mistakes)).toEqual([]);
  // Whose example holds something of the above.
  expect(routes.filter(({ isCovered }) => !isCovered).map(({ route }) => route.endpoint)).toEqual([
    'rhart-video-v3.1-fast/image-to-video',
    'rhart-video-v3.1-pro-official/text-to-video',
    'rhart-video-v3.1-pro/text-to-video',
    'seedream-v5-lite/image-to-image',
  ]);
  const reasons = routes.flatMap(({ route, refused }) => refused.map((reason) => `${route.endpoint}: ${reason}`));
  expect(reasons.filter((reason) => !REFUSED.some((one) => one.test(reason)))).toEqual([]);
});

let scene: Scene;
beforeAll(async () => {
  scene = await openScene({ type: runway, standin });
});
afterAll(() => scene.close());

async function sent(id: string, input: Input, more: Partial<Job> = {}): Promise<unknown> {
  await scene.submit(scene.jobOf(id, input, more));
  return scene.standin.control.jobs.at(-1)?.request.body;
}
const png = 'https://example.com/a.png';
const fileOf = (name: string) => expect.stringMatching(new RegExp(`^https://files.reelay.test/asset_${name}_\\d`));

// biome-ignore format: a case a row
test.each<[string, string, Input, unknown]>([
  [
    'the shape of the picture, where none is asked for',
    'rhart-video-r/gen4-turbo-official/image-to-video',
    { prompt: 'a kite', imageUrl: png, duration: '10' },
    { model: 'gen4_turbo', promptText: 'a kite', promptImage: fileOf('imageUrl'), ratio: '1280:720', duration: 10 },
  ],
  [
    'the shape that is asked for',
    'rhart-video-r/gen4-turbo/image-to-video',
    { imageUrl: png, duration: '5', aspectRatio: '21:9' },
    { model: 'gen4_turbo', promptImage: fileOf('imageUrl'), ratio: '1584:672', duration: 5 },
  ],
  [
    'a clip and a picture to follow',
    'rhart-video-r/gen4-aleph-official/video-to-video',
    { prompt: 'snow', videoUrl: 'https://example.com/a.mp4', referenceImageUrl: png, aspectRatio: '4:3' },
    { model: 'aleph2', promptText: 'snow', videoUri: fileOf('videoUrl'), keyframes: [{ seconds: 0, uri: fileOf('referenceImageUrl') }], targetAspectRatio: '4:3' },
  ],
  [
    'both ends of Veo',
    'rhart-video-v3.1-pro-official/image-to-video',
    { prompt: 'a long day', imageUrl: png, lastImageUrl: png, resolution: '1080p', duration: '6', negativePrompt: 'rain', seed: 0, aspectRatio: '16:9' },
    { model: 'veo3.1', promptText: 'a long day', promptImage: [{ uri: fileOf('imageUrl'), position: 'first' }, { uri: fileOf('lastImageUrl'), position: 'last' }], ratio: '1920:1080', duration: 6, audio: false, negativePrompt: 'rain', seed: 0 },
  ],
  [
    'Veo without a choice of sound',
    'rhart-video-v3.1-fast/image-to-video',
    { prompt: 'a kite', imageUrls: [png], aspectRatio: '9:16', resolution: '720p' },
    { model: 'veo3.1_fast', promptText: 'a kite', promptImage: [{ uri: fileOf('imageUrls'), position: 'first' }], ratio: '720:1280', duration: 8, audio: true },
  ],
  [
    'HappyHorse in 1080p',
    'alibaba/happyhorse-1.0/text-to-video',
    { prompt: 'a foal', resolution: '1080p', aspectRatio: '3:4', duration: '3' },
    { model: 'happyhorse_1_0', promptText: 'a foal', ratio: '1248:1662', duration: 3 },
  ],
  [
    'Seedance at the size that is drawn, not enlarged',
    'rhart-video/sparkvideo-2.0/text-to-video',
    { prompt: 'rain', resolution: 'native1080p', ratio: '21:9', duration: '10', generateAudio: false, seed: -1 },
    { model: 'seedance2', promptText: 'rain', ratio: '2206:946', duration: 10, audio: false },
  ],
  [
    'Seedance in the shape of its first picture',
    'bytedance/seedance-2.0-global-fast/image-to-video',
    { firstFrameUrl: png, resolution: '480p', duration: '4' },
    { model: 'seedance2_fast', promptImage: [{ uri: fileOf('firstFrameUrl'), position: 'first' }], ratio: '864:496', duration: 4, audio: true },
  ],
  [
    'Seedance with pictures, clips and sounds',
    'rhart-video/sparkvideo-2.0/multimodal-video',
    { prompt: 'rain', imageUrls: [png, png], videoUrls: ['https://example.com/a.mp4'], audioUrls: ['https://example.com/a.mp3'], resolution: '720p', ratio: '1:1', duration: '5', seed: 7 },
    { model: 'seedance2', promptText: 'rain', references: [{ uri: fileOf('imageUrls') }, { uri: fileOf('imageUrls') }], referenceVideos: [{ type: 'video', uri: fileOf('videoUrls') }], referenceAudio: [{ type: 'audio', uri: fileOf('audioUrls') }], ratio: '960:960', duration: 5, audio: true, seed: 7 },
  ],
  [
    'GPT Image with nothing but a prompt',
    'rhart-image-g-2/text-to-image',
    { prompt: 'a kite' },
    { model: 'gpt_image_2', promptText: 'a kite', ratio: 'auto', quality: 'medium' },
  ],
  [
    'GPT Image from pictures',
    'rhart-image-g-2-official/image-to-image',
    { prompt: 'a kite', imageUrls: [png], aspectRatio: '2:3', resolution: '4k', quality: 'low' },
    { model: 'gpt_image_2', promptText: 'a kite', referenceImages: [{ uri: fileOf('imageUrls') }], ratio: '2336:3504', quality: 'low' },
  ],
  [
    'Gemini, whose sizes are written in any case',
    'rhart-image-n-g31-flash/text-to-image',
    { prompt: 'a kite', aspectRatio: '1:8', resolution: '4K' },
    { model: 'gemini_image3.1_flash', promptText: 'a kite', ratio: '1408:11264' },
  ],
  [
    'Seedream by its sides',
    'seedream-v5-lite/text-to-image',
    { prompt: 'a map', width: 2000, height: 2000, toolsType: 'web_search', sequentialImageGeneration: 'auto', maxImages: 1 },
    { model: 'seedream5_lite', promptText: 'a map', ratio: '2000:2000', grounding: true },
  ],
  [
    'Seedream by a word for its size',
    'seedream-v5-lite/image-to-image',
    { prompt: 'older', imageUrls: [png], resolution: '3k' },
    { model: 'seedream5_lite', promptText: 'older', referenceImages: [{ uri: fileOf('imageUrls') }], ratio: '4096:2304' },
  ],
])('%s', async (_name, id, input, body) => {
  expect(await sent(id, input)).toEqual(body);
});

test.each<[string, string, Input, string]>([
  [
    'a prompt that is too long in UTF-16 units',
    'rhart-video-r/gen4-turbo/image-to-video',
    { prompt: '🪁'.repeat(501), imageUrl: png, duration: '5', aspectRatio: '16:9' },
    'prompt has 1002 UTF-16 units; at most 1000 there',
  ],
  [
    'a seed that is too large',
    'rhart-video-v3.1-pro-official/text-to-video',
    { prompt: 'a long day', resolution: '720p', duration: '8', seed: 4_294_967_296 },
    'seed 4294967296 is not offered there: 0 to 4294967295',
  ],
  [
    'a series',
    'seedream-v5-lite/text-to-image',
    { prompt: 'a map', resolution: '2k', sequentialImageGeneration: 'auto', maxImages: 3 },
    'sequentialImageGeneration "auto" is not offered there for more than one picture',
  ],
])('%s is refused', (_name, id, input, reason) => {
  expect(scene.provider.refuses?.(scene.jobOf(id, input))).toEqual([reason]);
});

test('where the sides of a picture are not known, its shape must be asked for', () => {
  const job = scene.job('rhart-video-r/gen4-turbo-official/image-to-video');
  const [file] = job.media.imageUrl ?? [];
  if (file === undefined) throw new Error('no file');
  const { kind, format, sizeBytes } = file.facts;
  const imageUrl = [{ ...file, facts: { kind, format, sizeBytes } }];
  expect(scene.provider.refuses?.({ ...job, media: { imageUrl } })).toEqual([
    'aspectRatio is required there: the shape of the picture is not known',
  ]);
});

test('a clip of which only the first seconds would be used must not be longer', () => {
  const job = scene.job('rhart-video-r/gen4-aleph-official/video-to-video');
  const lasting = (durationMs: number) => {
    const videoUrl = (job.media.videoUrl ?? []).map((file) => ({ ...file, facts: { ...file.facts, durationMs } }));
    return scene.provider.refuses?.({ ...job, media: { videoUrl } });
  };
  expect(lasting(5_040)).toEqual([]);
  expect(lasting(8_000)).toEqual(['videoUrl is longer than 5 seconds, and all of it is worked on there']);
});

describe('a server that Runway cannot reach', () => {
  let hidden: Scene;
  beforeAll(async () => {
    hidden = await openScene({ type: runway, standin, canBeReached: false });
  });
  afterAll(() => hidden.close());

  test('sends small files along, and puts large ones into Runway’s place for files', async () => {
    const job = hidden.jobOf('rhart-video-v3.1-pro-official/image-to-video', {
      prompt: 'a long day',
      imageUrl: png,
      lastImageUrl: png,
      resolution: '720p',
      duration: '4',
    });
    const [small] = job.media.imageUrl ?? [];
    if (small === undefined) throw new Error('no file');
    const large = { ...small, assetId: 'asset_large', facts: { ...small.facts, sizeBytes: 2 * 1024 ** 2 } };
    await hidden.submit({ ...job, media: { imageUrl: [small], lastImageUrl: [large] } });
    expect(hidden.standin.control.jobs.at(-1)?.request.body).toMatchObject({
      promptImage: [
        { uri: `data:image/png;base64,${mediaOf('png').bytes.toString('base64')}`, position: 'first' },
        { uri: expect.stringMatching(/^runway:\/\/[0-9a-f-]{36}$/), position: 'last' },
      ],
    });
    expect(hidden.standin.control.requests.map(({ path }) => path)).toEqual([
      '/v1/uploads',
      '/storage',
      '/v1/image_to_video',
    ]);
    expect(hidden.standin.control.requests[1]?.body).toMatchObject({
      policy: 'standin',
      file: { fileName: 'asset_large.png', mediaType: 'image/png', bytes: mediaOf('png').bytes },
    });
  });
});

test('a task that is over is not canceled, for that would delete what it made', async () => {
  const { handle } = await scene.submit(scene.job('rhart-image-g-2/text-to-image'));
  expect(await scene.follow(handle)).toMatchObject({
    state: 'succeeded',
    cost: { micros: 250_000, currency: 'USD' },
  });
  await expect(scene.provider.cancel?.(handle, AbortSignal.timeout(5_000))).rejects.toThrow('it goes on');
  expect(scene.standin.control.requests.filter(({ kind }) => kind === 'cancel')).toEqual([]);
});

test('from submit to cancel, as the vendor describes it', async () => {
  const id = '5b1e0c52-0000-4000-8000-00000000f001';
  const path = `/v1/tasks/${id}`;
  const task = (more: { readonly [name: string]: Json }): Exchange => ({
    call: `GET ${path}`,
    body: { id, createdAt: '2026-11-22T10:00:00.000Z', ...more },
  });
  const estimatedCost = { credits: 25 };
  const running = task({ status: 'RUNNING', progress: 0.4, estimatedCost });
  // biome-ignore format: an exchange a row
  const replay = await startReplay([
    { call: 'POST /v1/image_to_video', body: { id, estimatedCost } },
    task({ status: 'THROTTLED', estimatedCost }),
    running,
    task({ status: 'SUCCEEDED', output: ['https://cdn.example/o.mp4?_jwt=1'], cost: { credits: 25 } }),
    task({ status: 'FAILED', failure: 'Did not pass moderation.', failureCode: 'SAFETY.OUTPUT.VIDEO', cost: { credits: 0 } }),
    running,
    { call: `DELETE ${path}`, status: 204 },
    task({ status: 'CANCELLED', cost: { credits: 0 } }),
    { call: 'POST /v1/image_to_video', status: 429, body: { error: 'You have exceeded the daily limit for this model.' } },
  ]);
  const provider = scene.create({ settings: { baseUrl: replay.url } });
  const patience = AbortSignal.timeout(5_000);
  const input = { prompt: 'a red kite', imageUrl: png, duration: '5', aspectRatio: '16:9' };
  const job = scene.jobOf('rhart-video-r/gen4-turbo/image-to-video', input);
  const { handle } = await provider.submit(job, patience);
  expect(replay.heard[0]).toMatchObject({
    headers: { authorization: expect.stringMatching(/^Bearer key_/), 'x-runway-version': '2024-11-06' },
    body: { model: 'gen4_turbo', promptText: 'a red kite', ratio: '1280:720', duration: 5 },
  });
  expect(await provider.poll(handle, patience)).toEqual({ state: 'pending', pollAfterMs: 5_000 });
  expect(await provider.poll(handle, patience)).toEqual({ state: 'pending', pollAfterMs: 5_000, fraction: 0.4 });
  expect(await provider.poll(handle, patience)).toEqual({
    state: 'succeeded',
    outputs: [{ kind: 'url', url: 'https://cdn.example/o.mp4?_jwt=1' }],
    cost: { micros: 250_000, currency: 'USD' },
  });
  expect(await provider.poll(handle, patience)).toEqual({
    state: 'failed',
    code: 'content_refused',
    message: 'Did not pass moderation. (SAFETY.OUTPUT.VIDEO)',
    cost: { micros: 0, currency: 'USD' },
  });
  await provider.cancel?.(handle, patience);
  await expect(provider.submit(job, patience)).rejects.toMatchObject({ fault: 'rate' });
  await replay.close();
});

test.each([
  ['SAFETY.INPUT.TEXT', 'content_refused'],
  ['SAFETY.OUTPUT.VIDEO', 'content_refused'],
  ['INPUT_PREPROCESSING.SAFETY.TEXT', 'content_refused'],
  ['THIRD_PARTY.SAFETY', 'content_refused'],
  ['ASSET.INVALID', 'media_unusable'],
  ['INPUT_PREPROCESSING.INTERNAL', 'generation_failed'],
  ['INTERNAL.BAD_OUTPUT.CODE01', 'generation_failed'],
  ['', 'generation_failed'],
])('a task that failed with %j', (failureCode, code) => {
  expect(toProgress({ status: 'FAILED', failureCode }, undefined)).toMatchObject({ state: 'failed', code });
});

test.each([
  [400, { error: 'Validation of body failed', issues: [{ path: ['ratio'] }] }, 'invalid'],
  [400, { error: 'You do not have enough credits to run this task.' }, 'quota'],
  [400, { error: 'Failed to fetch asset' }, 'media'],
  [403, { error: 'Model variant gen3 is not available.' }, 'model_gone'],
  [503, { error: 'overloaded' }, 'busy'],
  [502, { error: 'bad gateway' }, undefined],
  [401, { error: 'moderation is no word of this' }, undefined],
  [429, { error: 'too many' }, undefined],
  [503, undefined, undefined],
] as const)('status %i with %j', (status, body, fault) => {
  expect(faultOf({ status, headers: {}, body, text: '' })?.fault).toBe(fault);
});
