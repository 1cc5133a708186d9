import { createHmac } from 'node:crypto';
import { catalog, type Input } from '@reelay/catalog';
import { findDefinition } from '@reelay/standin';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createSpool } from '../kit/spool.ts';
import type { Job } from '../provider.ts';
import { coverRoutes } from '../testing/coverage.ts';
import { toJob } from '../testing/jobs.ts';
import { providerContract } from '../testing/provider.contract.ts';
import { openScene, type Scene } from '../testing/scene.ts';
import { kling } from './kling.ts';
import { createTokens } from './token.ts';
import { faultOf, toProgress } from './wire.ts';

const standin = findDefinition('kling');
if (standin === undefined) throw new Error('there is no stand-in for kling');

describe('the contract of providers', () =>
  providerContract({
    type: kling,
    standin,
    endpoints: [
      'kling-v3.0-pro/image-to-video',
      'kling-v2.5-turbo-std/text-to-video',
      'kling-video-o3-std/reference-to-video',
      'kling-video-o3-std/video-edit',
      'kling-v3.0-pro/motion-control',
      'kling-v2-ai-avatar-pro/image-audio-to-video',
      'kling-lip-sync/lip-sync-video',
      'kling-lip-sync/tts',
    ],
    // One code for whatever is wrong with a request.
    expects: { 'refuse-media': 'invalid' },
  }));

test('every live route takes whatever is valid, or says why not', async () => {
  const routes = await coverRoutes({ type: kling, standin, samples: 10 });
  expect(routes.flatMap(({ mistakes }) => mistakes)).toEqual([]);
  expect(routes.filter(({ isCovered }) => !isCovered).map(({ route }) => route.endpoint)).toEqual([]);
  const known = [
    /^multiPrompt is \d+ seconds long, and duration is \d+/,
    /^multiPrompt does not suit Kling/,
    /^multiShot true is not offered there together with a last picture$/,
    /^shotType "intelligence" needs a prompt there$/,
    /^sound true is not offered there together with a video$/,
    /^imageUrls may have at most (4|7) pictures there/,
    /^negativePrompt .* has no counterpart there$/s, // Of motion control.
    /^elementList has no counterpart there$/, // Of text-to-video.
    /^elementList may have at most 3 items there$/,
    /^(name|description) may have at most \d+ characters there$/,
  ];
  const unknown = routes.flatMap(({ refused }) => refused).filter((reason) => !known.some((one) => one.test(reason)));
  expect(unknown).toEqual([]);
});

let scene: Scene;
beforeAll(async () => {
  scene = await openScene({ type: kling, standin });
});
afterAll(() => scene.close());

const jobOf = (id: string, input: Input, more: Partial<Job> = {}): Job => {
  const endpoint = catalog.get(id);
  const route = kling.routes.routes.find((one) => one.endpoint === id);
  if (endpoint === undefined || route === undefined) throw new Error(`no route for ${id}`);
  return toJob(endpoint, route, input, more);
};
/** The body that the stand-in got, without what every body has. */
async function sent(id: string, input: Input, more: Partial<Job> = {}): Promise<unknown> {
  await scene.submit(jobOf(id, input, more));
  const { external_task_id: _ours, ...body } = Object(scene.standin.control.requests.at(-1)?.body);
  return body;
}

