import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Input, validate } from '@reelay/catalog';
import { findDefinition } from '@reelay/standin';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import type { Job } from '../provider.ts';
import { coverRoutes } from '../testing/coverage.ts';
import { providerContract } from '../testing/provider.contract.ts';
import { openScene, type Scene } from '../testing/scene.ts';
import { replicate } from './replicate.ts';
import { faultOf, toProgress } from './wire.ts';

const standin = findDefinition('replicate');
if (standin === undefined) throw new Error('there is no stand-in for replicate');

describe('the contract of providers', () =>
  providerContract({
    type: replicate,
    standin,
    endpoints: [
      'kling-v3.0-pro/image-to-video',
      'seedream-v4.5/image-to-image',
      'rhart-image/f-2-dev/text-to-image',
      'minimax/hailuo-02/standard',
    ],
    // Before a prediction has begun, one word for whatever is wrong with its input.
    expects: { 'refuse-media': 'invalid', 'refuse-moderation': 'invalid' },
  }));

/** Where Replicate takes less than the catalog offers: `endpoint: reason`. */
const KNOWN: readonly RegExp[] = [
  // Values that the model does not have.
  /(aspectRatio|resolution|duration|size|generateType|bitrate|mode) .* is not offered there: only /,
  /^rhart-image-g-(1\.5|2).*: aspectRatio "[\w:]+" at [124]k is not offered there$/,
  /^rhart-image\/.*: aspectRatio "custom" is not offered there( for a given picture)?$/,
  /^rhart-image\/f-2-dev\/text-to-image: the sides must be multiples of 32 there$/,
  /^rhart-image\/f-dev-lora: lora -?[\d.]+ is not offered there: at (least|most) -?\d$/,
  /^rhart-video-g\/.*: duration \d+ is not offered there: at most (10|15)$/,
  /^rhart-video\/wan-2\.2\/.*: duration "8" is longer than what is offered there$/,
  /^rhart-video\/wan-2\.2\/.*: resolution "\d+×\d+" is not offered there$/,
  /^seedream-v4(\.5)?\/.*: (width|height) \d+ is not offered there: at (least|most) \d+$/,
  /^seedream-v5-lite\/.*: \d+ by \d+ is not offered there$/,
  // Parameters that it does not have.
  /^alibaba\/qwen-image-2\.0.*: imageNum "\d" has no counterpart there$/,
  /^alibaba\/wan-2\.7\/(reference-to-video|video-edit): (audioUrl|negativePrompt|promptExtend false) has no counterpart there$/,
  /^(bytedance\/seedance-2\.0-global|rhart-video\/sparkvideo-2\.0).*: (webSearch|returnLastFrame) true has no counterpart there$/,
  /^hunyuan3d-v3\.1\/image-to-3d: (back|bottom|top|left|right|leftFront|rightFront)ImageUrl has no counterpart there$/,
  /^kling-.*: (elementList|(cfgScale|guidanceScale) [\d.]+|multiShot "intelligence") has no counterpart there$/,
  /^kling-v3\.0-(pro|std)\/motion-control: negativePrompt has no counterpart there$/,
  /^kling-video-o3-(pro|std)\/reference-to-video: sound cannot be made there for a job with a clip$/,
  /^pixverse-v6\/transition: (style|thinkingType "\w+") has no counterpart there$/,
  /^rhart-audio\/text-to-audio\/speech-.*: (enable_base64_output true|pronunciation_dict) has no counterpart there$/,
  /^rhart-image-x-official\/text-to-image: outputFormat "\w+" has no counterpart there$/,
  /^rhart-video\/wan-2\.2\/.*: (negative_prompt|negativePrompt) has no counterpart there$/,
  /^seedance-v1\.5-pro\/.*: resolution "(480|1080)p" has no counterpart there$/,
  /^vidu\/(text-to-video|start-end-to-video)-q3-(pro|turbo): (style|movementAmplitude) "\w+" has no counterpart there$/,
  // What is not needed here, and is there.
  /: prompt is required there$/,
  /^alibaba\/wan-2\.7\/video-edit: video is required there$/,
  // How many.
  /^(alibaba\/(happyhorse-1\.0|qwen-image-2\.0|wan-2\.7)|rhart-video-v3\.1-(fast|lite)\/).*: imageUrls holds \d, and one is taken there$/,
  // Shots.
  /^kling-.*: multiPrompt is \d+ seconds long, and duration is \d+$/,
  /^kling-.*: multiPrompt is not used there when the model cuts the shots$/,
  /^kling-.*: multiShot needs the shots in multiPrompt$/,
];
/** Whose example holds something of the above. */
const EXAMPLE_REFUSED = [
  'alibaba/happyhorse-1.0/reference-to-video',
  'alibaba/qwen-image-2.0-pro/image-edit',
  'alibaba/qwen-image-2.0-pro/text-to-image',
  'alibaba/qwen-image-2.0/image-edit',
  'alibaba/qwen-image-2.0/text-to-image',
  'alibaba/wan-2.5-preview/text-to-video',
  'hunyuan3d-v3.1/image-to-3d',
  'kling-v3-4k/image-to-video',
  'kling-v3-4k/text-to-video',
  'pixverse-v6/image-to-video',
  'pixverse-v6/text-to-video',
  'pixverse-v6/transition',
  'rhart-audio/text-to-audio/speech-02-turbo',
  'rhart-image-g-1.5/edit',
  'rhart-image-g-2-official/image-to-image',
  'rhart-image-g-2-official/text-to-image',
  'rhart-image-g-2/text-to-image',
  'rhart-image/f-2-klein-4b/text-to-image',
  'rhart-image/qwen-image/text-to-image-2512',
  'rhart-video-v3.1-fast/image-to-video',
  'rhart-video-v3.1-pro-official/text-to-video',
  'rhart-video-v3.1-pro/text-to-video',
  'rhart-video/wan-2.2/image-to-video',
  'seedream-v4.5/text-to-image',
  'seedream-v5-lite/image-to-image',
  'vidu/image-to-video-q3-pro',
  'vidu/start-end-to-video-q3-turbo',
  'vidu/text-to-video-q3-pro',
];

