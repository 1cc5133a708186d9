import type { Input, Json } from '@reelay/catalog';
import { findDefinition } from '@reelay/standin';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { coverRoutes } from '../testing/coverage.ts';
import { providerContract } from '../testing/provider.contract.ts';
import { createReplayed } from '../testing/replay.ts';
import { openScene, type Scene } from '../testing/scene.ts';
import { hitem3d } from './hitem3d.ts';
import { faultOf, toProgress } from './wire.ts';

const standin = findDefinition('hitem3d');
if (standin === undefined) throw new Error('there is no stand-in for hitem3d');

describe('the contract of providers', () =>
  providerContract({
    type: hitem3d,
    standin,
    endpoints: ['hitem3d-v21/image-to-3d', 'hitem3d-v2/multi-image-to-3d', 'hitem3d-portrait-v20/image-to-3d'],
    // It numbers what is wrong with a request, and has no number for these.
    expects: { 'model-gone': 'invalid', 'fail-moderation': 'failed' },
    without: { 'refuse-busy': 'it has no word for it', 'refuse-moderation': 'it has no word for it' },
  }));

test('every live route takes whatever is valid', async () => {
  const routes = await coverRoutes({ type: hitem3d, standin });
  expect(routes).toHaveLength(12);
  expect(routes.flatMap(({ mistakes }) => mistakes)).toEqual([]);
  expect(routes.filter(({ isCovered, refused }) => !isCovered || refused.length > 0)).toEqual([]);
});

let scene: Scene;
beforeAll(async () => {
  scene = await openScene({ type: hitem3d, standin });
});
afterAll(() => scene.close());

const file = (name: string) => ({ fileName: `asset_${name}_0.png`, mediaType: 'image/png', bytes: expect.any(Buffer) });
const png = 'https://example.com/a.png';
// biome-ignore format: a case a row
test.each<[string, string, Input, unknown]>([
  [
    'one picture',
    'hitem3d-v15/image-to-3d',
    { imageUrl: png, requestType: 'both', resolution: '512', face: 150_000 },
    { model: 'hitem3dv1.5', format: '2', request_type: '3', resolution: '512', face: '150000', images: file('imageUrl') },
  ],
  [
    'a front and a left view',
    'hitem3d-portrait-v21/multi-image-to-3d',
    { leftImageUrl: png, frontImageUrl: png, requestType: 'mesh', resolution: '1536pro' },
    { model: 'scene-portraitv2.1', format: '2', request_type: '1', resolution: '1536pro', face: '2000000', multi_images: [file('frontImageUrl'), file('leftImageUrl')], multi_images_bit: '1010' },
  ],
])('the body of %s', async (_name, id, input, body) => {
  await scene.submit(scene.jobOf(id, input));
  expect(scene.standin.control.jobs.at(-1)?.request.body).toEqual(body);
});

const signIns = () => scene.standin.control.requests.filter(({ path }) => path.endsWith('/auth/token')).length;

test('one token serves many calls, and a new one is asked for before they forget it', async () => {
  scene.standin.control.reset();
  const provider = scene.create();
  const submit = () => provider.submit(scene.job('hitem3d-v21/image-to-3d'), AbortSignal.timeout(5_000));
  await Promise.all([submit(), submit(), submit()]);
  expect(signIns()).toBe(1);
  await scene.standin.control.advance(51 * 60_000);
  await submit();
  expect(signIns()).toBe(2);
});

const token = (accessToken: string) => ({
  call: 'POST /auth/token',
  body: { code: 200, data: { accessToken, tokenType: 'Bearer', nonce: 'n' }, msg: 'success' },
});
const said = (code: number, data: Json, msg: string) => ({ body: { code, data, msg } });
const TASK = 'GET /query-task?task_id=ht-0001';
const task = (state: string, url = '') => ({ task_id: 'ht-0001', state, id: '', cover_url: '', url });