// biome-ignore format: a case a row
test.each<[string, string, Input, unknown]>([
  [
    'a picture with everything',
    'kling-v3.0-pro/image-to-video',
    { prompt: 'a kite', negativePrompt: 'rain', duration: '7', cfgScale: 0.25, sound: false, firstImageUrl: 'https://example.com/a.png', lastImageUrl: 'https://example.com/b.png' },
    { model_name: 'kling-v3', mode: 'pro', prompt: 'a kite', negative_prompt: 'rain', duration: '7', cfg_scale: 0.25, sound: 'off', multi_shot: false, image: expect.stringMatching(/^https:.*firstImageUrl/), image_tail: expect.stringMatching(/^https:.*lastImageUrl/) },
  ],
  [
    'a word that is a switch, a whole number that is a text',
    'kling-v2.6-pro/text-to-video',
    { prompt: 'a kite', duration: '10', sound: 'true', aspectRatio: '1:1' },
    { model_name: 'kling-v2-6', mode: 'pro', prompt: 'a kite', duration: '10', sound: 'on', aspect_ratio: '1:1' },
  ],
  [
    'shots that their caller cuts',
    'kling-video-o3-4k/text-to-video',
    { prompt: 'unused', duration: 5, multiShot: true, multiPrompt: [{ index: 1, prompt: 'one', duration: '2' }, { index: 2, prompt: 'two', duration: '3' }] },
    { model_name: 'kling-v3-omni', mode: '4k', duration: '5', sound: 'off', aspect_ratio: '16:9', multi_shot: true, shot_type: 'customize', multi_prompt: [{ index: 1, prompt: 'one', duration: '2' }, { index: 2, prompt: 'two', duration: '3' }] },
  ],
  [
    'shots that the model cuts',
    'kling-v3.0-std/text-to-video',
    { prompt: 'a kite', multiShot: true, shotType: 'intelligence', sound: true },
    { model_name: 'kling-v3', mode: 'std', prompt: 'a kite', duration: '5', cfg_scale: 0.5, sound: 'on', aspect_ratio: '16:9', multi_shot: true, shot_type: 'intelligence' },
  ],
  [
    'references in the order of their numbers in the prompt',
    'kling-video-o1-std/refrence-to-video',
    { prompt: '<<<image_2>>> beside <<<image_1>>>', mode: 'pro', duration: '5', aspectRatio: '9:16', keepOriginalSound: false, videoUrl: 'https://example.com/a.mp4', imageUrls: ['https://example.com/a.png', 'https://example.com/b.png'] },
    {
      model_name: 'kling-video-o1', mode: 'pro', prompt: '<<<image_2>>> beside <<<image_1>>>', duration: '5', aspect_ratio: '9:16',
      image_list: [{ image_url: expect.stringMatching(/imageUrls_0/) }, { image_url: expect.stringMatching(/imageUrls_1/) }],
      video_list: [{ video_url: expect.stringMatching(/videoUrl_0/), refer_type: 'feature', keep_original_sound: 'no' }],
    },
  ],
  [
    'a clip that is edited',
    'kling-video-o3-std/video-edit',
    { prompt: 'winter', videoUrl: 'https://example.com/a.mp4', keepOriginalSound: true },
    { model_name: 'kling-v3-omni', mode: 'std', prompt: 'winter', video_list: [{ video_url: expect.any(String), refer_type: 'base', keep_original_sound: 'yes' }] },
  ],
  [
    'frames of an omni model',
    'kling-video-o1/start-to-end',
    { prompt: 'a vase', duration: '5', mode: 'std', aspectRatio: '9:16', firstImageUrl: 'https://example.com/a.png', lastImageUrl: 'https://example.com/b.png' },
    {
      model_name: 'kling-video-o1', mode: 'std', prompt: 'a vase', duration: '5', aspect_ratio: '9:16',
      image_list: [{ image_url: expect.stringMatching(/firstImageUrl/), type: 'first_frame' }, { image_url: expect.stringMatching(/lastImageUrl/), type: 'end_frame' }],
    },
  ],
  [
    'movement of a clip',
    'kling-v3.0-4k/motion-control',
    { imageUrl: 'https://example.com/a.png', videoUrl: 'https://example.com/a.mp4', characterOrientation: 'image', keepOriginalSound: false },
    { model_name: 'kling-v3', mode: '4k', image_url: expect.any(String), video_url: expect.any(String), character_orientation: 'image', keep_original_sound: 'no' },
  ],
  [
    'an element',
    'kling-elements',
    { name: 'Miro', description: 'A fox.', imageUrl: 'https://example.com/a.png', elementReferList: ['https://example.com/b.png', 'https://example.com/c.png'], tagList: [{ tag_id: 'o_102' }] },
    {
      element_name: 'Miro', element_description: 'A fox.', reference_type: 'image_refer', tag_list: [{ tag_id: 'o_102' }],
      element_image_list: { frontal_image: expect.stringMatching(/imageUrl_0/), refer_images: [{ image_url: expect.stringMatching(/elementReferList_0/) }, { image_url: expect.stringMatching(/elementReferList_1/) }] },
    },
  ],
  [
    'a face that speaks',
    'kling-lip-sync/lip-sync-video',
    { sessionId: '790412337719447573', faceId: '0', audioUrl: 'https://example.com/a.mp3', soundStartTime: 0, soundEndTime: 4_200, soundInsertTime: 500, originalAudioVolume: 0 },
    { session_id: '790412337719447573', face_choose: [{ face_id: '0', sound_file: expect.any(String), sound_start_time: 0, sound_end_time: 4_200, sound_insert_time: 500, sound_volume: 1, original_audio_volume: 0 }] },
  ],
  [
    'speech',
    'kling-lip-sync/tts',
    { text: 'Hello', voiceId: 'calm_story1', voiceLanguage: 'en', voiceSpeed: 1.2 },
    { text: 'Hello', voice_id: 'calm_story1', voice_language: 'en', voice_speed: 1.2 },
  ],
])('the body of %s', async (_name, id, input, body) => {
  expect(await sent(id, input)).toEqual(body);
});

