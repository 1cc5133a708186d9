import { readFile } from 'node:fs/promises';
import { catalog, type Input } from '@reelay/catalog';
import { findDefinition, mediaOf } from '@reelay/standin';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Job, Progress } from '../provider.ts';
import { coverRoutes } from '../testing/coverage.ts';
import { toJob } from '../testing/jobs.ts';
import { providerContract } from '../testing/provider.contract.ts';
import { openScene, type Scene } from '../testing/scene.ts';
import { minimax } from './minimax.ts';
import { faultOf, toNews } from './wire.ts';

const standin = findDefinition('minimax');
if (standin === undefined) throw new Error('there is no stand-in for minimax');
// Only videos are called back for.
const { callback: _callback, ...silent } = standin;
// One code for whatever is wrong with a request, a model that is gone included.
const expects = { 'model-gone': 'invalid' } as const;

describe('the contract of providers: videos', () =>
  providerContract({
    type: minimax,
    standin,
    endpoints: ['minimax/hailuo-2.3/image-to-video-pro', 'minimax/hailuo-02/t2v-standard', 'minimax/hailuo-02/fast'],
    expects,
  }));

describe('the contract of providers: sound', () =>
  providerContract({
    type: minimax,
    standin: silent,
    endpoints: [
      'rhart-audio/text-to-audio/speech-2.8-hd',
      'rhart-audio/text-to-audio/music-2.5',
      'rhart-audio/text-to-audio/voice-clone',
      'minimax/voice-design',
    ],
    expects,
    without: { 'fail-upstream': 'an upstream in trouble says so instead of an answer' },
  }));

test('every live route takes whatever is valid, or says why not', async () => {
  const routes = await coverRoutes({ type: minimax, standin, samples: 10 });
  expect(routes.flatMap(({ mistakes }) => mistakes)).toEqual([]);
  expect(routes.filter(({ isCovered }) => !isCovered).map(({ route }) => route.endpoint)).toEqual([]);
  const known = [
    /^bitrate "60000" is not offered there: only 32000, 64000, 128000, 256000$/,
    /^model "speech-2\.5-(hd|turbo)-preview" is not offered there/,
    /^custom_voice_id "[^"]+-" may not end with a hyphen there$/,
  ];
  const unknown = routes.flatMap(({ refused }) => refused).filter((reason) => !known.some((one) => one.test(reason)));
  expect(unknown).toEqual([]);
});

let scene: Scene;
beforeAll(async () => {
  scene = await openScene({ type: minimax, standin });
});
afterAll(() => scene.close());

const exampleOf = (id: string): Input => catalog.get(id)?.example ?? {};
const jobOf = (id: string, input: Input = exampleOf(id), more: Partial<Job> = {}): Job => {
  const endpoint = catalog.get(id);
  const route = minimax.routes.routes.find((one) => one.endpoint === id);
  if (endpoint === undefined || route === undefined) throw new Error(`no route for ${id}`);
  return toJob(endpoint, route, input, more);
};
async function sent(id: string, input: Input, more: Partial<Job> = {}): Promise<unknown> {
  await scene.submit(jobOf(id, input, more));
  return scene.standin.control.requests.at(-1)?.body;
}

