import { z } from 'zod';
import { toEnding } from '../kit/ending.ts';
import { withFiles } from '../kit/media.ts';
import { createUpstream } from '../kit/upstream.ts';
import type { Provider } from '../provider.ts';
import type { ProviderDeps, ProviderType } from '../provider-type.ts';
import { RouteTable } from '../route.ts';
import { planOf } from './mapping.ts';
import routes from './routes.json' with { type: 'json' };
import { Created, faultOf, Job, toProgress } from './wire.ts';

const Handle = z.object({ jobId: z.string() });

function create({ credentials, settings, canBeReached, dispatcher }: ProviderDeps): Provider {
  const { appId = '', secret = '' } = credentials;
  const upstream = createUpstream({
    baseUrl: `${settings.baseUrl ?? ''}/v1/tob`,
    authorize: () => ({ 'x-youchuan-app': appId, 'x-youchuan-secret': secret }),
    faultOf,
    secrets: [appId, secret],
    dispatcher,
  });
  return {
    name: 'youchuan',
    submitIsRepeatable: false,
    refuses: (job) => planOf(job, { canBeReached }).reasons,
    async submit(job, signal) {
      const body = await withFiles(planOf(job, { canBeReached }).body, { canBeReached });
      const callback = job.callbackUrl === undefined ? {} : { callback: job.callbackUrl };
      const call = { method: 'POST', path: `/${job.route.op}`, json: { ...body, ...callback } } as const;
      const { id } = await upstream.create(call, Created, signal);
      return { handle: { jobId: id } };
    },
    async poll(stored, signal) {
      const path = `/job/${encodeURIComponent(Handle.parse(stored).jobId)}`;
      try {
        return toProgress(await upstream.read({ method: 'GET', path }, Job, signal));
      } catch (error) {
        return toEnding(error);
      }
    },
    // A callback is not signed, so it is a reason to ask.
    verifyCallback: async () => 'hint',
    async check(signal) {
      await upstream.read({ method: 'GET', path: '/subscribe' }, z.unknown(), signal);
    },
  };
}

export const youchuan: ProviderType = {
  name: 'youchuan',
  title: 'Youchuan (Midjourney)',
  credentials: [
    { name: 'appId', env: 'YOUCHUAN_APP_ID', about: 'The id of your application at tob.youchuan.cn.' },
    { name: 'secret', env: 'YOUCHUAN_SECRET', about: 'Its secret.' },
  ],
  settings: [
    {
      name: 'baseUrl',
      env: 'YOUCHUAN_BASE_URL',
      about: 'The address of the API, without its version.',
      default: 'https://ali.youchuan.cn',
    },
  ],
  routes: RouteTable.parse(routes),
  create,
};