test('an id of 64 bits goes out as a number with all its digits', async () => {
  const input = {
    prompt: 'a kite',
    firstImageUrl: 'https://example.com/a.png',
    elementList: [{ element_id: '1900000000000000001' }],
  };
  const upstreamIds = { '1900000000000000001': '812345678901234567' };
  await scene.submit(jobOf('kling-v3.0-pro/image-to-video', input, { upstreamIds }));
  const { rawBody } = scene.standin.control.jobs.at(-1)?.request ?? { rawBody: Buffer.alloc(0) };
  expect(rawBody.toString('utf8')).toContain('"element_list":[{"element_id":812345678901234567}]');
});

test('an earlier result is named by its id where it was made here, and by its file where it was not', async () => {
  const videoId = '1900000000000000002';
  expect(await sent('kling-lip-sync/identify-face', { videoId })).toEqual({ video_id: '800000000000000002' });
  const elsewhere = { upstreamIds: {}, elsewhere: [videoId] };
  expect(await sent('kling-lip-sync/identify-face', { videoId }, elsewhere)).toEqual({
    video_url: expect.stringMatching(/^https:/),
  });
  expect(await sent('kling-lip-sync/identify-face', { videoId: 'theirs-1' })).toEqual({ video_id: 'theirs-1' });
  const refuses = (id: string, input: Input) => scene.provider.refuses?.(jobOf(id, input, elsewhere));
  const spoken = {
    faceId: '0',
    audioUrl: 'https://example.com/a.mp3',
    soundStartTime: 0,
    soundEndTime: 2_000,
    soundInsertTime: 0,
  };
  expect(refuses('kling-lip-sync/lip-sync-video', { ...spoken, sessionId: videoId })).toEqual([
    `sessionId "${videoId}" was made on another channel`,
  ]);
  const input = { prompt: 'a kite', elementList: [{ element_id: videoId }] };
  expect(refuses('kling-video-o3-pro/text-to-video', input)).toEqual([
    `elementList ${videoId} was made on another channel`,
  ]);
});

