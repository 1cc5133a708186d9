import { catalog, type Input, withDefaults } from '@reelay/catalog';
import { findDefinition } from '@reelay/standin';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import type { JobFile } from '../../contract/asset.ts';
import { systemClock } from '../../lib/clock.ts';
import { FAULTS } from '../fault.ts';
import { FileUse } from '../kit/media.ts';
import { createSpool } from '../kit/spool.ts';
import type { Job } from '../provider.ts';
import { coverRoutes } from '../testing/coverage.ts';
import { providerContract } from '../testing/provider.contract.ts';
import { openScene } from '../testing/scene.ts';
import { idIn, toRelayBody, unknownThere } from './body.ts';
import { runninghub } from './runninghub.ts';
import { faultOf, faultOfTask, outputsOf } from './wire.ts';

const FILE: JobFile = {
  assetId: 'asset_1',
  path: '/nowhere/asset_1.png',
  url: 'https://reelay.test/files/asset_1.png',
  facts: { kind: 'image', format: 'png', sizeBytes: 9 },
};
function jobFor(id: string, input: Input, changes: Partial<Job> = {}): Job {
  const endpoint = catalog.get(id);
  if (endpoint === undefined) throw new Error(`no ${id}`);
  const route = { endpoint: id, model: id, status: 'ok' } as const;
  const none = { media: {}, foreignIds: [], upstreamIds: {}, elsewhere: [] };
  return { taskId: '2100000000000000001', endpoint, route, input: withDefaults(endpoint, input), ...none, ...changes };
}
const deps = (baseUrl = 'https://www.runninghub.cn') => ({
  credentials: { apiKey: '5f2c9a71e0b84d36a1c7e9420d8b6f53' },
  settings: { baseUrl },
  canBeReached: false,
  clock: systemClock,
  random: () => 0,
  spool: createSpool('/nowhere'),
  log: { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} },
});
const answer = (body: unknown, status = 200) => ({ status, headers: {}, body, text: '' });

const standin = findDefinition('runninghub');
if (standin === undefined) throw new Error('there is no stand-in for runninghub');

describe('the contract of providers', () =>
  providerContract({
    type: runninghub,
    standin,
    endpoints: [
      'rhart-video-s-official/text-to-video',
      'rhart-image-g-2-official/image-to-image',
      'rhart-text-g-25-flash/text-to-text',
    ],
  }));

test('every route takes whatever is valid', async () => {
  const routes = await coverRoutes({ type: runninghub, standin, samples: 2 });
  expect(routes.flatMap(({ mistakes }) => mistakes)).toEqual([]);
  expect(routes.filter(({ isCovered }) => !isCovered)).toEqual([]);
  expect(routes.flatMap(({ refused }) => refused)).toEqual([]);
});

test('where nobody can reach us, files are uploaded first, each once', async () => {
  const scene = await openScene({ type: runninghub, standin });
  try {
    const provider = runninghub.create({ ...deps(scene.standin.env.RUNNINGHUB_BASE_URL), canBeReached: false });
    const job = scene.job('rhart-image-g-2-official/image-to-image');
    const [first, other] = job.media.imageUrls ?? [];
    if (first === undefined || other === undefined) throw new Error('the example has two pictures');
    const input = { ...job.input, imageUrls: ['asset://1', 'asset://2', 'asset://1'] };
    const media = { imageUrls: [first, other, first] };
    await provider.submit({ ...job, input, media }, AbortSignal.timeout(5_000));
    const { requests } = scene.standin.control;
    expect(requests.map(({ path }) => path.split('/').at(-1))).toEqual(['binary', 'binary', 'image-to-image']);
    const { imageUrls } = z.object({ imageUrls: z.array(z.string()) }).parse(requests.at(-1)?.body);
    expect(imageUrls).toEqual([imageUrls[0], imageUrls[1], imageUrls[0]]);
    expect(new Set(imageUrls).size).toBe(2);
    for (const url of imageUrls) expect((await fetch(url)).status).toBe(200);
  } finally {
    await scene.close();
  }
});

