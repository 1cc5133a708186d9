import { mkdtemp, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Input } from '@reelay/catalog';
import { findDefinition } from '@reelay/standin';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import type { Job } from '../provider.ts';
import { isLive } from '../route.ts';
import { coverRoutes } from '../testing/coverage.ts';
import { providerContract } from '../testing/provider.contract.ts';
import { startReplay } from '../testing/replay.ts';
import { openScene, type Scene } from '../testing/scene.ts';
import { faultOf, Operation, toProgress } from './wire.ts';
import { worldlabs } from './worldlabs.ts';

const standin = findDefinition('worldlabs');
if (standin === undefined) throw new Error('there is no stand-in for worldlabs');

describe('the contract of providers', () =>
  providerContract({
    type: worldlabs,
    standin,
    endpoints: ['marble-1.1/text-to-world', 'marble-1.0/image-to-world', 'marble-1.1-plus/video-to-world'],
  }));

/** What the rows leave open and a world cannot do without, and what a tag may be. */
const KNOWN: readonly RegExp[] = [
  /^a world of (words needs a prompt|a picture needs imageUrl|a clip needs videoUrl) there$/,
  /^there is no file: (imageUrl|videoUrl) is missing$/,
  /^(imageUrl|videoUrl) does not go with kind "(image|video)"$/,
  /^without pictures, which the row does not have, textPrompt is needed there$/,
  /^reconstructImages true has no counterpart there$/,
];

test.each([
  ['that are exact', (route: Parameters<typeof isLive>[0]) => isLive(route, worldlabs.routes.asOf), 10],
  ['that are nearly right', (route: Parameters<typeof isLive>[0]) => !isLive(route, worldlabs.routes.asOf), 3],
])('routes %s take whatever is valid, or say why not', async (_name, isWanted, count) => {
  const routes = await coverRoutes({ type: worldlabs, standin, isWanted });
  expect(routes.length).toBe(count);
  expect(routes.flatMap(({ mistakes }) => mistakes)).toEqual([]);
  const refused = routes.flatMap(({ refused }) => refused);
  expect(refused.filter((reason) => !KNOWN.some((one) => one.test(reason)))).toEqual([]);
  const uncovered = routes.filter(({ isCovered }) => !isCovered).map(({ route }) => route.endpoint);
  // Its example wants the place rebuilt from pictures.
  expect(uncovered).toEqual(count === 3 ? ['marble-1.1/multi-image-to-world'] : []);
});

let scene: Scene;
beforeAll(async () => {
  scene = await openScene({ type: worldlabs, standin });
});
afterAll(() => scene.close());

async function sent(id: string, input: Input, more: Partial<Job> = {}): Promise<unknown> {
  await scene.submit(scene.jobOf(id, input, more));
  return scene.standin.control.requests.at(-1)?.body;
}
const permission = { public: false, allow_id_access: false };

// biome-ignore format: a case a row
test.each<[string, string, Input, unknown]>([
  [
    'words with everything',
    'marble-1.0/text-to-world',
    { prompt: 'a meadow', disableRecaption: true, displayName: 'Kite', seed: 4_294_967_295, permissionPublic: true, permissionAllowIdAccess: true, tags: 'green, wide,', permissionAllowedReaders: 'ann\nben', permissionAllowedWriters: 'ann' },
    {
      model: 'marble-1.0', display_name: 'Kite', seed: 4_294_967_295, tags: ['green', 'wide'],
      permission: { public: true, allow_id_access: true, allowed_readers: ['ann', 'ben'], allowed_writers: ['ann'] },
      world_prompt: { type: 'text', text_prompt: 'a meadow', disable_recaption: true },
    },
  ],
  [
    'a panorama',
    'marble-1.1/image-to-world',
    { imageUrl: 'https://example.com/a.png', isPano: true },
    { model: 'marble-1.1', permission, world_prompt: { type: 'image', image_prompt: { source: 'uri', uri: expect.stringMatching(/imageUrl_0/) }, is_pano: 'true', disable_recaption: false } },
  ],
  [
    'a clip',
    'marble-1.1-plus/video-to-world',
    { videoUrl: 'https://example.com/a.mp4', textPrompt: 'an alley' },
    { model: 'marble-1.1-plus', permission, world_prompt: { type: 'video', video_prompt: { source: 'uri', uri: expect.stringMatching(/videoUrl_0/) }, text_prompt: 'an alley', disable_recaption: false } },
  ],
  [
    'views in words',
    'marble-1.0/multi-image-to-world',
    { textPrompt: 'a workshop' },
    { model: 'marble-1.0', permission, world_prompt: { type: 'text', text_prompt: 'a workshop', disable_recaption: false } },
  ],
])('the body of %s', async (_name, id, input, body) => {
  expect(await sent(id, input)).toEqual(body);
});