// biome-ignore format: a case a row
test.each<[string, string, Input, unknown]>([
  [
    'a picture and another',
    'minimax/hailuo-02/i2v-standard',
    { prompt: 'a kite', enablePromptExpansion: false, firstImageUrl: 'https://example.com/a.png', lastImageUrl: 'https://example.com/b.png', duration: '10' },
    { model: 'MiniMax-Hailuo-02', resolution: '768P', prompt: 'a kite', prompt_optimizer: false, first_frame_image: expect.stringMatching(/firstImageUrl/), last_frame_image: expect.stringMatching(/lastImageUrl/), duration: 10 },
  ],
  [
    'a row without a duration',
    'minimax/hailuo-2.3/t2v-pro',
    { prompt: 'a kite', enablePromptExpansion: true },
    { model: 'MiniMax-Hailuo-2.3', resolution: '1080P', prompt: 'a kite', prompt_optimizer: true, duration: 6 },
  ],
  [
    'speech without an emotion',
    'rhart-audio/text-to-audio/speech-2.8-turbo',
    { text: 'Hello', voice_id: 'Wise_Woman', pronunciation_dict: ['SQL/sequel'], speed: 1.1, pitch: -2, emotion: 'neutral', enable_base64_output: false, english_normalization: true },
    { model: 'speech-2.8-turbo', text: 'Hello', stream: false, output_format: 'url', pronunciation_dict: { tone: ['SQL/sequel'] }, voice_setting: { voice_id: 'Wise_Woman', speed: 1.1, vol: 1, pitch: -2, text_normalization: true, english_normalization: true } },
  ],
  [
    'speech as text',
    'rhart-audio/text-to-audio/speech-02-hd',
    { text: 'Hello', voice_id: 'Wise_Woman', emotion: 'sad', enable_base64_output: true, english_normalization: false },
    { model: 'speech-02-hd', text: 'Hello', stream: false, output_format: 'hex', voice_setting: { voice_id: 'Wise_Woman', speed: 1, vol: 1, pitch: 0, emotion: 'sad', text_normalization: false, english_normalization: false } },
  ],
  [
    'a song',
    'rhart-audio/text-to-audio/music-2.5',
    { prompt: 'folk', lyrics: '[Verse]\nla la', bitrate: '64000', sampleRate: '24000' },
    { model: 'music-2.5', prompt: 'folk', lyrics: '[Verse]\nla la', output_format: 'url', audio_setting: { format: 'mp3', bitrate: 64_000, sample_rate: 24_000 } },
  ],
  [
    'a voice by its description',
    'minimax/voice-design',
    { prompt: 'a captain', previewText: 'Ahoy.', aigcWatermark: true },
    { prompt: 'a captain', preview_text: 'Ahoy.', aigc_watermark: true },
  ],
])('the body of %s', async (_name, id, input, body) => {
  expect(await sent(id, input)).toEqual(body);
});

test('a voice is cloned from an upload, whose id goes out with all its digits, and later speech names it', async () => {
  const id = 'rhart-audio/text-to-audio/voice-clone';
  const end = await scene.run(jobOf(id));
  expect(end).toMatchObject({ state: 'succeeded', upstreamId: 'Grandfather2026' });
  const { rawBody = Buffer.alloc(0), body } = scene.standin.control.jobs.at(-1)?.request ?? {};
  expect(rawBody.toString('utf8')).toMatch(/"file_id":9007199254740\d{6}\b/);
  expect(body).toMatchObject({
    voice_id: 'Grandfather2026',
    model: 'speech-2.8-hd',
    accuracy: 0.7,
    language_boost: 'English',
  });
  const [upload] = scene.standin.control.requests.filter(({ path }) => path === '/v1/files/upload');
  expect(upload?.body).toMatchObject({
    purpose: 'voice_clone',
    file: { mediaType: 'audio/mpeg', bytes: mediaOf('mp3').bytes },
  });
  const spoken = { ...exampleOf('rhart-audio/text-to-audio/speech-2.8-hd'), voice_id: 'Grandfather2026' };
  const upstreamIds = { Grandfather2026: 'Grandfather2026' };
  const said = await sent('rhart-audio/text-to-audio/speech-2.8-hd', spoken, { upstreamIds });
  expect(said).toMatchObject({ voice_setting: { voice_id: 'Grandfather2026' } });
  const elsewhere = { upstreamIds: {}, elsewhere: ['Grandfather2026'] };
  expect(scene.provider.refuses?.(jobOf('rhart-audio/text-to-audio/speech-2.8-hd', spoken, elsewhere))).toEqual([
    'voice_id "Grandfather2026" was made on another channel',
  ]);
});

