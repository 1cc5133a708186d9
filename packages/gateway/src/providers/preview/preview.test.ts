import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { catalog, type Input } from '@reelay/catalog';
import { RenderError, type RenderErrorCode, type RenderRequest, type RenderResult } from '@reelay/preview';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Job, Provider } from '../provider.ts';
import { createPreviewProvider, toSeed } from './preview.ts';

const never = new AbortController().signal;
const noLog = { debug() {}, info() {}, warn() {}, error() {} };

/** A renderer whose renders end when the test says so. */
function createRendererByHand() {
  const renders: {
    readonly request: RenderRequest;
    readonly signal: AbortSignal;
    progress(fraction: number): void;
    end(result: RenderResult): void;
    fail(code: RenderErrorCode): void;
  }[] = [];
  return {
    renders,
    render: (request: RenderRequest, p: { signal: AbortSignal; onProgress?: (fraction: number) => void }) =>
      new Promise<RenderResult>((resolve, reject) => {
        const fail = (code: RenderErrorCode) => reject(new RenderError(code, `ended as ${code}`));
        p.signal.addEventListener('abort', () => fail('canceled'), { once: true });
        renders.push({ request, signal: p.signal, progress: (f) => p.onProgress?.(f), end: resolve, fail });
      }),
  };
}

let dataDir: string;
let renderer: ReturnType<typeof createRendererByHand>;
let woken: string[];
let provider: Provider;
const open = () =>
  createPreviewProvider({
    renderer,
    rendersDir: join(dataDir, 'renders'),
    wake: (taskId) => void woken.push(taskId),
    log: noLog,
  });
beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'reelay-preview-'));
  renderer = createRendererByHand();
  woken = [];
  provider = open();
});
afterEach(() => rm(dataDir, { recursive: true, force: true }));

const ENDPOINT = catalog.get('rhart-video-s-official/text-to-video-pro');
function toJob(taskId: string, input: Input = { prompt: 'a boat' }): Job {
  if (ENDPOINT === undefined) throw new Error('the endpoint is missing');
  const path = join(dataDir, 'blobs', 'ab', 'abcd');
  const facts = { kind: 'image', format: 'png', sizeBytes: 9, widthPx: 3, heightPx: 2 } as const;
  const media = { imageUrl: [{ assetId: 'asset_1', path, url: 'http://reelay.test/secret', facts }] };
  const route = { endpoint: ENDPOINT.id, model: 'preview', status: 'ok' } as const;
  return { taskId, endpoint: ENDPOINT, route, input, media, foreignIds: [], upstreamIds: {}, elsewhere: [] };
}
const renderOf = async (count: number) => {
  await expect.poll(() => renderer.renders.length).toBe(count);
  const render = renderer.renders[count - 1];
  if (render === undefined) throw new Error('no render');
  return render;
};
const wakened = (count: number) => expect.poll(() => woken.length).toBe(count);

test('a job is drawn once, and ends in its files and its text, until they are released', async () => {
  const { handle } = await provider.submit(toJob('1'), never);
  await provider.submit(toJob('1'), never);
  const { request, end } = await renderOf(1);
  expect(request).toMatchObject({
    endpoint: ENDPOINT?.id,
    task: 'text-to-video',
    output: 'video',
    input: { prompt: 'a boat' },
    media: { imageUrl: [{ path: join(dataDir, 'blobs', 'ab', 'abcd'), facts: { widthPx: 3 } }] },
    taskId: '1',
    outputDir: join(dataDir, 'renders', '1'),
  });
  expect(await readdir(request.outputDir)).toEqual([]);
  expect(await provider.poll(handle, never)).toEqual({ state: 'pending', fraction: 0 });
  const path = join(request.outputDir, 'clip.mp4');
  await writeFile(path, 'clip');
  end({ files: [{ path, mediaType: 'video/mp4', extension: 'mp4' }], text: 'said' });
  await wakened(1);
  const done = {
    state: 'succeeded',
    outputs: [
      { kind: 'file', path, extension: 'mp4' },
      { kind: 'text', text: 'said' },
    ],
  };
  expect(await provider.poll(handle, never)).toEqual(done);
  expect(await provider.poll(handle, never)).toEqual(done);
  expect(await readFile(path, 'utf8')).toBe('clip');
  await provider.release?.(handle);
  expect(existsSync(request.outputDir)).toBe(false);
  expect(renderer.renders).toHaveLength(1);
});

