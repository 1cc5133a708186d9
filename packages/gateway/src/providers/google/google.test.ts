import { access } from 'node:fs/promises';
import { catalog } from '@reelay/catalog';
import { type Definition, findDefinition } from '@reelay/standin';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { UpstreamError } from '../fault.ts';
import { isLive, type Route } from '../route.ts';
import { coverRoutes } from '../testing/coverage.ts';
import { toJob } from '../testing/jobs.ts';
import { providerContract } from '../testing/provider.contract.ts';
import { openScene, requireEndpoint, type Scene } from '../testing/scene.ts';
import { Content, toEnded } from './content.ts';
import { google } from './google.ts';
import { googleCloud } from './google-cloud.ts';
import { faultOf, faultOfOperation } from './wire.ts';

function requireDefinition(name: string): Definition {
  const found = findDefinition(name);
  if (found === undefined) throw new Error(`there is no stand-in for ${name}`);
  return found;
}
const standin = requireDefinition('google');
const cloud = requireDefinition('google-cloud');
const TEXT_TO_IMAGE = 'rhart-image-n-pro-official/text-to-image';

describe('the contract of providers: Gemini API, words and pictures', () =>
  providerContract({
    type: { ...google, create: withoutCancel },
    standin,
    endpoints: [TEXT_TO_IMAGE, 'rhart-image-n-pro-official/edit', 'rhart-text-g-25-flash/text-to-text'],
  }));

describe('the contract of providers: Agent Platform, Veo', () =>
  providerContract({
    type: googleCloud,
    standin: cloud,
    endpoints: [
      'rhart-video-v3.1-pro-official/text-to-video',
      'rhart-video-v3.1-fast-official/image-to-video',
      'rhart-video-v3.1-pro-official/reference-to-video',
    ],
  }));

const only = (op: string) => ({
  ...google,
  routes: { ...google.routes, routes: google.routes.routes.filter((route) => route.op === op) },
});

describe('the contract of providers: Gemini API, Omni', () =>
  providerContract({
    type: only('interactions'),
    standin,
    endpoints: ['rhart-video-v3.1-pro-official/text-to-video'],
  }));

describe('the contract of providers: Gemini API, Veo, on servers that still have it', () =>
  providerContract({
    type: { ...only('Gemini API predictLongRunning'), create: withoutCancel },
    standin,
    endpoints: ['rhart-video-v3.1-pro/text-to-video'],
    without: { 'unknown-word': 'states are no words here' },
  }));
/** It cannot stop these jobs, which the contract would try. */
function withoutCancel(...deps: Parameters<typeof google.create>) {
  const { cancel: _, ...provider } = google.create(...deps);
  return provider;
}

const reasonsOf = (routes: Awaited<ReturnType<typeof coverRoutes>>) =>
  [...new Set(routes.flatMap(({ refused }) => refused))].toSorted();

test('Gemini API: every live route takes whatever is valid, or says why not', async () => {
  const routes = await coverRoutes({ type: google, standin });
  expect(routes.length).toBeGreaterThan(0);
  expect(routes.flatMap(({ mistakes }) => mistakes)).toEqual([]);
  expect(routes.filter(({ isCovered }) => !isCovered)).toEqual([]);
  expect(reasonsOf(routes)).toEqual(['resolution "8k" is not offered there: only 1k, 2k, 4k']);
});

test('Agent Platform: every live route takes whatever is valid, or says why not', async () => {
  const routes = await coverRoutes({ type: googleCloud, standin: cloud });
  expect(routes.flatMap(({ mistakes }) => mistakes)).toEqual([]);
  expect(routes.filter(({ isCovered }) => !isCovered)).toEqual([]);
  for (const reason of reasonsOf(routes)) expect(reason).toMatch(/^(resolution|seed|imageUrls) .*(there|at most 2)/);
});