test('every live route takes whatever is valid, or says why not', async () => {
  const routes = await coverRoutes({ type: replicate, standin, settings: { loraUrl: 'https://loras.example.com' } });
  expect(routes.flatMap(({ mistakes }) => mistakes)).toEqual([]);
  expect(routes.filter(({ isCovered }) => !isCovered).map(({ route }) => route.endpoint)).toEqual(EXAMPLE_REFUSED);
  const reasons = routes.flatMap(({ route, refused }) => refused.map((reason) => `${route.endpoint}: ${reason}`));
  expect(reasons.filter((reason) => !KNOWN.some((known) => known.test(reason)))).toEqual([]);
});

let scene: Scene;
beforeAll(async () => {
  const settings = { loraUrl: 'https://loras.example.com/mine' };
  scene = await openScene({ type: replicate, standin, settings, isInProcess: true });
});
afterAll(() => scene.close());

const signal = (): AbortSignal => AbortSignal.timeout(10_000);
const [png, mp4] = ['https://example.com/a.png', 'https://example.com/a.mp4'];
const file = (name: string, index = 0, extension = 'png'): string =>
  `https://files.reelay.test/asset_${name}_${index}.${extension}`;

/** The model that was asked for, and with what. */
async function sent(id: string, input: Input, more: Partial<Job> = {}): Promise<{ path: string; body: unknown }> {
  const job = scene.jobOf(id, input, more);
  expect(validate(job.endpoint, input)).toMatchObject({ ok: true });
  expect(scene.provider.refuses?.(job)).toEqual([]);
  await scene.submit(job);
  const { path = '', body } = scene.standin.control.requests.at(-1) ?? {};
  return { path, body };
}

