import { catalog, type Input } from '@reelay/catalog';
import { findDefinition } from '@reelay/standin';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createIds } from '../../lib/ids.ts';
import { createSpool } from '../kit/spool.ts';
import type { Job } from '../provider.ts';
import { coverRoutes } from '../testing/coverage.ts';
import { toJob } from '../testing/jobs.ts';
import { providerContract } from '../testing/provider.contract.ts';
import { openScene, type Scene } from '../testing/scene.ts';
import { bytedance, modelAt } from './bytedance.ts';
import { signed } from './sign.ts';
import { faultOfVisual } from './visual.ts';
import { faultOf, toPictures, toProgress } from './wire.ts';

const standin = findDefinition('bytedance');
if (standin === undefined) throw new Error('there is no stand-in for bytedance');
const { callback: _callback, ...silent } = standin;

describe('the contract of providers: videos', () =>
  providerContract({
    type: bytedance,
    standin,
    endpoints: [
      'rhart-video/sparkvideo-2.0/image-to-video',
      'bytedance/seedance-2.0-global/text-to-video',
      'bytedance/seedance-2.0-global-fast/multimodal-video',
      'bytedance/dreamactor-v2',
    ],
  }));

describe('the contract of providers: pictures', () =>
  providerContract({
    type: bytedance,
    standin: silent,
    endpoints: ['seedream-v4/text-to-image', 'seedream-v4/image-to-image', 'seedream-v5-lite/text-to-image'],
    without: { 'fail-upstream': 'an upstream in trouble says so instead of an answer' },
  }));

test('every live route takes whatever is valid, or says why not', async () => {
  const routes = await coverRoutes({ type: bytedance, standin });
  expect(routes.flatMap(({ mistakes }) => mistakes)).toEqual([]);
  // Their examples are smaller than these models draw.
  expect(routes.filter(({ isCovered }) => !isCovered).map(({ route }) => route.endpoint)).toEqual([
    'seedream-v4.5/image-to-image',
    'seedream-v4.5/text-to-image',
    'seedream-v5-lite/image-to-image',
  ]);
  const known = [
    /^resolution "(1080p|2k|4k|native1080p)" is not offered there: only 480p, 720p(, native1080p)?$/,
    /^audioUrls alone are not offered there/,
    /^width \d+ and height \d+ are not offered there: 3686400 to 16777216 pixels$/,
    /^imageUrls and maxImages may be 15 together there$/,
  ];
  const unknown = routes.flatMap(({ refused }) => refused).filter((reason) => !known.some((one) => one.test(reason)));
  expect(unknown).toEqual([]);
});

let scene: Scene;
beforeAll(async () => {
  scene = await openScene({ type: bytedance, standin });
});
afterAll(() => scene.close());

const exampleOf = (id: string): Input => catalog.get(id)?.example ?? {};
const jobOf = (id: string, input: Input = exampleOf(id), more: Partial<Job> = {}): Job => {
  const endpoint = catalog.get(id);
  const route = bytedance.routes.routes.find((one) => one.endpoint === id);
  if (endpoint === undefined || route === undefined) throw new Error(`no route for ${id}`);
  return toJob(endpoint, route, input, more);
};
async function sent(id: string, input: Input): Promise<unknown> {
  await scene.submit(jobOf(id, input));
  return scene.standin.control.requests.at(-1)?.body;
}
const at = (name: string) => ({ url: expect.stringMatching(new RegExp(`^https:.*${name}`)) });

