import type { Input, Json } from '@reelay/catalog';
import { findDefinition, mediaOf } from '@reelay/standin';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Job } from '../provider.ts';
import { coverRoutes } from '../testing/coverage.ts';
import { providerContract } from '../testing/provider.contract.ts';
import { startReplay } from '../testing/replay.ts';
import { openScene, type Scene } from '../testing/scene.ts';
import { pixverse } from './pixverse.ts';
import { faultOf, toProgress } from './wire.ts';

const standin = findDefinition('pixverse');
if (standin === undefined) throw new Error('there is no stand-in for pixverse');

describe('the contract of providers', () =>
  providerContract({
    type: pixverse,
    standin,
    endpoints: [
      'pixverse-v6/image-to-video',
      'pixverse-c1/text-to-video',
      'pixverse-v5.5-transition',
      'pixverse-v6/extend',
    ],
    // One code for whatever is wrong with a parameter, a model that is gone included.
    expects: { 'model-gone': 'invalid' },
  }));

test('every live route takes whatever is valid, or says why not', async () => {
  const routes = await coverRoutes({ type: pixverse, standin });
  expect(routes.flatMap(({ mistakes }) => mistakes)).toEqual([]);
  expect(routes.filter(({ isCovered }) => !isCovered)).toEqual([]);
  const known = [
    /^pixverse-(c1|v6)\/transition: aspectRatio "\d+:\d+" is not offered there: the video has the shape of/,
    /^pixverse-v5\.5-transition: aspectRatio "\d+:\d+" is not offered there: the video has the shape of/,
    /^pixverse-v5\.5(-transition|\/image-to-video): duration "10" is not offered there at 1080p$/,
  ];
  const reasons = routes.flatMap(({ route, refused }) => refused.map((reason) => `${route.endpoint}: ${reason}`));
  expect(reasons.filter((reason) => !known.some((one) => one.test(reason)))).toEqual([]);
});

let scene: Scene;
beforeAll(async () => {
  scene = await openScene({ type: pixverse, standin });
});
afterAll(() => scene.close());

async function sent(id: string, input: Input, more: Partial<Job> = {}) {
  await scene.submit(scene.jobOf(id, input, more));
  const { headers = {}, body, path } = scene.standin.control.jobs.at(-1)?.request ?? {};
  return { headers, path, body };
}
const [png, other] = ['https://example.com/a.png', 'https://example.com/b.png'] as const;
const number = expect.any(Number);

// biome-ignore format: a case a row
test.each<[string, string, Input, string, unknown]>([
  [
    'words of 5.5 become switches',
    'pixverse-v5.5/text-to-video',
    { prompt: 'a kite', resolution: '720p', duration: '8', aspectRatio: '9:16', generateAudioSwitch: 'true', generateMultiClipSwitch: 'false', negativePrompt: 'rain', thinkingType: 'enabled' },
    'text',
    { model: 'v5.5', prompt: 'a kite', quality: '720p', duration: 8, aspect_ratio: '9:16', generate_audio_switch: true, generate_multi_clip_switch: false, negative_prompt: 'rain', thinking_type: 'enabled' },
  ],
  [
    'switches of 6 stay switches',
    'pixverse-v6/image-to-video',
    { prompt: 'a kite', imageUrl: png, resolution: '1080p', duration: 15, generateAudioSwitch: false },
    'img',
    { model: 'v6', prompt: 'a kite', img_id: number, quality: '1080p', duration: 15, generate_audio_switch: false },
  ],
  [
    'a picture of C1 may do without a prompt',
    'pixverse-c1/image-to-video',
    { imageUrl: png, duration: 1 },
    'img',
    { model: 'c1', img_id: number, quality: '720p', duration: 1, generate_audio_switch: true },
  ],
  [
    'both frames, in the shape of the first',
    'pixverse-v6/transition',
    { prompt: 'a kite', firstImageUrl: png, endImageUrl: other, resolution: '360p', duration: 3, style: 'clay', seed: 0, aspectRatio: '16:9', generateMultiClipSwitch: true },
    'transition',
    { model: 'v6', prompt: 'a kite', first_frame_img: number, last_frame_img: number, quality: '360p', duration: 3, style: 'clay', seed: 0, generate_audio_switch: false, generate_multi_clip_switch: true, thinking_type: 'auto' },
  ],
  [
    'a first frame alone is a picture that moves',
    'pixverse-c1/transition',
    { prompt: 'a kite', firstImageUrl: png, duration: 3 },
    'img',
    { model: 'c1', prompt: 'a kite', img_id: number, quality: '720p', duration: 3, generate_audio_switch: true },
  ],
  [
    'a clip that goes on, with any seed',
    'pixverse-v6/extend',
    { prompt: 'a kite', videoUrl: 'https://example.com/a.mp4', duration: 2, seed: -1 },
    'extend',
    { model: 'v6', prompt: 'a kite', video_media_id: number, quality: '720p', duration: 2, generate_audio_switch: true },
  ],
  [
    'the reference mode, which takes no pictures here',
    'pixverse-c1/reference-to-video',
    { prompt: 'a knight', aspectRatio: '21:9', duration: 3, seed: 1204 },
    'text',
    { model: 'c1', prompt: 'a knight', aspect_ratio: '21:9', quality: '720p', duration: 3, seed: 1204, generate_audio_switch: true },
  ],
  [
    'an effect that is two here and one there',
    'pixverse-v5.5-effects',
    { imageUrl: png, effect: 'Robot', resolution: '360p', duration: '5' },
    'img',
    { model: 'v5.5', img_id: number, template_id: 313_358_700_761_536, quality: '360p', duration: 5, thinking_type: 'auto' },
  ],
])('%s', async (_name, id, input, call, body) => {
  expect(await sent(id, input)).toMatchObject({ path: `/openapi/v2/video/${call}/generate`, body });
  expect((await sent(id, input)).body).toEqual(body);
});

