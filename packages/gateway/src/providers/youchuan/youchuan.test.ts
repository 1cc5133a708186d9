import type { Input } from '@reelay/catalog';
import { findDefinition } from '@reelay/standin';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { coverRoutes } from '../testing/coverage.ts';
import { providerContract } from '../testing/provider.contract.ts';
import { startReplay } from '../testing/replay.ts';
import { openScene, type Scene } from '../testing/scene.ts';
import { faultOf, Job, toProgress } from './wire.ts';
import { youchuan } from './youchuan.ts';

const standin = findDefinition('youchuan');
if (standin === undefined) throw new Error('there is no stand-in for youchuan');

describe('the contract of providers', () =>
  providerContract({
    type: youchuan,
    standin,
    endpoints: ['youchuan/text-to-image-v7', 'youchuan/text-to-image-niji6', 'youchuan/image-to-video'],
    // One word for whatever is wrong with a request, and one for what it does not do.
    expects: { 'refuse-media': 'invalid', 'model-gone': 'invalid' },
  }));

test('every live route takes whatever is valid, or says why not', async () => {
  const routes = await coverRoutes({ type: youchuan, standin });
  expect(routes.length).toBe(6);
  expect(routes.flatMap(({ mistakes }) => mistakes)).toEqual([]);
  expect(routes.filter(({ isCovered }) => !isCovered)).toEqual([]);
  const refused = routes.flatMap(({ refused }) => refused);
  expect(refused.filter((reason) => !/^(prompt|negativePrompt) says nothing$/.test(reason))).toEqual([]);
});

let scene: Scene;
beforeAll(async () => {
  scene = await openScene({ type: youchuan, standin });
});
afterAll(() => scene.close());

async function sent(id: string, input: Input): Promise<unknown> {
  await scene.submit(scene.jobOf(id, input));
  return scene.standin.control.requests.at(-1)?.body;
}
const picture = 'https://example.com/a.png';
const fileOf = (place: string) => `https://files.reelay.test/asset_${place}_0.png`;

// biome-ignore format: a case a row
test.each<[string, string, Input, unknown]>([
  [
    'words alone, with what the row assumes',
    'youchuan/text-to-image-v7',
    { prompt: 'a kite' },
    { text: 'a kite --v 7 --chaos 0 --q 1 --stylize 0 --weird 0' },
  ],
  [
    'version 7 with everything',
    'youchuan/text-to-image-v7',
    { prompt: 'a kite', negativePrompt: 'rain, fog', chaos: 5, quality: '4', stylize: 250, weird: 3, raw: true, imageUrl: picture, iw: 2, sref: picture, sw: 50, sv: 6, oref: picture, ow: 400, tile: true, aspectRatio: '3:2' },
    { text: `${fileOf('imageUrl')} a kite --v 7 --no rain, fog --chaos 5 --q 4 --stylize 250 --weird 3 --raw --iw 2 --sref ${fileOf('sref')} --sw 50 --sv 6 --oref ${fileOf('oref')} --ow 400 --tile --ar 3:2` },
  ],
  [
    'version 6.1 with a character',
    'youchuan/text-to-image-v61',
    { prompt: 'a kite', cref: picture, cw: 60, stop: 80 },
    { text: `a kite --v 6.1 --chaos 0 --q 1 --stylize 0 --weird 0 --cref ${fileOf('cref')} --cw 60 --stop 80` },
  ],
  [
    'version 6',
    'youchuan/text-to-image-v6',
    { prompt: 'a kite', quality: '0.5' },
    { text: 'a kite --v 6 --chaos 0 --q 0.5 --stylize 0 --weird 0 --stop 100 --ar 1:1' },
  ],
  [
    'Niji 7 with a style',
    'youchuan/text-to-image-niji7',
    { prompt: 'a kite', sref: picture },
    { text: `a kite --niji 7 --chaos 0 --stylize 0 --weird 0 --sref ${fileOf('sref')} --sw 100 --sv 4 --ar 1:1` },
  ],
  [
    'Niji 6',
    'youchuan/text-to-image-niji6',
    { prompt: 'a kite', aspectRatio: '16:9' },
    { text: 'a kite --niji 6 --chaos 0 --q 1 --stylize 0 --weird 0 --stop 100 --ar 16:9' },
  ],
  [
    'a clip between two pictures',
    'youchuan/image-to-video',
    { prompt: 'it sways', firstImageUrl: picture, lastImageUrl: picture, resolution: '720p', motion: 'high', raw: true },
    { prompt: `${fileOf('firstImageUrl')} it sways --end ${fileOf('lastImageUrl')} --motion high --raw`, videoType: 1 },
  ],
  [
    'a clip that loops',
    'youchuan/image-to-video',
    { prompt: 'it sways', firstImageUrl: picture, resolution: '480p', raw: false, loop: true },
    { prompt: `${fileOf('firstImageUrl')} it sways --loop --motion low`, videoType: 0 },
  ],
])('the text of %s', async (_name, id, input, body) => {
  const [[field, text], ...more] = Object.entries(Object(await sent(id, input))) as [[string, string], ...unknown[]];
  const [[expectedField, expectedText], ...expectedMore] = Object.entries(Object(body)) as [[string, string], ...unknown[]];
  expect([field, more]).toEqual([expectedField, expectedMore]);
  // Flags may stand in any order.
  const parts = (words: string) => words.split(/ (?=--)/);
  expect(parts(text)[0]).toBe(parts(expectedText)[0]);
  expect(parts(text).toSorted()).toEqual(parts(expectedText).toSorted());
});

