import type { Json } from '@reelay/catalog';
import { z } from 'zod';
import { UpstreamError } from '../fault.ts';
import { acceptEnded, endedOf } from '../kit/at-once.ts';
import { type Mapped, mapInput } from '../kit/body.ts';
import { toEnding } from '../kit/ending.ts';
import { outOfReach, withFiles } from '../kit/media.ts';
import { createUpstream } from '../kit/upstream.ts';
import type { Job, Provider } from '../provider.ts';
import type { ProviderDeps, ProviderType } from '../provider-type.ts';
import { RouteTable } from '../route.ts';
import { findJob, ownSeed } from './find.ts';
import { IMAGE, VIDEO } from './mapping.ts';
import routes from './routes.json' with { type: 'json' };
import { createVisual } from './visual.ts';
import { Created, faultOf, Pictures, toPictures, toProgress, Video } from './wire.ts';

const VIDEOS = 'contents/generations/tasks';
const IMAGES = 'images/generations';

const Handle = z.object({ jobId: z.string(), reqKey: z.string().optional() });

/** A series of large pictures. */
const SUBMIT_TIMEOUT_MS = 400_000;

/** Both sites have the same models, under names of their own. A whole name, or an endpoint of the account's own (`ep-…`),
 *  stays as it is. */
export function modelAt(region: 'china' | 'international', model: string): string {
  if (!/^(seedance|seedream)-/.test(model)) return model;
  if (region === 'china') return `doubao-${model}`;
  return model.startsWith('seedance-2-') ? `dreamina-${model}` : model;
}

const regionOf = ({ region = '', baseUrl = '' }: Readonly<Record<string, string>>): 'china' | 'international' =>
  region === 'china' || (region === '' && /\.volces\.com(\/|$)/.test(baseUrl)) ? 'china' : 'international';

function create(deps: ProviderDeps): Provider {
  const { credentials, settings, canBeReached, dispatcher } = deps;
  const { apiKey = '' } = credentials;
  const region = regionOf(settings);
  const visual = createVisual(deps);
  const ark = createUpstream({
    baseUrl: settings.baseUrl ?? '',
    authorize: () => ({ authorization: `Bearer ${apiKey}` }),
    faultOf,
    secrets: [apiKey],
    dispatcher,
  });
  const plan = (job: Job): Mapped => {
    const { op, model } = job.route;
    if (op === 'visual') return visual.plan(job);
    if (op !== VIDEOS && op !== IMAGES) return { body: {}, reasons: [`Ark has no call ${op}`] };
    const constant = { model: modelAt(region, model), watermark: false };
    const { body, reasons } =
      op === IMAGES ? mapInput(job, IMAGE, { ...constant, response_format: 'url' }) : mapInput(job, VIDEO, constant);
    const seed = op === VIDEOS ? ownSeed(job) : undefined;
    const keyless = apiKey === '' ? ['the channel has no key of Ark'] : [];
    return {
      body: seed === undefined ? body : { ...body, seed },
      reasons: [...reasons, ...outOfReach(body, { canBeReached }), ...keyless],
    };
  };
  const path = (stored: Json) => `/${VIDEOS}/${encodeURIComponent(Handle.parse(stored).jobId)}`;
  return {
    name: 'bytedance',
    submitIsRepeatable: false,
    submitTimeoutMs: SUBMIT_TIMEOUT_MS,
    refuses: (job) => plan(job).reasons,
    async submit(job, signal) {
      const { op } = job.route;
      if (op === 'visual') return visual.submit(job, signal);
      const json = await withFiles(plan(job).body, { canBeReached });
      if (op === IMAGES) {
        return acceptEnded(toPictures(await ark.create({ method: 'POST', path: `/${op}`, json }, Pictures, signal)));
      }
      const callback = job.callbackUrl === undefined ? {} : { callback_url: job.callbackUrl };
      const call = { method: 'POST', path: `/${op}`, json: { ...json, ...callback } } as const;
      return { handle: { jobId: (await ark.create(call, Created, signal)).id } };
    },
    async poll(stored, signal) {
      const ended = endedOf(stored);
      if (ended !== undefined) return ended;
      const { jobId, reqKey } = Handle.parse(stored);
      if (reqKey !== undefined) return visual.poll({ jobId, reqKey }, signal);
      const answer = await ark.read({ method: 'GET', path: path(stored) }, Video, signal).catch(toEnding);
      return 'state' in answer ? answer : toProgress(answer);
    },
    async find(job, signal) {
      if (job.route.op !== VIDEOS) throw new UpstreamError('unknown', 'there is no list of such calls');
      const body = await withFiles(plan(job).body, { canBeReached: true });
      const jobId = await findJob(ark, { job, body }, signal);
      return jobId === undefined ? undefined : { handle: { jobId } };
    },
    async cancel(stored, signal) {
      if (endedOf(stored) !== undefined) throw new UpstreamError('invalid', 'the job is over');
      const { reqKey } = Handle.parse(stored);
      if (reqKey !== undefined) throw new UpstreamError('invalid', 'the visual API cancels nothing');
      const { status } = await ark.read({ method: 'GET', path: path(stored) }, Video, signal);
      // The same call deletes the record of a job that is over, its result included.
      if (status !== 'queued')
        throw new UpstreamError('invalid', `the job is ${status}, and only waiting ones are canceled`);
      await ark.readRaw({ method: 'DELETE', path: path(stored) }, signal);
    },
    // Neither API signs.
    verifyCallback: async () => 'hint',
    async check(signal) {
      const query = { page_num: '1', page_size: '1' };
      if (apiKey !== '') await ark.read({ method: 'GET', path: `/${VIDEOS}`, query }, z.unknown(), signal);
      if (visual.isOpen) await visual.check(signal);
    },
  };
}

export const bytedance: ProviderType = {
  name: 'bytedance',
  title: 'ByteDance Ark',
  credentials: [
    {
      name: 'apiKey',
      env: 'ARK_API_KEY',
      about: 'The API key of ModelArk (BytePlus), or of Ark (Volcengine).',
      isOptional: true,
    },
    {
      name: 'accessKey',
      env: 'VOLC_ACCESSKEY',
      about: 'The access key of a Volcengine account. Only DreamActor needs it.',
      isOptional: true,
    },
    { name: 'secretKey', env: 'VOLC_SECRETKEY', about: 'The secret key of that account.', isOptional: true },
  ],
  credentialSets: [['apiKey'], ['accessKey', 'secretKey']],
  settings: [
    {
      name: 'baseUrl',
      env: 'ARK_BASE_URL',
      about: 'https://ark.cn-beijing.volces.com/api/v3 for keys of Volcengine.',
      default: 'https://ark.ap-southeast.bytepluses.com/api/v3',
    },
    {
      name: 'region',
      env: 'ARK_REGION',
      about: 'china or international: whose names models have. Only needed where the base address does not tell.',
      isOptional: true,
    },
    {
      name: 'visualBaseUrl',
      env: 'VOLC_VISUAL_BASE_URL',
      about: 'Where the visual API is, which has DreamActor.',
      default: 'https://visual.volcengineapi.com',
    },
  ],
  routes: RouteTable.parse(routes),
  create,
};
