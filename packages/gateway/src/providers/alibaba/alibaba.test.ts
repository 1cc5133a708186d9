import { catalog, type Input } from '@reelay/catalog';
import { findDefinition } from '@reelay/standin';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createSpool } from '../kit/spool.ts';
import type { Job } from '../provider.ts';
import { coverRoutes } from '../testing/coverage.ts';
import { toJob } from '../testing/jobs.ts';
import { providerContract } from '../testing/provider.contract.ts';
import { openScene, type Scene } from '../testing/scene.ts';
import { alibaba } from './alibaba.ts';
import { faultOf, toPictures, toProgress, toText } from './wire.ts';

const standin = findDefinition('alibaba');
if (standin === undefined) throw new Error('there is no stand-in for alibaba');

describe('the contract of providers: videos', () =>
  providerContract({
    type: alibaba,
    standin,
    endpoints: [
      'alibaba/wan-2.7/image-to-video',
      'alibaba/wan-2.6/reference-to-video',
      'alibaba/happyhorse-1.0/video-edit',
      'alibaba/wan-2.5-preview/text-to-image',
      'alibaba/wan-2.5-preview/image-to-image',
      'kling-video-o3-std/reference-to-video',
    ],
  }));

describe('the contract of providers: pictures and words', () =>
  providerContract({
    type: alibaba,
    standin,
    endpoints: ['alibaba/qwen-image-2.0/image-edit', 'alibaba/wan-2.7/text-to-image', 'rhart-text-qwen-27b/chat'],
    without: { 'fail-upstream': 'an upstream in trouble says so instead of an answer' },
  }));

const KNOWN = [
  // Of Wan and HappyHorse.
  /^a (picture or a clip to refer to|clip to edit) is needed there$/,
  /^audioUrl is not offered there together with a clip to extend$/,
  /^shotType "multi" needs enablePromptExpansion there$/,
  // Of pictures.
  /^a prompt is needed there$/,
  /^outputFormat "(jpeg|webp.*)" has no counterpart there$/,
  // Of Kling, Vidu and PixVerse.
  /^negativePrompt .* has no counterpart there$/s,
  /^cfgScale [\d.]+ has no counterpart there$/,
  /^multiShot true is not offered there together with a last picture$/,
  /^multiPrompt (is \d+ seconds long|does not suit Kling)/,
  /^sound true is not offered there together with a video$/,
  /^imageUrls may have at most (4|7) pictures there$/,
  /^resolution "(360p|2k)" is not offered there: only 540p, 720p, 1080p$/,
  /^aspectRatio "[^"]+" is not offered there: only 16:9$/,
  /^aspectRatio "[^"]+" has no counterpart there$/,
  /^style "\w+" has no counterpart there$/,
  /^thinkingType "(enabled|disabled)" has no counterpart there$/,
  /^generateMultiClipSwitch true has no counterpart there$/,
  /^a last picture is needed there$/,
];

test('every live route takes whatever is valid, or says why not', async () => {
  const routes = await coverRoutes({ type: alibaba, standin });
  expect(routes.flatMap(({ mistakes }) => mistakes)).toEqual([]);
  // What these examples ask for is not published of the makers' models here.
  expect(routes.filter(({ isCovered }) => !isCovered).map(({ route }) => route.endpoint)).toEqual([
    'pixverse-c1/transition',
    'pixverse-v5.6/image-to-video',
    'pixverse-v6/transition',
    'vidu/image-to-video-q3-pro',
    'vidu/reference-to-video-q3-mix',
    'vidu/text-to-video-q3-pro',
    'vidu/text-to-video-q3-turbo',
  ]);
  const unknown = routes.flatMap(({ refused }) => refused).filter((reason) => !KNOWN.some((one) => one.test(reason)));
  expect(unknown).toEqual([]);
});

test('routes that are only nearly the row build bodies that are taken, too', async () => {
  const routes = await coverRoutes({ type: alibaba, standin, isWanted: ({ status }) => status === 'approx' });
  expect(routes.flatMap(({ mistakes }) => mistakes)).toEqual([]);
  expect(routes.filter(({ isCovered }) => isCovered).map(({ route }) => route.endpoint)).toEqual([
    'rhart-image/qwen-image/edit-2511',
    'rhart-video/wan-2.2/image-to-video',
    'rhart-video/wan-2.2/start-to-end',
    'rhart-video/wan-2.2/text-to-video',
  ]);
});