test('the handle is plain data without links, and another process draws the same from it in a moved folder', async () => {
  const { handle } = await provider.submit(toJob('1', { prompt: 'a boat', seed: 7 }), never);
  expect(JSON.stringify(handle)).not.toContain('secret');
  const { request } = await renderOf(1);
  await mkdir(join(dataDir, 'moved'));
  dataDir = join(dataDir, 'moved');
  const stored = JSON.parse(JSON.stringify(handle));
  const later = open();
  expect(await later.poll(stored, never)).toEqual({ state: 'pending', fraction: 0 });
  const again = await renderOf(2);
  const home = join(dataDir, '..');
  const moved = JSON.parse(JSON.stringify(request).replaceAll(home, dataDir));
  expect(again.request).toEqual(moved);
  dataDir = home;
});

test('progress is told as it comes, and wakes whoever waits, but not for every frame', async () => {
  const { handle } = await provider.submit(toJob('1'), never);
  const { progress } = await renderOf(1);
  for (let frame = 0; frame <= 300; frame += 1) progress(frame / 300);
  const { fraction } = (await provider.poll(handle, never)) as { fraction: number }; // A pending answer has one here.
  expect(fraction).toBeGreaterThan(0.99);
  expect(woken.length).toBeGreaterThan(50);
  expect(woken.length).toBeLessThanOrEqual(100);
});

test.each([
  ['bad_media', 'media_unusable'],
  ['bad_input', 'invalid_input'],
  ['out_of_memory', 'generation_failed'],
  ['timed_out', 'timed_out'],
  ['unavailable', 'provider_unavailable'],
] as const)('a render that ends as %s is a failure of %s, at once', async (reason, code) => {
  const { handle } = await provider.submit(toJob('1'), never);
  const { fail, request } = await renderOf(1);
  fail(reason);
  await wakened(1);
  expect(await provider.poll(handle, never)).toEqual({ state: 'failed', code, message: `ended as ${reason}` });
  expect(existsSync(request.outputDir)).toBe(false);
  expect(renderer.renders).toHaveLength(1);
});

test('a crash is tried once more, in an empty folder, and the second is the end', async () => {
  const { handle } = await provider.submit(toJob('1'), never);
  const first = await renderOf(1);
  await writeFile(join(first.request.outputDir, 'half.mp4'), 'half');
  first.fail('crashed');
  const second = await renderOf(2);
  expect(await readdir(second.request.outputDir)).toEqual([]);
  expect(second.request).toEqual(first.request);
  second.fail('crashed');
  await wakened(1);
  expect(await provider.poll(handle, never)).toMatchObject({ state: 'failed', code: 'generation_failed' });
});

test('a canceled job stops and leaves nothing', async () => {
  const { handle } = await provider.submit(toJob('1'), never);
  const { signal, request } = await renderOf(1);
  await provider.cancel?.(handle, never);
  expect(signal.aborted).toBe(true);
  expect(existsSync(request.outputDir)).toBe(false);
  expect(woken).toEqual([]);
});

test('a render that was called off with its renderer begins again at the next poll', async () => {
  const { handle } = await provider.submit(toJob('1'), never);
  (await renderOf(1)).fail('canceled');
  await expect.poll(() => existsSync(join(dataDir, 'renders', '1'))).toBe(false);
  expect(await provider.poll(handle, never)).toMatchObject({ state: 'pending' });
  await renderOf(2);
});

test('what an earlier process left is swept at the start', async () => {
  await mkdir(join(dataDir, 'renders', '9'), { recursive: true });
  await writeFile(join(dataDir, 'renders', '9', 'half.mp4'), 'half');
  provider = open();
  await provider.submit(toJob('1'), never);
  await renderOf(1);
  expect(await readdir(join(dataDir, 'renders'))).toEqual(['1']);
});

test('a seed that was sent is used; without one each task has its own, always the same', () => {
  expect(toSeed({ seed: 0 }, '1')).toBe(0);
  expect(toSeed({ seed: 4_294_967_295 }, '1')).toBe(4_294_967_295);
  expect(toSeed({ seed: '42' }, '1')).toBe(42);
  for (const input of [{}, { seed: -1 }, { seed: 1.5 }, { seed: 'red' }, { seed: null }]) {
    expect(toSeed(input, '1')).toBe(toSeed({}, '1'));
    expect(toSeed(input, '1')).not.toBe(toSeed(input, '2'));
    expect(Number.isSafeInteger(toSeed(input, '1'))).toBe(true);
  }
});

test('an id that was not made here is refused before anything is drawn', async () => {
  const job = { ...toJob('9'), foreignIds: [{ field: 'sessionId', id: '790412337719447573' }] };
  await expect(provider.submit(job, never)).rejects.toMatchObject({
    code: 'invalid_input',
    message: expect.stringMatching(/^sessionId: there is no result "790412337719447573" here/),
  });
  expect(renderer.renders).toEqual([]);
});