test('what has no counterpart is refused before anything is paid', () => {
  const reasons = (id: string, input: Input, more: Partial<Job> = {}) =>
    scene.provider.refuses?.(scene.jobOf(id, input, more));
  const long = 'x'.repeat(33);
  expect(reasons('marble-1.0/text-to-world', { prompt: 'a', tags: `${long},b` })).toEqual([
    `tags "${long}" has more than 32 characters`,
  ]);
  expect(reasons('marble-1.0/text-to-world', { tags: 'a\nb,c,d,e,f,g,h,i,j,k' })).toEqual([
    'a world of words needs a prompt there',
    'tags may have at most 10 items there',
  ]);
  const imageUrl = '1900000000000000003';
  const elsewhere = { media: {}, upstreamIds: {}, elsewhere: [imageUrl] };
  expect(reasons('marble-1.0/image-to-world', { imageUrl }, elsewhere)).toEqual([
    `imageUrl "${imageUrl}" was made on another channel`,
  ]);
});

test('an upload answers an id, which later worlds name', async () => {
  const id = 'marble/upload-media-asset';
  const end = await scene.run(scene.job(id));
  const asset = scene.standin.control.jobs.at(-1)?.id ?? '';
  expect(end).toEqual({ state: 'succeeded', outputs: [{ kind: 'text', text: asset }], upstreamId: asset });
  const [prepared, put] = scene.standin.control.requests.slice(-2);
  expect(prepared?.body).toEqual({ file_name: 'orchard.jpg', kind: 'image', extension: 'jpg' });
  expect(put).toMatchObject({ method: 'PUT', path: `/_put/${asset}` });
  // Without an extension, the one that the file has.
  await scene.run(scene.jobOf(id, { fileName: 'walk', kind: 'video', videoUrl: 'https://example.com/a.mp4' }));
  expect(scene.standin.control.requests.at(-2)?.body).toEqual({ file_name: 'walk', kind: 'video', extension: 'mp4' });

  const named = { source: 'media_asset', media_asset_id: asset };
  const task = '1900000000000000004';
  expect(await sent('marble-1.1/image-to-world', { imageUrl: task }, { upstreamIds: { [task]: asset } })).toMatchObject(
    { world_prompt: { image_prompt: named } },
  );
  // One that was never ours is passed on; one of another channel goes along as its file.
  const nobody = { media: {}, upstreamIds: {} };
  expect(await sent('marble-1.1/image-to-world', { imageUrl: asset }, nobody)).toMatchObject({
    world_prompt: { image_prompt: named },
  });
  const elsewhere = { upstreamIds: {}, elsewhere: [task] };
  expect(await sent('marble-1.1/image-to-world', { imageUrl: task }, elsewhere)).toMatchObject({
    world_prompt: { image_prompt: { source: 'uri' } },
  });
});

