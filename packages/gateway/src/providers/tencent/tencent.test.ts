import type { Input, Json } from '@reelay/catalog';
import { findDefinition } from '@reelay/standin';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { coverRoutes } from '../testing/coverage.ts';
import { providerContract } from '../testing/provider.contract.ts';
import { createReplayed } from '../testing/replay.ts';
import { openScene, type Scene } from '../testing/scene.ts';
import { signed } from './sign.ts';
import { tencent } from './tencent.ts';
import { faultOf, toProgress } from './wire.ts';

const standin = findDefinition('tencent');
if (standin === undefined) throw new Error('there is no stand-in for tencent');
const TEXT = 'hunyuan3d-v3.1/text-to-3d';
const IMAGE = 'hunyuan3d-v3.1/image-to-3d';

describe('the contract of providers', () => providerContract({ type: tencent, standin, endpoints: [IMAGE, TEXT] }));
describe('the contract of providers, where nobody can reach us', () =>
  providerContract({ type: tencent, standin, endpoints: [IMAGE], canBeReached: false }));

test.each([true, false])(
  'every live route takes whatever is valid, or says why not (reached: %s)',
  async (canBeReached) => {
    const routes = await coverRoutes({ type: tencent, standin, canBeReached, samples: 60 });
    expect(routes).toHaveLength(2);
    expect(routes.flatMap(({ mistakes }) => mistakes)).toEqual([]);
    expect(routes.filter(({ isCovered }) => !isCovered)).toEqual([]);
    const reasons = routes.flatMap(({ refused }) => refused);
    for (const reason of reasons) expect(reason).toMatch(/^faceCount \d{5} is not offered there: 40000 to 1500000$/);
  },
);

let scene: Scene;
beforeAll(async () => {
  scene = await openScene({ type: tencent, standin });
});
afterAll(() => scene.close());

const png = 'https://example.com/a.png';
const at = (name: string) => expect.stringMatching(new RegExp(`^https:.*${name}_0`));
// biome-ignore format: a case a row
test.each<[string, string, Input, unknown]>([
  [
    'words',
    TEXT,
    { prompt: '一只陶瓷茶壶', faceCount: 60_000, enablePbr: false, generateType: 'Geometry' },
    { Model: '3.1', Prompt: '一只陶瓷茶壶', FaceCount: 60_000, EnablePBR: false, GenerateType: 'Geometry' },
  ],
  [
    'a picture and views in their order',
    IMAGE,
    { imageUrl: png, rightFrontImageUrl: png, topImageUrl: png, leftImageUrl: png, enablePbr: true, generateType: 'Normal' },
    {
      Model: '3.1', ImageUrl: at('imageUrl'), FaceCount: 500_000, EnablePBR: true, GenerateType: 'Normal',
      MultiViewImages: [
        { ViewType: 'left', ViewImageUrl: at('leftImageUrl') },
        { ViewType: 'top', ViewImageUrl: at('topImageUrl') },
        { ViewType: 'right_front', ViewImageUrl: at('rightFrontImageUrl') },
      ],
    },
  ],
])('the body of %s', async (_name, id, input, body) => {
  await scene.submit(scene.jobOf(id, input));
  expect(scene.standin.control.jobs.at(-1)?.request.body).toEqual(body);
});

test('a prompt is counted in bytes, and too few faces are not made more', () => {
  const reasonsOf = (input: Input) => scene.provider.refuses?.(scene.jobOf(TEXT, input));
  const rest = { enablePbr: false, generateType: 'Normal' };
  expect(reasonsOf({ ...rest, prompt: 'é'.repeat(512) })).toEqual([]);
  expect(reasonsOf({ ...rest, prompt: 'é'.repeat(513), faceCount: 10_000 })).toEqual([
    'prompt has 1026 bytes: at most 1024 there',
    'faceCount 10000 is not offered there: 40000 to 1500000',
  ]);
});

test('the signature is the one that the vendor makes for the same request', () => {
  // As its own SDK for Python signs it with these made-up keys.
  const p = {
    url: new URL('https://hunyuan.intl.tencentcloudapi.com/'),
    body: '{"JobId": "abc"}',
    secretId: 'AKIDtest',
    secretKey: 'secretkey123',
    service: 'hunyuan',
    nowMs: 1_790_795_705_000,
  };
  expect(signed(p)).toEqual({
    'content-type': 'application/json',
    'x-tc-timestamp': '1790795705',
    authorization:
      'TC3-HMAC-SHA256 Credential=AKIDtest/2026-09-30/hunyuan/tc3_request, SignedHeaders=content-type;host, Signature=35fafd78dab81414521b2e6a1906165ced0b27276ab1858b215e061d47359bfb',
  });
});