test('every endpoint of the catalog has a route, to the endpoint of the same name', () => {
  expect(runninghub.routes.routes.map(({ endpoint, model }) => [endpoint, model])).toEqual(
    catalog.list().map(({ id }) => [id, id]),
  );
});

test('the example of every endpoint goes out as it is', () => {
  const jobs = catalog.list().map(({ id, example }) => jobFor(id, example));
  expect(jobs.map((job) => toRelayBody(job))).toEqual(jobs.map(({ input }) => input));
});

test('files stand where their addresses stood, in lists and in objects', () => {
  const many = jobFor(
    'rhart-image-g-2-official/image-to-image',
    { prompt: 'x', imageUrls: ['asset://a', 'asset://b'], resolution: '1k', quality: 'low' },
    { media: { imageUrls: [FILE, { ...FILE, assetId: 'asset_2' }] } },
  );
  expect(toRelayBody(many).imageUrls).toEqual([new FileUse(FILE), new FileUse({ ...FILE, assetId: 'asset_2' })]);
});

test('ids of earlier results become those of the upstream: alone, in objects, and in a prompt', () => {
  const [own, theirs] = ['2100000000000000009', '1900000000000000009'];
  const upstreamIds = { [own]: theirs };
  const session = { sessionId: own, faceId: '0', audioUrl: 'x' };
  expect(toRelayBody(jobFor('kling-lip-sync/lip-sync-video', session, { upstreamIds })).sessionId).toBe(theirs);
  const inObjects = { prompt: 'x', elementList: [{ element_id: own }, { element_id: '7' }] };
  const withElements = catalog.list().find(({ params }) => params.elementList !== undefined)?.id ?? '';
  expect(toRelayBody(jobFor(withElements, inObjects, { upstreamIds })).elementList).toEqual([
    { element_id: theirs },
    { element_id: '7' },
  ]);
  const prompt = `@${own} waves at @2100000000000000008`;
  const said = toRelayBody(jobFor('rhart-video-s/text-to-video', { prompt }, { upstreamIds })).prompt;
  expect(said).toBe(`@${theirs} waves at @2100000000000000008`);
});

test('a result of another channel is refused, unless its file can go in its place', () => {
  const id = '2100000000000000009';
  const session = jobFor('kling-lip-sync/lip-sync-video', { sessionId: id, faceId: '0' }, { elsewhere: [id] });
  expect(unknownThere(session)).toEqual([id]);
  const world = jobFor('marble-1.0/image-to-world', { imageUrl: id }, { elsewhere: [id], media: { imageUrl: [FILE] } });
  expect(unknownThere(world)).toEqual([]);
  expect(toRelayBody(world).imageUrl).toEqual(new FileUse(FILE));
});

