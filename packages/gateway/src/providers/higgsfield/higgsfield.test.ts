import type { Input } from '@reelay/catalog';
import { findDefinition } from '@reelay/standin';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { coverRoutes } from '../testing/coverage.ts';
import { providerContract } from '../testing/provider.contract.ts';
import { startReplay } from '../testing/replay.ts';
import { openScene, type Scene } from '../testing/scene.ts';
import { higgsfield } from './higgsfield.ts';
import { faultOf, JobSet, Request, requestProgress, setProgress } from './wire.ts';

const standin = findDefinition('higgsfield');
if (standin === undefined) throw new Error('there is no stand-in for higgsfield');

const DOP = 'higgsfield/dop/image-to-video';
const SOUL = 'higgsfield/soul/image-to-image';
const png = 'https://example.com/a.png';

describe('the contract of providers', () => providerContract({ type: higgsfield, standin, endpoints: [DOP, SOUL] }));

// Sets of jobs are not called back for, and cannot be canceled.
const { callback: _callback, ...silent } = standin;
const { create, ...rest } = higgsfield;
describe('the contract of providers: the first version', () =>
  providerContract({
    type: {
      ...rest,
      create: (deps) => {
        const { cancel: _cancel, ...provider } = create(deps);
        return provider;
      },
    },
    standin: silent,
    endpoints: [SOUL],
  }));

test('every live route takes whatever is valid', async () => {
  const routes = await coverRoutes({ type: higgsfield, standin, samples: 60 });
  expect(routes.flatMap(({ mistakes }) => mistakes)).toEqual([]);
  expect(routes.map(({ isCovered, refused }) => ({ isCovered, refused }))).toEqual([
    { isCovered: true, refused: [] },
    { isCovered: true, refused: [] },
  ]);
});

let scene: Scene;
let hidden: Scene;
beforeAll(async () => {
  scene = await openScene({ type: higgsfield, standin });
  hidden = await openScene({ type: higgsfield, standin, canBeReached: false });
});
afterAll(() => Promise.all([scene.close(), hidden.close()]));

async function sent(at: Scene, id: string, input: Input) {
  await at.submit(at.jobOf(id, input));
  const { path, body } = at.standin.control.jobs.at(-1)?.request ?? {};
  return { path, body };
}
const ours = (name: string) => expect.stringMatching(new RegExp(`^https://files.reelay.test/asset_${name}_0`));
const imageOf = (name: string) => ({ type: 'image_url', image_url: ours(name) });

// biome-ignore format: a case a row
test.each<[string, string, Input, string, unknown]>([
  [
    'the tier is part of the path',
    DOP,
    { prompt: 'orbit', imageUrl: png, options: 'dop-preview' },
    '/higgsfield-ai/dop/preview',
    { prompt: 'orbit', image_url: ours('imageUrl') },
  ],
  [
    'a last picture is known to the older call',
    DOP,
    { prompt: 'orbit', imageUrl: png, endImageUrl: png, options: 'dop-lite' },
    '/v1/image2video/dop',
    { params: { model: 'dop-lite', prompt: 'orbit', input_images: [imageOf('imageUrl')], input_images_end: [imageOf('endImageUrl')], enhance_prompt: false } },
  ],
  [
    'a portrait in a style',
    SOUL,
    { prompt: 'at dawn', imageUrl: png, size: '960*1696', style: 'Crossing the street', strength: 0, quality: 'high' },
    '/v1/text2image/soul',
    { params: { prompt: 'at dawn', image_reference: imageOf('imageUrl'), width_and_height: '960x1696', style_id: '464ea177-8d40-4940-8d9d-000000000013', style_strength: 0, quality: '1080p', batch_size: 1, enhance_prompt: false } },
  ],
])('%s', async (_name, id, input, path, body) => {
  expect(await sent(scene, id, input)).toEqual({ path, body });
});

test('a style that Higgsfield has no more is refused before anything is asked for', async () => {
  const replay = await startReplay([{ call: 'GET /v1/text2image/soul-styles', body: [{ id: 'x', name: 'General' }] }]);
  const provider = scene.create({ settings: { baseUrl: replay.url } });
  await expect(provider.submit(scene.job(SOUL), AbortSignal.timeout(5_000))).rejects.toMatchObject({
    fault: 'invalid',
    message: 'style "90s Grain" is not offered there',
  });
  await replay.close();
});

test('a server that Higgsfield cannot reach puts its files into Higgsfield’s place for them', async () => {
  hidden.standin.control.reset();
  const { body } = await sent(hidden, DOP, { prompt: 'orbit', imageUrl: png, options: 'dop-lite' });
  expect(body).toEqual({ prompt: 'orbit', image_url: expect.stringContaining(`${hidden.standin.url}/input/`) });
  const [ask, put] = hidden.standin.control.requests;
  expect(ask).toMatchObject({ path: '/files/generate-upload-url', body: { content_type: 'image/png' } });
  expect(put).toMatchObject({ method: 'PUT', path: expect.stringMatching(/^\/storage\/[0-9a-f]{20}$/) });
});