const said = (members: { [name: string]: Json }) => ({
  call: 'POST /',
  body: { Response: { ...members, RequestId: 'r1' } },
});
const state = (Status: string, more: { [name: string]: Json } = {}) =>
  said({ Status, ErrorCode: '', ErrorMessage: '', ResultFile3Ds: [], ...more });

test('a job from submit to its files, at the international site', async () => {
  const files = [
    { Type: 'OBJ', Url: 'https://cdn.example/o.zip' },
    { Type: 'GLB', Url: 'https://cdn.example/o.glb' },
  ];
  const { replay, provider } = await createReplayed(
    tencent,
    [said({ JobId: '1400000000000000001' }), state('WAIT'), state('RUN'), state('DONE', { ResultFile3Ds: files })],
    {
      credentials: { secretId: 'AKIDtest', secretKey: 'secretkey123' },
      settings: { service: 'hunyuan', version: '2023-09-01', region: 'ap-singapore' },
      nowMs: 1_790_795_705_000,
    },
  );
  onTestFinished(() => replay.close());
  const signal = AbortSignal.timeout(5_000);
  const { handle } = await provider.submit(scene.job(IMAGE), signal);
  expect(await provider.poll(handle, signal)).toEqual({ state: 'pending' });
  expect(await provider.poll(handle, signal)).toEqual({ state: 'pending' });
  expect(await provider.poll(handle, signal)).toEqual({
    state: 'succeeded',
    outputs: [
      { kind: 'url', url: 'https://cdn.example/o.glb' },
      { kind: 'url', url: 'https://cdn.example/o.zip' },
    ],
  });
  expect(replay.heard[1]).toMatchObject({
    headers: {
      'x-tc-action': 'QueryHunyuanTo3DProJob',
      'x-tc-version': '2023-09-01',
      'x-tc-region': 'ap-singapore',
      'x-tc-timestamp': '1790795705',
      authorization: expect.stringMatching(/^TC3-HMAC-SHA256 Credential=AKIDtest\/2026-09-30\/hunyuan\/tc3_request, /),
    },
    body: { JobId: '1400000000000000001' },
  });
});

// biome-ignore format: a table
test.each([
  ['AuthFailure.SignatureFailure', 'auth'], ['AuthFailure.SecretIdNotFound', 'auth'], ['UnauthorizedOperation', 'auth'],
  ['ResourceUnavailable.InArrears', 'quota'], ['ResourceUnavailable.LowBalance', 'quota'],
  ['ResourceUnavailable.NotExist', 'auth'], ['RequestLimitExceeded', 'rate'], ['RequestLimitExceeded.JobNumExceed', 'rate'],
  ['ResourceInsufficient', 'busy'], ['FailedOperation.InnerError', 'busy'], ['InternalError', 'busy'],
  ['InternalError.Timeout', 'busy'], ['InvalidAction', 'model_gone'], ['InvalidParameter', 'invalid'],
  ['InvalidParameterValue.FaceCount', 'invalid'], ['MissingParameter', 'invalid'],
  ['InvalidParameterValue.ImageSize', 'media'], ['FailedOperation.DownloadError', 'media'],
  ['OperationDenied.TextIllegalDetected', 'moderation'], ['FailedOperation.ModerationFailed', 'moderation'],
  ['InvalidParameter.AuditNotPass', 'moderation'], ['FailedOperation', 'failed'], ['SomethingNew', undefined],
] as const)('%s is %s', (Code, fault) => {
  const body = { Response: { Error: { Code, Message: 'no' }, RequestId: 'r' } };
  const found = faultOf({ status: 200, headers: {}, body, text: '' });
  expect(found).toEqual(fault === undefined ? undefined : { fault, message: `${Code}: no` });
});

const failed = (code: string, message: string) => ({ state: 'failed', code, message });
// biome-ignore format: a case a row
test.each<[string, Parameters<typeof toProgress>[0]['Response'], unknown]>([
  ['a word that nobody knows', { Status: 'REVIEW' }, { state: 'pending' }],
  ['failed with a word of submitting', { Status: 'FAIL', ErrorCode: 'InternalError', ErrorMessage: '' }, failed('generation_failed', 'InternalError')],
  ['failed without a word', { Status: 'FAIL' }, failed('generation_failed', 'FailedOperation')],
  ['refused by their rules', { Status: 'FAIL', ErrorCode: 'OperationDenied.ImageIllegalDetected', ErrorMessage: 'no' }, failed('content_refused', 'OperationDenied.ImageIllegalDetected: no')],
  ['done without a file', { Status: 'DONE', ResultFile3Ds: [{ Type: 'GLB', Url: '' }] }, failed('generation_failed', 'Tencent says DONE, and names no file')],
])('a job: %s', (_name, answer, progress) => {
  expect(toProgress({ Response: answer })).toEqual(progress);
});
