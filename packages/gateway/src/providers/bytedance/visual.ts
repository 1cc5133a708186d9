import { z } from 'zod';
import { FAULTS as FAULT_KINDS, type Fault, UpstreamError } from '../fault.ts';
import { type Mapped, mapInput } from '../kit/body.ts';
import { toEnding } from '../kit/ending.ts';
import { outOfReach, withFiles } from '../kit/media.ts';
import { type Answer, createUpstream, Id, type Said } from '../kit/upstream.ts';
import type { Accepted, Job, Progress } from '../provider.ts';
import type { ProviderDeps } from '../provider-type.ts';
import { visualMapping } from './mapping.ts';
import { signed } from './sign.ts';

// Volcengine's visual API, which has DreamActor: the same for all its models, signed, and only in China.
// "Motion imitation 2.0" of the API reference, edition of November 2026.

const VERSION = '2022-08-31';
const REGION = { region: 'cn-north-1', service: 'cv' };

const Created = z.object({ data: z.object({ task_id: Id }) });
const Result = z.object({
  data: z.object({ status: z.string(), video_url: z.string().nullish() }),
  message: z.string().nullish(),
});
const Coded = z.object({ code: z.number(), message: z.string().nullish() });

const DONE = 10_000;
const FAULTS: Readonly<Record<number, Fault>> = {
  50215: 'invalid',
  50400: 'invalid',
  50411: 'moderation',
  50412: 'moderation',
  50413: 'moderation',
  50429: 'rate',
  50430: 'rate',
  50500: 'busy',
  50501: 'busy',
  ...Object.fromEntries(
    [50511, 50512, 50513, 50514, 50515, 50516, 50517, 50518, 50519].map((code) => [code, 'moderation']),
  ),
};

export function faultOfVisual({ status, body }: Answer): Said | undefined {
  const { data } = Coded.safeParse(body);
  if (data === undefined || data.code === DONE) return undefined;
  const fault = FAULTS[data.code];
  // A code that is not known, where the status says something.
  if (fault === undefined && (status < 200 || status > 299)) return undefined;
  return {
    fault: fault ?? 'unknown',
    message: `${data.message?.trim() || 'the visual API gave no reason'} (code ${data.code})`,
  };
}

export type Visual = {
  readonly isOpen: boolean;
  plan(job: Job): Mapped;
  submit(job: Job, signal: AbortSignal): Promise<Accepted>;
  poll(p: { jobId: string; reqKey: string }, signal: AbortSignal): Promise<Progress>;
  check(signal: AbortSignal): Promise<void>;
};

export function createVisual({ credentials, settings, canBeReached, clock, dispatcher }: ProviderDeps): Visual {
  const { accessKey = '', secretKey = '' } = credentials;
  const isOpen = accessKey !== '' && secretKey !== '';
  const upstream = createUpstream({
    baseUrl: settings.visualBaseUrl ?? '',
    authorize: ({ method, url, body = '' }) =>
      signed({ method, url, body, accessKey, secretKey, ...REGION, nowMs: clock.nowMs() }),
    faultOf: faultOfVisual,
    secrets: [accessKey, secretKey],
    dispatcher,
  });
  const call = (action: string, json: Record<string, unknown>) =>
    ({
      method: 'POST',
      path: '/',
      query: { Action: action, Version: VERSION },
      json: json as never, // Whatever is handed in here is JSON.
    }) as const;
  const plan = (job: Job): Mapped => {
    const { body, reasons } = mapInput(job, visualMapping({ canBeReached }), { req_key: job.route.model });
    const keyless = isOpen
      ? []
      : ['DreamActor needs an access key and a secret key of Volcengine, and the channel has none'];
    return { body, reasons: [...reasons, ...outOfReach(body, { canBeReached }), ...keyless] };
  };
  const ask = (p: { jobId: string; reqKey: string }, signal: AbortSignal) =>
    upstream.read(call('CVSync2AsyncGetResult', { req_key: p.reqKey, task_id: p.jobId }), Result, signal);
  return {
    isOpen,
    plan,
    async submit(job, signal) {
      const body = await withFiles(plan(job).body, { canBeReached });
      const callback = job.callbackUrl === undefined ? {} : { callback_url: job.callbackUrl };
      const { data } = await upstream.create(call('CVSync2AsyncSubmitTask', { ...body, ...callback }), Created, signal);
      return { handle: { jobId: data.task_id, reqKey: job.route.model } };
    },
    async poll(p, signal) {
      const answer = await ask(p, signal).catch(toEnding);
      return 'state' in answer ? answer : toProgress(answer);
    },
    async check(signal) {
      try {
        await ask({ jobId: '1', reqKey: 'jimeng_dreamactor_m20_gen_video' }, signal);
      } catch (error) {
        // That there is no such job is an answer.
        if (!(error instanceof UpstreamError) || FAULT_KINDS[error.fault].accepted !== 'refused') throw error;
      }
    },
  };
}

/** States that are not known mean that the job goes on: its deadline bounds the wait. */
function toProgress({ data: { status, video_url: url } }: z.infer<typeof Result>): Progress {
  const failed = (message: string) => ({ state: 'failed', code: FAULT_KINDS.failed.code, message }) as const;
  if (status === 'not_found' || status === 'expired') return failed(`the job is not there any more (${status})`);
  if (status !== 'done') return { state: 'pending' };
  return url ? { state: 'succeeded', outputs: [{ kind: 'url', url }] } : failed('done, and there is no file');
}