let scene: Scene;
beforeAll(async () => {
  scene = await openScene({ type: alibaba, standin });
});
afterAll(() => scene.close());

const exampleOf = (id: string): Input => catalog.get(id)?.example ?? {};
const jobOf = (id: string, input: Input = exampleOf(id), more: Partial<Job> = {}): Job => {
  const endpoint = catalog.get(id);
  const route = alibaba.routes.routes.find((one) => one.endpoint === id);
  if (endpoint === undefined || route === undefined) throw new Error(`no route for ${id}`);
  return toJob(endpoint, route, input, more);
};
async function sent(id: string, input: Input, more: Partial<Job> = {}): Promise<unknown> {
  await scene.submit(jobOf(id, input, more));
  return scene.standin.control.requests.at(-1)?.body;
}
const at = (name: string) => expect.stringMatching(new RegExp(`^https:.*${name}`));

// biome-ignore format: a case a row
test.each<[string, string, Input, unknown]>([
  [
    'words and sound',
    'alibaba/wan-2.7/text-to-video',
    { prompt: 'a kite', negativePrompt: 'rain', duration: '3', resolution: '720p', aspectRatio: '4:3', audioUrl: 'https://example.com/a.mp3', promptExtend: false, seed: 0 },
    { model: 'wan2.7-t2v', input: { prompt: 'a kite', negative_prompt: 'rain', audio_url: at('audioUrl') }, parameters: { watermark: false, resolution: '720P', ratio: '4:3', duration: 3, prompt_extend: false, seed: 0 } },
  ],
  [
    'two frames that a sound drives',
    'alibaba/wan-2.7/image-to-video',
    { firstImageUrl: 'https://example.com/a.png', lastImageUrl: 'https://example.com/b.png', audioUrl: 'https://example.com/a.mp3', duration: '5', resolution: '1080P' },
    { model: 'wan2.7-i2v', input: { media: [{ type: 'first_frame', url: at('firstImageUrl') }, { type: 'last_frame', url: at('lastImageUrl') }, { type: 'driving_audio', url: at('audioUrl') }] }, parameters: { watermark: false, resolution: '1080P', duration: 5, prompt_extend: true } },
  ],
  [
    'a clip that is extended',
    'alibaba/wan-2.7/video-extend',
    { prompt: 'on', videoUrl: 'https://example.com/a.mp4', duration: '4', resolution: '720P' },
    { model: 'wan2.7-i2v', input: { prompt: 'on', media: [{ type: 'first_clip', url: at('videoUrl') }] }, parameters: { watermark: false, resolution: '720P', duration: 4, prompt_extend: true } },
  ],
  [
    'references, the first with a voice',
    'alibaba/wan-2.7/reference-to-video',
    { prompt: 'a pretzel', videoUrls: ['https://example.com/a.mp4'], imageUrls: ['https://example.com/a.png'], audioUrl: 'https://example.com/a.mp3', duration: '2', resolution: '720P', aspectRatio: '16:9' },
    { model: 'wan2.7-r2v', input: { prompt: 'a pretzel', media: [{ type: 'reference_video', url: at('videoUrls_0'), reference_voice: at('audioUrl') }, { type: 'reference_image', url: at('imageUrls_0') }] }, parameters: { watermark: false, resolution: '720P', ratio: '16:9', duration: 2, prompt_extend: true } },
  ],
  [
    'references by address alone',
    'alibaba/wan-2.6/reference-to-video-flash',
    { prompt: 'a cat', imageUrls: ['https://example.com/a.png'], videoUrls: ['https://example.com/a.mp4'], size: '960*960', duration: '2', audio: false, shotType: 'multi' },
    { model: 'wan2.6-r2v-flash', input: { prompt: 'a cat', reference_urls: [at('videoUrls_0'), at('imageUrls_0')] }, parameters: { watermark: false, size: '960*960', duration: 2, audio: false, shot_type: 'multi' } },
  ],
  [
    'a size that its row calls a resolution',
    'alibaba/wan-2.6/text-to-video',
    { prompt: 'a kite', duration: '15', resolution: '720*1280', shotType: 'single' },
    { model: 'wan2.6-t2v', input: { prompt: 'a kite' }, parameters: { watermark: false, size: '720*1280', duration: 15, shot_type: 'single' } },
  ],
  [
    'several pictures of several',
    'alibaba/wan-2.5-preview/image-to-image',
    { prompt: 'hang it', imageUrls: ['https://example.com/a.png', 'https://example.com/b.png'], n: 2, size: '1024*1024', seed: -1 },
    { model: 'wan2.5-i2i-preview', input: { prompt: 'hang it', images: [at('imageUrls_0'), at('imageUrls_1')] }, parameters: { watermark: false, n: 2, size: '1024*1024', prompt_extend: true } },
  ],
  [
    'a message of pictures and words',
    'alibaba/qwen-image-2.0-pro/image-edit',
    { prompt: 'blue', negativePrompt: 'rain', imageUrls: ['https://example.com/a.png', 'https://example.com/b.png'], imageNum: '3', size: '768*1152' },
    { model: 'qwen-image-2.0-pro', input: { messages: [{ role: 'user', content: [{ image: at('imageUrls_0') }, { image: at('imageUrls_1') }, { text: 'blue' }] }] }, parameters: { watermark: false, negative_prompt: 'rain', n: 3, size: '768*1152' } },
  ],
  [
    'one picture of exact sides',
    'alibaba/wan-2.7/text-to-image-pro',
    { prompt: 'a caravan', thinkingMode: false, width: 2400, height: 600 },
    { model: 'wan2.7-image-pro', input: { messages: [{ role: 'user', content: [{ text: 'a caravan' }] }] }, parameters: { watermark: false, n: 1, thinking_mode: false, size: '2400*600' } },
  ],
  [
    'a shape of about a million pixels',
    'rhart-image/z-image/turbo',
    { prompt: 'noodles', aspectRatio: '3:4' },
    { model: 'z-image-turbo', input: { messages: [{ role: 'user', content: [{ text: 'noodles' }] }] }, parameters: { size: '864*1152' } },
  ],
  [
    'a chat with a picture and a clip',
    'rhart-text-qwen-27b/chat',
    { prompt: 'Which?', imageUrls: ['https://example.com/a.png'], videoUrl: 'https://example.com/a.mp4' },
    { model: 'qwen3.6-27b', messages: [{ role: 'user', content: [{ type: 'image_url', image_url: { url: at('imageUrls_0') } }, { type: 'video_url', video_url: { url: at('videoUrl') } }, { type: 'text', text: 'Which?' }] }] },
  ],
  [
    'Kling with shots',
    'kling-v3.0-pro/text-to-video',
    { prompt: 'unused', duration: '5', multiShot: true, multiPrompt: [{ index: 2, prompt: 'two', duration: '3' }, { index: 1, prompt: 'one', duration: '2' }], sound: true, aspectRatio: '1:1' },
    { model: 'kling/kling-v3-video-generation', input: { multi_shot: true, shot_type: 'customize', multi_prompt: [{ index: 1, prompt: 'one', duration: 2 }, { index: 2, prompt: 'two', duration: 3 }] }, parameters: { watermark: false, mode: 'pro', duration: 5, audio: true, aspect_ratio: '1:1' } },
  ],
  [
    'Kling with a clip to edit',
    'kling-video-o3-std/video-edit',
    { prompt: 'winter', videoUrl: 'https://example.com/a.mp4', imageUrls: ['https://example.com/a.png'], keepOriginalSound: true },
    { model: 'kling/kling-v3-omni-video-generation', input: { prompt: 'winter', media: [{ type: 'base', keep_original_sound: 'yes', url: at('videoUrl') }, { type: 'refer', url: at('imageUrls_0') }] }, parameters: { watermark: false, mode: 'std' } },
  ],
  [
    'Vidu between two pictures',
    'vidu/start-end-to-video-q3-turbo',
    { prompt: 'she turns', firstImageUrl: 'https://example.com/a.png', lastImageUrl: 'https://example.com/b.png', duration: '3', resolution: '540p', movementAmplitude: 'large', audio: true },
    { model: 'vidu/viduq3-turbo_start-end2video', input: { prompt: 'she turns', media: [{ type: 'image', url: at('firstImageUrl') }, { type: 'image', url: at('lastImageUrl') }] }, parameters: { watermark: false, duration: 3, resolution: '540P', audio: true } },
  ],
  [
    'PixVerse in a shape of its own',
    'pixverse-c1/text-to-video',
    { prompt: 'sparks', duration: 4, generateAudioSwitch: true, resolution: '720p', aspectRatio: '21:9' },
    { model: 'pixverse/pixverse-c1-t2v', input: { prompt: 'sparks' }, parameters: { watermark: false, duration: 4, audio: true, size: '1280*560' } },
  ],
])('the body of %s', async (_name, id, input, body) => {
  expect(await sent(id, input)).toEqual(body);
});

