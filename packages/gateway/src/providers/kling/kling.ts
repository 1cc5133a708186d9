import type { Json } from '@reelay/catalog';
import { z } from 'zod';
import { FAULTS, UpstreamError } from '../fault.ts';
import { acceptEnded, endedOf } from '../kit/at-once.ts';
import { mapInput } from '../kit/body.ts';
import { type Body, outOfReach, withFiles } from '../kit/media.ts';
import { isSigned } from '../kit/signed-callback.ts';
import { createUpstream, type Upstream } from '../kit/upstream.ts';
import type { Accepted, Job, Provider } from '../provider.ts';
import type { ProviderDeps, ProviderType } from '../provider-type.ts';
import { RouteTable } from '../route.ts';
import { CALLS, type KlingCall } from './mapping.ts';
import routes from './routes.json' with { type: 'json' };
import { createTokens } from './token.ts';
import { Created, Faces, faultOf, Task, toFaces, toProgress } from './wire.ts';

/** A job of theirs. */
const Handle = z.object({ path: z.string(), jobId: z.string() });

type Plan = {
  readonly path: string;
  readonly call: KlingCall;
  readonly body: Body;
  readonly reasons: readonly string[];
};

/** A route says the path of the call, and behind a question mark what its body always holds: `…/text2video?mode=pro`. */
function planOf(job: Job, reach: { canBeReached: boolean }): Plan {
  const [path = '', constants = ''] = (job.route.op ?? '').split('?');
  const call = CALLS[path];
  if (call === undefined) return { path, call: { mapping: {} }, body: {}, reasons: [`Kling has no call ${path}`] };
  const { body, reasons } = mapInput(job, call.mapping, {
    ...(call.takesModel === true ? { model_name: job.route.model } : {}),
    ...Object.fromEntries(new URLSearchParams(constants)),
  });
  const finished = call.finish?.(body) ?? body;
  return { path, call, body: finished, reasons: [...reasons, ...outOfReach(finished, reach)] };
}

function create({ credentials, settings, canBeReached, clock }: ProviderDeps): Provider {
  const { apiKey = '', accessKey = '', secretKey = '', callbackSecret = '' } = credentials;
  const tokens = createTokens({ accessKey, secretKey, clock });
  const upstream = createUpstream({
    baseUrl: settings.baseUrl ?? '',
    authorize: () => ({ authorization: `Bearer ${apiKey === '' ? tokens() : apiKey}` }),
    faultOf,
    secrets: [apiKey, accessKey, secretKey, callbackSecret],
  });
  const find = (job: Job, signal: AbortSignal) =>
    findByOwnId(upstream, planOf(job, { canBeReached }), job.taskId, signal);
  return {
    name: 'kling',
    // The second submit of an id is refused, so a fate is looked up.
    submitIsRepeatable: false,
    refuses: (job) => planOf(job, { canBeReached }).reasons,
    async submit(job, signal) {
      const { path, call, body } = planOf(job, { canBeReached });
      const json = await withFiles(body, { canBeReached });
      if (call.answers !== undefined) {
        const { unitPrice } = settings;
        return callAtOnce(upstream, { path, json, answers: call.answers, unitPrice }, signal);
      }
      const own = {
        external_task_id: job.taskId,
        ...(job.callbackUrl === undefined ? {} : { callback_url: job.callbackUrl }),
      };
      try {
        const { data } = await upstream.create({ method: 'POST', path, json: { ...json, ...own } }, Created, signal);
        return { handle: { path, jobId: data.task_id } };
      } catch (error) {
        // An earlier try that seemed lost may have arrived after all, and its id may be what is wrong with this one.
        const earlier = isFault(error, 'invalid') ? await find(job, signal) : undefined;
        if (earlier === undefined) throw error;
        return earlier;
      }
    },
    async poll(stored, signal) {
      const ended = endedOf(stored);
      if (ended !== undefined) return ended;
      const handle = Handle.parse(stored);
      const path = `${handle.path}/${encodeURIComponent(handle.jobId)}`;
      try {
        return toProgress(await upstream.read({ method: 'GET', path }, Task, signal), settings.unitPrice);
      } catch (error) {
        if (!isNoSuchJob(error)) throw error;
        return { state: 'failed', code: FAULTS.failed.code, message: `Kling knows the job no more: ${error.message}` };
      }
    },
    find,
    // Signed where its owner made a secret in their console; otherwise a callback is only a reason to ask.
    async verifyCallback(request) {
      if (callbackSecret === '') return 'hint';
      return isSigned(request, { secret: callbackSecret, nowMs: clock.nowMs() }) ? 'genuine' : 'forged';
    },
    async check(signal) {
      const query = { pageNum: '1', pageSize: '1' };
      await upstream.read({ method: 'GET', path: '/v1/videos/text2video', query }, z.unknown(), signal);
    },
  };
}

