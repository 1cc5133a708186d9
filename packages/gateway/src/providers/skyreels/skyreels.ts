import { z } from 'zod';
import { toEnding } from '../kit/ending.ts';
import { withFiles } from '../kit/media.ts';
import { createUpstream } from '../kit/upstream.ts';
import type { Provider } from '../provider.ts';
import type { ProviderDeps, ProviderType } from '../provider-type.ts';
import { RouteTable } from '../route.ts';
import { planOf } from './mapping.ts';
import routes from './routes.json' with { type: 'json' };
import { faultOf, Submitted, Task, toProgress } from './wire.ts';

/** Each kind of job has queries of its own. */
const Handle = z.object({ kind: z.string(), jobId: z.string() });

function create({ credentials, settings, canBeReached, dispatcher }: ProviderDeps): Provider {
  const { apiKey = '' } = credentials;
  const upstream = createUpstream({
    baseUrl: settings.baseUrl ?? '',
    // The key stands in the body of a submit, and queries need none.
    authorize: () => ({}),
    faultOf,
    secrets: [apiKey],
    dispatcher,
  });
  return {
    name: 'skyreels',
    submitIsRepeatable: false,
    refuses: (job) => planOf(job, { canBeReached }).reasons,
    async submit(job, signal) {
      const { kind, body } = planOf(job, { canBeReached });
      const json = { api_key: apiKey, ...(await withFiles(body, { canBeReached })) };
      const call = { method: 'POST', path: `/api/v1/${kind}/submit`, json } as const;
      const { task_id: jobId } = await upstream.create(call, Submitted, signal);
      return { handle: { kind, jobId } };
    },
    async poll(stored, signal) {
      const { kind, jobId } = Handle.parse(stored);
      const call = { method: 'GET', path: `/api/v1/${kind}/task/${encodeURIComponent(jobId)}` } as const;
      try {
        return toProgress(await upstream.read(call, Task, signal), settings.creditPrice);
      } catch (error) {
        return toEnding(error);
      }
    },
  };
}

export const skyreels: ProviderType = {
  name: 'skyreels',
  title: 'SkyReels',
  credentials: [{ name: 'apiKey', env: 'SKYREELS_API_KEY', about: 'A key of the platform of skyreels.ai.' }],
  settings: [
    {
      name: 'baseUrl',
      env: 'SKYREELS_BASE_URL',
      about: 'The address of the gateway.',
      default: 'https://api-gateway.skyreels.ai',
    },
    {
      name: 'creditPrice',
      env: 'SKYREELS_CREDIT_PRICE',
      about: 'What you pay for a credit, in US dollars. Then costs are shown in dollars.',
      isOptional: true,
    },
  ],
  routes: RouteTable.parse(routes),
  create,
};