test('an element goes out as a number, and one that was made elsewhere is refused', async () => {
  const id = 'kling-v3.0-pro/image-to-video';
  const input = { ...exampleOf(id), elementList: [{ element_id: '812345678901234567' }] };
  await scene.submit(jobOf(id, input, { upstreamIds: {} }));
  const raw = scene.standin.control.jobs.at(-1)?.request.rawBody.toString('utf8');
  expect(raw).toContain('"element_list":[{"element_id":812345678901234567}]');
  const refused = scene.provider.refuses?.(jobOf(id, input, { upstreamIds: {}, elsewhere: ['812345678901234567'] }));
  expect(refused).toEqual(['elementList 812345678901234567 was made on another channel']);
});

const create = (settings: Record<string, string>, canBeReached = true) =>
  alibaba.create({
    credentials: { apiKey: 'key' },
    settings,
    canBeReached,
    clock: { nowMs: () => 0, after: () => () => {} },
    random: () => 0.5,
    spool: createSpool('/nowhere'),
    log: { debug() {}, info() {}, warn() {}, error() {} },
  });

test('what is sold in Beijing only is refused elsewhere, and Wan is not', () => {
  const abroad = create({ baseUrl: 'https://dashscope-intl.aliyuncs.com' });
  const home = create({ baseUrl: 'https://dashscope.aliyuncs.com' });
  const kling = jobOf('kling-v3.0-pro/text-to-video', { prompt: 'a kite', duration: '5', sound: true });
  expect(abroad.refuses?.(kling)).toEqual([
    'kling/kling-v3-video-generation is sold in Beijing only, and the channel is elsewhere',
  ]);
  expect(home.refuses?.(kling)).toEqual([]);
  expect(abroad.refuses?.(jobOf('alibaba/wan-2.7/text-to-video'))).toEqual([]);
});