test('a text in which a flag hides is refused, and dashes are not', () => {
  const reasons = (input: Input) => scene.provider.refuses?.(scene.jobOf('youchuan/text-to-image-v7', input));
  expect(reasons({ prompt: 'a kite --v 5 --no sky' })).toEqual([
    'prompt holds --v: use the parameters instead of flags',
  ]);
  expect(reasons({ prompt: '--tile' })).toEqual(['prompt holds --tile: use the parameters instead of flags']);
  expect(reasons({ prompt: 'a kite', negativePrompt: 'rain\n--raw' })).toEqual([
    'negativePrompt holds --raw: use the parameters instead of flags',
  ]);
  expect(reasons({ prompt: 'a well--known kite -- red, and 5--6 more' })).toEqual([]);
  expect(reasons({ prompt: ' \n' })).toEqual(['prompt says nothing']);
  expect(reasons({ prompt: 'x'.repeat(8_192) })).toEqual([expect.stringMatching(/together may have at most 8192/)]);
});

test('pictures that it would have to fetch are refused where nobody can reach us', async () => {
  const unreached = await openScene({ type: youchuan, standin, canBeReached: false });
  onTestFinished(() => unreached.close());
  const reasons = (id: string) => unreached.provider.refuses?.(unreached.job(id));
  expect(reasons('youchuan/text-to-image-v7')).toEqual([]);
  expect(reasons('youchuan/image-to-video')).toEqual([expect.stringMatching(/cannot be reached/)]);
});

