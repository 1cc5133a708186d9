import type { Json } from '@reelay/catalog';
import { z } from 'zod';
import { FAULTS } from '../fault.ts';
import { as, files, type Mapping, mapInput, toNumber } from '../kit/body.ts';
import { costOfUnits } from '../kit/cost.ts';
import { toEnding } from '../kit/ending.ts';
import { FileUse, withFiles } from '../kit/media.ts';
import { createUpstream } from '../kit/upstream.ts';
import type { Job, Progress, Provider } from '../provider.ts';
import type { ProviderDeps, ProviderType } from '../provider-type.ts';
import { RouteTable } from '../route.ts';
import routes from './routes.json' with { type: 'json' };
import { Created, Creations, faultOf, faultOfTask, isOver, pendingOf } from './wire.ts';

/** Both frames go into one list, the first one first. */
const frames: Mapping[string] = (_value, { job, set }) =>
  set(
    'images',
    ['firstImageUrl', 'lastImageUrl'].flatMap((name) => (job.media[name] ?? []).map((one) => new FileUse(one))),
  );

const MAPPING: Mapping = {
  prompt: as('prompt'),
  style: as('style'),
  aspectRatio: as('aspect_ratio'),
  resolution: as('resolution'),
  duration: as('duration', toNumber),
  movementAmplitude: as('movement_amplitude'),
  bgm: as('bgm'),
  audio: as('audio', (value) => value === true || value === 'true'),
  imageUrl: files('images'),
  imageUrls: files('images'),
  videos: files('videos'),
  firstImageUrl: frames,
  lastImageUrl: frames,
};

const NEEDS_PICTURE = 'imageUrls is empty: Vidu wants at least one picture beside the videos';

const Handle = z.object({ jobId: z.string() });

function create({ credentials, settings, canBeReached, dispatcher }: ProviderDeps): Provider {
  const { apiKey = '' } = credentials;
  const upstream = createUpstream({
    baseUrl: settings.baseUrl ?? '',
    authorize: () => ({ authorization: `Token ${apiKey}` }),
    faultOf,
    secrets: [apiKey],
    dispatcher,
  });
  const plan = (job: Job) => mapInput(job, MAPPING, { model: job.route.model, payload: job.taskId });
  const lacks = ({ route, media }: Job) =>
    route.op === 'reference2video' && media.imageUrls === undefined ? [NEEDS_PICTURE] : [];
  return {
    name: 'vidu',
    submitIsRepeatable: false,
    refuses: (job) => [...plan(job).reasons, ...lacks(job)],
    async submit(job, signal) {
      const body = await withFiles(plan(job).body, { canBeReached });
      const callback = job.callbackUrl === undefined ? {} : { callback_url: job.callbackUrl };
      const call = { method: 'POST', path: `/${job.route.op}`, json: { ...body, ...callback } } as const;
      const { task_id } = await upstream.create(call, Created, signal);
      return { handle: { jobId: task_id } };
    },
    async poll(stored, signal) {
      const call = { method: 'GET', path: `${pathOf(stored)}/creations` } as const;
      try {
        return toProgress(await upstream.read(call, Creations, signal), settings.creditPrice);
      } catch (error) {
        return toEnding(error);
      }
    },
    async cancel(stored, signal) {
      const { jobId } = Handle.parse(stored);
      await upstream.read(
        { method: 'POST', path: `${pathOf(stored)}/cancel`, json: { id: jobId } },
        z.unknown(),
        signal,
      );
    },
    // Its signature is not published in full, so a callback is a reason to ask.
    verifyCallback: async () => 'hint',
    async check(signal) {
      await upstream.read({ method: 'GET', path: '/credits' }, z.unknown(), signal);
    },
  };
}

const pathOf = (stored: Json): string => `/tasks/${encodeURIComponent(Handle.parse(stored).jobId)}`;

function toProgress(answer: z.infer<typeof Creations>, creditPrice: string | undefined): Progress {
  if (!isOver(answer)) return pendingOf(answer);
  const { state, err_code: word, credits } = answer;
  const cost = typeof credits === 'number' ? { cost: costOfUnits(credits, 'credits', creditPrice) } : {};
  if (state === 'failed') {
    const { code } = FAULTS[faultOfTask(word)];
    return { state: 'failed', code, message: word ?? 'Vidu gave no reason' };
  }
  const outputs = (answer.creations ?? []).flatMap(({ url }) => (url ? [{ kind: 'url' as const, url }] : []));
  if (outputs.length === 0)
    return { state: 'failed', code: 'generation_failed', message: 'Vidu made no file', ...cost };
  return { state: 'succeeded', outputs, ...cost };
}

export const vidu: ProviderType = {
  name: 'vidu',
  title: 'Vidu',
  credentials: [
    { name: 'apiKey', env: 'VIDU_API_KEY', about: 'The API key of platform.vidu.com, or of platform.vidu.cn.' },
  ],
  settings: [
    {
      name: 'baseUrl',
      env: 'VIDU_BASE_URL',
      about: 'https://api.vidu.cn/ent/v2 for keys of the Chinese site.',
      default: 'https://api.vidu.com/ent/v2',
    },
    {
      name: 'creditPrice',
      env: 'VIDU_CREDIT_PRICE',
      about: 'What you pay for a credit, in US dollars: 0.005. Then costs are shown in dollars.',
      isOptional: true,
    },
  ],
  routes: RouteTable.parse(routes),
  create,
};