test('what is being made cannot be canceled, and neither can a set of jobs', async () => {
  const patience = AbortSignal.timeout(5_000);
  const { handle } = await scene.submit(scene.job(DOP));
  await scene.standin.control.advance(2_000);
  await expect(scene.provider.cancel?.(handle, patience)).rejects.toThrow('being processed');
  const other = await scene.submit(scene.job(SOUL));
  await expect(scene.provider.cancel?.(other.handle, patience)).rejects.toThrow('it goes on');
});

test('from submit to the clip, as the vendor describes it', async () => {
  const replay = await startReplay([
    {
      call: 'POST /higgsfield-ai/dop/turbo?hf_webhook=https%3A%2F%2Fgw.example%2Fhook',
      body: {
        status: 'queued',
        request_id: 'h1',
        status_url: 'https://platform.higgsfield.ai/requests/h1/status',
        cancel_url: 'https://platform.higgsfield.ai/requests/h1/cancel',
      },
    },
    { call: 'GET /requests/h1/status', body: { status: 'in_progress', request_id: 'h1' } },
    {
      call: 'GET /requests/h1/status',
      body: { status: 'completed', request_id: 'h1', video: { url: 'https://cdn.example/o.mp4' } },
    },
    { call: 'GET /requests/h1/status', body: { status: 'nsfw', request_id: 'h1' } },
    { call: 'POST /higgsfield-ai/dop/turbo', status: 403, body: { detail: 'Not enough credits' } },
  ]);
  const provider = scene.create({ settings: { baseUrl: replay.url } });
  const patience = AbortSignal.timeout(5_000);
  const input = { prompt: 'a red kite', imageUrl: png, options: 'dop-turbo' };
  const job = scene.jobOf(DOP, input, { callbackUrl: 'https://gw.example/hook' });
  const { handle } = await provider.submit(job, patience);
  expect(replay.heard[0]).toMatchObject({
    headers: { authorization: expect.stringMatching(/^Key [^:]+:.+$/) },
    body: { image_url: ours('imageUrl'), prompt: 'a red kite' },
  });
  expect(await provider.poll(handle, patience)).toEqual({ state: 'pending' });
  expect(await provider.poll(handle, patience)).toEqual({
    state: 'succeeded',
    outputs: [{ kind: 'url', url: 'https://cdn.example/o.mp4' }],
  });
  expect(await provider.poll(handle, patience)).toMatchObject({ state: 'failed', code: 'content_refused' });
  await expect(provider.submit(scene.jobOf(DOP, input), patience)).rejects.toMatchObject({ fault: 'quota' });
  await replay.close();
});

// biome-ignore format: a case a row
test.each([
  [{ status: 'queued' }, { state: 'pending' }],
  [{ status: 'completed', images: [{ url: 'https://a.example/o.png' }] }, { state: 'succeeded', outputs: [{ kind: 'url', url: 'https://a.example/o.png' }] }],
  [{ status: 'completed', video: null }, { state: 'failed', code: 'generation_failed', message: 'Higgsfield made no file' }],
  [{ status: 'failed', error: 'no face' }, { state: 'failed', code: 'generation_failed', message: 'no face' }],
  [{ status: 'failed', error: { code: 1 } }, { state: 'failed', code: 'generation_failed', message: expect.any(String) }],
  [{ status: 'canceled' }, { state: 'failed', code: 'canceled', message: expect.any(String) }],
])('a request that says %j', (body, progress) => {
  expect(requestProgress(Request.parse(body))).toEqual(progress);
});

// biome-ignore format: a case a row
test.each([
  [['completed', 'in_progress'], { state: 'pending' }],
  [['in_progress', 'nsfw'], { state: 'failed', code: 'content_refused', message: expect.any(String) }],
  [['completed', 'completed'], { state: 'succeeded', outputs: [0, 1].map((at) => ({ kind: 'url', url: `https://a.example/${at}` })) }],
])('a set of jobs that are %j', (statuses, progress) => {
  const jobs = statuses.map((status, at) => ({ status, results: { raw: { url: `https://a.example/${at}` } } }));
  expect(setProgress(JobSet.parse({ jobs }))).toEqual(progress);
});

test.each([
  [400, { detail: 'bad input' }, 'invalid'],
  [400, { detail: 'Failed to download image' }, 'media'],
  [403, { detail: 'Not enough credits' }, 'quota'],
  [403, { detail: 'Forbidden' }, undefined],
  [422, { detail: [{ loc: ['body', 'prompt'], msg: 'Field required' }] }, 'invalid'],
  [422, { detail: 'Input flagged as NSFW' }, 'moderation'],
  [429, { detail: 'Too many requests' }, undefined],
  [500, { detail: 'Internal error' }, undefined],
  [503, { detail: 'Overloaded' }, 'busy'],
] as const)('status %i with %j', (status, body, fault) => {
  expect(faultOf({ status, headers: {}, body, text: '' })?.fault).toBe(fault);
});
