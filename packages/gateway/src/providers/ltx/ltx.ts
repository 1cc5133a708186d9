import { z } from 'zod';
import { type Mapped, mapInput } from '../kit/body.ts';
import { toEnding } from '../kit/ending.ts';
import { withFiles } from '../kit/media.ts';
import { createUpstream } from '../kit/upstream.ts';
import type { Job, Provider } from '../provider.ts';
import type { ProviderDeps, ProviderType } from '../provider-type.ts';
import { RouteTable } from '../route.ts';
import { constantOf, mappingOf } from './mapping.ts';
import routes from './routes.json' with { type: 'json' };
import { Created, faultOf, Job as JobAnswer, toProgress } from './wire.ts';

const Handle = z.object({ op: z.string(), jobId: z.string() });

function create({ credentials, settings, canBeReached, dispatcher }: ProviderDeps): Provider {
  const { apiKey = '' } = credentials;
  const upstream = createUpstream({
    baseUrl: settings.baseUrl ?? '',
    authorize: () => ({ authorization: `Bearer ${apiKey}` }),
    faultOf,
    secrets: [apiKey],
    dispatcher,
  });
  const mapping = mappingOf({ canBeReached });
  const plan = (job: Job): Mapped => mapInput(job, mapping, constantOf(job));
  return {
    name: 'ltx',
    submitIsRepeatable: false,
    refuses: (job) => plan(job).reasons,
    // The first version of a call answers with the clip itself, and a broken connection would lose it.
    async submit(job, signal) {
      const { op = '' } = job.route;
      const json = await withFiles(plan(job).body, { canBeReached });
      const { id } = await upstream.create({ method: 'POST', path: `/v2/${op}`, json }, Created, signal);
      return { handle: { op, jobId: id } };
    },
    async poll(stored, signal) {
      const { op, jobId } = Handle.parse(stored);
      const call = { method: 'GET', path: `/v2/${op}/${encodeURIComponent(jobId)}` } as const;
      try {
        return toProgress(await upstream.read(call, JobAnswer, signal));
      } catch (error) {
        return toEnding(error);
      }
    },
  };
}

export const ltx: ProviderType = {
  name: 'ltx',
  title: 'LTX',
  credentials: [{ name: 'apiKey', env: 'LTX_API_KEY', about: 'The API key of the developer console of LTX.' }],
  settings: [
    {
      name: 'baseUrl',
      env: 'LTX_BASE_URL',
      about: 'The address of the API. It was https://api.ltx.video before.',
      default: 'https://api.ltx.io',
    },
  ],
  routes: RouteTable.parse(routes),
  create,
};