test('what later jobs name comes with the result: a session, an element, a voice, a video', async () => {
  const made = async (id: string) => scene.run(jobOf(id, catalog.get(id)?.example ?? {}));
  const session = await made('kling-lip-sync/identify-face');
  const { id } = scene.standin.control.jobs.at(-1) ?? {};
  expect(session).toMatchObject({ state: 'succeeded', upstreamId: id });
  expect(session.state === 'succeeded' && JSON.parse((session.outputs[0] as { text: string }).text)).toMatchObject({
    session_id: id,
    face_data: [{ face_id: '0' }],
  });
  const element = await made('kling-elements');
  expect(element).toMatchObject({ state: 'succeeded', upstreamId: expect.stringMatching(/^8123456789012345\d\d$/) });
  expect(element).toMatchObject({ outputs: [{ kind: 'text', text: (element as { upstreamId?: string }).upstreamId }] });
  for (const one of ['kling-lip-sync/tts', 'kling-v3.0-std/text-to-video']) {
    const end = await made(one);
    expect(end).toMatchObject({ upstreamId: `${scene.standin.control.jobs.at(-1)?.id}-1` });
  }
});

test('a job that arrived after all is found when its id is refused, and made once', async () => {
  const job = jobOf('kling-v3.0-std/text-to-video', { prompt: 'a kite' });
  const first = await scene.submit(job);
  const before = scene.standin.control.jobs.length;
  expect(await scene.submit(job)).toEqual(first);
  expect(await scene.provider.find?.(job, AbortSignal.timeout(5_000))).toEqual(first);
  expect(scene.standin.control.jobs.length).toBe(before);
});

test('a call that leaves no record can never be looked up', async () => {
  const job = jobOf('kling-lip-sync/tts', catalog.get('kling-lip-sync/tts')?.example ?? {});
  await expect(scene.provider.find?.(job, AbortSignal.timeout(5_000))).rejects.toMatchObject({ fault: 'unknown' });
});

const silent = { debug() {}, info() {}, warn() {}, error() {} };
const createUnreached = () =>
  kling.create({
    credentials: { apiKey: 'key' },
    settings: { baseUrl: 'http://127.0.0.1:9' },
    canBeReached: false,
    clock: { nowMs: () => 0, after: () => () => {} },
    random: () => 0.5,
    spool: createSpool('/nowhere'),
    log: silent,
  });

test('a clip that Kling would fetch is refused where nobody can reach us, and a picture goes along', () => {
  const unreached = createUnreached();
  const refused = unreached.refuses?.(
    jobOf('kling-video-o3-std/video-edit', catalog.get('kling-video-o3-std/video-edit')?.example ?? {}),
  );
  expect(refused).toEqual([expect.stringMatching(/cannot be reached from the internet/)]);
  expect(
    unreached.refuses?.(
      jobOf('kling-v3.0-pro/image-to-video', catalog.get('kling-v3.0-pro/image-to-video')?.example ?? {}),
    ),
  ).toEqual([]);
});

test('a pair of keys signs tokens that the upstream takes', async () => {
  const [accessKey, secretKey] = ['AKstandin0123456789', 'SKstandin9876543210'];
  await scene.create({ credentials: { apiKey: '', accessKey, secretKey } }).check?.(AbortSignal.timeout(5_000));
  const wrong = scene.create({ credentials: { apiKey: '', accessKey, secretKey: 'another-secret' } });
  await expect(wrong.check?.(AbortSignal.timeout(5_000))).rejects.toMatchObject({ fault: 'auth' });
});

test('with the secret of their console, only callbacks that it signed are believed', async () => {
  const key = Buffer.from('a secret of the console');
  const secret = `whsec_${key.toString('base64')}`;
  const provider = scene.create({ credentials: { callbackSecret: secret } });
  const body = Buffer.from('{"task_id":"1","task_status":"succeed"}');
  const seconds = String(Math.floor(scene.standin.control.nowMs() / 1_000));
  const signature = createHmac('sha256', key).update(`msg_1.${seconds}.`).update(body).digest('base64');
  const headers = { 'webhook-id': 'msg_1', 'webhook-timestamp': seconds, 'webhook-signature': `v1,${signature}` };
  const request = { method: 'POST', url: '/callbacks/kling', headers, body };
  const signal = AbortSignal.timeout(5_000);
  expect(await provider.verifyCallback?.(request, signal)).toBe('genuine');
  expect(await provider.verifyCallback?.({ ...request, body: Buffer.from('{}') }, signal)).toBe('forged');
  expect(await provider.verifyCallback?.({ ...request, headers: {} }, signal)).toBe('forged');
  // Without one, whatever comes is only a reason to ask.
  expect(await scene.provider.verifyCallback?.({ ...request, headers: {} }, signal)).toBe('hint');
});

