import type { Input } from '@reelay/catalog';
import { findDefinition } from '@reelay/standin';
import { afterAll, beforeAll, beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { coverRoutes } from '../testing/coverage.ts';
import { providerContract } from '../testing/provider.contract.ts';
import { createReplayed } from '../testing/replay.ts';
import { openScene, type Scene } from '../testing/scene.ts';
import { meshy } from './meshy.ts';
import { faultOf, outputsOf } from './wire.ts';

const standin = findDefinition('meshy');
if (standin === undefined) throw new Error('there is no stand-in for meshy');
const TEXT = 'meshy6/text-to-3d';
const IMAGE = 'meshy6/image-to-3d';

// From words it takes two tasks of theirs, which the contract does not know: those are tried below.
describe('the contract of providers', () =>
  providerContract({
    type: meshy,
    standin,
    endpoints: [IMAGE],
    // It has sentences only, and nobody reads those.
    expects: { 'refuse-media': 'invalid', 'refuse-moderation': 'invalid', 'fail-moderation': 'failed' },
    without: { 'refuse-busy': 'it does not say whether it took the task' },
  }));

test.each([true, false])(
  'every live route takes whatever is valid, or says why not (reached: %s)',
  async (canBeReached) => {
    const routes = await coverRoutes({ type: meshy, standin, canBeReached });
    expect(routes).toHaveLength(2);
    expect(routes.flatMap(({ mistakes }) => mistakes)).toEqual([]);
    expect(routes.filter(({ isCovered }) => !isCovered)).toEqual([]);
    const known =
      /^(artStyle "sculpture" has|enablePromptExpansion true has|texturePrompt and textureImageUrl are not taken)/;
    for (const reason of routes.flatMap(({ refused }) => refused)) expect(reason).toMatch(known);
  },
);

let scene: Scene;
beforeAll(async () => {
  scene = await openScene({ type: meshy, standin });
});
beforeEach(() => scene.standin.control.reset());
afterAll(() => scene.close());

const png = 'https://example.com/a.png';
const bodies = () => scene.standin.control.jobs.map(({ request }) => request.body);
const signal = () => AbortSignal.timeout(5_000);

test('a picture makes shape and surface in one task', async () => {
  const input: Input = { imageUrl: png, taPose: true, symmetryMode: 'on', enablePbr: true, textureImageUrl: png };
  const end = await scene.run(scene.jobOf(IMAGE, input));
  expect(bodies()).toEqual([
    {
      ai_model: 'meshy-6',
      image_url: expect.stringMatching(/imageUrl_0/),
      texture_image_url: expect.stringMatching(/textureImageUrl_0/),
      pose_mode: 't-pose',
      symmetry_mode: 'on',
      topology: 'triangle',
      target_polycount: 30_000,
      should_remesh: true,
      enable_pbr: true,
      should_texture: true,
    },
  ]);
  expect(end).toMatchObject({ state: 'succeeded', cost: { micros: 30_000_000, currency: 'credits' } });
});

const WORDS: Input = { prompt: 'a chest', topology: 'quad', targetPolycount: 8_000, texturePrompt: 'rusty iron' };

test('words make a shape, and then its surface: the cost is of both', async () => {
  const { handle } = await scene.submit(scene.jobOf(TEXT, WORDS));
  await scene.standin.control.advance(3_000);
  expect(await scene.poll(handle)).toEqual({ state: 'pending', fraction: 0.25 });
  expect(await scene.follow(handle)).toEqual({
    state: 'succeeded',
    outputs: scene.standin.control.jobs[1]?.outputs.map(({ url }) => ({ kind: 'url', url })),
    cost: { micros: 30_000_000, currency: 'credits' },
  });
  // biome-ignore format: a body a row
  expect(bodies()).toEqual([
    { mode: 'preview', ai_model: 'meshy-6', prompt: 'a chest', topology: 'quad', target_polycount: 8_000, should_remesh: true, symmetry_mode: 'auto' },
    { mode: 'refine', ai_model: 'meshy-6', preview_task_id: scene.standin.control.jobs[0]?.id, enable_pbr: false, texture_prompt: 'rusty iron' },
  ]);
});

/** What `poll` gives once the shape is there. */
async function shapeOf(job = scene.jobOf(TEXT, WORDS)) {
  const { handle } = await scene.submit(job);
  await scene.standin.control.advance(60_000);
  const progress = await scene.poll(handle);
  const next = progress.state === 'pending' ? progress.next : undefined;
  expect(next).toMatchObject({ cost: { micros: 20_000_000, currency: 'credits' } });
  return { job, next: next?.handle ?? null };
}
const proceed = ({ job, next }: Awaited<ReturnType<typeof shapeOf>>) => scene.provider.proceed?.(next, job, signal());
const COST = { cost: { micros: 20_000_000, currency: 'credits' } };

test('the second task: half of the way is behind it, and where it fails the first was paid for', async () => {
  const first = await shapeOf();
  scene.standin.control.fault('fail-upstream');
  const handle = (await proceed(first)) ?? null;
  await scene.standin.control.advance(3_000);
  expect(await scene.poll(handle)).toEqual({ state: 'pending', fraction: 0.75 });
  await scene.standin.control.advance(60_000);
  expect(await scene.poll(handle)).toEqual({
    state: 'failed',
    code: 'generation_failed',
    message: 'The server is busy. Please try again later.',
    ...COST,
  });
});

test('a second task that is refused ends the job, and the first was paid for', async () => {
  const first = await shapeOf();
  scene.standin.control.fault('refuse-invalid');
  expect(await scene.poll((await proceed(first)) ?? null)).toEqual({
    state: 'failed',
    code: 'invalid_input',
    message: 'A value is not allowed.',
    ...COST,
  });
});

// biome-ignore format: a table
test.each([
  ['refuse-rate', 'rate'], ['refuse-quota', 'quota'], ['lost-answer', 'unknown'], ['html-answer', 'unknown'],
] as const)('a second task with %s: %s, as at a submit', async (order, fault) => {
  const first = await shapeOf();
  scene.standin.control.fault(order);
  await expect(proceed(first)).rejects.toMatchObject({ fault });
});

test('whether the second task was ordered may be unknown, and then it is not ordered again', async () => {
  const { next } = await shapeOf();
  expect(await scene.poll(next)).toMatchObject({ state: 'failed', code: 'outcome_unknown' });
  expect(scene.standin.control.jobs).toHaveLength(1);
});

test('a task that runs cannot be canceled, and one that is over is not deleted', async () => {
  const { handle } = await scene.submit(scene.job(IMAGE));
  await scene.standin.control.advance(2_000);
  await expect(scene.provider.cancel?.(handle, signal())).rejects.toThrow('Task is in progress');
  await scene.standin.control.advance(60_000);
  await expect(scene.provider.cancel?.(handle, signal())).rejects.toThrow('SUCCEEDED');
  expect(scene.standin.control.requests.filter(({ method }) => method === 'DELETE')).toHaveLength(1);
  expect(await scene.poll(handle)).toMatchObject({ state: 'succeeded' });
});

test('what would be passed over there is refused before anything is paid', () => {
  const reasonsOf = (input: Input) => scene.provider.refuses?.(scene.jobOf(TEXT, { prompt: 'a chest', ...input }));
  expect(
    reasonsOf({
      artStyle: 'sculpture',
      texturePrompt: 'x'.repeat(601),
      textureImageUrl: png,
      enablePromptExpansion: true,
    }),
  ).toEqual([
    'artStyle "sculpture" has no counterpart there',
    'enablePromptExpansion true has no counterpart there',
    'texturePrompt may have at most 600 characters there',
    'texturePrompt and textureImageUrl are not taken together there',
  ]);
  expect(reasonsOf({ artStyle: 'realistic', texturePrompt: 'x'.repeat(600), enablePromptExpansion: false })).toEqual(
    [],
  );
});

test('a job from submit to its files, with a price for credits', async () => {
  const id = '0193f000-0000-7000-8000-00000000a001';
  const at = `/openapi/v1/image-to-3d/${id}`;
  const urls = (name: string) => ({ [name]: `https://assets.example/o.${name}` });
  const task = { id, type: 'image-to-3d', model_urls: {}, texture_urls: [], task_error: { message: '' } };
  // biome-ignore format: an exchange a row
  const { replay, provider } = await createReplayed(
    meshy,
    [
      { call: 'POST /openapi/v1/image-to-3d', status: 202, body: { result: id } },
      { call: `GET ${at}`, body: { ...task, status: 'PENDING', progress: 0, preceding_tasks: 3 } },
      { call: `GET ${at}`, body: { ...task, status: 'IN_PROGRESS', progress: 40 } },
      { call: `GET ${at}`, body: { ...task, status: 'SUCCEEDED', progress: 100, consumed_credits: 30, model_urls: { ...urls('fbx'), ...urls('glb'), mtl: '' }, texture_urls: [urls('png')] } },
    ],
    { credentials: { apiKey: 'msy_test' }, settings: { creditPrice: '0.02' } },
  );
  onTestFinished(() => replay.close());
  const { handle } = await provider.submit(scene.job(IMAGE), signal());
  expect(await provider.poll(handle, signal())).toEqual({ state: 'pending', fraction: 0 });
  expect(await provider.poll(handle, signal())).toEqual({ state: 'pending', fraction: 0.4 });
  expect(await provider.poll(handle, signal())).toEqual({
    state: 'succeeded',
    outputs: ['glb', 'fbx', 'png'].map((name) => ({ kind: 'url', url: `https://assets.example/o.${name}` })),
    cost: { micros: 600_000, currency: 'USD' },
  });
  expect(replay.heard[0]?.headers.authorization).toBe('Bearer msy_test');
});

// biome-ignore format: a table
test.each([
  [400, 'invalid'], [401, 'auth'], [402, 'quota'], [403, 'auth'], [422, 'invalid'], [429, 'rate'], [404, undefined],
  [409, undefined], [500, undefined], [200, undefined],
] as const)('status %i is %s', (status, fault) => {
  expect(faultOf({ status, headers: {}, body: { message: 'so it is' }, text: '' })?.fault).toBe(fault);
});

test('no file is named twice', () => {
  const url = 'https://assets.example/o.glb';
  const task = { status: 'SUCCEEDED', model_urls: { glb: url, pre_remeshed_glb: url, size: 3 } };
  expect(outputsOf(task)).toEqual([{ kind: 'url', url }]);
});