// biome-ignore format: a case a row
test.each<[string, string, Input, unknown]>([
  [
    'frames',
    'rhart-video/sparkvideo-2.0/image-to-video',
    { prompt: 'a kite', duration: '7', firstFrameUrl: 'https://example.com/a.png', lastFrameUrl: 'https://example.com/b.png', resolution: 'native1080p', ratio: '16:9', seed: 12, generateAudio: false, returnLastFrame: true },
    {
      model: 'dreamina-seedance-2-0-260128', watermark: false, resolution: '1080p', ratio: '16:9', duration: 7, seed: 12, generate_audio: false, return_last_frame: true,
      content: [
        { type: 'text', text: 'a kite' },
        { type: 'image_url', role: 'first_frame', image_url: at('firstFrameUrl') },
        { type: 'image_url', role: 'last_frame', image_url: at('lastFrameUrl') },
      ],
    },
  ],
  [
    'references of every kind, in order',
    'bytedance/seedance-2.0-global-fast/multimodal-video',
    { prompt: 'a kite', duration: '4', resolution: '480p', imageUrls: ['https://example.com/a.png', 'https://example.com/b.png'], videoUrls: ['https://example.com/a.mp4'], audioUrls: ['https://example.com/a.mp3'] },
    {
      model: 'dreamina-seedance-2-0-fast-260128', watermark: false, resolution: '480p', ratio: 'adaptive', duration: 4, seed: expect.any(Number), generate_audio: true, return_last_frame: false,
      content: [
        { type: 'text', text: 'a kite' },
        { type: 'image_url', role: 'reference_image', image_url: at('imageUrls_0') },
        { type: 'image_url', role: 'reference_image', image_url: at('imageUrls_1') },
        { type: 'video_url', role: 'reference_video', video_url: at('videoUrls_0') },
        { type: 'audio_url', role: 'reference_audio', audio_url: at('audioUrls_0') },
      ],
    },
  ],
  [
    'words that may search the web',
    'bytedance/seedance-2.0-global/text-to-video',
    { prompt: 'a kite', duration: '5', resolution: '720p', webSearch: true },
    { model: 'dreamina-seedance-2-0-260128', watermark: false, resolution: '720p', ratio: 'adaptive', duration: 5, seed: expect.any(Number), generate_audio: true, return_last_frame: false, tools: [{ type: 'web_search' }], content: [{ type: 'text', text: 'a kite' }] },
  ],
  [
    'a series of pictures',
    'seedream-v4.5/image-to-image',
    { prompt: 'kites', imageUrls: ['https://example.com/a.png'], width: 2048, height: 2304, sequentialImageGeneration: 'auto', maxImages: 3 },
    { model: 'seedream-4-5-251128', watermark: false, response_format: 'url', prompt: 'kites', image: [expect.stringMatching(/imageUrls_0/)], size: '2048x2304', sequential_image_generation: 'auto', sequential_image_generation_options: { max_images: 3 } },
  ],
  [
    'a picture of a named size',
    'seedream-v5-lite/text-to-image',
    { prompt: 'a map', resolution: '3k', width: 1600, height: 1600 },
    { model: 'seedream-5-0-lite-260128', watermark: false, response_format: 'url', prompt: 'a map', size: '3K', sequential_image_generation: 'disabled', tools: [{ type: 'web_search' }] },
  ],
  [
    'a figure that moves',
    'bytedance/dreamactor-v2',
    { imageUrl: 'https://example.com/a.png', videoUrl: 'https://example.com/a.mp4' },
    { req_key: 'jimeng_dreamactor_m20_gen_video', image_urls: [expect.stringMatching(/imageUrl_0/)], video_url: expect.stringMatching(/videoUrl_0/) },
  ],
])('the body of %s', async (_name, id, input, body) => {
  expect(await sent(id, input)).toEqual(body);
});

test.each([
  ['china', 'seedance-2-0-260128', 'doubao-seedance-2-0-260128'],
  ['china', 'seedream-4-5-251128', 'doubao-seedream-4-5-251128'],
  ['international', 'seedance-2-0-260128', 'dreamina-seedance-2-0-260128'],
  ['international', 'seedream-4-5-251128', 'seedream-4-5-251128'],
  ['international', 'seedance-1-5-pro-251215', 'seedance-1-5-pro-251215'],
  ['china', 'ep-20261101-abcde', 'ep-20261101-abcde'],
  ['international', 'doubao-seedance-2-0-260128', 'doubao-seedance-2-0-260128'],
] as const)('in %s %s is called %s', (region, model, name) => {
  expect(modelAt(region, model)).toBe(name);
});

test('a setting says whose names models have, where the address does not tell', async () => {
  const provider = scene.create({ settings: { region: 'china' } });
  await provider.submit(jobOf('bytedance/seedance-2.0-global/text-to-video'), AbortSignal.timeout(5_000));
  expect(scene.standin.control.jobs.at(-1)?.model).toBe('doubao-seedance-2-0-260128');
});

