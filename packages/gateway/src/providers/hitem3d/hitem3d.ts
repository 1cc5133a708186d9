import type { Json } from '@reelay/catalog';
import { z } from 'zod';
import { FAULTS, UpstreamError } from '../fault.ts';
import { as, file, type Mapping, mapInput, words } from '../kit/body.ts';
import { toEnding } from '../kit/ending.ts';
import { FileUse, toForm } from '../kit/media.ts';
import { createTokens, type Tokens } from '../kit/tokens.ts';
import { createUpstream } from '../kit/upstream.ts';
import type { Job, Progress, Provider } from '../provider.ts';
import type { ProviderDeps, ProviderType } from '../provider-type.ts';
import { RouteTable } from '../route.ts';
import routes from './routes.json' with { type: 'json' };
import { Created, faultOf, isLoginExpired, Signed, Task, toProgress } from './wire.ts';

/** They promise an hour. */
const TOKEN_LIFETIME_MS = 50 * 60_000;
/** GLB, of the formats that they number. */
const FORMAT = 2;
/** In the order in which they want the pictures. */
const VIEWS = ['frontImageUrl', 'backImageUrl', 'leftImageUrl', 'rightImageUrl'] as const;

/** All views go into one list, and a mask says which there are. */
const views: Mapping[string] = (_value, { job, set }) => {
  set(
    'multi_images',
    VIEWS.flatMap((name) => (job.media[name] ?? []).map((one) => new FileUse(one, 'blob'))),
  );
  set('multi_images_bit', VIEWS.map((name) => (job.media[name] === undefined ? '0' : '1')).join(''));
};

const MAPPING: Mapping = {
  requestType: words('request_type', { mesh: 1, both: 3 }),
  resolution: as('resolution'),
  face: as('face'),
  imageUrl: file('images', 'blob'),
  ...Object.fromEntries(VIEWS.map((name) => [name, views])),
};

const Handle = z.object({ jobId: z.string() });

const plan = (job: Job) => mapInput(job, MAPPING, { model: job.route.model, format: FORMAT });

/** A pair of keys is good for a token, and a token for the calls. */
function createSignIn(
  { credentials, settings, clock, dispatcher }: ProviderDeps,
  onToken: (token: string) => void,
): Tokens {
  const { accessKey = '', secretKey = '' } = credentials;
  const basic = Buffer.from(`${accessKey}:${secretKey}`).toString('base64');
  const upstream = createUpstream({
    baseUrl: settings.baseUrl ?? '',
    authorize: () => ({ authorization: `Basic ${basic}` }),
    faultOf,
    secrets: [accessKey, secretKey, basic],
    dispatcher,
  });
  const ask = async (signal: AbortSignal) => {
    const nowMs = clock.nowMs();
    const { data } = await upstream.read({ method: 'POST', path: '/auth/token' }, Signed, signal);
    onToken(data.accessToken);
    return { token: data.accessToken, untilMs: nowMs + TOKEN_LIFETIME_MS };
  };
  return createTokens({ ask, clock });
}

function create(deps: ProviderDeps): Provider {
  const { credentials, settings, dispatcher } = deps;
  const { accessKey = '', secretKey = '' } = credentials;
  const secrets = [accessKey, secretKey];
  // The last one may still be quoted while the next is in use.
  const tokens = createSignIn(deps, (token) => void secrets.splice(2, Math.max(0, secrets.length - 3), token));
  const upstream = createUpstream({
    baseUrl: settings.baseUrl ?? '',
    authorize: async ({ signal }) => ({ authorization: `Bearer ${await tokens.get(signal)}` }),
    isOutdated: (answer) => {
      const isExpired = isLoginExpired(answer);
      if (isExpired) tokens.forget();
      return isExpired;
    },
    faultOf,
    secrets,
    dispatcher,
  });
  return {
    name: 'hitem3d',
    submitIsRepeatable: false,
    refuses: (job) => plan(job).reasons,
    async submit(job, signal) {
      const callback = job.callbackUrl === undefined ? {} : { callback_url: job.callbackUrl };
      // Pictures are parts of the form, so nobody has to reach us.
      const form = await toForm({ ...plan(job).body, ...callback }, { canBeReached: false });
      const { data } = await upstream.create({ method: 'POST', path: '/submit-task', form }, Created, signal);
      return { handle: { jobId: data.task_id } };
    },
    async poll(stored, signal) {
      const call = { method: 'GET', path: '/query-task', query: queryOf(stored) } as const;
      try {
        return toProgress(await upstream.read(call, Task, signal));
      } catch (error) {
        return toEnd(error);
      }
    },
    // Nothing says that callbacks are signed.
    verifyCallback: async () => 'hint',
    async check(signal) {
      await upstream.read({ method: 'GET', path: '/balance' }, z.unknown(), signal);
    },
  };
}

const queryOf = (stored: Json) => ({ task_id: Handle.parse(stored).jobId });

/** What is wrong with a question for a job is its id: the job is gone. */
function toEnd(error: unknown): Progress {
  if (!(error instanceof UpstreamError) || error.fault !== 'invalid') return toEnding(error);
  return { state: 'failed', code: FAULTS.failed.code, message: `HiTem3D knows the job no more: ${error.message}` };
}

export const hitem3d: ProviderType = {
  name: 'hitem3d',
  title: 'HiTem3D',
  credentials: [
    { name: 'accessKey', env: 'HITEM3D_ACCESS_KEY', about: 'The access key of an API key of platform.hitem3d.ai.' },
    { name: 'secretKey', env: 'HITEM3D_SECRET_KEY', about: 'The secret key beside it.' },
  ],
  settings: [
    {
      name: 'baseUrl',
      env: 'HITEM3D_BASE_URL',
      about: 'The address of the open API, with its version.',
      default: 'https://api.hitem3d.ai/open-api/v1',
    },
  ],
  routes: RouteTable.parse(routes),
  create,
};