test('files are sent first, each once, and named by ids with all their digits', async () => {
  const one = scene.jobOf('pixverse-v6/transition', { prompt: 'a kite', firstImageUrl: png, endImageUrl: png });
  const [file] = one.media.firstImageUrl ?? [];
  if (file === undefined) throw new Error('no file');
  scene.standin.control.reset();
  await scene.submit({ ...one, media: { firstImageUrl: [file], endImageUrl: [file] } });
  const uploads = scene.standin.control.requests.filter(({ path }) => path === '/openapi/v2/image/upload');
  expect(uploads.map(({ body }) => body)).toMatchObject([
    { image: { mediaType: 'image/png', bytes: mediaOf('png').bytes } },
  ]);
  const raw = scene.standin.control.jobs.at(-1)?.request.rawBody.toString('utf8') ?? '';
  const ids = Array.from(raw.matchAll(/"(?:first|last)_frame_img":(\d{18})\b/g), ([, id]) => id);
  expect(ids).toEqual([ids[0], ids[0]]);
});

test.each<[string, string, Input, string]>([
  [
    'ten seconds at 1080p',
    'pixverse-v5.5/image-to-video',
    { prompt: 'a kite', imageUrl: png, resolution: '1080p', duration: '10' },
    'duration "10" is not offered there at 1080p',
  ],
  [
    'a shape that is not the picture’s',
    'pixverse-v6/transition',
    { prompt: 'a kite', firstImageUrl: png, endImageUrl: other, duration: 3, aspectRatio: '9:16' },
    'aspectRatio "9:16" is not offered there: the video has the shape of the first picture',
  ],
  [
    'a prompt that is too long',
    'pixverse-c1/reference-to-video',
    { prompt: '🪁'.repeat(5_001), duration: 3 },
    'prompt may have at most 5000 characters there',
  ],
])('%s is refused', (_name, id, input, reason) => {
  expect(scene.provider.refuses?.(scene.jobOf(id, input))).toEqual([reason]);
});

test.each([
  ['', 'effect "Hug" has a template whose id is not known: PIXVERSE_TEMPLATES may tell it'],
  ['Kiss=1, Hug', 'effect "Hug" has a template whose id is not known: PIXVERSE_TEMPLATES cannot be read at "Hug"'],
])('an effect whose template nobody told, with %j', (templates, reason) => {
  const input = { imageUrl: png, effect: 'Hug', resolution: '360p', duration: '5' };
  const provider = scene.create({ settings: { templates } });
  expect(provider.refuses?.(scene.jobOf('pixverse-v5.5-effects', input))).toEqual([reason]);
});

test('a refusal of an upload is about the file, and one that nobody understands is no reason to think of a job', async () => {
  const { headers } = await sent('pixverse-c1/text-to-video', { prompt: 'a kite', duration: 1 });
  const exchanges = [
    { ErrCode: 500032, ErrMsg: 'format' },
    { ErrCode: 123, ErrMsg: '' },
  ].map((body) => ({
    call: 'POST /image/upload',
    body: { ...body, Resp: {} },
  }));
  const replay = await startReplay(exchanges);
  const provider = scene.create({ settings: { baseUrl: replay.url } });
  const job = scene.job('pixverse-v6/image-to-video');
  const submit = () => provider.submit(job, AbortSignal.timeout(5_000));
  await expect(submit()).rejects.toMatchObject({ fault: 'media', message: 'format (code 500032)' });
  await expect(submit()).rejects.toMatchObject({ fault: 'busy' });
  expect(replay.heard[0]?.headers['api-key']).toBe(headers['api-key']);
  await replay.close();
});