test('a series comes back in order, and each picture is counted', async () => {
  const input = { prompt: 'kites', sequentialImageGeneration: 'auto', maxImages: 4, resolution: '2k' };
  const end = await scene.run(jobOf('seedream-v4.5/text-to-image', input));
  const urls = scene.standin.control.jobs.at(-1)?.outputs.map(({ url }) => ({ kind: 'url', url }));
  expect(urls).toHaveLength(4);
  expect(end).toEqual({ state: 'succeeded', outputs: urls, cost: { micros: 4_000_000, currency: 'images' } });
});

const signal = () => AbortSignal.timeout(5_000);
const NOW_MS = Date.UTC(2026, 10, 22);
const idAt = (nowMs: number) => createIds({ nowMs: () => nowMs, node: 1, randomBytes: Buffer.alloc }).taskId();

test('a lost job is found by the seed that is made of our id', async () => {
  scene.standin.control.reset();
  const id = 'bytedance/seedance-2.0-global/text-to-video';
  const job = jobOf(id);
  expect(await scene.provider.find?.(job, signal())).toBeUndefined();
  await scene.submit(jobOf(id));
  const { handle } = await scene.submit(job);
  await scene.submit(jobOf(id));
  expect(await scene.provider.find?.(job, signal())).toEqual({ handle });
});

test('where nothing proves which job is ours, the fate stays open; jobs that cannot be ours do not matter', async () => {
  scene.standin.control.reset();
  const id = 'rhart-video/sparkvideo-2.0/text-to-video';
  const input = { ...exampleOf(id), seed: 77 };
  await scene.submit(jobOf(id, input));
  const [made] = scene.standin.control.jobs;
  const find = (createdAtMs: number, more: Input = {}) =>
    scene.provider.find?.(jobOf(id, { ...input, ...more }, { taskId: idAt(createdAtMs) }), signal());
  const madeAtMs = made?.createdAtMs ?? NOW_MS;
  // The seed is the caller's, who may have asked twice.
  await expect(find(madeAtMs)).rejects.toMatchObject({ fault: 'unknown' });
  expect(await find(madeAtMs, { duration: '4' })).toBeUndefined();
  expect(await find(madeAtMs + 3_600_000)).toBeUndefined();
});

test('pictures and moving figures are in no list', async () => {
  for (const id of ['seedream-v4/text-to-image', 'bytedance/dreamactor-v2']) {
    await expect(scene.provider.find?.(jobOf(id), signal())).rejects.toMatchObject({ fault: 'unknown' });
  }
});

test('a job that is over is not deleted by a cancel, and so keeps its result', async () => {
  scene.standin.control.reset();
  const { handle } = await scene.submit(jobOf('bytedance/seedance-2.0-global/text-to-video'));
  await scene.standin.control.advance(60_000);
  await expect(scene.provider.cancel?.(handle, signal())).rejects.toThrow('succeeded');
  expect(scene.standin.control.requests.filter(({ method }) => method === 'DELETE')).toEqual([]);
  expect(await scene.poll(handle)).toMatchObject({ state: 'succeeded' });
});

test.each([
  ['a job that breaks the rules', 'fail-moderation', { state: 'failed', code: 'content_refused' }],
  ['done, and no file', 'done-without-file', { state: 'failed', code: 'generation_failed' }],
  ['a word that nobody knows', 'unknown-word', { state: 'succeeded' }],
] as const)('a moving figure: %s', async (_name, fault, end) => {
  scene.standin.control.reset();
  scene.standin.control.fault(fault);
  expect(await scene.run(jobOf('bytedance/dreamactor-v2'))).toMatchObject(end);
});

test('a moving figure that is not there any more has failed', async () => {
  const handle = { jobId: '4711', reqKey: 'jimeng_dreamactor_m20_gen_video' };
  expect(await scene.poll(handle)).toEqual({
    state: 'failed',
    code: 'generation_failed',
    message: 'the job is not there any more (not_found)',
  });
});