test('a job from submit to its file, with a login that expires on the way', async () => {
  const { replay, provider } = await createReplayed(
    hitem3d,
    [
      token('tok-1'),
      { call: 'POST /submit-task', ...said(401, null, 'login expired') },
      token('tok-2'),
      { call: 'POST /submit-task', ...said(200, { task_id: 'ht-0001' }, 'success') },
      { call: TASK, ...said(200, task('processing'), 'success') },
      { call: TASK, ...said(401, null, 'login expired') },
      token('tok-3'),
      { call: TASK, ...said(200, task('success', 'https://cdn.example/o.glb'), 'success') },
    ],
    { credentials: { accessKey: 'ak', secretKey: 'sk' } },
  );
  onTestFinished(() => replay.close());
  const signal = AbortSignal.timeout(5_000);
  const { handle } = await provider.submit(scene.job('hitem3d-v21/image-to-3d'), signal);
  expect(await provider.poll(handle, signal)).toEqual({ state: 'pending' });
  expect(await provider.poll(handle, signal)).toEqual({
    state: 'succeeded',
    outputs: [{ kind: 'url', url: 'https://cdn.example/o.glb' }],
  });
  const proofs = replay.heard.map(({ headers }) => headers.authorization);
  expect(proofs).toEqual([
    'Basic YWs6c2s=',
    'Bearer tok-1',
    'Basic YWs6c2s=',
    'Bearer tok-2',
    'Bearer tok-2',
    'Bearer tok-2',
    'Basic YWs6c2s=',
    'Bearer tok-3',
  ]);
});

test('a login that is refused twice is no login', async () => {
  const expired = { call: 'POST /submit-task', ...said(401, null, 'login expired: tok-secret') };
  const exchanges = [token('tok-secret'), expired, token('tok-secret'), expired];
  const { replay, provider } = await createReplayed(hitem3d, exchanges, {
    credentials: { accessKey: 'ak', secretKey: 'sk' },
  });
  onTestFinished(() => replay.close());
  const submitted = provider.submit(scene.job('hitem3d-v21/image-to-3d'), AbortSignal.timeout(5_000));
  await expect(submitted).rejects.toMatchObject({ fault: 'auth', message: 'login expired: … (401)' });
});

// biome-ignore format: a table
test.each([
  [200, undefined], ['200', undefined], [401, 'auth'], [429, 'rate'], [10_000_000, 'invalid'], [10_000_007, 'invalid'],
  [10_031_001, 'media'], [10_031_042, 'media'], [30_010_000, 'quota'], ['30010000', 'quota'], [40_010_000, 'auth'],
  [50_010_001, 'failed'], [60_000_000, undefined],
] as const)('code %s is %s', (code, fault) => {
  expect(faultOf({ status: 200, headers: {}, body: { code, data: null, msg: 'no' }, text: '' })?.fault).toBe(fault);
});

test('a number that nobody knows leaves the fate of a submit open', async () => {
  const exchanges = [token('tok'), { call: 'POST /submit-task', ...said(60_000_000, null, 'odd') }];
  const { replay, provider } = await createReplayed(hitem3d, exchanges, {
    credentials: { accessKey: 'ak', secretKey: 'sk' },
  });
  onTestFinished(() => replay.close());
  const submitted = provider.submit(scene.job('hitem3d-v21/image-to-3d'), AbortSignal.timeout(5_000));
  await expect(submitted).rejects.toMatchObject({ fault: 'unknown' });
});

const failed = (message: string) => ({ state: 'failed', code: 'generation_failed', message });
// biome-ignore format: a case a row
test.each<[string, Parameters<typeof toProgress>[0], unknown]>([
  ['created', { data: { state: 'created' } }, { state: 'pending' }],
  ['a word that nobody knows', { data: { state: 'polishing' } }, { state: 'pending' }],
  ['failed without a word', { data: { state: 'failed' }, msg: 'success' }, failed('HiTem3D gave no reason')],
  ['failed with one', { data: { state: 'failed' }, msg: 'too dark' }, failed('too dark')],
  ['done without a file', { data: { state: 'success', url: '' } }, failed('HiTem3D says success, and names no file')],
])('a job: %s', (_name, answer, progress) => {
  expect(toProgress(answer)).toEqual(progress);
});