test('where nobody can reach us, Wan gets its pictures inlined, and what is only fetched is refused', () => {
  const unreached = create({ baseUrl: 'https://dashscope.aliyuncs.com' }, false);
  expect(unreached.refuses?.(jobOf('alibaba/wan-2.7/image-to-video'))).toEqual([]);
  expect(unreached.refuses?.(jobOf('kling-video-o3-std/image-to-video'))).toEqual([
    expect.stringMatching(/cannot be reached from the internet/),
  ]);
});

test('a workspace is named in every call', async () => {
  const provider = scene.create({ settings: { workspace: 'ws-1' } });
  await provider.submit(jobOf('alibaba/wan-2.7/text-to-video'), AbortSignal.timeout(5_000));
  expect(scene.standin.control.jobs.at(-1)?.request.headers['x-dashscope-workspace']).toBe('ws-1');
});

const refusal = (status: number, code: string) =>
  faultOf({ status, headers: {}, body: { code, message: 'so it is', request_id: 'r' }, text: '' })?.fault;
// biome-ignore format: a table
test.each([
  [400, 'InvalidParameter', 'invalid'], [400, 'InvalidParameter.DataInspection', 'invalid'], [400, 'InvalidURL', 'invalid'],
  [400, 'DataInspectionFailed', 'moderation'], [400, 'data_inspection_failed', 'moderation'],
  [400, 'IPInfringementSuspect', 'moderation'], [400, 'Arrearage', 'quota'], [400, 'InvalidFile.Format', 'media'],
  [400, 'InvalidImage.Resolution', 'media'], [401, 'InvalidApiKey', 'auth'], [403, 'AccessDenied', 'auth'],
  [403, 'AccessDenied.Unpurchased', 'auth'], [403, 'Model.AccessDenied', 'auth'],
  [403, 'AllocationQuota.FreeTierOnly', 'quota'], [404, 'ModelNotFound', 'model_gone'],
  [404, 'model_not_found', 'model_gone'], [429, 'Throttling', 'rate'], [429, 'Throttling.AllocationQuota', 'rate'],
  [500, 'InternalError', 'busy'], [500, 'InternalError.Algo', 'busy'], [503, 'ServiceUnavailable', 'busy'],
  [500, 'SystemError', 'busy'], [500, 'InternalError.Timeout', 'unknown'], [500, 'RequestTimeOut', 'unknown'],
  [200, 'DataInspectionFailed', 'moderation'], [200, 'SomethingNew', 'unknown'], [409, 'Conflict', undefined],
] as const)('status %i with %s is %s', (status, code, fault) => {
  expect(refusal(status, code)).toBe(fault);
});