const bare = (credentials: Record<string, string>) =>
  bytedance.create({
    credentials,
    settings: { baseUrl: 'http://127.0.0.1:9', visualBaseUrl: 'http://127.0.0.1:9' },
    canBeReached: false,
    clock: { nowMs: () => NOW_MS, after: () => () => {} },
    random: () => 0.5,
    spool: createSpool('/nowhere'),
    log: { debug() {}, info() {}, warn() {}, error() {} },
  });

test('a channel with the keys of one API refuses the jobs of the other', () => {
  const [ark, visual] = [bare({ apiKey: 'key' }), bare({ accessKey: 'ak', secretKey: 'sk' })];
  const words = jobOf('bytedance/seedance-2.0-global/text-to-video');
  expect(ark.refuses?.(words)).toEqual([]);
  expect(visual.refuses?.(words)).toEqual(['the channel has no key of Ark']);
  const unreached = 'a file would have to be fetched from here, and this server cannot be reached from the internet';
  expect(visual.refuses?.(jobOf('bytedance/dreamactor-v2'))).toEqual([unreached]);
  expect(ark.refuses?.(jobOf('bytedance/dreamactor-v2'))).toEqual([
    unreached,
    'DreamActor needs an access key and a secret key of Volcengine, and the channel has none',
  ]);
});

test('the signature is over method, query, body and time', () => {
  const p = {
    method: 'POST',
    url: new URL('https://visual.test/?Version=2022-08-31&Action=CVSync2AsyncGetResult'),
    body: '{}',
    accessKey: 'ak',
    secretKey: 'sk',
    region: 'cn-north-1',
    service: 'cv',
    nowMs: NOW_MS,
  };
  const one = signed(p);
  expect(one).toMatchObject({
    'x-date': '20261122T000000Z',
    'x-content-sha256': '44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a',
    authorization: expect.stringMatching(
      /^HMAC-SHA256 Credential=ak\/20261122\/cn-north-1\/cv\/request, SignedHeaders=content-type;host;x-content-sha256;x-date, Signature=[0-9a-f]{64}$/,
    ),
  });
  const changed = [{ method: 'GET' }, { body: '{ }' }, { secretKey: 'other' }, { nowMs: NOW_MS + 1_000 }];
  const all = [one, ...changed.map((change) => signed({ ...p, ...change }))].map(({ authorization }) => authorization);
  expect(new Set(all).size).toBe(5);
});

const refusal = (status: number, code: string, message = 'so it is') =>
  faultOf({ status, headers: {}, body: { error: { code, message } }, text: '' })?.fault;
// biome-ignore format: a table
test.each([
  [400, 'MissingParameter', 'invalid'], [400, 'InvalidParameter', 'invalid'],
  [400, 'InvalidParameter.TaskTypeConstraint', 'invalid'], [400, 'OutofContextError', 'invalid'],
  [400, 'InvalidImageURL.EmptyURL', 'media'], [400, 'InvalidVideoURL', 'media'],
  [400, 'InputTextSensitiveContentDetected', 'moderation'], [400, 'InputVideoSensitiveContentDetected', 'moderation'],
  [400, 'InputImageSensitiveContentDetected.PrivacyInformation', 'real_person'],
  [400, 'InputImageSensitiveContentDetected.PolicyViolation', 'moderation'],
  [400, 'OutputImageSensitiveContentDetected', 'moderation'], [401, 'AuthenticationError', 'auth'],
  [403, 'AccountOverdueError', 'quota'], [403, 'AccessDenied', 'auth'], [403, 'OperationDenied.ServiceNotOpen', 'auth'],
  [404, 'InvalidEndpointOrModel.NotFound', 'model_gone'], [404, 'InvalidEndpoint.NotFound', 'model_gone'],
  [404, 'ModelNotOpen', 'model_gone'], [429, 'RateLimitExceeded.EndpointRPMExceeded', 'rate'],
  [429, 'ModelAccountRpmRateLimitExceeded', 'rate'], [429, 'APIAccountRpmRateLimitExceeded', 'rate'],
  [429, 'ModelAccountIpmRateLimitExceeded', 'rate'], [429, 'ServerOverloaded', 'busy'],
  [429, 'ModelLoadingError', 'busy'], [429, 'RequestBurstTooFast', 'busy'], [500, 'InternalServiceError', 'busy'],
  [418, 'SomethingNew', undefined],
] as const)('status %i with %s is %s', (status, code, fault) => {
  expect(refusal(status, code)).toBe(fault);
});