// biome-ignore format: a case a row
test.each<[string, string, Input, string, unknown]>([
  [
    'frames and a mode in words',
    'kling-v3.0-std/image-to-video',
    { prompt: 'a kite', duration: '7', sound: true, firstImageUrl: png, lastImageUrl: png, negativePrompt: 'rain' },
    'kwaivgi/kling-v3-video',
    { prompt: 'a kite', duration: 7, mode: 'standard', generate_audio: true, start_image: file('firstImageUrl'), end_image: file('lastImageUrl'), negative_prompt: 'rain' },
  ],
  [
    'shots as the text of a list, in the order of their numbers',
    'kling-video-o3-4k/text-to-video',
    { prompt: 'unused', duration: 5, sound: false, multiShot: true, shotType: 'customize', multiPrompt: [{ index: 2, prompt: 'two', duration: '3' }, { index: 1, prompt: 'one', duration: '2' }] },
    'kwaivgi/kling-v3-omni-video',
    { prompt: 'unused', duration: 5, mode: '4k', aspect_ratio: '16:9', generate_audio: false, multi_prompt: '[{"prompt":"one","duration":2},{"prompt":"two","duration":3}]' },
  ],
  [
    'a clip that is edited',
    'kling-video-o3-pro/video-edit',
    { prompt: 'winter', videoUrl: mp4, keepOriginalSound: false },
    'kwaivgi/kling-v3-omni-video',
    { prompt: 'winter', mode: 'pro', video_reference_type: 'base', reference_video: file('videoUrl', 0, 'mp4'), keep_original_sound: false },
  ],
  [
    'a resolution that the row names by its path',
    'minimax/hailuo-02/fast',
    { prompt: 'a kite', imageUrl: png, duration: '10', enablePromptExpansion: false },
    'minimax/hailuo-02-fast',
    { prompt: 'a kite', first_frame_image: file('imageUrl'), duration: 10, resolution: '512P', prompt_optimizer: false },
  ],
  [
    'how a voice speaks, beside the text',
    'rhart-audio/text-to-audio/speech-02-turbo',
    { text: 'Hello', voice_id: '1900000000000000001', speed: 1.5, emotion: 'sad', english_normalization: true, enable_base64_output: false },
    'minimax/speech-02-turbo',
    { text: 'Hello', voice_id: '800000000000000001', speed: 1.5, volume: 1, pitch: 0, emotion: 'sad', english_normalization: true },
  ],
  [
    'sides of their own',
    'seedream-v4.5/text-to-image',
    { prompt: 'a kite', width: 2048, height: 1536, sequentialImageGeneration: 'auto', maxImages: 3 },
    'bytedance/seedream-4.5',
    { prompt: 'a kite', size: 'custom', width: 2048, height: 1536, sequential_image_generation: 'auto', max_images: 3 },
  ],
  [
    'a shape in steps',
    'rhart-image/f-2-dev/text-to-image',
    { prompt: 'a kite', aspectRatio: 'custom', customWidth: 800, customHight: 608, outputFormat: 'jpeg' },
    'black-forest-labs/flux-2-dev',
    { prompt: 'a kite', aspect_ratio: 'custom', width: 800, height: 608, output_format: 'jpg' },
  ],
  [
    'a LoRA by its address',
    'rhart-image/f-dev-lora',
    { prompt: 'a kite', aspectRatio: '3:2', lora: 'pixels.safetensors', lora_strength: 0.5, outputFormat: 'webp(lossy)' },
    'black-forest-labs/flux-dev-lora',
    { prompt: 'a kite', aspect_ratio: '3:2', lora_weights: 'https://loras.example.com/mine/pixels.safetensors', lora_scale: 0.5, output_format: 'webp' },
  ],
  [
    'a picture that is made larger by a model in words',
    'topazlabs/image-upscale-cgi',
    { imageUrl: png, scale: '4x', faceEnhancement: false },
    'topazlabs/image-upscale',
    { image: file('imageUrl'), enhance_model: 'CGI', upscale_factor: '4x', subject_detection: 'All', face_enhancement: false, face_enhancement_creativity: 0, face_enhancement_strength: 0.8 },
  ],
  [
    'the shape of a given picture, which needs no word',
    'seedance-v1.5-pro/image-to-video',
    { prompt: 'a kite', duration: '5', generateAudio: 'true', cameraFixed: 'false', firstImageUrl: png, aspectRatio: 'adaptive', resolution: '720p' },
    'bytedance/seedance-1.5-pro',
    { prompt: 'a kite', duration: 5, generate_audio: true, camera_fixed: false, image: file('firstImageUrl') },
  ],
])('%s', async (_name, id, input, model, body) => {
  expect(await sent(id, input)).toEqual({ path: `/v1/models/${model}/predictions`, body: { input: body } });
});

test('versions and deployments have paths of their own', async () => {
  const input = { prompt: 'a kite', aspectRatio: '3:2', outputFormat: 'png' };
  const job = scene.jobOf('rhart-image/f-dev', input);
  const version = `black-forest-labs/flux-dev:${'0'.repeat(64)}`;
  const by = (route: Partial<Job['route']>) => sent('rhart-image/f-dev', input, { route: { ...job.route, ...route } });
  expect(await by({ model: version })).toMatchObject({ path: '/v1/predictions', body: { version } });
  expect(await by({ op: 'deployment' })).toMatchObject({
    path: '/v1/deployments/black-forest-labs/flux-dev/predictions',
  });
});

test('only the end is called back, to an address of its own', async () => {
  const job = scene.job('rhart-image/f-dev', { callbackUrl: 'https://ours.example/hook' });
  await scene.submit(job);
  expect(scene.standin.control.requests.at(-1)?.body).toMatchObject({
    webhook: 'https://ours.example/hook',
    webhook_events_filter: ['completed'],
  });
});

test('the time of a prediction is its cost, in money where its price is told', async () => {
  const { handle } = await scene.submit(scene.job('rhart-image/f-dev'));
  const end = await scene.follow(handle);
  const seconds = end.cost?.micros ?? 0;
  expect(end.cost).toEqual({ micros: seconds, currency: 'seconds' });
  expect(seconds).toBeGreaterThan(0);
  const priced = scene.create({ settings: { secondPrice: '0.001' } });
  expect(await scene.poll(handle, priced)).toMatchObject({ cost: { micros: seconds / 1_000, currency: 'USD' } });
});