test('the chat part says no in the form of OpenAI, and a task that failed is an answer', () => {
  const chat = { error: { code: 'invalid_api_key', message: 'no' } };
  expect(faultOf({ status: 401, headers: {}, body: chat, text: '' })?.fault).toBe('auth');
  const failed = { request_id: 'r', output: { task_status: 'FAILED', code: 'InternalError', message: 'no' } };
  expect(faultOf({ status: 200, headers: {}, body: failed, text: '' })).toBeUndefined();
});

const url = 'https://a.test/1';
const refused = { code: 'DataInspectionFailed', message: 'Green net check failed' };
// biome-ignore format: a case a row
test.each<[string, Parameters<typeof toProgress>[0], unknown]>([
  ['PENDING', { output: { task_status: 'PENDING' } }, { state: 'pending' }],
  ['a word that nobody knows', { output: { task_status: 'REVIEWING' } }, { state: 'pending' }],
  ['a video', { output: { task_status: 'SUCCEEDED', video_url: url }, usage: { duration: 5, video_count: 1 } }, { state: 'succeeded', outputs: [{ kind: 'url', url }], cost: { micros: 5_000_000, currency: 'seconds' } }],
  ['pictures of which one was refused', { output: { task_status: 'SUCCEEDED', results: [{ url }, refused] }, usage: { image_count: 1 } }, { state: 'succeeded', outputs: [{ kind: 'url', url }], cost: { micros: 1_000_000, currency: 'images' } }],
  ['pictures of which all were refused', { output: { task_status: 'SUCCEEDED', results: [refused, refused] } }, { state: 'failed', code: 'content_refused', message: 'DataInspectionFailed: Green net check failed' }],
  ['done without a file', { output: { task_status: 'SUCCEEDED' } }, { state: 'failed', code: 'generation_failed', message: 'DashScope says done, and names no result' }],
  ['refused by their rules', { output: { task_status: 'FAILED', ...refused } }, { state: 'failed', code: 'content_refused', message: 'DataInspectionFailed: Green net check failed' }],
  ['failed with a word of submitting', { output: { task_status: 'FAILED', code: 'Throttling', message: '' } }, { state: 'failed', code: 'generation_failed', message: 'Throttling' }],
  ['canceled', { output: { task_status: 'CANCELED' } }, { state: 'failed', code: 'canceled', message: 'the task was canceled' }],
  ['not known any more', { output: { task_status: 'UNKNOWN' } }, { state: 'failed', code: 'generation_failed', message: 'DashScope knows the task no more' }],
])('a task: %s', (_name, answer, progress) => {
  expect(toProgress(answer)).toEqual(progress);
});

test('several pictures are several contents, or several choices', () => {
  const other = `${url}0`;
  const content = (...urls: string[]) => ({ message: { content: urls.map((image) => ({ image })) } });
  const outputs = [
    { kind: 'url', url },
    { kind: 'url', url: other },
  ];
  expect(toPictures({ output: { choices: [content(url, other)] } })).toEqual({ state: 'succeeded', outputs });
  expect(toPictures({ output: { choices: [content(url), content(other)] } })).toEqual({ state: 'succeeded', outputs });
  expect(toPictures({ output: { choices: [] } })).toMatchObject({ state: 'failed', code: 'generation_failed' });
});

test('words that were kept back are a refusal', () => {
  const answer = (content: string, finish_reason: string) => ({ choices: [{ message: { content }, finish_reason }] });
  expect(toText(answer('', 'content_filter'))).toMatchObject({ state: 'failed', code: 'content_refused' });
  expect(toText(answer('', 'stop'))).toMatchObject({ state: 'failed', code: 'generation_failed' });
  expect(toText(answer('the second', 'stop'))).toMatchObject({ outputs: [{ kind: 'text', text: 'the second' }] });
});