test('the routes that are nearly right, and those that are gone, map as well', async () => {
  const isWanted = (route: Route) =>
    !isLive(route, google.routes.asOf) && !route.model.startsWith('gemini-2.5-flash-image');
  const routes = await coverRoutes({ type: google, standin, isWanted, samples: 4 });
  expect(routes.flatMap(({ mistakes }) => mistakes)).toEqual([]);
  const uncovered = routes.filter(({ isCovered }) => !isCovered).map(({ route }) => route);
  // An earlier clip of its own would have to be named, which no caller can.
  expect(new Set(uncovered.map(({ op, endpoint }) => `${op} ${endpoint.split('/').at(-1)}`))).toEqual(
    new Set(['Gemini API predictLongRunning video-extend']),
  );
});

test('every route of the table belongs to one of the two', () => {
  for (const { endpoint } of [...google.routes.routes, ...googleCloud.routes.routes]) {
    expect(catalog.get(endpoint)).toBeDefined();
  }
  expect(google.routes.routes.some(({ op }) => op?.startsWith('Agent'))).toBe(false);
  expect(googleCloud.routes.routes.some(({ op }) => op?.startsWith('Gemini'))).toBe(false);
});

describe('what goes out', () => {
  let gemini: Scene;
  let platform: Scene;
  beforeAll(async () => {
    gemini = await openScene({ type: google, standin });
    platform = await openScene({ type: googleCloud, standin: cloud });
  });
  afterAll(async () => {
    await gemini.close();
    await platform.close();
  });

  test('a picture from pictures: the files first, then the words', async () => {
    await gemini.submit(gemini.job('rhart-image-n-pro-official/edit'));
    const body = gemini.standin.control.requests.at(-1)?.body;
    expect(body).toMatchObject({
      contents: [{ role: 'user', parts: [{ inlineData: {} }, { inlineData: {} }, { text: expect.any(String) }] }],
      generationConfig: {
        responseModalities: ['TEXT', 'IMAGE'],
        imageConfig: { aspectRatio: '4:3', imageSize: '1K' },
      },
    });
  });

  test('a clip to read is uploaded first, and removed afterwards', async () => {
    gemini.standin.control.reset();
    await gemini.submit(gemini.job('rhart-text-g-25-flash/video-to-text'));
    const seen = gemini.standin.control.requests.map(({ method, path }) => `${method} ${path}`);
    expect(seen).toEqual([
      'POST /upload/v1beta/files',
      'POST /upload/v1beta/files',
      'POST /v1beta/models/gemini-2.5-flash:generateContent',
      expect.stringMatching(/^DELETE \/v1beta\/files\//),
    ]);
  });

  test('what was kept for a picture is given up', async () => {
    const { handle } = await gemini.submit(gemini.job(TEXT_TO_IMAGE));
    const end = await gemini.poll(handle);
    const path = end.state === 'succeeded' && end.outputs[0]?.kind === 'file' ? end.outputs[0].path : '';
    await access(path);
    await gemini.provider.release?.(handle);
    await expect(access(path)).rejects.toThrow();
  });

  test('a clip of Veo says its sound, and two pictures are its first and last frame', async () => {
    const id = 'rhart-video-v3.1-fast/image-to-video';
    await platform.submit(platform.job(id));
    expect(platform.standin.control.requests.at(-1)?.body).toMatchObject({
      instances: [{ image: { mimeType: 'image/png' }, lastFrame: { mimeType: 'image/png' } }],
      parameters: { sampleCount: 1, generateAudio: true, durationSeconds: 8, aspectRatio: '16:9', resolution: '720p' },
    });
  });

  test('a token is asked for once, and again when it is over', async () => {
    const tokens = () => platform.standin.control.requests.filter(({ path }) => path === '/token').length;
    platform.standin.control.reset();
    const provider = platform.create();
    const job = platform.job('rhart-video-v3.1-pro-official/text-to-video');
    const signal = AbortSignal.timeout(10_000);
    await Promise.all([provider.submit(job, signal), provider.submit(job, signal)]);
    expect(tokens()).toBe(1);
    await platform.standin.control.advance(3_600_000);
    await provider.submit(job, signal);
    expect(tokens()).toBe(2);
  });

  test('a key that is none is not quoted', async () => {
    const stranger = platform.create({ credentials: { serviceAccount: '{"private_key":"very secret"}' } });
    const refused = stranger.check?.(AbortSignal.timeout(5_000));
    await expect(refused).rejects.toMatchObject({ fault: 'auth' });
    await expect(refused).rejects.not.toThrow(/secret/);
  });

  test('clips in a bucket are fetched with a token, and nothing else gets one', async () => {
    const signal = AbortSignal.timeout(5_000);
    const ask = (url: string) => platform.provider.downloadHeaders?.(url, signal);
    expect(await ask('https://storage.googleapis.com/bucket/clip.mp4')).toHaveProperty('authorization');
    expect(await ask('https://files.test/clip.mp4')).toEqual({});
  });
});

const pictureJob = toJob(
  requireEndpoint(TEXT_TO_IMAGE),
  { endpoint: TEXT_TO_IMAGE, model: 'gemini-3-pro-image', status: 'ok' },
  requireEndpoint(TEXT_TO_IMAGE).example,
);
const none = { files: [], prices: { input: undefined, output: undefined } };
test.each([
  [{ promptFeedback: { blockReason: 'SAFETY' } }, 'moderation'],
  [{ candidates: [{ finishReason: 'IMAGE_SAFETY' }] }, 'moderation'],
  [{ candidates: [{ finishReason: 'NO_IMAGE' }] }, 'failed'],
  [
    { candidates: [{ finishReason: 'STOP', content: { parts: [{ text: 'That is against our policy.' }] } }] },
    'moderation',
  ],
  [{ candidates: [{ finishReason: 'STOP', content: { parts: [{ text: 'Here you are.' }] } }] }, 'failed'],
  [{}, 'failed'],
])('an answer without a picture, %j, is %s', (answer, fault) => {
  try {
    toEnded(pictureJob, Content.parse(answer), none);
    expect.unreachable();
  } catch (error) {
    expect(error).toBeInstanceOf(UpstreamError);
    expect((error as UpstreamError).fault).toBe(fault);
  }
});

test('a text that was cut is delivered', () => {
  const id = 'rhart-text-g-25-flash/text-to-text';
  const route = { endpoint: id, model: 'gemini-2.5-flash', status: 'ok' } as const;
  const job = toJob(requireEndpoint(id), route, requireEndpoint(id).example);
  const answer = {
    candidates: [{ finishReason: 'MAX_TOKENS', content: { parts: [{ text: 'Once ' }, { text: 'upon' }] } }],
  };
  expect(toEnded(job, Content.parse(answer), none).outputs).toEqual([{ kind: 'text', text: 'Once upon' }]);
});

test.each([
  [400, { status: 'INVALID_ARGUMENT', message: 'API key not valid.' }, 'auth'],
  [400, { status: 'FAILED_PRECONDITION', message: 'billing' }, 'auth'],
  [404, { status: 'NOT_FOUND', message: 'no longer available' }, undefined],
  [429, { status: 'RESOURCE_EXHAUSTED', message: 'x', details: [{ retryDelay: '32s' }] }, 'rate'],
  [429, { status: 'RESOURCE_EXHAUSTED', message: 'x', details: [{ violations: [{ quotaId: 'XPerDay' }] }] }, 'quota'],
  [500, { status: 'INTERNAL', message: 'x' }, 'busy'],
  [504, { status: 'DEADLINE_EXCEEDED', message: 'x' }, undefined],
])('status %i with %j', (status, error, fault) => {
  const answer = { status, headers: {}, text: '' };
  expect(faultOf({ ...answer, body: { error } })?.fault).toBe(fault);
  expect(faultOf({ ...answer, body: [{ error }] })?.fault).toBe(fault);
});

test.each([
  [3, 'the prompt violates Responsible AI practices', 'moderation'],
  [3, 'durationSeconds', 'invalid'],
  [8, 'quota', 'quota'],
  [13, 'internal', 'failed'],
  [undefined, 'internal', 'failed'],
])('an operation that ended with %s: %s', (code, message, fault) => {
  expect(faultOfOperation(code, message)).toBe(fault);
});