test('a quota of waiting jobs is over soon, and one of money is not', () => {
  expect(refusal(429, 'QuotaExceeded', 'The number of queued tasks is over the limit')).toBe('rate');
  expect(refusal(429, 'QuotaExceeded', 'The account has used up its quota')).toBe('quota');
});

// biome-ignore format: a table
test.each([
  [400, 50_411, 'moderation'], [400, 50_413, 'moderation'], [400, 50_513, 'moderation'], [429, 50_429, 'rate'],
  [429, 50_430, 'rate'], [500, 50_500, 'busy'], [400, 50_400, 'invalid'], [200, 59_999, 'unknown'],
  [400, 59_999, undefined], [200, 10_000, undefined],
] as const)('status %i with code %i is %s', (status, code, fault) => {
  expect(faultOfVisual({ status, headers: {}, body: { code, message: 'no' }, text: '' })?.fault).toBe(fault);
});

const url = 'https://a.test/1';
// biome-ignore format: a case a row
test.each<[string, Parameters<typeof toProgress>[0], unknown]>([
  ['queued', { status: 'queued' }, { state: 'pending' }],
  ['a word that nobody knows', { status: 'reviewing' }, { state: 'pending' }],
  ['done with its last frame', { status: 'succeeded', content: { video_url: url, last_frame_url: `${url}.png` }, usage: { completion_tokens: 108_900 } }, { state: 'succeeded', outputs: [{ kind: 'url', url }, { kind: 'url', url: `${url}.png` }], cost: { micros: 108_900_000_000, currency: 'tokens' } }],
  ['done without a file', { status: 'succeeded', content: {} }, { state: 'failed', code: 'generation_failed', message: 'Ark says done, and names no file' }],
  ['refused by their rules', { status: 'failed', error: { code: 'OutputVideoSensitiveContentDetected', message: 'sensitive' } }, { state: 'failed', code: 'content_refused', message: 'OutputVideoSensitiveContentDetected: sensitive' }],
  ['a real person', { status: 'failed', error: { code: 'InputImageSensitiveContentDetected.PrivacyInformation', message: 'person' } }, { state: 'failed', code: 'real_person_refused', message: 'InputImageSensitiveContentDetected.PrivacyInformation: person' }],
  ['failed with a word of submitting', { status: 'failed', error: { code: 'ServerOverloaded', message: '' } }, { state: 'failed', code: 'generation_failed', message: 'ServerOverloaded' }],
  ['failed without a word', { status: 'failed' }, { state: 'failed', code: 'generation_failed', message: 'Ark gave no reason' }],
  ['canceled', { status: 'cancelled' }, { state: 'failed', code: 'canceled', message: 'the job was canceled' }],
  ['expired', { status: 'expired' }, { state: 'failed', code: 'timed_out', message: 'Ark did not get to the job in time' }],
])('a video: %s', (_name, said, progress) => {
  expect(toProgress(said)).toEqual(progress);
});

test('of a series, what was made counts; where nothing was, the first trouble says why', () => {
  const refused = { error: { code: 'OutputImageSensitiveContentDetected', message: 'no' } };
  expect(toPictures({ data: [{ url }, refused], usage: { generated_images: 1 } })).toEqual({
    state: 'succeeded',
    outputs: [{ kind: 'url', url }],
    cost: { micros: 1_000_000, currency: 'images' },
  });
  expect(toPictures({ data: [refused, refused] })).toMatchObject({ state: 'failed', code: 'content_refused' });
  expect(toPictures({ data: [], error: { code: 'InternalServiceError', message: 'no' } })).toMatchObject({
    state: 'failed',
    code: 'generation_failed',
  });
  expect(toPictures({})).toMatchObject({ state: 'failed', message: 'Ark made no picture' });
});