test('bytes in an answer lie in the spool until they are not needed any more', async () => {
  const { handle } = await scene.submit(jobOf('minimax/voice-design'));
  const end = await scene.follow(handle);
  expect(end).toMatchObject({ state: 'succeeded', upstreamId: 'CaptainBreeze1', outputs: [{ kind: 'file' }] });
  const [output] = outputsOf(end);
  if (output?.kind !== 'file') throw new Error('no file');
  expect(await readFile(output.path)).toEqual(mediaOf('mp3').bytes);
  await scene.provider.release?.(handle);
  await expect(readFile(output.path)).rejects.toThrow('ENOENT');
});

test('speech that is wanted as text is base64, and its price is told in characters', async () => {
  const id = 'rhart-audio/text-to-audio/speech-2.6-hd';
  const end = await scene.run(jobOf(id, { ...exampleOf(id), enable_base64_output: true }));
  expect(end).toEqual({
    state: 'succeeded',
    outputs: [{ kind: 'text', text: mediaOf('mp3').bytes.toString('base64') }],
    cost: { micros: 28_000_000, currency: 'characters' },
  });
});

test('old keys name their group in every call', async () => {
  const provider = scene.create({ settings: { groupId: '1742' } });
  const { handle } = await provider.submit(jobOf('minimax/hailuo-02/t2v-pro'), AbortSignal.timeout(5_000));
  expect(scene.standin.control.jobs.at(-1)?.request.query).toEqual({ GroupId: '1742' });
  await scene.standin.control.advance(10_000);
  expect(await provider.poll(handle, AbortSignal.timeout(5_000))).toMatchObject({ state: 'succeeded' });
});

const outputsOf = (end: Progress) => (end.state === 'succeeded' ? end.outputs : []);

const said = (status: number, code: number) =>
  faultOf({
    status,
    headers: {},
    body: { task_id: '', base_resp: { status_code: code, status_msg: 'so it is' } },
    text: '',
  });
// biome-ignore format: a table
test.each([
  [1000, 'busy'], [1001, 'unknown'], [1002, 'rate'], [1004, 'auth'], [1008, 'quota'], [1024, 'busy'],
  [1026, 'moderation'], [1027, 'moderation'], [1033, 'busy'], [1039, 'rate'], [1041, 'rate'], [1042, 'invalid'],
  [2013, 'invalid'], [2037, 'media'], [2039, 'invalid'], [2042, 'auth'], [2045, 'rate'], [2049, 'auth'],
  [2056, 'quota'], [4242, 'unknown'],
] as const)('code %i is %s, whatever the status', (code, fault) => {
  expect(said(200, code)).toEqual({ fault, message: `so it is (code ${code})` });
});

test('a code that is not known leaves it to a status that is no success', () => {
  expect(said(500, 4242)).toBeUndefined();
  expect(said(500, 1008)).toMatchObject({ fault: 'quota' });
  expect(said(200, 0)).toBeUndefined();
});

// biome-ignore format: a case a row
test.each<[string, Parameters<typeof toNews>[0], unknown]>([
  ['Preparing', { status: 'Preparing' }, 'pending'],
  ['a word that nobody knows', { status: 'Reviewing' }, 'pending'],
  ['done', { status: 'Success', file_id: '9007199254740995' }, { fileId: '9007199254740995' }],
  ['done, in the case of callbacks', { status: 'success', file_id: '7' }, { fileId: '7' }],
  ['done without a file', { status: 'Success', file_id: '' }, { state: 'failed', code: 'generation_failed', message: 'MiniMax says done, and names no file' }],
  ['refused by their rules', { status: 'Fail', base_resp: { status_code: 1027, status_msg: 'output new sensitive' } }, { state: 'failed', code: 'content_refused', message: 'output new sensitive (code 1027)' }],
  ['failed, with a code of submitting', { status: 'Fail', base_resp: { status_code: 1002, status_msg: 'rate limit' } }, { state: 'failed', code: 'generation_failed', message: 'rate limit (code 1002)' }],
  ['failed in words', { status: 'Fail', error_message: 'no face', base_resp: { status_code: 0 } }, { state: 'failed', code: 'generation_failed', message: 'no face' }],
])('a video: %s', (_name, answer, news) => {
  expect(toNews(answer)).toEqual(news);
});