const isFault = (error: unknown, ...faults: readonly string[]): error is UpstreamError =>
  error instanceof UpstreamError && faults.includes(error.fault);

/** What is said of an id that is not known is documented for calls only. A job that is there all the same does no harm: the
 *  second submit of an id is refused. */
const isNoSuchJob = (error: unknown): error is UpstreamError => isFault(error, 'model_gone', 'invalid', 'failed');

/** The calls that make no job: their answer is the result. */
async function callAtOnce(
  upstream: Upstream,
  p: { path: string; json: Json; answers: 'sound' | 'faces'; unitPrice: string | undefined },
  signal: AbortSignal,
): Promise<Accepted> {
  const call = { method: 'POST', path: p.path, json: p.json } as const;
  if (p.answers === 'faces') return acceptEnded(toFaces(await upstream.create(call, Faces, signal)));
  const task = await upstream.create(call, Task, signal);
  const progress = toProgress(task, p.unitPrice);
  if (progress.state !== 'pending') return acceptEnded(progress);
  const { task_id: jobId } = task.data;
  if (jobId == null) throw new UpstreamError('unknown', 'Kling answered speech that is not made yet, without an id');
  return { handle: { path: p.path, jobId } };
}

async function findByOwnId(
  upstream: Upstream,
  { path, call }: Plan,
  taskId: string,
  signal: AbortSignal,
): Promise<Accepted | undefined> {
  // These calls leave nothing that could be found.
  if (call.answers !== undefined) throw new UpstreamError('unknown', 'Kling keeps no record of such a call');
  try {
    const { data } = await upstream.read({ method: 'GET', path: `${path}/${taskId}` }, Created, signal);
    return { handle: { path, jobId: data.task_id } };
  } catch (error) {
    if (isNoSuchJob(error)) return undefined;
    throw error;
  }
}

export const kling: ProviderType = {
  name: 'kling',
  title: 'Kling AI',
  credentials: [
    { name: 'apiKey', env: 'KLING_API_KEY', about: 'An API key of the Kling AI console.', isOptional: true },
    {
      name: 'accessKey',
      env: 'KLING_ACCESS_KEY',
      about: 'The AccessKey, where you have a pair of keys in place of an API key.',
      isOptional: true,
    },
    { name: 'secretKey', env: 'KLING_SECRET_KEY', about: 'The SecretKey of that pair.', isOptional: true },
    {
      name: 'callbackSecret',
      env: 'KLING_CALLBACK_SECRET',
      about: 'The secret that the console made for callbacks (whsec_…). Then only signed ones are believed.',
      isOptional: true,
    },
  ],
  credentialSets: [['apiKey'], ['accessKey', 'secretKey']],
  settings: [
    {
      name: 'baseUrl',
      env: 'KLING_BASE_URL',
      about: 'https://api-beijing.klingai.com for keys of the Chinese site.',
      default: 'https://api-singapore.klingai.com',
    },
    {
      name: 'unitPrice',
      env: 'KLING_UNIT_PRICE',
      about: 'What you pay for a unit, in US dollars: 0.14. Then costs are shown in dollars.',
      isOptional: true,
    },
  ],
  routes: RouteTable.parse(routes),
  create,
};