test.each([
  ['a task', { taskId: '1', status: 'QUEUED', errorCode: '', errorMessage: '' }, undefined],
  ['a failed task', { taskId: '1', status: 'FAILED', errorCode: '1501', errorMessage: 'no' }, undefined],
  ['an upload', { code: 0, message: 'success', data: {} }, undefined],
  ['a bad key', { taskId: '', status: '', errorCode: '1002', errorMessage: 'Unauthorized' }, 'auth'],
  ['a bad key, at an upload', { code: 401, message: 'ApiKey verification failed', data: null }, 'auth'],
  ['an empty wallet', { taskId: '', status: '', errorCode: '416', errorMessage: 'balance' }, 'quota'],
  ['too many tasks', { taskId: '', status: '', errorCode: '1520', errorMessage: 'limit' }, 'rate'],
  ['a busy service', { taskId: '', status: '', errorCode: '1011', errorMessage: 'busy' }, 'busy'],
  ['capacity, of which it is not said what it left', { taskId: '', status: '', errorCode: '1517' }, 'unknown'],
  ['a wrong parameter', { taskId: '', status: '', errorCode: '1007', errorMessage: 'prompt' }, 'invalid'],
  ['a new code', { taskId: '', status: '', errorCode: '1999', errorMessage: 'new' }, 'unknown'],
  ['moderation', { taskId: '', status: '', errorCode: '1501', errorMessage: 'no' }, 'moderation'],
  ['a real person', { taskId: '', status: '', errorCode: '1505', errorMessage: 'no' }, 'real_person'],
  ['a model that is gone', { taskId: '', status: '', errorCode: '1404', errorMessage: 'no' }, 'model_gone'],
  ['an unknown task', { taskId: '5', status: '', errorCode: '1004', errorMessage: 'no' }, 'failed'],
  ['a cancel that comes too late', { code: 817, msg: 'APIKEY_TASK_CANCEL_NOT_ALLOWED', data: null }, 'unknown'],
])('a call: %s', (_name, body, fault) => {
  expect(faultOf(answer(body))?.fault).toBe(fault);
});

test('what a broken server says is left to its status', () => {
  expect(faultOf(answer({ code: 500, msg: 'UNKNOWN_ERROR' }, 502))).toBeUndefined();
  expect(faultOf(answer(undefined))).toBeUndefined();
});

test('the words of a refusal are shown with their code', () => {
  const body = { taskId: '', status: '', errorCode: '1007', errorMessage: 'prompt too long | 提示词过长' };
  expect(faultOf(answer(body))?.message).toBe('1007: prompt too long | 提示词过长');
});

test.each([
  ['1501', 'no', 'content_refused'],
  ['1505', 'no', 'real_person_refused'],
  ['1013', 'no such picture', 'media_unusable'],
  ['1000', 'unknown error', 'generation_failed'],
  ['1015', 'failed', 'generation_failed'],
  ['1011', 'busy', 'generation_failed'],
  ['1006', 'slow', 'timed_out'],
  ['805', 'the task was cancelled', 'canceled'],
  ['805', 'node failed', 'generation_failed'],
  ['1620', 'promotional funds', 'provider_unavailable'],
  ['9999', 'new', 'generation_failed'],
])('a task that failed with %s (%s) ends as %s', (errorCode, errorMessage, code) => {
  expect(FAULTS[faultOfTask({ status: 'FAILED', errorCode, errorMessage })].code).toBe(code);
});

test('outputs keep their order, and words go before an address', () => {
  const results = [{ url: 'https://x/1.png' }, { url: null, text: 'A boat.' }, { url: 'u', output: 'words' }, {}];
  expect(outputsOf({ status: 'SUCCESS', results })).toEqual([
    { kind: 'url', url: 'https://x/1.png' },
    { kind: 'text', text: 'A boat.' },
    { kind: 'text', text: 'words' },
  ]);
});

test.each([
  ['1900000000000000009', '1900000000000000009'],
  [' voice-7 ', 'voice-7'],
  ['{"session_id":"s1","face_data":[{"face_id":"0"}]}', 's1'],
  ['{"element_id":1900000000000000009}', '1900000000000000009'],
  ['There is no id in these words.', undefined],
  ['{"face_data":[]}', undefined],
])('the id in %s is %s', (words, id) => {
  expect(idIn(words)).toBe(id);
});

test('a gateway that is asked by a gateway does not relay it again, unless its owner lets it', async () => {
  const job = jobFor('rhart-text-g-25-flash/text-to-text', { prompt: 'x' });
  const make = (maxHops: string) => runninghub.create({ ...deps(), settings: { ...deps().settings, maxHops } });
  expect(make('1').refuses?.(job)).toEqual([]);
  expect(make('1').refuses?.({ ...job, hops: 1 })).toEqual([expect.stringContaining('not relayed again')]);
  expect(make('2').refuses?.({ ...job, hops: 1 })).toEqual([]);
});