test('files that it cannot fetch are uploaded first: of a server that nobody reaches, and large ones', async () => {
  const unreached = await openScene({ type: worldlabs, standin, canBeReached: false });
  onTestFinished(() => unreached.close());
  await unreached.submit(unreached.job('marble-1.1/video-to-world'));
  const [prepared, put, world] = unreached.standin.control.requests;
  expect(prepared?.body).toEqual({ file_name: 'asset_videoUrl_0.mp4', kind: 'video', extension: 'mp4' });
  const [asset] = unreached.standin.control.jobs;
  expect(put).toMatchObject({ method: 'PUT', path: `/_put/${asset?.id}` });
  expect(world?.body).toMatchObject({
    world_prompt: { type: 'video', video_prompt: { source: 'media_asset', media_asset_id: asset?.id } },
  });

  const folder = await mkdtemp(join(tmpdir(), 'reelay-worldlabs-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const path = join(folder, 'large.png');
  await writeFile(path, '');
  await truncate(path, 21 * 1024 ** 2);
  const job = scene.job('marble-1.0/image-to-world');
  const [file] = job.media.imageUrl ?? [];
  if (file === undefined) throw new Error('no file');
  const facts = { ...file.facts, sizeBytes: 21 * 1024 ** 2 };
  await scene.submit({ ...job, media: { imageUrl: [{ ...file, path, facts }] } });
  expect(scene.standin.control.requests.slice(-3).map((one) => one.path)).toEqual([
    '/marble/v1/media-assets:prepare_upload',
    expect.stringMatching(/^\/_put\//),
    '/marble/v1/worlds:generate',
  ]);
});

test('its examples: a world from its start to its files', async () => {
  const files = {
    caption: 'A meadow',
    thumbnail_url: 'https://cdn.example/t.webp',
    imagery: { pano_url: 'https://cdn.example/p.png' },
    splats: {
      spz_urls: {
        '100k': 'https://cdn.example/100k.spz',
        '500k': 'https://cdn.example/500k.spz',
        full_res: 'https://cdn.example/full.spz',
      },
    },
    mesh: { collider_mesh_url: 'https://cdn.example/c.glb' },
  };
  const running = { progress: { status: 'IN_PROGRESS', description: 'World generation in progress' }, world_id: 'w1' };
  const open = { operation_id: 'op1', done: false, error: null, response: null };
  const done = { operation_id: 'op1', done: true, error: null, cost: { credits: 1_580 } };
  // biome-ignore format: an exchange a row
  const replay = await startReplay([
    { call: 'POST /marble/v1/worlds:generate', body: { ...open, metadata: null } },
    { call: 'GET /marble/v1/operations/op1', body: { ...open, metadata: running } },
    { call: 'GET /marble/v1/operations/op1', body: { ...done, response: { world_id: 'w1', assets: files } } },
    { call: 'POST /marble/v1/worlds:generate', status: 429, headers: { 'retry-after': '20' }, body: { detail: 'Too many requests' } },
  ]);
  onTestFinished(() => replay.close());
  const provider = scene.create({ settings: { baseUrl: `${replay.url}/marble/v1` } });
  const signal = AbortSignal.timeout(5_000);
  const job = scene.job('marble-1.1/text-to-world');
  const { handle } = await provider.submit(job, signal);
  expect(replay.heard[0]?.headers['wlt-api-key']).toMatch(/^wlt_/);
  expect(await provider.poll(handle, signal)).toEqual({ state: 'pending' });
  expect(await provider.poll(handle, signal)).toEqual({
    state: 'succeeded',
    outputs: ['c.glb', 'full.spz', '500k.spz', '100k.spz', 'p.png', 't.webp'].map((name) => ({
      kind: 'url',
      url: `https://cdn.example/${name}`,
    })),
    cost: { micros: 1_264_000, currency: 'USD' },
  });
  await expect(provider.submit(job, signal)).rejects.toMatchObject({ fault: 'rate', retryAfterMs: 20_000 });
});

// biome-ignore format: a case a row
test.each<[string, object, unknown]>([
  ['failed', { error: { code: 13, message: 'failed' } }, { code: 'generation_failed', message: 'failed' }],
  ['stopped', { error: { message: 'Blocked by safety filters' } }, { code: 'content_refused' }],
  ['of a broken file', { error: { message: 'The image could not be decoded' } }, { code: 'media_unusable' }],
  ['without a reason', { error: {} }, { code: 'generation_failed', message: 'World Labs gave no reason' }],
  ['without a world', { cost: { credits: 10 } }, { code: 'generation_failed', cost: { micros: 8_000, currency: 'USD' } }],
  ['of a world without files', { response: { assets: null } }, { code: 'generation_failed' }],
])('an operation that is over: %s', (_name, answer, end) => {
  expect(toProgress(Operation.parse({ done: true, ...answer }), '0.0008')).toMatchObject({
    state: 'failed',
    ...Object(end),
  });
});

test.each<[number, unknown, string | undefined]>([
  [400, { detail: 'text_prompt is required' }, 'invalid'],
  [400, { detail: 'Your prompt was flagged by content moderation' }, 'moderation'],
  [400, { detail: 'The image could not be downloaded' }, 'media'],
  [401, { detail: 'Invalid API key' }, 'auth'],
  [402, { detail: 'Insufficient credits' }, 'quota'],
  [422, { detail: [{ loc: ['body', 'model'], msg: 'Input should be …' }] }, 'model_gone'],
  [422, { detail: [{ loc: ['body', 'world_prompt', 'image', 'image_prompt', 'uri'], msg: 'bad' }] }, 'media'],
  [422, { detail: [{ loc: ['body', 'seed'], msg: 'Input should be less' }, { msg: 'and' }] }, 'invalid'],
  [500, { detail: 'Internal server error' }, undefined],
  [503, { detail: 'Unavailable' }, 'busy'],
  [503, 'a page of a proxy', undefined],
  [200, { detail: 'no refusal' }, undefined],
])('status %i with %j is %s', (status, body, fault) => {
  const said = faultOf({ status, headers: {}, body, text: '' });
  expect(said?.fault).toBe(fault);
  if (said !== undefined) expect(said.message).not.toBe('');
});