test('where nobody can reach us small files go along, and large ones go to the storage, each once', async () => {
  const apart = await openScene({ type: replicate, standin, canBeReached: false });
  onTestFinished(() => apart.close());
  await apart.submit(apart.job('kling-v3.0-pro/image-to-video'));
  const inputOf = () => Object(apart.standin.control.jobs.at(-1)?.request.body).input;
  expect(inputOf().start_image).toMatch(/^data:image\/png;base64,/);
  const folder = await mkdtemp(join(tmpdir(), 'reelay-replicate-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const path = join(folder, 'a.png');
  const bytes = Buffer.alloc(1024 ** 2 + 1, 'reelay ');
  await writeFile(path, bytes);
  const facts = { kind: 'image', format: 'png', sizeBytes: bytes.length } as const;
  const large = { assetId: 'asset_1', path, url: 'http://127.0.0.1:9/a.png', facts };
  await apart.submit(apart.job('kling-v3.0-pro/image-to-video', { media: { firstImageUrl: [large] } }));
  const stored = await fetch(inputOf().start_image);
  expect(Buffer.from(await stored.arrayBuffer()).equals(bytes)).toBe(true);
});

test('a result that was removed before it was fetched has failed', async () => {
  const { handle } = await scene.submit(scene.job('rhart-image/f-dev'));
  await scene.follow(handle);
  await scene.standin.control.advance(3_600_001);
  expect(await scene.poll(handle)).toMatchObject({
    state: 'failed',
    code: 'generation_failed',
    message: 'the result was removed before it was fetched',
  });
});

test('what is over already cannot be canceled', async () => {
  const { handle } = await scene.submit(scene.job('rhart-image/f-dev'));
  await scene.follow(handle);
  await expect(scene.provider.cancel?.(handle, signal())).rejects.toThrow('over already: succeeded');
});

const prediction = (more: object, idMember?: string) =>
  toProgress({ status: 'succeeded', output: null, error: null, ...more }, idMember);
const url = (name: string) => ({ kind: 'url', url: `https://media.example/${name}` });
// biome-ignore format: a case a row
test.each<[string, object, unknown]>([
  ['starting', { status: 'starting' }, { state: 'pending' }],
  ['a word that nobody knows', { status: 'thinking' }, { state: 'pending' }],
  ['one file', { output: 'https://media.example/a' }, { state: 'succeeded', outputs: [url('a')] }],
  ['a list', { output: ['https://media.example/a', 'https://media.example/b'] }, { state: 'succeeded', outputs: [url('a'), url('b')] }],
  ['an object', { output: { voice_id: 'v-1', preview: 'https://media.example/a' } }, { state: 'succeeded', outputs: [url('a')], upstreamId: 'v-1' }],
  ['no file', { output: [] }, { state: 'failed', code: 'generation_failed', message: 'ended without a file' }],
  ['against their rules', { status: 'failed', error: 'flagged as sensitive (E005)' }, { state: 'failed', code: 'content_refused', message: 'flagged as sensitive (E005)' }],
  ['not safe', { status: 'failed', error: 'NSFW content detected' }, { state: 'failed', code: 'content_refused', message: 'NSFW content detected' }],
  ['too much to do', { status: 'failed', error: 'high demand (E003)' }, { state: 'failed', code: 'generation_failed', message: 'high demand (E003)' }],
  ['no reason', { status: 'failed' }, { state: 'failed', code: 'generation_failed', message: 'Replicate gave no reason' }],
  ['canceled', { status: 'canceled' }, { state: 'failed', code: 'canceled', message: 'canceled at Replicate' }],
])('a prediction: %s', (_name, more, progress) => {
  expect(prediction(more, 'voice_id')).toEqual(progress);
});

// biome-ignore format: a case a row
test.each<[number, object, unknown]>([
  [422, { title: 'Input validation failed', detail: '- input: prompt is required\n', invalid_fields: [{ type: 'required', field: 'input', description: 'prompt is required' }] }, { fault: 'invalid', message: 'prompt is required' }],
  [402, { title: 'Insufficient credit', detail: 'Too little.' }, { fault: 'quota', message: 'Too little.' }],
  [401, { title: 'Unauthenticated', detail: 'No token.' }, { fault: 'auth', message: 'No token.' }],
  [429, { detail: 'Throttled.', retry_after: 5 }, { fault: 'rate', message: 'Throttled.', retryAfterMs: 5_000 }],
  [429, { detail: 'Expected available in 7 seconds.' }, { fault: 'rate', message: 'Expected available in 7 seconds.', retryAfterMs: 7_000 }],
  [503, { title: 'Service unavailable' }, { fault: 'busy', message: 'Service unavailable' }],
  [404, { detail: 'Not found' }, undefined],
  [200, { detail: 'fine' }, undefined],
])('a refusal with %i and %j', (status, body, said) => {
  expect(faultOf({ status, headers: {}, body, text: '' })).toEqual(said);
});
