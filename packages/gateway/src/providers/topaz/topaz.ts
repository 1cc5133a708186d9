import type { Json } from '@reelay/catalog';
import { z } from 'zod';
import { UpstreamError } from '../fault.ts';
import { toEnding } from '../kit/ending.ts';
import { toForm, withFiles } from '../kit/media.ts';
import { putFile } from '../kit/put-file.ts';
import { createUpstream, type Upstream } from '../kit/upstream.ts';
import type { Accepted, Job, Progress, Provider } from '../provider.ts';
import type { ProviderDeps, ProviderType } from '../provider-type.ts';
import { RouteTable } from '../route.ts';
import { planClip, planPicture } from './mapping.ts';
import routes from './routes.json' with { type: 'json' };
import {
  ClipStarted,
  ClipStatus,
  clipProgress,
  faultOf,
  PictureLink,
  PictureStarted,
  PictureStatus,
  pictureNews,
} from './wire.ts';

const Handle = z.object({ kind: z.enum(['picture', 'clip']), jobId: z.string() });

const isPicture = ({ route }: Job): boolean => route.op?.startsWith('image/') === true;
const pathOf = (stored: Json) => {
  const { kind, jobId } = Handle.parse(stored);
  return { kind, id: encodeURIComponent(jobId) };
};

function create({ credentials, settings, canBeReached, dispatcher }: ProviderDeps): Provider {
  const { apiKey = '' } = credentials;
  const { creditPrice } = settings;
  const upstream = createUpstream({
    baseUrl: settings.baseUrl ?? '',
    authorize: () => ({ 'x-api-key': apiKey }),
    faultOf,
    secrets: [apiKey],
    dispatcher,
  });
  return {
    name: 'topaz',
    submitIsRepeatable: false,
    refuses: (job) => (isPicture(job) ? planPicture(job, { canBeReached }) : planClip(job)).reasons,
    async submit(job, signal) {
      if (!isPicture(job)) return submitClip(upstream, job, signal);
      const form = await toForm(planPicture(job, { canBeReached }).body, { canBeReached });
      const call = { method: 'POST', path: `/${job.route.op}`, form } as const;
      const { process_id: jobId } = await upstream.create(call, PictureStarted, signal);
      return { handle: { kind: 'picture', jobId } };
    },
    async poll(stored, signal) {
      const { kind, id } = pathOf(stored);
      try {
        if (kind === 'picture') return await pollPicture(upstream, id, creditPrice, signal);
        const call = { method: 'GET', path: `/video/${id}/status` } as const;
        return clipProgress(await upstream.read(call, ClipStatus, signal), creditPrice);
      } catch (error) {
        return toEnding(error);
      }
    },
    async cancel(stored, signal) {
      const { kind, id } = pathOf(stored);
      const path = kind === 'picture' ? `/image/v1/cancel/${id}` : `/video/${id}`;
      await upstream.readRaw({ method: 'DELETE', path }, signal);
    },
    async check(signal) {
      await upstream.read({ method: 'GET', path: '/account/v1/credits/balance' }, z.unknown(), signal);
    },
  };
}

/** Asks for a place, and puts the clip there. The first is free and starts nothing, so it may be repeated; with the clip,
 *  the work begins. */
async function submitClip(upstream: Upstream, job: Job, signal: AbortSignal): Promise<Accepted> {
  const [file] = job.media.videoUrl ?? [];
  if (file === undefined) throw new UpstreamError('media', 'there is no clip');
  // It holds words and numbers alone.
  const json = await withFiles(planClip(job).body, { canBeReached: false });
  const call = { method: 'POST', path: '/video/express', json } as const;
  const { requestId: jobId, uploadUrls } = await upstream.read(call, ClipStarted, signal);
  await putFile(upstream, { to: uploadUrls[0] ?? '', file, startsJob: true }, signal);
  return { handle: { kind: 'clip', jobId } };
}

/** A picture that is done is asked for an address, which is a new one each time. */
async function pollPicture(
  upstream: Upstream,
  id: string,
  creditPrice: string | undefined,
  signal: AbortSignal,
): Promise<Progress> {
  const status = await upstream.read({ method: 'GET', path: `/image/v1/status/${id}` }, PictureStatus, signal);
  const news = pictureNews(status, creditPrice);
  if (news.state !== 'done') return news;
  const { state: _state, ...paid } = news;
  const link = await upstream.read({ method: 'GET', path: `/image/v1/download/${id}` }, PictureLink, signal);
  if (link.download_url) return { state: 'succeeded', outputs: [{ kind: 'url', url: link.download_url }], ...paid };
  return { state: 'failed', code: 'generation_failed', message: 'Topaz says done, and names no picture', ...paid };
}

export const topaz: ProviderType = {
  name: 'topaz',
  title: 'Topaz Labs',
  credentials: [{ name: 'apiKey', env: 'TOPAZ_API_KEY', about: 'A key of account.topazlabs.com.' }],
  settings: [
    {
      name: 'baseUrl',
      env: 'TOPAZ_BASE_URL',
      about: 'The address of the API.',
      default: 'https://api.topazlabs.com',
    },
    {
      name: 'creditPrice',
      env: 'TOPAZ_CREDIT_PRICE',
      about: 'What you pay for a credit, in US dollars: 0.12. Then costs are shown in dollars.',
      isOptional: true,
    },
  ],
  routes: RouteTable.parse(routes),
  create,
};