test('its examples: from the start to four pictures, a job that failed, and both refusals', async () => {
  const urls = [0, 1, 2, 3].map((number) => `https://cdn.example/${number}.png`);
  const created = { id: 'yc-0001', text: 'a red kite', status: 1, comment: 'JobStatusCreated', urls: [] };
  // biome-ignore format: an exchange a row
  const replay = await startReplay([
    { call: 'POST /v1/tob/diffusion', body: created },
    { call: 'GET /v1/tob/job/yc-0001', body: created },
    { call: 'GET /v1/tob/job/yc-0001', body: { id: 'yc-0001', status: 2, comment: 'JobStatusSuccess', urls } },
    { call: 'GET /v1/tob/job/yc-0001', body: { id: 'yc-0001', status: 3, comment: 'JobStatusTextReject', urls: [] } },
    { call: 'POST /v1/tob/diffusion', status: 403, body: { code: 403, message: '…', reason: 'Msg_Sensitive' } },
    { call: 'POST /v1/tob/diffusion', status: 429, body: { code: 429, message: '…', reason: 'Max_Concurrent_Limited' } },
  ]);
  onTestFinished(() => replay.close());
  const provider = scene.create({ settings: { baseUrl: replay.url } });
  const signal = AbortSignal.timeout(5_000);
  const job = scene.job('youchuan/text-to-image-v7', { callbackUrl: 'https://gw.example/hook' });
  const { handle } = await provider.submit(job, signal);
  expect(replay.heard[0]).toMatchObject({
    headers: { 'x-youchuan-app': expect.stringMatching(/^yc-app/), 'x-youchuan-secret': expect.any(String) },
    body: { text: expect.stringMatching(/ --v 7 .*--ar 3:2/), callback: 'https://gw.example/hook' },
  });
  expect(await provider.poll(handle, signal)).toEqual({ state: 'pending' });
  const outputs = urls.map((url) => ({ kind: 'url', url }));
  expect(await provider.poll(handle, signal)).toEqual({ state: 'succeeded', outputs });
  expect(await provider.poll(handle, signal)).toMatchObject({ state: 'failed', code: 'content_refused' });
  await expect(provider.submit(job, signal)).rejects.toMatchObject({ fault: 'moderation' });
  await expect(provider.submit(job, signal)).rejects.toMatchObject({ fault: 'rate' });
});

// biome-ignore format: a table
test.each([
  ['Fail', 'generation_failed'], ['Error', 'generation_failed'], ['Timeout', 'timed_out'],
  ['RequestTimeout', 'timed_out'], ['Reject', 'content_refused'], ['TextReject', 'content_refused'],
  ['BadPrompt', 'content_refused'], ['ImagePromptDenied', 'content_refused'], ['InvalidParameter', 'invalid_input'],
  ['InvalidImagePromptLink', 'media_unusable'], ['DuplicateImage', 'invalid_input'],
  ['MaxConcurrentLimited', 'generation_failed'], ['CreditNotEnough', 'provider_unavailable'], ['Canceled', 'canceled'],
  ['Pondering', 'generation_failed'],
] as const)('a job that failed with %s is %s', (word, code) => {
  const comment = `JobStatus${word}`;
  expect(toProgress(Job.parse({ status: 3, comment }))).toEqual({ state: 'failed', code, message: comment });
});

test.each<[object, unknown]>([
  [{ status: 0 }, { state: 'pending' }],
  [{ status: 1, comment: 'JobStatusQueued' }, { state: 'pending' }],
  [{ status: 9, comment: 'JobStatusPondering' }, { state: 'pending' }],
  [
    { status: 2, urls: [''] },
    { state: 'failed', code: 'generation_failed', message: expect.any(String) },
  ],
  [{ status: 3 }, { state: 'failed', code: 'generation_failed', message: 'Youchuan gave no reason' }],
])('a job that is %j', (answer, progress) => {
  expect(toProgress(Job.parse(answer))).toEqual(progress);
});

// biome-ignore format: a table
test.each([
  [400, 'Invalid_Argument', 'invalid'], [400, 'Invalid_Prompt_Parameter', 'invalid'],
  [401, 'Invalid_App_Identifier', 'auth'], [402, 'Account_Fee_Not_Enough', 'quota'],
  [402, 'No_More_Relax_Credit', 'quota'], [403, 'Msg_Sensitive', 'moderation'], [403, 'Permission_Denied', 'auth'],
  [403, 'No_Avaliable_Plan', 'quota'], [405, 'Not_Support', 'invalid'], [429, 'Max_Concurrent_Limited', 'rate'],
  [503, 'Server_Busy', 'busy'], [503, 'Request_Timout', 'unknown'], [500, 'Something_New', undefined],
  [200, 'Server_Busy', undefined],
] as const)('status %i with %s is %s', (status, reason, fault) => {
  const said = faultOf({ status, headers: {}, body: { code: status, message: 'so', reason }, text: '' });
  expect(said?.fault).toBe(fault);
  if (fault !== undefined) expect(said?.message).toBe(`${reason}: so`);
});
