import type { Json } from '@reelay/catalog';
import { z } from 'zod';
import type { JobFile } from '../../contract/asset.ts';
import { FAULTS, UpstreamError } from '../fault.ts';
import { as, type Mapped, type Mapping, mapInput, withOther } from '../kit/body.ts';
import { toEnding } from '../kit/ending.ts';
import { FileUse, withFiles } from '../kit/media.ts';
import { createUpstream } from '../kit/upstream.ts';
import type { Job, Progress, Provider } from '../provider.ts';
import type { ProviderDeps, ProviderType } from '../provider-type.ts';
import { RouteTable } from '../route.ts';
import routes from './routes.json' with { type: 'json' };
import { signed } from './sign.ts';
import { Created, faultOf, Job as JobAnswer, toProgress } from './wire.ts';

const MAX_PROMPT_BYTES = 1_024;
const MIN_FACES = 40_000;
const MAX_FACES = 1_500_000;

/** Our names of the views beside the front one, and theirs. */
const VIEWS = {
  leftImageUrl: 'left',
  rightImageUrl: 'right',
  backImageUrl: 'back',
  topImageUrl: 'top',
  bottomImageUrl: 'bottom',
  leftFrontImageUrl: 'left_front',
  rightFrontImageUrl: 'right_front',
} as const;
const VIEW_NAMES = Object.keys(VIEWS) as readonly (keyof typeof VIEWS)[]; // The keys of a constant.

/** Where nobody can reach us, a picture goes into the body, as another member. */
const picture = (prefix: string, file: JobFile, { canBeReached }: { canBeReached: boolean }) =>
  canBeReached ? { [`${prefix}Url`]: new FileUse(file, 'url') } : { [`${prefix}Base64`]: new FileUse(file, 'base64') };

const MAPPING: Mapping = {
  prompt: (value, { set, refuse }) => {
    const sizeBytes = Buffer.byteLength(String(value));
    if (sizeBytes > MAX_PROMPT_BYTES) refuse(`prompt has ${sizeBytes} bytes: at most ${MAX_PROMPT_BYTES} there`);
    else set('Prompt', value);
  },
  faceCount: (value, { set, refuse }) => {
    const count = Number(value);
    if (count >= MIN_FACES && count <= MAX_FACES) set('FaceCount', count);
    else refuse(`faceCount ${count} is not offered there: ${MIN_FACES} to ${MAX_FACES}`);
  },
  enablePbr: as('EnablePBR'),
  generateType: as('GenerateType'),
  imageUrl: withOther,
  ...Object.fromEntries(VIEW_NAMES.map((name) => [name, withOther])),
};

const Handle = z.object({ jobId: z.string() });

function plan(job: Job, reach: { canBeReached: boolean }): Mapped {
  const { body, reasons } = mapInput(job, MAPPING, { Model: job.route.model });
  const [front] = job.media.imageUrl ?? [];
  const views = VIEW_NAMES.flatMap((name) =>
    (job.media[name] ?? []).map((file) => ({ ViewType: VIEWS[name], ...picture('ViewImage', file, reach) })),
  );
  return {
    body: {
      ...body,
      ...(front === undefined ? {} : picture('Image', front, reach)),
      ...(views.length === 0 ? {} : { MultiViewImages: views }),
    },
    reasons,
  };
}

function create({ credentials, settings, canBeReached, clock, dispatcher }: ProviderDeps): Provider {
  const { secretId = '', secretKey = '' } = credentials;
  const { service = '', version = '', region = '' } = settings;
  const upstream = createUpstream({
    baseUrl: settings.baseUrl ?? '',
    authorize: ({ url, body = '' }) => signed({ url, body, secretId, secretKey, service, nowMs: clock.nowMs() }),
    faultOf,
    secrets: [secretId, secretKey],
    dispatcher,
  });
  const callOf = (action: string, json: Json) => ({
    method: 'POST' as const,
    path: '/',
    headers: { 'x-tc-action': action, 'x-tc-version': version, 'x-tc-region': region },
    json,
  });
  const ask = async (jobId: string, signal: AbortSignal): Promise<Progress> =>
    toProgress(await upstream.read(callOf('QueryHunyuanTo3DProJob', { JobId: jobId }), JobAnswer, signal));
  return {
    name: 'tencent',
    submitIsRepeatable: false,
    refuses: (job) => plan(job, { canBeReached }).reasons,
    async submit(job, signal) {
      const json = await withFiles(plan(job, { canBeReached }).body, { canBeReached });
      const call = callOf(job.route.op ?? 'SubmitHunyuanTo3DProJob', json);
      const { Response: said } = await upstream.create(call, Created, signal);
      return { handle: { jobId: said.JobId } };
    },
    async poll(stored, signal) {
      try {
        return await ask(Handle.parse(stored).jobId, signal);
      } catch (error) {
        return toEnd(error);
      }
    },
    async check(signal) {
      // No call is free of a job; one that names no job of theirs shows whether the keys are good.
      await ask('0', signal).catch((error: unknown) => {
        if (!isAboutTheId(error)) throw error;
      });
    },
  };
}

const isAboutTheId = (error: unknown): error is UpstreamError =>
  error instanceof UpstreamError && (error.fault === 'invalid' || error.fault === 'failed');

/** What is wrong with a question for a job is its id: the job is gone. */
function toEnd(error: unknown): Progress {
  if (!isAboutTheId(error)) return toEnding(error);
  return { state: 'failed', code: FAULTS.failed.code, message: `Tencent knows the job no more: ${error.message}` };
}

export const tencent: ProviderType = {
  name: 'tencent',
  title: 'Tencent Cloud Hunyuan 3D',
  credentials: [
    { name: 'secretId', env: 'TENCENTCLOUD_SECRET_ID', about: 'The SecretId of an API key of Tencent Cloud.' },
    { name: 'secretKey', env: 'TENCENTCLOUD_SECRET_KEY', about: 'The SecretKey beside it.' },
  ],
  settings: [
    {
      name: 'baseUrl',
      env: 'TENCENT_BASE_URL',
      about: 'https://hunyuan.intl.tencentcloudapi.com for accounts of the international site.',
      default: 'https://ai3d.tencentcloudapi.com',
    },
    {
      name: 'region',
      env: 'TENCENTCLOUD_REGION',
      about: 'Where it runs: ap-singapore for the international site.',
      default: 'ap-guangzhou',
    },
    {
      name: 'service',
      env: 'TENCENT_SERVICE',
      about: 'The name that signatures carry: hunyuan for the international site.',
      default: 'ai3d',
    },
    {
      name: 'version',
      env: 'TENCENT_VERSION',
      about: 'The edition of the API: 2023-09-01 for the international site.',
      default: '2025-05-13',
    },
  ],
  routes: RouteTable.parse(routes),
  create,
};