test('a token is kept until shortly before it expires, and also made anew when the clock was set back', () => {
  let nowMs = 1_800_000_000_000;
  const tokens = createTokens({
    accessKey: 'ak',
    secretKey: 'sk',
    clock: { nowMs: () => nowMs, after: () => () => {} },
  });
  const first = tokens();
  const [head = '', claims = '', signature] = first.split('.');
  const read = (part: string): unknown => JSON.parse(Buffer.from(part, 'base64url').toString('utf8'));
  expect(read(head)).toEqual({ alg: 'HS256', typ: 'JWT' });
  expect(read(claims)).toEqual({ iss: 'ak', exp: 1_800_001_800, nbf: 1_799_999_995 });
  expect(signature).toBe(createHmac('sha256', 'sk').update(`${head}.${claims}`).digest('base64url'));
  nowMs += 1_400_000;
  expect(tokens()).toBe(first);
  nowMs += 200_000;
  const second = tokens();
  expect(second).not.toBe(first);
  nowMs -= 3_600_000;
  expect(tokens()).not.toBe(second);
});

const said = (status: number, code: number) =>
  faultOf({ status, headers: {}, body: { code, message: 'so it is' }, text: '' });
// biome-ignore format: a table
test.each([
  [401, 1000, 'auth'], [401, 1004, 'auth'], [429, 1100, 'auth'], [429, 1101, 'quota'], [429, 1102, 'quota'],
  [403, 1103, 'auth'], [400, 1200, 'invalid'], [400, 1201, 'invalid'], [404, 1202, 'model_gone'],
  [404, 1203, 'model_gone'], [400, 1300, 'moderation'], [400, 1301, 'moderation'], [429, 1302, 'rate'],
  [429, 1303, 'rate'], [429, 1304, 'auth'], [500, 5000, 'busy'], [503, 5001, 'busy'], [504, 5002, 'busy'],
] as const)('status %i with code %i is %s', (status, code, fault) => {
  expect(said(status, code)).toEqual({ fault, message: `so it is (code ${code})` });
});

test('a code that is not known says nothing, and neither does success', () => {
  expect(said(400, 1999)).toBeUndefined();
  expect(said(200, 0)).toBeUndefined();
});

const task = (data: object) => toProgress({ data: { task_status: 'succeed', ...data } }, '0.14');
// biome-ignore format: a case a row
test.each<[string, object, unknown]>([
  ['submitted', { task_status: 'submitted' }, { state: 'pending' }],
  ['a word that nobody knows', { task_status: 'reviewing' }, { state: 'pending' }],
  ['refused by their rules', { task_status: 'failed', task_status_msg: 'Failure to pass the risk control system' }, { state: 'failed', code: 'content_refused', message: 'Failure to pass the risk control system' }],
  ['failed without a word', { task_status: 'failed' }, { state: 'failed', code: 'generation_failed', message: 'Kling gave no reason' }],
  ['done without a file', { task_result: { videos: [] } }, { state: 'failed', code: 'generation_failed', message: 'Kling says done, and names no result' }],
  [
    'done, in order, with its units as money',
    { task_result: { videos: [{ id: 'v1', url: 'https://a.test/1' }, { id: 'v2', url: 'https://a.test/2' }] }, final_unit_deduction: '2.5' },
    { state: 'succeeded', outputs: [{ kind: 'url', url: 'https://a.test/1' }, { kind: 'url', url: 'https://a.test/2' }], upstreamId: 'v1', cost: { micros: 350_000, currency: 'USD' } },
  ],
])('a task: %s', (_name, data, progress) => {
  expect(task(data)).toEqual(progress);
});
