import type { Json } from '@reelay/catalog';
import { z } from 'zod';
import { FAULTS, type Fault, UpstreamError } from '../fault.ts';
import { acceptEnded, endedOf } from '../kit/at-once.ts';
import { costOfUnits } from '../kit/cost.ts';
import { toEnding } from '../kit/ending.ts';
import { withFiles } from '../kit/media.ts';
import { createUpstream, type Upstream } from '../kit/upstream.ts';
import type { Progress, Provider } from '../provider.ts';
import type { ProviderDeps, ProviderType } from '../provider-type.ts';
import { RouteTable } from '../route.ts';
import { toImageTask, toPreview, toRefine } from './mapping.ts';
import routes from './routes.json' with { type: 'json' };
import { Created, faultOf, fractionOf, isOver, outputsOf, Task } from './wire.ts';

const TEXT = 'v2/text-to-3d';

/** A task of theirs. */
const Handle = z.object({
  path: z.string(),
  jobId: z.string(),
  /** The shape of a model whose surface is made by a second task; or that second task. */
  step: z.enum(['shape', 'surface']).exactOptional(),
  /** What the first task used up. */
  credits: z.number().exactOptional(),
});
/** A second task is being ordered. */
const Refining = z.object({ refines: z.string(), credits: z.number() });
type Handle = z.infer<typeof Handle>;

const pathOf = ({ path, jobId }: Handle): string => `${path}/${encodeURIComponent(jobId)}`;

function create({ credentials, settings, canBeReached, dispatcher }: ProviderDeps): Provider {
  const { apiKey = '' } = credentials;
  const upstream = createUpstream({
    baseUrl: settings.baseUrl ?? '',
    authorize: () => ({ authorization: `Bearer ${apiKey}` }),
    faultOf,
    secrets: [apiKey],
    dispatcher,
  });
  const costOf = (credits: number) =>
    credits > 0 ? { cost: costOfUnits(credits, 'credits', settings.creditPrice) } : {};
  return {
    name: 'meshy',
    submitIsRepeatable: false,
    refuses: (job) =>
      job.route.op === TEXT ? [...toPreview(job).reasons, ...toRefine(job).reasons] : toImageTask(job).reasons,
    async submit(job, signal) {
      const path = `/openapi/${job.route.op}`;
      const { body } = job.route.op === TEXT ? toPreview(job) : toImageTask(job);
      const json = await withFiles(body, { canBeReached });
      const { result } = await upstream.create({ method: 'POST', path, json }, Created, signal);
      return { handle: { path, jobId: result, ...(job.route.op === TEXT ? { step: 'shape' } : {}) } };
    },
    async poll(stored, signal) {
      const ended = endedOf(stored);
      if (ended !== undefined) return ended;
      if (Refining.safeParse(stored).success) return lostStep();
      const handle = Handle.parse(stored);
      try {
        return toProgress(await look(upstream, handle, signal), handle, costOf);
      } catch (error) {
        return { ...toEnding(error), ...costOf(handle.credits ?? 0) };
      }
    },
    async proceed(next, job, signal) {
      const { refines, credits } = Refining.parse(next);
      const path = `/openapi/${TEXT}`;
      const json = await withFiles(toRefine(job, refines).body, { canBeReached });
      try {
        const { result } = await upstream.create({ method: 'POST', path, json }, Created, signal);
        return { path, jobId: result, step: 'surface', credits };
      } catch (error) {
        // Refused: the shape has been paid for all the same.
        return acceptEnded({ ...toEnding(error), ...costOf(credits) }).handle;
      }
    },
    async cancel(stored, signal) {
      const handle = Handle.parse(stored);
      const task = await look(upstream, handle, signal);
      // They would delete it, with its result.
      if (isOver(task)) throw new UpstreamError('invalid', `the task is over: ${task.status}`);
      await upstream.readRaw({ method: 'DELETE', path: pathOf(handle) }, signal);
    },
    async check(signal) {
      await upstream.read({ method: 'GET', path: '/openapi/v1/balance' }, z.unknown(), signal);
    },
  };
}

const look = (upstream: Upstream, handle: Handle, signal: AbortSignal): Promise<Task> =>
  upstream.read({ method: 'GET', path: pathOf(handle) }, Task, signal);

/** Their list does not say which task refines which. */
const lostStep = (): Progress => ({
  state: 'failed',
  code: FAULTS.unknown.code,
  message: 'contact was lost while the surface was ordered: Meshy may make it, and may bill it',
});

type CostOf = (credits: number) => Pick<Extract<Progress, { state: 'failed' }>, 'cost'>;

/** Both steps count half. */
function toProgress(task: Task, { jobId, step, credits: before = 0 }: Handle, costOf: CostOf): Progress {
  const credits = before + (task.consumed_credits ?? 0);
  const failed = (fault: Fault, message: string): Progress => ({
    state: 'failed',
    code: FAULTS[fault].code,
    message,
    ...costOf(credits),
  });
  const fraction = fractionOf(task);
  switch (task.status) {
    case 'SUCCEEDED': {
      if (step === 'shape') {
        const handle: Json = { refines: jobId, credits };
        return { state: 'pending', fraction: 0.5, next: { handle, ...costOf(credits) } };
      }
      const outputs = outputsOf(task);
      if (outputs.length === 0) return failed('failed', 'Meshy says SUCCEEDED, and names no file');
      return { state: 'succeeded', outputs, ...costOf(credits) };
    }
    case 'FAILED':
      return failed('failed', task.task_error?.message || 'Meshy gave no reason');
    case 'CANCELED':
      return failed('canceled', 'the task was canceled');
    default:
      if (step === undefined) return { state: 'pending', fraction };
      return { state: 'pending', fraction: step === 'shape' ? fraction / 2 : 0.5 + fraction / 2 };
  }
}

export const meshy: ProviderType = {
  name: 'meshy',
  title: 'Meshy',
  credentials: [{ name: 'apiKey', env: 'MESHY_API_KEY', about: 'An API key of www.meshy.ai (msy_…).' }],
  settings: [
    {
      name: 'baseUrl',
      env: 'MESHY_BASE_URL',
      about: 'The address of the API, without a path.',
      default: 'https://api.meshy.ai',
    },
    {
      name: 'creditPrice',
      env: 'MESHY_CREDIT_PRICE',
      about: 'What you pay for a credit, in US dollars: 0.02. Then costs are shown in dollars.',
      isOptional: true,
    },
  ],
  routes: RouteTable.parse(routes),
  create,
};