test('from an upload to the video, as the vendor describes it', async () => {
  const fine = (Resp: Json) => ({ ErrCode: 0, ErrMsg: 'Success', Resp });
  const result = (status: number, url: string) =>
    fine({ id: 390000000000001, status, url, prompt: 'a red kite', seed: 1, outputWidth: 1280, outputHeight: 720 });
  const replay = await startReplay([
    { call: 'POST /image/upload', body: fine({ img_id: 71000001, img_url: 'https://media.example/i.png' }) },
    { call: 'POST /video/img/generate', body: fine({ video_id: 390000000000001, credits: 90 }) },
    { call: 'GET /video/result/390000000000001', body: result(5, '') },
    { call: 'GET /video/result/390000000000001', body: result(1, 'https://media.example/o.mp4') },
    { call: 'GET /video/result/390000000000001', body: result(7, '') },
  ]);
  const provider = scene.create({ settings: { baseUrl: replay.url, creditPrice: '0.01' } });
  const input = { prompt: 'a red kite', imageUrl: png, duration: 5 };
  const patience = AbortSignal.timeout(5_000);
  const { handle } = await provider.submit(scene.jobOf('pixverse-v6/image-to-video', input), patience);
  expect(handle).toEqual({ jobId: '390000000000001', credits: 90 });
  // biome-ignore format: a body
  expect(replay.heard[1]?.body).toEqual({
    model: 'v6', img_id: 71000001, prompt: 'a red kite', duration: 5, quality: '720p', generate_audio_switch: true,
  });
  expect(await provider.poll(handle, patience)).toEqual({ state: 'pending' });
  expect(await provider.poll(handle, patience)).toEqual({
    state: 'succeeded',
    outputs: [{ kind: 'url', url: 'https://media.example/o.mp4' }],
    cost: { micros: 900_000, currency: 'USD' },
  });
  expect(await provider.poll(handle, patience)).toMatchObject({ state: 'failed', code: 'content_refused' });
  await replay.close();
});

// biome-ignore format: a case a row
test.each<[string, Parameters<typeof toProgress>[0], unknown]>([
  ['waits or is being made', { status: 5, url: '' }, { state: 'pending' }],
  ['has a status that nobody knows', { status: 9, url: '' }, { state: 'pending' }],
  ['was deleted', { status: 6 }, { state: 'failed', code: 'canceled', message: expect.any(String) }],
  ['broke the rules', { status: 7, credits: 0 }, { state: 'failed', code: 'content_refused', message: expect.any(String) }],
  ['failed', { status: 8 }, { state: 'failed', code: 'generation_failed', message: expect.any(String) }],
  ['has no file', { status: 1, url: '', credits: 45 }, { state: 'failed', code: 'generation_failed', message: 'PixVerse made no file', cost: { micros: 45_000_000, currency: 'credits' } }],
  ['is done', { status: 1, url: 'https://a.example/o.mp4' }, { state: 'succeeded', outputs: [{ kind: 'url', url: 'https://a.example/o.mp4' }] }],
])('a video that %s', (_name, answer, progress) => {
  expect(toProgress(answer, { creditPrice: undefined })).toEqual(progress);
});

const faultAt = (status: number, ErrCode: number, ErrMsg = 'so it is') =>
  faultOf({ status, headers: {}, body: { ErrCode, ErrMsg, Resp: {} }, text: '' });
// biome-ignore format: a table
test.each([
  [400011, 'invalid'], [400012, 'auth'], [400017, 'invalid'], [400018, 'invalid'], [400019, 'invalid'],
  [400032, 'invalid'], [500008, 'failed'], [500020, 'auth'], [500030, 'media'], [500031, 'media'], [500032, 'media'],
  [500044, 'rate'], [500054, 'moderation'], [500063, 'moderation'], [500069, 'busy'], [500090, 'quota'],
  [99999, 'busy'], [123456, 'unknown'],
] as const)('code %i is %s', (code, fault) => {
  expect(faultAt(200, code)).toEqual({ fault, message: `so it is (code ${code})` });
});

test.each([
  ['concurrent limit reached', 'rate'],
  ['Insufficient balance', 'quota'],
  ['did not pass moderation', 'moderation'],
  ['invalid API-KEY', 'auth'],
])('a code that is not known, with the words “%s”', (words, fault) => {
  expect(faultAt(200, 1, words)?.fault).toBe(fault);
  expect(faultAt(500, 1, 'nothing that helps')).toBeUndefined();
  expect(faultAt(200, 0)).toBeUndefined();
});
